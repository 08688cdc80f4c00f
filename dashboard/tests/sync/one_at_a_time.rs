//! Never two at once, and nothing is left behind when one cannot begin.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use connectors_core::testing::VirtualClock;
use connectors_core::{Campaign, ConnectionReport, Error, ErrorKind, Result};
use connectors_dashboard::model::{Count, SyncState};
use connectors_dashboard::{
    CampaignSource, Change, Done, Integration, IntegrationHub, Provider, QRTIGER, Run, SampleWorld, Store,
};
use futures_util::future::join_all;

use crate::support::{World, accounted, campaign, ended};

#[tokio::test]
async fn of_many_that_begin_at_once_one_wins() {
    let campaign = campaign(8);
    let world = World::new(campaign.clone()).await;
    for round in 1..=20 {
        let begun = join_all((0..50).map(|_| world.hub.sync("qrtiger"))).await;
        let (won, lost): (Vec<_>, Vec<_>) = begun.into_iter().partition(Result::is_ok);
        assert_eq!((won.len(), lost.len()), (1, 49));
        assert!(lost.into_iter().all(|lost| lost.unwrap_err().kind() == ErrorKind::Conflict));
        let sync = ended(&world.hub, won[0].as_ref().unwrap().id).await;
        assert_eq!(sync.state, SyncState::Succeeded);
        assert_eq!(world.hub.syncs(Some("qrtiger"), None, 200).await.unwrap().len(), round);
    }
    assert!(world.held("qrtiger").await.values().all(|codes| *codes == 1));
}

#[tokio::test]
async fn whoever_sees_that_a_sync_has_ended_can_begin_the_next() {
    let world = World::new(campaign(1)).await;
    for _ in 0..100 {
        let id = world.hub.sync("placer").await.unwrap().id;
        while world.hub.sync_status(id).await.unwrap().ended_at.is_none() {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_a_sync_that_goes_on_or_none() {
    let campaign = campaign(4);
    let world = World::new(campaign.clone()).await;
    for polls in 0..30 {
        let hub = world.hub.clone();
        let caller = tokio::spawn(async move { hub.sync("qrtiger").await });
        for _ in 0..polls {
            tokio::task::yield_now().await;
        }
        caller.abort();
        let _ = caller.await;
        // The next one can begin as soon as that has ended, if it has begun.
        let next = loop {
            match world.hub.sync("qrtiger").await {
                Ok(sync) => break sync,
                Err(error) => assert_eq!(error.kind(), ErrorKind::Conflict, "{error}"),
            }
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        };
        ended(&world.hub, next.id).await;
    }
    for sync in world.hub.syncs(Some("qrtiger"), None, 200).await.unwrap() {
        assert_eq!(sync.state, SyncState::Succeeded, "{sync:?}");
    }
}

/// A source that breaks down, fails, gives what cannot be right, and then is mended.
#[derive(Debug)]
struct Source(std::sync::atomic::AtomicU32);

#[async_trait]
impl CampaignSource for Source {
    async fn campaign(&self) -> Result<Campaign> {
        match self.0.fetch_add(1, Ordering::Relaxed) {
            0 => Err(Error::new(ErrorKind::Connect, "the planning system is away")),
            1 => Ok(Campaign::new(campaign(1).id, "Stops", "Fizz", "US", Vec::new())),
            2 => panic!("a defect"),
            _ => Ok(campaign(2)),
        }
    }
}

/// What an application may do wrong.
#[derive(Debug)]
struct Careless(Arc<AtomicBool>, &'static str);

#[async_trait]
impl Integration for Careless {
    fn provider(&self) -> &'static Provider {
        &QRTIGER
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        Err(Error::new(ErrorKind::Unsupported, "there is nothing to test"))
    }

    async fn counts(&self) -> Result<Vec<Count>> {
        Ok(Vec::new())
    }

    async fn sync(&self, run: &Run) -> Result<()> {
        let careful = self.0.load(Ordering::Relaxed);
        run.each(1, |event| async move {
            let second = event.id.as_str() == "E0002";
            assert!(careful || !second || self.1 != "panics", "a defect");
            Ok(Done::new(Change::Created).remote_id(event.id))
        })
        .await
    }
}

#[tokio::test]
async fn a_campaign_that_is_not_to_be_had_begins_nothing() {
    let source = Arc::new(Source(0.into()));
    let careful = Arc::new(AtomicBool::new(true));
    let hub = IntegrationHub::builder(Store::in_memory().unwrap(), source);
    let hub = hub.integration(Arc::new(Careless(careful, ""))).build().await.unwrap();
    for kind in [ErrorKind::Connect, ErrorKind::InvalidRequest, ErrorKind::Cancelled] {
        assert_eq!(hub.sync("qrtiger").await.unwrap_err().kind(), kind);
        assert!(hub.syncs(None, None, 10).await.unwrap().is_empty());
        assert!(hub.card("qrtiger").await.unwrap().running.is_none());
    }
    let sync = hub.sync("qrtiger").await.unwrap();
    assert_eq!(ended(&hub, sync.id).await.state, SyncState::Succeeded);
}

#[tokio::test]
async fn an_integration_that_breaks_down_is_a_failed_sync_to_be_resumed() {
    let (campaign, careful) = (campaign(3), Arc::new(AtomicBool::new(false)));
    let hub = IntegrationHub::builder(Store::in_memory().unwrap(), Arc::new(campaign.clone()));
    let hub = hub.integration(Arc::new(Careless(careful.clone(), "panics"))).build().await.unwrap();
    let sync = ended(&hub, hub.sync("qrtiger").await.unwrap().id).await;
    assert_eq!((sync.state, sync.created, sync.unknown, sync.pending), (SyncState::Failed, 1, 1, 1), "{sync:?}");
    accounted(&hub, &sync, &campaign).await;
    assert!(hub.card("qrtiger").await.unwrap().running.is_none());
    assert_eq!(hub.failures("qrtiger", None, 10).await.unwrap().len(), 1);

    careful.store(true, Ordering::Relaxed);
    let sync = ended(&hub, hub.resume(sync.id).await.unwrap().id).await;
    assert_eq!((sync.state, sync.created), (SyncState::Succeeded, 3));
}

#[tokio::test]
async fn what_is_made_up_never_goes_to_a_real_service() {
    let store = Store::in_memory().unwrap();
    let world = SampleWorld::open(store.clone(), Arc::new(VirtualClock::default()), Duration::ZERO).await.unwrap();
    // Nobody listens there, and nobody is asked.
    let live = |name: &str| match name {
        "QRTIGER_API_KEY" => Some("a-key-of-ours".to_owned()),
        "QRTIGER_API_URL" => Some("http://127.0.0.1:9".to_owned()),
        _ => None,
    };
    let hub = IntegrationHub::builder(store, Arc::new(world)).vars(live).build().await.unwrap();
    let error = hub.sync("qrtiger").await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some("campaign")), "{error}");
    assert_eq!(hub.card("qrtiger").await.unwrap().traffic.requests, 0);
}
