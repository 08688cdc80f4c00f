//! What is set for a sheet besides columns and rows, and how it is published.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::asked::{Asked, Outcome, attributes, required_text, success, written};
use super::problem::Problem;
use super::query::Query;
use super::render;
use super::state::{Place, Sheet, State};
use super::users::ME;
use crate::snapshot::pairs;

/// What is held of them, by sheet.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store {
    project: BTreeMap<i64, Value>,
    /// By user, too.
    #[serde(with = "pairs")]
    user: BTreeMap<(i64, i64), Map<String, Value>>,
    published: BTreeMap<i64, Map<String, Value>>,
}

const DAYS: [&str; 7] = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];
const PAPERS: [&str; 10] = ["LETTER", "LEGAL", "WIDE", "ARCHD", "ARCHID", "A4", "A3", "A2", "A1", "A0"];

/// The ways to publish a sheet, and the address that each of them gets.
const WAYS: [(&str, &str); 4] = [
    ("readOnlyLiteEnabled", "readOnlyLiteUrl"),
    ("readOnlyFullEnabled", "readOnlyFullUrl"),
    ("readWriteEnabled", "readWriteUrl"),
    ("icalEnabled", "icalUrl"),
];
const AUDIENCES: [&str; 2] = ["readOnlyFullAccessibleBy", "readWriteAccessibleBy"];
const VIEWS: [&str; 2] = ["readOnlyFullDefaultView", "readWriteDefaultView"];
const TOOLBARS: [&str; 2] = ["readOnlyFullShowToolbar", "readWriteShowToolbar"];

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let id = asked.id("sheetId")?;
    state.sheet(id)?;
    let answer = match asked.name() {
        "sheets.update" => update(state, id, asked),
        "sheets.send" => send(&asked.json()?),
        "sheets.publish" => publish(state, id, &asked.json()?, asked.now),
        "sheets.publish_status" => Ok(published(state, id)),
        _ => Err(asked.unknown()),
    };
    answer.map(Into::into)
}

/// Who owns what is in the account.
pub(super) fn owner(state: &State) -> Map<String, Value> {
    let owner = state.users.find(ME);
    let shown = owner.map(|owner| json!({ "owner": owner.email, "ownerId": owner.id }));
    shown.as_ref().and_then(Value::as_object).cloned().unwrap_or_default()
}

/// Adds to a sheet that is read what is not in its columns and rows.
pub(super) fn show(state: &State, sheet: &Sheet, query: &Query, shown: &mut Value) -> Result<(), Problem> {
    let Some(shown) = shown.as_object_mut() else { return Ok(()) };
    let include: Vec<_> = query.get("include").unwrap_or_default().split(',').collect();
    if include.contains(&"ownerInfo") {
        shown.extend(owner(state));
    }
    if let (true, Some(source)) = (include.contains(&"source"), sheet.source) {
        shown.insert("source".into(), json!({ "id": source, "type": "sheet" }));
    }
    if let Some(workspace) = workspace_of(state, sheet.place)? {
        shown.insert("workspace".into(), workspace);
    }
    let store = &state.sheet_settings;
    if let Some(settings) = store.project.get(&sheet.id) {
        shown.insert("projectSettings".into(), settings.clone());
    }
    let mut chosen = Map::from_iter([
        ("criticalPathEnabled".to_owned(), Value::Bool(false)),
        ("displaySummaryTasks".to_owned(), Value::Bool(true)),
    ]);
    chosen.extend(store.user.get(&(sheet.id, ME)).cloned().unwrap_or_default());
    shown.insert("userSettings".into(), chosen.into());
    shown.insert("userPermissions".into(), json!({ "summaryPermissions": "ADMIN" }));
    if state.favorites.has(ME, "sheet", sheet.id) {
        shown.insert("favorite".into(), true.into());
    }
    Ok(())
}

/// The workspace around a place.
fn workspace_of(state: &State, mut place: Place) -> Result<Option<Value>, Problem> {
    loop {
        place = match place {
            Place::Home => return Ok(None),
            Place::Folder(id) => state.folder(id)?.place,
            Place::Workspace(id) => return Ok(Some(render::container("workspaces", state.workspace(id)?))),
        }
    }
}

fn update(state: &mut State, id: i64, asked: &Asked<'_>) -> Result<Value, Problem> {
    let body = asked.json()?;
    let body = attributes(&body, &["name", "projectSettings", "userSettings"])?;
    let name = body.get("name").map(|_| required_text(body, "name", "sheet.name")).transpose()?;
    if let Some(settings) = body.get("projectSettings") {
        project(settings)?;
        state.sheet_settings.project.insert(id, settings.clone());
    }
    if let Some(settings) = body.get("userSettings") {
        let settings = attributes(settings, &["criticalPathEnabled", "displaySummaryTasks"])?;
        if let Some((name, _)) = settings.iter().find(|(_, value)| !value.is_boolean()) {
            return Err(Problem::wrong_type(name));
        }
        state.sheet_settings.user.entry((id, asked.user)).or_default().extend(settings.clone());
    }
    let sheet = state.sheet_mut(id)?;
    if let Some(name) = name {
        sheet.name = name;
        sheet.touched(asked.now);
    }
    let mut result = Value::from(render::summary(sheet));
    show(state, state.sheet(id)?, &asked.query, &mut result)?;
    Ok(written(result))
}

fn project(settings: &Value) -> Result<(), Problem> {
    let settings = attributes(settings, &["lengthOfDay", "nonWorkingDays", "workingDays"])?;
    if settings.get("lengthOfDay").is_some_and(|hours| !hours.as_f64().is_some_and(|h| (0.0..=24.0).contains(&h))) {
        return Err(Problem::bad(1149, "The value of lengthOfDay must be from 0 to 24."));
    }
    let texts = |name: &str, fits: fn(&str) -> bool| match settings.get(name) {
        None => Ok(()),
        Some(Value::Array(list)) if list.iter().all(|day| day.as_str().is_some_and(fits)) => Ok(()),
        Some(_) => Err(Problem::wrong_type(name)),
    };
    texts("nonWorkingDays", |day| day.parse::<chrono::NaiveDate>().is_ok())?;
    texts("workingDays", |day| DAYS.contains(&day))
}

fn send(body: &Value) -> Result<Value, Problem> {
    let body = attributes(body, &["sendTo", "subject", "message", "ccMe", "format", "formatDetails"])?;
    let to = body.get("sendTo").and_then(Value::as_array).filter(|to| !to.is_empty());
    for to in to.ok_or_else(|| Problem::missing("sendTo"))? {
        let to = attributes(to, &["email", "groupId"])?;
        let email = to.get("email").and_then(Value::as_str);
        if email.is_some_and(|email| !email.contains('@')) {
            return Err(Problem::bad(1156, "The e-mail address is invalid."));
        }
        if email.is_some() == to.get("groupId").is_some_and(Value::is_i64) {
            return Err(Problem::missing("sendTo.email"));
        }
    }
    let format = required_text(body, "format", "format")?;
    if !["PDF", "PDF_GANTT", "EXCEL"].contains(&format.as_str()) {
        return Err(Problem::wrong_type("format"));
    }
    if let Some(details) = body.get("formatDetails") {
        let paper = attributes(details, &["paperSize"])?.get("paperSize").and_then(Value::as_str);
        if paper.is_some_and(|paper| !PAPERS.contains(&paper)) {
            return Err(Problem::wrong_type("paperSize"));
        }
    }
    Ok(success())
}

fn published(state: &State, id: i64) -> Value {
    let mut shown: Map<_, _> = WAYS.iter().map(|(way, _)| ((*way).to_owned(), Value::Bool(false))).collect();
    shown.extend(state.sheet_settings.published.get(&id).cloned().unwrap_or_default());
    shown.into()
}

fn publish(state: &mut State, id: i64, body: &Value, now: DateTime<Utc>) -> Result<Value, Problem> {
    let known: Vec<_> = WAYS.iter().map(|(way, _)| *way).chain(AUDIENCES).chain(VIEWS).chain(TOOLBARS).collect();
    let body = attributes(body, &known)?;
    let one_of = |names: &[&str], words: &[&str]| {
        let odd = names.iter().filter_map(|name| Some((name, body.get(*name)?)));
        match odd.into_iter().find(|(_, value)| !value.as_str().is_some_and(|word| words.contains(&word))) {
            Some((name, _)) => Err(Problem::wrong_type(name)),
            None => Ok(()),
        }
    };
    one_of(&AUDIENCES, &["ALL", "ORG", "SHARED"])?;
    one_of(&VIEWS, &["GRID", "CARD", "CALENDAR", "GANTT"])?;
    let flags = WAYS.iter().map(|(way, _)| *way).chain(TOOLBARS);
    if let Some(name) = flags.into_iter().find(|name| body.get(*name).is_some_and(|value| !value.is_boolean())) {
        return Err(Problem::wrong_type(name));
    }
    let held = state.sheet_settings.published.entry(id).or_default();
    held.extend(body.clone());
    for (way, address) in WAYS {
        if held.get(way).and_then(Value::as_bool) == Some(true) {
            let token = way.trim_end_matches("Enabled").to_lowercase();
            held.insert(address.to_owned(), format!("https://app.smartsheet.test/b/publish?EQBCT={token}{id}").into());
        } else {
            held.remove(address);
        }
    }
    // Who may open it, where nobody has said so.
    for (way, audience) in
        [("readOnlyFullEnabled", "readOnlyFullAccessibleBy"), ("readWriteEnabled", "readWriteAccessibleBy")]
    {
        if held.get(way).and_then(Value::as_bool) == Some(true) {
            held.entry(audience).or_insert_with(|| "ALL".into());
        }
    }
    state.sheet_mut(id)?.modified_at = now;
    Ok(written(published(state, id)))
}
