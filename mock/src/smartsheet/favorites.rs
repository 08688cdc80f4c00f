//! Favorites.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::asked::{Asked, Outcome, attributes, required_text, success, written};
use super::lists::by_page;
use super::problem::Problem;
use super::state::State;
use super::users::ME;

const KINDS: [&str; 6] = ["folder", "report", "sheet", "sight", "template", "workspace"];

/// What is held of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store {
    favorites: Vec<Favorite>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Favorite {
    user: i64,
    kind: String,
    id: i64,
}

impl Store {
    pub(super) fn seeded(workspace: i64, sheet: i64) -> Self {
        let favorite = |kind: &str, id| Favorite { user: ME, kind: kind.to_owned(), id };
        Self { favorites: vec![favorite("workspace", workspace), favorite("sheet", sheet)] }
    }

    pub(super) fn has(&self, user: i64, kind: &str, id: i64) -> bool {
        self.favorites.iter().any(|held| held.user == user && held.kind == kind && held.id == id)
    }
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let answer = match asked.name() {
        "favorites.list" => list(state, asked),
        "favorites.add" => add(state, asked),
        "favorites.get" => {
            let include = asked.query.words("include", &["directId", "name"])?;
            let favorite = Favorite { user: asked.user, kind: kind(asked)?, id: asked.id("favoriteId")? };
            held(state, &favorite).map(|name| shown(&favorite, &name, &include))
        }
        "favorites.remove" => remove(state, asked, &[asked.id("favoriteId")?]),
        "favorites.remove_many" => {
            let ids = asked.query.ids("objectIds")?.ok_or_else(|| Problem::bad_parameter("objectIds"))?;
            remove(state, asked, &ids)
        }
        _ => Err(asked.unknown()),
    };
    answer.map(Into::into)
}

fn kind(asked: &Asked<'_>) -> Result<String, Problem> {
    let kind = asked.text("favoriteType");
    if KINDS.contains(&kind) { Ok(kind.to_owned()) } else { Err(Problem::bad_parameter("favoriteType")) }
}

/// What the thing is called, if there is one.
fn name(state: &State, kind: &str, id: i64) -> Option<String> {
    match kind {
        "folder" => state.folder(id).ok().map(|held| held.name.clone()),
        "workspace" => state.workspace(id).ok().map(|held| held.name.clone()),
        "sheet" => state.sheet(id).ok().map(|held| held.name.clone()),
        "template" => state.sheets.get(&id).filter(|held| held.template).map(|held| held.name.clone()),
        "report" => state.reports.0.iter().find(|held| held.id == id).map(|held| held.name.clone()),
        "sight" => state.dashboards.0.iter().find(|held| held.id == id).map(|held| held.name.clone()),
        _ => None,
    }
}

/// What it is called, if it is a favorite: what was deleted is none.
fn held(state: &State, favorite: &Favorite) -> Result<String, Problem> {
    let name = name(state, &favorite.kind, favorite.id);
    name.filter(|_| state.favorites.favorites.contains(favorite)).ok_or_else(Problem::not_found)
}

fn shown(favorite: &Favorite, name: &str, include: &[&str]) -> Value {
    let mut shown =
        Map::from_iter([("type".to_owned(), json!(favorite.kind)), ("objectId".to_owned(), json!(favorite.id))]);
    if include.contains(&"name") {
        shown.insert("name".into(), name.into());
    }
    if include.contains(&"directId") {
        shown.insert("directId".into(), format!("{:x}", favorite.id).into());
    }
    shown.into()
}

fn list(state: &State, asked: &Asked<'_>) -> Result<Value, Problem> {
    let include = asked.query.words("include", &["directId", "name"])?;
    let own = state.favorites.favorites.iter().filter(|favorite| favorite.user == asked.user);
    let all: Vec<_> =
        own.filter_map(|favorite| Some(shown(favorite, &held(state, favorite).ok()?, &include))).collect();
    by_page(&all, &asked.query)
}

/// Alone, it must be none yet; among others, it is passed over.
fn add(state: &mut State, asked: &Asked<'_>) -> Result<Value, Problem> {
    let body = asked.json()?;
    let (objects, one) = match &body {
        Value::Array(objects) if objects.is_empty() => return Err(Problem::missing("favorite")),
        Value::Array(objects) => (objects.as_slice(), false),
        object => (std::slice::from_ref(object), true),
    };
    let mut new = Vec::new();
    for object in objects {
        let object = attributes(object, &["type", "objectId"])?;
        let kind = required_text(object, "type", "favorite.type")?;
        if !KINDS.contains(&kind.as_str()) {
            return Err(Problem::wrong_type("type"));
        }
        let id = object.get("objectId").ok_or_else(|| Problem::missing("favorite.objectId"))?;
        let id = id.as_i64().ok_or_else(|| Problem::wrong_type("objectId"))?;
        name(state, &kind, id).ok_or_else(Problem::not_found)?;
        let favorite = Favorite { user: asked.user, kind, id };
        if !state.favorites.favorites.contains(&favorite) && !new.contains(&favorite) {
            new.push(favorite);
        } else if one {
            return Err(Problem::bad(1129, "It is a favorite already."));
        }
    }
    let mut result: Vec<_> = new.iter().map(|favorite| shown(favorite, "", &[])).collect();
    state.favorites.favorites.extend(new);
    Ok(written(if one { result.pop().unwrap_or_default() } else { result.into() }))
}

/// All of them, or none.
fn remove(state: &mut State, asked: &Asked<'_>, ids: &[i64]) -> Result<Value, Problem> {
    let kind = kind(asked)?;
    for id in ids {
        held(state, &Favorite { user: asked.user, kind: kind.clone(), id: *id })?;
    }
    state.favorites.favorites.retain(|held| held.user != asked.user || held.kind != kind || !ids.contains(&held.id));
    Ok(success())
}
