//! The limiter against a server that enforces its windows to the nanosecond: nothing is refused, and no time is lost.

use std::sync::Mutex;
use std::time::Duration;

use connectors_core::{Clock, Priority, RateLimits, Window};
use futures_util::future::join_all;
use proptest::prelude::*;

use crate::{MINUTE, Rig, SECOND};

/// When in the course of a request the server counts it: its share of the latency.
#[derive(Debug, Clone, Copy)]
struct Stamped(f64);

const AT_ARRIVAL: Stamped = Stamped(0.0);
const HALFWAY: Stamped = Stamped(0.5);
const AT_THE_ANSWER: Stamped = Stamped(1.0);

/// The provider's side: any span as long as a window holds at most its limit. Refused requests count too.
#[derive(Debug)]
struct Server {
    windows: Vec<Window>,
    seen: Vec<(Duration, u64)>,
}

impl Server {
    fn new(limits: &RateLimits) -> Self {
        Self { windows: limits.windows().copied().collect(), seen: Vec::new() }
    }

    fn takes(&mut self, at: Duration, cost: u32) -> bool {
        let fits = self.fits(at, cost);
        self.seen.push((at, cost.into()));
        fits
    }

    fn fits(&self, at: Duration, cost: u32) -> bool {
        self.windows.iter().all(|window| {
            let span = self.seen.iter().filter(|(seen, _)| *seen + window.per > at);
            span.map(|(_, cost)| cost).sum::<u64>() + u64::from(cost) <= window.limit.into()
        })
    }

    /// The earliest time from `at` on at which a request of this cost is taken.
    fn earliest(&self, at: Duration, cost: u32) -> Duration {
        let ends = |window: &Window| self.seen.iter().map(|(seen, _)| *seen + window.per).collect::<Vec<_>>();
        let ends = self.windows.iter().flat_map(ends).chain([at]).filter(|end| *end >= at && self.fits(*end, cost));
        ends.min().unwrap()
    }
}

/// Calls by cost and latency, in their order.
type Calls = Vec<(u32, Duration)>;

fn constant(n: usize, latency: Duration) -> Calls {
    vec![(1, latency); n]
}

fn jittered(n: usize, seed: u64, milliseconds: std::ops::Range<u64>) -> Calls {
    let mut random = fastrand::Rng::with_seed(seed);
    (0..n).map(|_| (1, Duration::from_micros(random.u64(milliseconds.start * 1000..milliseconds.end * 1000)))).collect()
}

fn every_tenth_costs_ten(mut calls: Calls) -> Calls {
    calls.iter_mut().step_by(10).for_each(|(cost, _)| *cost = 10);
    calls
}

/// When the last of `calls` could have been answered, if nothing but the windows held them up.
fn floor(limits: &RateLimits, calls: &Calls) -> Duration {
    let mut server = Server::new(limits);
    let (mut at, mut end) = (Duration::ZERO, Duration::ZERO);
    for (cost, latency) in calls {
        at = server.earliest(at, *cost);
        server.takes(at, *cost);
        end = end.max(at + *latency);
    }
    end
}

struct Run {
    /// When refused requests were sent, and when they came back.
    refused: Vec<(Duration, Duration)>,
    end: Duration,
}

/// All of `calls` at once, each repeated until it is not refused.
fn run(limits: &RateLimits, calls: &Calls, stamped: Stamped) -> Run {
    let rig = Rig::new(limits);
    let server = Mutex::new(Server::new(limits));
    let refused = Mutex::new(Vec::new());
    let call = async |cost: u32, latency: Duration| {
        loop {
            let mut permit = rig.limiter.acquire("", cost, Priority::Interactive, rig.far()).await.unwrap();
            let (sent, sent_at) = (rig.clock.now(), rig.clock.elapsed());
            rig.clock.sleep(latency.mul_f64(stamped.0)).await;
            let taken = server.lock().unwrap().takes(rig.clock.elapsed(), cost);
            rig.clock.sleep((sent + latency).saturating_duration_since(rig.clock.now())).await;
            permit.answered();
            drop(permit);
            if taken {
                return;
            }
            refused.lock().unwrap().push((sent_at, rig.clock.elapsed()));
            let back_off = Duration::from_millis(200);
            rig.limiter.throttled("", sent, rig.clock.now() + back_off);
            rig.clock.sleep(back_off).await;
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(join_all(calls.iter().map(|(cost, latency)| call(*cost, *latency))));
    rig.assert_idle();
    Run { refused: refused.into_inner().unwrap(), end: rig.clock.elapsed() }
}

fn assert_full_use(limits: &RateLimits, calls: &Calls, stamped: Stamped) {
    let (run, floor) = (run(limits, calls, stamped), floor(limits, calls));
    let ratio = run.end.as_secs_f64() / floor.as_secs_f64();
    assert!(run.refused.is_empty(), "at {:?}: {limits:?} {stamped:?}", run.refused);
    assert!(ratio <= 1.02, "{:?} instead of {floor:?}: {limits:?} {stamped:?}", run.end);
}

fn ten_a_second() -> RateLimits {
    RateLimits::none().window("*", 10, SECOND)
}

fn five_a_second() -> RateLimits {
    RateLimits::none().window("*", 5, SECOND).in_flight(5)
}

fn three_hundred_a_minute() -> RateLimits {
    RateLimits::none().window("*", 300, MINUTE)
}

fn two_windows() -> RateLimits {
    ten_a_second().window("*", 60, 10 * SECOND)
}

#[test]
fn constant_latency_costs_nothing_wherever_the_server_counts() {
    for stamped in [AT_ARRIVAL, HALFWAY, AT_THE_ANSWER] {
        for latency in [100, 700, 2500].map(Duration::from_millis) {
            assert_full_use(&ten_a_second(), &constant(100, latency), stamped);
            assert_full_use(&two_windows(), &constant(130, latency), stamped);
            let mixed = every_tenth_costs_ten(constant(330, latency));
            assert_full_use(&three_hundred_a_minute(), &mixed, stamped);
        }
        assert_full_use(&five_a_second(), &constant(100, Duration::from_millis(100)), stamped);
    }
}

#[test]
fn jitter_costs_less_than_two_percent() {
    for seed in 0..4 {
        let calls = |n| jittered(n, seed, 50..150);
        assert_full_use(&ten_a_second(), &calls(150), AT_ARRIVAL);
        assert_full_use(&five_a_second(), &calls(100), AT_ARRIVAL);
        assert_full_use(&three_hundred_a_minute(), &every_tenth_costs_ten(calls(330)), AT_ARRIVAL);
        assert_full_use(&two_windows(), &calls(150), AT_ARRIVAL);
    }
}

#[test]
fn jitter_within_the_margin_is_safe_wherever_the_server_counts() {
    for seed in 0..4 {
        let mut calls = jittered(200, seed, 100..115);
        calls.iter_mut().step_by(50).for_each(|(_, latency)| *latency = Duration::from_millis(100));
        assert_full_use(&ten_a_second(), &calls, HALFWAY);
        assert_full_use(&ten_a_second(), &calls, AT_THE_ANSWER);
    }
}

#[test]
fn two_lessons_teach_a_server_that_counts_late_and_at_random() {
    let mut refused = 0;
    for seed in 0..4 {
        let run = run(&ten_a_second(), &jittered(300, seed, 50..150), AT_THE_ANSWER);
        refused += run.refused.len();
        let (mut lessons, mut learnt) = (0, None);
        for (sent, back) in run.refused {
            if learnt.is_none_or(|learnt| sent > learnt) {
                (lessons, learnt) = (lessons + 1, Some(back));
            }
        }
        assert!(lessons <= 2, "{lessons}");
    }
    assert!(refused > 0, "there was something to learn");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_the_latencies_a_server_that_counts_at_arrival_refuses_nothing(
        calls in prop::collection::vec((1..4u32, (0..3000u64).prop_map(Duration::from_millis)), 1..60),
        limit in 3..12u32,
        per in 200..2000u64,
        in_flight in 1..20usize,
    ) {
        let per = Duration::from_millis(per);
        let limits = RateLimits::none().window("*", limit, per).window("*", 2 * limit, 3 * per).in_flight(in_flight);
        prop_assert_eq!(run(&limits, &calls, AT_ARRIVAL).refused.len(), 0);
    }

    #[test]
    fn wherever_it_counts_a_server_with_constant_latency_refuses_nothing(
        costs in prop::collection::vec(1..4u32, 1..60),
        latency in 0..3000u64,
        limit in 3..12u32,
        in_flight in 1..20usize,
        stamped in 0.0..=1.0,
    ) {
        let calls = costs.into_iter().map(|cost| (cost, Duration::from_millis(latency))).collect();
        let limits = RateLimits::none().window("*", limit, SECOND).window("*", 2 * limit, 3 * SECOND).in_flight(in_flight);
        prop_assert_eq!(run(&limits, &calls, Stamped(stamped)).refused.len(), 0);
    }
}
