//! Photos of events.

use serde_json::{Value, json};

use super::super::state::State;
use super::asked::Asked;
use super::assets::{self, Kind};
use super::{Outcome, events, not_saved, ok, problem};

/// What a page holds. There is no second one.
const PAGE: usize = 30;

const ACCEPTED: [&str; 9] = [
    "image/bmp",
    "image/gif",
    "image/jpeg",
    "image/png",
    "video/mp4",
    "video/x-ms-wmv",
    "video/quicktime",
    "video/x-flv",
    "video/x-msvideo",
];

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.method() {
        "list" => list(state, asked),
        "form" => assets::event(state, asked).and_then(|_| assets::form(asked)),
        "create" => create(state, asked),
        "update" => assets::update(state, asked, Kind::Photo),
        _ => Err(asked.unknown()),
    }
}

fn list(state: &State, asked: &Asked<'_>) -> Outcome {
    let event = assets::event(state, asked)?;
    let place = state.event(event).and_then(|event| event.place);
    // Nothing here is of a brand.
    let wanted = asked.one_of("place[]", place) && asked.one_of("brand[]", None);
    let status = |active| if active { "Active" } else { "Inactive" };
    let photos = state.stores.assets.of_event(Kind::Photo, event);
    let photos = photos.filter(|photo| wanted && asked.spelt("status[]", status(photo.active)));
    let photos: Vec<_> = photos.map(|photo| photo.view(asked.request, asked.now)).collect();
    let results: Value = photos.iter().take(PAGE).cloned().collect();
    ok(json!({"page": 1, "total": photos.len(), "results": results}))
}

fn create(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let event = assets::event(state, asked)?;
    if events::is_full(state, event, "photos") {
        return Err(not_saved(problem("base", "No more photos can be added")));
    }
    let address = asked.sent.text("direct_upload_url").unwrap_or_default();
    let stored = state.storage.at(address, asked.request);
    if stored.is_some_and(|stored| !ACCEPTED.contains(&stored.mime.as_str())) {
        return Err(not_saved(problem("file_content_type", "is invalid")));
    }
    let photo = assets::create(state, asked, Kind::Photo)?;
    ok(photo.view(asked.request, asked.now))
}
