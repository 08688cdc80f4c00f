//! Where the count is kept.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use connectors_core::Result;

use super::QuotaMonth;

/// Where the requests of an account are counted: [`MemoryQuotaStore`], [`FileQuotaStore`](super::FileQuotaStore), or your
/// database, such as
///
/// ```sql
/// UPDATE quota SET used = used + $requests WHERE month = $month AND used + $requests <= $limit
/// ```
///
/// An implementation must guarantee that
/// * `count` is durable when it returns `Ok(true)`: the request is sent on that word;
/// * it is all or nothing, also among several who count at the same time, and takes effect or not if it is dropped;
/// * `used` sees every `count` that has returned.
///
/// Failures are [`Storage`](connectors_core::ErrorKind::Storage), and fail the request: what cannot be counted is not
/// sent. Each account has a store, or a part of one, of its own.
#[async_trait]
pub trait QuotaStore: Debug + Send + Sync {
    /// How many requests are counted in this month.
    async fn used(&self, month: QuotaMonth) -> Result<u64>;

    /// Counts so many more, unless there would then be more than `limit`; whether it did.
    async fn count(&self, month: QuotaMonth, requests: u32, limit: Option<u32>) -> Result<bool>;
}

/// Counts for as long as the process lives. Clones share the count.
#[derive(Debug, Clone, Default)]
pub struct MemoryQuotaStore(Arc<Mutex<Counts>>);

#[async_trait]
impl QuotaStore for MemoryQuotaStore {
    async fn used(&self, month: QuotaMonth) -> Result<u64> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).used(month))
    }

    async fn count(&self, month: QuotaMonth, requests: u32, limit: Option<u32>) -> Result<bool> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).count(month, requests, limit))
    }
}

/// How many in each month.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Counts(pub(super) BTreeMap<QuotaMonth, u64>);

impl Counts {
    pub(super) fn used(&self, month: QuotaMonth) -> u64 {
        self.0.get(&month).copied().unwrap_or_default()
    }

    pub(super) fn count(&mut self, month: QuotaMonth, requests: u32, limit: Option<u32>) -> bool {
        let then = self.used(month).saturating_add(requests.into());
        let is_within = limit.is_none_or(|limit| then <= limit.into());
        if is_within {
            self.0.insert(month, then);
        }
        is_within
    }
}
