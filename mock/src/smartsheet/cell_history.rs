//! What cells held before.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::asked::{Asked, Outcome};
use super::images;
use super::lists;
use super::problem::Problem;
use super::render;
use super::state::{Cell, State};
use crate::snapshot::pairs;

/// Every value of the cells that were ever changed, by row and column.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store(#[serde(with = "pairs")] BTreeMap<(i64, i64), Past>);

/// What a cell held, and since when; the oldest first.
type Past = Vec<(DateTime<Utc>, Cell)>;

impl Store {
    /// A cell of a row made at `created` held `before` until it was changed at `now`.
    pub(super) fn changed(
        &mut self,
        place: (i64, i64),
        created: DateTime<Utc>,
        before: Option<Cell>,
        after: Cell,
        now: DateTime<Utc>,
    ) {
        let held = self.0.entry(place).or_default();
        if held.is_empty() {
            held.extend(before.map(|before| (created, before)));
        }
        held.push((now, after));
    }

    pub(super) fn drop_of(&mut self, gone: impl Fn(i64) -> bool) {
        self.0.retain(|(row, _), _| !gone(*row));
    }
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.name() {
        "cells.history" => history(state, asked).map(Into::into),
        "cells.add_image" => images::into_cell(state, asked),
        _ => Err(asked.unknown()),
    }
}

fn history(state: &State, asked: &Asked<'_>) -> Result<Value, Problem> {
    let sheet = state.sheet(asked.id("sheetId")?)?;
    let (row, column) = (asked.id("rowId")?, asked.id("columnId")?);
    let row = sheet.rows.iter().find(|held| held.id == row).ok_or_else(Problem::not_found)?;
    let column = sheet.column(column).ok_or_else(Problem::not_found)?;
    let include = asked.query.words("include", &["columnType", "objectValue"])?;
    let level = asked.query.number("level")?.unwrap_or(0);
    let shape = render::Shape {
        rich: include.contains(&"objectValue") && level >= 2,
        column_types: include.contains(&"columnType"),
        ..render::Shape::default()
    };
    let untouched = || row.cells.get(&column.id).map(|cell| (row.created_at, cell.clone())).into_iter().collect();
    let held = state.cell_history.0.get(&(row.id, column.id)).cloned().unwrap_or_else(untouched);
    let mut shown: Vec<Value> = held
        .iter()
        .map(|(since, cell)| {
            let mut shown = render::cell(column, cell, &shape);
            if let Some(shown) = shown.as_object_mut() {
                shown.insert("modifiedAt".into(), render::time(*since).into());
                shown.insert("modifiedBy".into(), render::author());
            }
            shown
        })
        .collect();
    shown.reverse();
    lists::by_page(&shown, &asked.query)
}
