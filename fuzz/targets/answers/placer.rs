use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use connectors_core::{DateRange, Result};
use connectors_fuzz::first;
use connectors_placer::{
    AggregateRequest, CbgGranularity, Contract, CustomPoiArea, CustomPoiUpdate, Fidelity, FootfallRequest, Granularity,
    MovementRequest, NewCustomPoi, PeriodPreset, PlacerClient, PlacerService, Point, RankingRegion, RetailBenchmark,
    TagId, TicketSizeBenchmark, VenueId,
};
use http::Method;

use crate::wire::Wire;
use crate::{KEY, on_wire, operations};

fn client(wire: &Arc<Wire>, contract: Contract, again: u32) -> Result<PlacerClient> {
    on_wire!(
        wire,
        PlacerClient::builder()
            .contract(contract)
            .no_content_retries(again)
            .api_key(KEY)
            .api_url("https://placer.test")
    )
    .build()
}

fn native_client(wire: &Arc<Wire>) -> Result<PlacerClient> {
    client(wire, Contract::Native, 2)
}

/// Takes it for an answer that there are no data, so that a report is one call.
fn single_client(wire: &Arc<Wire>) -> Result<PlacerClient> {
    client(wire, Contract::Native, 0)
}

fn gateway_client(wire: &Arc<Wire>) -> Result<PlacerClient> {
    client(wire, Contract::Gateway, 0)
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

operations!(gateway(client = gateway_client) {
    Call "placer gateway footfall": client.footfall(footfall(Fidelity::VisitsOnly));
    Work "placer gateway footfall per day": client.footfall(footfall(Fidelity::PerDay));
    Work "placer gateway movement": client.movement(MovementRequest::new(venue()));
    Work "placer gateway aggregate": client.aggregate_footfall(AggregateRequest::new(venues(), week()).fidelity(Fidelity::Estimate));
    Call "placer gateway.footfall": client.gateway().footfall(&venue(), week());
    Call "placer gateway.movement": client.gateway().movement(&venue(), None);
    Call "placer gateway.demographics": client.gateway().demographics(&venue());
    Call "placer gateway.health": client.gateway().health();
    Work "placer gateway test_connection": client.test_connection();
    Work "placer gateway summary": client.summary();
});
