//! Gateways, good and broken.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use connectors_brandscopic::Contract;
use connectors_core::{HttpRequest, HttpResponse, ReqwestTransport, Transport, TransportError};
use connectors_mock::conformance::{self, Gateway, Report};
use connectors_mock::{
    Backend, FakeBrandscopic, FakePlacer, GatewayVariant, InProcess, MockBrandscopic, MockPlacer, MockServer,
};
use connectors_placer::{GatewayDates, VenueId};
use http::{HeaderValue, StatusCode, header};

fn brandscopic(variant: GatewayVariant) -> Backend {
    MockBrandscopic::builder().contract(Contract::Gateway).gateway_variant(variant).build().unwrap().backend().clone()
}

fn placer(dates: GatewayDates) -> Backend {
    let mock = MockPlacer::builder().contract(connectors_placer::Contract::Gateway).gateway_dates(dates);
    mock.build().unwrap().backend().clone()
}

fn venues() -> [VenueId; 2] {
    [MockPlacer::venue_ids().remove(0), MockPlacer::venue_ids().remove(1)]
}

#[tokio::test]
async fn every_variant_of_brandscopics_gateway_conforms_over_sockets_and_is_told() {
    for variant in GatewayVariant::ALL {
        let backend = brandscopic(variant);
        let server = MockServer::start([("/brandscopic", backend.clone())]).await.unwrap();
        let url = format!("{}/v1/", server.url("/brandscopic"));
        let gateway = Gateway::new(url, FakeBrandscopic::API_KEY, Arc::new(ReqwestTransport::new().unwrap()));
        let report = conformance::brandscopic_gateway(&gateway.clock(backend.clock().clone())).await;
        report.assert();
        assert_eq!(report.observed[0], format!("most like the variant {variant:?}"), "{report}");
    }
}

#[tokio::test]
async fn a_tenant_is_told() {
    let mock = MockBrandscopic::builder().contract(Contract::Gateway).tenant("acme").build().unwrap();
    let transport = Arc::new(InProcess::new(mock.backend().clone()));
    let gateway = Gateway::new("http://localhost/v1", FakeBrandscopic::API_KEY, transport).tenant("acme");
    conformance::brandscopic_gateway(&gateway.clock(mock.backend().clock().clone())).await.assert();
}

#[tokio::test]
async fn both_kinds_of_placers_gateway_conform_over_sockets() {
    for (dates, told) in [
        (GatewayDates::Range, "it is asked for ranges of days"),
        (GatewayDates::SingleDay, "it is asked for single days"),
    ] {
        let backend = placer(dates);
        let server = MockServer::start([("/placer", backend.clone())]).await.unwrap();
        let transport = Arc::new(ReqwestTransport::new().unwrap());
        let gateway = Gateway::new(server.url("/placer"), FakePlacer::KEY, transport).clock(backend.clock().clone());
        let report = conformance::placer_gateway(&gateway, venues()).await;
        report.assert();
        assert!(report.observed.iter().any(|observed| observed == told), "{report}");
    }
}

/// A gateway with a defect.
#[derive(Clone)]
struct Bent {
    inner: InProcess,
    request: fn(&mut HttpRequest),
    answer: fn(&str, &mut http::Response<Bytes>),
}

impl fmt::Debug for Bent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bent")
    }
}

#[async_trait]
impl Transport for Bent {
    async fn send(&self, mut request: HttpRequest) -> Result<HttpResponse, TransportError> {
        (self.request)(&mut request);
        let path = request.uri().path().to_owned();
        let (head, body) = self.inner.send(request).await?.into_parts();
        let mut answer = http::Response::from_parts(head, body.collect(1 << 20).await?);
        (self.answer)(&path, &mut answer);
        Ok(answer.map(Into::into))
    }
}

fn straight(_: &mut HttpRequest) {}

fn whole(_: &str, _: &mut http::Response<Bytes>) {}

fn any_key<const PLACER: bool>(request: &mut HttpRequest) {
    let key = if PLACER { FakePlacer::KEY } else { FakeBrandscopic::API_KEY };
    let value = HeaderValue::from_str(&format!("Bearer {key}")).unwrap();
    request.headers_mut().insert(header::AUTHORIZATION, value);
}

fn finds_nothing_with_success(path: &str, answer: &mut http::Response<Bytes>) {
    if path.contains("999999999") && answer.status() == StatusCode::NOT_FOUND {
        *answer.status_mut() = StatusCode::OK;
    }
}

fn errors_as_pages(_: &str, answer: &mut http::Response<Bytes>) {
    if answer.status() == StatusCode::UNPROCESSABLE_ENTITY || answer.status() == StatusCode::BAD_REQUEST {
        *answer.body_mut() = Bytes::from_static(b"<html>no</html>");
        answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    }
}

#[track_caller]
fn assert_failed(report: &Report, names: &[&str]) {
    let failed: Vec<_> = report.failed().map(|check| check.name.as_str()).collect();
    assert_eq!(failed, names, "{report}");
}

type Bend = (fn(&mut HttpRequest), fn(&str, &mut http::Response<Bytes>), &'static [&'static str]);

#[tokio::test]
async fn what_a_broken_gateway_of_brandscopic_does_wrong_is_named() {
    let table: [Bend; 3] = [
        (any_key::<false>, whole, &["without the right key, nothing is done"]),
        (straight, finds_nothing_with_success, &["an event that does not exist is not found"]),
        (
            straight,
            errors_as_pages,
            &[
                "a body that is not JSON is refused",
                "a project without a name is refused",
                "an event without a name, and one of no project, are refused",
            ],
        ),
    ];
    for (request, answer, names) in table {
        let backend = brandscopic(GatewayVariant::Plain);
        let clock = backend.clock().clone();
        let transport = Arc::new(Bent { inner: InProcess::new(backend), request, answer });
        let gateway = Gateway::new("http://localhost/v1", FakeBrandscopic::API_KEY, transport).clock(clock);
        let report = conformance::brandscopic_gateway(&gateway).await;
        assert_failed(&report, names);
    }
}

#[tokio::test]
async fn what_a_broken_gateway_of_placer_does_wrong_is_named() {
    let table: [Bend; 2] = [
        (any_key::<true>, whole, &["without the right key, nothing is told"]),
        (straight, errors_as_pages, &["days that are none are refused"]),
    ];
    for (request, answer, names) in table {
        let backend = placer(GatewayDates::Range);
        let clock = backend.clock().clone();
        let transport = Arc::new(Bent { inner: InProcess::new(backend), request, answer });
        let gateway = Gateway::new("http://localhost", FakePlacer::KEY, transport).clock(clock);
        assert_failed(&conformance::placer_gateway(&gateway, venues()).await, names);
    }
    let backend = placer(GatewayDates::Range);
    backend.on("venues.movement").always().json(&serde_json::json!({"timeOfDay": 12, "peakHours": ["12:00"]}));
    let clock = backend.clock().clone();
    let gateway = Gateway::new("http://localhost", FakePlacer::KEY, Arc::new(InProcess::new(backend))).clock(clock);
    let report = conformance::placer_gateway(&gateway, venues()).await;
    let first = report.failed().next().map(|check| check.name.as_str());
    assert_eq!(first, Some("a movement pattern is told"), "{report}");
    assert!(report.to_string().contains("`timeOfDay` is a text"), "{report}");
}

#[tokio::test]
async fn where_nobody_listens_every_check_says_so_and_none_hangs() {
    let gateway = Gateway::new("http://127.0.0.1:9", "a-key", Arc::new(ReqwestTransport::new().unwrap()));
    let report = conformance::placer_gateway(&gateway, venues()).await;
    assert!(!report.is_conformant() && report.to_string().contains("nobody accepts connections"), "{report}");
    assert!(!report.to_string().contains("a-key"), "{report}");
}
