//! Whose turn it is: the rate limiter without the waiting, a function of the time.

use std::cmp::max;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::log::Log;
use super::queue::{Alarm, Call, Group, Turns, Waiter};
use super::{ALL, GRACE, RateLimits, RateState, Stage, Window};
use crate::error::{Error, ErrorKind, Result};

/// Counts, queues and turns of one limiter.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    logs: Vec<Log>,
    max_in_flight: Option<usize>,
    in_flight: usize,
    groups: BTreeMap<String, Group>,
    turns: Turns,
    /// Turns given to queued calls that have not picked them up yet, with the time of the grant.
    granted: HashMap<u64, Instant>,
    alarm: Option<Alarm>,
    last_id: u64,
}

impl Schedule {
    pub(super) fn new(limits: &RateLimits) -> Self {
        // A window of no length limits nothing.
        let logs = limits.windows().filter(|window| !window.per.is_zero()).map(|&window| Log::new(window)).collect();
        Self { logs, max_in_flight: limits.max_in_flight(), ..Self::default() }
    }

    /// Takes a call in under a new id: started already, or queued, to be told through the `Notify`.
    pub(super) fn enter(&mut self, call: Call, now: Instant) -> Result<(u64, Option<Arc<Notify>>)> {
        self.check(call)?;
        self.expire(now);
        self.last_id += 1;
        let id = self.last_id;
        let nobody_waits = self.groups.values().all(|group| group.queued() == 0);
        if nobody_waits && self.has_slot() && max(self.own_wait(call, now), self.wait(ALL, call, now)).is_zero() {
            self.start(id, call, now);
            return Ok((id, None));
        }
        let ahead = self.groups.get_mut(call.group).map_or(0, |group| group.queue(call.priority).cost);
        self.foresee(call, ahead, now)?;
        let notify = Arc::new(Notify::new());
        let queue = self.groups.entry(call.group.to_owned()).or_default().queue(call.priority);
        queue.cost += u64::from(call.cost);
        queue.waiters.insert(id, Waiter { call, notify: Arc::clone(&notify) });
        self.advance(now);
        Ok((id, Some(notify)))
    }

    /// Whether the queued call has got its turn.
    pub(super) fn pick_up(&mut self, id: u64, call: Call, now: Instant) -> Result<bool> {
        if !self.granted.contains_key(&id) {
            self.advance(now);
        }
        let Some(granted) = self.granted.remove(&id) else {
            return self.foresee(call, 0, now).map(|()| false);
        };
        if granted < now {
            // It is sent now, and must not be forgotten before the provider does.
            for log in self.counting(call.group) {
                log.cancel(id, granted);
                log.start(id, call.cost, now);
            }
        }
        Ok(true)
    }

    /// When the call has to look again by itself: one for all, and the others soon after in case that one is not polled.
    pub(super) fn alarm_of(&self, id: u64) -> Option<Instant> {
        self.alarm.as_ref().map(|alarm| if alarm.id == id { alarm.at } else { alarm.at + GRACE })
    }

    /// The provider has stamped the request by now at the latest.
    pub(super) fn answered(&mut self, id: u64, call: &Call, sent: Instant, now: Instant) {
        self.stop(id, call, sent, true, now);
        self.advance(now);
    }

    /// Takes a call out: its request is over, or it is not wanted any more.
    pub(super) fn leave(&mut self, id: u64, call: &Call, stage: Stage, now: Instant) {
        match stage {
            Stage::Answered => self.in_flight -= 1,
            Stage::Sent(sent) => {
                self.in_flight -= 1;
                self.stop(id, call, sent, false, now);
            }
            Stage::Queued => match self.granted.remove(&id) {
                Some(granted) => {
                    self.in_flight -= 1;
                    self.counting(call.group).for_each(|log| log.cancel(id, granted));
                }
                None => drop(self.dequeue(id, call)),
            },
        }
        self.advance(now);
    }

    /// A request sent at `sent` was refused for coming too soon.
    pub(super) fn teach(&mut self, group: &str, sent: Instant, now: Instant) {
        self.counting(group).for_each(|log| log.teach(sent, now));
    }

    pub(super) fn pause(&mut self, group: &str, until: Instant, now: Instant) {
        let paused = &mut self.groups.entry(group.to_owned()).or_default().paused_until;
        *paused = max(*paused, Some(until));
        self.advance(now);
    }

    pub(super) fn state(&mut self, group: &str, now: Instant) -> RateState {
        self.expire(now);
        let fullness =
            |a: &&Log, b: &&Log| (a.used * u64::from(b.window.limit)).cmp(&(b.used * u64::from(a.window.limit)));
        let log = self.logs.iter().filter(|log| log.counts(group)).max_by(fullness);
        let queues = self.groups.iter().filter(|(name, _)| group == ALL || group == *name);
        RateState {
            in_flight: self.in_flight,
            queued: queues.map(|(_, group)| group.queued()).sum(),
            used: log.map_or(0, |log| log.used),
            limit: log.map_or(0, |log| log.window.limit),
            per: log.map_or(Duration::ZERO, |log| log.window.per),
            paused_for: max(self.paused_for(group, now), self.paused_for(ALL, now)),
        }
    }

    fn check(&self, call: Call) -> Result<()> {
        if self.max_in_flight == Some(0) {
            return Err(Error::config("limits", "they allow no request in flight"));
        }
        let narrow = self.logs.iter().find(|log| log.counts(call.group) && call.cost > log.window.limit);
        narrow.map_or(Ok(()), |log| {
            let Window { limit, per, .. } = log.window;
            let message =
                format!("a call of group `{}` costs {}, but only {limit} fit in {per:?}", call.group, call.cost);
            Err(Error::config("limits", message))
        })
    }

    /// Fails if the call, with cost `ahead` of it in its queue, certainly misses its deadline.
    fn foresee(&self, call: Call, ahead: u64, now: Instant) -> Result<()> {
        let left = call.deadline.saturating_duration_since(now);
        let cost = ahead + u64::from(call.cost);
        let wait = self
            .logs
            .iter()
            // The exact wait is a walk through the log: not for a call that has the time in any case.
            .filter(|log| log.counts(call.group) && log.longest_wait(cost) > left)
            .map(|log| log.wait(cost, now))
            .fold(max(self.paused_for(call.group, now), self.paused_for(ALL, now)), max);
        if wait <= left && now < call.deadline {
            return Ok(());
        }
        let message = format!("the limits of group `{}` leave no turn before the deadline", call.group);
        let error = Error::new(ErrorKind::RateLimited, message).with_hint("allow it more time, or make fewer calls");
        Err(if wait.is_zero() { error } else { error.with_retry_after(wait) })
    }

    /// Gives every turn that can be given now, and sets the alarm for the next one.
    fn advance(&mut self, now: Instant) {
        self.expire(now);
        let alarm = loop {
            match self.next(now) {
                Ok((id, call)) => self.grant(id, call, now),
                Err(alarm) => break alarm,
            }
        };
        let key = |alarm: &Alarm| (alarm.at, alarm.id);
        if self.alarm.as_ref().map(key) != alarm.as_ref().map(key) {
            self.alarm.iter().chain(&alarm).for_each(|alarm| alarm.notify.notify_one());
        }
        self.alarm = alarm;
    }

    /// The queued call whose turn it is, or else when to look again.
    fn next(&self, now: Instant) -> std::result::Result<(u64, Call), Option<Alarm>> {
        if !self.has_slot() {
            return Err(None);
        }
        let preferred = self.turns.preferred();
        let rank = |id: u64, waiter: &Waiter| (waiter.call.priority != preferred, id);
        let mut alarm = None;
        let mut first: Option<(u64, &Waiter)> = None;
        for (id, waiter) in self.groups.values().filter_map(Group::head) {
            let wait = self.own_wait(waiter.call, now);
            if !wait.is_zero() {
                waiter.watch(&mut alarm, id, wait, now);
            } else if first.is_none_or(|(other_id, other)| rank(id, waiter) < rank(other_id, other)) {
                first = Some((id, waiter));
            }
        }
        let Some((id, waiter)) = first else { return Err(alarm) };
        let wait = self.wait(ALL, waiter.call, now);
        if wait.is_zero() {
            return Ok((id, waiter.call));
        }
        waiter.watch(&mut alarm, id, wait, now);
        Err(alarm)
    }

    fn grant(&mut self, id: u64, call: Call, now: Instant) {
        if let Some(waiter) = self.dequeue(id, &call) {
            waiter.notify.notify_one();
        }
        let bulk_waits = self.groups.values().any(|group| !group.bulk.waiters.is_empty());
        self.turns.count(call.priority, bulk_waits);
        if let Some(group) = self.groups.get_mut(call.group) {
            group.turns.count(call.priority, !group.bulk.waiters.is_empty());
        }
        self.start(id, call, now);
        self.granted.insert(id, now);
    }

    fn dequeue(&mut self, id: u64, call: &Call) -> Option<Waiter> {
        let queue = self.groups.get_mut(call.group)?.queue(call.priority);
        let waiter = queue.waiters.remove(&id)?;
        queue.cost -= u64::from(call.cost);
        Some(waiter)
    }

    fn start(&mut self, id: u64, call: Call, now: Instant) {
        self.in_flight += 1;
        self.counting(call.group).for_each(|log| log.start(id, call.cost, now));
    }

    fn stop(&mut self, id: u64, call: &Call, sent: Instant, answered: bool, now: Instant) {
        self.counting(call.group).for_each(|log| log.stop(id, call.cost, sent, answered, now));
    }

    /// The logs that calls of this group count in.
    fn counting(&mut self, group: &str) -> impl Iterator<Item = &mut Log> {
        self.logs.iter_mut().filter(move |log| log.counts(group))
    }

    fn expire(&mut self, now: Instant) {
        self.logs.iter_mut().for_each(|log| log.expire(now));
    }

    fn has_slot(&self) -> bool {
        self.max_in_flight.is_none_or(|most| self.in_flight < most)
    }

    /// How long the call has to wait for its own group alone.
    fn own_wait(&self, call: Call, now: Instant) -> Duration {
        if call.group == ALL { Duration::ZERO } else { self.wait(call.group, call, now) }
    }

    fn wait(&self, scope: &str, call: Call, now: Instant) -> Duration {
        let logs = self.logs.iter().filter(|log| log.window.group == scope);
        logs.map(|log| log.wait(call.cost.into(), now)).fold(self.paused_for(scope, now), max)
    }

    fn paused_for(&self, group: &str, now: Instant) -> Duration {
        let until = self.groups.get(group).and_then(|group| group.paused_until);
        until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now))
    }
}
