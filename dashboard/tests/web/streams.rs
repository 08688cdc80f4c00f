//! The event stream.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt;
use serde_json::Value;

use crate::browser::Browser;
use crate::site::{Site, quick};

/// One event, or what else comes between two empty lines.
#[derive(Debug, Default)]
struct Told {
    id: String,
    event: String,
    data: String,
    comment: bool,
}

struct Stream(BodyDataStream);

impl Stream {
    async fn open(browser: &Browser, path: &str) -> Self {
        let response = browser.open(browser.request("GET", path).body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self(response.into_body().into_data_stream())
    }

    async fn next(&mut self) -> Option<Told> {
        let text = self.0.next().await?.unwrap();
        let mut told = Told::default();
        for line in std::str::from_utf8(&text).unwrap().lines() {
            match line.split_once(':') {
                Some(("id", id)) => id.trim().clone_into(&mut told.id),
                Some(("event", event)) => event.trim().clone_into(&mut told.event),
                Some(("data", data)) => data.trim().clone_into(&mut told.data),
                Some(("", _)) => told.comment = true,
                _ => {}
            }
        }
        Some(told)
    }

    /// The next activity.
    async fn activity(&mut self) -> Told {
        loop {
            let told = self.next().await.unwrap();
            if told.event == "activity" {
                return told;
            }
        }
    }
}

fn number(id: &str) -> u64 {
    id.split_once('.').unwrap().1.parse().unwrap()
}

#[tokio::test]
async fn what_changes_is_told_in_order_from_the_beginning_on() {
    let site = Site::local().await;
    let visitor = site.visitor().await;
    let mut stream = Stream::open(&visitor, "api/stream").await;
    // Whoever is cut off before the first event knows where to go on, too.
    let first = stream.next().await.unwrap();
    assert_eq!((first.event.as_str(), first.data.as_str()), ("", ""));
    let mut last = number(&first.id);
    visitor.post("api/integrations/placer/sync").await;
    let mut kinds = Vec::new();
    while !kinds.contains(&"charts".to_owned()) {
        let told = stream.next().await.unwrap();
        assert_eq!(number(&told.id), last + 1);
        last += 1;
        let data: Value = serde_json::from_str(&told.data).unwrap();
        assert_eq!(data["type"], told.event.as_str());
        kinds.push(told.event);
    }
    for kind in ["integration", "sync", "activity"] {
        assert!(kinds.contains(&kind.to_owned()), "{kinds:?}");
    }
}

#[tokio::test]
async fn whoever_was_cut_off_goes_on_where_it_was() {
    let site = Site::local().await;
    let visitor = site.visitor().await;
    let mut stream = Stream::open(&visitor, "api/stream").await;
    let seen = stream.next().await.unwrap().id;
    drop(stream);
    for _ in 0..3 {
        visitor.post("api/integrations/placer/test").await;
    }
    for (browser, path) in [
        (visitor.clone().saying("last-event-id", &seen), "api/stream".to_owned()),
        (visitor.clone(), format!("api/stream?last={seen}")),
    ] {
        let mut stream = Stream::open(&browser, &path).await;
        assert_eq!(stream.next().await.unwrap().id, seen);
        let mut last = number(&seen);
        for id in 1..=3 {
            let told = loop {
                let told = stream.next().await.unwrap();
                last += 1;
                assert_eq!(number(&told.id), last);
                if told.event == "activity" {
                    break told;
                }
            };
            assert_eq!(serde_json::from_str::<Value>(&told.data).unwrap()["data"]["id"], id);
        }
    }
}

#[tokio::test]
async fn whoever_comes_from_another_run_of_the_program_looks_at_everything_anew() {
    let site = Site::local().await;
    let visitor = site.visitor().await;
    for last in ["1.1", "nonsense", "99999999999999999999.1", "1.", "18446744073709551615.18446744073709551615"] {
        let mut stream = Stream::open(&visitor, &format!("api/stream?last={last}")).await;
        let here = stream.next().await.unwrap().id;
        let told = stream.next().await.unwrap();
        assert_eq!((told.event.as_str(), told.data.as_str()), ("reset", r#"{"type":"reset"}"#));
        // From here on nothing is missed.
        assert_eq!(told.id, here);
        visitor.post("api/integrations/placer/test").await;
        assert!(number(&stream.activity().await.id) > number(&here));
    }
}

#[tokio::test]
async fn whoever_reads_too_slowly_is_told_and_goes_on_from_then() {
    let hub = quick().await;
    let router = connectors_dashboard::Dashboard::new(hub.clone()).router();
    let mut visitor = Browser::new(router);
    visitor.enter().await;
    let mut stream = Stream::open(&visitor, "api/stream").await;
    stream.next().await.unwrap();
    for _ in 0..2100 {
        hub.test("placer").await.unwrap();
    }
    let told = stream.next().await.unwrap();
    assert_eq!(told.event, "reset");
    let newest = hub.activity(None, None, None, 1).await.unwrap()[0].id;
    hub.test("placer").await.unwrap();
    let told = stream.activity().await;
    assert_eq!(serde_json::from_str::<Value>(&told.data).unwrap()["data"]["id"], newest + 1);
}

#[tokio::test]
async fn something_comes_every_fifteen_seconds() {
    let site = Site::local().await;
    let visitor = site.visitor().await;
    let mut stream = Stream::open(&visitor, "api/stream").await;
    stream.next().await.unwrap();
    // What the cards have to tell at the beginning.
    while tokio::time::timeout(Duration::from_millis(500), stream.next()).await.is_ok() {}
    tokio::time::pause();
    for _ in 0..3 {
        let since = tokio::time::Instant::now();
        assert!(stream.next().await.unwrap().comment);
        assert!(since.elapsed() <= Duration::from_millis(15_001), "{:?}", since.elapsed());
    }
}

#[tokio::test]
async fn the_logout_ends_the_streams_of_its_session_and_no_others() {
    let site = Site::guarded().await;
    let (one, two) = (site.logged_in().await, site.logged_in().await);
    let (mut ends, mut stays) = (Stream::open(&one, "api/stream").await, Stream::open(&two, "api/stream").await);
    ends.next().await.unwrap();
    stays.next().await.unwrap();
    assert_eq!(one.post("api/logout").await.status, 200);
    while ends.next().await.is_some() {}
    two.post("api/integrations/placer/test").await;
    stays.activity().await;
}

#[tokio::test]
async fn a_stream_keeps_its_session_and_ends_with_it() {
    const HOUR: Duration = Duration::from_secs(60 * 60);
    let site = Site::guarded().await;
    let browser = site.logged_in().await;
    let mut stream = Stream::open(&browser, "api/stream").await;
    stream.next().await.unwrap();
    while tokio::time::timeout(Duration::from_millis(500), stream.next()).await.is_ok() {}
    tokio::time::pause();
    for _ in 0..23 {
        site.pass(HOUR);
        assert!(stream.next().await.unwrap().comment);
    }
    site.pass(HOUR);
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn a_session_has_sixteen_streams_at_the_most_and_all_together_256() {
    let site = Site::local().await;
    let mut streams = Vec::new();
    for _ in 0..16 {
        let visitor = site.visitor().await;
        for _ in 0..16 {
            streams.push(Stream::open(&visitor, "api/stream").await);
        }
        let reply = visitor.get("api/stream").await;
        reply.refused(429);
        assert!(reply.header("retry-after").is_some());
    }
    let visitor = site.visitor().await;
    visitor.get("api/stream").await.refused(503);
    streams.pop();
    Stream::open(&visitor, "api/stream").await;
    // Whoever has gone takes no place.
    Stream::open(&visitor, "api/stream").await;
}

#[tokio::test]
async fn streams_end_when_the_hub_is_closed() {
    let site = Site::local().await;
    let visitor = site.visitor().await;
    let mut stream = Stream::open(&visitor, "api/stream").await;
    site.hub.close().await;
    while stream.next().await.is_some() {}
}
