//! How places compare, where else people go, and what is sold.

mod journey;
mod ranking;
mod retail;

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use connectors_core::testing::VirtualClock;
use connectors_core::{Error, ErrorKind, HttpRequest, HttpResponse, ResponseBody, Transport, TransportError};
use connectors_mock::MockPlacer;
use connectors_mock::placer::Dialect;
use connectors_placer::PlacerClient;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

const BOTH_DIALECTS: [Dialect; 2] = [Dialect::Observed, Dialect::Documented];

fn speaking(dialect: Dialect) -> MockPlacer {
    MockPlacer::builder().dialect(dialect).polls(0).build().unwrap()
}

/// What is written is read as the same.
fn survives<T: Debug + PartialEq + Serialize + DeserializeOwned>(report: &T) {
    let written = serde_json::to_string(report).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&written).unwrap(), report);
}

/// Refused before anything was sent.
fn assert_refused<T: Debug>(answer: connectors_core::Result<T>, field: &str) {
    let error: Error = answer.unwrap_err();
    let said = (error.kind(), error.field(), error.attempts());
    assert_eq!(said, (ErrorKind::InvalidRequest, Some(field), 0), "{error:?}");
}

/// Answers everything with this.
#[derive(Debug)]
struct Always(Value);

#[async_trait]
impl Transport for Always {
    async fn send(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
        let answer = http::Response::builder().header("content-type", "application/json");
        Ok(answer.body(ResponseBody::from(bytes::Bytes::from(self.0.to_string()))).unwrap())
    }
}

pub fn answering(body: Value) -> PlacerClient {
    let client = PlacerClient::builder().api_key("k").api_url("https://placer.test");
    let clock = Arc::new(VirtualClock::default());
    client.transport(Arc::new(Always(body))).clock(clock).build().unwrap()
}
