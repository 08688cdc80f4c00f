//! What reports and dashboards have in common with each other: places, and being published.

use serde_json::{Map, Value, json};

use super::asked::{attributes, required_text};
use super::problem::Problem;
use super::render;
use super::state::{Place, State};

/// The way to a thing, from the outermost container around it; `plural` is what the innermost one calls it.
pub(super) fn path(state: &State, mut place: Place, plural: &'static str, leaf: Value) -> Value {
    let (mut name, mut inner) = (plural, leaf);
    loop {
        let (kind, among, id) = match place {
            Place::Home => return inner,
            Place::Folder(id) => ("folders", &state.folders, id),
            Place::Workspace(id) => ("workspaces", &state.workspaces, id),
        };
        let Some(around) = among.iter().find(|held| held.id == id) else { return inner };
        let mut node = Map::new();
        node.insert("id".into(), id.into());
        node.insert("name".into(), around.name.clone().into());
        node.insert("accessLevel".into(), "OWNER".into());
        node.insert("permalink".into(), render::permalink(kind, id).into());
        node.insert(name.into(), json!([inner]));
        (name, inner, place) = (kind, node.into(), around.place);
    }
}

/// Where a copy or move goes, and what a copy is to be called.
pub(super) fn destination(state: &State, body: &Value, named: bool) -> Result<(Place, String), Problem> {
    let known: &[_] =
        if named { &["destinationType", "destinationId", "newName"] } else { &["destinationType", "destinationId"] };
    let body = attributes(body, known)?;
    let name = if named { required_text(body, "newName", "newName")? } else { String::new() };
    let place = place(body)?;
    state.check_place(place)?;
    Ok((place, name))
}

/// The place that a type and an id stand for.
pub(super) fn place(body: &Map<String, Value>) -> Result<Place, Problem> {
    match (body.get("destinationType").and_then(Value::as_str), body.get("destinationId").and_then(Value::as_i64)) {
        (Some("folder"), Some(id)) => Ok(Place::Folder(id)),
        (Some("workspace"), Some(id)) => Ok(Place::Workspace(id)),
        (Some("home" | "HOME"), None) => Ok(Place::Home),
        (Some("folder" | "workspace" | "home" | "HOME"), _) => Err(Problem::missing("destinationId")),
        (Some(_), _) => Err(Problem::wrong_type("destinationType")),
        (None, _) => Err(Problem::missing("destinationType")),
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
