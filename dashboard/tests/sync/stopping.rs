//! Cancelling, and taking up what was left.

use std::time::Duration;

use connectors_core::ErrorKind;
use connectors_dashboard::model::{ItemState, Status, SyncState};

use crate::support::{World, accounted, campaign, ended, ids};

#[tokio::test]
async fn a_cancelled_sync_is_taken_up_where_it_was_left() {
    let campaign = campaign(300);
    let world = World::new(campaign.clone()).await;
    for integration in ["brandscopic", "placer", "qrtiger"] {
        world.backend(integration).latency(Duration::from_millis(200));
        let id = world.hub.sync(integration).await.unwrap().id;
        while world.hub.sync_status(id).await.unwrap().pending > 290 {
            tokio::task::yield_now().await;
        }
        world.hub.cancel(id).await.unwrap();
        let sync = ended(&world.hub, id).await;
        assert_eq!((sync.state, sync.failed, sync.unknown), (SyncState::Cancelled, 0, 0), "{sync:?}");
        assert!(sync.pending > 0 && sync.pending < 300, "{sync:?}");
        accounted(&world.hub, &sync, &campaign).await;
        assert_eq!(world.hub.cancel(id).await.unwrap_err().kind(), ErrorKind::Conflict);

        let sync = world.resume(&sync).await;
        assert_eq!((sync.id, sync.state), (id, SyncState::Succeeded));
        accounted(&world.hub, &sync, &campaign).await;
        assert_eq!(world.hub.resume(id).await.unwrap_err().kind(), ErrorKind::Conflict);
        if integration != "placer" {
            let held = world.held(integration).await;
            assert_eq!(held.keys().cloned().collect::<Vec<_>>(), ids(&campaign));
            assert!(held.values().all(|times| *times == 1));
        }
    }
}

#[tokio::test]
async fn a_key_that_is_rejected_in_the_middle_stops_the_sync_until_it_is_mended() {
    let campaign = campaign(60);
    let world = World::new(campaign.clone()).await;
    for (integration, create) in [("brandscopic", "events.create"), ("qrtiger", "campaigns.create")] {
        let rejected = world.backend(integration).on(create).after(20).always().status(401);
        let sync = world.sync(integration).await;
        assert_eq!((sync.state, sync.created, sync.unknown), (SyncState::Failed, 20, 0), "{sync:?}");
        assert!((1..=4).contains(&sync.failed) && sync.resumable, "{sync:?}");
        accounted(&world.hub, &sync, &campaign).await;
        let card = world.hub.card(integration).await.unwrap();
        assert_ne!(card.status, Status::Connected, "{card:?}");
        assert_eq!(card.errors.len() as u64, sync.failed, "each of them once, and with its event");
        assert!(card.errors.iter().all(|error| error.entity.as_deref().is_some_and(|it| it.starts_with('E'))));

        rejected.remove();
        let sync = world.resume(&sync).await;
        assert_eq!((sync.state, sync.created), (SyncState::Succeeded, 60), "{sync:?}");
        assert!(world.held(integration).await.values().all(|times| *times == 1));
    }
}

#[tokio::test]
async fn a_provider_that_does_not_answer_any_more_is_not_asked_for_every_event() {
    let campaign = campaign(60);
    let world = World::new(campaign.clone()).await;
    let outage = world.backend("qrtiger").on("campaigns.create").after(20).always().status(503);
    let sync = world.sync("qrtiger").await;
    assert_eq!((sync.state, sync.created), (SyncState::Failed, 20), "{sync:?}");
    assert!((10..=14).contains(&(sync.failed + sync.unknown)) && sync.pending >= 26, "{sync:?}");
    accounted(&world.hub, &sync, &campaign).await;
    outage.remove();
    assert_eq!(world.resume(&sync).await.state, SyncState::Succeeded);
    assert!(world.held("qrtiger").await.values().all(|times| *times == 1));
}

#[tokio::test]
async fn a_sync_that_fails_before_its_first_event_leaves_all_of_them_to_be_resumed() {
    let campaign = campaign(5);
    let world = World::new(campaign.clone()).await;
    for (integration, first) in [("brandscopic", "projects.create"), ("smartsheet", "sheets.create_in_workspace")] {
        let refused = world.backend(integration).on(first).always().status(403);
        let sync = world.sync(integration).await;
        assert_eq!((sync.state, sync.pending, sync.resumable), (SyncState::Failed, 5, true), "{sync:?}");
        assert!(sync.message.is_some());
        let failures = world.hub.failures(integration, None, 10).await.unwrap();
        assert_eq!(failures.len(), 1, "{failures:?}");
        assert_eq!(failures[0].entity.as_deref(), Some("stops"));
        refused.remove();
        assert_eq!(world.resume(&sync).await.state, SyncState::Succeeded);
    }
}

#[tokio::test]
async fn only_the_last_sync_can_be_resumed() {
    let world = World::new(campaign(3)).await;
    let refused = world.backend("qrtiger").on("campaigns.create").times(1).status(422);
    let first = world.sync("qrtiger").await;
    assert_eq!((first.state, first.failed, refused.hits()), (SyncState::Partial, 1, 1), "{first:?}");
    let second = world.sync("qrtiger").await;
    assert_eq!((second.created, second.unchanged), (1, 2), "what is done is not done twice");
    assert_eq!(world.hub.resume(first.id).await.unwrap_err().kind(), ErrorKind::Conflict);
    assert!(!world.hub.sync_status(first.id).await.unwrap().resumable);
    let items = world.hub.items(first.id).await.unwrap();
    assert_eq!(items.iter().filter(|item| item.state == ItemState::Failed).count(), 1, "history stays");
}
