use std::sync::Arc;

use chrono::NaiveDate;
use connectors_core::{DateRange, Result};
use connectors_fuzz::first;
use connectors_placer::{
    AggregateRequest, Contract, Fidelity, FootfallRequest, Granularity, MovementRequest, PlacerClient, PlacerService,
    VenueId,
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

fn footfall(fidelity: Fidelity) -> FootfallRequest {
    FootfallRequest::new(venue(), week()).fidelity(fidelity)
}

operations!(native(client = native_client) {
    Work "placer visit_metrics": client.reports().visits().metrics(venues(), week()).include_metadata();
    Work "placer visit_trends": client.reports().visits().trends(venues(), week(), Granularity::Day);
    Call "placer pois.search": client.pois().search().query("tacos").near(30.2, -97.7, 5.0);
    Work "placer pois.search all": first(client.pois().search().query("tacos").page_size(2).all());
    Call "placer pois.entities": client.pois().entities(&venue());
    Work "placer pois.my_properties": client.pois().my_properties();
    Call "placer usage": client.account().usage_status();
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
});

operations!(gateway(client = gateway_client) {
    Call "placer gateway footfall": client.footfall(footfall(Fidelity::VisitsOnly));
    Work "placer gateway footfall per day": client.footfall(footfall(Fidelity::PerDay));
    Work "placer gateway movement": client.movement(MovementRequest::new(venue()));
    Work "placer gateway aggregate": client.aggregate_footfall(AggregateRequest::new(venues(), week()).fidelity(Fidelity::Estimate));
    Work "placer gateway test_connection": client.test_connection();
    Work "placer gateway summary": client.summary();
});
