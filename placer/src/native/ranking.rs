//! How a place compares with others.

use connectors_core::provider::Operation;
use connectors_core::{Error, Result};

use super::RANKING;
use super::body::Body;
use super::node::{Entry, Raw};
use super::report::{Ask, Kind, operation};
use super::request::{Asking, report};
use crate::PlacerClient;
use crate::model::{
    NoData, Outcome, PeriodPreset, RankingIndex, RankingMetric, RankingOverview, RankingPeriod, RankingRadius,
    RankingRegion, RankingScope, VenueId, WrittenOverview, rank_error,
};
use crate::native::distinct;

static OVERVIEW: Operation = operation("reports.ranking.overview", "/v1/reports/ranking-overview").group(RANKING);
static OVERVIEW_MULTI: Operation =
    operation("reports.ranking.overview_multi", "/v1/reports/ranking-overview/multi").group(RANKING);
static TOP: Operation = operation("reports.ranking.top", "/v1/reports/ranking-index/top-ranking").group(RANKING);
static CLOSELY_RANKED: Operation =
    operation("reports.ranking.closely_ranked", "/v1/reports/ranking-index/closely-ranked").group(RANKING);

/// How many places go into one request.
const CHUNK: usize = 100;

/// How a place compares with others: [`Reports::ranking`](crate::Reports::ranking).
///
/// These reports count in a rate group of their own, `ranking`: 8 000 calls a minute, 80 000 an hour. A place that
/// takes no part in a ranking, as flagged ones never do, is [`NoData::NotRanked`](crate::NoData::NotRanked) with
/// Placer's reason.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// # use connectors_mock::MockPlacer;
/// # let (mock, venues) = (MockPlacer::new(), MockPlacer::venue_ids());
/// # let (placer, mall, other_mall) = (mock.client().clone(), venues[3].clone(), venues[7].clone());
/// use connectors_placer::{PeriodPreset, RankingArea, RankingRegion, RankingScope};
///
/// let ranking = placer.reports().ranking();
/// let overview = ranking.overview(mall.clone(), PeriodPreset::LastMonth).await?.required()?;
/// let nationwide = overview.level(&RankingArea::Nationwide).expect("it is ranked in the country");
/// assert_eq!((nationwide.rank, nationwide.ranked_out_of), (1, Some(2)));
///
/// let malls = ranking.overview_multi([mall.clone(), other_mall], PeriodPreset::year(2025)).await?;
/// assert_eq!(malls.found.len(), 2);
///
/// let top = ranking.top(mall.clone(), RankingRegion::Nationwide, PeriodPreset::LastMonth);
/// let top = top.scope(RankingScope::GroupCategory).limit(2).await?.required()?;
/// assert_eq!((top.places.len(), top.places[0].rank), (2, Some(1)));
///
/// let close = ranking.closely_ranked(mall, RankingRegion::Nationwide, PeriodPreset::LastMonth);
/// assert!(close.results(10).await?.required()?.places.iter().any(|place| place.rank == top.rank));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Ranking(pub(crate) PlacerClient);

report! {
    /// A report of where a place stands, in the making.
    pub struct RankingOverviewRequest => RankingOverview, of one;
    /// Compares with these instead of the category.
    set scope: RankingScope = "scope";
    /// Ranks by this instead of visits.
    set metric: RankingMetric = "metric";
    /// Ranks locally among the places within this distance instead of 15 miles.
    set distance: RankingRadius = "distanceMiles";
}

report! {
    /// A report of where each of many places stands, in the making.
    pub struct RankingOverviewMultiRequest => RankingOverview, of many;
    /// Compares with these instead of the category.
    set scope: RankingScope = "scope";
    /// Ranks by this instead of visits.
    set metric: RankingMetric = "metric";
}

report! {
    /// A report of the best places of a region, in the making.
    pub struct TopRankingRequest => RankingIndex, of one;
    /// Ranks these instead of the category.
    set scope: RankingScope = "scope";
    /// Ranks by this instead of visits.
    set metric: RankingMetric = "metric";
    /// Lists so many places instead of 100, at most 1000.
    within limit: u32 = "limit", 0..=1000;
    /// Leaves out so many of the best. Only with [`RankingScope::Chain`]; otherwise the request is refused.
    set skip: u32 = "skip";
}

report! {
    /// A report of the places just above and below one, in the making.
    pub struct CloselyRankedRequest => RankingIndex, of one;
    /// Ranks these instead of the category.
    set scope: RankingScope = "scope";
    /// Ranks by this instead of visits.
    set metric: RankingMetric = "metric";
    /// Lists so many places instead of 100, 1 to 1000: half of them above, half below.
    within results: u32 = "resultsAmount", 1..=1000;
}

impl Ranking {
    /// Where a place stands nationwide, in its state, media market and statistical area, and locally. The period is a
    /// [`PeriodPreset`] or a [`DateRange`](connectors_core::DateRange).
    /// Counts in the group `ranking`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-ranking-overview-1).
    pub fn overview(&self, venue: VenueId, period: impl Into<RankingPeriod>) -> RankingOverviewRequest {
        let (body, range) = match period.into() {
            RankingPeriod::Preset(preset) => (Body::default().with("period", preset), None),
            RankingPeriod::Range(range) => (Body::new(range), Some(range)),
        };
        let ask = Ask { operation: &OVERVIEW, body, chunk: None };
        RankingOverviewRequest(Asking::new(&self.0, ask, vec![venue], range))
    }

    /// Where each of these places stands; not locally. 100 places are one call. This report takes no range of dates.
    /// Counts in the group `ranking`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-ranking-overview-multi-1).
    pub fn overview_multi(
        &self,
        venues: impl IntoIterator<Item = VenueId>,
        period: PeriodPreset,
    ) -> RankingOverviewMultiRequest {
        let body = Body::default().with("period", period);
        let ask = Ask { operation: &OVERVIEW_MULTI, body, chunk: Some(CHUNK) };
        RankingOverviewMultiRequest(Asking::new(&self.0, ask, distinct(venues), None))
    }

    /// The best places of the region around a place, and where the place itself stands.
    /// Counts in the group `ranking`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-ranking-index-top-ranking-1).
    pub fn top(&self, venue: VenueId, region: RankingRegion, period: PeriodPreset) -> TopRankingRequest {
        TopRankingRequest(self.index(&TOP, venue, region, period).rule(skips_in_chains))
    }

    /// The places ranked just above and below a place.
    /// Counts in the group `ranking`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-ranking-index-closely-ranked-1).
    pub fn closely_ranked(&self, venue: VenueId, region: RankingRegion, period: PeriodPreset) -> CloselyRankedRequest {
        CloselyRankedRequest(self.index(&CLOSELY_RANKED, venue, region, period))
    }

    fn index(
        &self,
        operation: &'static Operation,
        venue: VenueId,
        region: RankingRegion,
        period: PeriodPreset,
    ) -> Asking<RankingIndex> {
        let body = Body::default().with("region", region).with("period", period);
        Asking::new(&self.0, Ask { operation, body, chunk: None }, vec![venue], None)
    }
}

fn skips_in_chains(body: &Body) -> Result<()> {
    if body.get("skip").is_some() && body.text("scope") != Some("chain") {
        return Err(Error::invalid("skip", "must go with the scope of a chain: other rankings begin at their top"));
    }
    Ok(())
}

impl Kind for RankingOverview {
    type Members = Raw;

    fn build(_: &Body, venue: &VenueId, mut entry: Entry<Raw>) -> Result<Outcome<Self>> {
        if let Some(reason) = rank_error(&mut entry.members) {
            return Ok(Outcome::NoData(NoData::NotRanked(reason)));
        }
        if !entry.members.has("ranking") {
            return Ok(Outcome::NoData(NoData::NoContent));
        }
        let written: WrittenOverview = entry.members.read_as()?;
        if let Some(reason) = written.rank_error() {
            return Ok(Outcome::NoData(NoData::NotRanked(reason)));
        }
        let overview = Self::read(venue, written, entry.head.segment);
        Ok(if overview.levels.is_empty() { Outcome::NoData(NoData::NoContent) } else { Outcome::ready(overview) })
    }
}

impl Kind for RankingIndex {
    type Members = Raw;

    fn build(_: &Body, venue: &VenueId, mut entry: Entry<Raw>) -> Result<Outcome<Self>> {
        if let Some(reason) = rank_error(&mut entry.members) {
            return Ok(Outcome::NoData(NoData::NotRanked(reason)));
        }
        if !entry.members.has("rankingIndexArray") {
            return Ok(Outcome::NoData(NoData::NoContent));
        }
        Ok(Outcome::ready(Self::read(venue, entry.members.read_as()?, entry.head.segment)))
    }
}
