//! What a gateway has beyond the services.

use bytes::Bytes;
use chrono::NaiveDate;
use connectors_core::provider::{Call, Operation};
use connectors_core::{DateRange, Error, ErrorKind, Response, Result};
use http::Method;

use super::read::{Day, Pattern, People, days, health};
use super::{FOOTFALL, MOVEMENT, ask_all, dated, decode};
use crate::dates::check_past;
use crate::model::{GatewayDates, GatewayDay, GatewayDemographics, GatewayHealth, GatewayMovement, VenueId};
use crate::{PROVIDER, PlacerClient};

static DEMOGRAPHICS: Operation =
    Operation::new(PROVIDER, "venues.demographics", Method::GET, "/venues/{id}/demographics");
static HEALTH: Operation = Operation::new(PROVIDER, "health", Method::GET, "/health");

/// The operations that only gateways have.
pub(crate) const GATEWAY_OPERATIONS: [&str; 4] = [FOOTFALL.name, MOVEMENT.name, DEMOGRAPHICS.name, HEALTH.name];

/// What an integration gateway tells, with all that the [service](crate::PlacerService) leaves out:
/// [`PlacerClient::gateway`]. Nothing here is cached.
///
/// On the native contract every method fails with [`Unsupported`](ErrorKind::Unsupported). Not every gateway has
/// [`demographics`](Self::demographics) and [`health`](Self::health); one that has not answers with
/// [`NotFound`](ErrorKind::NotFound).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// use connectors_core::DateRange;
/// use connectors_mock::MockPlacer;
/// use connectors_placer::{Contract, GatewayDates};
///
/// let mock = MockPlacer::builder().contract(Contract::Gateway).gateway_dates(GatewayDates::SingleDay).build()?;
/// let (gateway, venue) = (mock.client().gateway(), MockPlacer::venue_ids().remove(0));
/// assert!(gateway.health().await?.healthy);
///
/// let weekend = DateRange::new("2026-02-21".parse().expect("a date"), "2026-02-22".parse().expect("a date"))?;
/// let days = gateway.footfall(&venue, weekend).await?;
/// assert_eq!(days[0].hourly.map(|hours| hours.iter().sum::<u64>()), Some(days[0].visits));
///
/// let saturday = gateway.movement(&venue, Some(weekend.start())).await?;
/// assert_eq!(saturday.peak_hours.first().copied(), Some(12));
/// let people = gateway.demographics(&venue).await?;
/// println!("{:.0} % of them are {}", people.age_groups[1].share, people.age_groups[1].name);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct GatewayApi(pub(crate) PlacerClient);

impl GatewayApi {
    /// The days that have visits, in order. One call, or one for each day, see [`GatewayDates`].
    pub async fn footfall(&self, venue: &VenueId, range: DateRange) -> Result<Vec<GatewayDay>> {
        let named = |error: Error| error.with_origin(PROVIDER, FOOTFALL.name);
        check_past(range, self.0.today()).map_err(named)?;
        let ask = async |range: DateRange| -> Result<Vec<GatewayDay>> {
            let call = dated(self.call(&FOOTFALL).path("id", venue), Some(range), self.dates());
            let read = decode::<Day>(&call.send_bytes().await?).and_then(|read| days(read, venue, range));
            read.map_err(named)
        };
        ask_all(&self.0, range, ask).await
    }

    /// When people come: in general, or on this day where the gateway is asked by [day](GatewayDates::SingleDay). A
    /// venue without data is [`NotFound`](ErrorKind::NotFound).
    pub async fn movement(&self, venue: &VenueId, date: Option<NaiveDate>) -> Result<GatewayMovement> {
        let named = |error: Error| error.with_origin(PROVIDER, MOVEMENT.name);
        if date.is_some() && self.dates() == GatewayDates::Range {
            let error = Error::unsupported(PROVIDER, MOVEMENT.name, "this gateway is not asked by single days");
            return Err(error.with_hint("set `gateway_dates(GatewayDates::SingleDay)` where the gateway takes `date`"));
        }
        let call = dated(self.call(&MOVEMENT).path("id", venue), date.map(DateRange::single), self.dates());
        let read = decode::<Pattern>(&call.send_bytes().await?).map_err(named)?;
        let told = read.into_iter().next().and_then(|pattern| pattern.into_movement(venue.clone()));
        told.ok_or_else(|| named(Error::new(ErrorKind::NotFound, "the gateway knows no pattern of this venue")))
    }

    /// Who comes. Groups that the gateway leaves out are empty.
    pub async fn demographics(&self, venue: &VenueId) -> Result<GatewayDemographics> {
        let named = |error: Error| error.with_origin(PROVIDER, DEMOGRAPHICS.name);
        let answer = self.call(&DEMOGRAPHICS).path("id", venue).send_bytes().await?;
        let told = decode::<People>(&answer).map_err(named)?.into_iter().next();
        told.map(GatewayDemographics::from)
            .ok_or_else(|| named(Error::new(ErrorKind::NotFound, "the gateway knows no demographics of this venue")))
    }

    /// How the gateway is. Trouble that it tells by its status code is an error.
    pub async fn health(&self) -> Result<GatewayHealth> {
        let answer: Response<Bytes> = self.call(&HEALTH).send_bytes().await?;
        Ok(health(&answer))
    }

    fn dates(&self) -> GatewayDates {
        self.0.settings().gateway_dates
    }

    fn call(&self, operation: &'static Operation) -> Call {
        self.0.native(operation)
    }
}
