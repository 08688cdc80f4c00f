//! Time zones and ranges of calendar days.

use std::fmt;
use std::iter;
use std::str::FromStr;

use chrono::{
    DateTime, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone as _, Utc,
};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, Result};

/// A time zone of the IANA database, by its name, such as `Europe/Berlin`.
///
/// ```
/// use connectors_core::TimeZone;
///
/// let berlin = TimeZone::new("Europe/Berlin")?;
/// let start = "2026-06-05T11:00:00".parse()?;
/// assert_eq!(berlin.to_utc(start).to_rfc3339(), "2026-06-05T09:00:00+00:00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeZone(Tz);

impl TimeZone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(Tz::UTC);

    /// The zone with this IANA name, case-sensitive. The error names the field `timeZone`.
    pub fn new(name: &str) -> Result<Self> {
        let unknown = |_| {
            let message = format!("`{name}` is not the name of an IANA time zone");
            Error::invalid("timeZone", message).with_hint("write a name such as Europe/Berlin")
        };
        name.parse().map(Self).map_err(unknown)
    }

    /// The IANA name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// What the zone's clocks are ahead of UTC at this instant.
    pub fn offset(self, at: DateTime<Utc>) -> FixedOffset {
        self.0.offset_from_utc_datetime(&at.naive_utc()).fix()
    }

    /// What the zone's clocks show at this instant.
    pub fn to_local(self, at: DateTime<Utc>) -> NaiveDateTime {
        at.naive_utc().checked_add_offset(self.offset(at)).unwrap_or(at.naive_utc())
    }

    /// When the zone's clocks show this: the first time if they do so twice; if they skip it, as much later as they
    /// are put forward (02:30 becomes 03:30).
    pub fn to_utc(self, local: NaiveDateTime) -> DateTime<Utc> {
        let offset = self.offset_at(local).unwrap_or_else(|| {
            // No gap is longer than a day, so a day before it the old offset was in force.
            self.offset((local.checked_sub_signed(TimeDelta::days(1)).unwrap_or(local)).and_utc())
        });
        local.checked_sub_offset(offset).unwrap_or(local).and_utc()
    }

    /// When the day begins there: at midnight, or at the first time after it that the zone's clocks do not skip.
    pub fn start_of_day(self, date: NaiveDate) -> DateTime<Utc> {
        let midnight = date.and_time(NaiveTime::MIN);
        let mut quarters = (0..96).filter_map(|n| midnight.checked_add_signed(TimeDelta::minutes(15 * n)));
        self.to_utc(quarters.find(|local| self.offset_at(*local).is_some()).unwrap_or(midnight))
    }

    /// The offset of a local time, none if the zone's clocks skip it.
    fn offset_at(self, local: NaiveDateTime) -> Option<FixedOffset> {
        match self.0.offset_from_local_datetime(&local) {
            MappedLocalTime::Single(offset) | MappedLocalTime::Ambiguous(offset, _) => Some(offset.fix()),
            MappedLocalTime::None => None,
        }
    }
}

impl fmt::Debug for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TimeZone({})", self.name())
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for TimeZone {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::new(name)
    }
}

impl Serialize for TimeZone {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        target.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for TimeZone {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let name = String::deserialize(source)?;
        Self::new(&name).map_err(|error| serde::de::Error::custom(error.message()))
    }
}

/// Calendar days from `start` to `end`, both included; never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateRange {
    start: NaiveDate,
    end: NaiveDate,
}

impl DateRange {
    /// The days from `start` to `end`; the error for an end before the start names the field `range`.
    pub fn new(start: NaiveDate, end: NaiveDate) -> Result<Self> {
        if end < start {
            return Err(Error::invalid("range", format!("ends on {end}, before it starts on {start}")));
        }
        Ok(Self { start, end })
    }

    /// One day.
    pub fn single(date: NaiveDate) -> Self {
        Self { start: date, end: date }
    }

    /// The `count` days up to and including `until`; at least one.
    pub fn last_days(count: u32, until: NaiveDate) -> Result<Self> {
        let invalid = || Error::invalid("range", format!("cannot hold {count} days up to {until}"));
        let before = count.checked_sub(1).ok_or_else(invalid)?;
        let start = until.checked_sub_days(chrono::Days::new(before.into())).ok_or_else(invalid)?;
        Ok(Self { start, end: until })
    }

    /// The first day.
    pub fn start(self) -> NaiveDate {
        self.start
    }

    /// The last day.
    pub fn end(self) -> NaiveDate {
        self.end
    }

    /// How many days, at least 1.
    #[expect(clippy::len_without_is_empty, reason = "a range is never empty")]
    pub fn len(self) -> usize {
        let days = self.end.signed_duration_since(self.start).num_days() + 1;
        usize::try_from(days).unwrap_or(usize::MAX)
    }

    /// Whether the day is one of them.
    pub fn contains(self, date: NaiveDate) -> bool {
        (self.start..=self.end).contains(&date)
    }

    /// The days in order.
    pub fn days(self) -> impl Iterator<Item = NaiveDate> {
        iter::successors(Some(self.start), NaiveDate::succ_opt).take_while(move |day| *day <= self.end)
    }
}

impl fmt::Display for DateRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::TZ_VARIANTS;
    use proptest::prelude::*;

    use super::*;

    fn utc(zone: &str, local: &str) -> String {
        TimeZone::new(zone).unwrap().to_utc(local.parse().unwrap()).format("%FT%R").to_string()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn names_are_checked() {
        assert_eq!(TimeZone::new("America/New_York").unwrap().name(), "America/New_York");
        assert_eq!(TimeZone::UTC.name(), "UTC");
        let error = TimeZone::new("Mars/Phobos").unwrap_err();
        assert_eq!((error.field(), error.kind()), (Some("timeZone"), crate::error::ErrorKind::InvalidRequest));
        assert_eq!(serde_json::from_str::<TimeZone>(r#""Asia/Tokyo""#).unwrap().to_string(), "Asia/Tokyo");
        assert!(serde_json::from_str::<TimeZone>(r#""CET-ish""#).is_err());
    }

    #[test]
    fn a_local_time_that_comes_twice_is_the_first_and_a_skipped_one_moves_on() {
        assert_eq!(utc("Europe/Berlin", "2026-10-25T02:30:00"), "2026-10-25T00:30");
        assert_eq!(utc("Europe/Berlin", "2026-03-29T02:30:00"), "2026-03-29T01:30");
        assert_eq!(utc("America/New_York", "2026-03-08T02:00:00"), "2026-03-08T07:00");
        assert_eq!(utc("Pacific/Apia", "2011-12-30T12:00:00"), "2011-12-30T22:00");
    }

    #[test]
    fn a_day_begins_after_a_skipped_midnight() {
        let beirut = TimeZone::new("Asia/Beirut").unwrap();
        let start = beirut.start_of_day(day("2022-03-27"));
        assert_eq!(beirut.to_local(start).to_string(), "2022-03-27 01:00:00");
        let toronto = TimeZone::new("America/Toronto").unwrap();
        assert_eq!(toronto.to_local(toronto.start_of_day(day("1919-03-31"))).to_string(), "1919-03-31 00:30:00");
    }

    #[test]
    fn the_ends_of_the_calendar_do_not_panic() {
        let (kiritimati, hawaii) =
            (TimeZone::new("Pacific/Kiritimati").unwrap(), TimeZone::new("Pacific/Honolulu").unwrap());
        for zone in [kiritimati, hawaii] {
            for local in [NaiveDateTime::MIN, NaiveDateTime::MAX] {
                zone.to_local(zone.to_utc(local));
                zone.start_of_day(local.date());
            }
        }
    }

    #[test]
    fn a_range_has_both_its_ends() {
        let range = DateRange::new(day("2026-02-27"), day("2026-03-01")).unwrap();
        assert_eq!(range.days().collect::<Vec<_>>(), [day("2026-02-27"), day("2026-02-28"), day("2026-03-01")]);
        assert_eq!(range, DateRange::last_days(3, day("2026-03-01")).unwrap());
        assert_eq!(DateRange::single(day("2026-03-01")).len(), 1);
        assert_eq!(DateRange::new(day("2026-03-01"), day("2026-02-27")).unwrap_err().field(), Some("range"));
        assert!(DateRange::last_days(0, day("2026-03-01")).is_err());
    }

    proptest! {
        #[test]
        fn local_times_and_instants_agree(zone in 0..TZ_VARIANTS.len(), seconds in 0..4_102_444_800i64) {
            let zone = TimeZone(TZ_VARIANTS[zone]);
            let at = DateTime::from_timestamp(seconds, 0).unwrap();
            let back = zone.to_utc(zone.to_local(at));
            prop_assert_eq!(zone.to_local(back), zone.to_local(at));
            prop_assert!(back <= at, "the first of two");
        }

        #[test]
        fn a_day_begins_where_the_one_before_ends(zone in 0..TZ_VARIANTS.len(), days in 0..47_000u64) {
            let zone = TimeZone(TZ_VARIANTS[zone]);
            let date = day("1971-01-01") + chrono::Days::new(days);
            let start = zone.start_of_day(date);
            prop_assert!(zone.to_local(start).date() >= date);
            prop_assert!(zone.to_local(start - TimeDelta::seconds(1)).date() < date);
        }

        #[test]
        fn days_are_counted(start in 0..40_000u64, count in 1..500u32) {
            let until = day("1980-01-01") + chrono::Days::new(start);
            let range = DateRange::last_days(count, until).unwrap();
            prop_assert_eq!(range.len(), count as usize);
            prop_assert_eq!(range.days().count(), range.len());
            prop_assert!(range.days().all(|day| range.contains(day)));
            prop_assert!(!range.contains(until + chrono::Days::new(1)));
        }
    }
}
