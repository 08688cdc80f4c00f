//! Gateways that answer in their own way.

#![allow(clippy::unwrap_used, reason = "also the helpers of the tests are tests")]

use std::sync::Arc;

use async_trait::async_trait;
use connectors_brandscopic::gateway::{GatewayDate, NewProject};
use connectors_brandscopic::{BrandscopicClient, ProjectStatus};
use connectors_core::{ErrorKind, HttpRequest, HttpResponse, Transport, TransportError};
use http::{Response, StatusCode};

/// Answers by the path; the rest is not found.
#[derive(Debug)]
struct Answers(&'static [(&'static str, u16, &'static str)]);

#[async_trait]
impl Transport for Answers {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let found = self.0.iter().find(|(path, ..)| *path == request.uri().path());
        let (status, body) = found.map_or((404, r#"{"message":"not found"}"#), |(_, status, body)| (*status, *body));
        let mut response = Response::new(bytes::Bytes::from_static(body.as_bytes()).into());
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        Ok(response)
    }
}

fn client(answers: &'static [(&'static str, u16, &'static str)]) -> BrandscopicClient {
    let client = BrandscopicClient::builder().gateway("mock-key").api_url("https://gateway.test/v1");
    client.transport(Arc::new(Answers(answers))).build().unwrap()
}

#[tokio::test]
async fn ids_may_be_numbers_and_statuses_new() {
    const BODY: &str = r#"{"id":17,"status":"Postponed","location":{"city":"Berlin"},"externalId":"e-1","date":null}"#;
    let client = client(&[("/v1/events/17", 200, BODY)]);
    let event = client.gateway().unwrap().events().get("17").await.unwrap();
    assert_eq!((event.id.as_str(), event.external_id.as_deref()), ("17", Some("e-1")));
    assert_eq!((event.status.unwrap().raw.as_str(), event.location.unwrap().city.as_str()), ("Postponed", "Berlin"));
}

#[tokio::test]
async fn dates_are_as_exact_as_the_gateway_tells() {
    for (written, read) in [
        ("2026-06-05T18:00:00-04:00", "2026-06-05T18:00:00-04:00"),
        ("2026-06-05T18:00:00.000Z", "2026-06-05T18:00:00+00:00"),
        ("2026-06-05T18:00:00", "2026-06-05T18:00:00"),
        ("2026-06-05", "2026-06-05"),
        ("next Friday", "next Friday"),
    ] {
        let date: GatewayDate = written.parse().unwrap();
        assert_eq!(date.to_string(), read);
        assert_eq!(matches!(date, GatewayDate::Other(_)), written == "next Friday");
    }
}

#[tokio::test]
async fn what_a_gateway_wraps_is_taken_out_and_what_lacks_an_id_is_no_event() {
    const PROJECT: &str = r#"{"data":{"id":3,"status":"ACTIVE","events":[{"id":9,"venue":{"name":"Kran Halle"}}]}}"#;
    let answers = client(&[("/v1/projects", 201, PROJECT)]);
    let project =
        answers.gateway().unwrap().projects().create(&NewProject::new("Tour", "Fizz", "North")).await.unwrap();
    assert_eq!((project.id.as_str(), project.status), ("3", Some(ProjectStatus::Active)));
    assert_eq!((project.events[0].id.as_str(), project.events[0].venue.as_deref()), ("9", Some("Kran Halle")));
    for odd in ["{}", "[]", "null", r#"{"data":[]}"#, r#"{"id":""}"#, r#"{"id":[1]}"#, r#"{"id":1,"location":7}"#] {
        let answers = client(Vec::leak(vec![("/v1/events/e", 200, odd)]));
        let error = answers.gateway().unwrap().events().get("e").await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Decode, "events.get"), "{odd}");
    }
}
