//! Events: what happens in the fake is told afterwards.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::API_KEY;
use super::asked::{Answer, Asked, Outcome};
use super::problem::Problem;
use super::render;
use super::state::{State, Word};
use super::users::ME;

/// So many are kept at least; older ones go.
const KEPT: usize = 10_000;

/// What happened.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store {
    /// How many have gone.
    gone: usize,
    events: Vec<Event>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Event {
    at: DateTime<Utc>,
    kind: Word,
    action: Word,
    object: Object,
    user: i64,
    source: Word,
    details: Map<String, Value>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
enum Object {
    Number(i64),
    Text(String),
}

impl Store {
    /// A few days of everyday work.
    pub(super) fn seeded(state: &State, now: DateTime<Utc>) -> Self {
        let mut store = Self::default();
        let mut add = |days: i64, kind: &'static str, action: &'static str, object, user, details: Value| {
            let (kind, action, source) = (kind.into(), action.into(), "WEB_APP".into());
            let details = details.as_object().cloned().unwrap_or_default();
            let at = now - TimeDelta::days(days) - TimeDelta::minutes(7 * days);
            store.events.push(Event { at, kind, action, object, user, source, details });
        };
        for workspace in &state.workspaces {
            let named = json!({ "workspaceName": workspace.name });
            add(30, "WORKSPACE", "CREATE", Object::Number(workspace.id), ME, named);
        }
        for (days, sheet) in (21..).zip(state.sheets_in_order()).take(8) {
            let named = json!({ "sheetName": sheet.name });
            add(50 - days, "SHEET", "CREATE", Object::Number(sheet.id), ME, named);
        }
        let jane = 3_512_907_461_850_244;
        add(12, "USER", "ADD_TO_ACCOUNT", Object::Number(jane), ME, json!({}));
        for (days, sheet) in (3..).zip(state.sheets_in_order().filter(|sheet| !sheet.template)).take(4) {
            add(10 - days, "SHEET", "LOAD", Object::Number(sheet.id), jane, json!({ "sheetName": sheet.name }));
        }
        let token = Object::Text("token-for-nightly-export".to_owned());
        add(1, "ACCESS_TOKEN", "AUTHORIZE", token, ME, json!({ "tokenName": "nightly export" }));
        store.events.sort_by_key(|event| event.at);
        store
    }

    fn push(&mut self, event: Event) {
        if self.events.len() >= 2 * KEPT {
            self.events.drain(..KEPT);
            self.gone += KEPT;
        }
        self.events.push(event);
    }
}

/// Of which things an operation of this resource is told, and the parameter that names them.
fn object(resource: &str) -> Option<(&'static str, &'static str)> {
    Some(match resource {
        "sheets"
        | "rows"
        | "columns"
        | "cells"
        | "summaries"
        | "filters"
        | "automation_rules"
        | "cross_sheet_references" => ("SHEET", "sheetId"),
        "workspaces" => ("WORKSPACE", "workspaceId"),
        "folders" => ("FOLDER", "folderId"),
        "reports" => ("REPORT", "reportId"),
        "dashboards" => ("DASHBOARD", "sightId"),
        "attachments" => ("ATTACHMENT", "attachmentId"),
        "discussions" | "comments" => ("DISCUSSION", "discussionId"),
        "update_requests" => ("UPDATE_REQUEST", "updateRequestId"),
        "users" => ("USER", "userId"),
        "groups" => ("GROUP", "groupId"),
        "oauth" | "tokens" => ("ACCESS_TOKEN", ""),
        _ => return None,
    })
}

fn action(resource: &str, method: &str) -> &'static str {
    let is = |words: &[&str]| words.iter().any(|word| method.starts_with(word));
    match (resource, method) {
        ("oauth", _) => "AUTHORIZE",
        ("tokens", _) => "REVOKE",
        ("users", "add") => "ADD_TO_ACCOUNT",
        ("users", "remove") => "REMOVE_FROM_ACCOUNT",
        ("users", "deactivate") => "DEACTIVATE_USER",
        ("users", "reactivate") => "REACTIVATE_USER",
        ("users", _) => "UPDATE_USER",
        ("groups", "add_members") => "ADD_MEMBER",
        ("groups", "remove_member") => "REMOVE_MEMBER",
        ("rows" | "columns" | "cells" | "summaries" | "filters" | "automation_rules" | "cross_sheet_references", _) => {
            "UPDATE"
        }
        _ if is(&["copy"]) => "SAVE_AS_NEW",
        _ if is(&["move"]) => "MOVE",
        _ if is(&["send"]) => "SEND_AS_ATTACHMENT",
        _ if is(&["delete"]) => "DELETE",
        _ if is(&["create", "import", "attach", "add"]) => "CREATE",
        _ => "UPDATE",
    }
}

/// Notes that something was done.
pub(super) fn note(state: &mut State, asked: &Asked<'_>, answer: &Answer) {
    let resource = asked.operation.resource();
    let method = asked.name().split_once('.').map_or("", |(_, method)| method);
    let Some((kind, parameter)) = object(resource).filter(|_| asked.operation.is_write()) else { return };
    let action = action(resource, method);
    let new = match answer {
        Answer::Json(body) => body.get("result").and_then(|result| result.get("id")).and_then(Value::as_i64),
        Answer::File(..) => None,
    };
    let creates = ["CREATE", "SAVE_AS_NEW", "ADD_TO_ACCOUNT"].contains(&action);
    let object = match (new.filter(|_| creates), asked.id(parameter)) {
        (Some(id), _) | (None, Ok(id)) => Object::Number(id),
        (None, Err(_)) => Object::Text(format!("{kind}-{}", state.events.events.len())),
    };
    let own_key = asked.header("authorization").and_then(|given| given.strip_prefix("Bearer ")) == Some(API_KEY);
    let source = if own_key { "API_UNDEFINED_APP" } else { "API_INTEGRATED_APP" };
    let mut details = Map::new();
    if let Some(email) = state.users.find(asked.user).map(|user| user.email.clone()) {
        details.insert("emailAddress".into(), email.into());
    }
    let (at, user) = (asked.now, asked.user);
    let event = Event { at, kind: kind.into(), action: action.into(), object, user, source: source.into(), details };
    state.events.push(event);
}

fn shown(number: usize, event: &Event) -> Value {
    // Ids that are no numbers have one that is no id.
    let (id, text) = match &event.object {
        Object::Number(id) => (*id, id.to_string()),
        Object::Text(text) => (-1, text.clone()),
    };
    let mut shown = json!({
        "eventId": format!("2.1.{:016x}", 0x5eed_0000_0000 + number), "objectType": event.kind, "action": event.action,
        "objectId": id, "objectIdStr": text, "userId": event.user, "requestUserId": event.user,
        "eventTimestamp": render::time(event.at), "source": event.source, "additionalDetails": event.details,
    });
    if let (true, Some(shown)) = (event.source != "WEB_APP", shown.as_object_mut()) {
        shown.insert("accessTokenName".into(), "mock".into());
    }
    shown
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.name() {
        "events.list" => list(&state.events, asked).map(Into::into),
        _ => Err(asked.unknown()),
    }
}

fn list(store: &Store, asked: &Asked<'_>) -> Result<Value, Problem> {
    let query = &asked.query;
    let count = query.number("maxCount")?.unwrap_or(1000);
    if !(1..=10_000).contains(&count) {
        return Err(Problem::bad_parameter("maxCount"));
    }
    query.ids("managedPlanId")?;
    let to = query.time("to")?;
    let position = |text: &str| text.strip_prefix("pos").and_then(|hex| usize::from_str_radix(hex, 16).ok());
    let start = match (query.time("since")?, query.get("streamPosition")) {
        (Some(since), None) => store.events.partition_point(|event| event.at < since),
        (None, Some(text)) => {
            let number = position(text).filter(|number| *number <= store.gone + store.events.len());
            let number = number.ok_or_else(|| Problem::bad_parameter("streamPosition"))?;
            number.saturating_sub(store.gone)
        }
        _ => return Err(Problem::bad(1018, "Either since or streamPosition must be given, and not both.")),
    };
    let last = to.map_or(store.events.len(), |to| store.events.partition_point(|event| event.at < to));
    let end = last.min(start.saturating_add(count)).max(start.min(last));
    let events = store.events.get(start..end).unwrap_or_default();
    let data: Vec<_> = (store.gone + start..).zip(events).map(|(number, event)| shown(number, event)).collect();
    let next = format!("pos{:x}", store.gone + end.max(start));
    Ok(json!({ "nextStreamPosition": next, "moreAvailable": end < last, "data": data }))
}
