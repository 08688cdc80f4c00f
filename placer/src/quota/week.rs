//! What is used of one week.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use chrono::{DateTime, Utc};

use crate::model::{UsageStatus, VenueId};

/// A use of the quotas.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Used {
    pub(super) calls: u64,
    pub(super) places: u64,
}

/// One week, as Placer told of it and as this client counted since.
#[derive(Debug)]
pub(super) struct Week {
    pub(super) renews_at: DateTime<Utc>,
    told: Used,
    pub(super) since: Used,
    /// Requests whose answer may still count.
    pub(super) under_way: u64,
    /// The places that reports were asked on.
    pub(super) asked: HashSet<VenueId>,
    /// Those not asked about yet that a report under way may be counted for, and how many reports are.
    taken: HashMap<VenueId, u32>,
    /// Whether Placer refused a place.
    pub(super) closed: bool,
    /// When Placer was last asked what is used.
    pub(super) tried_at: Option<Instant>,
    /// When it last said so.
    pub(super) told_at: Option<DateTime<Utc>>,
}

impl Week {
    pub(super) fn new(renews_at: DateTime<Utc>) -> Self {
        Self {
            renews_at,
            told: Used::default(),
            since: Used::default(),
            under_way: 0,
            asked: HashSet::new(),
            taken: HashMap::new(),
            closed: false,
            tried_at: None,
            told_at: None,
        }
    }

    /// Begins anew. What is under way stays so.
    pub(super) fn renew(&mut self, renews_at: DateTime<Utc>) {
        let (under_way, taken) = (self.under_way, std::mem::take(&mut self.taken));
        *self = Self { under_way, taken, ..Self::new(renews_at) };
    }

    pub(super) fn calls(&self) -> u64 {
        self.told.calls + self.since.calls
    }

    /// Placer's number may be behind; ours lacks what others asked about.
    pub(super) fn places(&self) -> u64 {
        (self.told.places + self.since.places).max(self.asked.len() as u64)
    }

    /// What this client has counted, and in which week: for [`told`](Self::told).
    pub(super) fn counted(&self) -> (Used, DateTime<Utc>) {
        (self.since, self.renews_at)
    }

    /// Placer said what is used; it knows at least what had been counted when it was asked.
    pub(super) fn told(&mut self, usage: &UsageStatus, asked: &(Used, DateTime<Utc>), now: DateTime<Utc>) {
        let (before, renews_at) = asked;
        if *renews_at != self.renews_at {
            return;
        }
        self.told = Used { calls: usage.used_quota, places: usage.queried_pois };
        self.since.calls = self.since.calls.saturating_sub(before.calls);
        self.since.places = self.since.places.saturating_sub(before.places);
        self.told_at = Some(now);
    }

    /// Takes places for those that need one; gives those for which there is none.
    pub(super) fn admit(&mut self, venues: &[VenueId], limit: Option<u64>) -> Vec<VenueId> {
        let mut refused = Vec::new();
        for venue in venues {
            if self.asked.contains(venue) {
                continue;
            }
            let full = limit.is_some_and(|limit| self.places() + self.taken.len() as u64 >= limit);
            match self.taken.get_mut(venue) {
                Some(reports) if !self.closed => *reports += 1,
                None if !self.closed && !full => drop(self.taken.insert(venue.clone(), 1)),
                _ => refused.push(venue.clone()),
            }
        }
        refused
    }

    pub(super) fn ask(&mut self, venues: &[VenueId]) {
        for venue in venues {
            self.since.places += u64::from(self.asked.insert(venue.clone()));
            // From now on it is counted there.
            self.taken.remove(venue);
        }
    }

    pub(super) fn release(&mut self, venues: &[VenueId]) {
        for venue in venues {
            if let Some(reports) = self.taken.get_mut(venue) {
                *reports = reports.saturating_sub(1);
                if *reports == 0 {
                    self.taken.remove(venue);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(range: std::ops::Range<usize>) -> Vec<VenueId> {
        range.map(|n| VenueId::new(format!("venue:{n:024x}")).unwrap()).collect()
    }

    fn week() -> Week {
        Week::new(DateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_place_is_taken_once_however_many_reports_are_on_it() {
        let mut week = week();
        assert!(week.admit(&ids(0..3), Some(3)).is_empty());
        assert!(week.admit(&ids(0..3), Some(3)).is_empty(), "they are taken already");
        assert_eq!(week.admit(&ids(2..5), Some(3)), ids(3..5));
        week.release(&ids(0..3));
        week.ask(&ids(0..2));
        week.release(&ids(0..3));
        week.release(&ids(2..3));
        assert_eq!(week.places(), 2);
        assert!(week.admit(&ids(3..4), Some(3)).is_empty(), "one was given back");
        assert_eq!(week.admit(&ids(4..5), Some(3)), ids(4..5));
    }

    #[test]
    fn nothing_new_after_a_refusal_until_the_week_is_renewed() {
        let mut week = week();
        week.ask(&ids(0..1));
        week.closed = true;
        assert_eq!(week.admit(&ids(0..2), None), ids(1..2));
        week.renew(DateTime::<Utc>::MAX_UTC);
        assert!(week.admit(&ids(0..2), None).is_empty());
        assert_eq!((week.calls(), week.places()), (0, 0));
    }

    #[test]
    fn what_placer_says_replaces_what_had_been_counted_when_it_was_asked() {
        let mut week = week();
        week.since.calls = 5;
        week.ask(&ids(0..2));
        let asked = week.counted();
        week.since.calls += 2;
        week.ask(&ids(2..3));
        let usage = UsageStatus { used_quota: 40, queried_pois: 9, weekly_usage_by_endpoint: Vec::new() };
        week.told(&usage, &asked, DateTime::UNIX_EPOCH);
        assert_eq!((week.calls(), week.places()), (42, 10));
        week.renew(DateTime::<Utc>::MAX_UTC);
        week.told(&usage, &asked, DateTime::UNIX_EPOCH);
        assert_eq!((week.calls(), week.told_at), (0, None), "that was another week");
    }
}
