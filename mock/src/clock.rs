//! The machine's time, which can be moved on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use connectors_core::{Clock, Sleep, SystemClock};
use tokio::sync::watch;

/// The furthest that time can be moved on: a hundred years.
const FURTHEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// The machine's clock, ahead by as much as it was [advanced](Clock::advance): for a server whose clients live in real
/// time, and whose tests do not want to wait for a token to expire. Whoever sleeps wakes up when that time has come.
///
/// Clones share one time.
#[derive(Debug, Clone)]
pub struct ShiftedClock(Arc<watch::Sender<Duration>>);

impl ShiftedClock {
    /// A clock that is not ahead yet.
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(Duration::ZERO)))
    }

    fn wait_until(&self, at: Instant) -> Sleep {
        let (clock, mut ahead) = (self.clone(), self.0.subscribe());
        Box::pin(async move {
            loop {
                let left = at.saturating_duration_since(clock.now());
                if left.is_zero() {
                    return;
                }
                tokio::select! {
                    () = tokio::time::sleep(left) => {}
                    moved = ahead.changed() => if moved.is_err() { return },
                }
            }
        })
    }
}

impl Default for ShiftedClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Instant {
        SystemClock.now() + *self.0.borrow()
    }

    fn now_utc(&self) -> DateTime<Utc> {
        let ahead = TimeDelta::from_std(*self.0.borrow()).unwrap_or_default();
        SystemClock.now_utc().checked_add_signed(ahead).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.wait_until(self.now() + duration.min(FURTHEST))
    }

    fn deadline(&self, at: Instant) -> Sleep {
        self.wait_until(at)
    }

    fn advance(&self, by: Duration) -> bool {
        self.0.send_if_modified(|ahead| {
            let further = ahead.saturating_add(by);
            let possible = further <= FURTHEST;
            *ahead = if possible { further } else { *ahead };
            possible
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_sleeps_wakes_up_when_time_is_moved_on() {
        let clock = ShiftedClock::new();
        let (before, hour) = (clock.now_utc(), Duration::from_secs(3600));
        let sleeper = tokio::spawn(clock.sleep(hour));
        tokio::task::yield_now().await;
        assert!(clock.advance(hour / 2) && !sleeper.is_finished());
        assert!(clock.advance(hour / 2));
        sleeper.await.unwrap();
        assert!(clock.now_utc() - before >= TimeDelta::hours(1));
        assert!(!clock.advance(Duration::MAX), "refused, not overflowed");
    }
}
