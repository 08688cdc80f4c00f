//! `POST /v1/reports/trade-area/drive-time`

use connectors_core::DateRange;
use connectors_core::provider::Operation;

use super::TradeAreas;
use crate::model::{Allocation, TradeArea, VenueId};
use crate::native::report::operation;
use crate::native::request::{Asking, report};

static DRIVE_TIME: Operation = operation("reports.trade_area.drive_time", "/v1/reports/trade-area/drive-time");

report! {
    /// A report of the area that is near enough by car, in the making.
    pub struct DriveTimeRequest => TradeArea, of one;
    filters "filter";
    nearby;
    /// How long the way may take, in minutes from 5 to 200; 10 unless told otherwise.
    within minutes: u16 = "driveTime", 5..=200;
    /// How people are put on the map.
    set allocation: Allocation = "allocationType";
}

impl TradeAreas {
    /// The area from which the venue can be reached by car in so many minutes.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-trade-area-drive-time-1).
    pub fn drive_time(&self, venue: VenueId, range: DateRange) -> DriveTimeRequest {
        DriveTimeRequest(Asking::one(&self.0, &DRIVE_TIME, venue, range))
    }
}
