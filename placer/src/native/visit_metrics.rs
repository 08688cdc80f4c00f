//! `POST /v1/reports/visit-metrics`

use std::time::Duration;

use connectors_core::provider::Operation;
use connectors_core::{CachePolicy, DateRange, Error, RequestOptions, Response, Result};
use serde::de::MapAccess;

use super::Reports;
use super::body::Body;
use super::bulk::{self, BulkReport};
use super::node::{Count, Entry, Members};
use super::report::{Ask, Kind, report};
use crate::PlacerClient;
use crate::model::{Filters, NearbyRadius, Poi, VenueId, VisitMetrics};

static VISIT_METRICS: Operation = report("reports.visit_metrics", "/v1/reports/visit-metrics");

/// How many venues a request takes.
const CHUNK: usize = 100;

/// A report of the visits of a whole range, in the making.
#[must_use = "a report is asked for when it is awaited or sent"]
#[derive(Debug)]
pub struct VisitMetricsRequest {
    client: PlacerClient,
    venues: Vec<VenueId>,
    range: DateRange,
    body: Body,
    options: RequestOptions,
    ttl: Option<Duration>,
}

impl Reports {
    /// How many came to each venue in the whole range: visits and different people. 100 venues are one call.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-visit-metrics-1).
    pub fn visit_metrics(&self, venues: impl IntoIterator<Item = VenueId>, range: DateRange) -> VisitMetricsRequest {
        let Reports(client) = self.clone();
        let (body, options) = (metrics_of(range), RequestOptions::default());
        VisitMetricsRequest { client, venues: venues.into_iter().collect(), range, body, options, ttl: None }
    }
}

impl VisitMetricsRequest {
    /// Counts only some of the visits.
    pub fn filters(mut self, filters: Filters) -> Self {
        self.body.filters = filters;
        self
    }

    /// Reports on the activity around the place instead. Placer then looks at one venue only, so several are refused.
    pub fn nearby_radius(mut self, radius: NearbyRadius) -> Self {
        self.body.nearby_radius = Some(radius);
        self
    }

    /// Adds what is known of the places themselves, which makes answers much larger.
    pub fn include_metadata(mut self) -> Self {
        self.body.include_metadata = Some(true);
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
    pub async fn send(self) -> Result<Response<BulkReport<VisitMetrics>>> {
        if self.body.nearby_radius.is_some() && self.venues.len() > 1 && !self.options.skip_validation {
            return Err(Error::invalid("nearbyRadius", "goes with one venue only: Placer would leave the others out"));
        }
        bulk::run(&self.client, ask(self.body), self.range, self.venues, self.options, self.ttl).await
    }
}

connectors_core::request_options!(VisitMetricsRequest => BulkReport<VisitMetrics>);

fn metrics_of(range: DateRange) -> Body {
    Body { include_metadata: Some(false), ..Body::new(range) }
}

fn ask(body: Body) -> Ask {
    Ask { operation: &VISIT_METRICS, body, chunk: Some(CHUNK) }
}

/// The plain report.
pub(super) fn visit_metrics(range: DateRange) -> Ask {
    ask(metrics_of(range))
}

#[derive(Debug, Default)]
pub(crate) struct Metrics {
    visits: Count,
    visitors: Count,
    panel_visits: Count,
    panel_visitors: Count,
    metadata: Option<Poi>,
}

impl Members for Metrics {
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error> {
        match name {
            "visits" => self.visits = map.next_value()?,
            "visitors" => self.visitors = map.next_value()?,
            "panelVisits" => self.panel_visits = map.next_value()?,
            "panelVisitors" => self.panel_visitors = map.next_value()?,
            "metadata" => self.metadata = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Kind for VisitMetrics {
    type Members = Metrics;

    fn build(venue: &VenueId, entry: Entry<Metrics>) -> Result<Option<Self>> {
        let Metrics { visits, visitors, panel_visits, panel_visitors, metadata } = entry.members;
        Ok(visits.0.map(|visits| Self {
            venue: venue.clone(),
            visits,
            visitors: visitors.0,
            panel_visits: panel_visits.0,
            panel_visitors: panel_visitors.0,
            segment: entry.head.segment,
            metadata,
        }))
    }
}
