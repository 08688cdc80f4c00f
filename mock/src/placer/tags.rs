//! The account's own collections of places.

use std::collections::BTreeMap;

use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::fake::{Asked, FakePlacer};
use super::refusal::Refusal;
use super::request::{body, well_formed};
use crate::fake::{self, Reply};

/// What of this is kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store {
    tags: BTreeMap<String, Tag>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Tag {
    name: String,
    members: Vec<String>,
}

impl Store {
    /// Makes a collection of places; returns its bare id.
    pub(super) fn make(&mut self, seed: u64, name: &str, members: Vec<String>) -> String {
        let id = format!("{:08x}{:016x}", 0xa000_0000 + seed % 0x1000_0000, self.tags.len() + 1);
        self.tags.insert(id.clone(), Tag { name: name.to_owned(), members });
        id
    }

    /// The places in a collection, by its bare id or as an entity.
    pub(super) fn members(&mut self, tag: &str) -> Option<&mut Vec<String>> {
        self.tags.get_mut(tag.strip_prefix("tag:").unwrap_or(tag)).map(|tag| &mut tag.members)
    }

    /// The collections that a place is in, as entities with their names.
    pub(super) fn parents(&self, place: &str) -> Vec<Value> {
        let parents = self.tags.iter().filter(|(_, tag)| tag.members.iter().any(|member| member == place));
        parents.map(|(id, tag)| json!({"apiId": format!("tag:{id}"), "name": tag.name})).collect()
    }

    /// Takes a place that is gone out of all of them.
    pub(super) fn forget(&mut self, place: &str) {
        for tag in self.tags.values_mut() {
            tag.members.retain(|member| member != place);
        }
    }
}

pub(super) fn handle(fake: &FakePlacer, asked: &Asked<'_>) -> Result<Reply, Refusal> {
    match asked.operation.name {
        "tags.create" => create(fake, asked),
        "tags.add" | "tags.remove" => change(fake, asked),
        _ => Err(asked.unknown()),
    }
}

fn create(fake: &FakePlacer, asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let body = body(asked.operation, asked.request, fake.config.strict)?;
    let name = body.get("tagName").and_then(Value::as_str).filter(|name| is_name(name));
    let name = name.ok_or_else(|| Refusal::arguments("tagName must have 1 to 150 characters"))?;
    let mut state = fake.state();
    let seed = state.seed;
    let id = state.tags.make(seed, name, Vec::new());
    Ok(fake::json(StatusCode::OK, &json!({"requestId": asked.id, "data": {"result": "SUCCESS", "tagId": id}})))
}

pub(super) fn is_name(name: &str) -> bool {
    (1..=150).contains(&name.chars().count())
}

fn change(fake: &FakePlacer, asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let body = body(asked.operation, asked.request, fake.config.strict)?;
    let tag = body.get("tagId").and_then(Value::as_str).unwrap_or_default();
    let places: Option<Vec<&str>> =
        body.get("apiIds").and_then(Value::as_array).and_then(|ids| ids.iter().map(Value::as_str).collect());
    let places =
        places.filter(|ids| !ids.is_empty()).ok_or_else(|| Refusal::arguments("apiIds must be a list of ids"))?;
    let mut state = fake.state();
    let known: Vec<bool> = places.iter().map(|id| state.is_entity(id)).collect();
    let members = match state.tags.members(tag) {
        Some(members) if !tag.starts_with("tag:") => members,
        _ => return Err(Refusal::arguments("tagId is unknown")),
    };
    let adding = asked.operation.name == "tags.add";
    let mut items = Vec::new();
    for (id, known) in places.into_iter().zip(known) {
        let position = members.iter().position(|member| member == id);
        let outcome = match (well_formed(id), adding, position) {
            (false, ..) => Err("apiId is malformed"),
            (true, true, _) if !known => Err("entity not found"),
            (true, true, None) => {
                members.push(id.to_owned());
                Ok(())
            }
            (true, true, Some(_)) => Ok(()),
            (true, false, Some(position)) => {
                members.remove(position);
                Ok(())
            }
            (true, false, None) => Err("entity is not in the tag"),
        };
        items.push(match outcome {
            Ok(()) => json!({"status": "SUCCESS", "code": 0, "apiId": id}),
            Err(message) => {
                json!({"status": "FAILURE", "code": 2002, "details": "INVALID_ARGUMENTS", "message": message, "apiId": id})
            }
        });
    }
    if items.iter().all(|item| item.get("code") == Some(&json!(0))) {
        let data = json!({"result": "SUCCESS", "tagId": tag});
        return Ok(fake::json(StatusCode::OK, &json!({"requestId": asked.id, "data": data})));
    }
    let body = json!({"requestId": asked.id, "data": {"tagId": tag}, "items": items});
    Ok(fake::json(StatusCode::MULTI_STATUS, &body))
}
