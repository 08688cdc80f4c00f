//! What all measurements have in common: one operation, one page of JSON, the core of one client.

pub mod sheet;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use connectors_core::Result;
use connectors_core::provider::{
    Answer, ApiKey, Classify, ClientOptions, Core, Defaults, ErrorBody, Operation, Verdict, standard,
};
use http::{Method, StatusCode};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;

/// An uncached read, with one parameter in its path.
pub static LIST: Operation = Operation::new("bench", "rows.list", Method::GET, "/sheets/{sheetId}/rows");

/// The key of every request.
pub const KEY: &str = "s3cret";

/// What a provider answers a listing with.
#[derive(Debug, Serialize, Deserialize)]
pub struct Page {
    /// Of the sheet.
    pub version: u32,
    /// The rows, in order.
    pub rows: Vec<Row>,
}

/// One of them.
#[derive(Debug, Serialize, Deserialize)]
pub struct Row {
    /// As long as ids of real services.
    pub id: i64,
    /// From 1.
    pub number: u32,
    /// A few words.
    pub name: String,
    /// The same for all.
    pub created: DateTime<Utc>,
    /// Every second is.
    pub locked: bool,
    /// Never a whole number.
    pub score: f64,
}

/// A page of so many rows as JSON. Most answers are about as long as one of 5 rows: 675 bytes.
pub fn page(rows: u32) -> serde_json::Result<String> {
    let row = |number| Row {
        id: 4_583_173_393_803_140 + i64::from(number),
        number,
        name: format!("Summer tour, day {number}: Berlin"),
        created: DateTime::UNIX_EPOCH,
        locked: number % 2 == 0,
        score: 0.5 + f64::from(number),
    };
    serde_json::to_string(&Page { version: 7, rows: (1..=rows).map(row).collect() })
}

/// The core of a client of the service at `base`: a bearer key, a judge by status, and the default settings as
/// `options` change them.
pub fn core(base: &Url, options: &ClientOptions) -> Result<Core> {
    let key = ApiKey::bearer("key", &SecretString::from(KEY))?;
    Core::new("bench", base, Some(Arc::new(key)), ByStatus, Defaults::default(), options)
}

/// Judges by the status alone.
#[derive(Debug)]
struct ByStatus;

impl Classify for ByStatus {
    fn judge(&self, _: &Operation, answer: &Answer<'_>) -> Verdict {
        match answer.status {
            StatusCode::ACCEPTED => Verdict::NotReady { after: None },
            _ => standard(answer, ErrorBody::default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_page_is_as_long_as_promised() {
        assert_eq!(page(5).unwrap().len(), 675);
    }
}
