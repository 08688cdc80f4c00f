//! What is still there after a restart.

use std::sync::Arc;

use connectors_core::{ConnectionReport, ErrorKind, Result};
use connectors_dashboard::model::{Count, ItemState, Source, Status};
use connectors_dashboard::{
    Integration, IntegrationHub, Provider, QRTIGER, QrTigerIntegration, Run, SettingsChange, Store, Vault,
};
use connectors_mock::{MockQrTiger, MockServer};

use super::{campaign, card_when, ended, hub_in};

const ONE: &str = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=";
const TWO: &str = "EjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJCrze8=";

async fn hub_sealed(
    path: &std::path::Path,
    key: &str,
    vars: &'static [(&'static str, &'static str)],
) -> Result<IntegrationHub> {
    let lookup = |name: &str| vars.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    let builder = IntegrationHub::builder(Store::open(path)?, Arc::new(campaign()));
    builder.vault(Vault::new(&key.to_owned().into())?).vars(lookup).build().await
}

async fn gone(hub: IntegrationHub) {
    assert!(hub.close().await, "all of it came to its end");
}

#[tokio::test]
async fn cards_errors_activity_charts_and_settings_are_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dashboard.db");
    let hub = hub_in(Store::open(&path).unwrap()).await;
    hub.test("placer").await.unwrap();
    for (_, sync) in hub.sync_all().await {
        ended(&hub, &sync.unwrap()).await;
    }
    hub.close().await;
    let (cards, charts) = (hub.cards().await.unwrap(), hub.charts().await.unwrap());
    let activity = hub.activity(None, None, None, 200).await.unwrap();
    drop(hub);

    let hub = hub_in(Store::open(&path).unwrap()).await;
    assert_eq!(hub.charts().await.unwrap(), charts);
    assert_eq!(hub.activity(None, None, None, 200).await.unwrap(), activity);
    for (mut now, before) in hub.cards().await.unwrap().into_iter().zip(cards) {
        assert!(before.status == Status::Connected && before.traffic.calls > 0 && before.last_sync.is_some());
        // Short quotas begin anew with the clients.
        now.quotas.clone_from(&before.quotas);
        assert_eq!(now, before);
    }
    hub.test("placer").await.unwrap();
    let next = hub.activity(None, None, None, 1).await.unwrap();
    assert_eq!(next[0].id, activity[0].id + 1, "the numbers go on");
}

#[tokio::test]
async fn the_wrong_key_is_told_on_the_card_and_the_right_one_opens_everything_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dashboard.db");
    let hub = hub_sealed(&path, ONE, &[]).await.unwrap();
    let change = || SettingsChange::new().set("QRTIGER_API_KEY", "key-0123456789-abcdef");
    let kept = hub.configure("qrtiger", change()).await.unwrap();
    gone(hub).await;

    let hub = hub_sealed(&path, TWO, &[]).await.unwrap();
    let card = hub.card("qrtiger").await.unwrap();
    assert_eq!((card.status, card.source), (Status::Failing, Source::Stored));
    assert!(
        card.reason.unwrap().contains("cannot be opened with this key")
            && card.hint.unwrap().contains("enter it again")
    );
    assert_eq!(hub.sync("qrtiger").await.unwrap_err().kind(), ErrorKind::Storage);
    let shown = hub.settings("qrtiger").await.unwrap();
    assert!(shown.editable && shown.fields.iter().all(|field| field.value.is_none()), "{shown:?}");
    gone(hub).await;

    let hub = hub_sealed(&path, ONE, &[]).await.unwrap();
    assert_eq!(hub.settings("qrtiger").await.unwrap(), kept);
    gone(hub).await;

    // Entering it again mends it; so does forgetting it.
    let hub = hub_sealed(&path, TWO, &[]).await.unwrap();
    assert_eq!(hub.configure("qrtiger", change()).await.unwrap(), kept);
    assert_eq!(hub.card("qrtiger").await.unwrap().status, Status::Unknown);
    gone(hub).await;
    let hub = hub_sealed(&path, ONE, &[]).await.unwrap();
    assert_eq!(hub.forget("qrtiger").await.unwrap().source, Source::None);
    assert_eq!(hub.card("qrtiger").await.unwrap().status, Status::NotConfigured);
}

#[tokio::test]
async fn another_key_in_the_environment_is_not_blamed_for_what_the_one_before_did() {
    let mock = MockQrTiger::builder().clock(Arc::new(connectors_core::SystemClock)).build().unwrap();
    let server = MockServer::start([("/qr", mock.backend().clone())]).await.unwrap();
    let url: &'static str = server.url("/qr").leak();
    let vars = |key: &'static str| -> &'static [(&'static str, &'static str)] {
        Box::leak(Box::new([("QRTIGER_API_KEY", key), ("QRTIGER_API_URL", url)]))
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dashboard.db");
    let hub = hub_sealed(&path, ONE, vars("wrong-key-0000")).await.unwrap();
    hub.test("qrtiger").await.unwrap();
    let failing = card_when(&hub, "qrtiger", |card| card.status == Status::Failing && card.traffic.calls > 0).await;
    gone(hub).await;

    let hub = hub_sealed(&path, ONE, vars("wrong-key-0000")).await.unwrap();
    let card = hub.card("qrtiger").await.unwrap();
    assert_eq!((card.status, card.traffic), (failing.status, failing.traffic));
    gone(hub).await;
    let hub = hub_sealed(&path, ONE, vars("mock-key")).await.unwrap();
    assert_eq!(hub.card("qrtiger").await.unwrap().status, Status::Unknown);
    server.stop().await;
}

#[tokio::test]
async fn no_more_is_kept_than_people_look_at() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dashboard.db");
    drop(hub_sealed(&path, ONE, &[]).await.unwrap());
    {
        // As many as come together in years.
        let database = rusqlite::Connection::open(&path).unwrap();
        database.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
        database
            .execute_batch(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20098)
                 INSERT INTO activity (activity) SELECT '{}' FROM n;",
            )
            .unwrap();
    }
    let hub = hub_sealed(&path, ONE, &[]).await.unwrap();
    for _ in 0..2 {
        hub.forget("placer").await.unwrap();
    }
    gone(hub).await;
    let database = loop {
        let database = rusqlite::Connection::open(&path).unwrap();
        if database.query_row("SELECT COUNT(*) FROM activity", [], |row| row.get::<_, i64>(0)).is_ok() {
            break database;
        }
    };
    let kept: i64 = database.query_row("SELECT COUNT(*) FROM activity", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, 10_000);
}

#[tokio::test]
async fn links_of_the_sample_are_not_those_of_the_provider() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dashboard.db");
    let hub = hub_in(Store::open(&path).unwrap()).await;
    let sync = hub.sync("qrtiger").await.unwrap();
    assert_eq!(ended(&hub, &sync).await.created, 24);
    gone(hub).await;
    let database = rusqlite::Connection::open(&path).unwrap();
    database.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    let count = |sql| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert!(count("SELECT COUNT(*) FROM links") >= 24);
    assert_eq!(count("SELECT COUNT(*) FROM links WHERE provider NOT LIKE 'sample/%'"), 0);
}

#[tokio::test]
async fn a_service_of_the_application_does_not_inherit_from_the_sample() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dashboard.db");
    let hub = hub_in(Store::open(&path).unwrap()).await;
    assert!(hub.test("qrtiger").await.unwrap().connected);
    gone(hub).await;
    let own = || Arc::new(QrTigerIntegration::new(Arc::new(MockQrTiger::new())));
    let open = || IntegrationHub::builder(Store::open(&path).unwrap(), Arc::new(campaign())).integration(own());
    let hub = open().build().await.unwrap();
    let card = hub.card("qrtiger").await.unwrap();
    assert_eq!((card.status, card.source, card.traffic.calls), (Status::Unknown, Source::Application, 0));
    assert!(card.identity.is_none() && card.counts.is_empty());
    assert!(hub.test("qrtiger").await.unwrap().connected);
    gone(hub).await;
    assert_eq!(open().build().await.unwrap().card("qrtiger").await.unwrap().status, Status::Connected);
}

/// Begins, and does not come to an end, whatever it is told.
#[derive(Debug)]
struct Stuck;

#[async_trait::async_trait]
impl Integration for Stuck {
    fn provider(&self) -> &'static Provider {
        &QRTIGER
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        std::future::pending().await
    }

    async fn counts(&self) -> Result<Vec<Count>> {
        std::future::pending().await
    }

    async fn sync(&self, run: &Run) -> Result<()> {
        run.begin(run.pending().iter().map(|event| event.id.clone())).await?;
        std::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_hub_is_closed_although_something_does_not_come_to_its_end() {
    let store = Store::in_memory().unwrap();
    let open = || IntegrationHub::builder(store.clone(), Arc::new(campaign())).integration(Arc::new(Stuck)).build();
    let hub = open().await.unwrap();
    let sync = hub.sync("qrtiger").await.unwrap();
    let testing = tokio::spawn({
        let hub = hub.clone();
        async move { hub.test("qrtiger").await }
    });
    while hub.items(sync.id).await.unwrap()[0].state == ItemState::Pending {}
    assert!(!hub.close().await, "and that is said");
    testing.abort();
    drop(hub);
    let sync = open().await.unwrap().sync_status(sync.id).await.unwrap();
    assert!(sync.unknown == 1 && sync.ended_at.is_some(), "{sync:?}");
}
