//! Where things are and go, and how they are published.

use serde_json::{Map, Value, json};

use super::asked::{attributes, required_text};
use super::problem::Problem;
use super::render;
use super::state::{Place, State};

/// The way to a thing, from the outermost container around it. `plural` is what the innermost one calls it.
pub(super) fn path(state: &State, place: Place, plural: &str, leaf: Value) -> Result<Value, Problem> {
    let mut inner = (plural.to_owned(), leaf);
    let mut place = place;
    loop {
        let (kind, held) = match place {
            // Nothing is around it.
            Place::Home => return Ok(inner.1),
            Place::Folder(id) => ("folders", state.folder(id)?),
            Place::Workspace(id) => ("workspaces", state.workspace(id)?),
        };
        let mut node = json!({ "id": held.id, "name": held.name, "permalink": render::permalink(kind, held.id) });
        if let Some(node) = node.as_object_mut() {
            if kind == "workspaces" {
                node.insert("accessLevel".into(), "OWNER".into());
            }
            node.insert(inner.0, json!([inner.1]));
        }
        (inner, place) = ((kind.to_owned(), node), held.place);
    }
}

/// Where a copy or a move goes, and the name of a copy.
pub(super) fn destination(state: &State, body: &Value, copy: bool) -> Result<(Place, String), Problem> {
    let known: &[&str] =
        if copy { &["destinationType", "destinationId", "newName"] } else { &["destinationType", "destinationId"] };
    let body = attributes(body, known)?;
    let name = if copy { required_text(body, "newName", "newName")? } else { String::new() };
    let place = place(body)?;
    state.check_place(place)?;
    Ok((place, name))
}

/// The place that a type and an id stand for.
pub(super) fn place(body: &Map<String, Value>) -> Result<Place, Problem> {
    let id = match body.get("destinationId") {
        None | Some(Value::Null) => None,
        Some(id) => Some(id.as_i64().ok_or_else(|| Problem::wrong_type("destinationId"))?),
    };
    let kind = required_text(body, "destinationType", "destinationType")?;
    match (kind.to_lowercase().as_str(), id) {
        ("folder", Some(id)) => Ok(Place::Folder(id)),
        ("workspace", Some(id)) => Ok(Place::Workspace(id)),
        ("home", _) => Ok(Place::Home),
        ("folder" | "workspace", None) => Err(Problem::missing("destinationId")),
        _ => Err(Problem::wrong_type("destinationType")),
    }
}

/// Whether the innermost workspace or folder around a place, or the place itself, is this workspace.
pub(super) fn is_within(state: &State, mut place: Place, workspace: i64) -> bool {
    loop {
        match place {
            Place::Home => return false,
            Place::Workspace(id) => return id == workspace,
            Place::Folder(id) => match state.folders.iter().find(|folder| folder.id == id) {
                Some(folder) => place = folder.place,
                None => return false,
            },
        }
    }
}

/// How a thing is published at first.
pub(super) fn unpublished() -> Map<String, Value> {
    Map::from_iter([("readOnlyFullEnabled".to_owned(), Value::Bool(false))])
}

/// Changes how a thing is published, and gives what it is then.
pub(super) fn publish(
    held: &mut Map<String, Value>,
    body: &Value,
    known: &[&str],
    url: &str,
) -> Result<Value, Problem> {
    let body = attributes(body, known)?;
    for (name, value) in body {
        let fits = match name.as_str() {
            "readOnlyFullAccessibleBy" => ["ALL", "ORG", "SHARED"].iter().any(|word| value == word),
            "readOnlyFullDefaultView" => ["GRID", "CARD", "CALENDAR", "GANTT"].iter().any(|word| value == word),
            _ => value.is_boolean(),
        };
        if !fits {
            return Err(Problem::bad(1031, format!("The value was not valid for the attribute {name}.")));
        }
    }
    held.extend(body.clone());
    if held.get("readOnlyFullEnabled") == Some(&Value::Bool(true)) {
        held.entry("readOnlyFullAccessibleBy").or_insert_with(|| "ALL".into());
        held.insert("readOnlyFullUrl".into(), url.into());
    } else {
        *held = unpublished();
    }
    Ok(held.clone().into())
}
