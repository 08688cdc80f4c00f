//! When people come to a venue.

use std::ops::RangeInclusive;
use std::time::Duration;

use connectors_core::{CachePolicy, DateRange, Error, Result};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::VenueId;

/// A question for [`movement`](crate::PlacerService::movement).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MovementRequest {
    /// Where.
    pub venue: VenueId,
    /// The days to look at; `None` is the last 28 complete ones.
    pub range: Option<DateRange>,
    /// What the cache may answer.
    pub cache: CachePolicy,
    /// How long answers are kept; `None` is the client's default.
    pub ttl: Option<Duration>,
    /// When the answer has to be there, asking again included; `None` is the client's own timeout.
    pub timeout: Option<Duration>,
}

impl MovementRequest {
    /// The pattern of the last 28 complete days.
    pub fn new(venue: VenueId) -> Self {
        Self { venue, range: None, cache: CachePolicy::default(), ttl: None, timeout: None }
    }

    /// Looks at these days. Days later than the latest complete one are left out.
    pub fn range(mut self, range: DateRange) -> Self {
        self.range = Some(range);
        self
    }

    /// Uses the cache otherwise.
    pub fn cache(mut self, policy: CachePolicy) -> Self {
        self.cache = policy;
        self
    }

    /// Keeps the answer this long.
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    /// Gives up after this long. What is there by then is kept, so that the same question later goes on.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }
}

connectors_core::open_enum! {
    #![ignore_case]
    /// How busy a venue is at some time of day, **compared with itself**: the levels of two venues say nothing about
    /// which of them is fuller.
    pub enum TrafficLevel {
        /// Clearly below the venue's own average.
        "low" => Low,
        /// About the venue's own average.
        "medium" => Medium,
        /// Clearly above the venue's own average.
        "high" => High,
    }
}

/// When people come to a venue. Everything in it is relative to the venue itself.
///
/// Serialises as `{venueId, timeOfDay, trafficLevel, peakHours: ["12:00 PM"]}`; its [`hours`](Self::hours) are rows for
/// tables.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Movement {
    /// Where.
    pub venue: VenueId,
    /// The days it was derived from; `None` when a gateway does not say.
    pub range: Option<DateRange>,
    /// The busiest daypart, by its name in [`MovementConfig`].
    pub time_of_day: String,
    /// How busy that is.
    pub traffic_level: TrafficLevel,
    /// The busiest hours, ascending, `0..=23`; see [`hour_label`].
    pub peak_hours: Vec<u8>,
    /// All dayparts in which the venue is open. Empty when a gateway does not say.
    pub dayparts: Vec<DaypartLevel>,
    /// The visits of each hour of the day over all days of the range. All zero when a gateway does not say.
    pub hourly: [u64; 24],
    /// The emptiest of the open hours, ascending. Empty when a gateway does not say.
    pub quiet_hours: Vec<u8>,
    /// When it fills and when it empties. Nothing when a gateway does not say.
    pub surge: Surge,
    /// All hours of the day. Empty when a gateway does not say.
    pub hours: Vec<MovementHour>,
}

/// When a venue fills and when it empties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Surge {
    /// The hour with the most visits more than the hour before it.
    pub most_come: Option<u8>,
    /// The hour after which visits fall the most.
    pub most_leave: Option<u8>,
}

/// One hour of the day at a venue, as a row.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MovementHour {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The hour, `0..=23`; see [`hour_label`].
    pub hour: u8,
    /// The visits in it over all days of the range.
    pub visits: u64,
    /// Its share of all visits, `0.0..=1.0`.
    pub share: f64,
    /// Whether the venue is open at some time of it. Where Placer does not know, when there are visits.
    pub open: bool,
    /// Its visits, divided by the mean of all open hours; `None` when the venue is closed.
    pub score: Option<f64>,
    /// The score as one of five levels; `None` when the venue is closed.
    pub level: Option<HourLevel>,
    /// The level as a number, `-2..=2`; `None` when the venue is closed.
    pub intensity: Option<i8>,
}

/// How busy an hour is, **compared with the venue's own average**.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum HourLevel {
    /// Not even half of what still counts as average.
    Low,
    /// Clearly below average.
    BelowAverage,
    /// About average.
    Average,
    /// Clearly above average.
    AboveAverage,
    /// Half as much again as what no longer counts as average, or more.
    High,
}

impl HourLevel {
    /// From -2, the lowest, to 2, the highest.
    pub fn intensity(self) -> i8 {
        match self {
            Self::Low => -2,
            Self::BelowAverage => -1,
            Self::Average => 0,
            Self::AboveAverage => 1,
            Self::High => 2,
        }
    }

    /// The same on the scale of three.
    pub fn traffic_level(self) -> TrafficLevel {
        match self {
            Self::Low | Self::BelowAverage => TrafficLevel::Low,
            Self::Average => TrafficLevel::Medium,
            Self::AboveAverage | Self::High => TrafficLevel::High,
        }
    }
}

impl Serialize for Movement {
    fn serialize<S: Serializer>(&self, target: S) -> std::result::Result<S::Ok, S::Error> {
        let mut fields = target.serialize_struct("Movement", 4)?;
        fields.serialize_field("venueId", &self.venue)?;
        fields.serialize_field("timeOfDay", &self.time_of_day)?;
        fields.serialize_field("trafficLevel", &self.traffic_level)?;
        let labels: Vec<_> = self.peak_hours.iter().map(|hour| hour_label(*hour)).collect();
        fields.serialize_field("peakHours", &labels)?;
        fields.end()
    }
}

/// How busy one daypart is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DaypartLevel {
    /// Its name in [`MovementConfig`].
    pub name: String,
    /// The mean of its open hours, divided by the mean of all open hours.
    pub score: f64,
    /// The score as a level.
    pub level: TrafficLevel,
}

/// A part of the day.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Daypart {
    /// Its name.
    pub name: String,
    /// Its hours, first and last, `0..=23`.
    pub hours: RangeInclusive<u8>,
}

impl Daypart {
    /// The hours from the first to the last, both included.
    pub fn new(name: impl Into<String>, hours: RangeInclusive<u8>) -> Self {
        Self { name: name.into(), hours }
    }
}

/// How a [`Movement`] is derived from the hours of a day.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MovementConfig {
    /// The parts of the day: by default night 0–5, morning 6–11, afternoon 12–16, evening 17–20, late 21–23.
    pub dayparts: Vec<Daypart>,
    /// A score below this is low; 0.75 by default.
    pub low_below: f64,
    /// A score above this is high; 1.25 by default.
    pub high_above: f64,
    /// An hour with at least this share of the busiest hour's visits is a peak hour; 0.85 by default.
    pub peak_share: f64,
    /// An open hour with at most this share of the busiest hour's visits is a quiet hour; 0.3 by default.
    pub quiet_share: f64,
}

impl Default for MovementConfig {
    fn default() -> Self {
        let part = Daypart::new;
        Self {
            dayparts: vec![
                part("night", 0..=5),
                part("morning", 6..=11),
                part("afternoon", 12..=16),
                part("evening", 17..=20),
                part("late", 21..=23),
            ],
            low_below: 0.75,
            high_above: 1.25,
            peak_share: 0.85,
            quiet_share: 0.3,
        }
    }
}

impl MovementConfig {
    pub(crate) fn check(&self) -> Result<()> {
        let refused = |problem| Err(Error::config("movement", problem));
        if self.dayparts.is_empty() || self.dayparts.iter().any(|part| part.hours.is_empty() || *part.hours.end() > 23)
        {
            return refused("needs dayparts, each from an hour to a later one of the same day, 0 to 23");
        }
        if !(0.0 <= self.low_below && self.low_below <= self.high_above && self.high_above.is_finite()) {
            return refused("needs levels in order, from 0 on");
        }
        if ![self.peak_share, self.quiet_share].iter().all(|share| (0.0..=1.0).contains(share)) {
            return refused("needs shares of peak and quiet hours from 0 to 1");
        }
        Ok(())
    }

    /// The default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Divides the day like this.
    pub fn dayparts(mut self, dayparts: impl IntoIterator<Item = Daypart>) -> Self {
        self.dayparts = dayparts.into_iter().collect();
        self
    }

    /// Below `low_below` is low, above `high_above` is high.
    pub fn levels(mut self, low_below: f64, high_above: f64) -> Self {
        (self.low_below, self.high_above) = (low_below, high_above);
        self
    }

    /// An hour with this share of the busiest hour's visits is a peak hour.
    pub fn peak_share(mut self, share: f64) -> Self {
        self.peak_share = share;
        self
    }

    /// An open hour with no more than this share of the busiest hour's visits is a quiet hour.
    pub fn quiet_share(mut self, share: f64) -> Self {
        self.quiet_share = share;
        self
    }
}

/// The hour as people write it: `12` is `"12:00 PM"`, `0` is `"12:00 AM"`.
pub fn hour_label(hour: u8) -> String {
    let half = if hour % 24 < 12 { "AM" } else { "PM" };
    let shown = if hour.is_multiple_of(12) { 12 } else { hour % 12 };
    format!("{shown}:00 {half}")
}

/// Reads an hour from `"12:00 PM"`, `"8:00 am"`, `"12:00"` or `"8"`; minutes are dropped.
pub fn parse_hour(text: &str) -> Option<u8> {
    let text = text.trim().to_ascii_lowercase();
    let (clock, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        _ => (text.as_str(), None),
    };
    let hour: u8 = clock.split(':').next()?.trim().parse().ok()?;
    match half {
        Some(offset) if (1..=12).contains(&hour) => Some(hour % 12 + offset),
        None if hour < 24 => Some(hour),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_written_and_read_in_both_ways() {
        for hour in 0..24 {
            assert_eq!(parse_hour(&hour_label(hour)), Some(hour));
            assert_eq!(parse_hour(&format!("{hour:02}:00")), Some(hour));
        }
        assert_eq!([0, 11, 12, 23].map(hour_label), ["12:00 AM", "11:00 AM", "12:00 PM", "11:00 PM"]);
        for bad in ["", "13:00 PM", "24:00", "noon", "0:00 am"] {
            assert_eq!(parse_hour(bad), None, "{bad}");
        }
    }
}
