//! The rows of reports: gathered from their sheets, filtered, sorted.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::asked::{Asked, Outcome, attributes, required_text};
use super::placed::is_within;
use super::problem::Problem;
use super::render::{self, Shape};
use super::reports::Report;
use super::sheets::{known_kind, page_of};
use super::state::{Column, Row, Sheet, State};

const INCLUDES: [&str; 8] =
    ["attachments", "discussions", "proofs", "format", "objectValue", "scope", "source", "sourceSheets"];
const EXCLUDES: [&str; 2] = ["linkInFromCellDetails", "linksOutToCellsDetails"];

/// Below this level, columns of several values look like plain ones.
const RICH_LEVEL: usize = 3;
const MAX_ROWS: usize = 10_000;

pub(super) fn get(state: &State, report: &Report, asked: &Asked<'_>) -> Outcome {
    let query = &asked.query;
    let include = query.words("include", &INCLUDES)?;
    query.words("exclude", &EXCLUDES)?;
    let level = query.number("level")?.unwrap_or(0);
    let size = query.number("pageSize")?.unwrap_or(100);
    if !(1..=MAX_ROWS).contains(&size) {
        let message =
            format!("The value '{size}' was not valid for the parameter 'pageSize'. It must be between 1 and 10000.");
        return Err(Problem::bad(1229, message));
    }
    let rows = rows(state, report);
    // Always in pages, unlike a sheet.
    let page = page_of(&rows, query.number("page")?.unwrap_or(1), size).0;
    let shape = Shape {
        rich: level >= RICH_LEVEL && include.contains(&"objectValue"),
        level,
        sparse: true,
        ..Shape::default()
    };
    let page: Vec<_> = page.iter().filter_map(|(sheet, row)| row_shown(report, sheet, row, &shape)).collect();
    let columns: Vec<_> =
        report.columns.iter().enumerate().map(|(index, column)| column_shown(column, index, level)).collect();
    let mut shown = report.shown();
    shown.insert("version".into(), report.version.into());
    shown.insert("totalRowCount".into(), rows.len().into());
    shown.insert("columns".into(), columns.into());
    shown.insert("rows".into(), page.into());
    let summaries = |sheets: &[&Sheet]| -> Value {
        sheets.iter().map(|sheet| Value::from(render::summary(sheet))).collect::<Vec<_>>().into()
    };
    if include.contains(&"sourceSheets") {
        shown.insert("sourceSheets".into(), summaries(&sheets(state, report)));
    }
    if include.contains(&"scope") {
        let of = |kind: &'static str| report.scope.iter().filter(move |(of, _)| of == kind).map(|(_, id)| *id);
        let sheets: Vec<_> = of("sheet").filter_map(|id| state.sheet(id).ok()).collect();
        let workspaces = of("workspace").filter_map(|id| state.workspaces.iter().find(|held| held.id == id));
        let workspaces: Vec<_> = workspaces.map(|held| render::container("workspaces", held)).collect();
        shown.insert("scope".into(), json!({ "sheets": summaries(&sheets), "workspaces": workspaces }));
    }
    Ok(Value::from(shown).into())
}

pub(super) fn column_shown(column: &Map<String, Value>, index: usize, level: usize) -> Value {
    let mut shown = column.clone();
    let kind = column.get("type").and_then(Value::as_str).unwrap_or_default();
    let version = match (level >= RICH_LEVEL, kind) {
        (true, "MULTI_CONTACT_LIST") => 1,
        (true, "MULTI_PICKLIST") => 2,
        _ => 0,
    };
    if level < RICH_LEVEL && kind.starts_with("MULTI_") {
        shown.insert("type".into(), "TEXT_NUMBER".into());
    }
    shown.insert("index".into(), index.into());
    shown.insert("version".into(), version.into());
    shown.entry("width").or_insert_with(|| 150.into());
    shown.entry("validation").or_insert(Value::Bool(false));
    shown.into()
}

/// The sheets that a report is about and that still exist, each once.
fn sheets<'a>(state: &'a State, report: &Report) -> Vec<&'a Sheet> {
    let about = |sheet: &&Sheet| {
        report.scope.iter().any(|(kind, id)| match kind.as_str() {
            "workspace" => is_within(state, sheet.place, *id),
            _ => sheet.id == *id,
        })
    };
    state.sheets_in_order().filter(|sheet| !sheet.template).filter(about).collect()
}

fn rows<'a>(state: &'a State, report: &Report) -> Vec<(&'a Sheet, &'a Row)> {
    let filter = report.definition.get("filters");
    let all = sheets(state, report).into_iter().flat_map(|sheet| sheet.rows.iter().map(move |row| (sheet, row)));
    let mut rows: Vec<_> = all.filter(|(sheet, row)| filter.is_none_or(|filter| passes(filter, sheet, row))).collect();
    // Groups are kept together by sorting by them first.
    let criteria = ["groupingCriteria", "sortingCriteria"].into_iter();
    let criteria: Vec<_> = criteria.filter_map(|name| report.definition.get(name)?.as_array()).flatten().collect();
    rows.sort_by(|a, b| {
        let orders = criteria.iter().map(|criterion| {
            let value = |(sheet, row): &(&Sheet, &Row)| value_of(criterion.get("column"), sheet, row);
            let order = compare(&value(a), &value(b));
            let down = criterion.get("sortingDirection").is_some_and(|word| word == "DESCENDING");
            if down { order.reverse() } else { order }
        });
        orders.fold(Ordering::Equal, Ordering::then)
    });
    rows
}

/// The column of a sheet that a column of a report stands for.
fn matching<'a>(wanted: &Map<String, Value>, sheet: &'a Sheet) -> Option<&'a Column> {
    let text = |name: &str| wanted.get(name).and_then(Value::as_str);
    if wanted.get("primary") == Some(&Value::Bool(true)) {
        return sheet.columns.iter().find(|column| column.primary);
    }
    // Columns of one contact and of several are taken together.
    let kind = |kind: &str| kind.strip_prefix("MULTI_CONTACT").map_or(kind.to_owned(), |rest| format!("CONTACT{rest}"));
    sheet.columns.iter().find(|column| match text("systemColumnType") {
        Some(system) => column.extras.get("systemColumnType").and_then(Value::as_str) == Some(system),
        None => text("title") == Some(&column.title) && text("type").map(kind) == Some(kind(&column.kind)),
    })
}

fn names_sheet(column: &Map<String, Value>) -> bool {
    column.get("sheetNameColumn") == Some(&Value::Bool(true))
}

fn row_shown(report: &Report, sheet: &Sheet, row: &Row, shape: &Shape) -> Option<Value> {
    let mut shown = render::row(sheet, row.id, shape)?;
    let held = shown.get("cells").and_then(Value::as_array).cloned().unwrap_or_default();
    let cells = report.columns.iter().filter_map(|column| {
        let id = column.get("virtualId")?.clone();
        let mut cell = if names_sheet(column) {
            let primary = sheet.columns.iter().find(|column| column.primary)?.id;
            Map::from_iter([
                ("columnId".to_owned(), primary.into()),
                ("value".to_owned(), sheet.name.clone().into()),
                ("displayValue".to_owned(), sheet.name.clone().into()),
            ])
        } else {
            let found = json!(matching(column, sheet)?.id);
            held.iter().find(|cell| cell.get("columnId") == Some(&found))?.as_object()?.clone()
        };
        cell.insert("virtualColumnId".into(), id);
        Some(Value::from(cell))
    });
    let cells: Vec<_> = cells.collect();
    let row = shown.as_object_mut()?;
    row.insert("cells".into(), cells.into());
    row.insert("sheetId".into(), sheet.id.into());
    row.insert("accessLevel".into(), "OWNER".into());
    Some(shown)
}

/// What a row holds in a column; null for nothing.
fn value_of(column: Option<&Value>, sheet: &Sheet, row: &Row) -> Value {
    let Some(wanted) = column.and_then(Value::as_object) else { return Value::Null };
    if names_sheet(wanted) {
        return sheet.name.clone().into();
    }
    let Some(column) = matching(wanted, sheet) else { return Value::Null };
    if column.is_system() {
        return render::time(row.created_at).into();
    }
    row.cells.get(&column.id).and_then(|cell| cell.value.clone()).unwrap_or_default()
}

/// Nothing last, numbers before texts.
fn compare(a: &Value, b: &Value) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Number(_) => 0,
        Value::Bool(_) => 1,
        Value::Null => 3,
        _ => 2,
    };
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal),
        (Value::Bool(a), Value::Bool(b)) => b.cmp(a),
        (Value::String(a), Value::String(b)) => a.to_lowercase().cmp(&b.to_lowercase()),
        _ => rank(a).cmp(&rank(b)),
    }
}

fn passes(filter: &Value, sheet: &Sheet, row: &Row) -> bool {
    let list = |name: &str| filter.get(name).and_then(Value::as_array).into_iter().flatten();
    let mut outcomes = list("criteria")
        .map(|criterion| holds(criterion, sheet, row))
        .chain(list("nestedCriteria").map(|nested| passes(nested, sheet, row)));
    if filter.get("operator").is_some_and(|word| word == "OR") {
        outcomes.any(|holds| holds)
    } else {
        outcomes.all(|holds| holds)
    }
}

/// The operators that the fake knows; the others let everything pass.
fn holds(criterion: &Value, sheet: &Sheet, row: &Row) -> bool {
    compares(criterion, &value_of(criterion.get("column"), sheet, row))
}

pub(super) fn compares(criterion: &Value, held: &Value) -> bool {
    let mut values = criterion.get("values").and_then(Value::as_array).into_iter().flatten().map(plain);
    let first = values.next().unwrap_or_default();
    let blank = held.is_null() || held == "";
    match criterion.get("operator").and_then(Value::as_str).unwrap_or_default() {
        "EQUAL" => same(held, &first),
        "NOT_EQUAL" => !same(held, &first),
        "IS_ONE_OF" => same(held, &first) || values.any(|value| same(held, &value)),
        "CONTAINS" => text(held).to_lowercase().contains(&text(&first).to_lowercase()),
        "DOES_NOT_CONTAIN" => !text(held).to_lowercase().contains(&text(&first).to_lowercase()),
        "IS_BLANK" => blank,
        "IS_NOT_BLANK" => !blank,
        "IS_CHECKED" => *held == Value::Bool(true),
        "IS_UNCHECKED" => *held != Value::Bool(true),
        "GREATER_THAN" => !blank && ordered(held, &first) == Some(Ordering::Greater),
        "GREATER_THAN_OR_EQUAL" => !blank && ordered(held, &first).is_some_and(Ordering::is_ge),
        "LESS_THAN" => !blank && ordered(held, &first) == Some(Ordering::Less),
        "LESS_THAN_OR_EQUAL" => !blank && ordered(held, &first).is_some_and(Ordering::is_le),
        _ => true,
    }
}

/// What an object value of a filter stands for.
fn plain(value: &Value) -> Value {
    match value.get("objectType").and_then(Value::as_str) {
        Some("CURRENT_USER") => render::author().get("email").cloned().unwrap_or_default(),
        Some(_) => value.get("value").cloned().unwrap_or_default(),
        None => value.clone(),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn same(a: &Value, b: &Value) -> bool {
    ordered(a, b) == Some(Ordering::Equal)
}

/// As numbers where both are, else as texts.
fn ordered(a: &Value, b: &Value) -> Option<Ordering> {
    let number = |value: &Value| value.as_f64().or_else(|| value.as_str()?.parse().ok());
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a.partial_cmp(&b),
        _ => Some(text(a).to_lowercase().cmp(&text(b).to_lowercase())),
    }
}

const OPERATORS: [&str; 36] = [
    "EQUAL",
    "NOT_EQUAL",
    "GREATER_THAN",
    "GREATER_THAN_OR_EQUAL",
    "LESS_THAN",
    "LESS_THAN_OR_EQUAL",
    "CONTAINS",
    "DOES_NOT_CONTAIN",
    "BETWEEN",
    "NOT_BETWEEN",
    "TODAY",
    "NOT_TODAY",
    "PAST",
    "NOT_PAST",
    "FUTURE",
    "NOT_FUTURE",
    "LAST_N_DAYS",
    "NOT_LAST_N_DAYS",
    "NEXT_N_DAYS",
    "NOT_NEXT_N_DAYS",
    "IS_BLANK",
    "IS_NOT_BLANK",
    "IS_NUMBER",
    "IS_NOT_NUMBER",
    "IS_DATE",
    "IS_NOT_DATE",
    "IS_CHECKED",
    "IS_UNCHECKED",
    "IS_ONE_OF",
    "IS_NOT_ONE_OF",
    "HAS_ANY_OF",
    "HAS_NONE_OF",
    "HAS_ALL_OF",
    "NOT_ALL_OF",
    "MULTI_IS_EQUAL",
    "MULTI_IS_NOT_EQUAL",
];
const AGGREGATIONS: [&str; 7] = ["SUM", "AVG", "MIN", "MAX", "COUNT", "FIRST", "LAST"];
const DIRECTIONS: [&str; 2] = ["ASCENDING", "DESCENDING"];

/// A definition, or a part of one, checked.
pub(super) fn definition(body: &Value) -> Result<Map<String, Value>, Problem> {
    let names = ["filters", "groupingCriteria", "aggregationCriteria", "summarizingCriteria", "sortingCriteria"];
    let body = attributes(body, &names)?;
    if let Some(filter) = body.get("filters").filter(|filter| !filter.is_null()) {
        check_filter(filter, 1)?;
    }
    for name in &names[1..] {
        let Some(list) = body.get(*name) else { continue };
        for item in list.as_array().ok_or_else(|| Problem::wrong_type(name))? {
            let item = attributes(item, &["column", "sortingDirection", "aggregationType", "isExpanded"])?;
            check_column(item)?;
            word(item, "sortingDirection", &DIRECTIONS, *name == "sortingCriteria")?;
            word(item, "aggregationType", &AGGREGATIONS, name.starts_with("aggregation"))?;
        }
    }
    let mut body = body.clone();
    // Two names of the same thing.
    if let Some(list) = body.remove("summarizingCriteria") {
        body.insert("aggregationCriteria".into(), list);
    }
    Ok(body)
}

fn check_filter(filter: &Value, depth: usize) -> Result<(), Problem> {
    let filter = attributes(filter, &["operator", "criteria", "nestedCriteria"])?;
    word(filter, "operator", &["AND", "OR"], true)?;
    let list = |name: &str| filter.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if list("criteria").is_empty() && list("nestedCriteria").is_empty() {
        return Err(Problem::bad(1183, "Filters must define at least one detail entry."));
    }
    for criterion in list("criteria") {
        let criterion = attributes(criterion, &["column", "operator", "values"])?;
        check_column(criterion)?;
        word(criterion, "operator", &OPERATORS, true)?;
    }
    if depth > 3 {
        return Err(too_deep());
    }
    list("nestedCriteria").iter().try_for_each(|nested| check_filter(nested, depth + 1))
}

fn too_deep() -> Problem {
    Problem::bad(1031, "Filters may be nested three levels deep at most.")
}

fn check_column(item: &Map<String, Value>) -> Result<(), Problem> {
    let column = item.get("column").ok_or_else(|| Problem::missing("column"))?;
    let column = attributes(column, &["title", "type", "systemColumnType", "primary", "sheetNameColumn"])?;
    known_kind(&required_text(column, "type", "column.type")?)?;
    let special = ["systemColumnType", "primary", "sheetNameColumn"].iter().any(|name| column.contains_key(*name));
    if special { Ok(()) } else { required_text(column, "title", "column.title").map(|_| ()) }
}

fn word(item: &Map<String, Value>, name: &str, known: &[&str], required: bool) -> Result<(), Problem> {
    match item.get(name).map(|word| word.as_str().is_some_and(|word| known.contains(&word))) {
        Some(true) => Ok(()),
        None if !required => Ok(()),
        None => Err(Problem::missing(name)),
        Some(false) => Err(Problem::bad(1031, format!("The value was not valid for the attribute {name}."))),
    }
}
