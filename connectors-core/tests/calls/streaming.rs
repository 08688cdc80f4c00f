//! Answers that are read piece by piece.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use connectors_core::testing::VirtualClock;
use connectors_core::{
    Clock, ErrorKind, HttpRequest, HttpResponse, RateLimits, RequestOptions, ResponseBody, Transport, TransportError,
    TransportErrorKind,
};
use futures_util::future::join;
use futures_util::{StreamExt, stream};

use crate::common::{Bench, CREATE, OK, READ, Script, Step, bench, bench_with, status};

/// Answers with a piece of a body after each of these times.
#[derive(Debug)]
struct Pieces {
    clock: VirtualClock,
    status: u16,
    seconds: &'static [u64],
}

#[async_trait]
impl Transport for Pieces {
    async fn send(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
        let clock = self.clock.clone();
        let body = stream::iter(self.seconds).then(move |&seconds| {
            let late = clock.sleep(Duration::from_secs(seconds));
            async move {
                late.await;
                Ok(Bytes::from(seconds.to_string()))
            }
        });
        Ok(http::Response::builder().status(self.status).body(ResponseBody::from_stream(body)).unwrap())
    }
}

fn pieces(status: u16, seconds: &'static [u64]) -> Bench {
    let script = Script::new([OK]);
    let clock = bench(&script, None).clock;
    bench_with(&script, None, |options| options.transport = Some(Arc::new(Pieces { clock, status, seconds })))
}

#[tokio::test]
async fn pieces_come_as_they_arrive_without_a_cap_on_size_or_time() {
    let bench = pieces(200, &[20, 25, 29, 28, 27]);
    let mut options = RequestOptions::default();
    options.body_cap = Some(1);
    let answer = bench.core.call(&READ).path("id", 1).options(options).stream().await.unwrap();
    assert_eq!((answer.meta().attempts, bench.clock.elapsed()), (1, Duration::ZERO), "the head waits for no piece");
    let mut body = answer.into_inner();
    let (mut read, mut sum) = (0, 0);
    while let Some(piece) = body.next().await {
        read += 1;
        sum += std::str::from_utf8(&piece.unwrap()).unwrap().parse::<u64>().unwrap();
        assert_eq!(bench.clock.elapsed(), Duration::from_secs(sum), "piece {read} was held back");
    }
    assert_eq!((read, sum), (5, 129));
}

#[tokio::test]
async fn a_stalled_answer_ends_in_an_error_however_slowly_it_is_read() {
    let bench = pieces(200, &[20, 86_400]);
    let mut body = bench.core.call(&READ).path("id", 1).stream().await.unwrap().into_inner();
    bench.clock.advance(Duration::from_secs(3600));
    assert_eq!(body.next().await.unwrap().unwrap(), "20", "the reader's own time does not count");
    let error = body.next().await.unwrap().unwrap_err();
    assert_eq!((error.kind, error.sent), (TransportErrorKind::Truncated, true));
    assert_eq!(bench.clock.elapsed(), Duration::from_secs(3600 + 20 + 30));
    assert!(body.next().await.is_none());
}

#[tokio::test]
async fn a_body_that_is_still_read_is_a_request_under_way() {
    let script = Script::new([OK]);
    let bench = bench_with(&script, None, |options| options.limits = Some(RateLimits::none().in_flight(1)));
    let stream = async || bench.core.call(&READ).path("id", 1).stream().await.unwrap().into_inner();
    let next = || bench.core.call(&READ).path("id", 2).send_bytes();

    let body = stream().await;
    let (refused, ()) = join(next(), bench.clock.sleep(Duration::from_secs(3600))).await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::RateLimited);
    drop(body);
    next().await.unwrap();

    let mut body = stream().await;
    while body.next().await.is_some() {}
    next().await.unwrap();
    drop(body);
}

#[tokio::test]
async fn a_break_in_the_middle_surfaces_as_an_error_and_then_the_end() {
    let bench = bench(&Script::new([Step::Truncate]), None);
    let mut body = bench.core.call(&READ).path("id", 1).stream().await.unwrap().into_inner();
    assert_eq!(body.next().await.unwrap().unwrap(), "{\"o");
    assert_eq!(body.next().await.unwrap().unwrap_err().kind, TransportErrorKind::Truncated);
    assert!(body.next().await.is_none());
}

#[tokio::test]
async fn an_error_status_is_read_and_judged_before_there_is_a_stream() {
    let again = Script::new([status(503), OK]);
    let answer = bench(&again, None).core.call(&READ).path("id", 1).stream().await.unwrap();
    assert_eq!(answer.meta().attempts, 2);
    assert_eq!(answer.into_inner().collect(1024).await.unwrap(), r#"{"ok":true}"#);

    let missing = bench(&Script::new([status(404)]), None);
    let error = missing.core.call(&READ).path("id", 1).stream().await.unwrap_err();
    assert_eq!((error.kind(), error.body_snippet()), (ErrorKind::NotFound, Some(r#"{"message":"scripted"}"#)));

    let page = bench(&Script::new([Step::Answer(200, &[("content-type", "text/html")], "<html></html>")]), None);
    let error = page.core.call(&CREATE).path("id", 1).stream().await.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Server, true));
}

#[tokio::test]
async fn an_error_page_that_does_not_end_does_not_hide_its_status() {
    let bench = pieces(400, &[1, 86_400]);
    let error = bench.core.call(&CREATE).path("id", 1).send_bytes().await.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::InvalidRequest, false));
    assert_eq!((error.body_snippet(), bench.clock.elapsed()), (Some("1"), Duration::from_secs(30)));
}

#[tokio::test]
async fn a_body_that_was_read_as_a_stream_has_nothing_left_to_collect() {
    let mut body = ResponseBody::from(Bytes::from_static(b"all"));
    assert_eq!(body.next().await.unwrap().unwrap(), "all");
    assert_eq!(body.collect(10).await.unwrap(), "");
}
