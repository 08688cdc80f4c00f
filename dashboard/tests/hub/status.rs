//! How an integration stands, seen by the calls that its clients make.

use std::sync::Arc;
use std::time::Duration;

use connectors_core::ErrorKind;
use connectors_core::testing::VirtualClock;
use connectors_dashboard::model::{Source, Status, SyncState};
use connectors_dashboard::{
    IntegrationHub, QRTIGER, QrTigerIntegration, SMARTSHEET, SettingsChange, SmartsheetIntegration, Store,
};
use connectors_mock::{Backend, MockQrTiger, MockServer, MockSmartsheet};
use connectors_qrtiger::{ListQrCodes, QrTigerService};

use super::{campaign, card_when, ended};

/// A hub over services that the application has made itself.
struct Application {
    hub: IntegrationHub,
    codes: MockQrTiger,
}

impl Application {
    async fn start() -> Self {
        let builder = IntegrationHub::builder(Store::in_memory().unwrap(), Arc::new(campaign()));
        let clock = Arc::new(VirtualClock::default());
        let (observer, links) = (builder.observer(&QRTIGER), builder.link_store());
        let codes = MockQrTiger::builder().clock(clock.clone()).link_store(links);
        let codes = codes.client(|client| client.observer(observer)).build().unwrap();
        let integration = Arc::new(QrTigerIntegration::new(Arc::new(codes.clone())));
        let hub = builder.clock(clock).integration(integration).build().await.unwrap();
        Self { hub, codes }
    }

    fn backend(&self) -> &Backend {
        self.codes.backend()
    }

    async fn call(&self) -> Option<ErrorKind> {
        self.codes.list_qr_codes(ListQrCodes::new()).await.err().map(|error| error.kind())
    }
}

#[tokio::test]
async fn a_card_begins_unknown_and_is_connected_once_a_call_works() {
    let application = Application::start().await;
    let hub = &application.hub;
    let card = hub.card("qrtiger").await.unwrap();
    assert_eq!((card.status, card.source), (Status::Unknown, Source::Application));
    assert!(card.reason.is_some() && card.hint.is_some());
    let other = hub.card("placer").await.unwrap();
    assert_eq!((other.status, other.source), (Status::NotConfigured, Source::None));
    assert!(other.reason.is_some() && other.hint.is_some());

    assert_eq!(application.call().await, None);
    let card = card_when(hub, "qrtiger", |card| card.status == Status::Connected).await;
    assert!(card.traffic.calls == 1 && card.traffic.requests >= 1, "{:?}", card.traffic);
    let error = hub.configure("qrtiger", SettingsChange::new()).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Conflict && error.to_string().contains("application"), "{error}");
}

#[tokio::test]
async fn a_rejected_key_fails_at_once_and_a_call_that_works_mends_it() {
    let application = Application::start().await;
    let hub = &application.hub;
    let rule = application.backend().on("*").status(401).always();
    assert_eq!(application.call().await, Some(ErrorKind::Auth));
    let card = card_when(hub, "qrtiger", |card| card.status == Status::Failing).await;
    assert!(card.reason.is_some() && card.hint.is_some(), "{card:?}");
    let failure = &card.errors[0];
    assert!(!failure.operation.is_empty() && failure.kind == "credentials rejected", "{failure:?}");
    assert_eq!((card.errors.len(), card.traffic.failed), (1, 1));
    rule.remove();
    assert_eq!(application.call().await, None);
    let card = card_when(hub, "qrtiger", |card| card.status == Status::Connected).await;
    assert!(card.reason.is_none() && card.errors.len() == 1, "{card:?}");
}

#[tokio::test]
async fn too_many_requests_degrade_for_as_long_as_they_last() {
    let application = Application::start().await;
    application.backend().on("*").throttle().retry_after(Duration::from_secs(3600)).times(1);
    assert_eq!(application.call().await, Some(ErrorKind::RateLimited));
    let card = card_when(&application.hub, "qrtiger", |card| card.status == Status::Degraded).await;
    assert!(card.reason.is_some() && card.traffic.throttles == 1, "{card:?}");
    tokio::time::sleep(Duration::from_millis(250)).await;
    application.backend().advance(Duration::from_secs(3700));
    assert_eq!(application.call().await, None);
    card_when(&application.hub, "qrtiger", |card| card.status == Status::Connected).await;
}

#[tokio::test]
async fn an_outage_fails_and_one_request_that_fails_only_degrades() {
    let application = Application::start().await;
    let rule = application.backend().on("*").status(503).always();
    application.call().await.unwrap();
    let card = card_when(&application.hub, "qrtiger", |card| card.status == Status::Failing).await;
    assert!(card.traffic.retries > 0, "{:?}", card.traffic);
    rule.remove();
    assert_eq!(application.call().await, None);
    card_when(&application.hub, "qrtiger", |card| card.status == Status::Connected).await;

    // A write is not repeated blindly.
    application.backend().on("*").status(503).times(1);
    application.codes.client().request(&http::Method::POST, "/campaign").send_bytes().await.unwrap_err();
    card_when(&application.hub, "qrtiger", |card| card.status == Status::Degraded).await;
}

#[tokio::test]
async fn what_fails_in_a_sync_is_told_once_with_the_event_it_is_about() {
    let application = Application::start().await;
    let hub = &application.hub;
    application.backend().on("*").status(401).always();
    let sync = hub.sync("qrtiger").await.unwrap();
    let sync = ended(hub, &sync).await;
    assert_eq!(sync.state, SyncState::Failed, "{sync:?}");
    tokio::time::sleep(Duration::from_millis(300)).await;
    let failures: Vec<_> = hub.failures("qrtiger", None, 200).await.unwrap();
    let sync_errors: Vec<_> = failures.iter().filter(|failure| failure.entity.as_deref() == Some("E1")).collect();
    assert_eq!(sync_errors.len(), 1, "{failures:#?}");
    assert!(failures.len() <= 2, "the other one is the count after it: {failures:#?}");
}

#[tokio::test]
async fn a_sync_that_left_something_undone_degrades_until_one_succeeds() {
    let builder = IntegrationHub::builder(Store::in_memory().unwrap(), Arc::new(campaign()));
    let sheets = MockSmartsheet::builder().link_store(builder.link_store());
    let sheets = sheets.client(|client| client.observer(builder.observer(&SMARTSHEET))).build().unwrap();
    let integration = SmartsheetIntegration::new(Arc::new(sheets.clone()), sheets.workspace_id());
    let hub = builder.integration(Arc::new(integration)).build().await.unwrap();
    let rule = sheets.backend().on("*").status(400).when(|request| request.uri().path().ends_with("/rows")).always();
    let sync = ended(&hub, &hub.sync("smartsheet").await.unwrap()).await;
    assert_eq!((sync.state, sync.failed), (SyncState::Failed, 1));
    let card = card_when(&hub, "smartsheet", |card| card.status == Status::Degraded).await;
    assert!(card.reason.unwrap().contains("the last sync") && card.hint.unwrap().contains("resume"));
    rule.remove();
    let sync = hub.resume(sync.id).await.unwrap();
    assert_eq!(ended(&hub, &sync).await.state, SyncState::Succeeded);
    card_when(&hub, "smartsheet", |card| card.status == Status::Connected).await;
}

#[tokio::test]
async fn another_account_is_another_story() {
    let mock = MockQrTiger::builder().clock(Arc::new(connectors_core::SystemClock)).build().unwrap();
    let server = MockServer::start([("/qr", mock.backend().clone())]).await.unwrap();
    let hub = super::hub().await;
    hub.test("qrtiger").await.unwrap();
    let sync = hub.sync("qrtiger").await.unwrap();
    ended(&hub, &sync).await;
    let sample = card_when(&hub, "qrtiger", |card| card.running.is_none() && card.traffic.calls > 24).await;
    assert!(sample.status == Status::Connected && sample.identity.is_some() && !sample.counts.is_empty());

    let url = server.url("/qr");
    let change = SettingsChange::new().set("QRTIGER_API_KEY", "wrong-key").set("QRTIGER_API_URL", url.clone());
    hub.configure("qrtiger", change).await.unwrap();
    let card = hub.card("qrtiger").await.unwrap();
    assert_eq!((card.status, card.traffic.calls, card.counts.len()), (Status::Unknown, 0, 0), "{card:?}");
    assert!(card.identity.is_none() && card.tested_at.is_none());

    let report = hub.test("qrtiger").await.unwrap();
    assert!(!report.connected && report.hint.is_some(), "{report:?}");
    assert_eq!(hub.card("qrtiger").await.unwrap().status, Status::Failing);
    let change = SettingsChange::new().set("QRTIGER_API_KEY", "mock-key");
    hub.configure("qrtiger", change).await.unwrap();
    assert!(hub.test("qrtiger").await.unwrap().connected);
    assert_eq!(hub.card("qrtiger").await.unwrap().status, Status::Connected);
    server.stop().await;
}
