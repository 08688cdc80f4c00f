//! Members whose form nobody knows.

use std::fmt;

use connectors_core::Result;
use connectors_core::provider::decode_json;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// JSON as it came, where its form is not known well enough for a type. Null counts as absent.
#[derive(Clone, Serialize)]
#[serde(transparent)]
pub struct Json(Box<RawValue>);

impl Json {
    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// Reads it as a type of the caller's.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T> {
        decode_json(self.as_str().as_bytes())
    }

    /// For members that may be absent, with `#[serde(default)]`.
    pub(super) fn opt<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Self>, D::Error> {
        Option::<Box<RawValue>>::deserialize(source).map(|raw| raw.map(Self))
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({})", self.as_str())
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}
