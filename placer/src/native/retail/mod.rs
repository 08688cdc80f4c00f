//! What is sold.

mod read;

use connectors_core::provider::Operation;
use connectors_core::{DateRange, Error, ErrorKind};

use super::body::Body;
use super::report::operation;
use super::request::{Asking, report};
use crate::PlacerClient;
use crate::code::{PlacerCode, PlacerErrorExt};
use crate::model::{
    DayAggregation, DaySalesMetric, Granularity, RetailBenchmark, RetailDays, RetailOverview, RetailTrend,
    SalesTrendMetric, SalesTrends, TicketSizeBenchmark, VenueId,
};

static SALES_TRENDS: Operation = operation("reports.retail.sales_trends", "/v1/reports/retail-sales/sales-trends");
static OVERVIEW: Operation = operation("reports.retail.overview", "/v1/reports/retail-sales/overview");
static DAYS: Operation = operation("reports.retail.days", "/v1/reports/retail-sales/days");
static TRANSACTION_TRENDS: Operation =
    operation("reports.retail.transaction_trends", "/v1/reports/retail-sales/transaction-trends");
static TICKET_SIZE_TRENDS: Operation =
    operation("reports.retail.ticket_size_trends", "/v1/reports/retail-sales/avg-ticket-size-trends");

/// What is sold: [`Reports::retail`](crate::Reports::retail).
///
/// Sales in the place itself, in US dollars. A contract has to include them besides the places; otherwise the reports
/// fail with [`PermissionDenied`](connectors_core::ErrorKind::PermissionDenied). Where there are figures for a part of
/// the days only, the answer is about that part: see `effective_range` and `is_partial` of each report.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// # use connectors_core::DateRange;
/// # use connectors_mock::MockPlacer;
/// # let (mock, market) = (MockPlacer::new(), MockPlacer::venue_ids().remove(0));
/// # let placer = mock.client().clone();
/// # let weeks = DateRange::last_days(28, "2026-02-22".parse().expect("a date"))?;
/// use connectors_placer::{DaySalesMetric, Granularity, RetailBenchmark, RetailMetric};
///
/// let retail = placer.reports().retail();
/// let overview = retail.overview(market.clone(), weeks).await?.required()?;
/// let (sales, transactions) = (overview.value(&RetailMetric::Sales), overview.value(&RetailMetric::Transactions));
/// assert!(sales > transactions && !overview.is_partial());
///
/// let trends = retail.sales_trends(market.clone(), weeks).granularity(Granularity::Week).await?.required()?;
/// assert_eq!((trends.trend.len(), trends.trend[0].date), (4, Some(weeks.start())));
///
/// let days = retail.days(market.clone(), weeks).metric(DaySalesMetric::SalesShare).await?.required()?;
/// assert!((99.0..=101.0).contains(&days.days.iter().filter_map(|day| day.value).sum::<f64>()));
///
/// let trend = retail.transaction_trends(market.clone(), weeks).benchmark(RetailBenchmark::ChainNationwide);
/// assert!(trend.await?.required()?.points[0].benchmark.is_some());
/// let tickets = retail.ticket_size_trends(market, weeks).await?.required()?;
/// assert!(tickets.points[0].value > Some(5.0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Retail(pub(crate) PlacerClient);

report! {
    /// A report of sales over time, in the making.
    pub struct SalesTrendsRequest => SalesTrends, of one;
    /// Shows this instead of sales.
    set metric: SalesTrendMetric = "metric";
    /// Bins of this length instead of months.
    set granularity: Granularity = "granularity";
}

report! {
    /// A report of sales in short, in the making.
    pub struct RetailOverviewRequest => RetailOverview, of one;
}

report! {
    /// A report of sales by the day of the week, in the making.
    pub struct RetailDaysRequest => RetailDays, of one;
    /// Puts days together like this; each weekday stands by itself unless set.
    set aggregation: DayAggregation = "aggregation";
    /// Tells this instead of sales.
    set metric: DaySalesMetric = "metricType";
}

report! {
    /// A report of transactions over time, in the making.
    pub struct TransactionTrendsRequest => RetailTrend, of one;
    /// Bins of this length; months unless set.
    set granularity: Granularity = "granularity";
    /// Puts these figures beside.
    set benchmark: RetailBenchmark = "compareType";
}

report! {
    /// A report of what transactions amount to over time, in the making.
    pub struct TicketSizeTrendsRequest => RetailTrend, of one;
    /// Bins of this length; months unless set.
    set granularity: Granularity = "granularity";
    /// Puts these figures beside.
    set benchmark: TicketSizeBenchmark = "compareType";
}

impl Retail {
    /// Sales of whole years, and over time within the range, in US dollars.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-retail-sales-sales-trends-1).
    pub fn sales_trends(&self, venue: VenueId, range: DateRange) -> SalesTrendsRequest {
        SalesTrendsRequest(self.asking(&SALES_TRENDS, venue, range).set("granularity", Granularity::Month))
    }

    /// Sales, transactions, paying customers and ticket size over the whole range.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-retail-sales-overview-1).
    pub fn overview(&self, venue: VenueId, range: DateRange) -> RetailOverviewRequest {
        RetailOverviewRequest(self.asking(&OVERVIEW, venue, range))
    }

    /// Sales by the day of the week, over the whole range.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-retail-sales-days-1).
    pub fn days(&self, venue: VenueId, range: DateRange) -> RetailDaysRequest {
        RetailDaysRequest(self.asking(&DAYS, venue, range))
    }

    /// Transactions over time.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-retail-sales-transaction-trends-1).
    pub fn transaction_trends(&self, venue: VenueId, range: DateRange) -> TransactionTrendsRequest {
        let asking = self.asking(&TRANSACTION_TRENDS, venue, range);
        TransactionTrendsRequest(asking.set("granularity", Granularity::Month))
    }

    /// What a transaction amounts to on average, over time, in US dollars.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-retail-sales-avg-ticket-size-trends-1).
    pub fn ticket_size_trends(&self, venue: VenueId, range: DateRange) -> TicketSizeTrendsRequest {
        let asking = self.asking(&TICKET_SIZE_TRENDS, venue, range);
        TicketSizeTrendsRequest(asking.set("granularity", Granularity::Month))
    }

    fn asking<R>(&self, operation: &'static Operation, venue: VenueId, range: DateRange) -> Asking<R> {
        Asking::one(&self.0, operation, venue, range).explain(name_licence)
    }
}

fn name_licence(_: &Body, error: Error) -> Error {
    match (error.kind(), error.placer_code()) {
        (_, Some(PlacerCode::RestrictedArea | PlacerCode::UndeliverableEntity)) => error,
        (ErrorKind::PermissionDenied, _) => {
            error.with_hint("retail sales are licensed apart from visits: ask Placer to add them to the contract")
        }
        _ => error,
    }
}
