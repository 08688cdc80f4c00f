//! How many people came to a venue, day by day.

use std::time::Duration;

use chrono::NaiveDate;
use connectors_core::{CachePolicy, DateRange, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{VenueId, VisitSegment};

/// A question for [`footfall`](crate::PlacerService::footfall).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FootfallRequest {
    /// Where.
    pub venue: VenueId,
    /// The days, by the venue's own calendar.
    pub range: DateRange,
    /// How much to find out, and so how many calls to pay for.
    pub fidelity: Fidelity,
    /// What to do when the range ends later than the data.
    pub availability: AvailabilityPolicy,
    /// Which visits count; `None` leaves it to Placer. Only the trends take a choice, and not of custom places:
    /// [`Footfall::segment`] tells what was counted, and visitors and dwell times of another segment are left out of
    /// the rows.
    pub segment: Option<VisitSegment>,
    /// What the cache may answer.
    pub cache: CachePolicy,
    /// How long answers are kept; `None` is the client's default.
    pub ttl: Option<Duration>,
    /// When the whole answer has to be there, asking again included; `None` is the client's own timeout for every
    /// fifty reports that it takes at the most.
    pub timeout: Option<Duration>,
}

impl FootfallRequest {
    /// The visits of these days, for one call.
    pub fn new(venue: VenueId, range: DateRange) -> Self {
        Self {
            venue,
            range,
            fidelity: Fidelity::default(),
            availability: AvailabilityPolicy::default(),
            segment: None,
            cache: CachePolicy::default(),
            ttl: None,
            timeout: None,
        }
    }

    /// Finds out more, for more calls.
    pub fn fidelity(mut self, fidelity: Fidelity) -> Self {
        self.fidelity = fidelity;
        self
    }

    /// Deals otherwise with a range that ends later than the data.
    pub fn availability(mut self, policy: AvailabilityPolicy) -> Self {
        self.availability = policy;
        self
    }

    /// Counts these visits instead of those that Placer would choose.
    pub fn segment(mut self, segment: VisitSegment) -> Self {
        self.segment = Some(segment);
        self
    }

    /// Uses the cache otherwise.
    pub fn cache(mut self, policy: CachePolicy) -> Self {
        self.cache = policy;
        self
    }

    /// Keeps the answers this long.
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

/// How much to find out about a venue. Placer has no report of daily unique visitors or daily dwell time, so more
/// than visits costs more calls; with `n` days and nothing in the cache:
///
/// | mode | calls on the native contract |
/// |---|---|
/// | [`VisitsOnly`](Self::VisitsOnly) | 1 |
/// | [`WithPeriodTotals`](Self::WithPeriodTotals), [`Estimate`](Self::Estimate) | 3 |
/// | [`PerDay`](Self::PerDay) | 1 + 2 · n |
///
/// A gateway has everything in its rows, for one call; it has no period totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Fidelity {
    /// Visits; unique visitors and dwell time are `None`.
    #[default]
    VisitsOnly,
    /// Besides, [`PeriodTotals`] of the whole range. The rows stay as they are: people who come on several days make
    /// the two incomparable.
    WithPeriodTotals,
    /// Unique visitors and dwell time of each day, from reports of one day each, where the sample is large enough. A
    /// day whose reports fail keeps its visits, see [`Footfall::failed_days`]; if all fail, so does the venue.
    PerDay,
    /// Fills every row from the period: uniques by the period's visits per visitor, dwell by its average. Such rows are
    /// marked [`Quality::Estimated`] or [`Quality::PeriodAverage`].
    Estimate,
}

/// What to do when a range ends later than [`latest_complete_day`](crate::latest_complete_day).
///
/// In any case a range that ends after today, by UTC, is refused. A gateway is asked for everything up to today: how
/// late its data is, is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum AvailabilityPolicy {
    /// Refuses it.
    Fail,
    /// Asks for the days up to the latest complete one.
    #[default]
    Clamp,
    /// Asks for it as it is; if Placer refuses the dates, for the same days a month earlier, and so on. Each refusal
    /// costs a call.
    ShiftBack {
        /// How many months back at the most.
        max_months: u32,
    },
}

/// How many people came to a venue.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Footfall {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// One row per day that has data, in order. Days without are missing, not zero.
    pub rows: Vec<FootfallDay>,
    /// The whole range, with [`Fidelity::WithPeriodTotals`] and [`Fidelity::Estimate`].
    pub period: Option<PeriodTotals>,
    /// The days that were asked for in the end, see [`AvailabilityPolicy`].
    #[serde(serialize_with = "range")]
    pub effective_range: DateRange,
    /// Which visits count.
    pub segment: Option<VisitSegment>,
    /// The days of [`rows`](Self::rows) about which less was found out than asked for, and why: with
    /// [`Fidelity::PerDay`], when a report of one day failed. Asking again asks for those only.
    pub failed_days: Vec<DayFailure>,
    /// What it cost. Zero inside an [`AggregateFootfall`](crate::AggregateFootfall), which has the cost of all.
    pub cost: Cost,
}

impl Footfall {
    /// The visits of all rows.
    pub fn total_visits(&self) -> u64 {
        self.rows.iter().map(|row| row.visits).sum()
    }

    /// The average visits of a day with data; `None` without any.
    #[expect(clippy::cast_precision_loss, reason = "an average of counts of people")]
    pub fn average_visits(&self) -> Option<f64> {
        (!self.rows.is_empty()).then(|| self.total_visits() as f64 / self.rows.len() as f64)
    }
}

/// A day about which not everything was found out.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DayFailure {
    /// The day.
    pub date: NaiveDate,
    /// Why.
    #[serde(serialize_with = "in_words")]
    pub error: Error,
}

/// One day at a venue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FootfallDay {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The day.
    pub date: NaiveDate,
    /// Visits.
    pub visits: u64,
    /// Different people, where that is known.
    pub unique_visitors: Option<u64>,
    /// How long they stayed on average, in minutes, where that is known.
    #[serde(rename = "avgDwellTime")]
    pub avg_dwell_minutes: Option<f64>,
    /// The visits in the sample from which the others are extrapolated: the more, the surer.
    pub panel_visits: Option<u64>,
    /// Which visits count.
    pub segment: Option<VisitSegment>,
    /// Where uniques and dwell time come from.
    pub quality: Quality,
}

/// How sure a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Quality {
    /// Everything in it was reported for this day.
    Reported,
    /// The dwell time is the average of the whole range.
    PeriodAverage,
    /// The unique visitors are computed from the whole range, the dwell time is its average.
    Estimated,
}

/// The whole range at once. Unique visitors of a range are fewer than the sum of its days'.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PeriodTotals {
    /// Visits.
    pub visits: Option<u64>,
    /// Different people.
    pub visitors: Option<u64>,
    /// How long they stayed on average, in minutes.
    #[serde(rename = "avgDwellTime")]
    pub avg_dwell_minutes: Option<f64>,
    /// How long half of them stayed at least, in minutes.
    #[serde(rename = "medianDwellTime")]
    pub median_dwell_minutes: Option<f64>,
    /// Which visits count: always Placer's choice, which need not be the [`Footfall::segment`] that was asked for.
    pub segment: Option<VisitSegment>,
}

/// What an answer cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Cost {
    /// Requests that count against the weekly quota: answered, also with a refusal, but not with 202, 429 or 500. Those
    /// that were repeated are counted each.
    pub calls: u32,
    /// Requests that were answered with "not ready yet", which is free when it is said by the status 202.
    pub polls: u32,
    /// Values that the cache had, or that another call was fetching already.
    pub cached: u32,
}

pub(super) fn in_words<S: Serializer>(error: &Error, target: S) -> Result<S::Ok, S::Error> {
    target.collect_str(error)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(super) fn range<S: Serializer>(range: &DateRange, target: S) -> Result<S::Ok, S::Error> {
    Days { start: range.start(), end: range.end() }.serialize(target)
}

pub(super) fn read_range<'de, D: Deserializer<'de>>(source: D) -> Result<DateRange, D::Error> {
    let Days { start, end } = Days::deserialize(source)?;
    DateRange::new(start, end).map_err(|error| serde::de::Error::custom(error.message()))
}

/// A range as it is written.
#[derive(Serialize, Deserialize)]
struct Days {
    start: NaiveDate,
    end: NaiveDate,
}
