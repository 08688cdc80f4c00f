//! How visits have changed.

use chrono::NaiveDate;
use connectors_core::DateRange;
use serde::Serialize;

use super::footfall::range;
use super::{Cost, VenueFailure, VenueId, VisitSegment};

/// What days are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Against {
    /// The same weekdays, one week earlier.
    WeekBefore,
    /// The same weekdays, 52 weeks or 364 days earlier: not the same date, so that a Saturday is compared with a Saturday.
    YearBefore,
    /// As many days, right before.
    PeriodBefore,
    /// These days: the first with the first, and so on. What one of the two has more is not compared.
    Range(DateRange),
}

/// How the visits of some days differ from those of others.
///
/// Only like is compared with like: a day counts when there is data for it and for its counterpart. What is missing is
/// told, see [`ComparisonRow::missing`].
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Comparison {
    /// The days that are compared.
    #[serde(serialize_with = "range")]
    pub current: DateRange,
    /// The days that they are compared with.
    #[serde(serialize_with = "range")]
    pub previous: DateRange,
    /// All venues together, without those that count different kinds of visits in the two ranges.
    pub total: ComparisonRow,
    /// Each venue.
    pub venues: Vec<ComparisonRow>,
    /// Each day of each venue that is compared.
    pub days: Vec<ComparedDay>,
    /// The venues about which nothing was found out, and why.
    pub failures: Vec<VenueFailure>,
    /// What it cost.
    pub cost: Cost,
}

/// How the visits of a venue, or of all of them, differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ComparisonRow {
    /// Where; `None` for all venues together.
    #[serde(rename = "venueId")]
    pub venue: Option<VenueId>,
    /// The visits of the days compared.
    pub visits: u64,
    /// The visits of their counterparts.
    pub previous_visits: u64,
    /// How many more there are now; `None` when the two are of different kinds.
    pub change: Option<i64>,
    /// The same in percent of the earlier visits; `None` when there were none, or they are of different kinds.
    pub change_percent: Option<f64>,
    /// How many days are compared, of all venues for the total.
    pub days: u32,
    /// How many days are not, because they or their counterparts have no data or do not exist.
    pub missing: u32,
    /// For a venue: visits of different kinds are counted in the two ranges, so that they cannot be compared. For the
    /// total: the venues, or the stores of a chain, differ in what they count, so that the sums mix it.
    pub mixed_segments: bool,
    /// Which visits count, where that is the same for all.
    pub segment: Option<VisitSegment>,
}

/// How the visits of one day differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ComparedDay {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The day.
    pub date: NaiveDate,
    /// Its counterpart.
    pub previous_date: NaiveDate,
    /// The visits of the day.
    pub visits: u64,
    /// The visits of its counterpart.
    pub previous_visits: u64,
    /// How many more there are now; `None` when the two are of different kinds.
    pub change: Option<i64>,
    /// The same in percent of the earlier visits; `None` when there were none, or they are of different kinds.
    pub change_percent: Option<f64>,
}

/// The days up to one day, together.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TrailingRow {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The last of the days.
    pub date: NaiveDate,
    /// How many days the window has.
    pub window: u32,
    /// How many of them have data.
    pub days: u32,
    /// Their visits.
    pub visits: u64,
    /// Their visits by days with data.
    pub average: f64,
    /// Whether the days of the window count different kinds of visits, so that its sum means little.
    pub mixed_segments: bool,
}

/// Recent days that are unlike those before.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Alert {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The last of the recent days.
    pub date: NaiveDate,
    /// The average visits of the recent days.
    pub average: f64,
    /// The average visits of the days before them.
    pub baseline: f64,
    /// How much the one differs from the other, in percent; `None` when nobody came before.
    pub change_percent: Option<f64>,
    /// Which way.
    pub direction: Direction,
}

/// More or fewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Direction {
    /// More than before.
    Up,
    /// Fewer than before.
    Down,
}

/// Moving sums and averages of some venues.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TrailingReport {
    /// One row for each venue and day, venue by venue.
    pub rows: Vec<TrailingRow>,
    /// The venues about which nothing was found out, and why.
    pub failures: Vec<VenueFailure>,
    /// What it cost.
    pub cost: Cost,
}

/// Which of some venues are unlike before.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AlertReport {
    /// The day that is judged.
    pub date: NaiveDate,
    /// The venues that are unlike before.
    pub alerts: Vec<Alert>,
    /// The venues that lack data for some of the days that it takes.
    pub not_judged: Vec<VenueId>,
    /// The venues about which nothing was found out, and why.
    pub failures: Vec<VenueFailure>,
    /// What it cost.
    pub cost: Cost,
}
