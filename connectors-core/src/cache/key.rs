//! What tells cached values apart.

use std::fmt;
use std::sync::Arc;

/// What an answer is kept under. Two keys are equal only if every byte is.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CacheKey {
    pub(super) partition: u64,
    pub(super) resource: Arc<str>,
    fingerprint: Arc<[u8]>,
}

impl CacheKey {
    /// `partition` keeps credentials apart, `resource` (such as `sheet/123`) is what an
    /// [`Observer`](crate::Observer) is told and [`Cache::invalidate_resource`](super::Cache::invalidate_resource)
    /// goes by, `fingerprint` is all else that tells two requests apart.
    pub fn new(partition: u64, resource: impl Into<Arc<str>>, fingerprint: &[u8]) -> Self {
        Self { partition, resource: resource.into(), fingerprint: fingerprint.into() }
    }

    pub(super) fn bytes(&self) -> usize {
        self.resource.len() + self.fingerprint.len()
    }
}

impl fmt::Debug for CacheKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The fingerprint holds the request, which is nobody's business in a log.
        f.debug_struct("CacheKey").field("resource", &self.resource).finish_non_exhaustive()
    }
}
