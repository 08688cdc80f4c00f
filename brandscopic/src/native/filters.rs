//! What lists can be narrowed by.

use std::fmt;

use connectors_core::provider::{Call, Operation};
use connectors_core::wire::lenient;
use connectors_core::{BoxFuture, Request, Response, Result};
use http::Method;
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};

use super::request::{operation, resource};

static GET: Operation = operation(Method::GET, "filters.get", "/filters/{section}.json");

/// A list that can be narrowed.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FilterSection {
    /// Events.
    Events,
    /// Venues.
    Venues,
    /// Visits of brand ambassadors.
    Visits,
    /// Tasks of the user's teams.
    TeamTasks,
    /// Tasks of the user.
    UserTasks,
}

impl FilterSection {
    /// The word for it on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Venues => "venues",
            Self::Visits => "visits",
            Self::TeamTasks => "teams_tasks",
            Self::UserTasks => "user_tasks",
        }
    }
}

impl fmt::Display for FilterSection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One heading, and what can be chosen below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FilterGroup {
    /// The heading.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub label: String,
    /// What can be chosen.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub items: Vec<FilterItem>,
}

/// Something that a list can be narrowed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FilterItem {
    /// Its id.
    #[serde(default)]
    pub id: Option<FilterValue>,
    /// What to send for it.
    #[serde(default)]
    pub value: Option<FilterValue>,
    /// What people call it.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub label: String,
    /// The query parameter to send it as, without brackets: `campaign`, `event_status`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
    /// Whether the user has chosen it.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub selected: bool,
}

/// What a filter compares with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum FilterValue {
    /// The id of something.
    Id(i64),
    /// A word, such as `Approved`.
    Word(String),
}

impl fmt::Display for FilterValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Word(word) => f.pad(word),
        }
    }
}

impl<'de> Deserialize<'de> for FilterValue {
    fn deserialize<D: Deserializer<'de>>(source: D) -> std::result::Result<Self, D::Error> {
        struct Either;

        impl Visitor<'_> for Either {
            type Value = FilterValue;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number or a text")
            }

            fn visit_i64<E: Error>(self, id: i64) -> std::result::Result<FilterValue, E> {
                Ok(FilterValue::Id(id))
            }

            fn visit_u64<E: Error>(self, id: u64) -> std::result::Result<FilterValue, E> {
                i64::try_from(id).map(FilterValue::Id).map_err(E::custom)
            }

            fn visit_str<E: Error>(self, word: &str) -> std::result::Result<FilterValue, E> {
                Ok(FilterValue::Word(word.to_owned()))
            }
        }
        source.deserialize_any(Either)
    }
}

resource! {
    /// What lists can be narrowed by: [`Native::filters`](super::Native::filters).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_brandscopic::native::FilterSection;
    ///
    /// # use connectors_brandscopic::Contract;
    /// # let mock = connectors_mock::MockBrandscopic::builder().contract(Contract::Native).build()?;
    /// let groups = mock.client().native()?.filters().get(FilterSection::Events).await?;
    /// let campaigns = groups.iter().find(|group| group.label == "Campaigns").unwrap();
    /// assert!(campaigns.items.iter().all(|item| item.name == "campaign" && item.value.is_some()));
    /// # Ok(())
    /// # }
    /// ```
    pub struct Filters;
}

impl Filters {
    /// What a list can be narrowed by, all at once.
    pub fn get(&self, section: FilterSection) -> Request<Vec<FilterGroup>> {
        #[derive(Deserialize)]
        struct Answer {
            filters: Vec<FilterGroup>,
        }
        fn send(call: Call) -> BoxFuture<Result<Response<Vec<FilterGroup>>>> {
            Box::pin(async move { Ok(call.send::<Answer>().await?.map(|answer| answer.filters)) })
        }
        Request::with(self.0.call(&GET).path("section", section), send)
    }
}
