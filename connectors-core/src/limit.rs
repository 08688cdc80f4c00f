//! Limits that a client keeps by itself, so that the provider does not have to say 429.

mod feedback;
mod keyed;
mod log;
mod queue;
mod schedule;

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use http::HeaderMap;

pub use self::keyed::{KeyGuard, KeyedLocks};
use self::queue::Call;
use self::schedule::Schedule;
use crate::clock::Clock;
use crate::error::Result;

/// How much later than the call whose alarm it is the others look, and how often while there is no alarm.
const GRACE: Duration = Duration::from_millis(20);
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// The group that stands for every call.
const ALL: &str = "*";

/// What a provider allows: any number of windows, and a number of requests at a time. The default allows everything.
///
/// ```
/// use std::time::Duration;
/// use connectors_core::RateLimits;
///
/// let limits = RateLimits::none().in_flight(5).window("*", 10, Duration::from_secs(1));
/// assert_eq!(limits.windows().count(), 1);
/// ```
#[derive(Debug, Clone, Default)]
pub struct RateLimits {
    windows: Vec<Window>,
    in_flight: Option<usize>,
}

/// At most `limit` of cost in any span of length `per`.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The rate group it counts; `"*"` counts every call.
    pub group: &'static str,
    /// The summed cost that fits in.
    pub limit: u32,
    /// The length of the span.
    pub per: Duration,
}

impl RateLimits {
    /// No limits at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// At most `n` requests at a time, of all groups together. With 0, every call is a configuration error.
    pub fn in_flight(mut self, n: usize) -> Self {
        self.in_flight = Some(n);
        self
    }

    /// Adds a window of `limit` cost in any span of `per`, over the calls of `group` or, for `"*"`, over all calls.
    /// With a limit of 0, every such call is a configuration error; a window of no length limits nothing.
    pub fn window(mut self, group: &'static str, limit: u32, per: Duration) -> Self {
        self.windows.push(Window { group, limit, per });
        self
    }

    /// The windows, in the order in which they were added.
    pub fn windows(&self) -> impl Iterator<Item = &Window> {
        self.windows.iter()
    }

    /// How many requests may be under way at a time.
    pub fn max_in_flight(&self) -> Option<usize> {
        self.in_flight
    }
}

/// Who goes first where not all can.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Somebody waits for the answer: goes before bulk work.
    #[default]
    Interactive,
    /// One of many calls that nobody watches: gets every fourth turn, and all that are left over. Writes that take turns
    /// on one resource go in the order of their arrival all the same.
    Bulk,
}

/// How a rate group stands right now.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateState {
    /// Requests under way, of all groups.
    pub in_flight: usize,
    /// Calls of this group that wait for their turn; of all groups for `"*"`.
    pub queued: usize,
    /// The cost that the fullest window of this group counts at present; 0 without a window.
    pub used: u64,
    /// The limit of that window; 0 without a window.
    pub limit: u32,
    /// The length of that window; zero without a window.
    pub per: Duration,
    /// For how long the pause gate stays shut; zero when it is open.
    pub paused_for: Duration,
}

/// Lets calls through as the [`RateLimits`] allow. Clones share their counts.
///
/// Calls of one group and priority go in the order of their arrival. A call that waits for its group's own window
/// holds up nobody else's; one that waits for what all share (requests in flight, a `"*"` window) keeps its place,
/// so that small calls do not starve a large one.
///
/// When the provider counts a request is not known: on its arrival, with its answer, or in between. With constant
/// latency that makes no difference, and each request counts for its window from its send. One whose answer took longer
/// than the fastest of late counts for as much longer, up to 1/64 of the window, or more after
/// [`throttled`](Self::throttled).
#[derive(Debug, Clone)]
pub struct RateLimiter(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    clock: Arc<dyn Clock>,
    schedule: Mutex<Schedule>,
}

impl RateLimiter {
    /// A limiter that keeps `limits` by `clock`.
    pub fn new(limits: &RateLimits, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Shared { clock, schedule: Mutex::new(Schedule::new(limits)) }))
    }

    /// Waits for the turn of a call of `group` that costs `cost`. Dropping the future gives up the place.
    ///
    /// Fails with [`Config`](crate::ErrorKind::Config) when the limits never allow such a call, and with
    /// [`RateLimited`](crate::ErrorKind::RateLimited) when its turn cannot come before `deadline`: at once, if that
    /// can be foreseen. [`retry_after`](crate::Error::retry_after) then is the shortest wait that could have done.
    pub async fn acquire(
        &self,
        group: &'static str,
        cost: u32,
        priority: Priority,
        deadline: Instant,
    ) -> Result<Permit> {
        let call = Call { group, cost, priority, deadline };
        let arrived = self.0.clock.now();
        let (id, queued) = self.schedule().enter(call, arrived)?;
        let stage = if queued.is_some() { Stage::Queued } else { Stage::Sent(arrived) };
        let mut permit = Permit { limiter: self.clone(), id, call, waited: Duration::ZERO, stage };
        let Some(notify) = queued else { return Ok(permit) };
        let mut late = self.0.clock.deadline(deadline);
        loop {
            let now = self.0.clock.now();
            if self.schedule().pick_up(id, call, now)? {
                permit.stage = Stage::Sent(now);
                permit.waited = now.saturating_duration_since(arrived);
                return Ok(permit);
            }
            let alarm = self.schedule().alarm_of(id);
            let mut alarm = alarm.map(|at| self.0.clock.sleep(at.saturating_duration_since(now)));
            // The call whose alarm it is may be held by somebody who does not poll it.
            let mut look_again = self.0.clock.deadline(now + LOOK_AGAIN);
            let mut notified = pin!(notify.notified());
            poll_fn(|cx| {
                let woken = notified.as_mut().poll(cx).is_ready()
                    || alarm.as_mut().is_some_and(|alarm| alarm.as_mut().poll(cx).is_ready())
                    || look_again.as_mut().poll(cx).is_ready()
                    || late.as_mut().poll(cx).is_ready();
                if woken { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
        }
    }

    /// Lets no call of `group` (with `"*"`: no call at all) start before `until`. Never shortens a pause.
    pub fn pause(&self, group: &str, until: Instant) {
        self.schedule().pause(group, until, self.0.clock.now());
    }

    /// The provider refused a request of `group`, sent at `sent`, for coming too soon: no call at all starts before
    /// `until`.
    ///
    /// Since the limits left room for it, the provider must count later or more than was thought. Requests of the
    /// group's windows then count for longer: after one such lesson safely as long as no latency falls below those of
    /// late, after two in any case. An hour without another one later, that is forgotten.
    pub fn throttled(&self, group: &str, sent: Instant, until: Instant) {
        self.schedule().teach(group, sent, self.0.clock.now());
        self.pause(ALL, until);
    }

    /// Heeds what an answer to a call of `group` says about the quota: if nothing is left of it, the group pauses
    /// until it is filled up again, a minute at most.
    ///
    /// Understood are `RateLimit` as in the IETF's draft (`"default";r=0;t=30`), and `RateLimit-Remaining` with
    /// `RateLimit-Reset`, both also after `X-`, the reset in seconds or as Unix time. No provider of this family is
    /// known to send any of them; gateways in front of them may.
    pub fn heed(&self, group: &str, headers: &HeaderMap, now: DateTime<Utc>) {
        if let Some(wait) = feedback::exhausted_for(headers, now) {
            self.pause(group, self.0.clock.now() + wait);
        }
    }

    /// How `group` stands right now.
    pub fn state(&self, group: &str) -> RateState {
        self.schedule().state(group, self.0.clock.now())
    }

    fn schedule(&self) -> MutexGuard<'_, Schedule> {
        self.0.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to send one request, now. Hold it until the request is over, which dropping it says.
#[derive(Debug)]
#[must_use = "dropping a permit ends the request that it stands for"]
pub struct Permit {
    limiter: RateLimiter,
    id: u64,
    call: Call,
    waited: Duration,
    stage: Stage,
}

/// How far the request of a permit is.
#[derive(Debug, Clone, Copy)]
enum Stage {
    /// Its call still waits for its turn: whatever drops the wait cleans up after it.
    Queued,
    Sent(Instant),
    Answered,
}

impl Permit {
    /// How long the call waited for its turn.
    pub fn waited(&self) -> Duration {
        self.waited
    }

    /// The answer has begun: the provider has counted the request by now. Without this, the request counts as answered
    /// when the permit is dropped, but the limiter does not learn from it how fast answers can be.
    pub fn answered(&mut self) {
        if let Stage::Sent(sent) = self.stage {
            self.stage = Stage::Answered;
            let now = self.limiter.0.clock.now();
            self.limiter.schedule().answered(self.id, &self.call, sent, now);
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let now = self.limiter.0.clock.now();
        self.limiter.schedule().leave(self.id, &self.call, self.stage, now);
    }
}
