//! What one window counts, and for how long.
//!
//! A request is sent, answered after its latency `l`, and stamped by the provider at an unknown time in between. For
//! the provider, two requests are as far apart as their sends, give or take how much the ways to their stamps differ:
//! the later one gains at most `l - fastest` on the earlier one, `fastest` being the shortest latency there is. So an
//! entry that stays for the window and `l - fastest` more is safe, and costs nothing while the latency is constant.
//!
//! Under jitter it does cost, for nothing if the provider stamps at arrival, as most do. So that margin is at most
//! 1/64 of the window, until a throttle teaches better.

use std::cmp::max;
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use super::{ALL, Window};
use crate::clock::FOREVER;

/// The share of the window that the margin takes untaught. Together with late timers it stays below 2 %.
const UNTAUGHT: u32 = 64;

/// A throttle may have had other reasons, such as another client with the same key: what it taught does not tax for
/// longer than this.
const MEMORY: Duration = Duration::from_secs(3600);

#[derive(Debug)]
pub(super) struct Log {
    pub(super) window: Window,
    pub(super) used: u64,
    /// By the time at which they fall out. While its request is under way, an entry's time is the earliest possible.
    entries: BTreeMap<(Instant, u64), Entry>,
    /// Where the entries stand whose requests are under way for longer than the window.
    overdue: HashMap<u64, Instant>,
    fastest: Fastest,
    lessons: u32,
    taught: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    cost: u32,
    under_way_since: Option<Instant>,
}

impl Log {
    pub(super) fn new(mut window: Window) -> Self {
        window.per = window.per.min(FOREVER);
        Self {
            window,
            used: 0,
            entries: BTreeMap::new(),
            overdue: HashMap::new(),
            fastest: Fastest::default(),
            lessons: 0,
            taught: None,
        }
    }

    pub(super) fn counts(&self, group: &str) -> bool {
        self.window.group == ALL || self.window.group == group
    }

    pub(super) fn start(&mut self, id: u64, cost: u32, now: Instant) {
        self.add((now + self.window.per, id), Entry { cost, under_way_since: Some(now) });
    }

    /// The request was never sent.
    pub(super) fn cancel(&mut self, id: u64, sent: Instant) {
        let until = self.overdue.remove(&id).unwrap_or(sent + self.window.per);
        if let Some(entry) = self.entries.remove(&(until, id)) {
            self.used -= u64::from(entry.cost);
        }
    }

    /// The request is over: answered, or given up.
    pub(super) fn stop(&mut self, id: u64, cost: u32, sent: Instant, answered: bool, now: Instant) {
        self.cancel(id, sent);
        let latency = now.saturating_duration_since(sent);
        if answered {
            self.fastest.learn(latency);
        }
        let until = sent + self.window.per + self.margin(latency);
        if until > now {
            self.add((until, id), Entry { cost, under_way_since: None });
        }
    }

    /// A request sent at `sent` was refused although this log had room. Those that were under way when the last lesson
    /// was learnt teach nothing new.
    pub(super) fn teach(&mut self, sent: Instant, now: Instant) {
        if self.taught.is_none_or(|taught| sent > taught) {
            self.lessons += 1;
            self.taught = Some(now);
        }
    }

    pub(super) fn expire(&mut self, now: Instant) {
        if self.taught.is_some_and(|taught| now.saturating_duration_since(taught) >= MEMORY) {
            (self.lessons, self.taught) = (0, None);
        }
        while let Some(first) = self.entries.first_entry().filter(|entry| entry.key().0 <= now) {
            let ((_, id), entry) = first.remove_entry();
            self.used -= u64::from(entry.cost);
            self.overdue.remove(&id);
            let Some(sent) = entry.under_way_since else { continue };
            // It may still be stamped: it counts as if the answer came right now.
            let until = sent + self.window.per + self.margin(now.saturating_duration_since(sent));
            if until > now {
                let until = max(until, now + self.window.per / UNTAUGHT);
                self.overdue.insert(id, until);
                self.add((until, id), entry);
            }
        }
    }

    /// How long until the last of `cost` fits in, if every unit goes as early as it can.
    pub(super) fn wait(&self, cost: u64, now: Instant) -> Duration {
        let limit = u64::from(self.window.limit).max(1);
        let full_windows = cost.saturating_sub(1) / limit;
        let mut excess = (self.used + cost - full_windows * limit).saturating_sub(limit);
        let mut wait = Duration::ZERO;
        for ((until, _), entry) in &self.entries {
            if excess == 0 {
                break;
            }
            wait = until.saturating_duration_since(now);
            excess = excess.saturating_sub(entry.cost.into());
        }
        wait.saturating_add(self.times(full_windows))
    }

    /// What [`Log::wait`] never exceeds, as long as no entry has a margin.
    pub(super) fn longest_wait(&self, cost: u64) -> Duration {
        self.times(cost.saturating_sub(1) / u64::from(self.window.limit).max(1) + 1)
    }

    /// For how much longer than its window a request of this latency counts, from its send.
    fn margin(&self, latency: Duration) -> Duration {
        let jitter = latency.saturating_sub(self.fastest.get());
        match self.lessons {
            0 => jitter.min(self.window.per / UNTAUGHT),
            1 => jitter,
            // Counted from the answer: safe whatever the provider does.
            _ => latency,
        }
    }

    fn add(&mut self, key: (Instant, u64), entry: Entry) {
        self.used += u64::from(entry.cost);
        self.entries.insert(key, entry);
    }

    fn times(&self, windows: u64) -> Duration {
        self.window.per.saturating_mul(u32::try_from(windows).unwrap_or(u32::MAX))
    }
}

/// The shortest of the last 64 to 128 latencies: a lucky answer long ago does not tax for ever.
#[derive(Debug, Default)]
struct Fastest {
    earlier: Option<Duration>,
    lately: Option<Duration>,
    seen: u32,
}

impl Fastest {
    const GENERATION: u32 = 64;

    fn learn(&mut self, latency: Duration) {
        self.lately = Some(self.lately.map_or(latency, |lately| lately.min(latency)));
        self.seen += 1;
        if self.seen == Self::GENERATION {
            (self.earlier, self.lately, self.seen) = (self.lately, None, 0);
        }
    }

    /// Zero, which is always safe, as long as nothing is known.
    fn get(&self) -> Duration {
        self.earlier.into_iter().chain(self.lately).min().unwrap_or_default()
    }
}
