//! `POST /v1/reports/visit-metrics/days`

use std::sync::Arc;

use connectors_core::provider::Operation;
use connectors_core::{DateRange, Response, Result};

use super::Reports;
use super::hours::Binned;
use super::node::Entry;
use super::report::{Kind, report};
use super::venue_report::VenueReport;
use crate::model::{NearbyRadius, VenueId, WeekdayVisits};

static DAYS: Operation = report("reports.days", "/v1/reports/visit-metrics/days");

/// A report of visits by weekday, in the making.
pub type DaysRequest = VenueReport<WeekdayVisits>;

impl Reports {
    /// How many came to a venue, complex or billboard on each weekday, over the whole range.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-visit-metrics-days-1).
    pub fn days(&self, venue: VenueId, range: DateRange) -> DaysRequest {
        VenueReport::new(&self.0, venue, range)
    }
}

impl DaysRequest {
    /// Reports on the activity around the place instead.
    pub fn nearby_radius(mut self, radius: NearbyRadius) -> Self {
        self.body.nearby_radius = Some(radius);
        self
    }

    /// Asks for it.
    pub async fn send(self) -> Result<Response<Option<Arc<WeekdayVisits>>>> {
        self.run(&DAYS).await
    }
}

connectors_core::request_options!(DaysRequest => Option<Arc<WeekdayVisits>>);

impl Kind for WeekdayVisits {
    // Bins count from Monday = 0 here, where filters count from 1.
    type Members = Binned;

    fn build(venue: &VenueId, entry: Entry<Binned>) -> Result<Option<Self>> {
        let visits = |days| Self { venue: venue.clone(), days, segment: entry.head.segment };
        Ok(entry.members.by_bin()?.map(visits))
    }
}
