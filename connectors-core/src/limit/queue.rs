//! Who waits, and who goes first.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::Priority;

/// After so many interactive turns in a row, bulk work that waits gets one.
const INTERACTIVE_TURNS: u32 = 3;

/// What a caller asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    pub(super) group: &'static str,
    pub(super) cost: u32,
    pub(super) priority: Priority,
    pub(super) deadline: Instant,
}

/// The one queued call that watches the time, for all.
#[derive(Debug)]
pub(super) struct Alarm {
    pub(super) at: Instant,
    pub(super) id: u64,
    pub(super) notify: Arc<Notify>,
}

#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) interactive: Queue,
    pub(super) bulk: Queue,
    pub(super) turns: Turns,
    pub(super) paused_until: Option<Instant>,
}

/// Waiting calls by arrival.
#[derive(Debug, Default)]
pub(super) struct Queue {
    pub(super) waiters: BTreeMap<u64, Waiter>,
    pub(super) cost: u64,
}

#[derive(Debug)]
pub(super) struct Waiter {
    pub(super) call: Call,
    pub(super) notify: Arc<Notify>,
}

/// Interactive turns in a row while bulk work waited.
#[derive(Debug, Default)]
pub(super) struct Turns(u32);

impl Group {
    pub(super) fn queue(&mut self, priority: Priority) -> &mut Queue {
        match priority {
            Priority::Interactive => &mut self.interactive,
            Priority::Bulk => &mut self.bulk,
        }
    }

    pub(super) fn queued(&self) -> usize {
        self.interactive.waiters.len() + self.bulk.waiters.len()
    }

    /// The call that goes next in this group. Nobody of the group overtakes it, or large calls would starve.
    pub(super) fn head(&self) -> Option<(u64, &Waiter)> {
        let (first, second) = match self.turns.preferred() {
            Priority::Interactive => (&self.interactive, &self.bulk),
            Priority::Bulk => (&self.bulk, &self.interactive),
        };
        let head = first.waiters.first_key_value().or_else(|| second.waiters.first_key_value());
        head.map(|(&id, waiter)| (id, waiter))
    }
}

impl Waiter {
    /// Moves the alarm to this call if it is the next to get its turn; a call too late for that is told so.
    pub(super) fn watch(&self, alarm: &mut Option<Alarm>, id: u64, wait: Duration, now: Instant) {
        let Some(at) = now.checked_add(wait).filter(|at| *at <= self.call.deadline) else {
            return self.notify.notify_one();
        };
        if alarm.as_ref().is_none_or(|alarm| at < alarm.at) {
            *alarm = Some(Alarm { at, id, notify: Arc::clone(&self.notify) });
        }
    }
}

impl Turns {
    pub(super) fn preferred(&self) -> Priority {
        if self.0 < INTERACTIVE_TURNS { Priority::Interactive } else { Priority::Bulk }
    }

    pub(super) fn count(&mut self, turn: Priority, bulk_waits: bool) {
        self.0 = if turn == Priority::Interactive && bulk_waits { self.0.saturating_add(1) } else { 0 };
    }
}
