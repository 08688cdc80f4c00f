//! How a place compares with others.

use connectors_core::DateRange;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::poi::named_refs;
use super::{Category, EntityType, NamedRef, VenueId, VisitSegment};
use crate::native::node::{Count, Measure, Raw, Text, or_empty};

connectors_core::open_enum! {
    /// Days that rankings know by name. A later year is written by [`PeriodPreset::year`].
    pub enum PeriodPreset {
        /// The last full week.
        "lastWeek" => LastWeek,
        /// The last full month.
        "lastMonth" => LastMonth,
        /// The last full quarter.
        "lastQuarter" => LastQuarter,
        /// The last three months.
        "last3Months" => Last3Months,
        /// The last six months.
        "last6Months" => Last6Months,
        /// The last twelve months.
        "last12Months" => Last12Months,
        /// This year until now.
        "yearToDate" => YearToDate,
        /// 2018, the first year that there are rankings for.
        "year2018" => Year2018,
        /// 2019
        "year2019" => Year2019,
        /// 2020
        "year2020" => Year2020,
        /// 2021
        "year2021" => Year2021,
        /// 2022
        "year2022" => Year2022,
        /// 2023
        "year2023" => Year2023,
        /// 2024
        "year2024" => Year2024,
        /// 2025
        "year2025" => Year2025,
    }
}

impl PeriodPreset {
    /// A calendar year, also one that this version does not know.
    ///
    /// ```
    /// use connectors_placer::PeriodPreset;
    ///
    /// assert_eq!(PeriodPreset::year(2024), PeriodPreset::Year2024);
    /// assert_eq!(PeriodPreset::year(2031).as_str(), "year2031");
    /// ```
    pub fn year(year: u16) -> Self {
        Self::from(format!("year{year}").as_str())
    }
}

/// Which days a place is ranked by: never both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RankingPeriod {
    /// Days that Placer knows by name.
    Preset(PeriodPreset),
    /// Any days, both ends included.
    Range(DateRange),
}

impl From<PeriodPreset> for RankingPeriod {
    fn from(preset: PeriodPreset) -> Self {
        Self::Preset(preset)
    }
}

impl From<DateRange> for RankingPeriod {
    fn from(range: DateRange) -> Self {
        Self::Range(range)
    }
}

connectors_core::open_enum! {
    /// Whom a place is compared with.
    pub enum RankingScope {
        /// The stores of the same chain.
        "chain" => Chain,
        /// The places of the same category, which is the default.
        "category" => Category,
        /// The places of the same group of categories.
        "groupCategory" => GroupCategory,
    }
}

connectors_core::open_enum! {
    /// What places are ranked by.
    pub enum RankingMetric {
        /// Visits, which is the default.
        "visits" => Visits,
        /// Visits per square foot.
        "visitsPerSqft" => VisitsPerSquareFoot,
    }
}

connectors_core::open_enum! {
    /// Where the places are that one is compared with.
    pub enum RankingRegion {
        /// Within 5 miles.
        "5" => Miles5,
        /// Within 10 miles.
        "10" => Miles10,
        /// Within 15 miles.
        "15" => Miles15,
        /// Within 30 miles.
        "30" => Miles30,
        /// Within 50 miles.
        "50" => Miles50,
        /// In the whole country.
        "nationwide" => Nationwide,
        /// In the same state.
        "state" => State,
        /// In the same media market.
        "dma" => Dma,
        /// In the same statistical area.
        "cbsa" => Cbsa,
    }
}

/// How far away the places may be that a place is locally compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RankingRadius {
    /// 5 miles.
    Miles5,
    /// 10 miles.
    Miles10,
    /// 15 miles, which is the default.
    Miles15,
    /// 30 miles.
    Miles30,
    /// 50 miles.
    Miles50,
}

impl Serialize for RankingRadius {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        target.serialize_u8(match self {
            Self::Miles5 => 5,
            Self::Miles10 => 10,
            Self::Miles15 => 15,
            Self::Miles30 => 30,
            Self::Miles50 => 50,
        })
    }
}

connectors_core::open_enum! {
    /// How wide the circle of those is that a place was compared with.
    pub enum RankingArea {
        /// The whole country.
        "nationwide" => Nationwide,
        /// The state.
        "state" => State,
        /// The media market.
        "dma" => Dma,
        /// The statistical area.
        "cbsa" => Cbsa,
        /// Within some miles; not in reports on many places.
        "local" => Local,
    }
}

/// Where a place stands among its like, from wide to narrow. Flagged places take no part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RankingOverview {
    /// Which place.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// Its name.
    pub name: Option<String>,
    /// What kind of place it is.
    pub entity_type: Option<EntityType>,
    /// What business it is in.
    pub category: Option<Category>,
    /// The brand it belongs to.
    pub parent_chain: Option<NamedRef>,
    /// With whom it was compared, in Placer's words.
    pub ranked_by: Option<String>,
    /// What it was ranked by.
    pub metric: Option<RankingMetric>,
    /// Its ranks; areas in which it has none are left out.
    pub levels: Vec<RankingLevel>,
    /// Which visits count.
    pub segment: Option<VisitSegment>,
}

/// A place's rank in one area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RankingLevel {
    /// Where.
    pub area: RankingArea,
    /// The area's code, where Placer tells it.
    pub region_code: Option<String>,
    /// How many miles around the place; for the local rank alone.
    pub radius_miles: Option<f64>,
    /// The rank; 1 is the best.
    pub rank: u64,
    /// The percentile, from 0 to 100; more is better.
    pub percentile: Option<f64>,
    /// Among how many places.
    pub ranked_out_of: Option<u64>,
}

impl RankingOverview {
    /// The rank in this area, if the place has one there.
    pub fn level(&self, area: &RankingArea) -> Option<&RankingLevel> {
        self.levels.iter().find(|level| level.area == *area)
    }

    pub(crate) fn read(venue: &VenueId, written: WrittenOverview, segment: Option<VisitSegment>) -> Self {
        let WrittenRanking { nationwide, state, dma, cbsa, local, .. } = written.ranking;
        let areas = [
            (RankingArea::Nationwide, nationwide),
            (RankingArea::State, state),
            (RankingArea::Dma, dma),
            (RankingArea::Cbsa, cbsa),
            (RankingArea::Local, local),
        ];
        let level = |(area, level): (RankingArea, Option<WrittenLevel>)| {
            let level = level?;
            Some(RankingLevel {
                area,
                region_code: level.region_code.and_then(|code| code.0),
                radius_miles: level.radius_miles.0,
                rank: level.rank.0?,
                percentile: level.percentile.0,
                ranked_out_of: level.ranked_out_of.0,
            })
        };
        let info = written.info.unwrap_or_default();
        Self {
            venue: venue.clone(),
            name: text(info.name),
            entity_type: info.entity_type,
            category: info.category_info,
            parent_chain: info.parent_chain.and_then(|chain| named_refs(chain).into_iter().next()),
            ranked_by: text(info.ranked_by),
            metric: text(written.metric_type).map(|metric| RankingMetric::from(metric.as_str())),
            levels: areas.into_iter().filter_map(level).collect(),
            segment,
        }
    }
}

/// The places of a region in the order of their ranks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RankingIndex {
    /// The place that was asked about.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// Its rank; 1 is the best.
    pub rank: Option<u64>,
    /// Its visits, or visits per square foot, as [`metric`](Self::metric) says.
    pub value: Option<f64>,
    /// How many places are ranked; the rows may be fewer.
    pub total_ranked: Option<u64>,
    /// Where.
    pub region: Option<RankingRegion>,
    /// With whom it was compared.
    pub scope: Option<RankingScope>,
    /// What the places are ranked by.
    pub metric: Option<RankingMetric>,
    /// The places, the best first.
    pub places: Vec<RankedPlace>,
    /// Which visits count.
    pub segment: Option<VisitSegment>,
}

/// One place of a ranking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RankedPlace {
    /// The rank; 1 is the best.
    pub rank: Option<u64>,
    /// What to ask for it by.
    pub api_id: Option<VenueId>,
    /// Its name.
    pub name: Option<String>,
    /// Its visits, or visits per square foot, as the ranking's metric says.
    pub value: Option<f64>,
    /// Its address in one line.
    pub address: Option<String>,
    /// Its city.
    pub city: Option<String>,
    /// Its state.
    pub state: Option<String>,
    /// Its postal code.
    pub zip_code: Option<String>,
    /// Its country.
    pub country: Option<String>,
}

impl RankingIndex {
    pub(crate) fn read(venue: &VenueId, written: WrittenIndex, segment: Option<VisitSegment>) -> Self {
        let place = |place: WrittenPlace| {
            let address = place.address.unwrap_or_default();
            RankedPlace {
                rank: place.rank.0,
                api_id: text(place.api_id).and_then(|id| VenueId::new(id).ok()),
                name: text(place.name),
                value: place.visits.0,
                address: text(address.address).or(text(address.formatted_address)),
                city: text(address.city),
                state: text(address.state),
                zip_code: text(address.zip_code),
                country: text(address.country).or(text(address.country_code)),
            }
        };
        let mut places: Vec<_> = written.ranking_index_array.into_iter().map(place).collect();
        places.sort_by_key(|place| place.rank.unwrap_or(u64::MAX));
        Self {
            venue: venue.clone(),
            rank: written.rank.0,
            value: written.visits.0,
            total_ranked: written.total_ranked.0,
            region: text(written.region).map(|region| RankingRegion::from(region.as_str())),
            scope: text(written.scope).map(|scope| RankingScope::from(scope.as_str())),
            metric: text(written.metric_type).map(|metric| RankingMetric::from(metric.as_str())),
            places,
            segment,
        }
    }
}

/// As it is written.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WrittenOverview {
    metric_type: Option<Text>,
    info: Option<WrittenInfo>,
    ranking: WrittenRanking,
}

impl WrittenOverview {
    /// Why the place has no rank, where there is a reason.
    pub(crate) fn rank_error(&self) -> Option<String> {
        self.ranking.rank_error.as_ref().and_then(reason)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WrittenInfo {
    name: Option<Text>,
    entity_type: Option<EntityType>,
    ranked_by: Option<Text>,
    category_info: Option<Category>,
    parent_chain: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WrittenRanking {
    rank_error: Option<Value>,
    nationwide: Option<WrittenLevel>,
    state: Option<WrittenLevel>,
    dma: Option<WrittenLevel>,
    cbsa: Option<WrittenLevel>,
    local: Option<WrittenLevel>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WrittenLevel {
    rank: Count,
    percentile: Measure,
    ranked_out_of: Count,
    region_code: Option<Text>,
    radius_miles: Measure,
}

/// As it is written.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WrittenIndex {
    #[serde(default)]
    total_ranked: Count,
    #[serde(default)]
    rank: Count,
    #[serde(default)]
    visits: Measure,
    region: Option<Text>,
    scope: Option<Text>,
    metric_type: Option<Text>,
    #[serde(deserialize_with = "or_empty")]
    ranking_index_array: Vec<WrittenPlace>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WrittenPlace {
    api_id: Option<Text>,
    name: Option<Text>,
    rank: Count,
    visits: Measure,
    address: Option<WrittenAddress>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WrittenAddress {
    address: Option<Text>,
    formatted_address: Option<Text>,
    city: Option<Text>,
    state: Option<Text>,
    zip_code: Option<Text>,
    country: Option<Text>,
    country_code: Option<Text>,
}

/// Why a place is not ranked, where the report says so instead of ranking it.
pub(crate) fn rank_error(members: &mut Raw) -> Option<String> {
    members.take("rankError").as_ref().and_then(reason)
}

fn reason(error: &Value) -> Option<String> {
    let told = |value: &Value| value.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned);
    match error {
        Value::Null | Value::Bool(false) => None,
        Value::Object(members) => {
            let told = ["message", "details", "error"].iter().find_map(|name| members.get(*name).and_then(told));
            Some(told.unwrap_or_else(|| error.to_string()))
        }
        Value::String(_) => told(error),
        _ => Some(error.to_string()),
    }
}

fn text(text: Option<Text>) -> Option<String> {
    text.and_then(|text| text.0)
}
