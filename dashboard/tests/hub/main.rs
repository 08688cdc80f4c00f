//! The hub: its state, its settings, its secrets, and what it keeps.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "also the helpers of the tests are tests"
)]

use std::sync::Arc;
use std::time::Duration;

mod feed;
mod links;
mod restart;
mod sample;
mod secrets;
mod settings;
mod status;
mod store;
mod vault;

use connectors_core::Campaign;
use connectors_core::testing::VirtualClock;
use connectors_dashboard::model::{Card, Sync, SyncState};
use connectors_dashboard::{IntegrationHub, SampleWorld, Store};

/// A hub over the sample data, in virtual time.
async fn hub() -> IntegrationHub {
    hub_in(Store::in_memory().unwrap()).await
}

/// The same, that keeps what it knows in this store.
async fn hub_in(store: Store) -> IntegrationHub {
    let clock = Arc::new(VirtualClock::default());
    let world = SampleWorld::open(store.clone(), clock.clone(), Duration::ZERO).await.unwrap();
    let samples = world.clone();
    IntegrationHub::builder(store, Arc::new(world))
        .clock(clock)
        .fallback(move |provider, observer, links| Some(samples.integration(provider, observer, links).unwrap()))
        .build()
        .await
        .unwrap()
}

/// A campaign of one event.
fn campaign() -> Campaign {
    let json = include_str!("campaign.json");
    Campaign::from_json(json).unwrap()
}

/// Waits until the card of an integration is as it should be.
async fn card_when(hub: &IntegrationHub, integration: &str, is_so: impl Fn(&Card) -> bool) -> Card {
    let mut last = None;
    for _ in 0..400 {
        let card = hub.card(integration).await.unwrap();
        if is_so(&card) {
            return card;
        }
        last = Some(card);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{last:?}");
}

/// Waits for the end of a sync.
async fn ended(hub: &IntegrationHub, sync: &Sync) -> Sync {
    loop {
        let now = hub.sync_status(sync.id).await.unwrap();
        if now.ended_at.is_some() {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn every_integration_syncs_the_sample_campaign_and_then_has_nothing_left_to_do() {
    let hub = hub().await;
    for (integration, creates) in [("brandscopic", 24), ("placer", 0), ("qrtiger", 24), ("smartsheet", 24)] {
        let sync = hub.sync(integration).await.unwrap();
        let first = ended(&hub, &sync).await;
        assert_eq!((first.state, first.created, first.total), (SyncState::Succeeded, creates, 24), "{first:?}");
        let sync = hub.sync(integration).await.unwrap();
        let second = ended(&hub, &sync).await;
        assert_eq!((second.state, second.unchanged), (SyncState::Succeeded, 24), "{second:?}");
    }
    let charts = hub.charts().await.unwrap();
    assert_eq!((charts.footfall_by_day.len(), charts.footfall_by_hour.len()), (28, 24));
    assert_eq!(charts.syncs.len(), 8);
}
