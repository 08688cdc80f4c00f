//! `POST /v1/reports/visit-metrics/days`

use connectors_core::provider::Operation;
use connectors_core::{DateRange, Result};

use super::Visits;
use super::hours::Binned;
use crate::model::{NoData, Outcome, VenueId, WeekdayVisits};
use crate::native::body::Body;
use crate::native::node::Entry;
use crate::native::report::{Kind, operation};
use crate::native::request::{Asking, report};

static DAYS: Operation = operation("reports.visits.days", "/v1/reports/visit-metrics/days");

report! {
    /// A report of visits by weekday, in the making.
    pub struct DaysRequest => WeekdayVisits, of one;
    filters "filters";
    nearby;
}

impl Visits {
    /// How many came to a venue, complex or billboard on each weekday, over the whole range.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-visit-metrics-days-1).
    pub fn days(&self, venue: VenueId, range: DateRange) -> DaysRequest {
        DaysRequest(Asking::one(&self.0, &DAYS, venue, range))
    }
}

impl Kind for WeekdayVisits {
    // Bins count from Monday = 0 here, where filters count from 1.
    type Members = Binned;

    fn build(_: &Body, venue: &VenueId, entry: Entry<Binned>) -> Result<Outcome<Self>> {
        let Some(days) = entry.members.by_bin()? else { return Ok(Outcome::NoData(NoData::NoContent)) };
        Ok(Outcome::ready(Self { venue: venue.clone(), days, segment: entry.head.segment }))
    }
}
