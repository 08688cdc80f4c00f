//! What is sold.

use chrono::{NaiveDate, Weekday};
use connectors_core::DateRange;
use serde::{Deserialize, Serialize};

use super::{Granularity, VenueId};

/// What a trend of sales shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum SalesTrendMetric {
    /// Sales, in US dollars.
    #[default]
    #[serde(rename = "sales")]
    Sales,
    /// Sales per square foot, in US dollars.
    #[serde(rename = "sales_sq_ft")]
    SalesPerSquareFoot,
}

/// How days are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum DayAggregation {
    /// Each weekday by itself.
    #[default]
    #[serde(rename = "full_week")]
    FullWeek,
    /// Working days against week-ends.
    #[serde(rename = "weekday_weekend")]
    WeekdayWeekend,
}

/// What is told of each day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum DaySalesMetric {
    /// Sales, in US dollars.
    #[default]
    #[serde(rename = "sales")]
    Sales,
    /// Average sales, in US dollars.
    #[serde(rename = "avg_sales")]
    AverageSales,
    /// The day's share of the sales, in percent.
    #[serde(rename = "sales_pct")]
    SalesShare,
    /// Sales per square foot, in US dollars.
    #[serde(rename = "sales_sq_ft")]
    SalesPerSquareFoot,
    /// Transactions.
    #[serde(rename = "transactions")]
    Transactions,
    /// The day's share of the transactions, in percent.
    #[serde(rename = "transactions_pct")]
    TransactionsShare,
    /// What a transaction amounts to on average, in US dollars.
    #[serde(rename = "avg_ticket_size")]
    AverageTicketSize,
}

/// Whom a place is put beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum RetailBenchmark {
    /// The average of its chain in its state.
    #[serde(rename = "avg_chain_in_state")]
    ChainInState,
    /// The average of its chain in the country.
    #[serde(rename = "avg_chain_nationwide")]
    ChainNationwide,
    /// The average of its category in its state.
    #[serde(rename = "avg_category_in_state")]
    CategoryInState,
    /// The average of its category in the country.
    #[serde(rename = "avg_category_nationwide")]
    CategoryNationwide,
}

/// Whom a place's ticket size is put beside: there are none of chains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub enum TicketSizeBenchmark {
    /// The average of its category in its state.
    #[serde(rename = "avg_category_in_state")]
    CategoryInState,
    /// The average of its category in the country.
    #[serde(rename = "avg_category_nationwide")]
    CategoryNationwide,
}

connectors_core::open_enum! {
    /// What is told of a place's sales.
    pub enum RetailMetric {
        /// Sales, in US dollars.
        "sales" => Sales,
        /// Sales per square foot, in US dollars.
        "sales_sq_ft" => SalesPerSquareFoot,
        /// Transactions.
        "transactions" => Transactions,
        /// Different *paying* customers of a day on average; not visitors.
        "avg_daily_unique_customers" => DailyCustomers,
        /// Different paying customers of a week on average.
        "avg_weekly_unique_customers" => WeeklyCustomers,
        /// Different paying customers of a month on average.
        "avg_monthly_unique_customers" => MonthlyCustomers,
        /// What a transaction amounts to on average, in US dollars.
        "avg_ticket_size" => AverageTicketSize,
    }
}

connectors_core::open_enum! {
    /// What a figure is counted in.
    pub enum SalesUnit {
        /// US dollars.
        "currency" => UsDollars,
        /// Things or people.
        "number" => Number,
    }
}

/// A place's sales over time, in US dollars.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SalesTrends {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The days that were asked for.
    #[serde(with = "days")]
    pub requested_range: DateRange,
    /// Those of them that there are figures for.
    #[serde(with = "days")]
    pub effective_range: DateRange,
    /// Sales, or sales per square foot.
    pub metric: SalesTrendMetric,
    /// The length of the trend's bins.
    pub granularity: Granularity,
    /// Whole years.
    pub annual: Vec<AnnualSales>,
    /// The trend.
    pub trend: Vec<RetailPoint>,
}

/// What was sold in a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AnnualSales {
    /// The year as Placer writes it: `2025`, or `1y`, which is no calendar year.
    pub bin: String,
    /// The calendar year, where it is one.
    pub year: Option<i32>,
    /// The sales.
    pub value: Option<f64>,
}

/// One bin of a trend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RetailPoint {
    /// The bin as Placer writes it.
    pub bin: String,
    /// Its day, where it is one: the first of the bin.
    pub date: Option<NaiveDate>,
    /// What was measured.
    pub value: Option<f64>,
    /// The same of those whom the place is put beside.
    pub benchmark: Option<f64>,
}

/// A place's sales in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RetailOverview {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The days that were asked for.
    #[serde(with = "days")]
    pub requested_range: DateRange,
    /// Those of them that there are figures for.
    #[serde(with = "days")]
    pub effective_range: DateRange,
    /// The figures.
    pub figures: Vec<RetailFigure>,
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RetailFigure {
    /// What it tells.
    pub metric: RetailMetric,
    /// What it is counted in.
    pub unit: Option<SalesUnit>,
    /// How much.
    pub value: Option<f64>,
}

/// A place's sales by the day of the week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RetailDays {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The days that were asked for.
    #[serde(with = "days")]
    pub requested_range: DateRange,
    /// Those of them that there are figures for.
    #[serde(with = "days")]
    pub effective_range: DateRange,
    /// What the values are.
    pub metric: DaySalesMetric,
    /// The days.
    pub days: Vec<DaySales>,
}

/// One day of the week, or several that are put together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DaySales {
    /// As Placer calls it.
    pub bin: String,
    /// Which day, where it is one.
    pub weekday: Option<Weekday>,
    /// How much.
    pub value: Option<f64>,
}

/// A place's transactions, or what they amount to on average, over time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RetailTrend {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The days that were asked for.
    #[serde(with = "days")]
    pub requested_range: DateRange,
    /// Those of them that there are figures for.
    #[serde(with = "days")]
    pub effective_range: DateRange,
    /// The length of the bins.
    pub granularity: Granularity,
    /// Whom it was to be put beside. There may be no such figures all the same.
    pub benchmark: Option<RetailBenchmark>,
    /// The trend.
    pub points: Vec<RetailPoint>,
}

macro_rules! partial {
    ($($report:ty),+) => {$(
        impl $report {
            /// Whether there are figures for a part of the days only.
            pub fn is_partial(&self) -> bool {
                self.requested_range != self.effective_range
            }
        }
    )+};
}

partial!(SalesTrends, RetailOverview, RetailDays, RetailTrend);

impl RetailOverview {
    /// A figure, where it is known.
    pub fn value(&self, metric: &RetailMetric) -> Option<f64> {
        self.figures.iter().find(|figure| figure.metric == *metric)?.value
    }
}

/// Days as an object of their first and last one.
mod days {
    pub(super) use crate::model::footfall::{range as serialize, read_range as deserialize};
}
