//! Turns: one at a time for each key, in the order of asking.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::LinkKey;

type KeyLock = Arc<tokio::sync::Mutex<()>>;

/// A lock per key, kept only while somebody holds it or waits for it.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<HashMap<LinkKey, Queue>>);

#[derive(Debug, Default)]
struct Queue {
    turns: usize,
    lock: KeyLock,
}

/// A place in the queue of one key: await [`Turn::comes`] and hold what it returns.
#[derive(Debug)]
pub(super) struct Turn<'a> {
    turns: &'a Turns,
    key: &'a LinkKey,
    lock: KeyLock,
}

impl Turns {
    pub(super) fn queue<'a>(&'a self, key: &'a LinkKey) -> Turn<'a> {
        let mut queues = self.queues();
        let queue = queues.entry(key.clone()).or_default();
        queue.turns += 1;
        Turn { turns: self, key, lock: queue.lock.clone() }
    }

    fn queues(&self) -> MutexGuard<'_, HashMap<LinkKey, Queue>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    pub(super) async fn comes(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.lock.lock().await
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut queues = self.turns.queues();
        if let Some(queue) = queues.get_mut(self.key) {
            queue.turns -= 1;
            if queue.turns == 0 {
                queues.remove(self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_key_nobody_asks_for_takes_no_room() {
        let turns = Turns::default();
        let key = LinkKey::new("smartsheet", "row", "sheet-1", "event-1");
        let first = turns.queue(&key);
        let held = first.comes().await;
        drop(turns.queue(&key));
        assert_eq!(turns.queues().len(), 1);
        drop(held);
        drop(first);
        assert_eq!(turns.queues().len(), 0);
    }
}
