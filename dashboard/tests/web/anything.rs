//! Requests of any kind.

use std::sync::OnceLock;

use axum::body::Body;
use http::{HeaderName, HeaderValue, Request};
use http_body_util::BodyExt;
use proptest::prelude::*;
use serde_json::json;
use tokio::runtime::Runtime;
use tower::ServiceExt;

use crate::browser::Browser;
use crate::site::Site;

const KEY: &str = "planted-key-6f1d2c3b4a59";

const PATHS: [&str; 20] = [
    "/",
    "/api/session",
    "/api/login",
    "/api/logout",
    "/api/integrations",
    "/api/integrations/placer",
    "/api/integrations/placer/settings",
    "/api/integrations/smartsheet/settings",
    "/api/integrations/placer/test",
    "/api/integrations/placer/sync",
    "/api/integrations/placer/errors",
    "/api/sync",
    "/api/syncs",
    "/api/syncs/1",
    "/api/syncs/1/items",
    "/api/syncs/1/cancel",
    "/api/syncs/1/resume",
    "/api/activity",
    "/api/charts",
    "/api/stream",
];

const NAMES: [&str; 12] = [
    "cookie",
    "x-csrf-token",
    "origin",
    "sec-fetch-site",
    "content-type",
    "content-length",
    "host",
    "last-event-id",
    "expect",
    "if-none-match",
    "range",
    "accept-encoding",
];

/// The world of all cases: what one leaves behind the next finds.
fn world() -> &'static (Runtime, Site, Browser) {
    static WORLD: OnceLock<(Runtime, Site, Browser)> = OnceLock::new();
    WORLD.get_or_init(|| {
        let runtime = Runtime::new().unwrap();
        let (site, visitor) = runtime.block_on(async {
            let site = Site::local().await;
            let visitor = site.visitor().await;
            let values = json!({ "values": { "SMARTSHEET_ACCESS_TOKEN": KEY, "SMARTSHEET_API_URL": "http://127.0.0.1:9",
                            "SMARTSHEET_WORKSPACE_ID": "1" } });
            assert_eq!(visitor.put("api/integrations/smartsheet/settings", &values).await.status, 200);
            (site, visitor)
        });
        (runtime, site, visitor)
    })
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(Vec::new()),
        Just(b"{}".to_vec()),
        any::<Vec<u8>>(),
        "[ -~]{0,40}".prop_map(|text| json!({ "values": { "PLACER_API_KEY": text } }).to_string().into_bytes()),
        "[a-z]{0,8}".prop_map(|text| json!({ "contract": text, "values": { "PLACER_API_URL": text } })
            .to_string()
            .into_bytes()),
        "[ -~]{0,40}".prop_map(|text| json!({ "token": text }).to_string().into_bytes()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_asked_is_answered(
        method in prop_oneof![4 => prop::sample::select(vec!["GET", "POST", "PUT", "DELETE", "HEAD"]), 1 => "[A-Z]{1,7}".prop_map(|m| &*m.leak())],
        path in prop::sample::select(PATHS.to_vec()),
        rest in prop_oneof![3 => Just(String::new()), 1 => "[/a-zA-Z0-9%._~-]{0,12}"],
        query in prop_oneof![2 => Just(String::new()), 1 => "\\?(limit|before|after|integration|last)=[a-z0-9.%&=-]{0,12}"],
        headers in prop::collection::vec((prop::sample::select(NAMES.to_vec()), "[ -~]{0,30}"), 0..4),
        body in body(),
        known in any::<bool>(),
    ) {
        let (runtime, site, visitor) = world();
        let Ok(uri) = format!("{path}{rest}{query}").parse::<http::Uri>() else { return Ok(()) };
        let mut request = Request::builder().method(method).uri(uri).header("host", "localhost");
        // The host is another one than the cookie was given for, and so is its name.
        if known {
            request = visitor.request(method, "");
            request = request.uri(format!("{path}{rest}{query}")).header("content-type", "application/json");
        }
        for (name, value) in &headers {
            request = request.header(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        let request = request.body(Body::from(body)).unwrap();
        let (status, text) = runtime.block_on(async {
            let response = site.router.clone().oneshot(request).await.unwrap();
            let (head, mut body) = response.into_parts();
            assert!(head.headers.contains_key("content-security-policy"));
            let is_stream = head.headers.get("content-type").is_some_and(|kind| kind == "text/event-stream");
            let body = if is_stream {
                body.frame().await.map(|frame| frame.unwrap().into_data().unwrap()).unwrap_or_default()
            } else {
                body.collect().await.unwrap().to_bytes()
            };
            (head.status.as_u16(), format!("{:?} {}", head.headers, String::from_utf8_lossy(&body)))
        });
        prop_assert!(status < 500 || status == 502 || status == 503, "{status}: {text}");
        prop_assert!(!text.contains(KEY), "{text}");
    }
}
