//! The provider's side of its limits.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use connectors_core::RateLimits;

use crate::fake::Route;

/// Beyond so many requests in one window, those that come closely together are counted as one lump.
const EXACT: usize = 10_000;

/// Sliding windows in which every request counts, refused ones too, and a cap on what is under way.
pub(crate) struct Quotas {
    limits: RateLimits,
    seen: HashMap<usize, Seen>,
    /// When those that are under way will have been answered.
    under_way: Vec<Instant>,
}

/// What came in one window.
#[derive(Default)]
struct Seen {
    lumps: VecDeque<(Instant, u32)>,
    used: u32,
}

impl Seen {
    fn forget(&mut self, now: Instant, per: Duration) {
        while let Some((at, cost)) = self.lumps.front().copied() {
            if now.saturating_duration_since(at) < per {
                return;
            }
            self.used = self.used.saturating_sub(cost);
            self.lumps.pop_front();
        }
    }

    fn count(&mut self, now: Instant, cost: u32, per: Duration) {
        self.used = self.used.saturating_add(cost);
        let crowded = self.lumps.len() >= EXACT;
        match self.lumps.back_mut() {
            // A thousandth of the window is finer than anybody can tell.
            Some((at, lump)) if crowded && now.saturating_duration_since(*at) < per / 1000 => {
                *lump = lump.saturating_add(cost);
            }
            _ => self.lumps.push_back((now, cost)),
        }
    }
}

impl Quotas {
    pub(crate) fn new(limits: RateLimits) -> Self {
        Self { limits, seen: HashMap::new(), under_way: Vec::new() }
    }

    pub(crate) fn limit_anything(&self) -> bool {
        self.limits.windows().next().is_some() || self.limits.max_in_flight().is_some()
    }

    /// Whether a request is admitted that would take this long.
    pub(crate) fn admit(&mut self, route: Option<Route>, now: Instant, takes: Duration) -> bool {
        let (group, cost) = route.map_or(("", 1), |r| (r.group, r.cost));
        let mut admitted = true;
        for (index, window) in self.limits.windows().enumerate() {
            if window.group != "*" && window.group != group {
                continue;
            }
            let seen = self.seen.entry(index).or_default();
            seen.forget(now, window.per);
            seen.count(now, cost, window.per);
            admitted &= seen.used <= window.limit;
        }
        if let Some(most) = self.limits.max_in_flight() {
            self.under_way.retain(|until| *until > now);
            admitted &= self.under_way.len() < most;
            if admitted && !takes.is_zero() {
                self.under_way.push(now + takes);
            }
        }
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn refused_requests_count_until_their_second_is_over() {
        let mut quotas = Quotas::new(RateLimits::none().window("*", 2, SECOND));
        let start = Instant::now();
        let mut admit = |ms| quotas.admit(None, start + Duration::from_millis(ms), Duration::ZERO);
        assert!(admit(0) && admit(500) && !admit(900));
        assert!(!admit(1000), "the one of 900 ms was refused, and counts");
        assert!(!admit(1600) && admit(2000), "then only that of 1600 ms is left");
    }

    #[test]
    fn what_is_under_way_is_counted_while_it_takes() {
        let mut quotas = Quotas::new(RateLimits::none().in_flight(2));
        let start = Instant::now();
        let mut admit = |ms| quotas.admit(None, start + Duration::from_millis(ms), SECOND);
        assert!(admit(0) && admit(500) && !admit(999) && admit(1000) && !admit(1499));
    }

    #[test]
    fn a_flood_takes_no_more_memory_than_its_lumps() {
        let mut quotas = Quotas::new(RateLimits::none().window("*", 5, SECOND));
        let start = Instant::now();
        for n in 0..200_000 {
            quotas.admit(None, start + Duration::from_micros(5 * n), Duration::ZERO);
        }
        let lumps = quotas.seen.values().map(|seen| seen.lumps.len()).max();
        assert!(lumps.is_some_and(|lumps| lumps <= EXACT + 1001), "{lumps:?}");
        assert!(quotas.admit(None, start + 3 * SECOND, Duration::ZERO));
    }
}
