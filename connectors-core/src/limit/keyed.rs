//! One at a time per key: for writes that a provider refuses to take side by side.

use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use crate::clock::{Clock, Sleep};
use crate::error::{Error, ErrorKind, Result};

/// Any number of locks by name, first come first served. Clones share them; a key that nobody uses takes no room.
#[derive(Debug, Clone, Default)]
pub struct KeyedLocks(Arc<Mutex<HashMap<Arc<str>, Slot>>>);

#[derive(Debug, Default)]
struct Slot {
    lock: Arc<AsyncMutex<()>>,
    users: usize,
}

/// Holds one key; dropping it lets the next one have it.
#[derive(Debug)]
#[must_use = "dropping the guard unlocks the key"]
pub struct KeyGuard {
    // Before `_user`: the lock has to be open when the key may be forgotten.
    _lock: OwnedMutexGuard<()>,
    _user: User,
    waited: Duration,
}

impl KeyGuard {
    /// How long the call waited for the key; zero when nobody held it.
    pub fn waited(&self) -> Duration {
        self.waited
    }
}

/// Keeps the key alive while somebody holds it or waits for it.
#[derive(Debug)]
struct User {
    locks: KeyedLocks,
    key: Arc<str>,
}

impl KeyedLocks {
    /// Waits until nobody else holds `key`; by `deadline` at the latest, else it fails with
    /// [`ErrorKind::Timeout`]. Dropping the future gives up the place.
    pub async fn lock(&self, key: &str, clock: &dyn Clock, deadline: Instant) -> Result<KeyGuard> {
        let (user, lock) = self.enter(key);
        let mut lock = pin!(lock.lock_owned());
        let mut waiting: Option<(Instant, Sleep)> = None;
        let lock = poll_fn(|cx| {
            if let Poll::Ready(lock) = lock.as_mut().poll(cx) {
                return Poll::Ready(Some(lock));
            }
            let (_, late) = waiting.get_or_insert_with(|| (clock.now(), clock.deadline(deadline)));
            late.as_mut().poll(cx).map(|()| None)
        })
        .await;
        let Some(lock) = lock else {
            let message = "earlier writes to the same resource did not end before the deadline";
            return Err(Error::new(ErrorKind::Timeout, message));
        };
        let waited = waiting.map_or(Duration::ZERO, |(since, _)| clock.now().saturating_duration_since(since));
        Ok(KeyGuard { _lock: lock, _user: user, waited })
    }

    /// How many keys are held or waited for.
    pub fn len(&self) -> usize {
        self.slots().len()
    }

    /// Whether no key is held.
    pub fn is_empty(&self) -> bool {
        self.slots().is_empty()
    }

    fn enter(&self, key: &str) -> (User, Arc<AsyncMutex<()>>) {
        let mut slots = self.slots();
        let key = slots.get_key_value(key).map_or_else(|| Arc::from(key), |(key, _)| Arc::clone(key));
        let slot = slots.entry(Arc::clone(&key)).or_default();
        slot.users += 1;
        (User { locks: self.clone(), key }, Arc::clone(&slot.lock))
    }

    fn slots(&self) -> MutexGuard<'_, HashMap<Arc<str>, Slot>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for User {
    fn drop(&mut self) {
        let mut slots = self.locks.slots();
        let Some(slot) = slots.get_mut(&self.key) else { return };
        slot.users -= 1;
        if slot.users == 0 {
            slots.remove(&self.key);
        }
    }
}
