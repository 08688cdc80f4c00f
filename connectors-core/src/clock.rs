//! Time, injected: every wait of the family goes through a [`Clock`].

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

/// No wait or window is longer, so that all times stay inside what an [`Instant`] holds.
pub(crate) const FOREVER: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

/// A wait in progress.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Where the family gets its time from.
///
/// The two kinds of waiting differ on a virtual clock: a [`sleep`](Clock::sleep) is work to be done and moves
/// the time on, a [`deadline`](Clock::deadline) only watches it pass.
pub trait Clock: Debug + Send + Sync + 'static {
    /// Monotonic time, for durations.
    fn now(&self) -> Instant;
    /// Calendar time, for dates and `Retry-After`.
    fn now_utc(&self) -> DateTime<Utc>;
    /// Waits on purpose: back-off, quota, poll, a mock's latency.
    fn sleep(&self, duration: Duration) -> Sleep;
    /// Completes once `at` has passed, without making it pass.
    fn deadline(&self, at: Instant) -> Sleep;
    /// Moves the time on at once, and wakes whoever waited for that; false where this clock cannot be moved.
    fn advance(&self, _by: Duration) -> bool {
        false
    }
}

/// The machine's clock, through tokio's timer (so that paused tokio time works).
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn now_utc(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }

    fn deadline(&self, at: Instant) -> Sleep {
        Box::pin(tokio::time::sleep_until(at.into()))
    }
}
