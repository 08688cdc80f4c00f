//! What requests may not be.

use std::sync::Arc;

use axum::body::Body;
use connectors_dashboard::PLACER;
use http::header;
use serde_json::json;

use crate::site::{Scripted, Site, TOKEN, Test, unlucky};

const SETTINGS: &str = "api/integrations/placer/settings";

#[tokio::test]
async fn a_body_has_64_kib_at_the_most() {
    let site = Site::local().await;
    let visitor = site.visitor().await;
    let body = |spaces: usize| format!("{{}}{}", " ".repeat(spaces - 2));
    assert_eq!(visitor.body("PUT", SETTINGS, body(64 << 10)).await.status, 200);
    visitor.body("PUT", SETTINGS, body((64 << 10) + 1)).await.refused(413);
    // Without telling before how much will come.
    let pieces = (0..100).map(|_| Ok::<_, std::io::Error>(vec![b' '; 1024]));
    visitor.body("PUT", SETTINGS, Body::from_stream(futures_util::stream::iter(pieces))).await.refused(413);
    visitor.body("POST", "api/sync", body(65 << 10)).await.refused(413);
}

#[tokio::test]
async fn addresses_and_headers_have_their_bounds() {
    let site = Site::local().await;
    let visitor = site.visitor().await;
    visitor.get(&format!("api/syncs?integration={}", "a".repeat(4096))).await.refused(414);
    visitor.clone().saying("x-much", &"a".repeat(33_000)).get("api/syncs").await.refused(431);
}

#[tokio::test]
async fn a_body_is_json_says_so_and_has_nothing_unknown_in_it() {
    let site = Site::local().await;
    let visitor = site.visitor().await;
    for (body, status) in [("{", 400), ("", 200), ("nonsense", 400), ("[]", 422), ("\"secret\"", 422), ("{} {}", 400)] {
        assert_eq!(visitor.body("PUT", SETTINGS, body).await.status, status, "{body}");
    }
    for body in [json!({ "values": "secret" }), json!({ "secret": 1 }), json!({ "values": { "PLACER_API_KEY": 4711 } })]
    {
        let problem = visitor.put(SETTINGS, &body).await.refused(422).to_string();
        assert!(!problem.contains("secret") && !problem.contains("4711"), "{problem}");
    }
    visitor.body("POST", "api/sync", "{\"integration\":\"placer\"}").await.refused(422);
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
        let request = visitor.request("PUT", SETTINGS).header(header::CONTENT_TYPE, kind);
        visitor.send(request.body("{}".into()).unwrap()).await.refused(415);
    }
    let request = visitor.request("PUT", SETTINGS).header(header::CONTENT_TYPE, "Application/JSON; charset=utf-8");
    assert_eq!(visitor.send(request.body("{}".into()).unwrap()).await.status, 200);
}

#[tokio::test]
async fn what_is_wrong_with_settings_is_told_by_field_and_nothing_is_kept() {
    let site = Site::local().await;
    let visitor = site.visitor().await;
    let problem = visitor.put(SETTINGS, &json!({ "values": { "NONE_OF_OURS": "x" } })).await.refused(422);
    assert_eq!(problem["field"], "NONE_OF_OURS");
    let problem = visitor.put(SETTINGS, &json!({ "values": { "PLACER_API_KEY": "a\nb" } })).await.refused(422);
    assert_eq!(problem["field"], "PLACER_API_KEY");
    let problem = visitor.put(SETTINGS, &json!({ "contract": "none" })).await.refused(422);
    assert_eq!(problem["field"], "contract");
    assert_eq!(visitor.get(SETTINGS).await.json()["source"], "sample");
}

#[tokio::test]
async fn what_is_not_there_is_told_as_json() {
    let site = Site::local().await;
    let visitor = site.visitor().await;
    let missing =
        ["api/nowhere", "api", "api/", "nowhere", "api/integrations/none", "api/integrations/%FF", "api/syncs/1"];
    for path in missing.into_iter().chain(["api/syncs/abc", "api/syncs/-1", "api/syncs/99999999999999999999/items"]) {
        visitor.get(path).await.refused(404);
    }
    for path in ["api/integrations/none/sync", "api/integrations/none/test", "api/syncs/1/cancel", "api/syncs/x/resume"]
    {
        visitor.post(path).await.refused(404);
    }
    for (method, path) in
        [("DELETE", "api/charts"), ("POST", "api/stream"), ("PATCH", "api/sync"), ("BREW", "api/login")]
    {
        let reply = visitor.bare(method, path).await;
        reply.refused(405);
        assert!(reply.header("allow").is_some(), "{method} {path}");
    }
}

#[tokio::test]
async fn lists_give_one_to_two_hundred_and_know_what_can_be_asked() {
    let site = Site::local().await;
    let visitor = site.visitor().await;
    for _ in 0..3 {
        visitor.post("api/integrations/placer/test").await;
    }
    assert_eq!(visitor.get("api/activity?limit=2").await.json().as_array().unwrap().len(), 2);
    assert_eq!(visitor.get("api/activity?limit=200&before=3&after=1").await.json().as_array().unwrap().len(), 1);
    for query in
        ["limit=0", "limit=201", "limit=-1", "limit=many", "before=x", "before=-1", "unknown=1", "limit=1&limit=2"]
    {
        for list in ["api/activity", "api/syncs", "api/integrations/placer/errors"] {
            visitor.get(&format!("{list}?{query}")).await.refused(400);
        }
    }
    visitor.get("api/syncs?after=1").await.refused(400);
    visitor.get("api/integrations/placer/errors?integration=placer").await.refused(400);
    visitor.get("api/activity?integration=none").await.refused(404);
    visitor.get("api/stream?first=1").await.refused(400);
}

#[tokio::test]
async fn a_defect_is_answered_and_tells_nothing() {
    let problem = unlucky().await.get("api/integrations").await.refused(500).to_string();
    assert!(!problem.contains(TOKEN), "{problem}");
}

#[tokio::test]
async fn no_request_takes_for_ever() {
    let hangs = Scripted { provider: &PLACER, test: Test::Hangs };
    let site = Site::with(|hub| hub.integration(Arc::new(hangs)), |dashboard| dashboard).await;
    let visitor = site.visitor().await;
    tokio::time::pause();
    let reply = visitor.post("api/integrations/placer/test").await;
    assert_eq!(reply.refused(503)["kind"], "timed out");
}

#[tokio::test]
async fn a_body_that_never_comes_is_not_waited_for() {
    let site = Site::local().await;
    let visitor = site.visitor().await;
    tokio::time::pause();
    let body = Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
    assert_eq!(visitor.body("POST", "api/sync", body).await.refused(503)["kind"], "timed out");
}

#[tokio::test]
async fn what_was_begun_goes_on_when_whoever_asked_has_gone() {
    let site = Site::local().await;
    let visitor = site.visitor().await;
    for _ in 0..20 {
        let request = visitor.request("POST", "api/sync").body(Body::empty()).unwrap();
        // Gone at once, or somewhere on the way.
        let _ = tokio::time::timeout(std::time::Duration::from_micros(300), visitor.open(request)).await;
    }
    // None is left that nobody works on.
    for _ in 0..2000 {
        let syncs = site.hub.syncs(None, None, 200).await.unwrap();
        if !syncs.is_empty() && syncs.iter().all(|sync| sync.ended_at.is_some()) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("a sync has begun, and nobody works on it");
}
