//! The rate limiter and the keyed locks, in virtual time.

#![allow(clippy::unwrap_used, reason = "also the helpers of the tests are tests")]

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use connectors_core::provider::{KeyedLocks, Permit, RateLimiter};
use connectors_core::testing::VirtualClock;
use connectors_core::{Clock, ErrorKind, Priority, RateLimits, Result};
use futures_util::future::join_all;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

struct Rig {
    clock: VirtualClock,
    limiter: RateLimiter,
    /// What started, in which order, and when (in milliseconds).
    starts: Mutex<Vec<(String, u128)>>,
}

impl Rig {
    fn new(limits: &RateLimits) -> Self {
        let clock = VirtualClock::default();
        let limiter = RateLimiter::new(limits, Arc::new(clock.clone()));
        Self { clock, limiter, starts: Mutex::default() }
    }

    fn far(&self) -> Instant {
        self.clock.now() + 1000 * MINUTE
    }

    async fn acquire(&self, group: &'static str, cost: u32) -> Result<Permit> {
        self.limiter.acquire(group, cost, Priority::Interactive, self.far()).await
    }

    /// One call that is answered after `latency`.
    async fn call(&self, name: impl ToString, group: &'static str, cost: u32, priority: Priority, latency: Duration) {
        let permit = self.limiter.acquire(group, cost, priority, self.far()).await.unwrap();
        self.starts.lock().unwrap().push((name.to_string(), self.clock.elapsed().as_millis()));
        self.clock.sleep(latency).await;
        drop(permit);
    }

    async fn calls(&self, n: usize, group: &'static str, cost: u32, latency: Duration) {
        join_all((0..n).map(|i| self.call(i, group, cost, Priority::Interactive, latency))).await;
    }

    fn order(&self) -> Vec<String> {
        self.starts.lock().unwrap().iter().map(|(name, _)| name.clone()).collect()
    }

    fn at(&self) -> Vec<u128> {
        self.starts.lock().unwrap().iter().map(|(_, at)| *at).collect()
    }

    fn assert_idle(&self) {
        let state = self.limiter.state("*");
        assert_eq!((state.in_flight, state.queued), (0, 0));
    }
}

/// Polls `future` at most `polls` times, then drops it.
async fn abandon_after(polls: usize, future: impl Future) {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|cx| {
        if left > 0 && future.as_mut().poll(cx).is_pending() {
            left -= 1;
            if left > 0 {
                return Poll::Pending;
            }
        }
        Poll::Ready(())
    })
    .await;
}

fn poll_once<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[tokio::test]
async fn ten_a_second_lets_a_hundred_calls_through_in_nine_seconds() {
    let rig = Rig::new(&RateLimits::none().window("*", 10, SECOND));
    rig.calls(100, "reads", 1, Duration::ZERO).await;
    let expected: Vec<u128> = (0..100).map(|i| i / 10 * 1000).collect();
    assert_eq!(rig.at(), expected);
    assert_eq!(rig.order(), (0..100).map(|i| i.to_string()).collect::<Vec<_>>());
    rig.assert_idle();
}

#[tokio::test]
async fn a_call_of_weight_ten_takes_ten_places_of_the_minute() {
    let rig = Rig::new(&RateLimits::none().window("*", 300, MINUTE));
    rig.calls(100, "sheets", 10, Duration::ZERO).await;
    assert_eq!(rig.clock.elapsed(), 3 * MINUTE);
}

#[tokio::test]
async fn all_windows_of_a_call_must_have_room() {
    let rig = Rig::new(&RateLimits::none().window("*", 2, SECOND).window("reports", 3, 10 * SECOND));
    rig.calls(7, "reports", 1, Duration::ZERO).await;
    assert_eq!(rig.at(), [0, 0, 1000, 10_000, 10_000, 11_000, 20_000]);
}

#[tokio::test]
async fn a_request_counts_from_its_answer() {
    let rig = Rig::new(&RateLimits::none().window("*", 1, SECOND));
    rig.calls(3, "reads", 1, Duration::from_millis(200)).await;
    assert_eq!(rig.at(), [0, 1200, 2400]);
}

#[tokio::test]
async fn no_more_requests_at_a_time_than_allowed() {
    let rig = Rig::new(&RateLimits::none().in_flight(5));
    rig.calls(20, "reads", 1, SECOND).await;
    assert_eq!(rig.at(), (0..20).map(|i| i / 5 * 1000).collect::<Vec<u128>>());
    rig.assert_idle();
}

#[tokio::test]
async fn a_full_window_holds_up_its_own_group_only() {
    let rig = Rig::new(&RateLimits::none().window("reports", 1, MINUTE));
    let _used = rig.acquire("reports", 1).await.unwrap();
    let mut waiting = pin!(rig.acquire("reports", 1));
    assert!(poll_once(waiting.as_mut()).is_pending());
    drop(rig.acquire("reads", 1).await.unwrap());
    assert_eq!(rig.clock.elapsed(), Duration::ZERO);
    let state = rig.limiter.state("reports");
    assert_eq!((state.queued, state.used, state.limit), (1, 1, 1));
}

#[tokio::test]
async fn small_calls_do_not_starve_a_large_one() {
    let rig = Rig::new(&RateLimits::none().window("*", 10, SECOND));
    drop(rig.acquire("reads", 5).await.unwrap());
    tokio::join!(
        rig.call("large", "reports", 10, Priority::Interactive, Duration::ZERO),
        rig.call("small", "reads", 1, Priority::Interactive, Duration::ZERO),
    );
    assert_eq!(rig.order(), ["large", "small"]);
    assert_eq!(rig.at(), [1000, 2000]);
}

#[tokio::test]
async fn bulk_work_gets_every_fourth_turn_and_the_leftovers() {
    let rig = Rig::new(&RateLimits::none().in_flight(1));
    let busy = rig.acquire("reads", 1).await.unwrap();
    let bulk = join_all((0..4).map(|_| rig.call("b", "reads", 1, Priority::Bulk, Duration::ZERO)));
    let users = join_all((0..6).map(|_| rig.call("u", "reads", 1, Priority::Interactive, Duration::ZERO)));
    let release = async { drop(busy) };
    tokio::join!(bulk, users, release);
    assert_eq!(rig.order().concat(), "uuubuuubbb");
}

#[tokio::test]
async fn bulk_work_of_another_group_gets_its_turn_too() {
    let rig = Rig::new(&RateLimits::none().window("*", 1, SECOND));
    drop(rig.acquire("reads", 1).await.unwrap());
    let users = join_all((0..6).map(|_| rig.call("u", "reads", 1, Priority::Interactive, Duration::ZERO)));
    let bulk = join_all((0..2).map(|_| rig.call("b", "reports", 1, Priority::Bulk, Duration::ZERO)));
    tokio::join!(users, bulk);
    assert_eq!(rig.order().concat(), "uuubuuub");
}

#[tokio::test]
async fn a_pause_holds_back_the_group_and_is_never_shortened() {
    let rig = Rig::new(&RateLimits::none());
    let now = rig.clock.now();
    rig.limiter.pause("reads", now + 10 * SECOND);
    rig.limiter.pause("reads", now + 2 * SECOND);
    rig.limiter.pause("*", now + 3 * SECOND);
    assert_eq!(rig.limiter.state("reads").paused_for, 10 * SECOND);
    tokio::join!(
        rig.call("paused", "reads", 1, Priority::Interactive, Duration::ZERO),
        rig.call("other", "writes", 1, Priority::Interactive, Duration::ZERO),
    );
    assert_eq!(rig.order(), ["other", "paused"]);
    assert_eq!(rig.at(), [3000, 10_000]);
}

#[tokio::test]
async fn a_pause_reaches_calls_that_wait_already() {
    let rig = Rig::new(&RateLimits::none().window("*", 1, SECOND));
    drop(rig.acquire("reads", 1).await.unwrap());
    let pause = async { rig.limiter.pause("*", rig.clock.now() + 5 * SECOND) };
    tokio::join!(rig.calls(1, "reads", 1, Duration::ZERO), pause);
    assert_eq!(rig.at(), [5000]);
}

#[tokio::test]
async fn nobody_watches_the_time_while_only_an_answer_can_help() {
    let rig = Rig::new(&RateLimits::none().in_flight(1));
    rig.limiter.pause("reports", rig.clock.now() + MINUTE);
    let busy = async {
        let permit = rig.acquire("reads", 1).await.unwrap();
        for _ in 0..500 {
            tokio::task::yield_now().await;
        }
        drop(permit);
        rig.clock.elapsed()
    };
    let ((), elapsed) = tokio::join!(rig.calls(1, "reports", 1, Duration::ZERO), busy);
    assert_eq!(elapsed, Duration::ZERO);
    assert_eq!(rig.at(), [60_000]);
}

#[tokio::test]
async fn a_wait_past_the_deadline_fails_at_once_and_says_how_long_it_is() {
    let rig = Rig::new(&RateLimits::none().window("*", 10, SECOND));
    let far = rig.far();
    let short = rig.clock.now() + 2 * SECOND;
    let queue = join_all((0..30).map(|_| rig.limiter.acquire("reads", 1, Priority::Interactive, far)));
    let late = async {
        // The thirty ahead take the seconds 0, 1 and 2.
        let error = rig.limiter.acquire("reads", 1, Priority::Interactive, short).await.unwrap_err();
        assert_eq!(rig.clock.elapsed(), Duration::ZERO);
        error
    };
    let (permits, error) = tokio::join!(queue, late);
    assert!(permits.iter().all(Result::is_ok));
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after(), Some(3 * SECOND));
    assert!(!error.maybe_applied());
}

#[tokio::test]
async fn a_turn_at_the_very_deadline_is_in_time() {
    let rig = Rig::new(&RateLimits::none().window("*", 1, SECOND));
    drop(rig.acquire("reads", 1).await.unwrap());
    let permit = rig.limiter.acquire("reads", 1, Priority::Interactive, rig.clock.now() + SECOND).await.unwrap();
    assert_eq!(permit.waited(), SECOND);
}

#[tokio::test]
async fn waiters_for_a_slot_give_up_at_their_deadline() {
    let rig = Rig::new(&RateLimits::none().in_flight(1));
    let deadline = rig.clock.now() + SECOND;
    let hog = rig.call("hog", "reads", 1, Priority::Interactive, MINUTE);
    let waiter = async {
        let error = rig.limiter.acquire("reads", 1, Priority::Interactive, deadline).await.unwrap_err();
        (error.kind(), rig.clock.elapsed())
    };
    assert_eq!(tokio::join!(hog, waiter).1, (ErrorKind::RateLimited, SECOND));
    rig.assert_idle();
}

#[tokio::test]
async fn a_pause_past_the_deadline_ends_the_wait_at_once() {
    let rig = Rig::new(&RateLimits::none().window("*", 1, SECOND));
    drop(rig.acquire("reads", 1).await.unwrap());
    let deadline = rig.clock.now() + MINUTE;
    let waiters = join_all((0..3).map(|_| rig.limiter.acquire("reads", 1, Priority::Interactive, deadline)));
    let pause = async { rig.limiter.pause("reads", deadline + MINUTE) };
    let (results, ()) = tokio::join!(waiters, pause);
    assert!(results.iter().all(|result| result.as_ref().is_err_and(|e| e.retry_after() == Some(2 * MINUTE))));
    assert_eq!(rig.clock.elapsed(), Duration::ZERO);
    rig.assert_idle();
}

#[tokio::test]
async fn what_the_limits_never_allow_is_a_configuration_error() {
    let rig = Rig::new(&RateLimits::none().window("reports", 5, SECOND));
    assert_eq!(rig.acquire("reports", 6).await.unwrap_err().kind(), ErrorKind::Config);
    assert!(rig.acquire("reads", 6).await.is_ok());
    let none = Rig::new(&RateLimits::none().in_flight(0));
    assert_eq!(none.acquire("reads", 1).await.unwrap_err().kind(), ErrorKind::Config);
}

#[tokio::test]
async fn a_wait_dropped_at_any_point_leaves_nothing_behind() {
    for polls in 0..5 {
        for victims in 1..4 {
            let rig = Rig::new(&RateLimits::none().in_flight(2).window("*", 2, SECOND).window("reads", 2, 3 * SECOND));
            let dropped = join_all((0..victims).map(|i| {
                let latency = SECOND * i;
                abandon_after(polls, rig.call("victim", "reads", 1, Priority::Interactive, latency))
            }));
            let others = join_all((0..4).map(|i| rig.call(i, "reads", 1, Priority::Interactive, SECOND)));
            tokio::join!(rig.calls(2, "reads", 1, SECOND), dropped, others);
            let finished = rig.order().iter().filter(|name| *name != "victim").count();
            assert_eq!(finished, 6, "{victims} dropped after {polls} polls");
            rig.assert_idle();
        }
    }
}

#[tokio::test]
async fn a_turn_that_nobody_picks_up_is_given_back() {
    let rig = Rig::new(&RateLimits::none().in_flight(1).window("*", 2, MINUTE));
    let busy = rig.acquire("reads", 1).await.unwrap();
    {
        let mut waiting = pin!(rig.acquire("reads", 1));
        assert!(poll_once(waiting.as_mut()).is_pending());
        drop(busy);
        assert_eq!(rig.limiter.state("*").in_flight, 1, "the turn is the waiter's");
    }
    rig.assert_idle();
    drop(rig.acquire("reads", 1).await.unwrap());
    assert_eq!(rig.clock.elapsed(), Duration::ZERO, "an unsent request takes no place of the window");
}

#[tokio::test]
async fn the_next_in_line_takes_over_when_the_first_leaves() {
    let rig = Rig::new(&RateLimits::none().window("*", 1, SECOND));
    drop(rig.acquire("reads", 1).await.unwrap());
    let mut first = Box::pin(rig.acquire("reads", 1));
    assert!(poll_once(first.as_mut()).is_pending());
    let leave = async { drop(first) };
    tokio::join!(rig.calls(1, "reads", 1, Duration::ZERO), leave);
    assert_eq!(rig.at(), [1000]);
}

#[tokio::test]
async fn ten_thousand_waiters_keep_their_order() {
    let rig = Rig::new(&RateLimits::none().in_flight(50).window("*", 1000, SECOND));
    rig.calls(10_000, "reads", 1, Duration::ZERO).await;
    assert_eq!(rig.clock.elapsed(), 9 * SECOND);
    assert!(rig.order().iter().map(|name| name.parse::<usize>().unwrap()).is_sorted());
    rig.assert_idle();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spawned_calls_on_several_threads_keep_the_limit() {
    let rig = Arc::new(Rig::new(&RateLimits::none().in_flight(3).window("*", 10, SECOND)));
    let calls = (0..30).map(|i| {
        let rig = Arc::clone(&rig);
        tokio::spawn(async move { rig.call(i, "reads", 1, Priority::Interactive, Duration::ZERO).await })
    });
    for call in join_all(calls).await {
        call.unwrap();
    }
    let starts = rig.at();
    assert_eq!(starts.len(), 30);
    assert!(starts.windows(11).all(|eleven| eleven[10] - eleven[0] >= 1000));
    rig.assert_idle();
}

#[tokio::test]
async fn a_key_is_handed_on_in_order_and_then_forgotten() {
    let (clock, locks) = (VirtualClock::default(), KeyedLocks::default());
    let order = Mutex::new(Vec::new());
    let far = clock.now() + MINUTE;
    let write = async |key: &str, n: usize| {
        let _guard = locks.lock(key, &clock, far).await.unwrap();
        order.lock().unwrap().push((n, clock.elapsed().as_secs()));
        clock.sleep(SECOND).await;
    };
    tokio::join!(write("a", 0), write("a", 1), write("b", 2), write("a", 3));
    assert_eq!(*order.lock().unwrap(), [(0, 0), (2, 0), (1, 1), (3, 2)]);
    assert!(locks.is_empty());
}

#[tokio::test]
async fn a_key_that_stays_locked_times_out_and_leaks_nothing() {
    let (clock, locks) = (VirtualClock::default(), KeyedLocks::default());
    let guard = locks.lock("a", &clock, clock.now()).await.unwrap();
    let deadline = clock.now() + SECOND;
    let hold = async {
        clock.sleep(MINUTE).await;
        drop(guard);
    };
    let (result, ()) = tokio::join!(locks.lock("a", &clock, deadline), hold);
    let error = result.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Timeout, false));
    assert!(locks.is_empty());
}

#[tokio::test]
async fn a_dropped_wait_for_a_key_lets_the_next_one_have_it() {
    let (clock, locks) = (VirtualClock::default(), KeyedLocks::default());
    let far = clock.now() + MINUTE;
    let guard = locks.lock("a", &clock, far).await.unwrap();
    let mut dropped = Box::pin(locks.lock("a", &clock, far));
    let mut next = pin!(locks.lock("a", &clock, far));
    assert!(poll_once(dropped.as_mut()).is_pending());
    assert!(poll_once(next.as_mut()).is_pending());
    drop(guard);
    drop(dropped);
    drop(next.await.unwrap());
    assert_eq!(locks.len(), 0);
}
