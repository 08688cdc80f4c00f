//! Images in cells and summary fields, and their addresses.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::asked::{Asked, Outcome, attributes, required_text};
use super::files;
use super::multipart;
use super::problem::Problem;
use super::render;
use super::state::{Cell, State};

const MAX_ALT_TEXT: usize = 100;

/// What is held of them, by their ids.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store(BTreeMap<String, multipart::File>);

impl Store {
    /// What is in an image, and its type.
    pub(super) fn file(&self, id: &str) -> Option<(String, Bytes)> {
        self.0.get(id).map(|file| (file.mime.clone(), file.bytes.clone()))
    }
}

/// An image that was uploaded: as it is shown, and the name of its file.
pub(super) fn upload(state: &mut State, asked: &Asked<'_>) -> Result<(Value, String), Problem> {
    asked.query.flag("overrideValidation")?;
    let alt_text = asked.query.get("altText");
    if alt_text.is_some_and(|text| text.chars().count() > MAX_ALT_TEXT) {
        return Err(Problem::bad(1165, "The alternative text must have at most 100 characters."));
    }
    let file = multipart::file(asked)?;
    if !file.mime.starts_with("image/") {
        return Err(Problem::new(415, 1124, "Invalid Content-Type header. Media type not supported."));
    }
    let (width, height) = size(&file.bytes);
    let (id, name) = (format!("{:x}", state.new_id()), file.name.clone());
    let mut shown = json!({ "id": id, "width": width, "height": height });
    if let (Some(text), Some(shown)) = (alt_text, shown.as_object_mut()) {
        shown.insert("altText".into(), text.into());
    }
    state.images.0.insert(id, file);
    Ok((shown, name))
}

/// In pixels: as a PNG says it, else something plausible.
fn size(bytes: &[u8]) -> (u32, u32) {
    let number = |at: usize| {
        let number = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(number))
    };
    let is_png = bytes.starts_with(b"\x89PNG");
    number(16).zip(number(20)).filter(|_| is_png).unwrap_or((640, 480))
}

/// Puts an image into a cell, as `POST` on `…/cellimages`.
pub(super) fn into_cell(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let (sheet, row, column) = (asked.id("sheetId")?, asked.id("rowId")?, asked.id("columnId")?);
    let held = state.sheet(sheet)?;
    held.position(row).ok_or_else(Problem::not_found)?;
    if held.column(column).ok_or_else(Problem::not_found)?.is_system() {
        return Err(Problem::bad(1046, "A system column cannot be written."));
    }
    let (image, name) = upload(state, asked)?;
    let text = |member: &str| image.get(member).and_then(Value::as_str).map(str::to_owned);
    let shown = text("altText").unwrap_or(name);
    let cell = Cell {
        value: Some(json!(shown)),
        display: Some(shown.clone()),
        formula: Some(format!("=SYS_CELLIMAGE(\"{shown}\",\"{}\")", text("id").unwrap_or_default())),
        image: Some(image),
        ..Cell::default()
    };
    let (now, held) = (asked.now, state.sheet_mut(sheet)?);
    let changed = held.rows.iter_mut().find(|held| held.id == row).ok_or_else(Problem::not_found)?;
    let before = changed.cells.insert(column, cell.clone());
    changed.version += 1;
    changed.modified_at = now;
    let created = changed.created_at;
    held.touched(now);
    let version = held.version;
    let shown = render::row(held, row, &render::Shape::written());
    state.cell_history.changed((row, column), created, before, cell, now);
    Ok(json!({ "message": "SUCCESS", "resultCode": 0, "version": version, "result": shown }).into())
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.name() {
        "images.urls" => urls(state, asked).map(Into::into),
        _ => Err(asked.unknown()),
    }
}

/// An image that does not exist has an error in place of an address.
fn urls(state: &mut State, asked: &Asked<'_>) -> Result<Value, Problem> {
    let body = asked.json()?;
    let images = body.as_array().ok_or_else(|| Problem::wrong_type("imageUrls"))?;
    let mut urls = Vec::new();
    for image in images {
        let image = attributes(image, &["imageId", "width", "height"])?;
        let id = required_text(image, "imageId", "imageUrl.imageId")?;
        urls.push(if state.images.0.contains_key(&id) {
            let mut shown = image.clone();
            shown.insert("url".into(), files::address(asked.request, "images", &id, asked.now).into());
            Value::from(shown)
        } else {
            json!({ "imageId": id, "error": Problem::not_found().body(&state.reference()) })
        });
    }
    Ok(json!({ "imageUrls": urls, "urlExpiresInMillis": files::LIFE.num_milliseconds() }))
}
