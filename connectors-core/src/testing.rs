//! What tests run on: time that passes only when there is nothing left to do.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::runtime::{Handle, RuntimeFlavor};

use crate::clock::{Clock, Sleep};

/// How often every ready task gets its turn without touching a timer before the clock believes that all of
/// them wait for time to pass. An exchange over a loopback socket takes about a dozen turns.
const QUIET_ROUNDS: u32 = 32;

/// What a round lasts in real time where other threads work too: a turn of this thread says nothing about them.
const PATIENCE: Duration = Duration::from_micros(100);

/// How many times as long the clock waits for other threads before it lets a deadline pass: if it is wrong then,
/// something times out that should not.
const LENIENCE: u32 = 16;

/// The clock stops here, well inside what [`Instant`] can hold.
const END: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// A [`Clock`] whose time jumps from event to event, so that an hour of back-off costs no wall time.
///
/// * It stands still while any task can go on. Once all wait, it jumps to the earliest [`sleep`](Clock::sleep).
/// * A [`deadline`](Clock::deadline) never moves it. It stops at each one on its way, so that whoever set it can
///   react first.
/// * Timers of one instant fire in the order in which they were first polled.
///
/// It works on every flavour of tokio runtime and over loopback sockets; tokio's own time, paused or not, is not
/// used. It sees tasks, not threads: on a multi-thread runtime (or used from several threads) it gives the others
/// some milliseconds of real time before each jump, and a tenth of a second before a deadline passes. Work that takes
/// longer than that without touching a timer is overtaken, so a test that asserts exact times over sockets runs on
/// one thread.
///
/// Clones share one time. Timers must be polled on a tokio runtime.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use std::time::Duration;
/// use connectors_core::{Clock, testing::VirtualClock};
///
/// let clock = VirtualClock::default();
/// clock.sleep(Duration::from_secs(3600)).await;
/// assert_eq!(clock.elapsed(), Duration::from_secs(3600));
/// # });
/// ```
#[derive(Debug, Clone)]
pub struct VirtualClock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    base: Instant,
    start: DateTime<Utc>,
    state: Mutex<State>,
}

/// Times are counted from the start.
#[derive(Debug, Default)]
struct State {
    elapsed: Duration,
    pending: BTreeMap<(Duration, u64), Pending>,
    sleepers: usize,
    next_id: u64,
    /// Goes up with every timer that comes or goes: the sign that somebody is still at work.
    changes: u64,
    driven: bool,
    owner: Option<ThreadId>,
    many_threads: bool,
}

#[derive(Debug)]
struct Pending {
    waker: Waker,
    moves_time: bool,
}

impl VirtualClock {
    /// A clock that shows `start`.
    pub fn new(start: DateTime<Utc>) -> Self {
        Self(Arc::new(Inner { base: Instant::now(), start, state: Mutex::default() }))
    }

    /// How much time has passed since the start.
    pub fn elapsed(&self) -> Duration {
        self.state().elapsed
    }

    /// Moves the time on at once, past every timer on the way; those fire in their order.
    pub fn advance(&self, duration: Duration) {
        let due = {
            let mut state = self.state();
            let to = state.elapsed.saturating_add(duration);
            state.jump(to)
        };
        due.into_iter().for_each(Waker::wake);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        let here = thread::current().id();
        state.many_threads |= *state.owner.get_or_insert(here) != here;
        state
    }

    fn timer(&self, at: Duration, moves_time: bool) -> Sleep {
        Box::pin(Timer { clock: self.clone(), at: at.min(END), moves_time, id: None })
    }

    /// Returns once all tasks seem to wait.
    async fn settle(&self) {
        let workers = Handle::current().runtime_flavor() != RuntimeFlavor::CurrentThread;
        let (mut quiet, mut seen) = (0, 0);
        loop {
            tokio::task::yield_now().await;
            let (changes, threads, to_deadline) = {
                let state = self.state();
                (state.changes, workers || state.many_threads, state.comes_to_deadline())
            };
            quiet = if changes == seen { quiet + 1 } else { 0 };
            seen = changes;
            if quiet >= if threads && to_deadline { LENIENCE * QUIET_ROUNDS } else { QUIET_ROUNDS } {
                return;
            }
            if threads {
                thread::sleep(PATIENCE);
            }
        }
    }
}

impl Default for VirtualClock {
    /// A clock that shows Monday, 2 March 2026, 09:00 UTC.
    fn default() -> Self {
        Self::new(DateTime::UNIX_EPOCH + TimeDelta::seconds(1_772_442_000))
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Instant {
        self.0.base + self.elapsed()
    }

    fn now_utc(&self) -> DateTime<Utc> {
        let start = self.0.start;
        let passed = TimeDelta::from_std(self.elapsed()).ok();
        passed.and_then(|passed| start.checked_add_signed(passed)).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.timer(self.elapsed().saturating_add(duration), true)
    }

    fn deadline(&self, at: Instant) -> Sleep {
        self.timer(at.saturating_duration_since(self.0.base), false)
    }

    fn advance(&self, by: Duration) -> bool {
        VirtualClock::advance(self, by);
        true
    }
}

impl State {
    /// Moves the time to `to` and takes out what is due by then.
    fn jump(&mut self, to: Duration) -> Vec<Waker> {
        self.elapsed = self.elapsed.max(to).min(END);
        let mut due = Vec::new();
        while let Some((&key, _)) = self.pending.first_key_value().filter(|((at, _), _)| *at <= self.elapsed) {
            due.extend(self.remove(key));
        }
        due
    }

    fn comes_to_deadline(&self) -> bool {
        self.sleepers > 0 && self.pending.values().next().is_some_and(|first| !first.moves_time)
    }

    fn remove(&mut self, key: (Duration, u64)) -> Option<Waker> {
        let pending = self.pending.remove(&key)?;
        self.changes += 1;
        self.sleepers -= usize::from(pending.moves_time);
        Some(pending.waker)
    }
}

/// One wait; in the clock's list from its first poll until it fires or is dropped.
struct Timer {
    clock: VirtualClock,
    at: Duration,
    moves_time: bool,
    id: Option<u64>,
}

impl Future for Timer {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let clock = self.clock.clone();
        let mut state = clock.state();
        if state.elapsed >= self.at {
            return Poll::Ready(());
        }
        let id = *self.id.get_or_insert_with(|| {
            state.next_id += 1;
            state.next_id
        });
        let pending = Pending { waker: cx.waker().clone(), moves_time: self.moves_time };
        let replaced = state.pending.insert((self.at, id), pending);
        if replaced.is_none() {
            state.changes += 1;
            state.sleepers += usize::from(self.moves_time);
        }
        let undriven = self.moves_time && !state.driven;
        state.driven |= undriven;
        // Unlocked before a waker is dropped: it may hold the last of a task that holds timers.
        drop(state);
        if undriven {
            tokio::spawn(Driver(clock).drive());
        }
        Poll::Pending
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            let _outlives_the_lock = self.clock.state().remove((self.at, id));
        }
    }
}

/// The duty of letting time pass, in a task of its own: the sleepers may be anywhere, in a `select` that looks away
/// or on a thread that does not see sockets.
struct Driver(VirtualClock);

impl Driver {
    async fn drive(self) {
        loop {
            self.0.settle().await;
            let due = {
                let mut state = self.0.state();
                match state.pending.first_key_value() {
                    Some((&(at, _), _)) if state.sleepers > 0 => state.jump(at),
                    _ => return,
                }
            };
            due.into_iter().for_each(Waker::wake);
        }
    }
}

/// Whoever still sleeps takes over, as when the driving task went down with its runtime.
impl Drop for Driver {
    fn drop(&mut self) {
        let sleepers: Vec<Waker> = {
            let mut state = self.0.state();
            state.driven = false;
            state.pending.values().filter(|pending| pending.moves_time).map(|pending| pending.waker.clone()).collect()
        };
        sleepers.into_iter().for_each(Waker::wake);
    }
}
