//! Which days there is data for, and when quotas are renewed.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};
use connectors_core::{DateRange, Error, Result};

use crate::model::AvailabilityPolicy;

/// How many days Placer's data lags behind. Not documented; that far back, users have not been refused.
pub const DATA_LAG_DAYS: u64 = 4;

/// How many days a movement pattern is derived from unless told otherwise.
pub(crate) const MOVEMENT_DAYS: u32 = 28;

/// The latest day that Placer has complete data for: [`DATA_LAG_DAYS`] before `today`.
///
/// ```
/// let today = "2026-03-02".parse().expect("a date");
/// assert_eq!(connectors_placer::latest_complete_day(today).to_string(), "2026-02-26");
/// ```
pub fn latest_complete_day(today: NaiveDate) -> NaiveDate {
    before(today, DATA_LAG_DAYS)
}

pub(crate) fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN)
}

/// When the weekly quotas are renewed: the next Sunday, 00:00 UTC.
pub fn quota_renewal(now: DateTime<Utc>) -> DateTime<Utc> {
    let to_go = 7 - u64::from(now.weekday().num_days_from_sunday());
    let sunday = now.date_naive().checked_add_days(Days::new(to_go)).unwrap_or(NaiveDate::MAX);
    sunday.and_time(NaiveTime::MIN).and_utc()
}

/// The latest calendar month that ended on `until` or before.
///
/// ```
/// let month = connectors_placer::last_full_month("2026-03-02".parse().expect("a date"))?;
/// assert_eq!(month.to_string(), "2026-02-01 to 2026-02-28");
/// # Ok::<(), connectors_core::Error>(())
/// ```
pub fn last_full_month(until: NaiveDate) -> Result<DateRange> {
    trailing_months(1, until)
}

/// The latest `count` calendar months of which the last ended on `until` or before: 12 make a year.
///
/// Fails with [`InvalidRequest`](connectors_core::ErrorKind::InvalidRequest) on no months, and beyond the calendar.
pub fn trailing_months(count: u32, until: NaiveDate) -> Result<DateRange> {
    let ended = until.succ_opt().and_then(|next| next.with_day(1));
    let start = ended.and_then(|ended| ended.checked_sub_months(Months::new(count)));
    match (start, ended.and_then(|ended| ended.pred_opt())) {
        (Some(start), Some(end)) if count > 0 => DateRange::new(start, end),
        _ => Err(Error::invalid("range", format!("cannot hold {count} months up to {until}"))),
    }
}

/// The latest `count` weeks from Monday to Sunday of which the last ended on `until` or before.
///
/// Fails with [`InvalidRequest`](connectors_core::ErrorKind::InvalidRequest) on no weeks, and beyond the calendar.
pub fn last_full_weeks(count: u32, until: NaiveDate) -> Result<DateRange> {
    let days = count.checked_mul(7).ok_or_else(|| Error::invalid("range", "cannot hold so many weeks"))?;
    DateRange::last_days(days, before(until, u64::from(until.weekday().number_from_monday() % 7)))
}

/// The same days of the week, so many weeks earlier.
pub(crate) fn weeks_back(range: DateRange, weeks: u64) -> Result<DateRange> {
    let back = |day: NaiveDate| day.checked_sub_days(Days::new(weeks.saturating_mul(7)));
    match (back(range.start()), back(range.end())) {
        (Some(start), Some(end)) => DateRange::new(start, end),
        _ => Err(Error::invalid("range", "reaches back beyond the calendar")),
    }
}

/// Refuses days that have not come yet.
pub(crate) fn check_past(range: DateRange, today: NaiveDate) -> Result<()> {
    if range.end() > today {
        let message = format!("ends on {}, which is after today, {today}", range.end());
        return Err(Error::invalid("range", message));
    }
    Ok(())
}

impl AvailabilityPolicy {
    /// The days to ask for first, when there is data up to `latest`.
    pub(crate) fn apply(self, range: DateRange, latest: NaiveDate) -> Result<DateRange> {
        let too_late = |what: &str| {
            let message = format!("{what} after {latest}, the latest day with complete data");
            let hint = format!("data comes {DATA_LAG_DAYS} days late: ask for days up to {latest}");
            Err(Error::invalid("range", message).with_hint(hint))
        };
        match self {
            Self::ShiftBack { .. } => Ok(range),
            _ if range.end() <= latest => Ok(range),
            Self::Fail => too_late("ends"),
            Self::Clamp if range.start() > latest => too_late("starts"),
            Self::Clamp => DateRange::new(range.start(), latest),
        }
    }

    pub(crate) fn max_shifts(self) -> u32 {
        match self {
            Self::ShiftBack { max_months } => max_months,
            Self::Fail | Self::Clamp => 0,
        }
    }
}

/// The same days `months` earlier.
pub(crate) fn months_back(range: DateRange, months: u32) -> Result<DateRange> {
    let back = |day: NaiveDate| day.checked_sub_months(Months::new(months));
    match (back(range.start()), back(range.end())) {
        (Some(start), Some(end)) => DateRange::new(start, end),
        _ => Err(Error::invalid("availability", "shifts the range out of the calendar")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days(start: &str, end: &str) -> DateRange {
        DateRange::new(day(start), day(end)).unwrap()
    }

    #[test]
    fn a_range_beyond_the_data_is_cut_refused_or_left_to_placer() {
        let (range, latest) = (days("2026-02-20", "2026-03-01"), day("2026-02-26"));
        assert_eq!(AvailabilityPolicy::Clamp.apply(range, latest).unwrap(), days("2026-02-20", "2026-02-26"));
        assert_eq!(AvailabilityPolicy::ShiftBack { max_months: 1 }.apply(range, latest).unwrap(), range);
        assert_eq!(AvailabilityPolicy::Fail.apply(range, latest).unwrap_err().field(), Some("range"));
        let unborn = days("2026-02-27", "2026-03-01");
        assert_eq!(AvailabilityPolicy::Clamp.apply(unborn, latest).unwrap_err().field(), Some("range"));
        assert_eq!(months_back(range, 1).unwrap(), days("2026-01-20", "2026-02-01"));
    }

    #[test]
    fn full_weeks_and_months_have_ended() {
        assert_eq!(last_full_month(day("2026-02-28")).unwrap(), days("2026-02-01", "2026-02-28"));
        assert_eq!(last_full_month(day("2026-02-27")).unwrap(), days("2026-01-01", "2026-01-31"));
        assert_eq!(trailing_months(12, day("2026-02-26")).unwrap(), days("2025-02-01", "2026-01-31"));
        assert_eq!(last_full_weeks(2, day("2026-03-01")).unwrap(), days("2026-02-16", "2026-03-01"), "a Sunday");
        assert_eq!(last_full_weeks(1, day("2026-02-28")).unwrap(), days("2026-02-16", "2026-02-22"), "a Saturday");
        assert_eq!(last_full_weeks(1, day("2026-03-02")).unwrap(), days("2026-02-23", "2026-03-01"), "a Monday");
        assert_eq!(trailing_months(0, day("2026-02-26")).unwrap_err().field(), Some("range"));
        assert!(
            last_full_weeks(0, day("2026-02-26")).is_err() && last_full_weeks(u32::MAX, day("2026-02-26")).is_err()
        );
        assert_eq!(weeks_back(days("2026-02-23", "2026-03-01"), 52).unwrap(), days("2025-02-24", "2025-03-02"));
    }

    #[test]
    fn quotas_are_renewed_on_sunday_and_not_before() {
        let renewal = |now: &str| quota_renewal(now.parse().unwrap()).to_rfc3339();
        assert_eq!(renewal("2026-03-02T09:00:00Z"), "2026-03-08T00:00:00+00:00");
        assert_eq!(renewal("2026-03-07T23:59:59Z"), "2026-03-08T00:00:00+00:00");
        assert_eq!(renewal("2026-03-08T00:00:00Z"), "2026-03-15T00:00:00+00:00");
    }
}
