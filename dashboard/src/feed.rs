//! What changes, told to all who watch.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::broadcast;

use crate::model::Update;
use crate::store;

/// So many updates can be caught up with.
const KEPT: usize = 2048;

/// An update on its way: made into JSON once for all who watch.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its place: one more than that of the update before, in this run of the program.
    pub number: u64,
    /// The name of its kind.
    pub name: &'static str,
    /// Its JSON.
    pub json: Arc<str>,
}

/// What a watcher gets.
#[derive(Debug, Clone)]
pub enum Seen {
    /// The next update; none is left out, none comes twice.
    Update(Message),
    /// Too many were missed: look at everything anew. What follows goes on from then.
    Reset,
}

#[derive(Debug)]
pub(crate) struct Feed {
    /// Another one in each run of the program.
    pub(crate) epoch: u64,
    live: broadcast::Sender<Message>,
    kept: Mutex<Kept>,
}

#[derive(Debug)]
struct Kept {
    /// From 1 on, so that there is a number before the first.
    next: u64,
    messages: VecDeque<Message>,
}

impl Feed {
    pub(crate) fn new(epoch: u64) -> Self {
        Self {
            epoch,
            live: broadcast::Sender::new(KEPT),
            kept: Mutex::new(Kept { next: 1, messages: VecDeque::new() }),
        }
    }

    pub(crate) fn tell(&self, update: &Update) {
        let Ok(json) = store::json(update) else { return };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let message = Message { number: kept.next, name: update.name(), json: json.into() };
        kept.next += 1;
        if kept.messages.len() == KEPT {
            kept.messages.pop_front();
        }
        kept.messages.push_back(message.clone());
        // Under the lock, so that the order is the same for everybody; nobody may be watching.
        let _ = self.live.send(message);
    }

    /// Watches from now on, or from after `last` where that is still known.
    pub(crate) fn watch(self: &Arc<Self>, last: Option<(u64, u64)>) -> Watch {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let live = self.live.subscribe();
        let mut missed = VecDeque::new();
        let mut at = kept.next - 1;
        if let Some((epoch, last)) = last {
            let first = kept.messages.front().map_or(kept.next, |message| message.number);
            if epoch == self.epoch && (first..=kept.next).contains(&last.saturating_add(1)) {
                let after = kept.messages.iter().filter(|message| message.number > last);
                missed.extend(after.cloned().map(Seen::Update));
                at = last;
            } else {
                missed.push_back(Seen::Reset);
            }
        }
        Watch { epoch: self.epoch, last: at, missed, live, feed: Arc::downgrade(self) }
    }
}

/// Watches what changes, until it is dropped.
#[derive(Debug)]
pub struct Watch {
    /// The run of the program that the numbers belong to.
    pub epoch: u64,
    /// The update that it has come to: what follows has higher numbers.
    pub last: u64,
    missed: VecDeque<Seen>,
    live: broadcast::Receiver<Message>,
    /// Weak, so that a watch ends with the hub.
    feed: Weak<Feed>,
}

impl Watch {
    /// What comes next; `None` when the hub has gone.
    pub async fn next(&mut self) -> Option<Seen> {
        let seen = match self.missed.pop_front() {
            Some(seen) => seen,
            None => match self.live.recv().await {
                Ok(message) => Seen::Update(message),
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    // What is left of the queue is older than the look that follows.
                    *self = self.feed.upgrade()?.watch(None);
                    Seen::Reset
                }
                Err(broadcast::error::RecvError::Closed) => return None,
            },
        };
        if let Seen::Update(message) = &seen {
            self.last = message.number;
        }
        Some(seen)
    }
}
