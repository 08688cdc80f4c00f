//! Cross-sheet references.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::asked::{Asked, Outcome, attributes, required_text, written};
use super::lists::by_page;
use super::problem::Problem;
use super::state::{Sheet, State};

/// What is held of them: sheets, and their references.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store(Vec<(i64, Value)>);

impl Store {
    fn of(&self, sheet: i64) -> impl Iterator<Item = &Value> {
        self.0.iter().filter(move |(of, _)| *of == sheet).map(|(_, reference)| reference)
    }
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let sheet = state.sheet(asked.id("sheetId")?)?.id;
    let answer = match asked.name() {
        "cross_sheet_references.list" => {
            let all: Vec<_> = state.cross_sheet_references.of(sheet).map(|held| shown(state, held)).collect();
            by_page(&all, &asked.query)?
        }
        "cross_sheet_references.get" => {
            let id = asked.id("crossSheetReferenceId")?;
            let mut all = state.cross_sheet_references.of(sheet);
            let held = all.find(|held| held.get("id") == Some(&json!(id))).ok_or_else(Problem::not_found)?;
            shown(state, held)
        }
        "cross_sheet_references.create" => written(create(state, sheet, &asked.json()?)?),
        _ => return Err(asked.unknown()),
    };
    Ok(answer.into())
}

/// With what has become of it: the source may be gone by now.
fn shown(state: &State, held: &Value) -> Value {
    let source = held.get("sourceSheetId").and_then(Value::as_i64).unwrap_or_default();
    let mut shown = held.clone();
    if let Some(shown) = shown.as_object_mut() {
        let fits = state.sheet(source).is_ok_and(|source| check_ends(source, shown).is_ok());
        shown.insert("status".into(), if fits { "OK" } else { "BROKEN" }.into());
    }
    shown
}

const ENDS: [&str; 4] = ["startColumnId", "endColumnId", "startRowId", "endRowId"];

fn create(state: &mut State, sheet: i64, body: &Value) -> Result<Value, Problem> {
    let known: Vec<_> = ["name", "sourceSheetId"].into_iter().chain(ENDS).collect();
    let body = attributes(body, &known)?;
    let name = required_text(body, "name", "crossSheetReference.name")?;
    if name.chars().count() > 100 {
        return Err(Problem::bad(1041, "The value for name must be 100 characters in length or less."));
    }
    let source = body.get("sourceSheetId").ok_or_else(|| Problem::missing("crossSheetReference.sourceSheetId"))?;
    let source = source.as_i64().ok_or_else(|| Problem::wrong_type("sourceSheetId"))?;
    if source == sheet {
        return Err(Problem::bad_parameter("sourceSheetId"));
    }
    check_ends(state.sheet(source)?, body)?;
    for pair in [["startColumnId", "endColumnId"], ["startRowId", "endRowId"]] {
        if let [true, false] | [false, true] = pair.map(|name| body.contains_key(name)) {
            return Err(Problem::missing(&pair.join(", ")));
        }
    }
    if !body.contains_key("startColumnId") && !body.contains_key("startRowId") {
        return Err(Problem::missing("startColumnId, endColumnId"));
    }
    let same = |held: &Value| held.get("name").and_then(Value::as_str) == Some(name.as_str());
    if state.cross_sheet_references.of(sheet).any(same) {
        return Err(Problem::bad(1129, "The resource you tried to create already exists."));
    }
    let mut held = body.clone();
    held.insert("id".into(), state.new_id().into());
    let held = Value::from(held);
    state.cross_sheet_references.0.push((sheet, held.clone()));
    Ok(shown(state, &held))
}

fn check_ends(source: &Sheet, ends: &Map<String, Value>) -> Result<(), Problem> {
    for name in ENDS {
        let Some(id) = ends.get(name) else { continue };
        let id = id.as_i64().ok_or_else(|| Problem::wrong_type(name))?;
        if name.ends_with("ColumnId") && source.column(id).is_none() {
            return Err(Problem::bad(1036, format!("The columnId {id} is invalid.")));
        }
        if name.ends_with("RowId") && source.position(id).is_none() {
            return Err(Problem::bad(1034, "Invalid Row Id."));
        }
    }
    Ok(())
}
