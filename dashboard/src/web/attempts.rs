//! Failed logins, and when the next may be tried.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use connectors_core::Clock;

/// So many logins may fail in a window: of one address, and of all.
const OF_ONE: u32 = 5;
const OF_ALL: u32 = 50;

/// The window, from the first failure in it.
const WINDOW: Duration = Duration::from_secs(60);

/// Counts failed logins. Windows of addresses never outnumber the failures of one window of all.
#[derive(Debug)]
pub(super) struct Attempts {
    clock: Arc<dyn Clock>,
    failed: Mutex<Failures>,
}

#[derive(Debug, Default)]
struct Failures {
    all: Option<Window>,
    of: HashMap<Option<IpAddr>, Window>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    since: Instant,
    failed: u32,
}

impl Attempts {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, failed: Mutex::default() }
    }

    /// Tries to log in from this address: `Err` with how long to wait where too many have failed, and otherwise whether
    /// `works` does. The lock is held meanwhile, so that nobody tries more often at once.
    pub(super) fn attempt(&self, from: Option<IpAddr>, works: impl FnOnce() -> bool) -> Result<bool, Duration> {
        let (now, from) = (self.clock.now(), from.map(network));
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.of.retain(|_, window| window.left(now).is_some());
        failed.all = failed.all.filter(|window| window.left(now).is_some());
        let full = |window: Option<&Window>, most| window.filter(|window| window.failed >= most)?.left(now);
        if let Some(wait) = full(failed.of.get(&from), OF_ONE).max(full(failed.all.as_ref(), OF_ALL)) {
            return Err(wait);
        }
        let worked = works();
        if worked {
            failed.of.remove(&from);
        } else {
            let begun = Window { since: now, failed: 0 };
            failed.all.get_or_insert(begun).failed += 1;
            failed.of.entry(from).or_insert(begun).failed += 1;
        }
        Ok(worked)
    }
}

impl Window {
    fn left(&self, now: Instant) -> Option<Duration> {
        WINDOW.checked_sub(now.saturating_duration_since(self.since)).filter(|left| !left.is_zero())
    }
}

/// Whoever has one address of IPv6 has its whole network of 64 bits.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
        address @ IpAddr::V4(_) => address,
    }
}
