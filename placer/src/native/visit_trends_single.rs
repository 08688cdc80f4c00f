//! `POST /v1/reports/visit-trends/single`

use std::sync::Arc;

use connectors_core::provider::Operation;
use connectors_core::{DateRange, Response, Result};

use super::Reports;
use super::report::report;
use super::venue_report::VenueReport;
use crate::model::{Granularity, VenueId, VisitTrend};

pub(super) static VISIT_TRENDS_SINGLE: Operation =
    report("reports.visit_trends_single", "/v1/reports/visit-trends/single");

/// A trend of one venue, in the making.
pub type VisitTrendsSingleRequest = VenueReport<VisitTrend>;

impl Reports {
    /// How many came to one venue in each bin of the range. Takes custom places and all filters, which
    /// [`visit_trends`](Self::visit_trends) does not; tells no sample.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-visit-trends-single-1).
    pub fn visit_trends_single(
        &self,
        venue: VenueId,
        range: DateRange,
        granularity: Granularity,
    ) -> VisitTrendsSingleRequest {
        let mut request = VenueReport::new(&self.0, venue, range);
        request.body.granularity = Some(granularity);
        request
    }
}

impl VisitTrendsSingleRequest {
    /// Asks for it.
    pub async fn send(self) -> Result<Response<Option<Arc<VisitTrend>>>> {
        self.run(&VISIT_TRENDS_SINGLE).await
    }
}

connectors_core::request_options!(VisitTrendsSingleRequest => Option<Arc<VisitTrend>>);
