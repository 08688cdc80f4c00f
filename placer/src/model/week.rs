//! How the visits of a venue are spread over the week.

use chrono::Weekday;
use connectors_core::{DateRange, Error};
use serde::Serialize;

use super::footfall::{in_words, range};
use super::{Cost, HourLevel, Movement, VenueId, VisitSegment};

/// How the visits of a venue are spread over the hours of the week.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WeekPattern {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The days it was derived from.
    #[serde(serialize_with = "range")]
    pub range: DateRange,
    /// 24 rows for each weekday that was found, from Monday 0:00 on.
    pub rows: Vec<WeekHour>,
    /// Each weekday by itself, where it has visits: its dayparts, peak and quiet hours, compared with that weekday's own
    /// average.
    pub weekdays: Vec<WeekdayMovement>,
    /// The weekdays about which nothing was found out, and why.
    pub failures: Vec<WeekdayFailure>,
    /// Which visits count.
    pub segment: Option<VisitSegment>,
    /// What it cost.
    pub cost: Cost,
}

impl WeekPattern {
    /// The average visits of each hour of each weekday, from Monday on: `matrix()[0][12]` is Monday from 12:00 to 13:00.
    /// Zero where nothing is known.
    pub fn matrix(&self) -> [[f64; 24]; 7] {
        let mut matrix = [[0.0; 24]; 7];
        for row in &self.rows {
            let day = matrix.get_mut(row.weekday.num_days_from_monday() as usize);
            if let Some(slot) = day.and_then(|day| day.get_mut(usize::from(row.hour))) {
                *slot = row.average;
            }
        }
        matrix
    }

    /// The hour of the week with the most visits on average; the earliest of several. `None` without visits.
    pub fn busiest(&self) -> Option<&WeekHour> {
        let visited = self.rows.iter().filter(|row| row.average > 0.0);
        visited.reduce(|best, row| if row.average > best.average { row } else { best })
    }
}

/// One hour of the week at a venue.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WeekHour {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The weekday.
    pub weekday: Weekday,
    /// The hour, `0..=23`; see [`hour_label`](crate::hour_label).
    pub hour: u8,
    /// The visits in it over all such weekdays of the range.
    pub visits: u64,
    /// How many such weekdays the range has.
    pub days: u32,
    /// The visits on one such weekday, on average.
    pub average: f64,
    /// Whether the venue is open at some time of it. Where Placer does not know, when there are visits.
    pub open: bool,
    /// The average, divided by the mean of all open hours of the week; `None` when the venue is closed.
    pub score: Option<f64>,
    /// The score as one of five levels; `None` when the venue is closed.
    pub level: Option<HourLevel>,
}

/// One weekday by itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WeekdayMovement {
    /// The weekday.
    pub weekday: Weekday,
    /// When people come on it.
    pub movement: Movement,
}

/// A weekday that is missing from a pattern.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WeekdayFailure {
    /// The weekday.
    pub weekday: Weekday,
    /// Why.
    #[serde(serialize_with = "in_words")]
    pub error: Error,
}

/// How the visits of a venue are spread over the days of the week.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DayOfWeek {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The days it was derived from.
    #[serde(serialize_with = "range")]
    pub range: DateRange,
    /// The weekdays of the range, from Monday on.
    pub rows: Vec<WeekdayRow>,
    /// Which visits count.
    pub segment: Option<VisitSegment>,
    /// What it cost.
    pub cost: Cost,
}

impl DayOfWeek {
    /// The weekday with the most visits on average; the earliest of several. `None` without visits.
    pub fn busiest(&self) -> Option<&WeekdayRow> {
        busiest(&self.rows)
    }
}

/// The one with the most visits on average; the earliest of several.
pub(super) fn busiest(rows: &[WeekdayRow]) -> Option<&WeekdayRow> {
    let visited = rows.iter().filter(|row| row.average > 0.0);
    visited.reduce(|best, row| if row.average > best.average { row } else { best })
}

/// One weekday at a venue.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WeekdayRow {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The weekday.
    pub weekday: Weekday,
    /// The visits on all such weekdays of the range.
    pub visits: u64,
    /// How many such weekdays the range has.
    pub days: u32,
    /// The visits on one such weekday, on average.
    pub average: f64,
    /// The average, divided by the mean of the averages; `None` without visits.
    pub score: Option<f64>,
    /// The score as one of five levels; `None` without visits.
    pub level: Option<HourLevel>,
}
