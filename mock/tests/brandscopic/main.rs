//! The Brandscopic client against its fake: on every face, on both contracts, and when things go wrong.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "also the helpers of the tests are tests"
)]

mod activities;
mod adopting;
#[path = "../common/calls.rs"]
mod calls;
mod capabilities;
mod comments;
mod contacts;
mod credentials;
mod documented;
mod events;
mod expenses;
mod faces;
mod faults;
mod gateway;
mod input;
mod invites;
mod members;
mod native;
mod priority;
#[path = "../common/raw.rs"]
mod raw;
mod recap_moves;
mod reference;
mod resolving;
mod results;
mod scale;
mod sessions;
#[path = "../common/shape.rs"]
mod shape;
mod states;
mod surveys;
mod tasks;
#[path = "../common/twins.rs"]
mod twins;
mod uploads;
mod users;
mod venues;
mod visits;
mod walk;

use chrono::TimeDelta;
use connectors_brandscopic::{BrandscopicService, Contract, CreateProject, Project};
use connectors_core::Campaign;
use connectors_mock::{MockBrandscopic, MockBrandscopicBuilder, conformance};

const BOTH: [Contract; 2] = [Contract::Native, Contract::Gateway];

/// Six events from May on; the mock's clock shows March.
fn campaign() -> Campaign {
    conformance::brandscopic_campaign("2026-05-01".parse().unwrap()).unwrap()
}

/// Twenty-four events, the last four at the place and time of others.
fn long_campaign() -> Campaign {
    let mut campaign = campaign();
    for number in 7..=24_u8 {
        let mut event = campaign.events[usize::from(number % 6)].clone();
        event.id = format!("event-{number}").parse().unwrap();
        event.name = format!("Tasting {number}");
        let weeks = if number > 20 { number - 6 } else { number } / 6;
        let later = TimeDelta::weeks(weeks.into());
        event.starts_at += later;
        event.ends_at += later;
        campaign.events.push(event);
    }
    campaign
}

fn builder(contract: Contract) -> MockBrandscopicBuilder {
    MockBrandscopic::builder().contract(contract).campaign("Conformance Tour")
}

fn mock(contract: Contract) -> MockBrandscopic {
    builder(contract).build().unwrap()
}

/// A mock, and the project of the campaign there.
async fn with_project(contract: Contract) -> (MockBrandscopic, Project) {
    let mock = mock(contract);
    let project = mock.create_project(CreateProject::new(&campaign())).await.unwrap();
    (mock, project)
}
