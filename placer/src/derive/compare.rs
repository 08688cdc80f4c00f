//! From rows to comparisons, moving windows and alerts.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{Days, NaiveDate};
use connectors_core::{DateRange, Error, Result};

use crate::dates::weeks_back;
use crate::model::{
    Against, Alert, ComparedDay, Comparison, ComparisonRow, Cost, Direction, FootfallDay, TrailingRow, VenueId,
    VisitSegment,
};

impl Against {
    /// The days that these are compared with. Fails with
    /// [`InvalidRequest`](connectors_core::ErrorKind::InvalidRequest) beyond the calendar.
    pub fn counterpart(self, range: DateRange) -> Result<DateRange> {
        match self {
            Self::WeekBefore => weeks_back(range, 1),
            Self::YearBefore => weeks_back(range, 52),
            Self::PeriodBefore => {
                let before = || Error::invalid("range", "reaches back beyond the calendar");
                let length = u32::try_from(range.len()).map_err(|_| before())?;
                DateRange::last_days(length, range.start().pred_opt().ok_or_else(before)?)
            }
            Self::Range(range) => Ok(range),
        }
    }
}

/// The rows of each venue by day, the venues in the order of their first rows.
fn by_venue<'a>(
    listed: &'a [VenueId],
    rows: impl IntoIterator<Item = &'a FootfallDay>,
) -> Vec<(&'a VenueId, BTreeMap<NaiveDate, &'a FootfallDay>)> {
    let mut venues: Vec<(&VenueId, BTreeMap<_, _>)> = listed.iter().map(|venue| (venue, BTreeMap::new())).collect();
    let mut positions: HashMap<_, _> = listed.iter().enumerate().map(|(position, venue)| (venue, position)).collect();
    for row in rows {
        let position = *positions.entry(&row.venue).or_insert(venues.len());
        if position == venues.len() {
            venues.push((&row.venue, BTreeMap::new()));
        }
        if let Some((_, days)) = venues.get_mut(position) {
            days.insert(row.date, row);
        }
    }
    venues
}

/// Compares the visits of the days of `current` with those of `previous`, for rows that are there already: the first
/// day with the first and so on, venue by venue. The rows may hold more days than those and come in any order.
///
/// A venue is listed when it has a row in either range.
pub fn compare<'a>(
    rows: impl IntoIterator<Item = &'a FootfallDay>,
    current: DateRange,
    previous: DateRange,
) -> Comparison {
    compare_all(&[], rows, current, previous)
}

/// The same, with these venues first, whether they have rows or not.
pub(crate) fn compare_all<'a>(
    listed: &'a [VenueId],
    rows: impl IntoIterator<Item = &'a FootfallDay>,
    current: DateRange,
    previous: DateRange,
) -> Comparison {
    let (mut venues, mut compared) = (Vec::new(), Vec::new());
    let relevant = rows.into_iter().filter(|row| current.contains(row.date) || previous.contains(row.date));
    for (venue, days) in by_venue(listed, relevant) {
        let (row, of_venue) = compare_venue(venue, &days, current, previous);
        venues.push(row);
        compared.extend(of_venue);
    }
    let total = total(&venues);
    Comparison { current, previous, total, venues, days: compared, failures: Vec::new(), cost: Cost::default() }
}

fn compare_venue(
    venue: &VenueId,
    days: &BTreeMap<NaiveDate, &FootfallDay>,
    current: DateRange,
    previous: DateRange,
) -> (ComparisonRow, Vec<ComparedDay>) {
    let pairs: Vec<(&FootfallDay, &FootfallDay)> = current
        .days()
        .zip(previous.days())
        .filter_map(|(day, before)| Some((*days.get(&day)?, *days.get(&before)?)))
        .collect();
    let (segment, mixed) = kind(pairs.iter().flat_map(|(day, before)| [&day.segment, &before.segment]));
    let all = count(current.len().max(previous.len()));
    let (visits, before) = pairs.iter().fold((0, 0), |(n, b), (day, before)| (n + day.visits, b + before.visits));
    let (change, change_percent) = change(visits, before, mixed);
    let row = ComparisonRow {
        venue: Some(venue.clone()),
        visits,
        previous_visits: before,
        change,
        change_percent,
        days: count(pairs.len()),
        missing: all.saturating_sub(count(pairs.len())),
        mixed_segments: mixed,
        segment,
    };
    let compared = pairs.into_iter().map(|(day, before)| {
        let (_, mixed) = kind([&day.segment, &before.segment]);
        let (change, change_percent) = self::change(day.visits, before.visits, mixed);
        ComparedDay {
            venue: venue.clone(),
            date: day.date,
            previous_date: before.date,
            visits: day.visits,
            previous_visits: before.visits,
            change,
            change_percent,
        }
    });
    (row, compared.collect())
}

/// The venues that can be compared, together.
fn total(venues: &[ComparisonRow]) -> ComparisonRow {
    let like: Vec<_> = venues.iter().filter(|row| !row.mixed_segments).collect();
    let (segment, mixed) = kind(like.iter().map(|row| &row.segment));
    let (visits, before) = like.iter().fold((0, 0), |(n, b), row| (n + row.visits, b + row.previous_visits));
    let left_out = venues.iter().filter(|row| row.mixed_segments).map(|row| row.days);
    let (change, change_percent) = change(visits, before, false);
    ComparisonRow {
        venue: None,
        visits,
        previous_visits: before,
        change,
        change_percent,
        days: like.iter().map(|row| row.days).sum(),
        missing: venues.iter().map(|row| row.missing).chain(left_out).sum(),
        mixed_segments: mixed || segment == Some(VisitSegment::Mixed),
        segment,
    }
}

/// What all of them count, as far as they tell, and whether they count different things. The stores of a chain may
/// differ in that; compared with itself, it still counts the same.
fn kind<'a>(segments: impl IntoIterator<Item = &'a Option<VisitSegment>>) -> (Option<VisitSegment>, bool) {
    let kinds: HashSet<_> = segments.into_iter().flatten().collect();
    let differ = kinds.len() > 1;
    (kinds.into_iter().next().filter(|_| !differ).cloned(), differ)
}

fn change(now: u64, before: u64, differ: bool) -> (Option<i64>, Option<f64>) {
    if differ {
        return (None, None);
    }
    let change = i64::try_from(i128::from(now) - i128::from(before)).ok();
    (change, percent(now, before))
}

#[expect(clippy::cast_precision_loss, reason = "a ratio of counts of people")]
fn percent(now: u64, before: u64) -> Option<f64> {
    (before > 0).then(|| (now as f64 - before as f64) / before as f64 * 100.0)
}

fn count(days: usize) -> u32 {
    u32::try_from(days).unwrap_or(u32::MAX)
}

/// Sums over the days up to each day, for rows that are there already.
///
/// ```
/// use connectors_placer::{FootfallDay, Trailing};
///
/// fn smooth(rows: &[FootfallDay]) -> Vec<(String, f64)> {
///     Trailing::new(7).of(rows).into_iter().map(|row| (row.date.to_string(), row.average)).collect()
/// }
/// assert!(smooth(&[]).is_empty());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Trailing {
    days: u32,
    partial: bool,
}

impl Trailing {
    /// Windows of so many days, at least one. Only those are given whose days all have data.
    pub fn new(days: u32) -> Self {
        Self { days: days.max(1), partial: false }
    }

    /// Gives windows that lack data for some of their days, too; [`TrailingRow::days`] tells how many have it.
    pub fn partial(mut self) -> Self {
        self.partial = true;
        self
    }

    /// How many days a window has.
    pub fn days(self) -> u32 {
        self.days
    }

    /// The windows that end on a day with data, venue by venue, in order. The rows may come in any order.
    #[expect(clippy::cast_precision_loss, reason = "an average of counts of people")]
    pub fn of<'a>(self, rows: impl IntoIterator<Item = &'a FootfallDay>) -> Vec<TrailingRow> {
        let mut windows = Vec::new();
        for (venue, days) in by_venue(&[], rows) {
            for date in days.keys().copied() {
                let first = date.checked_sub_days(Days::new(u64::from(self.days - 1))).unwrap_or(NaiveDate::MIN);
                let (mut visits, mut found, mut segments) = (0, 0_u32, Vec::new());
                for (_, row) in days.range(first..=date) {
                    visits += row.visits;
                    found += 1;
                    segments.push(&row.segment);
                }
                if self.partial || found == self.days {
                    windows.push(TrailingRow {
                        venue: venue.clone(),
                        date,
                        window: self.days,
                        days: found,
                        visits,
                        average: visits as f64 / f64::from(found.max(1)),
                        mixed_segments: kind(segments).1,
                    });
                }
            }
        }
        windows
    }
}

/// When recent days count as unlike those before, for rows that are there already.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AlertRule {
    percent: f64,
    recent: u32,
    baseline: u32,
}

impl AlertRule {
    /// The average of 7 days differs by so many percent or more from that of the 28 days before them. Both are whole
    /// weeks, so that weekdays make no difference.
    pub fn new(percent: f64) -> Self {
        Self { percent, recent: 7, baseline: 28 }
    }

    /// Looks at so many recent days and so many before them, at least one each.
    pub fn days(mut self, recent: u32, baseline: u32) -> Self {
        (self.recent, self.baseline) = (recent.max(1), baseline.max(1));
        self
    }

    /// How many days it takes to judge one.
    pub fn span(self) -> u32 {
        self.recent.saturating_add(self.baseline)
    }

    /// The days on which the rule applies, venue by venue, in order. Days without all the data that it takes are left
    /// out, and so are those for which different kinds of visits were counted. The rows may come in any order.
    pub fn of<'a>(self, rows: impl IntoIterator<Item = &'a FootfallDay>) -> Vec<Alert> {
        let rows: Vec<_> = rows.into_iter().collect();
        let before = Trailing::new(self.baseline).of(rows.iter().copied());
        let before: HashMap<_, _> = before.iter().map(|window| ((&window.venue, window.date), window)).collect();
        let whole = Trailing::new(self.span()).of(rows.iter().copied());
        let mixed: HashSet<_> =
            whole.iter().filter(|row| row.mixed_segments).map(|row| (&row.venue, row.date)).collect();
        let judge = |recent: TrailingRow| {
            let last = recent.date.checked_sub_days(Days::new(u64::from(self.recent)))?;
            let baseline =
                before.get(&(&recent.venue, last)).filter(|_| !mixed.contains(&(&recent.venue, recent.date)))?;
            let difference = recent.average - baseline.average;
            let change_percent = (baseline.average > 0.0).then(|| difference / baseline.average * 100.0);
            let is_large = change_percent.map_or(difference > 0.0, |percent| percent.abs() >= self.percent);
            let direction = if difference < 0.0 { Direction::Down } else { Direction::Up };
            is_large.then(|| Alert {
                venue: recent.venue.clone(),
                date: recent.date,
                average: recent.average,
                baseline: baseline.average,
                change_percent,
                direction,
            })
        };
        Trailing::new(self.recent).of(rows.iter().copied()).into_iter().filter_map(judge).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Quality;

    fn range(start: &str, end: &str) -> DateRange {
        DateRange::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
    }

    fn row(venue: char, date: NaiveDate, visits: u64) -> FootfallDay {
        FootfallDay {
            venue: VenueId::new(format!("venue:{}", String::from(venue).repeat(24))).unwrap(),
            date,
            visits,
            unique_visitors: None,
            avg_dwell_minutes: None,
            panel_visits: None,
            segment: Some(VisitSegment::AllVisits),
            quality: Quality::Reported,
        }
    }

    fn rows(venue: char, range: DateRange, visits: u64) -> Vec<FootfallDay> {
        range.days().map(|day| row(venue, day, visits)).collect()
    }

    #[test]
    fn counterparts_are_on_the_same_weekdays() {
        let week = range("2026-02-23", "2026-03-01");
        assert_eq!(Against::WeekBefore.counterpart(week).unwrap(), range("2026-02-16", "2026-02-22"));
        assert_eq!(Against::YearBefore.counterpart(week).unwrap(), range("2025-02-24", "2025-03-02"));
        let ten = range("2026-02-20", "2026-03-01");
        assert_eq!(Against::PeriodBefore.counterpart(ten).unwrap(), range("2026-02-10", "2026-02-19"));
        assert_eq!(Against::WeekBefore.counterpart(ten).unwrap(), range("2026-02-13", "2026-02-22"), "they overlap");
        let first = DateRange::single(NaiveDate::MIN);
        assert!(Against::PeriodBefore.counterpart(first).is_err() && Against::YearBefore.counterpart(first).is_err());
    }

    #[test]
    fn only_days_with_a_counterpart_are_compared() {
        let (now, before) = (range("2026-02-23", "2026-03-01"), range("2026-02-16", "2026-02-22"));
        let mut all = [rows('a', now, 120), rows('a', before, 100), rows('b', now, 50)].concat();
        all.retain(|row| row.date != "2026-02-17".parse().unwrap());
        let found = compare(&all, now, before);
        let [a, b] = &found.venues[..] else { panic!("two venues: {:?}", found.venues) };
        assert_eq!((a.days, a.missing, a.visits, a.previous_visits, a.change), (6, 1, 720, 600, Some(120)));
        assert!(a.change_percent.is_some_and(|percent| (percent - 20.0).abs() < 1e-9));
        assert_eq!((b.days, b.missing, b.change, b.change_percent), (0, 7, Some(0), None), "nothing to compare with");
        assert_eq!((found.total.days, found.total.missing, found.total.change), (6, 8, Some(120)));
        assert!(found.days.iter().all(|day| day.change == Some(20) && day.date != "2026-02-24".parse().unwrap()));
        assert!(compare(&[], now, before).venues.is_empty());
    }

    #[test]
    fn nothing_before_is_no_percentage_and_other_visits_are_no_change() {
        let (now, before) = (range("2026-02-23", "2026-03-01"), range("2026-02-16", "2026-02-22"));
        let from_zero = compare(&[rows('a', now, 10), rows('a', before, 0)].concat(), now, before);
        assert_eq!((from_zero.total.change, from_zero.total.change_percent), (Some(70), None));

        let mut short = rows('b', before, 100);
        for row in &mut short {
            row.segment = Some(VisitSegment::Under10Min);
        }
        let all = [rows('a', now, 120), rows('a', before, 100), rows('b', now, 300), short].concat();
        let found = compare(&all, now, before);
        let b = &found.venues[1];
        assert_eq!((b.mixed_segments, b.change, b.change_percent, &b.segment), (true, None, None, &None));
        assert_eq!((found.total.visits, found.total.days, found.total.missing), (840, 7, 7), "b is left out");
        assert!(!found.total.mixed_segments, "what is left counts the same");
        assert_eq!(found.days.iter().filter(|day| day.change.is_none()).count(), 7);
    }

    #[test]
    fn a_chain_of_unlike_stores_is_compared_with_itself() {
        let (now, before) = (range("2026-02-05", "2026-02-11"), range("2026-01-08", "2026-02-04"));
        let mut chain = [rows('a', now, 120), rows('a', before, 100)].concat();
        for row in &mut chain {
            row.segment = Some(VisitSegment::Mixed);
        }
        let found = compare(&chain, now, Against::WeekBefore.counterpart(now).unwrap());
        assert_eq!((found.venues[0].change, &found.venues[0].segment), (Some(140), &Some(VisitSegment::Mixed)));
        assert!(found.total.change == Some(140) && found.total.mixed_segments, "its sum mixes what stores count");
        assert_eq!(AlertRule::new(20.0).of(&chain).len(), 1);
    }

    #[test]
    fn ranges_of_different_length_are_compared_from_the_first_day_on() {
        let (march, february) = (range("2026-03-01", "2026-03-31"), range("2026-02-01", "2026-02-28"));
        let found = compare(&[rows('a', march, 10), rows('a', february, 10)].concat(), march, february);
        assert_eq!((found.total.days, found.total.missing, found.total.change), (28, 3, Some(0)));
    }

    #[test]
    fn windows_are_full_unless_asked_otherwise() {
        let mut days = rows('a', range("2026-02-01", "2026-02-10"), 10);
        days.remove(4);
        days.reverse();
        let full = Trailing::new(3).of(&days);
        let dates: Vec<_> = full.iter().map(|row| row.date.to_string()).collect();
        assert_eq!(dates, ["2026-02-03", "2026-02-04", "2026-02-08", "2026-02-09", "2026-02-10"]);
        assert!(full.iter().all(|row| row.visits == 30 && row.days == 3));
        let all = Trailing::new(3).partial().of(&days);
        assert_eq!((all.len(), all[0].days, all[0].visits), (9, 1, 10));
        assert!(all.iter().all(|row| (row.average - 10.0).abs() < 1e-9), "an average is of days with data");
    }

    #[test]
    fn recent_days_unlike_those_before_are_an_alert() {
        let mut days = rows('a', range("2026-01-01", "2026-01-28"), 100);
        days.extend(rows('a', range("2026-01-29", "2026-02-11"), 79));
        let alerts = AlertRule::new(20.0).of(&days);
        assert_eq!(alerts.first().map(|alert| alert.date.to_string()).as_deref(), Some("2026-02-04"));
        let first = &alerts[0];
        assert_eq!(first.direction, Direction::Down);
        assert!((first.average - 79.0).abs() < 1e-9 && (first.baseline - 100.0).abs() < 1e-9);
        assert!(first.change_percent.is_some_and(|percent| (percent + 21.0).abs() < 1e-9));
        assert!(AlertRule::new(25.0).of(&days).is_empty());
        days.remove(3);
        assert!(AlertRule::new(20.0).of(&days[..34]).is_empty(), "a day is missing");
    }
}
