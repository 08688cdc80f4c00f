//! Documents of events and of their campaigns.

use bytes::Bytes;
use serde_json::{Value, json};

use super::super::state::State;
use super::super::storage;
use super::asked::Asked;
use super::assets::{self, Asset, Kind};
use super::{Outcome, created, ok};

/// Each campaign has one document; its id is that of the campaign and so much.
const GUIDES: i64 = 900_000;
const GUIDE: &[u8] = b"%PDF-1.4\n% Brand guide\n%%EOF\n";

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.method() {
        "list" => list(state, asked),
        "form" => assets::event(state, asked).and_then(|_| assets::form(asked)),
        "create" => created(assets::create(state, asked, Kind::Document)?.view(asked.request, asked.now)),
        "update" => assets::update(state, asked, Kind::Document),
        _ => Err(asked.unknown()),
    }
}

fn list(state: &State, asked: &Asked<'_>) -> Outcome {
    let event = assets::event(state, asked)?;
    let guide = state.event(event).map(|event| guide(asked, event.project));
    let documents = state.stores.assets.of_event(Kind::Document, event);
    ok(documents.map(|document| view(document, asked)).chain(guide).collect())
}

fn view(document: &Asset, asked: &Asked<'_>) -> Value {
    let Asset { id, name, .. } = document;
    let address = |size| storage::address(asked.request, *id, size, name);
    json!({
        "id": id,
        "name": name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem),
        "active": document.active,
        "created_at": document.created_at.to_rfc3339(),
        "updated_at": document.updated_at.to_rfc3339(),
        "type": "document",
        "file_name": name,
        "file_size": document.bytes.len(),
        "content_type": document.mime,
        "url": storage::signed(&address("original"), *id, asked.now),
        "thumbnail": document.is_processed(asked.now).then(|| address("thumbnail")),
        "parent": "event",
    })
}

fn guide(asked: &Asked<'_>, campaign: i64) -> Value {
    let (id, name) = (GUIDES + campaign, "Brand guide.pdf");
    let address = storage::address(asked.request, id, "original", name);
    json!({
        "id": id,
        "name": "Brand guide",
        "active": true,
        "created_at": "2025-11-03T09:30:00.000-05:00",
        "updated_at": "2025-11-03T09:30:00.000-05:00",
        "type": "document",
        "file_name": name,
        "file_size": GUIDE.len(),
        "content_type": "application/pdf",
        "url": storage::signed(&address, id, asked.now),
        "thumbnail": null,
        "parent": "campaign",
    })
}

/// The same as [`assets::Store::file`], for the document of a campaign.
pub(super) fn guide_file(id: i64) -> Option<(String, Bytes, bool)> {
    (id > GUIDES).then(|| ("application/pdf".to_owned(), Bytes::from_static(GUIDE), true))
}
