//! Kinds of activities.

use std::fmt;

use connectors_core::Request;
use connectors_core::provider::Operation;
use connectors_core::wire::lenient;
use http::Method;
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::request::{CallExt, operation, resource};
use super::{ActivityTypeId, RemoteCampaign, RemoteCampaignId};

static LIST: Operation = operation(Method::GET, "activity_types.list", "/activity_types.json");
static CAMPAIGNS: Operation = operation(Method::GET, "activity_types.campaigns", "/activity_types/{id}/campaigns.json");
static OF_CAMPAIGN: Operation =
    operation(Method::GET, "activity_types.of_campaign", "/campaigns/{campaign}/activity_types.json");

/// A kind of activities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ActivityType {
    /// What it is known by.
    pub id: ActivityKind,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
}

/// What a kind of activities is known by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ActivityKind {
    /// A type of the company, with a form.
    Type(ActivityTypeId),
    /// Attendance, which is no activity: it is kept by [`invites`](super::Native::invites).
    Attendance,
    /// A word that this version does not know.
    Unknown(String),
}

impl ActivityKind {
    /// The id, for a type that activities can be of.
    pub fn type_id(&self) -> Option<ActivityTypeId> {
        match self {
            Self::Type(id) => Some(*id),
            Self::Attendance | Self::Unknown(_) => None,
        }
    }
}

impl Serialize for ActivityKind {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Type(id) => id.serialize(target),
            Self::Attendance => target.serialize_str("attendance"),
            Self::Unknown(word) => target.serialize_str(word),
        }
    }
}

impl<'de> Deserialize<'de> for ActivityKind {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct NumberOrWord;
        impl Visitor<'_> for NumberOrWord {
            type Value = ActivityKind;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id or a word")
            }

            fn visit_i64<E: de::Error>(self, id: i64) -> Result<ActivityKind, E> {
                Ok(ActivityKind::Type(ActivityTypeId::new(id)))
            }

            fn visit_u64<E: de::Error>(self, id: u64) -> Result<ActivityKind, E> {
                i64::try_from(id).map_err(|_| E::custom("the id is out of range")).and_then(|id| self.visit_i64(id))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<ActivityKind, E> {
                Ok(match text.parse() {
                    Ok(id) => ActivityKind::Type(id),
                    Err(_) if text == "attendance" => ActivityKind::Attendance,
                    Err(_) => ActivityKind::Unknown(text.to_owned()),
                })
            }
        }
        source.deserialize_any(NumberOrWord)
    }
}

resource! {
    /// The endpoints of kinds of activities: [`Native::activity_types`](super::Native::activity_types).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # use connectors_brandscopic::Contract;
    /// # use connectors_mock::MockBrandscopic;
    /// # let mock = MockBrandscopic::builder().contract(Contract::Native).build()?;
    /// use connectors_brandscopic::native::ActivityKind;
    ///
    /// let activity_types = mock.client().native()?.activity_types();
    /// let all = activity_types.list().await?;
    /// let bar_spend = all.iter().find_map(|kind| kind.id.type_id()).expect("the company has some");
    /// let campaigns = activity_types.campaigns(bar_spend).await?;
    /// let there = activity_types.of_campaign(campaigns[0].id).await?;
    /// assert!(there.iter().any(|kind| kind.id == ActivityKind::Type(bar_spend)));
    /// # Ok(())
    /// # }
    /// ```
    pub struct ActivityTypes;
}

impl ActivityTypes {
    /// The kinds of activities of the company.
    pub fn list(&self) -> Request<Vec<ActivityType>> {
        Request::new(self.0.call(&LIST))
    }

    /// The campaigns that have activities of this type.
    pub fn campaigns(&self, id: ActivityTypeId) -> Request<Vec<RemoteCampaign>> {
        Request::new(self.0.call(&CAMPAIGNS).id("id", id.get()))
    }

    /// The kinds of activities of a campaign.
    pub fn of_campaign(&self, campaign: RemoteCampaignId) -> Request<Vec<ActivityType>> {
        Request::new(self.0.call(&OF_CAMPAIGN).id("campaign", campaign.get()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_known_by_a_number_or_a_word() {
        let read = |text| serde_json::from_str::<ActivityKind>(text);
        assert_eq!(read("7").unwrap().type_id(), Some(ActivityTypeId::new(7)));
        assert_eq!(read(r#""7""#).unwrap().type_id(), Some(ActivityTypeId::new(7)));
        assert_eq!(read(r#""attendance""#).unwrap(), ActivityKind::Attendance);
        assert_eq!(read(r#""surveys""#).unwrap().type_id(), None);
        assert!(read("[7]").is_err() && read("18446744073709551615").is_err());
    }
}
