//! A clock that nobody waits by for longer than there is time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use connectors_core::{Clock, Sleep, SystemClock};

/// The machine's clock up to its end. After that, who waits on purpose goes on at once, as if the time had passed: the
/// client's own waits end there, too.
#[derive(Debug)]
pub struct Until {
    end: Option<Instant>,
    skipped: Arc<Mutex<Duration>>,
}

impl Until {
    /// Ends after this time.
    pub fn from_now(time: Duration) -> Self {
        Self { end: SystemClock.now().checked_add(time), skipped: Arc::default() }
    }

    fn skipped(&self) -> Duration {
        *self.skipped.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for Until {
    fn now(&self) -> Instant {
        let now = SystemClock.now();
        now.checked_add(self.skipped()).unwrap_or(now)
    }

    fn now_utc(&self) -> DateTime<Utc> {
        let now = SystemClock.now_utc();
        let skipped = TimeDelta::from_std(self.skipped()).unwrap_or_default();
        now.checked_add_signed(skipped).unwrap_or(now)
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        let left = self.end.map_or(Duration::MAX, |end| end.saturating_duration_since(SystemClock.now()));
        let skipped = Arc::clone(&self.skipped);
        Box::pin(async move {
            SystemClock.sleep(duration.min(left)).await;
            let mut skipped = skipped.lock().unwrap_or_else(PoisonError::into_inner);
            *skipped = skipped.saturating_add(duration.saturating_sub(left));
        })
    }

    fn deadline(&self, at: Instant) -> Sleep {
        SystemClock.deadline(at.checked_sub(self.skipped()).unwrap_or(at))
    }
}
