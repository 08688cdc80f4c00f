use chrono::Weekday;
use connectors_core::{DateRange, ErrorKind};
use connectors_mock::MockPlacer;
use connectors_mock::placer::{Dialect, FakeVenue, Standing};
use connectors_placer::{
    DayAggregation, DaySalesMetric, Granularity, NoData, PlacerCode, PlacerErrorExt, RetailBenchmark, RetailMetric,
    SalesTrendMetric, SalesUnit, TicketSizeBenchmark,
};
use serde_json::{Value, json};

use super::{BOTH_DIALECTS, answering, assert_refused, speaking, survives};
use crate::{id, last_days, venue};

fn near(one: Option<f64>, other: f64) -> bool {
    one.is_some_and(|one| (one - other).abs() <= other.abs() * 0.01)
}

#[tokio::test]
async fn sales_are_transactions_times_what_they_amount_to() {
    for dialect in BOTH_DIALECTS {
        let mock = speaking(dialect);
        let (retail, weeks) = (mock.client().reports().retail(), last_days(28));
        let overview = retail.overview(venue(0), weeks).await.unwrap().required().unwrap();
        let value = |metric| overview.value(&metric).unwrap();
        let (sales, transactions) = (value(RetailMetric::Sales), value(RetailMetric::Transactions));
        assert!(near(Some(sales), transactions * value(RetailMetric::AverageTicketSize)), "{dialect:?}: {overview:?}");
        assert!(value(RetailMetric::DailyCustomers) < transactions / 27.0);
        assert_eq!((overview.figures.len(), overview.figures[0].unit.clone()), (7, Some(SalesUnit::UsDollars)));
        assert_eq!((overview.effective_range, overview.is_partial()), (weeks, false));
        survives(&*overview);

        let visits = mock.client().reports().visits().metrics([venue(0)], weeks).await.unwrap().found[0].visits;
        #[expect(clippy::cast_precision_loss, reason = "few people")]
        let share = transactions / visits as f64;
        assert!((0.3..0.6).contains(&share), "about every second visitor buys: {share}");

        let trends =
            retail.sales_trends(venue(0), weeks).granularity(Granularity::Day).await.unwrap().required().unwrap();
        assert_eq!((trends.trend.len(), trends.trend[0].date), (28, Some(weeks.start())));
        assert!(near(Some(trends.trend.iter().filter_map(|point| point.value).sum()), sales));
        let years: Vec<_> = trends.annual.iter().map(|year| (year.bin.as_str(), year.year)).collect();
        assert_eq!(years, [("2023", Some(2023)), ("2024", Some(2024)), ("2025", Some(2025)), ("1y", None)]);
        survives(&*trends);
        let by_foot = retail.sales_trends(venue(0), weeks).metric(SalesTrendMetric::SalesPerSquareFoot);
        let by_foot = by_foot.await.unwrap().required().unwrap();
        assert_eq!((by_foot.metric, &by_foot.granularity), (SalesTrendMetric::SalesPerSquareFoot, &Granularity::Month));
        assert!(by_foot.annual[0].value < trends.annual[0].value);

        let days = retail.days(venue(0), weeks).await.unwrap().required().unwrap();
        assert_eq!(
            (days.days.len(), days.days[0].weekday, days.days[6].weekday),
            (7, Some(Weekday::Mon), Some(Weekday::Sun))
        );
        assert!(near(Some(days.days.iter().filter_map(|day| day.value).sum()), sales));
        survives(&*days);
        let two = retail
            .days(venue(0), weeks)
            .aggregation(DayAggregation::WeekdayWeekend)
            .metric(DaySalesMetric::TransactionsShare);
        let two = two.await.unwrap().required().unwrap();
        assert_eq!((two.days.len(), two.days[0].weekday, two.metric), (2, None, DaySalesMetric::TransactionsShare));
        assert!(near(Some(two.days.iter().filter_map(|day| day.value).sum()), 100.0));
    }
}

#[tokio::test]
async fn trends_stand_beside_those_of_others_where_there_are_some() {
    for dialect in BOTH_DIALECTS {
        let mock = speaking(dialect);
        let (retail, weeks) = (mock.client().reports().retail(), last_days(28));
        let transactions = |number| retail.transaction_trends(venue(number), weeks).granularity(Granularity::Week);
        let alone = transactions(0).await.unwrap().required().unwrap();
        assert!(alone.benchmark.is_none() && alone.points.iter().all(|p| p.value.is_some() && p.benchmark.is_none()));
        let beside = transactions(0).benchmark(RetailBenchmark::ChainNationwide).await.unwrap().required().unwrap();
        assert!(beside.points.iter().all(|point| point.benchmark.is_some()), "{dialect:?}: {beside:?}");
        assert_eq!(beside.benchmark, Some(RetailBenchmark::ChainNationwide));
        survives(&*beside);
        let without = transactions(3).benchmark(RetailBenchmark::ChainInState).await.unwrap().required().unwrap();
        assert!(without.points.iter().all(|point| point.benchmark.is_none()), "it belongs to no chain");
        let tickets = retail.ticket_size_trends(venue(3), weeks).benchmark(TicketSizeBenchmark::CategoryInState);
        let tickets = tickets.await.unwrap().required().unwrap();
        assert_eq!(
            (tickets.benchmark, tickets.granularity.clone()),
            (Some(RetailBenchmark::CategoryInState), Granularity::Month)
        );
        assert!(
            tickets.points.iter().all(|point| point.value > Some(40.0) && point.benchmark.is_some()),
            "{tickets:?}"
        );
    }
}

#[tokio::test]
async fn a_range_that_begins_before_the_figures_is_answered_in_part() {
    let mock = speaking(Dialect::Observed);
    let retail = mock.client().reports().retail();
    let range = |start: &str, end: &str| DateRange::new(start.parse().unwrap(), end.parse().unwrap()).unwrap();
    let winter = range("2022-12-01", "2023-01-31");
    let overview = retail.overview(venue(0), winter).await.unwrap().required().unwrap();
    assert_eq!((overview.requested_range, overview.is_partial()), (winter, true));
    assert_eq!(overview.effective_range, range("2023-01-01", "2023-01-31"));
    let before = retail.overview(venue(0), range("2022-01-01", "2022-12-31")).await.unwrap();
    assert_eq!(before.no_data(), Some(&NoData::NoContent));
    let park = retail.overview(venue(2), last_days(28)).await.unwrap();
    assert_eq!(park.no_data(), Some(&NoData::NoContent), "nothing is sold in a park");
}

#[tokio::test]
async fn a_contract_without_sales_says_what_to_do() {
    let poor = "venue:0000000000000000000000aa";
    let poor_one = FakeVenue::new(poor, "Poor").standing(Standing::WithoutSales);
    let mock = MockPlacer::builder().venue(poor_one).build().unwrap();
    let reports = mock.client().reports();
    let error = reports.retail().overview(id(poor), last_days(7)).await.unwrap_err();
    let said = (error.kind(), error.placer_code(), error.operation(), error.is_retryable());
    assert_eq!(said, (ErrorKind::PermissionDenied, Some(PlacerCode::Unauthorized), "reports.retail.overview", false));
    assert!(error.hint().unwrap().contains("retail sales are licensed apart"), "{error:?}");
    assert!(reports.visits().days(id(poor), last_days(7)).await.unwrap().found().is_some(), "visits are there");
    let inside = json!({"code": 1000, "details": "UNAUTHORIZED", "message": "no"});
    let error = answering(inside).reports().retail().days(venue(0), last_days(7)).await.unwrap_err();
    assert!(error.kind() == ErrorKind::PermissionDenied && error.hint().unwrap().contains("retail"), "{error:?}");
}

#[tokio::test]
async fn what_is_asked_for_travels_under_the_right_names() {
    let mock = MockPlacer::builder().polls(0).build().unwrap();
    let retail = mock.client().reports().retail();
    retail.days(venue(0), last_days(7)).metric(DaySalesMetric::AverageTicketSize).await.unwrap();
    retail.transaction_trends(venue(0), last_days(7)).benchmark(RetailBenchmark::CategoryInState).await.unwrap();
    retail.sales_trends(venue(0), last_days(7)).metric(SalesTrendMetric::SalesPerSquareFoot).await.unwrap();
    let sent: Vec<Value> = mock.backend().journal().bodies("*");
    assert_eq!(sent[0]["metricType"], "avg_ticket_size");
    assert_eq!((&sent[1]["compareType"], &sent[1]["granularity"]), (&json!("avg_category_in_state"), &json!("month")));
    assert_eq!(sent[2]["metric"], "sales_sq_ft");
    assert_refused(retail.overview(id("nonsense"), last_days(7)).await, "venueId");
}

#[tokio::test]
async fn lists_that_do_not_go_together_are_an_error() {
    let read = async |trend: Value, compare: Value| {
        let body = json!({"data": {"trend": trend, "compare": compare}});
        let report = answering(body).reports().retail().transaction_trends(venue(0), last_days(7)).await;
        report.map(|report| report.required().unwrap())
    };
    let error = read(json!({"bins": ["2026-02", "2026-03"], "values": [1]}), Value::Null).await.unwrap_err();
    assert_eq!((error.kind(), error.json_path()), (ErrorKind::Decode, Some("trend.values")), "{error:?}");
    let good = json!({"bins": ["2026-02-01", "total"], "values": ["12.5", null]});
    let error = read(good.clone(), json!({"values": [1]})).await.unwrap_err();
    assert_eq!(error.json_path(), Some("compare.values"));
    let report = read(good, json!({"bins": ["total"], "values": [3]})).await.unwrap();
    let points: Vec<_> = report.points.iter().map(|p| (p.date.is_some(), p.value, p.benchmark)).collect();
    assert_eq!(points, [(true, Some(12.5), None), (false, None, Some(3.0))]);
    assert!(!report.is_partial(), "an answer that tells no days is about those that were asked for");
}

#[tokio::test]
async fn figures_that_are_new_are_kept() {
    let body = json!({"data": [{"startDate": "2026-02-21T00:00:00Z", "salesOverview": [
        {"valueType": "bushels", "metricName": "returns", "value": "17"}, {"metricName": "sales", "value": null},
    ]}]});
    let overview =
        answering(body).reports().retail().overview(venue(0), last_days(7)).await.unwrap().required().unwrap();
    assert_eq!((overview.figures[0].metric.as_str(), overview.figures[0].value), ("returns", Some(17.0)));
    assert_eq!(overview.value(&RetailMetric::Sales), None);
    assert!(overview.is_partial(), "from the 21st on only");
    survives(&*overview);
}
