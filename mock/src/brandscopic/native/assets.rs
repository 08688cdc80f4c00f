//! Files of events: photos, documents, receipts.

use std::collections::BTreeSet;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use connectors_core::HttpRequest;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::answer::Answer;
use super::super::state::State;
use super::super::storage;
use super::asked::Asked;
use super::{Outcome, Problems, not_found, not_saved, nothing, problem};
use crate::snapshot;

/// How long it takes until the smaller pictures are there.
const PROCESSING: TimeDelta = TimeDelta::seconds(30);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Kind {
    Photo,
    Document,
    Receipt,
}

/// A file, as it was registered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Asset {
    pub(super) id: i64,
    kind: Kind,
    event: i64,
    pub(super) name: String,
    pub(super) mime: String,
    #[serde(with = "snapshot::base64")]
    pub(super) bytes: Bytes,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
    pub(super) active: bool,
}

impl Asset {
    pub(super) fn is_processed(&self, now: DateTime<Utc>) -> bool {
        now - self.created_at >= PROCESSING
    }

    pub(super) fn view(&self, request: &HttpRequest, now: DateTime<Utc>) -> Value {
        let processed = self.is_processed(now);
        let address = |size: &str| storage::address(request, self.id, size, &self.name);
        let smaller = |size: &str| processed.then(|| address(size));
        json!({
            "id": self.id,
            "file_file_name": self.name,
            "file_file_size": self.bytes.len(),
            "file_content_type": self.mime,
            "created_at": self.created_at.to_rfc3339(),
            "active": self.active,
            "file_small": smaller("small"),
            "file_thumbnail": smaller("thumbnail"),
            "file_medium": smaller("medium"),
            "file_original": address("original"),
            "processed": processed,
        })
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store {
    assets: Vec<Asset>,
    /// The addresses that were registered.
    taken: BTreeSet<String>,
}

impl Store {
    pub(super) fn of_event(&self, kind: Kind, event: i64) -> impl Iterator<Item = &Asset> {
        self.assets.iter().filter(move |asset| asset.kind == kind && asset.event == event)
    }

    pub(super) fn get(&self, id: i64) -> Option<&Asset> {
        self.assets.iter().find(|asset| asset.id == id)
    }

    /// What it is, what is in it, and whether its address has to be signed.
    pub(super) fn file(&self, id: i64) -> Option<(String, Bytes, bool)> {
        self.get(id).map(|asset| (asset.mime.clone(), asset.bytes.clone(), asset.kind == Kind::Document))
    }
}

/// What allows one to put a file into the storage.
#[expect(clippy::unnecessary_wraps, reason = "what a resource answers")]
pub(super) fn form(asked: &Asked<'_>) -> Outcome {
    Ok(Answer::written(storage::form(asked.request, asked.now)))
}

/// The event in the path.
pub(super) fn event(state: &State, asked: &Asked<'_>) -> Result<i64, Answer> {
    let id = asked.id("event")?;
    state.event(id).map(|event| event.id).ok_or_else(not_found)
}

/// Registers what lies at an address, once.
pub(super) fn register(
    state: &mut State,
    asked: &Asked<'_>,
    (kind, event): (Kind, i64),
    address: &str,
) -> Result<Asset, Problems> {
    let stored = state.storage.at(address, asked.request).cloned();
    let stored = stored.ok_or_else(|| problem("direct_upload_url", "is invalid"))?;
    if !state.stores.assets.taken.insert(address.to_owned()) {
        return Err(problem("direct_upload_url", "has already been taken"));
    }
    let asset = Asset {
        id: state.fresh_id(),
        kind,
        event,
        name: stored.name().to_owned(),
        mime: stored.mime.clone(),
        bytes: stored.bytes.clone(),
        created_at: asked.now,
        updated_at: asked.now,
        active: true,
    };
    state.stores.assets.assets.push(asset.clone());
    Ok(asset)
}

/// Creates a photo or a document of an event.
pub(super) fn create(state: &mut State, asked: &Asked<'_>, kind: Kind) -> Result<Asset, Answer> {
    let event = event(state, asked)?;
    let address = asked.sent.text("direct_upload_url").unwrap_or_default().to_owned();
    register(state, asked, (kind, event), &address).map_err(not_saved)
}

/// Activates or deactivates a photo or a document of an event. Only the words are understood.
pub(super) fn update(state: &mut State, asked: &Asked<'_>, kind: Kind) -> Outcome {
    let (event, id) = (event(state, asked)?, asked.id("id")?);
    let active = match asked.sent.text("active") {
        Some("true") => true,
        Some("false") => false,
        _ => return Err(not_saved(problem("active", "is not included in the list"))),
    };
    let mut assets = state.stores.assets.assets.iter_mut();
    let found = assets.find(|asset| asset.id == id && asset.kind == kind && asset.event == event);
    let asset = found.ok_or_else(not_found)?;
    (asset.active, asset.updated_at) = (active, asked.now);
    nothing()
}
