//! What a fake was made to do, kept so that another process can go on from there.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use connectors_core::{Error, ErrorKind, HttpRequest, Result};
use serde::{Deserialize, Serialize};

use crate::journal::Entry;

/// A write that took effect: enough to repeat it on another fake of the same seed.
///
/// Holds every header, the mock's keys among them. Those are no secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Replayed {
    at: DateTime<Utc>,
    method: String,
    uri: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Replayed {
    pub(crate) fn new(entry: &Entry) -> Self {
        let headers =
            entry.headers.iter().filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())));
        Self {
            at: entry.at,
            method: entry.method.to_string(),
            uri: entry.query.as_ref().map_or_else(|| entry.path.clone(), |query| format!("{}?{query}", entry.path)),
            headers: headers.collect(),
            body: STANDARD.encode(&entry.body),
        }
    }

    pub(crate) fn at(&self) -> DateTime<Utc> {
        self.at
    }

    pub(crate) fn request(&self) -> Result<HttpRequest> {
        let broken = |e: String| Error::new(ErrorKind::Storage, format!("a kept request cannot be read: {e}"));
        let body = STANDARD.decode(&self.body).map_err(|e| broken(e.to_string()))?;
        let mut request = http::Request::builder().method(self.method.as_str()).uri(&self.uri);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(body.into()).map_err(|e| broken(e.to_string()))
    }
}
