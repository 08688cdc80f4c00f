//! Whether a call takes what is cached.

/// How one call uses the cache.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CachePolicy {
    /// Takes a cached answer while it is good, fetches otherwise.
    #[default]
    Use,
    /// Fetches even if a cached answer is good, and stores the new one. Joins a fetch that is under way.
    Refresh,
    /// Neither reads nor stores, and shares its fetch with nobody.
    Bypass,
}
