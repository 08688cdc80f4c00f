//! A second memory of reports below the cache, which outlives the client.

#[cfg(feature = "store")]
mod file;
mod memory;
mod shelf;

use std::fmt;
use std::str::FromStr;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use connectors_core::{Error, Result};

#[cfg(feature = "store")]
pub use self::file::FileReportStore;
pub use self::memory::MemoryReportStore;
pub(crate) use self::shelf::{Archive, Shelf};

/// Keeps reports for longer than a client lives, or for several of them:
/// [`PlacerBuilder::report_store`](crate::PlacerBuilder::report_store).
///
/// Only complete reports come here, and marks of places that were changed; one that is not in the cache is looked for here before it is asked for. A store
/// that fails or takes longer than five seconds costs calls, never a report: its failures are traced, not returned.
/// Implementations may forget at any time. Whether reports may be kept for long is a matter of the contract with Placer.
///
/// There are [`MemoryReportStore`] and, with the feature `store`, `FileReportStore`.
#[async_trait]
pub trait ReportStore: fmt::Debug + Send + Sync + 'static {
    /// What was put under this key, expired or not.
    async fn get(&self, key: &StoreKey) -> Result<Option<StoredReport>>;

    /// Keeps a report until it expires, in place of what was under the key.
    async fn put(&self, key: &StoreKey, report: StoredReport) -> Result<()>;

    /// Forgets what is under the key.
    async fn remove(&self, key: &StoreKey) -> Result<()>;

    /// Forgets everything.
    async fn clear(&self) -> Result<()>;
}

/// What a report is kept under: 64 hexadecimal digits that tell nothing. They are a digest of the key to the API, the
/// base URL, the contract and the question, so that neither accounts nor questions mix.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StoreKey(String);

impl StoreKey {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As [`StoreKey::as_str`] wrote it.
impl FromStr for StoreKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let digits = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if digits { Ok(Self(text.to_owned())) } else { Err(Error::invalid("key", "must have 64 hexadecimal digits")) }
    }
}

impl fmt::Display for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A report as a store keeps it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredReport {
    /// The report as JSON: of this crate's own form, to be given back as it is.
    pub json: String,
    /// When it was asked for.
    pub stored_at: DateTime<Utc>,
    /// From when on it is not used any more.
    pub expires_at: DateTime<Utc>,
}

impl StoredReport {
    /// As it was put there.
    pub fn new(json: impl Into<String>, stored_at: DateTime<Utc>, expires_at: DateTime<Utc>) -> Self {
        Self { json: json.into(), stored_at, expires_at }
    }
}

impl fmt::Debug for StoredReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredReport")
            .field("bytes", &self.json.len())
            .field("stored_at", &self.stored_at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
