//! Random faults, the same for the same seed.

use std::time::Duration;

use http::StatusCode;

use crate::fault::Fault;

/// Random faults: of all kinds that a network and a provider have, repeatable by seed.
///
/// Each of the common kinds comes early, so that a dozen requests are enough to meet them all, and the share is never
/// fallen short of by much. From a share of 0.15 on, one of the first two writes takes effect before its connection
/// breaks.
///
/// ```
/// # use connectors_mock::{Chaos, MockQrTiger};
/// let mock = MockQrTiger::new();
/// mock.backend().chaos(Chaos::new(7).ratio(0.05));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chaos {
    seed: u64,
    ratio: f64,
}

impl Chaos {
    /// About a fifth of all requests go wrong.
    pub fn new(seed: u64) -> Self {
        Self { seed, ratio: 0.2 }
    }

    /// About this share of all requests goes wrong, from 0 to 1.
    pub fn ratio(mut self, ratio: f64) -> Self {
        self.ratio = if ratio.is_nan() { 0.0 } else { ratio.clamp(0.0, 1.0) };
        self
    }
}

impl From<u64> for Chaos {
    fn from(seed: u64) -> Self {
        Self::new(seed)
    }
}

/// Chaos at work.
#[derive(Debug)]
pub(crate) struct Running {
    chaos: Chaos,
    random: fastrand::Rng,
    requests: u32,
    disturbed: u32,
    writes: u32,
    lost_answer_at: u32,
    first_bag: bool,
    bag: Vec<Fault>,
}

impl Running {
    pub(crate) fn new(chaos: Chaos) -> Self {
        let mut random = fastrand::Rng::with_seed(chaos.seed);
        let lost_answer_at = random.u32(1..=2);
        let mut bag = vec![throttle(&mut random), failure(&mut random), slow(&mut random), Fault::Truncated];
        random.shuffle(&mut bag);
        Self { chaos, random, requests: 0, disturbed: 0, writes: 0, lost_answer_at, first_bag: true, bag }
    }

    pub(crate) fn ratio(&self) -> f64 {
        self.chaos.ratio
    }

    pub(crate) fn next(&mut self, write: bool) -> Option<Fault> {
        let ratio = self.chaos.ratio;
        self.requests = self.requests.saturating_add(1);
        self.writes = self.writes.saturating_add(u32::from(write));
        let share = ratio * if self.first_bag { 1.75 } else { 0.8 };
        let due = ratio >= 1.0 || f64::from(self.disturbed) < f64::from(self.requests) * share;
        let lost_answer = ratio >= 0.15 && write && self.writes == self.lost_answer_at;
        if !(due || lost_answer || self.random.f64() < 0.6 * ratio) {
            return None;
        }
        self.disturbed = self.disturbed.saturating_add(1);
        Some(if lost_answer { Fault::ResetAfter } else { self.draw() })
    }

    fn draw(&mut self) -> Fault {
        if self.bag.is_empty() {
            self.first_bag = false;
            self.bag = vec![
                Fault::Throttle(None),
                throttle(&mut self.random),
                failure(&mut self.random),
                Fault::HtmlPage(StatusCode::BAD_GATEWAY.as_u16()),
                slow(&mut self.random),
                Fault::Truncated,
                Fault::ResetBefore,
                Fault::ResetAfter,
            ];
            self.random.shuffle(&mut self.bag);
        }
        self.bag.pop().unwrap_or(Fault::ResetBefore)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(chaos: Chaos, requests: u32) -> Vec<Option<Fault>> {
        let mut running = Running::new(chaos);
        (0..requests).map(|n| running.next(n % 2 == 1)).collect()
    }

    #[test]
    fn every_seed_disturbs_at_least_fifteen_percent_in_every_way_and_loses_the_answer_of_a_write() {
        for seed in 0..200 {
            let faults = faults(seed.into(), 200);
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

    #[test]
    fn of_all_requests_none_is_spared() {
        assert!(faults(Chaos::new(3).ratio(1.0), 1000).iter().all(Option::is_some));
    }

    #[test]
    fn the_share_of_requests_that_go_wrong_is_what_was_asked_for() {
        for ratio in [0.0, 0.01, 0.05, 0.5, 1.0] {
            let disturbed = faults(Chaos::new(3).ratio(ratio), 20_000).into_iter().flatten().count();
            let share = f64::from(u32::try_from(disturbed).unwrap()) / 20_000.0;
            assert!((share - ratio).abs() <= 0.25 * ratio, "{ratio}: {share}");
        }
    }
}
