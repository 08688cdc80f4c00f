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
    /// Goes up with every week, and with every account.
    era: u64,
    told: Used,
    pub(super) since: Used,
    /// Requests whose answer may still count.
    pub(super) under_way: u64,
    /// The places that reports were asked on.
    pub(super) asked: HashSet<VenueId>,
    /// The places of the reports under way, and of how many.
    taken: HashMap<VenueId, u32>,
    /// How many of these have not been asked on.
    open: u64,
    /// Whether Placer refused a place.
    pub(super) closed: bool,
    /// When Placer was last asked what is used.
    pub(super) tried_at: Option<Instant>,
    /// Whether that came to an end.
    pub(super) was_answered: bool,
    /// When it last said so.
    pub(super) told_at: Option<DateTime<Utc>>,
}

impl Week {
    pub(super) fn new(renews_at: DateTime<Utc>) -> Self {
        Self {
            renews_at,
            era: 0,
            told: Used::default(),
            since: Used::default(),
            under_way: 0,
            asked: HashSet::new(),
            taken: HashMap::new(),
            open: 0,
            closed: false,
            tried_at: None,
            was_answered: false,
            told_at: None,
        }
    }

    /// Begins anew. What is under way stays so.
    pub(super) fn renew(&mut self, renews_at: DateTime<Utc>) {
        let (era, under_way, taken) = (self.era + 1, self.under_way, std::mem::take(&mut self.taken));
        *self = Self { era, under_way, open: taken.len() as u64, taken, ..Self::new(renews_at) };
    }

    pub(super) fn calls(&self) -> u64 {
        self.told.calls.saturating_add(self.since.calls)
    }

    /// Placer's number may be behind; ours lacks what others asked about.
    pub(super) fn places(&self) -> u64 {
        self.told.places.saturating_add(self.since.places).max(self.asked.len() as u64)
    }

    /// What this client has counted, and when: for [`told`](Self::told).
    pub(super) fn counted(&self) -> (Used, u64) {
        (self.since, self.era)
    }

    /// Placer said what is used; it knows at least what had been counted when it was asked.
    pub(super) fn told(&mut self, usage: &UsageStatus, asked: &(Used, u64), now: DateTime<Utc>) {
        let (before, era) = asked;
        if *era != self.era {
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
            let (known, taken) = (self.asked.contains(venue), self.taken.contains_key(venue));
            let full = || limit.is_some_and(|limit| self.places().saturating_add(self.open) >= limit);
            if !known && (self.closed || (!taken && full())) {
                refused.push(venue.clone());
                continue;
            }
            self.open += u64::from(!known && !taken);
            *self.taken.entry(venue.clone()).or_default() += 1;
        }
        refused
    }

    pub(super) fn ask(&mut self, venues: &[VenueId]) {
        for venue in venues {
            let new = self.asked.insert(venue.clone());
            self.since.places += u64::from(new);
            self.open -= u64::from(new && self.taken.contains_key(venue));
        }
    }

    pub(super) fn release(&mut self, venues: &[VenueId]) {
        for venue in venues {
            if let Some(reports) = self.taken.get_mut(venue) {
                *reports = reports.saturating_sub(1);
                if *reports == 0 {
                    self.taken.remove(venue);
                    self.open -= u64::from(!self.asked.contains(venue));
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
        assert_eq!(week.admit(&ids(3..4), Some(3)), ids(3..4), "one is still taken");
        week.release(&ids(0..3));
        week.release(&ids(2..3));
        assert_eq!(week.places(), 2);
        assert!(week.admit(&ids(3..4), Some(3)).is_empty(), "one was given back");
        assert_eq!(week.admit(&ids(4..5), Some(3)), ids(4..5));
    }

    #[test]
    fn a_report_of_last_week_gives_back_no_more_than_it_took() {
        let mut week = week();
        for _ in 0..2 {
            assert!(week.admit(&ids(0..1), Some(1)).is_empty());
            week.ask(&ids(0..1));
        }
        week.renew(DateTime::<Utc>::MAX_UTC);
        assert!(week.admit(&ids(0..1), Some(1)).is_empty());
        week.release(&ids(0..1));
        week.release(&ids(0..1));
        assert_eq!(week.admit(&ids(1..2), Some(1)), ids(1..2), "it is still taken by the third");
        week.release(&ids(0..1));
        assert!(week.admit(&ids(1..2), Some(1)).is_empty());
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
        week.renew(week.renews_at);
        week.told(&usage, &asked, DateTime::UNIX_EPOCH);
        assert_eq!((week.calls(), week.told_at), (0, None), "that was another week, or account");
        let absurd = UsageStatus { used_quota: u64::MAX, queried_pois: u64::MAX, ..usage };
        week.told(&absurd, &week.counted(), DateTime::UNIX_EPOCH);
        week.ask(&ids(0..1));
        assert_eq!(week.admit(&ids(1..2), Some(3)), ids(1..2));
    }
}
