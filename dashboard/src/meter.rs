//! What a client does, counted: the observer behind every card.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use connectors_core::{CacheOutcome, Clock, Error, ErrorKind, Event, Observer, SystemClock, WaitReason};
use tokio::sync::Notify;

use crate::model::{Quota, Traffic};

/// So many failures wait to be kept; more within one beat are counted, and not told one by one.
const WAITING: usize = 50;

/// Counts what the clients of one integration do.
#[derive(Debug)]
pub(crate) struct Meter {
    beat: Arc<Notify>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    clock: Arc<dyn Clock>,
    traffic: Traffic,
    quotas: BTreeMap<&'static str, Quota>,
    failures: VecDeque<(Error, DateTime<Utc>)>,
    said: Option<Said>,
    /// Requests that failed, without one that worked in between.
    failed_in_a_row: u32,
    /// Clients of earlier settings are not listened to any more.
    generation: u64,
    /// Whether a sync tells of failures itself.
    in_a_sync: bool,
    /// Waits for an answer that was not ready, whose next request is still to come.
    polls: u64,
    changed: bool,
}

/// What the last call that says something about the connection said of it.
#[derive(Debug)]
pub(crate) enum Said {
    /// It works.
    Works,
    /// The provider wants fewer requests; the call goes on after a while.
    Throttled(Option<Duration>),
    /// The call failed, as did so many requests in a row.
    Fails(Error, u32),
}

/// What there is to be told since the last beat.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) failures: VecDeque<(Error, DateTime<Utc>)>,
    pub(crate) said: Option<Said>,
}

/// Watches the clients made of the same settings.
#[derive(Debug)]
struct Watcher {
    meter: Arc<Meter>,
    generation: u64,
}

/// Until it is dropped, a sync tells of failures itself: it knows what they are about.
#[derive(Debug)]
pub(crate) struct InASync(Arc<Meter>);

impl Meter {
    pub(crate) fn new(beat: Arc<Notify>) -> Self {
        let state = State {
            clock: Arc::new(SystemClock),
            traffic: Traffic::default(),
            quotas: BTreeMap::new(),
            failures: VecDeque::new(),
            said: None,
            failed_in_a_row: 0,
            generation: 0,
            in_a_sync: false,
            polls: 0,
            changed: false,
        };
        Self { beat, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Goes on counting from what was counted before, by this clock.
    pub(crate) fn begin_with(&self, clock: &Arc<dyn Clock>, traffic: Traffic) {
        let mut state = self.state();
        (state.clock, state.traffic) = (Arc::clone(clock), traffic);
    }

    /// The observer for clients of the settings in force.
    pub(crate) fn watcher(self: &Arc<Self>) -> Arc<dyn Observer> {
        Arc::new(Watcher { meter: Arc::clone(self), generation: self.state().generation })
    }

    /// From now on, only clients with a watcher that is asked for later count.
    pub(crate) fn turn_over(&self) {
        self.state().generation += 1;
    }

    /// Begins anew: another account is another story.
    pub(crate) fn clear(&self) {
        let mut state = self.state();
        (state.traffic, state.said, state.failed_in_a_row) = (Traffic::default(), None, 0);
        state.quotas.clear();
    }

    pub(crate) fn in_a_sync(self: &Arc<Self>) -> InASync {
        self.state().in_a_sync = true;
        InASync(Arc::clone(self))
    }

    pub(crate) fn traffic(&self) -> Traffic {
        self.state().traffic
    }

    /// The quotas, as far as they still count something.
    pub(crate) fn quotas(&self) -> Vec<Quota> {
        let state = self.state();
        let now = state.clock.now_utc();
        let whole = |quota: &Quota| quota.renews_at.is_some_and(|at| at <= now);
        let quotas = state.quotas.values().cloned();
        quotas.map(|quota| if whole(&quota) { Quota { used: 0, ..quota } } else { quota }).collect()
    }

    /// What changed since it was read last.
    pub(crate) fn read(&self) -> Option<Reading> {
        let mut state = self.state();
        std::mem::take(&mut state.changed)
            .then(|| Reading { failures: std::mem::take(&mut state.failures), said: state.said.take() })
    }
}

impl Drop for InASync {
    fn drop(&mut self) {
        self.0.state().in_a_sync = false;
    }
}

impl Observer for Watcher {
    /// Calls come in line, so it only counts.
    fn on_event(&self, event: &Event<'_>) {
        let mut guard = self.meter.state();
        let state = &mut *guard;
        if state.generation != self.generation {
            return;
        }
        let now = state.clock.now_utc();
        let traffic = &mut state.traffic;
        match *event {
            Event::Attempt { operation, number, rate, .. } => {
                traffic.requests += 1;
                // Asking again for what is not ready yet is no retry.
                let polls = &mut state.polls;
                if number > 1 && *polls > 0 {
                    *polls -= 1;
                } else {
                    traffic.retries += u64::from(number > 1);
                }
                if rate.limit > 0 {
                    let renews = now + TimeDelta::from_std(rate.per).unwrap_or_default();
                    let quota =
                        Quota::new(label(operation.group, rate.per), rate.used, Some(u64::from(rate.limit)), now);
                    state.quotas.insert(operation.group, quota.renews_at(renews));
                }
            }
            Event::Wait { duration, reason, .. } => {
                state.polls += u64::from(reason == WaitReason::Poll);
                let waited = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
                traffic.waited_ms = traffic.waited_ms.saturating_add(waited);
            }
            Event::Throttled { retry_after, .. } => {
                traffic.throttles += 1;
                state.said = Some(Said::Throttled(retry_after));
            }
            Event::Cache { outcome, .. } => match outcome {
                CacheOutcome::Hit | CacheOutcome::Shared => traffic.cache_hits += 1,
                _ => traffic.cache_misses += 1,
            },
            Event::Finished { error, .. } => {
                traffic.calls += 1;
                traffic.failed += u64::from(error.is_some());
                match error {
                    None => (state.said, state.failed_in_a_row) = (Some(Said::Works), 0),
                    Some(error) => {
                        if tells_of_the_connection(error) {
                            state.failed_in_a_row = state.failed_in_a_row.saturating_add(error.attempts().max(1));
                            state.said = Some(Said::Fails(error.clone(), state.failed_in_a_row));
                        }
                        if !state.in_a_sync && state.failures.len() < WAITING {
                            state.failures.push_back((error.clone(), now));
                        }
                    }
                }
            }
            _ => return,
        }
        state.changed = true;
        drop(guard);
        self.meter.beat.notify_one();
    }
}

/// Whether an error is about the connection or the account, not about what was asked.
fn tells_of_the_connection(error: &Error) -> bool {
    use ErrorKind::{Auth, Connect, Interrupted, QuotaExhausted, RateLimited, Server, Timeout};
    matches!(error.kind(), Auth | Connect | Interrupted | QuotaExhausted | RateLimited | Server | Timeout)
}

fn label(group: &str, per: Duration) -> String {
    let what = if group.is_empty() { "requests" } else { group };
    match per.as_secs() {
        1 => format!("{what} per second"),
        60 => format!("{what} per minute"),
        3600 => format!("{what} per hour"),
        86_400 => format!("{what} per day"),
        seconds => format!("{what} per {seconds} s"),
    }
}
