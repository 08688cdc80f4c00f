//! What requests and answers are made of.

mod aggregate;
mod area;
mod cbg;
mod comparison;
mod custom_poi;
mod dataset;
mod demographics;
mod estimate;
mod expansion;
mod filter;
mod footfall;
mod gateway;
mod journey;
mod latest;
mod loyalty;
mod movement;
mod outcome;
mod overlap;
mod poi;
mod point;
mod profile;
mod ranking;
mod retail;
mod segment;
mod store_match;
mod tag;
mod trade_area;
mod usage;
mod venue;
mod visits;
mod week;

pub use self::aggregate::{AggregateDay, AggregateFootfall, AggregateRequest, DwellWeighting, VenueFailure};
pub use self::area::{Area, Polygon};
pub use self::cbg::{Cbg, CbgGranularity, CbgRow, CbgVisits, TrafficShare};
pub use self::comparison::{
    Against, Alert, AlertReport, ComparedDay, Comparison, ComparisonRow, Direction, TrailingReport, TrailingRow,
};
pub use self::custom_poi::{
    CustomPoi, CustomPoiAddress, CustomPoiArea, CustomPoiState, CustomPoiStatus, CustomPoiUpdate, NewCustomPoi,
};
pub use self::dataset::{
    Dataset, FollowgraphTemplate, LandscapeTemplate, MarketOutlookTemplate, MosaicTemplate, PersonaliveTemplate,
    PopstatsTemplate, SpendingPatternsTemplate, WorkplaceTemplate,
};
pub use self::demographics::{BenchmarkScope, DemographicAudience, DemographicRow, Demographics, DemographicsMethod};
pub use self::estimate::{Estimate, Question};
pub use self::expansion::Expansion;
pub use self::filter::{
    Audience, BaseFilters, DistanceFilter, DistanceFrom, DwellFilter, Filters, HoursRange, NearbyRadius,
};
pub use self::footfall::{
    AvailabilityPolicy, Cost, DayFailure, Fidelity, Footfall, FootfallDay, FootfallRequest, PeriodTotals, Quality,
};
pub use self::gateway::{GatewayDates, GatewayDay, GatewayDemographics, GatewayHealth, GatewayMovement, GatewayShare};
pub use self::journey::{FavoriteChain, FavoriteChains, FavoritePlace, FavoritePlaces};
pub use self::latest::LatestDay;
pub use self::loyalty::{FrequencyBin, VisitsFrequency};
pub use self::movement::{
    Daypart, DaypartLevel, HourLevel, Movement, MovementConfig, MovementHour, MovementRequest, Surge, TrafficLevel,
    hour_label, parse_hour,
};
pub use self::outcome::{NoData, Outcome};
#[cfg(feature = "geo")]
pub use self::overlap::TradeAreaOverlap;
pub use self::overlap::{CbgOverlap, CbgOverlapRow};
pub use self::poi::{Category, Entity, NamedRef, Poi, PostalAddress, Region, Regions};
pub use self::point::Point;
pub use self::profile::{Part, ProfilePart, ProfileRow, VenueProfile};
pub use self::ranking::{
    PeriodPreset, RankedPlace, RankingArea, RankingIndex, RankingLevel, RankingMetric, RankingOverview, RankingPeriod,
    RankingRadius, RankingRegion, RankingScope,
};
pub(crate) use self::ranking::{WrittenOverview, rank_error};
pub use self::retail::{
    AnnualSales, DayAggregation, DaySales, DaySalesMetric, RetailBenchmark, RetailDays, RetailFigure, RetailMetric,
    RetailOverview, RetailPoint, RetailTrend, SalesTrendMetric, SalesTrends, SalesUnit, TicketSizeBenchmark,
};
pub use self::segment::{Granularity, VisitSegment};
pub use self::store_match::{
    MatchCandidate, MatchReasons, MatchRow, MatchStatus, Prefer, Store, StoreMatch, StoreMatches,
};
pub use self::tag::{TagChange, TagId};
pub use self::trade_area::{Allocation, TradeArea};
pub use self::usage::{EndpointUsage, UsageStatus};
pub use self::venue::{EntityType, VenueId};
pub use self::visits::{
    DwellBin, DwellTime, HourlyVisits, OpeningHours, TrendPoint, VisitMetrics, VisitTrend, WeekdayVisits,
};

pub(crate) use self::area::Written as WrittenArea;
pub use self::week::{DayOfWeek, WeekHour, WeekPattern, WeekdayFailure, WeekdayMovement, WeekdayRow};
