//! `POST /v1/reports/true-trade-area`

use connectors_core::DateRange;
use connectors_core::provider::Operation;

use super::TradeAreas;
use crate::model::{Allocation, TradeArea, VenueId};
use crate::native::report::operation;
use crate::native::request::{Asking, report};

static TRUE_TRADE_AREA: Operation = operation("reports.trade_area.true_trade_area", "/v1/reports/true-trade-area");

report! {
    /// A report of the area that people came from, in the making.
    pub struct TrueTradeAreaRequest => TradeArea, of one;
    filters "filter";
    nearby;
    /// The share of the visits that come from the area, in percent from 30 to 100; 70 unless told otherwise.
    within traffic_share: u8 = "trafficVolPct", 30..=100;
    /// How far the area reaches at most, in miles from 1 to 100; 50 unless told otherwise.
    within within_miles: u16 = "withinDistance", 1..=100;
    /// How people are put on the map; by weighted centroids unless told otherwise.
    set allocation: Allocation = "allocationType";
}

impl TradeAreas {
    /// The area that the people came from, by where they really live. Of a venue or complex.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-true-trade-area-1).
    pub fn true_trade_area(&self, venue: VenueId, range: DateRange) -> TrueTradeAreaRequest {
        let asking = Asking::one(&self.0, &TRUE_TRADE_AREA, venue, range);
        TrueTradeAreaRequest(asking.set("reportType", "trueTradeArea").set("fileFormat", "polygonGeoJson"))
    }
}
