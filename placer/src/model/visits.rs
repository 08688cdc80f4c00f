//! What the native visit reports say.

use chrono::{NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::{Granularity, Poi, VenueId, VisitSegment};

/// How many came in the whole range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct VisitMetrics {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// Visits.
    pub visits: u64,
    /// Different people.
    pub visitors: Option<u64>,
    /// The visits in the sample from which the others are extrapolated: the more, the surer.
    pub panel_visits: Option<u64>,
    /// The different people in the sample.
    pub panel_visitors: Option<u64>,
    /// Which visits count.
    pub segment: Option<VisitSegment>,
    /// The place, if it was asked for.
    pub metadata: Option<Poi>,
}

/// How many came in each bin of the range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct VisitTrend {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The length of the bins.
    pub granularity: Granularity,
    /// The bins in order. Days without data are missing.
    pub points: Vec<TrendPoint>,
    /// Which visits count.
    pub segment: Option<VisitSegment>,
}

/// One bin of a trend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TrendPoint {
    /// The first day of the bin.
    pub date: NaiveDate,
    /// Visits.
    pub visits: u64,
    /// The visits in the sample.
    pub panel_visits: Option<u64>,
}

/// How many came in each hour of the day, over the whole range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct HourlyVisits {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// Visits from 00:00 to 01:00 and so on, local time. Totals of the range, not averages; whether a visit that spans
    /// two hours counts in both is not documented, so that only their ratios mean something.
    pub hours: [u64; 24],
    /// When it is open, as far as Placer knows.
    pub opening_hours: Vec<OpeningHours>,
    /// Which visits count.
    pub segment: Option<VisitSegment>,
}

/// When a place is open on one weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OpeningHours {
    /// The weekday.
    pub day: Weekday,
    /// The hour it opens in.
    pub from_hour: u8,
    /// The hour it closes at, `0..=24`; not after `from_hour` means on the next day.
    pub to_hour: u8,
}

impl OpeningHours {
    /// On `day` from `from_hour` to `to_hour`.
    pub fn new(day: Weekday, from_hour: u8, to_hour: u8) -> Self {
        Self { day, from_hour, to_hour }
    }

    /// Whether the place is open at some time of this hour, on this weekday or in the night after it.
    pub fn includes(&self, hour: u8) -> bool {
        if self.from_hour < self.to_hour {
            (self.from_hour..self.to_hour).contains(&hour)
        } else {
            hour >= self.from_hour || hour < self.to_hour
        }
    }
}

/// How many came on each weekday, over the whole range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WeekdayVisits {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// Visits from Monday to Sunday. Totals of the range, not averages.
    pub days: [u64; 7],
    /// Which visits count.
    pub segment: Option<VisitSegment>,
}

/// How long people stayed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DwellTime {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The visits by their length.
    pub bins: Vec<DwellBin>,
    /// The average length, in minutes.
    pub average_minutes: Option<f64>,
    /// The median length, in minutes.
    pub median_minutes: Option<f64>,
    /// Which visits count.
    pub segment: Option<VisitSegment>,
}

/// The visits of one length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DwellBin {
    /// The shortest length in it, in minutes; the longest is below the next bin's, and open for the last.
    pub from_minutes: u32,
    /// Visits.
    pub visits: u64,
}
