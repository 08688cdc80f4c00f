//! Dashboards.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::asked::{Asked, Outcome, attributes, required_text, success, written};
use super::lists::{by_page, by_token};
use super::placed;
use super::problem::Problem;
use super::render::{permalink, time};
use super::sheets::{Renamed, rename};
use super::state::{Place, State};

/// What is held of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store(pub(super) Vec<Dashboard>);

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Dashboard {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) place: Place,
    widgets: Vec<Value>,
    source: Option<i64>,
    published: Map<String, Value>,
    created_at: DateTime<Utc>,
    pub(super) modified_at: DateTime<Utc>,
}

impl Store {
    fn get(&self, id: i64) -> Result<&Dashboard, Problem> {
        self.0.iter().find(|held| held.id == id).ok_or_else(Problem::not_found)
    }

    fn get_mut(&mut self, id: i64) -> Result<&mut Dashboard, Problem> {
        self.0.iter_mut().find(|held| held.id == id).ok_or_else(Problem::not_found)
    }
}

impl Dashboard {
    pub(super) fn shown(&self) -> Map<String, Value> {
        let shown = json!({
            "id": self.id, "name": self.name, "accessLevel": "OWNER", "permalink": permalink("dashboards", self.id),
            "createdAt": time(self.created_at), "modifiedAt": time(self.modified_at),
        });
        shown.as_object().cloned().unwrap_or_default()
    }

    fn brief(&self) -> Map<String, Value> {
        let mut shown = self.shown();
        shown.retain(|name, _| !name.ends_with("At"));
        shown
    }

    fn whole(&self, state: &State, rich: bool) -> Map<String, Value> {
        let mut shown = self.shown();
        let widgets: Vec<_> = self.widgets.iter().map(|widget| current(state, widget.clone(), rich)).collect();
        shown.insert("columnCount".into(), 6.into());
        shown.insert("backgroundColor".into(), "#E2E2E2".into());
        shown.insert("widgets".into(), widgets.into());
        shown
    }
}

/// With the values that the cells behind a widget hold by now, or why it has none.
fn current(state: &State, mut widget: Value, rich: bool) -> Value {
    let sheet = widget.pointer("/contents/sheetId").and_then(Value::as_i64);
    let Some(id) = sheet else { return widget };
    let Ok(sheet) = state.sheet(id) else {
        if let Some(widget) = widget.as_object_mut() {
            widget.remove("contents");
            let message = "The sheet referenced by this widget is unavailable or deleted.";
            widget.insert("error".into(), json!({ "errorCode": 1170, "message": message }));
        }
        return widget;
    };
    for item in widget.pointer_mut("/contents/cellData").and_then(Value::as_array_mut).into_iter().flatten() {
        let at = |name: &str| item.get(name).and_then(Value::as_i64);
        let (row, column) = (at("rowId"), at("columnId"));
        let held = sheet.rows.iter().find(|held| Some(held.id) == row);
        let held = held.and_then(|held| held.cells.get(&column?));
        let value = held.and_then(|cell| cell.value.clone()).unwrap_or_default();
        let display = held.and_then(|cell| cell.display.clone());
        let Some(item) = item.as_object_mut() else { continue };
        item.insert(
            "cell".into(),
            json!({ "columnId": column, "rowId": row, "value": value, "displayValue": display }),
        );
        if rich {
            item.insert("objectValue".into(), value);
        }
    }
    widget
}

/// A dashboard over the list of stores.
pub(super) fn seed(state: &mut State, place: Place, sheet: i64, now: DateTime<Utc>) {
    let Ok(held) = state.sheet(sheet) else { return };
    let (row, column) = (held.rows.first().map(|row| row.id), held.column_titled("Area (m²)").map(|column| column.id));
    let report = state.reports.0.first().map(|report| report.id);
    let metric = json!({ "label": "Area", "order": 0, "dataSource": "CELL", "rowId": row, "columnId": column });
    let widgets = [
        ("TITLE", json!({ "type": "RICHTEXT", "htmlContent": "<p>Stores</p>", "backgroundColor": "#D0AF8F" })),
        ("METRIC", json!({ "type": "METRIC", "sheetId": sheet, "cellData": [metric] })),
        (
            "GRIDGANTT",
            json!({
                "type": "GRIDGANTT", "reportId": report, "htmlContent": "<table></table>",
                "hyperlink": { "reportId": report, "interactionType": "SOURCE_SHEET" },
            }),
        ),
        (
            "SHORTCUTLIST",
            json!({ "type": "SHORTCUT", "shortcutData": [{
            "label": "All stores", "attachmentType": "SMARTSHEET", "order": 0,
            "hyperlink": { "sheetId": sheet, "url": permalink("sheets", sheet) },
        }] }),
        ),
        ("CHART", json!({ "type": "CHART", "legend": { "location": "RIGHT" }, "series": [{ "title": "Area" }] })),
        // By this name, whatever the documentation says.
        ("WEBCONTENT", json!({ "type": "WidgetWebContent", "url": "https://example.com/map" })),
    ];
    let widgets = widgets.into_iter().enumerate().map(|(index, (kind, contents))| {
        json!({
            "id": state.new_id(), "type": kind, "contents": contents, "xPosition": 0, "yPosition": 2 * index, "width": 3,
            "height": 2, "title": kind, "showTitle": index > 0, "showTitleIcon": false, "version": 1,
        })
    });
    let widgets = widgets.collect();
    let (id, at) = (state.new_id(), now - TimeDelta::days(100));
    let (name, published) = ("Stores at a glance".to_owned(), placed::unpublished());
    let held = Dashboard { id, name, place, widgets, source: None, published, created_at: at, modified_at: at };
    state.dashboards.0.push(held);
}

/// A copy in another place, about the copies of what it was about.
pub(super) fn copy(
    state: &mut State,
    id: i64,
    name: String,
    place: Place,
    renamed: &Renamed,
    now: DateTime<Utc>,
) -> Result<Map<String, Value>, Problem> {
    let mut held = state.dashboards.get(id)?.clone();
    held.widgets.iter_mut().for_each(|widget| rename(widget, renamed));
    let (source, published) = (Some(held.id), placed::unpublished());
    let id = state.new_id();
    let copy = Dashboard { id, name, place, source, published, created_at: now, modified_at: now, ..held };
    let shown = copy.brief();
    state.dashboards.0.push(copy);
    Ok(shown)
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let (query, now) = (&asked.query, asked.now);
    let id = || asked.id("sightId");
    let answer = match asked.name() {
        "dashboards.list" => {
            let since = query.time("modifiedSince")?;
            let wanted = state.dashboards.0.iter().filter(|held| since.is_none_or(|since| held.modified_at > since));
            let all: Vec<_> = wanted.map(|held| held.shown().into()).collect();
            // Tokens have to be asked for, by name or by what only they need.
            let by_number = query.get("maxItems").is_none() && query.get("lastKey").is_none();
            match query.get("paginationType") {
                None if by_number => by_page(&all, query)?,
                None | Some("token") => by_token(&all, query, state.page_cap)?,
                Some(_) => return Err(Problem::bad_parameter("paginationType")),
            }
        }
        "dashboards.get" => {
            let include = query.words("include", &["objectValue", "source"])?;
            let held = state.dashboards.get(id()?)?;
            let rich = include.contains(&"objectValue") && query.number("level")?.is_some_and(|level| level >= 4);
            let mut shown = held.whole(state, rich);
            if let (true, Some(source)) = (include.contains(&"source"), held.source) {
                shown.insert("source".into(), json!({ "id": source, "type": "sight" }));
            }
            shown.into()
        }
        "dashboards.update" => {
            let body = asked.json()?;
            let name = required_text(attributes(&body, &["name"])?, "name", "sight.name")?;
            let held = state.dashboards.get_mut(id()?)?;
            (held.name, held.modified_at) = (name, now);
            written(state.dashboards.get(id()?)?.whole(state, false))
        }
        "dashboards.delete" => {
            let id = state.dashboards.get(id()?)?.id;
            state.dashboards.0.retain(|held| held.id != id);
            success()
        }
        "dashboards.copy" => {
            let id = state.dashboards.get(id()?)?.id;
            let (place, name) = placed::destination(state, &asked.json()?, true)?;
            written(copy(state, id, name, place, &Renamed::new(), now)?)
        }
        "dashboards.move_to" => {
            state.dashboards.get(id()?)?;
            let place = placed::destination(state, &asked.json()?, false)?.0;
            let held = state.dashboards.get_mut(id()?)?;
            held.place = place;
            written(held.brief())
        }
        "dashboards.publish_status" => state.dashboards.get(id()?)?.published.clone().into(),
        "dashboards.publish" => {
            let (body, url) = (asked.json()?, format!("https://publish.smartsheet.test/sights/{:x}", id()?));
            let known = ["readOnlyFullEnabled", "readOnlyFullAccessibleBy"];
            written(placed::publish(&mut state.dashboards.get_mut(id()?)?.published, &body, &known, &url)?)
        }
        "dashboards.path" => {
            let held = state.dashboards.get(id()?)?;
            placed::path(state, held.place, "sights", held.shown().into())?
        }
        _ => return Err(asked.unknown()),
    };
    Ok(answer.into())
}
