//! Where people come from, and who they are.

mod demographics;
mod drive_time;
mod true_trade_area;

pub use self::demographics::DemographicsRequest;
pub use self::drive_time::DriveTimeRequest;
pub use self::true_trade_area::TrueTradeAreaRequest;

use connectors_core::Result;

use super::body::Body;
use super::node::{Entry, Raw};
use super::report::Kind;
use crate::PlacerClient;
use crate::model::{Area, NoData, Outcome, TradeArea, VenueId, WrittenArea};

/// Where people come from, and who they are: [`Reports::trade_area`](crate::Reports::trade_area).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// # use connectors_core::DateRange;
/// # use connectors_mock::MockPlacer;
/// # let (mock, venue) = (MockPlacer::new(), MockPlacer::venue_ids().remove(0));
/// # let placer = mock.client().clone();
/// # let month = DateRange::last_days(28, "2026-02-26".parse().expect("a date"))?;
/// use connectors_placer::{Dataset, DemographicsMethod, PopstatsTemplate};
///
/// let trade_area = placer.reports().trade_area();
/// let core = trade_area.true_trade_area(venue.clone(), month).traffic_share(50).await?.required()?;
/// let most = trade_area.true_trade_area(venue.clone(), month).traffic_share(90).await?.required()?;
/// assert!(core.area.radius_miles() < most.area.radius_miles());
///
/// let drive = trade_area.drive_time(venue.clone(), month).minutes(15).await?.required()?;
/// println!("{}", drive.area.to_geojson());
///
/// let people = trade_area.demographics(venue, month).dataset(Dataset::Popstats(PopstatsTemplate::Default));
/// let people = people.method(DemographicsMethod::MileRing { miles: 2.0 }).await?.required()?;
/// assert!(people.value("Overview", "Population") > people.value("Overview", "Households"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct TradeAreas(pub(crate) PlacerClient);

impl Kind for TradeArea {
    type Members = Raw;

    fn build(_: &Body, venue: &VenueId, entry: Entry<Raw>) -> Result<Outcome<Self>> {
        if !entry.members.has("coordinates") {
            return Ok(Outcome::NoData(NoData::NoContent));
        }
        let area = Area::read(&entry.members.read_as::<WrittenArea>()?)?;
        let found = area.map(|area| Self { venue: venue.clone(), area, segment: entry.head.segment });
        Ok(found.map_or(Outcome::NoData(NoData::NoContent), Outcome::ready))
    }
}
