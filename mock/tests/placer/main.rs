//! The Placer.ai client against its fake: on every face, on both contracts, and when things go wrong.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "also the helpers of the tests are tests"
)]

mod analytics;
mod availability;
mod cache;
#[path = "../common/calls.rs"]
mod calls;
mod compared;
mod cost;
mod credentials;
mod custom_pois;
mod documented;
mod faces;
mod faults;
mod gateway;
mod input;
mod matching;
mod native;
mod odd;
mod overlap;
mod pending;
mod protocol;
mod quota;
#[path = "../common/raw.rs"]
mod raw;
mod refusals;
mod scale;
#[path = "../common/shape.rs"]
mod shape;
mod snapshots;
mod states;
mod store;
mod tags;
mod traffic;
#[path = "../common/twins.rs"]
mod twins;
mod walk;
mod whence;

use chrono::NaiveDate;
use connectors_core::DateRange;
use connectors_mock::{MockPlacer, MockPlacerBuilder};
use connectors_placer::{AggregateRequest, Contract, FootfallRequest, VenueId, latest_complete_day};

const BOTH: [Contract; 2] = [Contract::Native, Contract::Gateway];

fn builder(contract: Contract) -> MockPlacerBuilder {
    MockPlacer::builder().contract(contract)
}

fn today(mock: &MockPlacer) -> NaiveDate {
    mock.backend().clock().now_utc().date_naive()
}

/// The day that the mock's clock shows, unless it is told otherwise.
fn monday() -> NaiveDate {
    "2026-03-02".parse().unwrap()
}

fn last_days(count: u32) -> DateRange {
    DateRange::last_days(count, latest_complete_day(monday())).unwrap()
}

fn venue(number: usize) -> VenueId {
    MockPlacer::venue_ids().remove(number)
}

fn id(text: &str) -> VenueId {
    VenueId::new(text).unwrap()
}

fn week_at(number: usize) -> FootfallRequest {
    FootfallRequest::new(venue(number), last_days(7))
}

fn week_at_all() -> AggregateRequest {
    AggregateRequest::new(MockPlacer::venue_ids(), last_days(7))
}
