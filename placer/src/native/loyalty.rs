//! How often the same people come.

use connectors_core::provider::Operation;
use connectors_core::{DateRange, Result};

use super::body::Body;
use super::node::{Entry, Raw};
use super::report::{Kind, operation};
use super::request::{Asking, report};
use crate::PlacerClient;
use crate::model::{NoData, Outcome, VenueId, VisitsFrequency};

static VISITS_FREQUENCY: Operation =
    operation("reports.loyalty.visits_frequency", "/v1/reports/loyalty/visits-frequency");

/// How often the same people come: [`Reports::loyalty`](crate::Reports::loyalty).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// # use connectors_core::DateRange;
/// # use connectors_mock::MockPlacer;
/// # let (mock, venue) = (MockPlacer::new(), MockPlacer::venue_ids().remove(0));
/// # let placer = mock.client().clone();
/// # let month = DateRange::last_days(28, "2026-02-26".parse().expect("a date"))?;
/// let loyalty = placer.reports().loyalty();
/// let frequency = loyalty.visits_frequency(venue, month).await?.required()?;
/// assert!(frequency.visitors_with_at_least(2) < frequency.visitors_with_at_least(1));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Loyalty(pub(crate) PlacerClient);

report! {
    /// A report of how often the same people came, in the making.
    pub struct VisitsFrequencyRequest => VisitsFrequency, of one;
    filters "filter";
    nearby;
}

impl Loyalty {
    /// How many people came once, twice and so on to a venue or complex, over the whole range.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-loyalty-visits-frequency-1).
    pub fn visits_frequency(&self, venue: VenueId, range: DateRange) -> VisitsFrequencyRequest {
        VisitsFrequencyRequest(Asking::one(&self.0, &VISITS_FREQUENCY, venue, range))
    }
}

impl Kind for VisitsFrequency {
    type Members = Raw;

    fn build(_: &Body, venue: &VenueId, entry: Entry<Raw>) -> Result<Outcome<Self>> {
        let found = Self::read(venue, entry.members.read_as()?, entry.head.segment)?;
        Ok(if found.bins.is_empty() { Outcome::NoData(NoData::NoContent) } else { Outcome::ready(found) })
    }
}
