//! Creates whose answer is lost, and what stands in the way of an event but not of the sync.

use connectors_dashboard::model::{Count, ItemState, SyncState};

use crate::support::{World, accounted, campaign, ids};

#[tokio::test]
async fn a_create_whose_answer_is_lost_is_found_again() {
    let campaign = campaign(12);
    let world = World::new(campaign.clone()).await;
    for (integration, create) in [("qrtiger", "campaigns.create"), ("smartsheet", "rows.add")] {
        let lost = world.backend(integration).on(create).times(1).reset_after();
        let sync = world.sync(integration).await;
        assert_eq!((sync.state, sync.created), (SyncState::Succeeded, 12), "{sync:?}");
        assert_eq!(lost.hits(), 1);
        let held = world.held(integration).await;
        assert_eq!(held.keys().cloned().collect::<Vec<_>>(), ids(&campaign));
        assert!(held.values().all(|times| *times == 1), "{held:?}");
    }
}

#[tokio::test]
async fn behind_a_gateway_it_is_listed_as_unknown_and_never_made_twice() {
    let campaign = campaign(12);
    let world = World::new(campaign.clone()).await;
    world.backend("brandscopic").on("events.create").after(5).reset_after();
    world.backend("brandscopic").on("events.create").after(7).reset_before();
    let mut sync = world.sync("brandscopic").await;
    for _ in 0..3 {
        assert_eq!((sync.state, sync.unknown, sync.failed), (SyncState::Partial, 2, 0), "{sync:?}");
        let items = accounted(&world.hub, &sync, &campaign).await;
        let unknown: Vec<_> = items.iter().filter(|item| item.state == ItemState::Unknown).collect();
        assert!(unknown.iter().all(|item| item.message.is_some()), "{unknown:?}");
        let held = world.held("brandscopic").await;
        assert_eq!((held.len(), held.values().max()), (11, Some(&1)), "one of the two was carried out");
        sync = world.resume(&sync).await;
    }
}

#[tokio::test]
async fn scans_that_cannot_be_read_do_not_hide_the_code() {
    let world = World::new(campaign(3)).await;
    let broken = world.backend("qrtiger").on("*").after(9).always().when(|request| request.method() == "GET");
    let broken = broken.status(404);
    let sync = world.sync("qrtiger").await;
    let items = world.hub.items(sync.id).await.unwrap();
    let made = items.iter().filter(|item| item.remote_id.is_some()).count();
    assert_eq!(world.held("qrtiger").await.len(), made, "what is made is never told as failed: {items:?}");
    broken.remove();
}

#[tokio::test]
async fn what_the_syncs_have_found_is_counted_on_the_cards_and_written_into_the_tracker() {
    let campaign = campaign(12);
    let world = World::new(campaign.clone()).await;
    for integration in ["brandscopic", "placer", "qrtiger", "smartsheet"] {
        assert_eq!(world.sync(integration).await.state, SyncState::Succeeded);
    }
    // A change of the card comes a moment after the end of the sync.
    for (integration, labels) in [
        ("brandscopic", vec!["events"]),
        ("placer", vec!["venues with data"]),
        ("smartsheet", vec!["sheets"]),
        ("qrtiger", vec!["active codes", "total scans"]),
    ] {
        let card = loop {
            let card = world.hub.card(integration).await.unwrap();
            if card.counted_at.is_some() {
                break card;
            }
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        };
        assert_eq!(card.counts.iter().map(|count| count.label.as_str()).collect::<Vec<_>>(), labels);
        assert!(card.counts.iter().all(|count| count.value > 0 || count.label == "total scans"), "{:?}", card.counts);
        let long: Vec<_> = card.quotas.iter().map(|quota| quota.label.as_str()).collect();
        assert_eq!(integration == "placer", long.contains(&"calls per week"), "{long:?}");
        assert_eq!(integration == "qrtiger", long.contains(&"requests per month"), "{long:?}");
    }
    let venues = world.hub.card("placer").await.unwrap().counts;
    assert_eq!(venues, [Count::new("venues with data", 10)]);
    let state = world.smartsheet.backend().save().unwrap();
    for found in ["pending", "https://qr"] {
        assert!(state.contains(found), "{found} is not in the tracker");
    }
}
