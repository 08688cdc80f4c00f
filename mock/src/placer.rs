//! Placer.ai, offline.
//!
//! What the real service does on good days needs no setting. What it does now and then is scripted:
//!
//! | state | how |
//! |---|---|
//! | 202, n times, then the report | [`polls(n)`](MockPlacerBuilder::polls); for one operation [`Oddity::Pending`] n times |
//! | 202 for as long as the report takes | [`compute_times()`](MockPlacerBuilder::compute_times) |
//! | 207, some entries failed | a place of another [`Standing`] among the others |
//! | 207, some entries pending | [`Oddity::PartlyPending`] |
//! | 200, some or all entries pending (3005) | [`Oddity::PartlyPendingInside`], [`Oddity::PendingInside`] |
//! | 204 | [`Standing::NoData`]; once, although there is data: [`Oddity::NoContent`] |
//! | 200 that says 3006 | [`Oddity::NoDataInside`] |
//! | 200 without a body | [`Oddity::EmptyBody`] |
//! | either dialect | [`dialect(..)`](MockPlacerBuilder::dialect) |
//! | 400, code 2002, for days that are too late | [`lag_days(n)`](MockPlacerBuilder::lag_days) |
//! | a place that is not permitted, flagged, withheld, restricted, of the account's making | [`Standing`] |
//! | 401, code 1001, for the demographics of one place | [`Standing::WithoutDemographics`] |
//! | any other refusal | [`Oddity::Refused`] with its code |
//! | 403 of the API gateway, for a wrong key | `client().replace_api_key("wrong")`; once: [`Oddity::Forbidden`] |
//! | 429, code 2004 | [`Fault::Throttle`](crate::Fault::Throttle), or sending too fast; for the week: [`call_quota(n)`](MockPlacerBuilder::call_quota) |
//! | 429, code 2005 | [`poi_quota(n)`](MockPlacerBuilder::poi_quota) |
//! | 500, 502, 503 | [`Fault::Status`](crate::Fault::Status) |
//! | 504 | [`Oddity::GatewayTimeout`] |
//! | 504 after 29 s | the same, and [`Fault::Slow`](crate::Fault::Slow) for 29 s |
//! | an answer that comes too late | [`Fault::Slow`](crate::Fault::Slow) for longer than the client waits |
//! | `dma.code` as a number, or as a text | as it is, or [`Quirk::DmaCodesAsTexts`] |
//! | no `regionCode`, `Polygon` or `MultiPolygon`, no `requestId`, floats | [`Quirk`] |
//! | a gateway that is asked by single days, or has demographics and health | [`gateway_dates(..)`](MockPlacerBuilder::gateway_dates) |
//! | misspelt fields refused, or ignored as the real service does | as it is, or [`strict(false)`](MockPlacerBuilder::strict) |
//!
//! Oddities are set by [`FakePlacer::oddities`] for the next requests to an operation, standings by
//! [`MockPlacerBuilder::venue`], faults by [`Backend::script`]. All of them answer on every face.

mod answer;
mod calendar;
mod cbgs;
mod computing;
mod curve;
mod custom_pois;
mod demographics;
mod fake;
mod gateway;
mod journey;
mod loyalty;
mod oddity;
mod operations;
mod period;
mod place;
mod pois;
mod profile;
mod ranking;
mod refusal;
mod request;
mod retail;
mod setup;
mod tags;
mod trade_area;
mod venues;
mod visits;
mod weather;

use std::sync::Arc;

use connectors_core::{ConnectionReport, Result, ServiceSummary};
use connectors_placer::{
    AggregateFootfall, AggregateRequest, Contract, DATA_LAG_DAYS, Footfall, FootfallRequest, GatewayDates, Movement,
    MovementRequest, PlacerBuilder, PlacerClient, PlacerService, VenueId,
};

use self::computing::Computing;
pub use self::custom_pois::FakeCustomPoi;
use self::fake::Config;
pub use self::fake::{Dialect, FakePlacer};
pub use self::oddity::{Oddity, Quirk};
pub use self::place::{FakeVenue, Standing};
pub use self::profile::Profile;
pub use self::setup::PlacerSetup;
pub use self::venues::{CHAIN, SeedVenue, VENUES};
use crate::face::{Settings, face, initial};
use crate::{Backend, InProcess};

/// A host that does not exist, so that what is meant for the mock never reaches the real service.
const API_URL: &str = "https://placer.test";

/// The real Placer.ai client, connected to a [`FakePlacer`] in this process.
///
/// It knows the places in [`VENUES`]. Every report is answered by "not ready" once before it is there, and days have no
/// data until they are four days old, by the mock's clock.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// use connectors_core::DateRange;
/// use connectors_mock::{MockPlacer, placer::VENUES};
/// use connectors_placer::{FootfallRequest, PlacerService, VenueId, latest_complete_day};
///
/// let mock = MockPlacer::new();
/// let venue = VenueId::new(VENUES[0].id)?;
/// let today = mock.backend().clock().now_utc().date_naive();
/// let week = DateRange::last_days(7, latest_complete_day(today))?;
/// let footfall = mock.footfall(FootfallRequest::new(venue, week)).await?;
/// assert_eq!((footfall.cost.calls, footfall.cost.polls), (1, 1));
/// assert_eq!(mock.fake().visits(VENUES[0].id, footfall.rows[0].date), Some(footfall.rows[0].visits));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct MockPlacer {
    client: PlacerClient,
    backend: Backend,
    fake: Arc<FakePlacer>,
}

impl MockPlacer {
    /// A mock to be set up.
    pub fn builder() -> MockPlacerBuilder {
        MockPlacerBuilder {
            contract: Contract::Native,
            config: Config {
                dialect: Dialect::default(),
                computing: Computing::Polls(1),
                custom_poi_polls: 0,
                lag_days: DATA_LAG_DAYS,
                poi_quota: None,
                call_quota: None,
                strict: true,
                refuses_whole: false,
                quirks: Vec::new(),
                gateway_dates: GatewayDates::default(),
            },
            settings: Settings::new(PlacerClient::builder()),
        }
    }

    /// The ids of [`VENUES`], in their order.
    pub fn venue_ids() -> Vec<VenueId> {
        VENUES.iter().filter_map(|venue| VenueId::new(venue.id).ok()).collect()
    }
}

connectors_core::forward_service!(PlacerService for MockPlacer, by client {
    footfall(request: FootfallRequest) -> Footfall;
    movement(request: MovementRequest) -> Movement;
    aggregate_footfall(request: AggregateRequest) -> AggregateFootfall;
    test_connection() -> ConnectionReport;
    summary() -> ServiceSummary;
});

face!(MockPlacer: PlacerClient, FakePlacer; MockPlacerBuilder: PlacerBuilder);
initial!(MockPlacerBuilder: PlacerSetup);

/// Sets up a [`MockPlacer`].
#[must_use = "a builder does nothing until it builds"]
pub struct MockPlacerBuilder {
    contract: Contract,
    config: Config,
    settings: Settings<PlacerBuilder, PlacerSetup>,
}

impl MockPlacerBuilder {
    /// The contract that the client speaks. The fake shows its places on both.
    pub fn contract(mut self, contract: Contract) -> Self {
        self.contract = contract;
        self
    }

    /// Writes answers like this.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.config.dialect = dialect;
        self
    }

    /// Answers each report by "not ready" so many times before it is there; once unless set.
    pub fn polls(mut self, polls: u32) -> Self {
        self.config.computing = Computing::Polls(polls);
        self
    }

    /// Takes as long for each report as Placer publishes, by the mock's clock: 0.7 to 10 s, and two where nothing is
    /// published. Until then, it answers by "not ready".
    pub fn compute_times(mut self) -> Self {
        self.config.computing = Computing::Time;
        self
    }

    /// Answers the creation of a custom place by 202, and has the place once it was asked for so many times; at once
    /// unless set.
    pub fn custom_poi_polls(mut self, polls: u32) -> Self {
        self.config.custom_poi_polls = polls;
        self
    }

    /// Has data up to so many days ago; four unless set.
    pub fn lag_days(mut self, days: u64) -> Self {
        self.config.lag_days = days;
        self
    }

    /// Refuses, by code 2005, more distinct places than this in a week, which begins on Sunday, 00:00 UTC, by the mock's
    /// clock.
    pub fn poi_quota(mut self, places: usize) -> Self {
        self.config.poi_quota = Some(places);
        self
    }

    /// Refuses, by code 2004, more calls than this in a week. What is answered by 202, 429 or 500 does not count.
    pub fn call_quota(mut self, calls: u64) -> Self {
        self.config.call_quota = Some(calls);
        self
    }

    /// Writes all answers of the native contract with these quirks.
    pub fn quirks(mut self, quirks: impl IntoIterator<Item = Quirk>) -> Self {
        self.config.quirks.extend(quirks);
        self
    }

    /// Whether a field that a report does not have is refused, as it is unless set, or ignored in silence, as the real
    /// service does.
    pub fn strict(mut self, strict: bool) -> Self {
        self.config.strict = strict;
        self
    }

    /// What the gateway is like, and the client with it: asked by a range of days, with footfall and movement alone, or
    /// by single days, with hours, names, demographics and health besides.
    pub fn gateway_dates(mut self, dates: GatewayDates) -> Self {
        self.config.gateway_dates = dates;
        self.settings.client =
            self.settings.client.gateway_dates(dates).gateway_health(dates == GatewayDates::SingleDay);
        self
    }

    /// Refuses a bulk report as a whole when it refuses one of its places, instead of that one alone.
    pub fn refuses_whole(mut self) -> Self {
        self.config.refuses_whole = true;
        self
    }

    /// A further place.
    pub fn venue(mut self, venue: FakeVenue) -> Self {
        self.settings.alter(|setup| setup.venue(venue));
        self
    }

    /// So many further places, called `Corner Store 1` and so on: for searches of many pages.
    pub fn corner_stores(mut self, count: usize) -> Self {
        self.settings.alter(|setup| setup.corner_stores(count));
        self
    }

    /// The mock; fails on a setting of the client that cannot be right, and on an [initial](Self::initial) setup that
    /// makes no sense.
    pub fn build(self) -> Result<MockPlacer> {
        let (clock, seed) = (self.settings.clock(), self.settings.seed);
        let fake = Arc::new(FakePlacer::new(self.config, seed, self.settings.initial)?);
        let backend = Backend::new(fake.clone(), Arc::clone(&clock));
        let client = self
            .settings
            .client
            .contract(self.contract)
            .api_key(FakePlacer::KEY)
            .api_url(API_URL)
            .transport(Arc::new(InProcess::new(backend.clone())))
            .clock(clock)
            .seed(seed)
            .build()?;
        Ok(MockPlacer { client, backend, fake })
    }
}
