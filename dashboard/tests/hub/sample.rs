//! Sample data, and real settings that come and go.

use std::sync::Arc;
use std::time::Duration;

use connectors_core::ErrorKind;
use connectors_core::testing::VirtualClock;
use connectors_dashboard::model::{Count, Source, SyncState};
use connectors_dashboard::{CampaignSource, IntegrationHub, SampleWorld, SettingsChange, SmartsheetIntegration, Store};
use connectors_mock::MockSmartsheet;

use super::{card_when, ended};

/// A key for an address where nobody answers.
fn real(name: &str) -> SettingsChange {
    let name = name.to_uppercase();
    SettingsChange::new()
        .set(format!("{name}_API_KEY"), "key-0123456789")
        .set(format!("{name}_API_URL"), "http://127.0.0.1:9")
}

#[tokio::test]
async fn fakes_hold_what_they_held_when_real_settings_are_gone_again() {
    let hub = super::hub().await;
    for integration in ["brandscopic", "qrtiger"] {
        ended(&hub, &hub.sync(integration).await.unwrap()).await;
        assert_eq!(hub.configure(integration, real(integration)).await.unwrap().source, Source::Stored);
        assert_eq!(hub.forget(integration).await.unwrap().source, Source::Sample);
        let again = ended(&hub, &hub.sync(integration).await.unwrap()).await;
        assert_eq!((again.state, again.unchanged), (SyncState::Succeeded, 24), "{again:?}");
    }
    let codes = Count::new("active codes", 24);
    card_when(&hub, "qrtiger", |card| card.counts.first() == Some(&codes)).await;
}

#[tokio::test]
async fn what_was_begun_on_a_fake_does_not_go_on_at_the_provider() {
    let (store, clock) = (Store::in_memory().unwrap(), Arc::new(VirtualClock::default()));
    let world = SampleWorld::open(store.clone(), clock.clone(), Duration::ZERO).await.unwrap();
    // The sample campaign itself never would.
    let campaign = world.campaign().await.unwrap();
    let hub = IntegrationHub::builder(store, Arc::new(campaign))
        .clock(clock)
        .fallback(move |provider, observer, links| Some(world.integration(provider, observer, links).unwrap()))
        .build()
        .await
        .unwrap();
    let sync = hub.sync("qrtiger").await.unwrap();
    hub.cancel(sync.id).await.unwrap();
    let sync = ended(&hub, &sync).await;
    assert!(sync.resumable && sync.pending > 0, "{sync:?}");
    ended(&hub, &hub.sync("placer").await.unwrap()).await;
    assert!(!hub.charts().await.unwrap().footfall_by_day.is_empty());

    for integration in ["placer", "qrtiger"] {
        hub.configure(integration, real(integration)).await.unwrap();
    }
    assert!(!hub.sync_status(sync.id).await.unwrap().resumable);
    assert_eq!(hub.resume(sync.id).await.unwrap_err().kind(), ErrorKind::Conflict);
    assert!(hub.charts().await.unwrap().footfall_by_day.is_empty());

    // Another key for the same provider is how a sync that failed is mended.
    let sync = hub.sync("qrtiger").await.unwrap();
    hub.cancel(sync.id).await.unwrap();
    ended(&hub, &sync).await;
    let other = SettingsChange::new().set("QRTIGER_API_KEY", "key-9876543210");
    hub.configure("qrtiger", other).await.unwrap();
    assert!(hub.sync_status(sync.id).await.unwrap().resumable);
}

#[tokio::test]
async fn a_real_tracker_is_told_nothing_that_fakes_made_up() {
    let (store, clock) = (Store::in_memory().unwrap(), Arc::new(VirtualClock::default()));
    let world = SampleWorld::open(store.clone(), clock.clone(), Duration::ZERO).await.unwrap();
    let builder = IntegrationHub::builder(store, Arc::new(world.clone())).clock(clock.clone());
    let sheets = MockSmartsheet::builder().clock(clock).link_store(builder.link_store()).build().unwrap();
    let hub = builder
        .fallback(move |provider, observer, links| Some(world.integration(provider, observer, links).unwrap()))
        .integration(Arc::new(SmartsheetIntegration::new(Arc::new(sheets.clone()), sheets.workspace_id())))
        .build()
        .await
        .unwrap();
    for integration in ["qrtiger", "brandscopic", "smartsheet"] {
        let sync = ended(&hub, &hub.sync(integration).await.unwrap()).await;
        assert_eq!(sync.state, SyncState::Succeeded, "{sync:?}");
    }
    let held = sheets.backend().save().unwrap();
    assert!(held.contains("FIZZ-01") && !held.contains("https://qr"));
}
