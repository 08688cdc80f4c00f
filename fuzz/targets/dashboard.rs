//! The dashboard under any requests one after the other: each is answered, none by a defect, and no secret comes out.
#![no_main]

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use connectors_core::testing::VirtualClock;
use connectors_dashboard::{Dashboard, IntegrationHub, SampleWorld, Store};
use connectors_fuzz::parts;
use http::{Request, header};
use http_body_util::BodyExt;
use libfuzzer_sys::fuzz_target;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

const KEY: &str = "planted-key-6f1d2c3b4a59";
const TOKEN: &str = "correct horse battery staple";

/// So many inputs have a dashboard in common, so that what it keeps does not grow for ever.
const INPUTS: usize = 500;

struct World {
    runtime: Runtime,
    router: Router,
    cookie: String,
    csrf: String,
    left: usize,
}

// Each part is a request: `METHOD PATH`, lines of `name: value`, an empty line, the body. One that begins with `+` has a
// session and its token.
fuzz_target!(|data: &[u8]| {
    thread_local! {
        static WORLD: RefCell<Option<World>> = const { RefCell::new(None) };
    }
    WORLD.with_borrow_mut(|kept| {
        let mut world = kept.take().filter(|world| world.left > 0).unwrap_or_else(World::new);
        world.left -= 1;
        for part in parts(data).take(16) {
            world.ask(part);
        }
        *kept = Some(world);
    });
});

impl World {
    fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (router, cookie, csrf) = runtime.block_on(async {
            let (store, clock) = (Store::in_memory().expect("a store"), Arc::new(VirtualClock::default()));
            let world = SampleWorld::open(store.clone(), clock.clone(), Duration::ZERO).await.expect("sample data");
            let samples = world.clone();
            let hub = IntegrationHub::builder(store, Arc::new(world))
                .clock(clock)
                .vars(|name| ["SMARTSHEET_ACCESS_TOKEN", "PLACER_API_KEY"].contains(&name).then(|| KEY.to_owned()))
                .fallback(move |provider, observer, links| samples.integration(provider, observer, links).ok());
            let hub: IntegrationHub = hub.build().await.expect("a hub");
            let dashboard = Dashboard::new(hub).token(&TOKEN.into()).expect("a token");
            let router = dashboard.router();
            let login = format!(r#"{{"token":"{TOKEN}"}}"#);
            let login =
                Request::post("/api/login").header(header::CONTENT_TYPE, "application/json").body(Body::from(login));
            let answer = router.clone().oneshot(login.expect("a request")).await.expect("an answer");
            let cookie = answer.headers().get(header::SET_COOKIE).expect("a cookie").to_str().expect("a text");
            let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
            let body = answer.into_body().collect().await.expect("a body").to_bytes();
            let told: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
            (router, cookie, told["csrf"].as_str().expect("a token").to_owned())
        });
        Self { runtime, router, cookie, csrf, left: INPUTS }
    }

    fn ask(&self, part: &[u8]) {
        let (known, part) = part.strip_prefix(b"+").map_or((false, part), |part| (true, part));
        let end = part.windows(2).position(|pair| pair == b"\n\n");
        let (head, body) = end.map_or((part, &[][..]), |end| (&part[..end], &part[end + 2..]));
        let mut lines = head.split(|byte| *byte == b'\n');
        let mut first = lines.next().unwrap_or_default().splitn(2, |byte| *byte == b' ');
        let (method, path) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
        let mut request = Request::builder().method(method).uri(path);
        if known {
            request = request.header(header::COOKIE, &self.cookie).header("x-csrf-token", &self.csrf);
        }
        for line in lines {
            if let Some(colon) = line.iter().position(|byte| *byte == b':') {
                request = request.header(&line[..colon], line[colon + 1..].trim_ascii());
            }
        }
        let Ok(request) = request.body(Body::from(body.to_vec())) else { return };
        let tells_the_key = body.windows(KEY.len()).any(|text| text == KEY.as_bytes());
        let answered = async {
            let answer = self.router.clone().oneshot(request).await.expect("an answer");
            let (head, mut body) = answer.into_parts();
            let is_stream = head.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
            let body = if is_stream {
                body.frame().await.and_then(|frame| frame.expect("a frame").into_data().ok()).unwrap_or_default()
            } else {
                body.collect().await.expect("a body").to_bytes()
            };
            (head, body)
        };
        let (head, body) = self.runtime.block_on(answered);
        let status = head.status.as_u16();
        let text = format!("{:?} {}", head.headers, String::from_utf8_lossy(&body));
        assert!(status < 500 || status == 502 || status == 503, "{status}: {text}");
        assert!(head.headers.contains_key("content-security-policy"), "{text}");
        assert!(tells_the_key || !text.contains(KEY), "{text}");
        assert!(!text.contains(TOKEN), "{text}");
    }
}
