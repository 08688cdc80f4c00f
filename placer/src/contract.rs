//! What a contract has to answer for the services to work on it.

use std::fmt::Debug;

use async_trait::async_trait;
use chrono::NaiveDate;
use connectors_core::{DateRange, Result, ServiceSummary};

use crate::PlacerClient;
use crate::model::{Fidelity, Footfall, Movement, VenueId, VisitSegment};
use crate::native::plan::Planner;
use crate::native::report::Manner;

/// Days of distinct venues, checked.
#[derive(Debug, Clone)]
pub(crate) struct FootfallQuery {
    pub(crate) venues: Vec<VenueId>,
    pub(crate) range: DateRange,
    pub(crate) fidelity: Fidelity,
    pub(crate) segment: Option<VisitSegment>,
    pub(crate) manner: Manner,
}

/// The pattern of one venue, checked.
#[derive(Debug, Clone)]
pub(crate) struct MovementQuery {
    pub(crate) venue: VenueId,
    /// Whether the caller asked for these days, or they are the default.
    pub(crate) chosen: bool,
    pub(crate) range: DateRange,
    pub(crate) manner: Manner,
}

/// How a contract carries out the services.
#[async_trait]
pub(crate) trait Services: Debug + Send + Sync {
    /// The latest day that has data.
    fn latest_day(&self, today: NaiveDate) -> NaiveDate;

    /// Refuses an id that cannot be one.
    fn check_venue(&self, venue: &VenueId) -> Result<()>;

    /// Refuses a native operation where there is none.
    fn offers(&self, operation: &'static str) -> Result<()>;

    /// One answer per venue, in their order; an error when the question as such cannot be answered.
    async fn footfall(&self, client: &PlacerClient, query: &FootfallQuery) -> Result<Vec<Result<Footfall>>>;

    async fn movement(&self, client: &PlacerClient, query: &MovementQuery) -> Result<Movement>;

    /// What [`footfall`](Self::footfall) is going to ask for; the same error when it would not.
    async fn plan_footfall(&self, query: &FootfallQuery, planner: &mut Planner<'_>) -> Result<()>;

    async fn plan_movement(&self, query: &MovementQuery, planner: &mut Planner<'_>) -> Result<()>;

    /// The cheapest authenticated call; says who we are.
    async fn probe(&self, client: &PlacerClient) -> Result<String>;

    async fn summary(&self, client: &PlacerClient) -> Result<ServiceSummary>;
}
