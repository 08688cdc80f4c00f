//! The Smartsheet client and its fake.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "the helpers of tests are tests, too")]

mod bulk;
#[path = "../common/calls.rs"]
mod calls;
mod containers;
mod content;
mod copies;
mod create;
mod credentials;
mod events;
mod faces;
mod faults;
mod input;
mod moving;
mod native;
mod oauth;
mod people;
#[path = "../common/raw.rs"]
mod raw;
mod reports;
mod rows;
mod sdks;
mod states;
mod table;
mod tracking;
mod walk;
mod webhooks;

use std::sync::Arc;

use connectors_core::{Campaign, CampaignId, EventId};
use connectors_mock::{Backend, InProcess, MockSmartsheet};
use connectors_smartsheet::{
    CreateSheet, EventRow, SheetId, SmartsheetBuilder, SmartsheetClient, Template, UpsertEventRows, tracker,
};

fn campaign(id: &str) -> Campaign {
    Campaign::new(CampaignId::new(id).unwrap(), "Summer Tour", "Fizz", "DACH", Vec::new())
}

fn event(id: &str) -> EventId {
    EventId::new(id).unwrap()
}

fn tracker_of(mock: &MockSmartsheet, id: &str) -> CreateSheet {
    CreateSheet::new(&campaign(id), Template::event_tracker(), mock.workspace_id())
}

fn row(id: &str) -> EventRow {
    EventRow::new(event(id)).set(tracker::VENUE, "Alexanderplatz").set(tracker::SCANS, 7)
}

fn rows(sheet: SheetId, count: usize) -> UpsertEventRows {
    UpsertEventRows::new(sheet, (0..count).map(|n| row(&format!("e-{n}"))).collect())
}

/// The event ids in a sheet, as the fake holds them.
fn held(mock: &MockSmartsheet, sheet: SheetId) -> Vec<String> {
    let rows = mock.fake().rows(sheet);
    rows.iter().map(|row| row.cell(tracker::EVENT_ID).unwrap_or_default().to_owned()).collect()
}

/// A client with its own settings on the fake of `backend`.
fn client(backend: &Backend, change: impl FnOnce(SmartsheetBuilder) -> SmartsheetBuilder) -> SmartsheetClient {
    let transport = Arc::new(InProcess::new(backend.clone()));
    let builder = SmartsheetClient::builder().access_token("mock-key").api_url("https://api.smartsheet.test/2.0");
    change(builder.transport(transport).clock(Arc::clone(backend.clock())).seed(1)).build().unwrap()
}
