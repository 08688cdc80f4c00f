//! The Brandscopic client against its fake: on every face, on both contracts, and when things go wrong.

mod faces;
mod faults;
mod input;
mod native;

use connectors_brandscopic::{BrandscopicService, Contract, CreateProject, Project};
use connectors_core::{Campaign, MemoryLinkStore};
use connectors_mock::{MockBrandscopic, MockBrandscopicBuilder, conformance};
use std::sync::Arc;

const BOTH: [Contract; 2] = [Contract::Native, Contract::Gateway];

/// Six events from May on; the mock's clock shows March.
fn campaign() -> Campaign {
    conformance::brandscopic_campaign("2026-05-01".parse().unwrap()).unwrap()
}

/// Twenty-four events, four of them at the same place and time as another.
fn long_campaign() -> Campaign {
    let mut campaign = campaign();
    for number in 7..=24 {
        let mut event = campaign.events[number % 6].clone();
        event.id = format!("event-{number}").parse().unwrap();
        event.name = format!("Tasting {number}");
        if number < 21 {
            event.starts_at += chrono::TimeDelta::days(number as i64 / 6 * 6);
            event.ends_at += chrono::TimeDelta::days(number as i64 / 6 * 6);
        }
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

/// Two mocks of which the second begins with the links of the first are not one provider; this is one mock, whose
/// client remembers.
async fn with_project(contract: Contract) -> (MockBrandscopic, Project) {
    let mock = builder(contract).link_store(Arc::new(MemoryLinkStore::default())).build().unwrap();
    let project = mock.create_project(CreateProject::new(&campaign())).await.unwrap();
    (mock, project)
}
