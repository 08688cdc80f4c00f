//! What each kind of fault does, in process and over HTTP.

use std::time::Duration;

use connectors_core::{Error, ErrorKind};
use connectors_mock::{Fault, MockBrandscopic, MockPlacer, MockQrTiger, MockSmartsheet, Rule};
use connectors_qrtiger::QrTigerClient;

use crate::{PAGE, in_process, over_http};

/// What a client makes of it, in process and over HTTP, and how many codes there are then.
struct Effect {
    rule: fn(Rule) -> Rule,
    kinds: [Option<ErrorKind>; 2],
    made: usize,
    told: Option<Fault>,
}

fn effect(rule: fn(Rule) -> Rule, kind: ErrorKind, made: usize, told: Fault) -> Effect {
    Effect { rule, kinds: [Some(kind); 2], made, told: Some(told) }
}

fn effects() -> Vec<Effect> {
    let wait = Duration::from_secs(2);
    vec![
        effect(|rule| rule.status(500), ErrorKind::Server, 0, Fault::Status(500)),
        effect(|rule| rule.status(403), ErrorKind::PermissionDenied, 0, Fault::Status(403)),
        effect(|rule| rule.html(502), ErrorKind::Server, 0, Fault::HtmlPage(502)),
        effect(connectors_mock::Rule::throttle, ErrorKind::RateLimited, 0, Fault::Throttle(None)),
        effect(connectors_mock::Rule::reset_before, ErrorKind::Interrupted, 0, Fault::ResetBefore),
        effect(connectors_mock::Rule::reset_after, ErrorKind::Interrupted, 1, Fault::ResetAfter),
        effect(connectors_mock::Rule::truncate, ErrorKind::Interrupted, 1, Fault::Truncated),
        effect(|rule| rule.oversized(33), ErrorKind::BodyTooLarge, 1, Fault::Oversized(33)),
        effect(|rule| rule.text("{\"half\":"), ErrorKind::Decode, 1, Fault::Altered),
        effect(|rule| rule.json(&["another", "thing"]), ErrorKind::Decode, 1, Fault::Altered),
        effect(|rule| rule.status(500).carried_out(), ErrorKind::Server, 1, Fault::Status(500)),
        Effect {
            rule: |rule| rule.refuse(),
            // Over HTTP the connection is there already.
            kinds: [Some(ErrorKind::Connect), Some(ErrorKind::Interrupted)],
            made: 0,
            told: Some(Fault::Refused),
        },
        Effect {
            rule: |rule| rule.slow(Duration::from_secs(2)),
            kinds: [None; 2],
            made: 1,
            told: Some(Fault::Slow(wait)),
        },
        Effect { rule: |rule| rule.header("x-odd", "1"), kinds: [None; 2], made: 1, told: Some(Fault::Altered) },
        // This provider has no such answer.
        Effect { rule: |rule| rule.not_ready(), kinds: [None; 2], made: 1, told: None },
        // What says nothing does nothing.
        Effect { rule: |rule| rule.times(3), kinds: [None; 2], made: 1, told: None },
    ]
}

async fn create(client: &QrTigerClient) -> Option<Error> {
    client.campaigns().create(PAGE).await.err()
}

#[tokio::test]
async fn every_effect_is_the_same_on_both_faces() {
    for face in 0..2 {
        for (number, effect) in effects().into_iter().enumerate() {
            let mock = MockQrTiger::new();
            let (client, _server) = if face == 0 {
                (in_process(&mock), None)
            } else {
                let (client, server) = over_http(&mock).await;
                (client, Some(server))
            };
            let rule = (effect.rule)(mock.backend().on("campaigns.create"));
            let error = create(&client).await;
            assert_eq!(error.as_ref().map(Error::kind), effect.kinds[face], "{number} on face {face}: {error:?}");
            assert_eq!(mock.fake().codes().len(), effect.made, "{number} on face {face}");
            let journal = mock.backend().journal();
            assert_eq!(
                (journal[0].fault, journal[0].applied),
                (effect.told, effect.made == 1),
                "{number}: {journal:?}"
            );
            assert_eq!(rule.hits(), u64::from(effect.told.is_some()), "{number}");
            let maybe = error.is_some_and(|error| error.maybe_applied());
            assert!(
                maybe || effect.made == 0 || effect.kinds[face].is_none(),
                "{number}: it was made, and may have been"
            );
            assert_eq!(create(&client).await.map(|error| error.kind()), None, "{number}: it is over");
        }
    }
}

#[tokio::test]
async fn the_wait_that_is_asked_for_arrives() {
    let mock = MockQrTiger::new();
    let (http, _server) = over_http(&mock).await;
    for client in [in_process(&mock), http] {
        for rule in [Rule::throttle, |rule: Rule| rule.status(503)] {
            rule(mock.backend().on("campaigns.*")).retry_after(Duration::from_secs(3));
            let error = create(&client).await.unwrap();
            assert_eq!(error.retry_after(), Some(Duration::from_secs(3)), "{error:?}");
        }
    }
}

#[tokio::test]
async fn a_page_that_is_no_json_is_not_taken_for_an_answer() {
    let mock = MockQrTiger::new();
    let (http, _server) = over_http(&mock).await;
    for client in [in_process(&mock), http] {
        let page = mock.backend().on("campaigns.list").content_type("text/html").text("<h1>Please log in</h1>");
        let error = client.campaigns().page(1).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Server | ErrorKind::Decode), "{error:?}");
        assert_eq!(page.hits(), 1);
    }
}

#[tokio::test]
async fn a_used_up_quota_is_told_in_each_providers_way() {
    let smartsheet =
        MockSmartsheet::builder().client(|c| c.retry(connectors_core::RetryPolicy::never())).build().unwrap();
    smartsheet.backend().on("sheets.list").quota_exhausted();
    let error = smartsheet.client().sheets().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited, "there is no other quota: {error:?}");

    let placer = MockPlacer::new();
    placer.backend().on("pois.search").quota_exhausted();
    let error = placer.client().pois().search().query("harbor").await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::QuotaExhausted, 1), "waiting does not help: {error:?}");

    let qrtiger = MockQrTiger::new();
    qrtiger.backend().on("campaigns.list").quota_exhausted();
    let error = in_process(&qrtiger).campaigns().page(1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited, "{error:?}");

    let builder = MockBrandscopic::builder().contract(connectors_brandscopic::Contract::Native).past_events(1);
    let brandscopic = builder.client(|c| c.retry(connectors_core::RetryPolicy::never())).build().unwrap();
    brandscopic.backend().on("events.list").quota_exhausted();
    let error = brandscopic.client().native().unwrap().events().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited, "{error:?}");
}

#[tokio::test]
async fn what_is_not_ready_is_asked_for_again() {
    let mock = MockPlacer::new();
    let rule = mock.backend().on("pois.search").times(2).not_ready();
    mock.client().pois().search().query("harbor").await.unwrap();
    assert_eq!((rule.hits(), mock.backend().count("pois.search")), (2, 3));
}

#[tokio::test]
async fn an_answer_without_a_body_cannot_break_off_unnoticed() {
    let mock = MockQrTiger::new();
    let (http, _server) = over_http(&mock).await;
    for client in [in_process(&mock), http] {
        mock.backend().on("campaigns.list").text("").truncate();
        let error = client.campaigns().page(1).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{error:?}");
    }
}
