//! What a client does, counted: the observer behind every card.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use connectors_core::{CacheOutcome, Clock, Error, ErrorKind, Event, Observer};
use tokio::sync::Notify;

use crate::model::{Quota, Traffic};

tokio::task_local! {
    /// The event that a call is made for; a sync tells of its failures itself.
    pub(crate) static ENTITY: String;
}

/// So many failures wait to be kept; more within one beat are counted, and not told one by one.
const WAITING: usize = 50;

/// Watches the clients of one integration. Calls come in line, so it only counts.
#[derive(Debug)]
pub(crate) struct Meter {
    clock: Arc<dyn Clock>,
    beat: Arc<Notify>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    traffic: Traffic,
    quotas: BTreeMap<&'static str, Quota>,
    failures: VecDeque<(Error, DateTime<Utc>)>,
    /// How the last call that says something about the connection went.
    last: Option<Option<Error>>,
    changed: bool,
}

/// What there is to be told since the last beat.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) failures: VecDeque<(Error, DateTime<Utc>)>,
    pub(crate) last: Option<Option<Error>>,
}

impl Meter {
    pub(crate) fn new(clock: Arc<dyn Clock>, beat: Arc<Notify>) -> Self {
        Self { clock, beat, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Goes on counting from what was counted before.
    pub(crate) fn begin_with(&self, traffic: Traffic) {
        self.state().traffic = traffic;
    }

    /// Begins anew: another account is another story.
    pub(crate) fn reset(&self) {
        *self.state() = State { changed: true, ..State::default() };
        self.beat.notify_one();
    }

    pub(crate) fn traffic(&self) -> Traffic {
        self.state().traffic
    }

    /// The quotas that still count something.
    pub(crate) fn quotas(&self) -> Vec<Quota> {
        let now = self.clock.now_utc();
        let whole = |quota: &Quota| quota.renews_at.is_some_and(|at| at <= now);
        let quotas = self.state().quotas.clone().into_values();
        quotas.map(|quota| if whole(&quota) { Quota { used: 0, ..quota } } else { quota }).collect()
    }

    /// What changed since it was read last.
    pub(crate) fn read(&self) -> Option<Reading> {
        let mut state = self.state();
        std::mem::take(&mut state.changed)
            .then(|| Reading { failures: std::mem::take(&mut state.failures), last: state.last.take() })
    }
}

impl Observer for Meter {
    fn on_event(&self, event: &Event<'_>) {
        let now = self.clock.now_utc();
        let mut state = self.state();
        let traffic = &mut state.traffic;
        match *event {
            Event::Attempt { operation, number, rate, .. } => {
                traffic.requests += 1;
                traffic.retries += u64::from(number > 1);
                if rate.limit > 0 {
                    let renews = now + TimeDelta::from_std(rate.per).unwrap_or_default();
                    let quota = Quota::new(span(rate.per), rate.used, Some(u64::from(rate.limit)), now);
                    state.quotas.insert(operation.group, quota.renews_at(renews));
                }
            }
            Event::Wait { duration, .. } => {
                let waited = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
                traffic.waited_ms = traffic.waited_ms.saturating_add(waited);
            }
            Event::Throttled { .. } => traffic.throttles += 1,
            Event::Cache { outcome, .. } => match outcome {
                CacheOutcome::Hit | CacheOutcome::Shared => traffic.cache_hits += 1,
                _ => traffic.cache_misses += 1,
            },
            Event::Finished { error, .. } => {
                traffic.calls += 1;
                traffic.failed += u64::from(error.is_some());
                match error {
                    None => state.last = Some(None),
                    Some(error) => {
                        if tells_of_the_connection(error) {
                            state.last = Some(Some(error.clone()));
                        }
                        let alone = ENTITY.try_with(|_| ()).is_err();
                        if alone && state.failures.len() < WAITING {
                            state.failures.push_back((error.clone(), now));
                        }
                    }
                }
            }
            _ => return,
        }
        state.changed = true;
        drop(state);
        self.beat.notify_one();
    }
}

/// Whether an error is about the connection or the account, not about what was asked.
fn tells_of_the_connection(error: &Error) -> bool {
    use ErrorKind::{Auth, Connect, Interrupted, QuotaExhausted, RateLimited, Server, Timeout};
    matches!(error.kind(), Auth | Connect | Interrupted | QuotaExhausted | RateLimited | Server | Timeout)
}

fn span(per: Duration) -> String {
    match per.as_secs() {
        1 => "per second".to_owned(),
        60 => "per minute".to_owned(),
        3600 => "per hour".to_owned(),
        86_400 => "per day".to_owned(),
        seconds => format!("per {seconds} s"),
    }
}
