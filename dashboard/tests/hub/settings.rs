//! What can be set, by whom, and what is refused.

use std::sync::Arc;

use connectors_core::{ErrorKind, Result};
use connectors_dashboard::model::{Settings, Source, Status};
use connectors_dashboard::{IntegrationHub, QrTigerIntegration, SettingsChange, Store};
use connectors_mock::MockQrTiger;
use futures_util::FutureExt;

use super::campaign;

const KEY: &str = "key-0123456789-abcdef";
const OTHER: &str = "key-9876543210-fedcba";

/// A hub for which the environment sets this.
async fn hub_with(vars: &'static [(&'static str, &'static str)]) -> IntegrationHub {
    let lookup = |name: &str| vars.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    let builder = IntegrationHub::builder(Store::in_memory().unwrap(), Arc::new(campaign()));
    builder.vars(lookup).build().await.unwrap()
}

fn set(values: &[(&str, &str)]) -> SettingsChange {
    values.iter().fold(SettingsChange::new(), |change, (name, value)| change.set(*name, (*value).to_owned()))
}

fn shown(settings: &Settings, name: &str) -> Option<String> {
    settings.fields.iter().find(|field| field.name == name).unwrap().value.clone()
}

/// The field at fault, and everything that is said about it.
fn refused(outcome: Result<Settings>) -> (String, String) {
    let error = outcome.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidRequest | ErrorKind::Config), "{error}");
    let field = error.field().unwrap_or_default().to_owned();
    (field, format!("{error} ({})", error.hint().unwrap_or_default()))
}

#[tokio::test]
async fn a_key_is_shown_by_its_end_and_a_password_not_at_all() {
    let hub = hub_with(&[]).await;
    let settings = hub.configure("qrtiger", set(&[("QRTIGER_API_KEY", &format!("  {KEY}\n"))])).await.unwrap();
    assert_eq!((settings.source, shown(&settings, "QRTIGER_API_KEY").as_deref()), (Source::Stored, Some("••••cdef")));
    let settings = hub.configure("qrtiger", set(&[("QRTIGER_API_KEY", "abcdefgh")])).await.unwrap();
    assert_eq!(shown(&settings, "QRTIGER_API_KEY").as_deref(), Some("••••gh"), "never more than a quarter");
    let native = set(&[
        ("BRANDSCOPIC_HOST", "https://login.brandscopic.com"),
        ("BRANDSCOPIC_EMAIL", "anna@fizz.example"),
        ("BRANDSCOPIC_PASSWORD", "correct horse battery"),
    ]);
    let settings = hub.configure("brandscopic", native).await.unwrap();
    assert_eq!(settings.contract, Some("native"));
    assert_eq!(shown(&settings, "BRANDSCOPIC_PASSWORD").as_deref(), Some("••••"));
    assert_eq!(hub.settings("brandscopic").await.unwrap(), settings);
}

#[tokio::test]
async fn a_kept_key_is_never_sent_to_another_address() {
    let hub = hub_with(&[]).await;
    let (key, url) = ("QRTIGER_API_KEY", "QRTIGER_API_URL");
    hub.configure("qrtiger", set(&[(key, KEY), (url, "https://qr.fizz.example")])).await.unwrap();
    let before = hub.settings("qrtiger").await.unwrap();
    for change in [set(&[(url, "https://evil.example")]), SettingsChange::new().unset(url), set(&[(url, "  ")])] {
        let (field, text) = refused(hub.configure("qrtiger", change).await);
        assert!(field == url && text.contains("enter the QRTIGER_API_KEY again"), "{text}");
        assert_eq!(hub.settings("qrtiger").await.unwrap(), before, "nothing is kept");
    }
    hub.configure("qrtiger", set(&[(url, "https://qr.fizz.example")])).await.unwrap();
    let moved = hub.configure("qrtiger", set(&[(url, "https://new.example"), (key, OTHER)])).await.unwrap();
    assert_eq!(shown(&moved, url).as_deref(), Some("https://new.example"));
}

#[tokio::test]
async fn another_secret_does_not_open_the_way_for_a_kept_one() {
    let hub = hub_with(&[]).await;
    hub.configure("brandscopic", set(&[("BRANDSCOPIC_API_KEY", KEY)])).await.unwrap();
    // The password would go elsewhere than the key.
    let change = set(&[("BRANDSCOPIC_API_URL", "https://evil.example/v1"), ("BRANDSCOPIC_PASSWORD", "x")]);
    let (field, text) = refused(hub.configure("brandscopic", change).await);
    assert!(field == "BRANDSCOPIC_API_URL" && text.contains("BRANDSCOPIC_API_KEY"), "{text}");
}

#[tokio::test]
async fn a_key_that_both_contracts_use_is_given_again_with_another_contract() {
    let hub = hub_with(&[]).await;
    let (key, url) = ("PLACER_API_KEY", "PLACER_API_URL");
    let gateway = set(&[(key, KEY), (url, "https://gateway.example")]).contract("gateway");
    assert_eq!(hub.configure("placer", gateway).await.unwrap().contract, Some("gateway"));
    let (field, text) = refused(hub.configure("placer", SettingsChange::new().contract("native")).await);
    assert!(field == "contract" && text.contains(key), "{text}");
    let native = set(&[(key, KEY)]).unset(url).contract("native");
    assert_eq!(hub.configure("placer", native).await.unwrap().contract, Some("native"));
    assert_eq!(refused(hub.configure("placer", SettingsChange::new().contract("soap")).await).0, "contract");
}

#[tokio::test]
async fn values_of_another_contract_are_kept_and_not_used() {
    let hub = hub_with(&[]).await;
    hub.configure("brandscopic", set(&[("BRANDSCOPIC_API_KEY", KEY)])).await.unwrap();
    // Half of the native contract: it would be refused if it were used.
    let kept = hub.configure("brandscopic", set(&[("BRANDSCOPIC_PASSWORD", "pass word")])).await.unwrap();
    assert_eq!((kept.contract, shown(&kept, "BRANDSCOPIC_PASSWORD").as_deref()), (Some("gateway"), Some("••••")));
    let (field, _) = refused(hub.configure("brandscopic", SettingsChange::new().contract("native")).await);
    assert_eq!(field, "BRANDSCOPIC_HOST");
    assert_eq!(hub.settings("brandscopic").await.unwrap(), kept);
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_by_name_and_nothing_is_kept() {
    let hub = hub_with(&[]).await;
    let (key, url) = ("QRTIGER_API_KEY", "QRTIGER_API_URL");
    let long = "k".repeat(5000);
    for (field, change, says) in [
        (key, set(&[(key, "one\ntwo")]), "control characters"),
        (key, set(&[(key, &long)]), "longer than"),
        (url, set(&[(key, KEY), (url, "http://qr.fizz.example")]), "plain http"),
        (url, set(&[(key, KEY), (url, "https://a:b@qr.example")]), "user name or password"),
        (url, set(&[(key, KEY), (url, "file:///etc/passwd")]), "https"),
        (url, set(&[(key, KEY), (url, "nonsense")]), "not a URL"),
        (key, set(&[(url, "https://qr.fizz.example")]), "QRTIGER_API_KEY"),
        ("QRTIGER_COLOUR", set(&[(key, KEY), ("QRTIGER_COLOUR", "red")]), "no such setting"),
    ] {
        let (at, text) = refused(hub.configure("qrtiger", change).await);
        assert!(at == field && text.contains(says) && !text.contains(KEY), "{at}: {text}");
        assert_eq!(hub.settings("qrtiger").await.unwrap().source, Source::None);
    }
    hub.configure("qrtiger", set(&[(key, KEY), (url, "http://127.0.0.1:9")])).await.unwrap();
    assert_eq!(hub.settings("nobody").await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn what_is_entered_is_not_mixed_with_what_the_environment_sets() {
    let hub = hub_with(&[("QRTIGER_API_KEY", KEY), ("QRTIGER_API_URL", "https://env.example")]).await;
    let from_env = hub.settings("qrtiger").await.unwrap();
    assert_eq!(
        (from_env.source, shown(&from_env, "QRTIGER_API_KEY").as_deref()),
        (Source::Environment, Some("••••cdef"))
    );
    // The environment's key does not go along with an address that is entered.
    let change = set(&[("QRTIGER_API_URL", "https://evil.example")]);
    assert_eq!(refused(hub.configure("qrtiger", change).await).0, "QRTIGER_API_KEY");
    let entered = hub.configure("qrtiger", set(&[("QRTIGER_API_KEY", OTHER)])).await.unwrap();
    assert_eq!((entered.source, shown(&entered, "QRTIGER_API_URL")), (Source::Stored, None));
    assert_eq!(hub.forget("qrtiger").await.unwrap(), from_env);
    // Taking away the last of what was entered is the same.
    hub.configure("qrtiger", set(&[("QRTIGER_API_KEY", OTHER)])).await.unwrap();
    assert_eq!(hub.configure("qrtiger", SettingsChange::new().unset("QRTIGER_API_KEY")).await.unwrap(), from_env);
}

#[tokio::test]
async fn an_environment_that_cannot_be_right_stands_on_the_card_without_what_is_secret_in_it() {
    let hub =
        hub_with(&[("QRTIGER_API_KEY", KEY), ("QRTIGER_API_URL", "https://bob:hunter22@env.example/?key=hunter33")])
            .await;
    let card = hub.card("qrtiger").await.unwrap();
    assert_eq!((card.status, card.source), (Status::Failing, Source::Environment));
    assert!(card.reason.as_ref().unwrap().contains("user name or password"), "{card:?}");
    let settings = hub.settings("qrtiger").await.unwrap();
    assert_eq!(shown(&settings, "QRTIGER_API_URL").as_deref(), Some("••••@env.example/"));
    assert!(!format!("{card:?} {settings:?}").contains("hunter"));
}

#[tokio::test]
async fn settings_stay_as_they_are_while_a_sync_is_under_way() {
    let hub = super::hub().await;
    let sync = hub.sync("smartsheet").await.unwrap();
    let change = || set(&[("SMARTSHEET_ACCESS_TOKEN", KEY), ("SMARTSHEET_WORKSPACE_ID", "7")]);
    for outcome in [hub.configure("smartsheet", change()).await, hub.forget("smartsheet").await] {
        let error = outcome.unwrap_err();
        assert!(error.kind() == ErrorKind::Conflict && error.hint().is_some(), "{error}");
    }
    super::ended(&hub, &sync).await;
    super::card_when(&hub, "smartsheet", |card| card.running.is_none()).await;
    hub.configure("smartsheet", change()).await.unwrap();
}

#[tokio::test]
async fn a_change_whose_caller_has_gone_is_made_all_the_same() {
    let hub = hub_with(&[]).await;
    let configuring = hub.configure("qrtiger", set(&[("QRTIGER_API_KEY", KEY)]));
    assert!(configuring.now_or_never().is_none());
    let card = super::card_when(&hub, "qrtiger", |card| card.source == Source::Stored).await;
    assert_eq!(card.status, Status::Unknown);
}

#[tokio::test]
async fn what_the_environment_sets_is_not_shown_where_the_application_uses_something_else() {
    let builder = IntegrationHub::builder(Store::in_memory().unwrap(), Arc::new(campaign()));
    let ours = Arc::new(QrTigerIntegration::new(Arc::new(MockQrTiger::new())));
    let lookup = |name: &str| (name == "QRTIGER_API_KEY").then(|| KEY.to_owned());
    let hub = builder.vars(lookup).integration(ours).build().await.unwrap();
    let settings = hub.settings("qrtiger").await.unwrap();
    assert_eq!((settings.source, shown(&settings, "QRTIGER_API_KEY")), (Source::Application, None));
}
