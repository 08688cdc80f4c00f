//! The foundation that all mocks share: faults, the journal, latency, quotas, time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of tests are tests, too"
)]

mod effects;
mod isolation;
mod journal;
mod rules;
mod time;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use connectors_core::RetryPolicy;
use connectors_mock::{Backend, InProcess, MockQrTiger, MockServer};
use connectors_qrtiger::{QrTigerBuilder, QrTigerClient};

const PAGE: &str = "https://example.com/menu";

/// A client that sends every request once, and tells what became of it.
fn once(backend: &Backend) -> QrTigerBuilder {
    let builder = QrTigerClient::builder().api_key("mock-key").clock(Arc::clone(backend.clock()));
    builder.retry(RetryPolicy::never())
}

fn in_process(mock: &MockQrTiger) -> QrTigerClient {
    once(mock.backend()).transport(Arc::new(InProcess::new(mock.backend().clone()))).build().unwrap()
}

async fn over_http(mock: &MockQrTiger) -> (QrTigerClient, MockServer) {
    let server = MockServer::start([("/qrtiger", mock.backend().clone())]).await.unwrap();
    (once(mock.backend()).api_url(server.url("/qrtiger")).build().unwrap(), server)
}

/// What a failed assertion says.
fn message(assertion: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(assertion)).expect_err("it should have failed");
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}
