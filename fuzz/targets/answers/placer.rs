use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use connectors_core::{DateRange, Result};
use connectors_fuzz::first;
use connectors_placer::{
    Against, AggregateRequest, AlertRule, CbgGranularity, Comparison, Contract, CustomPoiArea, CustomPoiUpdate,
    Fidelity, FootfallRequest, GatewayDates, Granularity, MemoryReportStore, MovementRequest, NewCustomPoi,
    PeriodPreset, PlacerBuilder, PlacerClient, PlacerService, Point, RankingRegion, RetailBenchmark, Store, TagId,
    TicketSizeBenchmark, Trailing, VenueId, WeeklyQuota,
};
use http::Method;

use crate::wire::Wire;
use crate::{KEY, on_wire, operations};

fn builder(wire: &Arc<Wire>, contract: Contract, again: u32) -> PlacerBuilder {
    let builder = PlacerClient::builder().contract(contract).no_content_retries(again);
    on_wire!(wire, builder.api_key(KEY).api_url("https://placer.test"))
}

fn native_client(wire: &Arc<Wire>) -> Result<PlacerClient> {
    builder(wire, Contract::Native, 2).build()
}

/// Takes it for an answer that there are no data, so that a report is one call.
fn single_client(wire: &Arc<Wire>) -> Result<PlacerClient> {
    builder(wire, Contract::Native, 0).build()
}

/// With quotas of the week, and a store that reports come back from.
fn stored_client(wire: &Arc<Wire>) -> Result<PlacerClient> {
    let builder = builder(wire, Contract::Native, 0).weekly_quota(WeeklyQuota::new().calls(20).places(5));
    builder.report_store(Arc::new(MemoryReportStore::new(1 << 16))).build()
}

fn gateway_client(wire: &Arc<Wire>) -> Result<PlacerClient> {
    builder(wire, Contract::Gateway, 0).build()
}

/// Asks for one day at a time.
fn daily_gateway_client(wire: &Arc<Wire>) -> Result<PlacerClient> {
    builder(wire, Contract::Gateway, 0).gateway_dates(GatewayDates::SingleDay).build()
}

fn venue() -> VenueId {
    VenueId::new("venue:5f0c1de2a9b84c7d3e6f0a11").expect("an id")
}

fn venues() -> Vec<VenueId> {
    vec![venue(), VenueId::new("venue:5f0c1de2a9b84c7d3e6f0a12").expect("an id")]
}

/// A week before the clock's first day.
fn week() -> DateRange {
    DateRange::last_days(7, NaiveDate::from_ymd_opt(2026, 2, 22).expect("a day")).expect("a week")
}

/// Four weeks before the clock's first day.
fn weeks() -> DateRange {
    DateRange::last_days(28, week().end()).expect("four weeks")
}

fn new_poi() -> NewCustomPoi {
    NewCustomPoi::new("Pier 4", "Plaza", CustomPoiArea::circle(Point::new(42.3543, -71.0473), 0.05))
}

fn custom() -> VenueId {
    VenueId::new("complex:5f0c1de2a9b84c7d3e6f0a13").expect("an id")
}

fn tag() -> TagId {
    TagId::new("5f0c1de2a9b84c7d3e6f0a14").expect("an id")
}

fn footfall(fidelity: Fidelity) -> FootfallRequest {
    FootfallRequest::new(venue(), week()).fidelity(fidelity)
}

/// Far from all other days, so that they are asked for apart.
fn years_ago() -> Against {
    Against::Range(DateRange::last_days(7, NaiveDate::from_ymd_opt(2023, 2, 19).expect("a day")).expect("a week"))
}

fn stores() -> [Store; 3] {
    [
        Store::new("17", "Harbor Tacos #17").address("12-14 Pier Ave., Suite 3").city("Long Beach", "CA").zip("90802"),
        Store::new("18", "harbor tacos").location(Point::new(42.3543, -71.0473)).zip("2210"),
        Store::new("19", "Ünion Café").city("Boston", "Massachusetts"),
    ]
}

/// Percentages are some, and what is not there has no share.
fn check_percent(percent: f64) {
    assert!((0.0..=100.0).contains(&percent), "{percent} percent");
}

async fn compared(client: &PlacerClient, against: Against) -> Result<()> {
    let Comparison { total, venues, days, .. } = client.analytics().compare(venues(), week(), against).await?;
    assert!(venues.iter().all(|row| row.days <= 7 && row.mixed_segments == row.change.is_none()), "{venues:?}");
    assert_eq!(total.days, venues.iter().filter(|row| !row.mixed_segments).map(|row| row.days).sum::<u32>());
    assert!(days.iter().all(|day| week().contains(day.date)));
    Ok(())
}

async fn week_pattern(client: &PlacerClient) -> Result<()> {
    let week = client.analytics().week_pattern(venue(), weeks()).await?;
    assert!(week.rows.iter().all(|row| row.hour < 24 && row.days == 4 && row.average.is_finite()), "{week:?}");
    week.matrix();
    Ok(())
}

async fn latest_day(client: &PlacerClient) -> Result<()> {
    let first = client.analytics().latest_available(venue()).await?;
    assert!(first.date.is_none_or(|date| date <= week().end() + chrono::Days::new(30)), "{first:?}");
    let again = client.analytics().latest_available(venue()).await?;
    assert!(first.date.is_none() || (again.date == first.date && again.cost.calls == 0), "{first:?} {again:?}");
    Ok(())
}

async fn matched(client: &PlacerClient) -> Result<()> {
    let matches = client.analytics().match_stores(stores()).await?;
    let rows = matches.rows();
    assert!(rows.iter().map(|row| row.store_id.as_str()).eq(["17", "18", "19"]), "{rows:?}");
    assert!(rows.iter().all(|row| row.confidence.is_none_or(|sure| (0.0..=1.0).contains(&sure))), "{rows:?}");
    Ok(())
}

async fn overlap(client: &PlacerClient) -> Result<()> {
    let [one, other] = <[VenueId; 2]>::try_from(venues()).expect("two");
    let found = client.analytics().overlap(one, other, week()).await?;
    [found.share_of_one, found.share_of_other, found.similarity].into_iter().for_each(check_percent);
    assert!(found.area.is_some() || found.shared_square_miles == 0.0, "{found:?}");
    Ok(())
}

async fn cbg_overlap(client: &PlacerClient) -> Result<()> {
    let [one, other] = <[VenueId; 2]>::try_from(venues()).expect("two");
    let found = client.analytics().cbg_overlap(one, other, weeks()).granularity(CbgGranularity::Week).await?;
    [found.share_of_one, found.share_of_other, found.similarity].into_iter().for_each(check_percent);
    Ok(())
}

async fn profile(client: &PlacerClient) -> Result<()> {
    let profile = client.analytics().profile(venue(), week()).await?;
    assert!(profile.failures().len() < 7, "{profile:?}");
    profile.row();
    Ok(())
}

/// What was asked for comes from the cache, or from the store, the same.
async fn stored(client: &PlacerClient) -> Result<()> {
    let first = client.reports().visits().hours(venue(), week()).await?;
    client.clear_cache();
    let again = client.reports().visits().hours(venue(), week()).await?;
    assert_eq!(format!("{first:?}"), format!("{again:?}"));
    client.quota().await.map(drop)
}

async fn trailing(client: &PlacerClient) -> Result<()> {
    let report = client.analytics().trailing(venues(), week(), Trailing::new(3).partial()).await?;
    assert!(report.rows.iter().all(|row| week().contains(row.date) && (1..=3).contains(&row.days)), "{report:?}");
    client.analytics().alerts(venues(), AlertRule::new(20.0).days(2, 5)).await.map(drop)
}

operations!(native(client = native_client) {
    Work "placer visit_metrics": client.reports().visits().metrics(venues(), week()).include_metadata();
    Work "placer visit_trends": client.reports().visits().trends(venues(), week(), Granularity::Day);
    Work "placer cbgs": client.reports().visits().cbgs(venues(), weeks(), CbgGranularity::Week);
    Work "placer ranking.overview_multi": client.reports().ranking().overview_multi(venues(), PeriodPreset::LastMonth);
    Call "placer pois.search": client.pois().search().query("tacos").near(30.2, -97.7, 5.0);
    Work "placer pois.search all": first(client.pois().search().query("tacos").page_size(2).all());
    Call "placer pois.entities": client.pois().entities(&venue());
    Work "placer pois.my_properties": client.pois().my_properties();
    Create "placer custom_pois.create": client.custom_pois().create(new_poi());
    Work "placer custom_pois.create or existing": client.custom_pois().create(new_poi()).or_existing();
    Work "placer custom_pois.create and wait": client.custom_pois().create(new_poi()).and_wait(Duration::from_secs(60));
    Call "placer custom_pois.get": client.custom_pois().get(&custom());
    Work "placer custom_pois.wait": client.custom_pois().wait(&custom(), Duration::from_secs(60));
    Call "placer custom_pois.update": client.custom_pois().update(&custom(), CustomPoiUpdate::new().name("The pier"));
    Work "placer custom_pois.delete": client.custom_pois().delete(&custom());
    Create "placer tags.create": client.tags().create("Spring campaign");
    Work "placer tags.add": client.tags().add(&tag(), venues());
    Work "placer tags.remove": client.tags().remove(&tag(), venues());
    Call "placer usage": client.account().usage_status();
    Work "placer quota": client.quota();
    Work "placer estimate": client.estimate(&footfall(Fidelity::PerDay));
    Work "placer footfall": client.footfall(footfall(Fidelity::VisitsOnly));
    Work "placer footfall with totals": client.footfall(footfall(Fidelity::WithPeriodTotals));
    Work "placer footfall per day": client.footfall(footfall(Fidelity::PerDay));
    Work "placer footfall estimate": client.footfall(footfall(Fidelity::Estimate));
    Work "placer movement": client.movement(MovementRequest::new(venue()).range(week()));
    Work "placer aggregate": client.aggregate_footfall(AggregateRequest::new(venues(), week()));
    Work "placer hours once": client.reports().visits().hours(venue(), week()).send_once();
    Work "placer analytics.week_pattern": week_pattern(&client);
    Work "placer analytics.day_of_week": client.analytics().day_of_week(venue(), week());
    Work "placer analytics.compare weeks": compared(&client, Against::WeekBefore);
    Work "placer analytics.compare periods": compared(&client, Against::PeriodBefore);
    Work "placer analytics.compare years": compared(&client, Against::YearBefore);
    Work "placer analytics.compare far apart": compared(&client, years_ago());
    Work "placer analytics.trailing and alerts": trailing(&client);
    Work "placer analytics.profile": profile(&client);
    Work "placer analytics.latest_available": latest_day(&client);
    Work "placer analytics.match_stores": matched(&client);
    Work "placer analytics.expand": client.analytics().expand(tag().entity()?).include_regional_chains();
    Work "placer analytics.overlap": overlap(&client);
    Work "placer analytics.cbg_overlap": cbg_overlap(&client);
    Work "placer test_connection": client.test_connection();
    Work "placer summary": client.summary();
    Create "placer request": client.request(&Method::POST, "/v1/exports").send_bytes();
});

operations!(single(client = single_client) {
    Call "placer visit_trends_single": client.reports().visits().trends_single(venue(), week(), Granularity::Day);
    Call "placer hours": client.reports().visits().hours(venue(), week());
    Call "placer days": client.reports().visits().days(venue(), week());
    Call "placer dwell_time": client.reports().visits().dwell_time(venue(), week());
    Call "placer visits_frequency": client.reports().loyalty().visits_frequency(venue(), week());
    Call "placer true_trade_area": client.reports().trade_area().true_trade_area(venue(), week());
    Call "placer drive_time": client.reports().trade_area().drive_time(venue(), week());
    Call "placer demographics": client.reports().trade_area().demographics(venue(), week());
    Call "placer ranking.overview": client.reports().ranking().overview(venue(), week());
    Call "placer ranking.top": client.reports().ranking().top(venue(), RankingRegion::Miles15, PeriodPreset::LastMonth);
    Call "placer ranking.closely_ranked": client.reports().ranking().closely_ranked(venue(), RankingRegion::State, PeriodPreset::LastWeek);
    Call "placer favorite_places": client.reports().journey().favorite_places(venue(), week()).categories(["Groceries"]);
    Call "placer favorite_chains": client.reports().journey().favorite_chains(venue(), week());
    Call "placer retail.sales_trends": client.reports().retail().sales_trends(venue(), week());
    Call "placer retail.overview": client.reports().retail().overview(venue(), week());
    Call "placer retail.days": client.reports().retail().days(venue(), week());
    Call "placer retail.transaction_trends": client.reports().retail().transaction_trends(venue(), week()).benchmark(RetailBenchmark::ChainInState);
    Call "placer retail.ticket_size_trends": client.reports().retail().ticket_size_trends(venue(), week()).benchmark(TicketSizeBenchmark::CategoryInState);
});

operations!(kept(client = stored_client) {
    Work "placer hours stored": stored(&client);
    Work "placer aggregate within quotas": client.aggregate_footfall(AggregateRequest::new(venues(), week()));
    Work "placer quota of the week": client.quota();
    Work "placer profile within quotas": client.analytics().profile(venue(), week());
});

operations!(daily_gateway(client = daily_gateway_client) {
    Work "placer gateway daily footfall": client.footfall(footfall(Fidelity::VisitsOnly));
    Work "placer gateway daily latest_available": latest_day(&client);
    Work "placer gateway daily movement": client.movement(MovementRequest::new(venue()));
});

operations!(gateway(client = gateway_client) {
    Call "placer gateway footfall": client.footfall(footfall(Fidelity::VisitsOnly));
    Work "placer gateway footfall per day": client.footfall(footfall(Fidelity::PerDay));
    Work "placer gateway movement": client.movement(MovementRequest::new(venue()));
    Work "placer gateway aggregate": client.aggregate_footfall(AggregateRequest::new(venues(), week()).fidelity(Fidelity::Estimate));
    Call "placer gateway.footfall": client.gateway().footfall(&venue(), week());
    Call "placer gateway.movement": client.gateway().movement(&venue(), None);
    Call "placer gateway.demographics": client.gateway().demographics(&venue());
    Call "placer gateway.health": client.gateway().health();
    Work "placer gateway compare": compared(&client, Against::WeekBefore);
    Work "placer gateway trailing and alerts": trailing(&client);
    Work "placer gateway latest_available": latest_day(&client);
    Work "placer gateway test_connection": client.test_connection();
    Work "placer gateway summary": client.summary();
});
