//! `POST /v1/reports/visit-metrics`

use connectors_core::provider::Operation;
use connectors_core::{DateRange, Error, ErrorKind, Result};
use serde::Deserialize;
use serde::de::MapAccess;
use serde_json::Value;

use super::Visits;
use crate::model::{NearbyRadius, NoData, Outcome, Poi, VenueId, VisitMetrics};
use crate::native::body::Body;
use crate::native::node::{Count, Entry, Members};
use crate::native::report::{Ask, Kind, operation};
use crate::native::request::{Asking, report};

static METRICS: Operation = operation("reports.visits.metrics", "/v1/reports/visit-metrics");

/// How many venues a request takes.
const CHUNK: usize = 100;

report! {
    /// A report of the visits of a whole range, in the making.
    pub struct MetricsRequest => VisitMetrics, of many;
    filters "filters";
}

impl Visits {
    /// How many came to each venue in the whole range: visits and different people. 100 venues are one call.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-visit-metrics-1).
    pub fn metrics(&self, venues: impl IntoIterator<Item = VenueId>, range: DateRange) -> MetricsRequest {
        MetricsRequest(Asking::many(&self.0, &METRICS, venues, range, CHUNK).set("includeMetadata", false))
    }
}

impl MetricsRequest {
    /// Reports on the activity around the place instead. Placer then looks at one venue only, so several are refused.
    pub fn nearby_radius(self, radius: NearbyRadius) -> Self {
        let several = || Error::invalid("nearbyRadius", "goes with one venue only: Placer would leave the others out");
        let checked = if self.0.venues() > 1 { Err(several()) } else { Ok(()) };
        Self(self.0.check(checked).set("nearbyRadius", radius))
    }

    /// Adds what is known of the places themselves, which makes answers much larger.
    pub fn include_metadata(self) -> Self {
        Self(self.0.set("includeMetadata", true))
    }
}

/// The plain report.
pub(crate) fn visit_metrics(range: DateRange) -> Ask {
    Ask { operation: &METRICS, body: Body::new(range).with("includeMetadata", false), chunk: Some(CHUNK) }
}

#[derive(Debug, Default)]
pub(crate) struct Metrics {
    visits: Count,
    visitors: Count,
    panel_visits: Count,
    panel_visitors: Count,
    metadata: Option<Value>,
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

    fn build(_: &Body, venue: &VenueId, entry: Entry<Metrics>) -> Result<Outcome<Self>> {
        let Metrics { visits, visitors, panel_visits, panel_visitors, metadata } = entry.members;
        let Some(visits) = visits.0 else { return Ok(Outcome::NoData(NoData::NoContent)) };
        Ok(Outcome::ready(Self {
            venue: venue.clone(),
            visits,
            visitors: visitors.0,
            panel_visits: panel_visits.0,
            panel_visitors: panel_visitors.0,
            segment: entry.head.segment,
            metadata: metadata.map(|told| place(venue, told)).transpose()?,
        }))
    }

    fn place(&self) -> Option<&Poi> {
        self.metadata.as_ref()
    }
}

/// The place, whose id may stand beside it alone.
fn place(venue: &VenueId, mut told: Value) -> Result<Poi> {
    if let Some(members) = told.as_object_mut().filter(|members| members.get("apiId").is_none_or(Value::is_null)) {
        members.insert("apiId".to_owned(), venue.as_str().into());
    }
    let unread = |error| Error::new(ErrorKind::Decode, "cannot be read").with_json_path("metadata").with_source(error);
    Poi::deserialize(told).map_err(unread)
}
