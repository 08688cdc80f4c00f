//! What a client does, for those who want to watch: events for an [`Observer`], spans for `tracing`.

use std::fmt::Debug;
use std::time::Duration;

use http::StatusCode;

use crate::cache::{CacheOutcome, CacheStats};
use crate::error::Error;
use crate::limit::RateState;
use crate::operation::Operation;

/// Sees every attempt, wait and outcome of a client. Called in line: return quickly.
///
/// ```
/// use connectors_core::{Event, Observer};
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// #[derive(Debug, Default)]
/// struct CountRetries(AtomicU32);
///
/// impl Observer for CountRetries {
///     fn on_event(&self, event: &Event<'_>) {
///         if let Event::Attempt { number: 2.., .. } = event {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
/// ```
pub trait Observer: Debug + Send + Sync + 'static {
    /// Something happened.
    fn on_event(&self, event: &Event<'_>);
}

/// Something that happened in a client. Carries no secrets.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A request was answered, or failed.
    #[non_exhaustive]
    Attempt {
        /// The operation.
        operation: &'a Operation,
        /// 1 for the first request of the call.
        number: u32,
        /// The status, when there was an answer.
        status: Option<StatusCode>,
        /// From sending to the end of the body.
        elapsed: Duration,
        /// How the operation's rate group stands afterwards.
        rate: &'a RateState,
    },
    /// The call waits.
    #[non_exhaustive]
    Wait {
        /// The operation.
        operation: &'a Operation,
        /// Why.
        reason: WaitReason,
        /// How long.
        duration: Duration,
    },
    /// The provider said that these are too many requests.
    #[non_exhaustive]
    Throttled {
        /// The operation.
        operation: &'a Operation,
        /// How long the provider asked to wait, if it did.
        retry_after: Option<Duration>,
    },
    /// A call goes on with a new token: after a login, or a renewal, in time or since the provider rejected the old one.
    #[non_exhaustive]
    Authenticated {
        /// The operation during which that showed.
        operation: &'a Operation,
    },
    /// A value was asked of the cache; fetching one that is not there follows.
    #[non_exhaustive]
    Cache {
        /// The provider.
        provider: &'static str,
        /// What the value is about, such as `sheet/123/columns`.
        resource: &'a str,
        /// Where it comes from.
        outcome: CacheOutcome,
        /// The cache's counts, this call included.
        stats: CacheStats,
    },
    /// The call ended.
    #[non_exhaustive]
    Finished {
        /// The operation.
        operation: &'a Operation,
        /// How many requests it took.
        attempts: u32,
        /// How long it took, waits included.
        elapsed: Duration,
        /// Why it failed, if it did.
        error: Option<&'a Error>,
    },
}

/// Why a call waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WaitReason {
    /// For earlier writes to the same resource.
    Turn,
    /// For a place in the quota.
    Quota,
    /// Before a retry.
    Backoff,
    /// Because the provider asked for it.
    RetryAfter,
    /// For an answer that is not ready yet.
    Poll,
}
