//! Columns.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::asked::{Asked, Outcome, attributes};
use super::problem::Problem;
use super::query::Query;
use super::render;
use super::sheets::{COLUMN_EXTRAS, extras, known_kind};
use super::state::State;

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let sheet = asked.id("sheetId")?;
    let column = || asked.id("columnId");
    let answer = match asked.name() {
        "columns.list" => list(state, sheet, &asked.query),
        "columns.get" => get(state, sheet, column()?, &asked.query),
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
