//! Columns.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::asked::{Asked, Outcome, attributes, required_text, success};
use super::problem::Problem;
use super::query::Query;
use super::render;
use super::sheets::{COLUMN_EXTRAS, extras, known_kind};
use super::state::{Column, State};

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let sheet = asked.id("sheetId")?;
    let column = || asked.id("columnId");
    let answer = match asked.name() {
        "columns.list" => list(state, sheet, &asked.query),
        "columns.get" => get(state, sheet, column()?, &asked.query),
        "columns.add" => add(state, sheet, &asked.json()?, asked.now),
        "columns.delete" => delete(state, sheet, column()?, asked.now),
        "columns.update" => update(state, sheet, column()?, &asked.json()?, asked.now),
        _ => Err(asked.unknown()),
    };
    answer.map(Into::into)
}

fn list(state: &State, sheet: i64, query: &Query) -> Result<Value, Problem> {
    let sheet = state.sheet(sheet)?;
    let level = query.number("level")?.unwrap_or(0);
    let columns: Vec<_> = sheet.columns.iter().map(|column| render::column(sheet, column, level)).collect();
    super::lists::by_page(&columns, query)
}

fn get(state: &State, sheet: i64, column: i64, query: &Query) -> Result<Value, Problem> {
    let sheet = state.sheet(sheet)?;
    let held = sheet.column(column).ok_or_else(Problem::not_found)?;
    Ok(render::column(sheet, held, query.number("level")?.unwrap_or(0)))
}

fn update(state: &mut State, sheet: i64, column: i64, body: &Value, now: DateTime<Utc>) -> Result<Value, Problem> {
    let sheet = state.sheet_mut(sheet)?;
    let position = sheet.columns.iter().position(|held| held.id == column).ok_or_else(Problem::not_found)?;
    let known: Vec<_> = ["index", "title", "type"].into_iter().chain(COLUMN_EXTRAS).collect();
    let change = attributes(body, &known)?;
    let text = |name: &str| match change.get(name) {
        None => Ok(None),
        Some(value) => value.as_str().map(Some).ok_or_else(|| Problem::wrong_type(name)),
    };
    let (title, kind) = (text("title")?, text("type")?);
    if let Some(kind) = kind {
        known_kind(kind)?;
        if !change.contains_key("index") {
            return Err(Problem::missing("column.index"));
        }
    }
    if title.is_some_and(|title| sheet.columns.iter().any(|other| other.id != column && other.title == title)) {
        return Err(Problem::bad(1056, "Column titles must be unique."));
    }
    let index = match change.get("index") {
        None => position,
        Some(index) => {
            let index = index
                .as_u64()
                .and_then(|index| usize::try_from(index).ok())
                .ok_or_else(|| Problem::wrong_type("index"))?;
            index.min(sheet.columns.len() - 1)
        }
    };
    let mut held = sheet.columns.remove(position);
    held.title = title.map_or(held.title, str::to_owned);
    held.kind = kind.map_or(held.kind, str::to_owned);
    held.extras.extend(extras(change));
    held.extras.retain(|_, value| !value.is_null());
    sheet.columns.insert(index, held.clone());
    sheet.touched(now);
    Ok(
        json!({ "message": "SUCCESS", "resultCode": 0, "result": render::column(sheet, &held, 2), "version": sheet.version }),
    )
}

/// Adds columns side by side: all of them have to name the same position.
fn add(state: &mut State, sheet: i64, body: &Value, now: DateTime<Utc>) -> Result<Value, Problem> {
    let columns = match body {
        Value::Array(columns) => columns.as_slice(),
        one @ Value::Object(_) => std::slice::from_ref(one),
        _ => return Err(Problem::wrong_type("column")),
    };
    let held = state.sheet(sheet)?;
    let known: Vec<_> = ["title", "type", "index", "primary"].into_iter().chain(COLUMN_EXTRAS).collect();
    let (mut new, mut position) = (Vec::<Column>::new(), None);
    for column in columns {
        let column = attributes(column, &known)?;
        let title = required_text(column, "title", "column.title")?;
        let kind = required_text(column, "type", "column.type")?;
        known_kind(&kind)?;
        if column.get("primary").and_then(Value::as_bool) == Some(true) {
            return Err(Problem::bad(1055, "A sheet must have exactly one primary column."));
        }
        if held.column_titled(&title).is_some() || new.iter().any(|other| other.title == title) {
            return Err(Problem::bad(1056, format!("Column titles must be unique: \"{title}\".")));
        }
        let index = column.get("index").ok_or_else(|| Problem::missing("column.index"))?;
        let index = index.as_u64().ok_or_else(|| Problem::wrong_type("index"))?;
        if *position.get_or_insert(index) != index {
            return Err(Problem::bad(1018, "All columns of a request must have the same index."));
        }
        new.push(Column { id: 0, title, kind, primary: false, extras: extras(column) });
    }
    let position = position.ok_or_else(|| Problem::bad(1160, "A request must have at least one column."))?;
    for column in &mut new {
        column.id = state.new_id();
    }
    let ids: Vec<i64> = new.iter().map(|column| column.id).collect();
    let sheet = state.sheet_mut(sheet)?;
    let position = usize::try_from(position).unwrap_or(usize::MAX).min(sheet.columns.len());
    sheet.columns.splice(position..position, new);
    sheet.touched(now);
    let shown: Vec<_> = ids.iter().filter_map(|id| sheet.column(*id)).map(|c| render::column(sheet, c, 2)).collect();
    Ok(json!({ "message": "SUCCESS", "resultCode": 0, "result": shown, "version": sheet.version }))
}

fn delete(state: &mut State, sheet: i64, column: i64, now: DateTime<Utc>) -> Result<Value, Problem> {
    let sheet = state.sheet_mut(sheet)?;
    let held = sheet.column(column).ok_or_else(Problem::not_found)?;
    if held.primary {
        return Err(Problem::bad(1055, "The primary column cannot be deleted."));
    }
    sheet.columns.retain(|other| other.id != column);
    for row in &mut sheet.rows {
        row.cells.remove(&column);
    }
    sheet.touched(now);
    Ok(success())
}
