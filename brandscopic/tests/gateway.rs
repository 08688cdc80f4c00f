//! Gateways that answer in their own way.

#![allow(clippy::unwrap_used, reason = "also the helpers of the tests are tests")]

use std::sync::Arc;

use async_trait::async_trait;
use connectors_brandscopic::{BrandscopicClient, EventStatus};
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
    const BODY: &str = r#"{"id":17,"status":"Postponed","location":{"city":"Berlin"},"externalId":"e-1"}"#;
    let client = client(&[("/v1/events/17", 200, BODY)]);
    let event = client.gateway().unwrap().events().get("17").await.unwrap();
    assert_eq!((event.id.as_str(), event.status.unwrap().as_str()), ("17", "Postponed"));
}

#[tokio::test]
async fn a_status_may_be_all_that_is_told_of_an_event() {
    for refusal in [404, 405] {
        let answers: &'static [_] = match refusal {
            404 => &[("/v1/events/e/status", 200, r#"{"status":"CANCELED"}"#)],
            _ => &[("/v1/events/e", 405, "{}"), ("/v1/events/e/status", 200, r#"{"status":"cancelled"}"#)],
        };
        let status = client(answers).gateway().unwrap().events().status("e").await.unwrap();
        assert_eq!(status, Some(EventStatus::Cancelled));
    }
    let closed = client(&[("/v1/events/e/status", 403, r#"{"message":"not yours"}"#)]);
    let error = closed.gateway().unwrap().events().status("e").await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::PermissionDenied, "events.status"));
    let error = client(&[]).gateway().unwrap().events().status("e").await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::NotFound, "events.get"));
}
