//! What a request brought: its query, and the members of its body.

use chrono::{NaiveDate, NaiveTime};
use connectors_core::HttpRequest;
use serde_json::{Map, Value};

/// The parameters of the query, decoded.
pub(super) fn query(request: &HttpRequest) -> Vec<(String, String)> {
    url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()).into_owned().collect()
}

/// `MM/DD/YYYY`
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%m/%d/%Y").ok()
}

/// `10:00 AM`, `12:00pm`
pub(super) fn time(text: &str) -> Option<NaiveTime> {
    let text = text.to_ascii_uppercase();
    ["%I:%M %p", "%I:%M%p"].iter().find_map(|format| NaiveTime::parse_from_str(&text, format).ok())
}

/// The members of an object.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// The members of `value`; the name of one that is not `known` otherwise.
    pub(super) fn new(value: Value, known: &[&str]) -> Result<Self, String> {
        let Value::Object(members) = value else { return Ok(Self(Map::new())) };
        match members.keys().find(|name| !known.contains(&name.as_str())) {
            Some(unknown) => Err(unknown.clone()),
            None => Ok(Self(members)),
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null())
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    pub(super) fn object(&self, name: &str) -> Option<&Map<String, Value>> {
        self.0.get(name)?.as_object()
    }

    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        self.scalar(name)?.parse().ok()
    }

    /// A number or a text, as text.
    pub(super) fn scalar(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        }
    }
}
