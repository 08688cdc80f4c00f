//! What the requests behind one answer came to.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use connectors_core::provider::Cached;
use connectors_core::{CacheOutcome, ErrorKind, Meta, RateState, Response, Result};
use http::StatusCode;

use crate::model::Cost;

/// Counts the requests of one answer, also those that a fetch sends on behalf of several callers. Clones count together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Meter(Arc<Mutex<Reading>>);

#[derive(Debug, Clone, Default)]
struct Reading {
    cost: Cost,
    attempts: u32,
    request_id: Option<String>,
    rate: Option<RateState>,
    age: Duration,
    outcome: Option<CacheOutcome>,
    stored: bool,
}

impl Meter {
    fn edit(&self, change: impl FnOnce(&mut Reading)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn reading(&self) -> Reading {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Counts what the provider counts.
    pub(crate) fn watch(&self) -> impl Fn(StatusCode) + Send + Sync + 'static {
        let meter = self.clone();
        move |status| {
            if counts(status) {
                meter.edit(|reading| reading.cost.calls += 1);
            }
        }
    }

    /// A call ended.
    pub(crate) fn call<T>(&self, outcome: &Result<Response<T>>) {
        self.edit(|reading| match outcome {
            Ok(answer) => {
                reading.cost.polls += answer.meta().polls;
                reading.attempts += answer.meta().attempts;
                reading.request_id.clone_from(&answer.meta().request_id);
                reading.rate.clone_from(&answer.meta().rate);
            }
            Err(error) => {
                reading.cost.polls += if error.kind() == ErrorKind::Pending { error.attempts() } else { 0 };
                reading.attempts += error.attempts();
            }
        });
    }

    /// The provider's id of the request, read from its answer.
    pub(crate) fn request_id(&self, id: Option<String>) {
        self.edit(|reading| reading.request_id = id.or_else(|| reading.request_id.take()));
    }

    /// A value came from the cache, or past it.
    pub(crate) fn value<T>(&self, value: &Result<Cached<T>>) {
        let Ok(value) = value else { return };
        self.edit(|reading| {
            reading.cost.cached += u32::from(matches!(value.outcome, CacheOutcome::Hit | CacheOutcome::Shared));
            reading.age = reading.age.max(value.age);
            reading.outcome = Some(value.outcome);
        });
    }

    /// A value came from the store.
    pub(crate) fn stored(&self, age: Duration) {
        self.edit(|reading| {
            reading.cost.cached += 1;
            reading.age = reading.age.max(age);
            reading.stored = true;
        });
    }

    /// Where a value came from that no cache handed out.
    pub(crate) fn source(&self, outcome: CacheOutcome) {
        self.edit(|reading| reading.outcome = Some(outcome));
    }

    pub(crate) fn cost(&self) -> Cost {
        self.reading().cost
    }

    /// The circumstances of an answer that began at `started` and ends now.
    pub(crate) fn respond<T>(&self, value: T, started: Instant, now: Instant) -> Response<T> {
        let reading = self.reading();
        let mut meta = Meta::default();
        meta.request_id = reading.request_id;
        meta.attempts = reading.attempts;
        meta.polls = reading.cost.polls;
        meta.elapsed = now.saturating_duration_since(started);
        meta.age = reading.age;
        // Nothing was sent: then it was there already, if only in the store.
        let hit = reading.stored && reading.attempts == 0;
        meta.cache = if hit { Some(CacheOutcome::Hit) } else { reading.outcome };
        meta.rate = reading.rate;
        Response::new(value, meta)
    }
}

/// Whether Placer counts a request that is answered like this: every one but 202, 429 and 500.
pub(crate) fn counts(status: StatusCode) -> bool {
    !matches!(status.as_u16(), 202 | 429 | 500)
}
