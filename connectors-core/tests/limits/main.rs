//! The rate limiter and the keyed locks, in virtual time.

#![allow(clippy::unwrap_used, reason = "also the helpers of the tests are tests")]

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use connectors_core::provider::{Permit, RateLimiter};
use connectors_core::testing::VirtualClock;
use connectors_core::{Clock, Priority, RateLimits, Result};
use futures_util::future::join_all;

mod deadlines;
mod drops;
mod gate;
mod keys;
mod quota;
mod turns;
mod windows;

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
        let mut permit = self.limiter.acquire(group, cost, priority, self.far()).await.unwrap();
        self.starts.lock().unwrap().push((name.to_string(), self.clock.elapsed().as_millis()));
        self.clock.sleep(latency).await;
        permit.answered();
    }

    async fn calls(&self, n: usize, group: &'static str, cost: u32, latency: Duration) {
        join_all((0..n).map(|i| self.call(i, group, cost, Priority::Interactive, latency))).await;
    }

    /// Calls that are answered after these milliseconds, all asked for at once; gives when they start.
    async fn answered_after(&self, milliseconds: &[u64]) -> Vec<u128> {
        let latencies = milliseconds.iter().copied().map(Duration::from_millis);
        join_all(latencies.map(|latency| self.call("", "reads", 1, Priority::Interactive, latency))).await;
        self.at()
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
