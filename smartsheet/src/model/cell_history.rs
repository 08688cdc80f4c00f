//! What cells held.

use chrono::{DateTime, Utc};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::access::Person;
use super::cell::Cell;
use super::time;

/// What a cell held from a certain moment on.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CellHistory {
    /// The cell, as it was.
    pub cell: Cell,
    /// Since when.
    pub modified_at: Option<DateTime<Utc>>,
    /// Who wrote it.
    pub modified_by: Option<Person>,
}

impl<'de> Deserialize<'de> for CellHistory {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Change {
            #[serde(default, deserialize_with = "time::opt")]
            modified_at: Option<DateTime<Utc>>,
            modified_by: Option<Person>,
        }
        // Read twice: a flattened cell could not be read in place.
        let json = <&RawValue>::deserialize(source)?.get();
        let change: Change = serde_json::from_str(json).map_err(D::Error::custom)?;
        let cell = serde_json::from_str(json).map_err(D::Error::custom)?;
        Ok(Self { cell, modified_at: change.modified_at, modified_by: change.modified_by })
    }
}
