//! `POST /v1/reports/visit-trends/single`

use connectors_core::DateRange;
use connectors_core::provider::Operation;

use super::Visits;
use crate::model::{Granularity, VenueId, VisitTrend};
use crate::native::report::operation;
use crate::native::request::{Asking, report};

pub(crate) static TRENDS_SINGLE: Operation =
    operation("reports.visits.trends_single", "/v1/reports/visit-trends/single");

report! {
    /// A trend of one venue, in the making.
    pub struct TrendsSingleRequest => VisitTrend, of one;
    filters "filters";
}

impl Visits {
    /// How many came to one venue in each bin of the range. Takes custom places and all filters, which
    /// [`trends`](Self::trends) does not; tells no sample.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-visit-trends-single-1).
    pub fn trends_single(&self, venue: VenueId, range: DateRange, granularity: Granularity) -> TrendsSingleRequest {
        TrendsSingleRequest(Asking::one(&self.0, &TRENDS_SINGLE, venue, range).set("granularity", granularity))
    }
}
