//! A fetch under way: how its outcome reaches the cache and all who wait for it.

use std::any::{Any, TypeId};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::Shared;
use tokio::sync::oneshot;

use super::{Cache, CacheKey, Failed, Fetched, State, Value};
use crate::error::{Error, ErrorKind, Result};

/// Where those who wait for a fetch meet.
pub(super) type Landing = Shared<oneshot::Receiver<Result<Value>>>;

/// A listed flight.
pub(super) struct Flight {
    pub(super) id: u64,
    pub(super) value_type: TypeId,
    pub(super) landing: Landing,
}

/// Brings one fetch home. Dropped before that (panic, runtime shut down), it closes the flight: the seat goes
/// first, so that whoever is told by the sender's end and asks again starts a new one.
pub(super) struct Pilot {
    pub(super) seat: Seat,
    pub(super) sender: oneshot::Sender<Result<Value>>,
}

impl Pilot {
    pub(super) fn land(self, fill: Fill) {
        let Seat { cache, key, .. } = &self.seat;
        let (result, now) = (fill.value.clone(), cache.0.clock.now());
        cache.with(|state| {
            // Storing and closing are one step, or a caller in between would fetch again. A flight that is no
            // longer listed was invalidated: it may carry what was there before.
            if self.seat.leave(state) {
                state.store(key.clone(), fill, now, cache.0.capacity);
            }
        });
        let Self { seat, sender } = self;
        drop(seat);
        // Nobody left to tell is fine: the value is stored for the next caller.
        let _ = sender.send(result);
    }
}

/// A flight's place in the list of flights under way, given up at the latest when it is dropped.
pub(super) struct Seat {
    pub(super) cache: Cache,
    pub(super) key: CacheKey,
    pub(super) flight: u64,
}

impl Seat {
    fn leave(&self, state: &mut State) -> bool {
        let listed = state.flights.get(&self.key).is_some_and(|flight| flight.id == self.flight);
        listed && state.flights.remove(&self.key).is_some()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.cache.with(|state| self.leave(state));
    }
}

/// What a fetch came to, its type erased.
pub(super) struct Fill {
    pub(super) value: Result<Value>,
    pub(super) bytes: usize,
    pub(super) ttl: Duration,
}

impl Fill {
    pub(super) fn new<T: Any + Send + Sync>(outcome: Result<Fetched<T>, impl Into<Failed>>) -> Self {
        match outcome.map_err(Into::into) {
            Ok(Fetched { value, bytes, ttl }) => Self { value: Ok(Arc::new(value)), bytes, ttl },
            Err(Failed { error, ttl }) => Self { value: Err(error), bytes: 0, ttl },
        }
    }
}

pub(super) async fn landed(landing: Landing) -> Result<Value> {
    landing.await.unwrap_or_else(|_| Err(Error::new(ErrorKind::Cancelled, "the shared fetch was given up unended")))
}
