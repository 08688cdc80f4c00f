//! What two venues have in common.

use connectors_core::{DateRange, Error, Result};
#[cfg(feature = "geo")]
use futures_util::future::join;

use super::Analytics;
use super::work::{Work, question};
use crate::model::{AvailabilityPolicy, CbgGranularity, CbgOverlap, CbgVisits, NoData, Outcome, TrafficShare, VenueId};
#[cfg(feature = "geo")]
use crate::model::{TradeArea, TradeAreaOverlap};
#[cfg(feature = "geo")]
use crate::native::TrueTradeAreaRequest;
use crate::native::plan::Planner;
use crate::native::report::{Manner, reports};
use crate::native::request::Asks as _;
use crate::native::{CbgsRequest, holds_bin, takes_cbgs};

/// A question for what two trade areas have in common, in the making.
#[cfg(feature = "geo")]
#[cfg_attr(docsrs, doc(cfg(feature = "geo")))]
#[must_use = "a question is asked when it is awaited"]
#[derive(Debug, Clone)]
pub struct OverlapRequest {
    work: Work,
    venues: [VenueId; 2],
    range: DateRange,
    traffic_share: Option<u8>,
    within_miles: Option<u16>,
}

/// A question for how alike the origins of two venues' visits are, in the making.
#[must_use = "a question is asked when it is awaited"]
#[derive(Debug, Clone)]
pub struct CbgOverlapRequest {
    work: Work,
    venues: [VenueId; 2],
    range: DateRange,
    granularity: Option<CbgGranularity>,
    traffic_share: TrafficShare,
}

#[cfg(feature = "geo")]
question!(OverlapRequest => TradeAreaOverlap);
question!(CbgOverlapRequest => CbgOverlap);

impl Analytics {
    /// What the true trade areas of two venues have in common, in square miles and on the map, for two calls. Days later
    /// than the latest complete one are left out.
    ///
    /// When one of them has no trade area it is [`NotFound`](connectors_core::ErrorKind::NotFound). Only on the native
    /// contract.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # use connectors_core::DateRange;
    /// # use connectors_mock::MockPlacer;
    /// # let (mock, venues) = (MockPlacer::new(), MockPlacer::venue_ids());
    /// # let analytics = mock.client().analytics();
    /// # let month = DateRange::last_days(35, "2026-02-26".parse().expect("a date"))?;
    /// let (union, bryant) = (venues[1].clone(), venues[2].clone());
    /// let areas = analytics.overlap(union, bryant, month).await?;
    /// assert!(areas.share_of_one > 50.0, "two squares in one town");
    /// println!("{} square miles: {}", areas.shared_square_miles, areas.area.expect("not empty").to_geojson());
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "geo")]
    #[cfg_attr(docsrs, doc(cfg(feature = "geo")))]
    pub fn overlap(&self, one: VenueId, other: VenueId, range: DateRange) -> OverlapRequest {
        let work = Work::new(&self.0);
        OverlapRequest { work, venues: [one, other], range, traffic_share: None, within_miles: None }
    }

    /// How many of the visits of two venues come from census block groups that send people to both, for one call. Days
    /// later than the latest complete one are left out; what is left must hold a month or a week, as for
    /// [`cbgs`](crate::Visits::cbgs).
    ///
    /// When one of them has no data it is [`NotFound`](connectors_core::ErrorKind::NotFound). Only on the native
    /// contract.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # use connectors_core::DateRange;
    /// # use connectors_mock::MockPlacer;
    /// # let (mock, venues) = (MockPlacer::new(), MockPlacer::venue_ids());
    /// # let analytics = mock.client().analytics();
    /// # let month = DateRange::last_days(35, "2026-02-26".parse().expect("a date"))?;
    /// let (union, bryant) = (venues[1].clone(), venues[2].clone());
    /// let question = analytics.cbg_overlap(union, bryant, month);
    /// assert_eq!(question.estimate().await?.calls, 1);
    /// let homes = question.await?;
    /// println!("{:.0} % alike, most of all {}", homes.similarity, homes.rows[0].cbg);
    /// # Ok(())
    /// # }
    /// ```
    pub fn cbg_overlap(&self, one: VenueId, other: VenueId, range: DateRange) -> CbgOverlapRequest {
        let work = Work::new(&self.0);
        let traffic_share = TrafficShare::All;
        CbgOverlapRequest { work, venues: [one, other], range, granularity: None, traffic_share }
    }
}

/// Refuses what cannot be compared, and gives the days that there is data for.
fn checked(work: &Work, operation: &'static str, venues: &[VenueId; 2], range: DateRange) -> Result<DateRange> {
    for venue in venues {
        work.check_native(operation, venue)?;
    }
    let [one, other] = venues;
    if one == other {
        return Err(Error::invalid("other", format!("is the same venue: {other}")));
    }
    work.client.first_range(range, AvailabilityPolicy::Clamp)
}

/// Both or nothing.
fn both<T>(venues: &[VenueId; 2], outcomes: impl IntoIterator<Item = Result<Outcome<T>>>) -> Result<Vec<Outcome<T>>> {
    let found: Vec<_> = outcomes.into_iter().collect::<Result<_>>()?;
    match venues.iter().zip(&found).find_map(|(venue, outcome)| Some((venue, outcome.no_data()?))) {
        Some((venue, reason)) => Err(without(venue, reason)),
        None => Ok(found),
    }
}

fn without(venue: &VenueId, reason: &NoData) -> Error {
    let error = reason.clone().into_error();
    let hint = error.hint().map(str::to_owned).unwrap_or_default();
    Error::new(error.kind(), format!("{venue}: {}", error.message())).with_hint(hint)
}

#[cfg(feature = "geo")]
impl OverlapRequest {
    /// Takes the areas that this share of the visits comes from, in percent from 30 to 100; 70 unless told otherwise.
    pub fn traffic_share(mut self, percent: u8) -> Self {
        self.traffic_share = Some(percent);
        self
    }

    /// Takes areas that reach this far at most, in miles from 1 to 100; 50 unless told otherwise.
    pub fn within_miles(mut self, miles: u16) -> Self {
        self.within_miles = Some(miles);
        self
    }

    fn manner(&self) -> Manner {
        self.work.manner(self.venues.len())
    }

    /// The reports to ask for.
    fn asks(&self) -> Result<[TrueTradeAreaRequest; 2]> {
        let range = checked(&self.work, "analytics.overlap", &self.venues, self.range)?;
        let asks = self.venues.clone().map(|venue| {
            let mut request = self.work.client.reports().trade_area().true_trade_area(venue, range);
            if let Some(percent) = self.traffic_share {
                request = request.traffic_share(percent);
            }
            if let Some(miles) = self.within_miles {
                request = request.within_miles(miles);
            }
            request
        });
        let [one, _] = &asks;
        one.check()?;
        Ok(asks)
    }

    async fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        for (asks, venue) in self.asks()?.iter().zip(&self.venues) {
            planner.reports::<TradeArea>(asks.ask(), std::slice::from_ref(venue)).await;
        }
        Ok(())
    }

    async fn find(self) -> Result<TradeAreaOverlap> {
        let (manner, asks) = (self.manner(), self.asks()?);
        let ([one, other], [here, there]) = (&asks, &self.venues);
        let found = join(self.work.find(one, here, &manner), self.work.find(other, there, &manner)).await;
        match both(&self.venues, <[_; 2]>::from(found))?.as_slice() {
            [Outcome::Ready(one), Outcome::Ready(other)] => Ok(TradeAreaOverlap::new(one, other, manner.meter.cost())),
            _ => Err(without(there, &NoData::NoContent)),
        }
    }
}

impl CbgOverlapRequest {
    /// Takes bins of this length; months unless told otherwise, or weeks where there is no month.
    pub fn granularity(mut self, granularity: CbgGranularity) -> Self {
        self.granularity = Some(granularity);
        self
    }

    /// Takes this share of the visits; all unless told otherwise.
    pub fn traffic_share(mut self, share: TrafficShare) -> Self {
        self.traffic_share = share;
        self
    }

    fn manner(&self) -> Manner {
        self.work.manner(1)
    }

    /// The report to ask for.
    fn asks(&self) -> Result<CbgsRequest> {
        let range = checked(&self.work, "analytics.cbg_overlap", &self.venues, self.range)?;
        let has_month = holds_bin(range, &CbgGranularity::Month).is_ok();
        let longest = if has_month { CbgGranularity::Month } else { CbgGranularity::Week };
        let granularity = self.granularity.clone().unwrap_or(longest);
        let request = self.work.client.reports().visits().cbgs(self.venues.clone(), range, granularity);
        let request = request.traffic_share(self.traffic_share);
        request.check()?;
        self.venues.iter().try_for_each(|venue| takes_cbgs(&self.work.client, venue))?;
        Ok(request)
    }

    async fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.reports::<CbgVisits>(self.asks()?.ask(), &self.venues).await;
        Ok(())
    }

    async fn find(self) -> Result<CbgOverlap> {
        let (manner, asks) = (self.manner(), self.asks()?);
        let found = reports::<CbgVisits>(&self.work.client, asks.ask(), &self.venues, &manner).await;
        match both(&self.venues, found)?.as_slice() {
            [Outcome::Ready(one), Outcome::Ready(other)] => Ok(CbgOverlap::new(one, other, manner.meter.cost())),
            _ => Err(Error::invalid("other", "is missing")),
        }
    }
}
