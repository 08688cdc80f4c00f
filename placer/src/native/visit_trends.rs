//! `POST /v1/reports/visit-trends`

use std::time::Duration;

use chrono::{NaiveDate, Weekday};
use connectors_core::provider::Operation;
use connectors_core::{CachePolicy, DateRange, Error, RequestOptions, Response, Result};
use serde::de::MapAccess;

use super::Reports;
use super::body::Body;
use super::bulk::{self, BulkReport};
use super::hours::uneven;
use super::node::{Count, Counts, Entry, Members};
use super::report::{Ask, Kind, report};
use crate::PlacerClient;
use crate::model::{DistanceFilter, Granularity, TrendPoint, VenueId, VisitSegment, VisitTrend};

static VISIT_TRENDS: Operation = report("reports.visit_trends", "/v1/reports/visit-trends");

/// A report of visits over time, in the making.
#[must_use = "a report is asked for when it is awaited or sent"]
#[derive(Debug)]
pub struct VisitTrendsRequest {
    client: PlacerClient,
    venues: Vec<VenueId>,
    range: DateRange,
    body: Body,
    options: RequestOptions,
    ttl: Option<Duration>,
}

impl Reports {
    /// How many came to each venue in each bin of the range. 20 venues are one call, unless the client was built
    /// otherwise. Custom places are not accepted: use [`visit_trends_single`](Self::visit_trends_single).
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-visit-trends-1).
    pub fn visit_trends(
        &self,
        venues: impl IntoIterator<Item = VenueId>,
        range: DateRange,
        granularity: Granularity,
    ) -> VisitTrendsRequest {
        let Self(client) = self.clone();
        let body = Body { granularity: Some(granularity), ..Body::new(range) };
        let venues = venues.into_iter().collect();
        VisitTrendsRequest { client, venues, range, body, options: RequestOptions::default(), ttl: None }
    }
}

impl VisitTrendsRequest {
    /// Counts only visits on these weekdays.
    pub fn days_of_week(mut self, days: impl IntoIterator<Item = Weekday>) -> Self {
        self.body.filters = std::mem::take(&mut self.body.filters).days(days);
        self
    }

    /// Counts only people from this far away. The sample is told unfiltered.
    pub fn distance(mut self, distance: DistanceFilter) -> Self {
        self.body.filters = std::mem::take(&mut self.body.filters).distance(distance);
        self
    }

    /// Counts these visits instead of those that Placer would choose.
    pub fn segment(mut self, segment: VisitSegment) -> Self {
        self.body.visit_duration_segmentation = Some(segment);
        self
    }

    /// Uses the cache otherwise.
    pub fn cache(mut self, policy: CachePolicy) -> Self {
        self.options.cache = policy;
        self
    }

    /// Keeps the answers this long.
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    /// Asks for it.
    pub async fn send(self) -> Result<Response<BulkReport<VisitTrend>>> {
        if !self.options.skip_validation {
            check_segment(self.body.visit_duration_segmentation.as_ref())?;
        }
        let ask = ask(self.body, self.client.settings().trends_chunk);
        bulk::run(&self.client, ask, self.range, self.venues, self.options, self.ttl).await
    }
}

connectors_core::request_options!(VisitTrendsRequest => BulkReport<VisitTrend>);

fn ask(body: Body, chunk: usize) -> Ask {
    Ask { operation: &VISIT_TRENDS, body, chunk: Some(chunk) }
}

/// The plain report by day.
pub(super) fn daily_trends(range: DateRange, segment: Option<VisitSegment>, chunk: usize) -> Ask {
    let (granularity, visit_duration_segmentation) = (Some(Granularity::Day), segment);
    ask(Body { granularity, visit_duration_segmentation, ..Body::new(range) }, chunk)
}

/// Mixed segments come in answers and cannot be asked for.
pub(super) fn check_segment(segment: Option<&VisitSegment>) -> Result<()> {
    match segment {
        Some(VisitSegment::Mixed) => Err(Error::invalid("segment", "cannot be asked for: it describes answers")),
        _ => Ok(()),
    }
}

#[derive(Debug, Default)]
pub(crate) struct Trend {
    dates: Vec<NaiveDate>,
    granularity: Option<Granularity>,
    visits: Option<Counts>,
    panel_visits: Option<Counts>,
}

impl Members for Trend {
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error> {
        match name {
            "dates" => self.dates = map.next_value::<Option<_>>()?.unwrap_or_default(),
            "granularity" => self.granularity = map.next_value()?,
            "visits" => self.visits = map.next_value()?,
            "panelVisits" => self.panel_visits = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Kind for VisitTrend {
    type Members = Trend;

    fn build(venue: &VenueId, entry: Entry<Trend>) -> Result<Option<Self>> {
        let Trend { dates, granularity, visits, panel_visits } = entry.members;
        let Some(Counts(visits)) = visits else { return Ok(None) };
        let panel = panel_visits.map(|counts| counts.0);
        for (name, length) in [("visits", visits.len()), ("panelVisits", panel.as_ref().map_or(dates.len(), Vec::len))]
        {
            if length != dates.len() {
                return Err(uneven(name, length, "dates", dates.len()));
            }
        }
        let panel = panel.into_iter().flatten().chain(std::iter::repeat(Count(None)));
        let point = |((date, visits), panel): ((NaiveDate, Count), Count)| {
            Some(TrendPoint { date, visits: visits.0?, panel_visits: panel.0 })
        };
        let mut points: Vec<_> = dates.into_iter().zip(visits).zip(panel).filter_map(point).collect();
        points.sort_unstable_by_key(|point| point.date);
        Ok(Some(Self {
            venue: venue.clone(),
            granularity: granularity.unwrap_or(Granularity::Day),
            points,
            segment: entry.head.segment,
        }))
    }
}
