//! The sample data over a restart that nobody was told of.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use connectors_core::SystemClock;
use connectors_dashboard::model::{ItemState, SyncState};
use connectors_dashboard::{IntegrationHub, SampleWorld, Store};

use crate::support::{accounted, ended};

async fn hub(path: &Path, latency: Duration) -> (IntegrationHub, SampleWorld) {
    let store = Store::open(path).unwrap();
    let world = SampleWorld::open(store.clone(), Arc::new(SystemClock), latency).await.unwrap();
    let samples = world.clone();
    let hub = IntegrationHub::builder(store, Arc::new(world.clone()))
        .fallback(move |provider, observer, links| Some(samples.integration(provider, observer, links).unwrap()))
        .build()
        .await
        .unwrap();
    (hub, world)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn what_the_fakes_hold_outlives_a_program_that_ends_in_the_middle() {
    let folder = std::env::temp_dir().join(format!("connectors-dashboard-restarted-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for integration in ["brandscopic", "qrtiger"] {
        let path = folder.join(format!("{integration}.db"));
        let first = runtime();
        let id = first.block_on(async {
            let (hub, _) = hub(&path, Duration::from_millis(100)).await;
            let id = hub.sync(integration).await.unwrap().id;
            while hub.sync_status(id).await.unwrap().created < 6 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            id
        });
        // Everything is dropped where it stands.
        first.shutdown_timeout(Duration::from_secs(10));
        runtime().block_on(resumed(&path, integration, id));
    }
    std::fs::remove_dir_all(folder).unwrap();
}

async fn resumed(path: &Path, integration: &str, id: i64) {
    let (hub, world) = hub(path, Duration::ZERO).await;
    let campaign = connectors_dashboard::CampaignSource::campaign(&world).await.unwrap();
    let sync = hub.sync_status(id).await.unwrap();
    assert_eq!(sync.state, SyncState::Interrupted, "{sync:?}");
    assert!(sync.created >= 6 && sync.unknown <= 4 && sync.pending > 0, "{sync:?}");
    accounted(&hub, &sync, &campaign).await;
    let sync = ended(&hub, hub.resume(id).await.unwrap().id).await;
    let items = accounted(&hub, &sync, &campaign).await;
    let settled = items.iter().filter(|item| item.state != ItemState::Unknown);
    let ids: BTreeSet<_> = settled.map(|item| item.remote_id.clone().unwrap()).collect();
    assert_eq!(ids.len() as u64, 24 - sync.unknown, "each has an id of its own: {items:?}");
    if integration == "qrtiger" {
        // What was made and recorded, but not settled any more, is found to be there.
        assert_eq!((sync.state, sync.created + sync.unchanged), (SyncState::Succeeded, 24), "{sync:?}");
    }
    // Those that are there are known again: nothing is created anew.
    let again = ended(&hub, hub.sync(integration).await.unwrap().id).await;
    assert_eq!((again.unchanged, again.unknown), (24 - sync.unknown, sync.unknown), "{again:?}");
}
