//! Reports.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::asked::{Asked, Outcome, attributes, required_text, success, written};
use super::lists::{by_page, by_token};
use super::placed;
use super::problem::Problem;
use super::render::{permalink, time};
use super::report_rows::{self, column_shown};
use super::sheets::{Renamed, known_kind};
use super::state::{Place, State};

/// What is held of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store(pub(super) Vec<Report>);

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Report {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) place: Place,
    /// As they were given, with a `virtualId`.
    pub(super) columns: Vec<Map<String, Value>>,
    /// Kinds and ids of what it is about.
    pub(super) scope: Vec<(String, i64)>,
    pub(super) definition: Map<String, Value>,
    pub(super) summary: bool,
    published: Map<String, Value>,
    pub(super) version: u64,
    pub(super) created_at: DateTime<Utc>,
    pub(super) modified_at: DateTime<Utc>,
}

impl Store {
    fn get(&self, id: i64) -> Result<&Report, Problem> {
        self.0.iter().find(|report| report.id == id).ok_or_else(Problem::not_found)
    }

    fn get_mut(&mut self, id: i64) -> Result<&mut Report, Problem> {
        self.0.iter_mut().find(|report| report.id == id).ok_or_else(Problem::not_found)
    }
}

impl Report {
    pub(super) fn shown(&self) -> Map<String, Value> {
        let shown = json!({
            "id": self.id, "name": self.name, "accessLevel": "OWNER", "permalink": permalink("reports", self.id),
            "createdAt": time(self.created_at), "modifiedAt": time(self.modified_at), "isSummaryReport": self.summary,
        });
        shown.as_object().cloned().unwrap_or_default()
    }

    fn touched(&mut self, now: DateTime<Utc>) {
        self.version += 1;
        self.modified_at = now;
    }

    fn column(&self, id: i64) -> Result<usize, Problem> {
        let found = self.columns.iter().position(|column| column.get("virtualId") == Some(&json!(id)));
        found.ok_or_else(Problem::not_found)
    }

    fn shown_column(&self, position: usize, level: usize) -> Value {
        self.columns.get(position).map(|column| column_shown(column, position, level)).unwrap_or_default()
    }
}

/// A report over the list of stores.
pub(super) fn seed(state: &mut State, place: Place, sheet: i64, now: DateTime<Utc>) {
    let columns = [
        json!({ "title": "Sheet Name", "type": "TEXT_NUMBER", "sheetNameColumn": true }),
        json!({ "title": "Primary", "type": "TEXT_NUMBER", "primary": true }),
        json!({ "title": "City", "type": "PICKLIST" }),
        json!({ "title": "Teams", "type": "MULTI_PICKLIST" }),
    ];
    let powered =
        json!({ "column": { "title": "Power on site", "type": "CHECKBOX" }, "operator": "EQUAL", "values": ["true"] });
    let definition = json!({ "filters": { "operator": "AND", "criteria": [powered] } });
    let (at, id) = (now - TimeDelta::days(150), state.new_id());
    let columns = columns.iter().filter_map(|column| Some(with_id(state, column.as_object()?.clone()))).collect();
    state.reports.0.push(Report {
        id,
        name: "Stores with power".into(),
        place,
        columns,
        scope: vec![("sheet".into(), sheet)],
        definition: definition.as_object().cloned().unwrap_or_default(),
        summary: false,
        published: placed::unpublished(),
        version: 1,
        created_at: at,
        modified_at: at,
    });
}

fn with_id(state: &mut State, mut column: Map<String, Value>) -> Map<String, Value> {
    column.remove("index");
    column.insert("virtualId".into(), state.new_id().into());
    column
}

const PUBLISH: [&str; 4] =
    ["readOnlyFullEnabled", "readOnlyFullAccessibleBy", "readOnlyFullDefaultView", "readOnlyFullShowToolbar"];

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    if asked.name() == "reports.get" {
        return report_rows::get(state, state.reports.get(asked.id("reportId")?)?, asked);
    }
    let (query, now) = (&asked.query, asked.now);
    let id = || asked.id("reportId");
    let answer = match asked.name() {
        "reports.list" => {
            let since = query.time("modifiedSince")?;
            let wanted = state.reports.0.iter().filter(|held| since.is_none_or(|since| held.modified_at > since));
            by_page(&wanted.map(|held| held.shown().into()).collect::<Vec<_>>(), query)?
        }
        "reports.create" => create(state, &asked.json()?, now)?,
        "reports.delete" => {
            let id = state.reports.get(id()?)?.id;
            state.reports.0.retain(|held| held.id != id);
            success()
        }
        "reports.send" => {
            state.reports.get(id()?)?;
            let body = asked.json()?;
            let body = attributes(&body, &["sendTo", "subject", "message", "ccMe", "format", "formatDetails"])?;
            if body.get("sendTo").and_then(Value::as_array).is_none_or(Vec::is_empty) {
                return Err(Problem::missing("email.sendTo"));
            }
            success()
        }
        "reports.publish_status" => state.reports.get(id()?)?.published.clone().into(),
        "reports.publish" => {
            let (body, url) = (asked.json()?, format!("https://publish.smartsheet.test/reports/{:x}", id()?));
            written(placed::publish(&mut state.reports.get_mut(id()?)?.published, &body, &PUBLISH, &url)?)
        }
        "reports.path" => {
            let held = state.reports.get(id()?)?;
            placed::path(state, held.place, "reports", held.shown().into())?
        }
        "reports.scope" => {
            let scope = state.reports.get(id()?)?.scope.iter();
            let all: Vec<_> = scope.map(|(kind, id)| json!({ "assetType": kind, "assetId": id })).collect();
            by_token(&all, query, state.page_cap)?
        }
        "reports.add_scope" | "reports.remove_scope" => {
            let held = state.reports.get(id()?)?;
            let given = scope(state, &asked.json()?)?;
            let mut scope = held.scope.clone();
            scope.retain(|item| !given.contains(item));
            if asked.name() == "reports.add_scope" {
                scope.extend(given);
            }
            if scope.len() > MAX_SCOPE {
                return Err(too_many("scope"));
            }
            let held = state.reports.get_mut(id()?)?;
            held.scope = scope;
            held.touched(now);
            success()
        }
        "reports.definition" => state.reports.get(id()?)?.definition.clone().into(),
        "reports.update_definition" => {
            let change = report_rows::definition(&asked.json()?)?;
            let held = state.reports.get_mut(id()?)?;
            held.definition.extend(change);
            // What is set to nothing is gone.
            held.definition.retain(|_, value| !value.is_null());
            held.touched(now);
            written(held.definition.clone())
        }
        _ => columns(state, asked)?,
    };
    Ok(answer.into())
}

fn columns(state: &mut State, asked: &Asked<'_>) -> Result<Value, Problem> {
    let (report, now) = (asked.id("reportId")?, asked.now);
    let held = state.reports.get(report)?;
    let level = asked.query.number("level")?.unwrap_or(0);
    let column = || asked.id("columnVirtualId");
    match asked.name() {
        "reports.columns" => {
            let all: Vec<_> = (0..held.columns.len()).map(|position| held.shown_column(position, level)).collect();
            by_token(&all, &asked.query, state.page_cap)
        }
        "reports.column" => Ok(held.shown_column(held.column(column()?)?, level)),
        "reports.add_columns" => {
            let body = asked.json()?;
            let given = new_columns(&body)?;
            let indexes: Vec<_> = given.iter().map(|column| column.get("index").and_then(Value::as_u64)).collect();
            let Some(Some(index)) = indexes.first() else { return Err(Problem::missing("column.index")) };
            if let Some(other) = indexes.iter().find(|other| **other != Some(*index)) {
                let message =
                    format!("Input column index {other:?} is different from the first input column index {index}.");
                return Err(Problem::bad(1135, message));
            }
            if held.columns.len() + given.len() > MAX_COLUMNS {
                return Err(too_many("columns"));
            }
            let at = usize::try_from(*index).map_or(held.columns.len(), |index| index.min(held.columns.len()));
            let count = given.len();
            let given: Vec<_> = given.into_iter().map(|column| with_id(state, column)).collect();
            let held = state.reports.get_mut(report)?;
            held.columns.splice(at..at, given);
            held.touched(now);
            Ok(written((at..at + count).map(|position| held.shown_column(position, 3)).collect::<Vec<_>>()))
        }
        "reports.update_column" => {
            let (body, position) = (asked.json()?, held.column(column()?)?);
            let mut change = attributes(&body, &["title", "index", "hidden", "width"])?.clone();
            if change.contains_key("title") {
                required_text(&change, "title", "column.title")?;
            }
            let index = change.remove("index").map(|index| index.as_u64().ok_or_else(|| Problem::wrong_type("index")));
            let index = index.transpose()?.and_then(|index| usize::try_from(index).ok());
            let held = state.reports.get_mut(report)?;
            let mut column = held.columns.remove(position);
            column.extend(change);
            let position = index.unwrap_or(position).min(held.columns.len());
            held.columns.insert(position, column);
            held.touched(now);
            Ok(written(held.shown_column(position, 3)))
        }
        "reports.delete_column" => {
            let position = held.column(column()?)?;
            if held.columns.len() == 1 {
                return Err(Problem::bad(1260, "Cannot delete last visible column."));
            }
            let held = state.reports.get_mut(report)?;
            held.columns.remove(position);
            held.touched(now);
            Ok(success())
        }
        _ => Err(asked.unknown()),
    }
}

const MAX_COLUMNS: usize = 400;
const MAX_SCOPE: usize = 100;

fn too_many(name: &str) -> Problem {
    Problem::bad(1061, format!("Max count exceeded for field {name}."))
}

/// A copy in another place. Its columns keep their ids, which are its own.
pub(super) fn copy(state: &mut State, id: i64, place: Place, renamed: &Renamed, now: DateTime<Utc>) -> Option<i64> {
    let mut held = state.reports.get(id).ok()?.clone();
    for (_, id) in &mut held.scope {
        *id = renamed.get(id).copied().unwrap_or(*id);
    }
    let (id, published) = (state.new_id(), placed::unpublished());
    state.reports.0.push(Report { id, place, published, version: 1, created_at: now, modified_at: now, ..held });
    Some(id)
}

fn create(state: &mut State, body: &Value, now: DateTime<Utc>) -> Result<Value, Problem> {
    let known = ["name", "destination", "columns", "scope", "reportDefinition", "isSummaryReport"];
    let body = attributes(body, &known)?;
    let name = required_text(body, "name", "report.name")?;
    let length = name.chars().count();
    if length > 50 {
        let message = format!("The value for report.name must be 50 characters in length or less, but was {length}.");
        return Err(Problem::bad(1041, message));
    }
    let required = |name: &str| body.get(name).ok_or_else(|| Problem::missing(&format!("report.{name}")));
    let place = placed::place(attributes(required("destination")?, &["destinationType", "destinationId"])?)?;
    state.check_place(place)?;
    let columns = new_columns(required("columns")?)?;
    let scope = scope(state, required("scope")?)?;
    let definition = match body.get("reportDefinition") {
        Some(definition) => report_rows::definition(definition)?,
        None => Map::new(),
    };
    let summary = body.get("isSummaryReport") == Some(&Value::Bool(true));
    let id = state.new_id();
    let columns = columns.into_iter().map(|column| with_id(state, column)).collect();
    let published = placed::unpublished();
    let report = Report {
        id,
        name,
        place,
        columns,
        scope,
        definition,
        summary,
        published,
        version: 1,
        created_at: now,
        modified_at: now,
    };
    let mut shown = report.shown();
    let columns: Vec<_> = (0..report.columns.len()).map(|position| report.shown_column(position, 3)).collect();
    shown.insert("columns".into(), columns.into());
    state.reports.0.push(report);
    Ok(written(shown))
}

const COLUMN: [&str; 11] = [
    "title",
    "type",
    "index",
    "primary",
    "sheetNameColumn",
    "systemColumnType",
    "hidden",
    "width",
    "version",
    "validation",
    "autoNumberFormat",
];

fn new_columns(columns: &Value) -> Result<Vec<Map<String, Value>>, Problem> {
    let columns = columns.as_array().ok_or_else(|| Problem::wrong_type("columns"))?;
    match columns.len() {
        0 => return Err(Problem::missing("report.columns")),
        n if n > MAX_COLUMNS => return Err(too_many("columns")),
        _ => {}
    }
    let mut checked = Vec::new();
    for column in columns {
        let column = attributes(column, &COLUMN)?;
        required_text(column, "title", "column.title")?;
        known_kind(&required_text(column, "type", "column.type")?)?;
        checked.push(column.clone());
    }
    Ok(checked)
}

/// What a report is to be about, all of which exists.
fn scope(state: &State, body: &Value) -> Result<Vec<(String, i64)>, Problem> {
    let items = body.as_array().ok_or_else(|| Problem::wrong_type("scope"))?;
    match items.len() {
        0 => return Err(Problem::missing("report.scope")),
        n if n > MAX_SCOPE => return Err(too_many("scope")),
        _ => {}
    }
    let mut scope = Vec::new();
    for item in items {
        let item = attributes(item, &["assetType", "assetId"])?;
        let kind = required_text(item, "assetType", "scope.assetType")?.to_ascii_lowercase();
        let id = item.get("assetId").ok_or_else(|| Problem::missing("scope.assetId"))?;
        let id = id.as_i64().ok_or_else(|| Problem::wrong_type("assetId"))?;
        match kind.as_str() {
            "sheet" => state.sheet(id).map(|_| ())?,
            "workspace" => state.check_place(Place::Workspace(id))?,
            _ => return Err(Problem::wrong_type("assetType")),
        }
        if !scope.contains(&(kind.clone(), id)) {
            scope.push((kind, id));
        }
    }
    Ok(scope)
}
