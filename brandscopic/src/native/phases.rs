//! How far an event has come by its campaign's plan: phases, and steps within them.

use std::fmt;

use connectors_core::wire::lenient;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

connectors_core::open_enum! {
    /// A phase of an event.
    pub enum PhaseName {
        /// Before it.
        "plan" => Plan,
        /// From its start on, while there are no results.
        "execute" => Execute,
        /// Once there are results.
        "results" => Results,
    }
}

connectors_core::open_enum! {
    /// What there is to do about an event.
    pub enum StepName {
        /// Its basic data.
        "info" => Info,
        /// Its contacts.
        "contacts" => Contacts,
        /// Its tasks.
        "tasks" => Tasks,
        /// Its documents.
        "documents" => Documents,
        /// The post-event recap.
        "per" => PostEventRecap,
        /// Its activities.
        "activities" => Activities,
        /// Who attended.
        "attendance" => Attendance,
        /// Its expenses.
        "expenses" => Expenses,
        /// Its photos.
        "photos" => Photos,
        /// Its comments.
        "comments" => Comments,
        /// The approval of the recap.
        "approve_per" => ApproveRecap,
    }
}

/// The phases of an event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Phases {
    /// The one it is in.
    #[serde(default, rename = "current_phase")]
    pub current: Option<PhaseName>,
    /// What is to be done next; `None` when nothing is left.
    #[serde(default)]
    pub next_step: Option<Step>,
    /// All of them, in the server's order.
    #[serde(default, deserialize_with = "in_order")]
    pub phases: Vec<Phase>,
}

/// A phase, and what is to be done in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Phase {
    /// Which one.
    pub name: PhaseName,
    /// What is to be done.
    pub steps: Vec<Step>,
}

/// Something to do about an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Step {
    /// What.
    pub id: StepName,
    /// The same in words.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub title: Option<String>,
    /// Whether it is done.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub complete: bool,
    /// Whether it must be done.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub required: bool,
}

/// Reads an object of phases; one without any may be written as an empty list or as null.
fn in_order<'de, D: Deserializer<'de>>(source: D) -> Result<Vec<Phase>, D::Error> {
    struct ByName;

    impl<'de> Visitor<'de> for ByName {
        type Value = Vec<Phase>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("phases by their names")
        }

        fn visit_unit<E>(self) -> Result<Vec<Phase>, E> {
            Ok(Vec::new())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Phase>, A::Error> {
            match list.next_element::<IgnoredAny>()? {
                None => Ok(Vec::new()),
                Some(_) => Err(serde::de::Error::invalid_type(serde::de::Unexpected::Seq, &self)),
            }
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<Phase>, A::Error> {
            let mut phases = Vec::new();
            while let Some((name, steps)) = map.next_entry::<String, Option<Vec<Step>>>()? {
                phases.push(Phase { name: PhaseName::from(name.as_str()), steps: steps.unwrap_or_default() });
            }
            Ok(phases)
        }
    }

    source.deserialize_any(ByName)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_keep_their_order_and_may_be_new_ones() {
        let phases: Phases = serde_json::from_str(
            r#"{"current_phase":"plan","next_step":{"id":"sampling","title":"Sampling","complete":false,"required":null},
                "phases":{"plan":[{"id":"info"}],"warm_up":[],"execute":null}}"#,
        )
        .unwrap();
        let names: Vec<_> = phases.phases.iter().map(|phase| phase.name.as_str()).collect();
        assert_eq!(names, ["plan", "warm_up", "execute"]);
        assert_eq!(phases.next_step.unwrap().id.as_str(), "sampling");
        for none in [r#"{"phases":[]}"#, r#"{"phases":null}"#, "{}"] {
            assert_eq!(serde_json::from_str::<Phases>(none).unwrap(), Phases::default());
        }
        assert!(serde_json::from_str::<Phases>(r#"{"phases":["plan"]}"#).is_err());
    }
}
