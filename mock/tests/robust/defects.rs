//! A fake with a defect does not take the server with it.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use connectors_core::testing::VirtualClock;
use connectors_core::{HttpRequest, Transport};
use connectors_mock::{Backend, Fake, InProcess, MockQrTiger, MockServer, Reply, Route};
use futures_util::{FutureExt, stream};
use http::{Request, StatusCode};

use super::raw::{LIST, statuses, told};

#[derive(Debug)]
struct Defective;

impl Fake for Defective {
    fn provider(&self) -> &'static str {
        "defective"
    }

    fn route(&self, request: &HttpRequest) -> Option<Route> {
        assert_ne!(request.uri().path(), "/nowhere", "no way");
        Some(Route::write("things.count"))
    }

    fn handle(&self, request: &HttpRequest, _now: DateTime<Utc>) -> Reply {
        let number: u8 = request.uri().path().trim_start_matches('/').parse().expect("it is a number");
        Reply::new(vec![number].into())
    }

    fn throttled(&self, _retry_after: Option<Duration>) -> Reply {
        Reply::new(Bytes::new())
    }

    fn failure(&self, status: StatusCode) -> Reply {
        let mut reply = Reply::new(Bytes::new());
        *reply.status_mut() = status;
        reply
    }
}

fn backend() -> Backend {
    Backend::new(Arc::new(Defective), Arc::new(VirtualClock::default()))
}

#[tokio::test]
async fn over_http_it_is_told_and_the_connection_goes_on() {
    let backend = backend();
    let sent = ["/7", "/seven", "/nowhere", "/8"].map(|path| Bytes::from(format!("GET {path} HTTP/1.1\r\n\r\n")));
    let told = MockServer::converse([("", backend.clone())], stream::iter(sent)).await;
    let told = String::from_utf8_lossy(&told).into_owned();
    assert_eq!(statuses(&told), [200, 500, 500, 200], "{told}");
    assert!(
        told.contains(r#"{"message":"the fake has a defect, and panicked: it is a number: ParseIntError"#),
        "{told}"
    );
    assert!(told.contains("no way"), "{told}");
    assert_eq!(backend.panics(), 2);
    let journal = backend.journal();
    let applied: Vec<_> = journal.iter().map(|entry| (entry.operation, entry.applied)).collect();
    let counts = Some("things.count");
    assert_eq!(applied, [(counts, true), (counts, false), (None, false), (counts, true)]);
}

#[tokio::test]
async fn in_this_process_it_ends_the_test() {
    let backend = backend();
    let transport = InProcess::new(backend.clone());
    let request = |path: &str| Request::get(path).body(Bytes::new()).unwrap();
    let asked = AssertUnwindSafe(transport.send(request("/seven"))).catch_unwind().await;
    assert!(asked.is_err());
    assert!(transport.send(request("/9")).await.is_ok(), "and it goes on");
    assert_eq!(backend.panics(), 1);
}

#[tokio::test]
async fn so_does_a_rule_whose_condition_fails() {
    let mock = MockQrTiger::new();
    let rule = mock.backend().on("campaigns.list").when(|_| panic!("not this one")).status(503);
    let told = told(&mock, format!("{LIST}\r\n{LIST}\r\n")).await;
    assert_eq!(statuses(&told), [500, 500], "{told}");
    assert!(told.contains("not this one"), "{told}");
    assert_eq!((mock.backend().panics(), rule.hits()), (2, 0));
}
