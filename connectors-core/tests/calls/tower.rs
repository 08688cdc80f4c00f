//! Transports from tower services, and services from transports.

use std::convert::Infallible;
use std::error::Error as StdError;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use async_trait::async_trait;
use connectors_core::{
    Error, ErrorKind, HttpRequest, HttpResponse, TowerTransport, Transport, TransportError, TransportErrorKind,
    TransportService, Upload,
};
use futures_util::future::join_all;
use http::{HeaderValue, header};
use tower::util::BoxCloneService;
use tower::{BoxError, Service, ServiceBuilder, service_fn};

use crate::common::{CREATE, OK, Script, bench_with};

/// What comes of a create over this transport, after how many attempts.
async fn create(transport: impl Transport) -> Result<u32, Error> {
    let bench = bench_with(&Script::new([OK]), None, |options| options.transport = Some(Arc::new(transport)));
    let call =
        bench.core.call(&CREATE).path("id", 1).upload(HeaderValue::from_static("text/plain"), Upload::from("body"));
    call.send_bytes().await.map(|answer| answer.meta().attempts)
}

#[tokio::test]
async fn layers_see_and_change_every_request() {
    let script = Script::new([OK]);
    let sign = |mut request: HttpRequest| {
        let length = HeaderValue::from(request.body().len());
        request.headers_mut().insert(header::ETAG, length);
        request
    };
    let service = ServiceBuilder::new().map_request(sign).service(TransportService::new(script.clone()));
    // Not even `Sync`.
    create(TowerTransport::new(BoxCloneService::new(service))).await.unwrap();
    let sent = script.sent.lock().unwrap();
    assert_eq!((sent[0].body().as_ref(), &sent[0].headers()["etag"]), (b"body".as_ref(), &HeaderValue::from(4)));
}

/// Counts the requests that are under way at the same time.
#[derive(Debug, Default)]
struct Crowd {
    now: AtomicUsize,
    most: AtomicUsize,
}

#[async_trait]
impl Transport for Crowd {
    async fn send(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.most.fetch_max(self.now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
        tokio::task::yield_now().await;
        self.now.fetch_sub(1, Ordering::Relaxed);
        Ok(http::Response::new(bytes::Bytes::from_static(b"{}").into()))
    }
}

#[tokio::test]
async fn a_request_waits_until_the_service_is_ready() {
    let crowd = Arc::new(Crowd::default());
    let service = ServiceBuilder::new().concurrency_limit(2).service(TransportService::new(crowd.clone()));
    let transport = TowerTransport::new(service);
    let sending = (0..6).map(|_| transport.send(HttpRequest::default()));
    assert!(join_all(sending).await.iter().all(Result::is_ok));
    assert_eq!(crowd.most.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn a_layer_that_gives_up_leaves_a_create_in_doubt() {
    let service = service_fn(|_: HttpRequest| std::future::pending::<Result<HttpResponse, TransportError>>());
    let service = ServiceBuilder::new().timeout(Duration::from_secs(5)).service(service);
    let error = create(TowerTransport::new(service)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.maybe_applied()), (ErrorKind::Interrupted, 1, true));
}

/// Never ready.
#[derive(Clone)]
struct Closed;

impl Service<HttpRequest> for Closed {
    type Response = http::Response<String>;
    type Error = BoxError;
    type Future = Ready<Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Err("closed".into()))
    }

    fn call(&mut self, _: HttpRequest) -> Self::Future {
        ready(Err("called without being ready".into()))
    }
}

#[tokio::test]
async fn a_service_that_is_never_ready_has_sent_nothing() {
    let error = create(TowerTransport::new(Closed)).await.unwrap_err();
    assert_eq!((error.attempts(), error.maybe_applied()), (4, false));
}

#[derive(Debug, thiserror::Error)]
#[error("the layer's own words")]
struct Layered(#[source] TransportError);

#[tokio::test]
async fn a_transports_error_comes_through_layers_as_it_was() {
    let refused = || TransportError::new(TransportErrorKind::Connect, false);
    let boxed: [fn(TransportError) -> BoxError; 2] = [|e| e.into(), |e| Layered(e).into()];
    for wrap in boxed {
        let service = service_fn(move |_: HttpRequest| ready(Err::<http::Response<String>, _>(wrap(refused()))));
        let error = TowerTransport::new(service).send(HttpRequest::default()).await.unwrap_err();
        assert_eq!((error.kind, error.sent), (TransportErrorKind::Connect, false));
    }
    let other = service_fn(|_: HttpRequest| ready(Err::<http::Response<String>, BoxError>("odd".into())));
    let error = TowerTransport::new(other).send(HttpRequest::default()).await.unwrap_err();
    assert_eq!((error.kind, error.sent), (TransportErrorKind::Other, true));
    assert_eq!(error.source().unwrap().to_string(), "odd");
}

#[tokio::test]
async fn any_http_body_will_do_for_an_answer() {
    let service = service_fn(|request: HttpRequest| {
        ready(Ok::<_, Infallible>(http::Response::new(format!("{{\"path\":\"{}\"}}", request.uri().path()))))
    });
    let answer = TowerTransport::new(service).send(HttpRequest::default()).await.unwrap();
    assert_eq!(answer.into_body().collect(100).await.unwrap(), r#"{"path":"/"}"#);
}
