//! Misbehaviour on purpose: scripted per operation, or random by a seed.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use http::StatusCode;

use crate::fake::Route;

/// One way for a request to go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Fault {
    /// Refused as one too many; nothing happens. The wait goes into `Retry-After`.
    Throttle(Option<Duration>),
    /// The provider fails with this status; nothing happens.
    Status(u16),
    /// A gateway's HTML page with this status; nothing happens.
    HtmlPage(u16),
    /// The answer comes this much later.
    Slow(Duration),
    /// The connection is refused; nothing is sent. Over HTTP it breaks before the request is carried out.
    Refused,
    /// The connection breaks before the request is carried out.
    ResetBefore,
    /// The request is carried out, then the connection breaks.
    ResetAfter,
    /// The request is carried out, half of the answer comes, then the connection breaks.
    Truncated,
    /// The answer is longer than any cap: filled up with spaces to this many MiB.
    Oversized(u8),
    /// The provider is still computing; ask again. Only where the provider has such an answer.
    NotReady,
}

impl Fault {
    /// The kind in words, for counts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Throttle(_) => "throttled",
            Self::Status(_) | Self::HtmlPage(_) => "server error",
            Self::Slow(_) => "slow answer",
            Self::Refused => "connection refused",
            Self::ResetBefore => "reset before the request ran",
            Self::ResetAfter => "reset after the request ran",
            Self::Truncated => "truncated answer",
            Self::Oversized(_) => "oversized answer",
            Self::NotReady => "not ready",
        }
    }
}

/// Which requests go wrong, and how.
#[derive(Debug, Default)]
pub(crate) struct FaultPlan {
    scripts: HashMap<&'static str, VecDeque<Fault>>,
    chaos: Option<Chaos>,
    counts: BTreeMap<Fault, u32>,
}

impl FaultPlan {
    pub(crate) fn script(&mut self, operation: &'static str, faults: impl IntoIterator<Item = Fault>) {
        self.scripts.entry(operation).or_default().extend(faults);
    }

    pub(crate) fn chaos(&mut self, seed: u64) {
        self.chaos = Some(Chaos::new(seed));
    }

    pub(crate) fn clear(&mut self) {
        *self = Self { counts: std::mem::take(&mut self.counts), ..Self::default() };
    }

    /// The fate of the next request to `route`.
    pub(crate) fn next(&mut self, route: Option<Route>) -> Option<Fault> {
        let scripted = route.and_then(|r| self.scripts.get_mut(r.operation)).and_then(VecDeque::pop_front);
        let fault = scripted.or_else(|| self.chaos.as_mut()?.next(route.is_some_and(|r| r.write)))?;
        *self.counts.entry(fault).or_default() += 1;
        Some(fault)
    }

    pub(crate) fn counts(&self) -> BTreeMap<&'static str, u32> {
        let mut named = BTreeMap::new();
        for (fault, count) in &self.counts {
            *named.entry(fault.name()).or_default() += count;
        }
        named
    }
}

/// Random faults: never fewer than 16 % of the requests so far, of changing kinds. Each of the common kinds comes
/// early, so that a dozen requests are enough to meet them all, and one of the first writes takes effect before its
/// connection breaks.
#[derive(Debug)]
struct Chaos {
    random: fastrand::Rng,
    requests: u32,
    disturbed: u32,
    writes: u32,
    lost_answer_at: u32,
    first_bag: bool,
    bag: Vec<Fault>,
}

impl Chaos {
    fn new(seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let lost_answer_at = random.u32(1..=2);
        let mut bag =
            vec![Self::throttle(&mut random), Self::failure(&mut random), Self::slow(&mut random), Fault::Truncated];
        random.shuffle(&mut bag);
        Self { random, requests: 0, disturbed: 0, writes: 0, lost_answer_at, first_bag: true, bag }
    }

    fn throttle(random: &mut fastrand::Rng) -> Fault {
        Fault::Throttle(Some(Duration::from_secs(random.u64(1..=5))))
    }

    fn failure(random: &mut fastrand::Rng) -> Fault {
        Fault::Status(*random.choice(&[500, 502, 503, 504]).unwrap_or(&500))
    }

    fn slow(random: &mut fastrand::Rng) -> Fault {
        Fault::Slow(Duration::from_millis(random.u64(500..=8_000)))
    }

    fn next(&mut self, write: bool) -> Option<Fault> {
        self.requests += 1;
        self.writes += u32::from(write);
        let share = if self.first_bag { 35 } else { 16 };
        let due = self.disturbed * 100 < self.requests * share;
        let lost_answer = write && self.writes == self.lost_answer_at;
        if !(due || lost_answer || self.random.f64() < 0.12) {
            return None;
        }
        self.disturbed += 1;
        Some(if lost_answer { Fault::ResetAfter } else { self.draw() })
    }

    fn draw(&mut self) -> Fault {
        if self.bag.is_empty() {
            self.first_bag = false;
            self.bag = vec![
                Fault::Throttle(None),
                Self::throttle(&mut self.random),
                Self::failure(&mut self.random),
                Fault::HtmlPage(StatusCode::BAD_GATEWAY.as_u16()),
                Self::slow(&mut self.random),
                Fault::Truncated,
                Fault::ResetBefore,
                Fault::ResetAfter,
            ];
            self.random.shuffle(&mut self.bag);
        }
        self.bag.pop().unwrap_or(Fault::ResetBefore)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_seed_disturbs_at_least_fifteen_percent_in_every_way_and_loses_the_answer_of_a_write() {
        for seed in 0..200 {
            let mut chaos = Chaos::new(seed);
            let faults: Vec<_> = (0..200).map(|n| chaos.next(n % 2 == 1)).collect();
            for n in 1..=faults.len() {
                let disturbed = faults[..n].iter().flatten().count();
                assert!(disturbed * 100 >= n * 15, "seed {seed}: {disturbed} of {n}");
            }
            let lost = faults.iter().skip(1).step_by(2).take(2).flatten().any(|f| *f == Fault::ResetAfter);
            assert!(lost, "seed {seed}: no write lost its answer");
            for kind in ["throttled", "server error", "slow answer", "truncated answer"] {
                assert!(faults[..15].iter().flatten().any(|f| f.name() == kind), "seed {seed}: nothing {kind}");
            }
        }
    }
}
