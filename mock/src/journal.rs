//! Every request that a fake received, for tests to look at.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, Method, StatusCode};
use serde::de::DeserializeOwned;
use std::fmt;

use crate::fault::Fault;

/// One request and what became of it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Entry {
    /// When it came, by the mock's clock.
    pub at: DateTime<Utc>,
    /// The method.
    pub method: Method,
    /// The path, percent-encoded as it came.
    pub path: String,
    /// The query, as it came.
    pub query: Option<String>,
    /// The headers. `Debug` does not show them.
    pub headers: HeaderMap,
    /// The body. `Debug` does not show it.
    pub body: Bytes,
    /// The operation's name in the client; `None` when the provider has no such endpoint.
    pub operation: Option<&'static str>,
    /// Whether it changes anything when it is carried out.
    pub write: bool,
    /// Whether it was carried out.
    pub applied: bool,
    /// The status of the answer; `None` when the connection broke first.
    pub status: Option<StatusCode>,
    /// What was made to go wrong.
    pub fault: Option<Fault>,
}

impl Entry {
    /// The body, read as JSON into any type, such as `serde_json::Value`; the type's default when it does not fit.
    pub fn json<T: DeserializeOwned + Default>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.at.format("%FT%T%.3fZ"), self.method, self.path)?;
        if let Some(query) = &self.query {
            write!(f, "?{query}")?;
        }
        match self.status {
            Some(status) => write!(f, " -> {}", status.as_u16())?,
            None => f.write_str(" -> no answer")?,
        }
        self.fault.map_or(Ok(()), |fault| write!(f, " [{}]", fault.name()))
    }
}
