//! The QR TIGER client and its fake.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "the helpers of tests are tests, too")]

#[path = "../common/calls.rs"]
mod calls;
mod credentials;
mod documented;
mod faults;
mod images;
mod input;
mod many;
mod native;
mod pausing;
mod quota;
#[path = "../common/raw.rs"]
mod raw;
mod render;
mod scale;
mod series;
mod service;
#[path = "../common/shape.rs"]
mod shape;
mod states;
#[path = "../common/twins.rs"]
mod twins;
mod visits;
mod walk;

use std::sync::Arc;

use connectors_core::{CampaignId, EventId};
use connectors_mock::{Backend, InProcess};
use connectors_qrtiger::{GenerateQrCode, QrId, QrStatus, QrTigerBuilder, QrTigerClient, UpdateQrCode};
use url::Url;

/// The beginning of every PNG.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

fn request(event: &str) -> GenerateQrCode {
    let (campaign, event) = (CampaignId::new("summer").unwrap(), EventId::new(event).unwrap());
    let data = url(&format!("https://example.com/{event}"));
    GenerateQrCode::new(&campaign, &event, data)
}

fn update(id: &QrId, status: QrStatus) -> UpdateQrCode {
    UpdateQrCode::new(id.clone(), status)
}

/// A client with its own settings on the fake of `backend`.
fn client(backend: &Backend, change: impl FnOnce(QrTigerBuilder) -> QrTigerBuilder) -> QrTigerClient {
    let transport = Arc::new(InProcess::new(backend.clone()));
    let builder = QrTigerClient::builder().api_key("mock-key").transport(transport).clock(Arc::clone(backend.clock()));
    change(builder).build().unwrap()
}
