//! Filters.

use serde_json::{Value, json};

use super::asked::{Asked, Outcome, success};
use super::lists::by_page;
use super::problem::Problem;
use super::state::State;

/// What is held of them: sheets, and their filters.
#[derive(Debug, Default)]
pub(super) struct Store(Vec<(i64, Value)>);

impl Store {
    fn position(&self, sheet: i64, id: i64) -> Result<usize, Problem> {
        let found = self.0.iter().position(|(of, filter)| *of == sheet && filter.get("id") == Some(&json!(id)));
        found.ok_or_else(Problem::not_found)
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
        "filters.get" => {
            let position = state.filters.position(sheet, filter()?)?;
            state.filters.0.get(position).map(|(_, filter)| filter.clone()).unwrap_or_default()
        }
        "filters.delete" => {
            let position = state.filters.position(sheet, filter()?)?;
            state.filters.0.remove(position);
            success()
        }
        _ => return Err(asked.unknown()),
    };
    Ok(answer.into())
}
