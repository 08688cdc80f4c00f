//! The request body of the reports: what stands in it by name, in the order of the names, so that equal questions are
//! equal bytes.

use std::collections::BTreeMap;

use connectors_core::DateRange;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::model::VenueId;

#[derive(Debug, Clone, Default, Serialize)]
#[serde(transparent)]
pub(crate) struct Body(BTreeMap<&'static str, Value>);

impl Body {
    /// A question about these days.
    pub(crate) fn new(range: DateRange) -> Self {
        Self::default().with("startDate", range.start()).with("endDate", range.end())
    }

    /// The same with this member.
    pub(crate) fn with(mut self, name: &'static str, value: impl Serialize) -> Self {
        self.set(name, value);
        self
    }

    /// A member, as it is sent.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A member that was set by our own value of this type.
    pub(crate) fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        T::deserialize(self.get(name)?).ok()
    }

    /// Sets a member. Our own values can be written; another would be sent as null, and refused.
    pub(crate) fn set(&mut self, name: &'static str, value: impl Serialize) {
        self.0.insert(name, serde_json::to_value(value).unwrap_or_default());
    }

    /// Takes a member away.
    pub(crate) fn remove(&mut self, name: &'static str) {
        self.0.remove(name);
    }

    /// The text of a member.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// Whether there is such a member.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The same about one venue.
    pub(crate) fn about(&self, venue: &VenueId) -> Self {
        self.clone().with("apiId", venue)
    }

    /// The same about many venues.
    pub(crate) fn about_all(&self, venues: &[VenueId]) -> Self {
        self.clone().with("apiIds", venues)
    }
}
