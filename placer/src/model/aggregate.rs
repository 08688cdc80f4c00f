//! How many people came to several venues together.

use std::time::Duration;

use chrono::NaiveDate;
use connectors_core::{CachePolicy, DateRange, Error};
use serde::Serialize;

use super::footfall::{in_words, range};
use super::{AvailabilityPolicy, Cost, Fidelity, Footfall, VenueId, VisitSegment};

/// A question for [`aggregate_footfall`](crate::PlacerService::aggregate_footfall).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AggregateRequest {
    /// Where; a venue that stands here twice counts once.
    pub venues: Vec<VenueId>,
    /// The days, by each venue's own calendar.
    pub range: DateRange,
    /// How much to find out about each venue.
    pub fidelity: Fidelity,
    /// What to do when the range ends later than the data.
    pub availability: AvailabilityPolicy,
    /// How dwell times are averaged.
    pub dwell_weighting: DwellWeighting,
    /// Which visits count; `None` leaves it to Placer, which may choose differently for each venue. For sums that mean
    /// something in any case, ask for [`VisitSegment::AllVisits`].
    pub segment: Option<VisitSegment>,
    /// What the cache may answer.
    pub cache: CachePolicy,
    /// How long answers are kept; `None` is the client's default.
    pub ttl: Option<Duration>,
    /// When the whole answer has to be there, asking again included; `None` is the client's own timeout for every
    /// fifty reports that it takes at the most.
    pub timeout: Option<Duration>,
}

impl AggregateRequest {
    /// The visits of these days at these venues.
    pub fn new(venues: Vec<VenueId>, range: DateRange) -> Self {
        Self {
            venues,
            range,
            fidelity: Fidelity::default(),
            availability: AvailabilityPolicy::default(),
            dwell_weighting: DwellWeighting::default(),
            segment: None,
            cache: CachePolicy::default(),
            ttl: None,
            timeout: None,
        }
    }

    /// Finds out more about each venue, for more calls.
    pub fn fidelity(mut self, fidelity: Fidelity) -> Self {
        self.fidelity = fidelity;
        self
    }

    /// Deals otherwise with a range that ends later than the data.
    pub fn availability(mut self, policy: AvailabilityPolicy) -> Self {
        self.availability = policy;
        self
    }

    /// Averages dwell times this way.
    pub fn dwell_weighting(mut self, weighting: DwellWeighting) -> Self {
        self.dwell_weighting = weighting;
        self
    }

    /// Counts these visits at every venue.
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

/// How the dwell times of several venues become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum DwellWeighting {
    /// A venue counts by its visits: the average of all visits.
    #[default]
    ByVisits,
    /// Every venue counts the same.
    Simple,
}

/// How many people came to several venues together.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AggregateFootfall {
    /// One row per day on which any venue has data, in order.
    pub rows: Vec<AggregateDay>,
    /// The visits of all rows.
    pub total_visits: u64,
    /// The venues that were found, in the order of the question.
    pub by_venue: Vec<Footfall>,
    /// At most so many different people came in the whole range: the sum over the venues. Who came to two of them is
    /// counted twice, and nothing tells how many did. `None` unless it is known of every venue with data.
    pub unique_visitors_upper_bound: Option<u64>,
    /// Whether the venues count different kinds of visits, so that the sums mix them.
    pub mixed_segments: bool,
    /// The venues about which nothing was found out, and why.
    pub failures: Vec<VenueFailure>,
    /// What all of it cost.
    pub cost: Cost,
    /// The days that were asked for in the end.
    #[serde(serialize_with = "range")]
    pub effective_range: DateRange,
}

/// One day at several venues.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AggregateDay {
    /// The day.
    pub date: NaiveDate,
    /// Visits.
    pub visits: u64,
    /// At most so many different people: the sum over the venues. `None` unless it is known of each; an estimate is not.
    pub unique_visitors_upper_bound: Option<u64>,
    /// How long they stayed on average, in minutes, over the venues that tell it.
    #[serde(rename = "avgDwellTime")]
    pub avg_dwell_minutes: Option<f64>,
    /// How many venues have data for this day.
    pub venues: usize,
}

/// A venue that is missing from an aggregate.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct VenueFailure {
    /// The venue.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// Why.
    #[serde(serialize_with = "in_words")]
    pub error: Error,
}

impl VenueFailure {
    /// This venue failed with this error.
    pub fn new(venue: VenueId, error: Error) -> Self {
        Self { venue, error }
    }
}
