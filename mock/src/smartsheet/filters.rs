//! Filters.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::asked::{Asked, Outcome, success};
use super::lists::by_page;
use super::problem::Problem;
use super::report_rows::compares;
use super::sheets::{Renamed, rename};
use super::state::{Row, State};

/// What is held of them: sheets, and their filters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store(Vec<(i64, Value)>);

impl Store {
    fn position(&self, sheet: i64, id: i64) -> Result<usize, Problem> {
        let found = self.0.iter().position(|(of, filter)| *of == sheet && filter.get("id") == Some(&json!(id)));
        found.ok_or_else(Problem::not_found)
    }

    pub(super) fn get(&self, sheet: i64, id: i64) -> Result<&Value, Problem> {
        let position = self.position(sheet, id)?;
        self.0.get(position).map(|(_, filter)| filter).ok_or_else(Problem::not_found)
    }

    pub(super) fn drop_of(&mut self, gone: impl Fn(i64) -> bool) {
        self.0.retain(|(sheet, _)| !gone(*sheet));
    }
}

/// Gives a copy of a sheet the filters of that sheet.
pub(super) fn copy(state: &mut State, from: i64, to: i64, renamed: &Renamed) {
    let held: Vec<_> = state.filters.0.iter().filter(|(of, _)| *of == from).map(|(_, it)| it.clone()).collect();
    for mut filter in held {
        rename(&mut filter, renamed);
        if let Some(filter) = filter.as_object_mut() {
            filter.insert("id".into(), state.new_id().into());
        }
        state.filters.0.push((to, filter));
    }
}

/// Whether a filter lets a row be seen.
pub(super) fn passes(filter: &Value, row: &Row) -> bool {
    let criteria = filter.pointer("/query/criteria").and_then(Value::as_array).into_iter().flatten();
    let mut outcomes = criteria.map(|criterion| {
        let column = criterion.get("columnId").and_then(Value::as_i64);
        let cell = column.and_then(|column| row.cells.get(&column));
        compares(criterion, &cell.and_then(|cell| cell.value.clone()).unwrap_or_default())
    });
    if filter.pointer("/query/operator").is_some_and(|word| word == "OR") {
        outcomes.any(|holds| holds)
    } else {
        outcomes.all(|holds| holds)
    }
}

/// Two filters of the list of stores.
pub(super) fn seed(state: &mut State, sheet: i64) {
    let column = |title: &str| state.sheet(sheet).ok()?.column_titled(title).map(|column| column.id);
    let (city, power) = (column("City"), column("Power on site"));
    let berlin = json!({ "columnId": city, "operator": "EQUAL", "values": ["Berlin"] });
    let powered = json!({ "columnId": power, "operator": "IS_CHECKED" });
    for (name, kind, criterion) in [("Berlin", "SHARED", berlin), ("With power", "PERSONAL", powered)] {
        let query = json!({ "operator": "AND", "criteria": [criterion], "includeParent": false });
        let filter = json!({ "id": state.new_id(), "name": name, "filterType": kind, "query": query, "version": 1 });
        state.filters.0.push((sheet, filter));
    }
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let sheet = state.sheet(asked.id("sheetId")?)?.id;
    let filter = || asked.id("filterId");
    let answer = match asked.name() {
        "filters.list" => {
            let all: Vec<_> = state.filters.0.iter().filter(|(of, _)| *of == sheet).map(|(_, it)| it.clone()).collect();
            by_page(&all, &asked.query)?
        }
        "filters.get" => state.filters.get(sheet, filter()?)?.clone(),
        "filters.delete" => {
            let position = state.filters.position(sheet, filter()?)?;
            state.filters.0.remove(position);
            success()
        }
        _ => return Err(asked.unknown()),
    };
    Ok(answer.into())
}
