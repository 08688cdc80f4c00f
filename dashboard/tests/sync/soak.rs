//! A thousand syncs, and a hundred who watch.

use std::collections::BTreeMap;
use std::sync::Arc;

use connectors_dashboard::model::{ItemState, Sync, SyncState};
use connectors_dashboard::{Seen, Watch};
use connectors_mock::Chaos;
use tokio::task::JoinSet;

use crate::support::{ALL, World, accounted, campaign, ended};

const SYNCS: usize = 250;

/// All that is told, up to the end: one number after the other, but after a reset.
async fn watched(mut watch: Watch) -> (BTreeMap<u64, Arc<str>>, u32) {
    let (mut seen, mut last, mut resets) = (BTreeMap::new(), None, 0);
    while let Some(next) = watch.next().await {
        match next {
            Seen::Update(message) => {
                assert!(last.is_none_or(|last| message.number == last + 1), "{last:?}, then {}", message.number);
                last = Some(message.number);
                assert!(seen.insert(message.number, message.json).is_none());
            }
            Seen::Reset => (last, resets) = (None, resets + 1),
        }
    }
    (seen, resets)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_syncs_lose_nothing_and_make_nothing_twice() {
    let campaign = campaign(3);
    let world = Arc::new(World::new(campaign.clone()).await);
    let mut watchers = JoinSet::new();
    for _ in 0..100 {
        watchers.spawn(watched(world.hub.watch(None)));
    }
    for integration in ALL {
        world.backend(integration).chaos(Chaos::new(11).ratio(0.05));
    }
    let mut syncing = JoinSet::new();
    for integration in ALL {
        let (world, campaign) = (Arc::clone(&world), campaign.clone());
        syncing.spawn(async move {
            let mut sync: Option<Sync> = None;
            for round in 0..SYNCS {
                let left = sync.filter(|sync| sync.resumable && sync.state != SyncState::Succeeded);
                let id = match left {
                    Some(left) if round % 2 == 0 => world.hub.resume(left.id).await.unwrap().id,
                    _ => world.hub.sync(integration).await.unwrap().id,
                };
                if round % 7 == 3 {
                    // It may have ended by itself.
                    let _ = world.hub.cancel(id).await;
                }
                let done = ended(&world.hub, id).await;
                accounted(&world.hub, &done, &campaign).await;
                sync = Some(done);
            }
        });
    }
    while let Some(ended) = syncing.join_next().await {
        ended.unwrap();
    }
    for integration in ["brandscopic", "smartsheet", "qrtiger"] {
        let held = world.held(integration).await;
        let last = world.sync(integration).await;
        for item in world.hub.items(last.id).await.unwrap() {
            let times = held.get(item.event.as_str()).copied().unwrap_or_default();
            let known = item.state != ItemState::Unknown;
            assert!(times == 1 || (times == 0 && !known), "{integration} holds {item:?} {times} times");
            assert!(known || integration == "brandscopic", "{item:?}");
        }
    }
    world.hub.close().await;
    drop(Arc::into_inner(world).expect("nobody else has it"));
    let mut all: Option<BTreeMap<u64, Arc<str>>> = None;
    while let Some(watcher) = watchers.join_next().await {
        let (seen, resets) = watcher.unwrap();
        let known = all.get_or_insert_with(|| seen.clone());
        assert!(seen.len() > 1000 || resets > 0, "{} updates", seen.len());
        for (number, json) in seen {
            assert!(known.get(&number).is_none_or(|known| *known == json), "update {number} is the same for all");
        }
    }
}
