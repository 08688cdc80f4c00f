//! The user's own structs as cells: columns are fields, by title.

use connectors_core::{Error, Result};
use serde::Serialize;

use crate::model::write::Members;
use crate::model::{CellInput, Clear, Number, ObjectValue, raw};

/// The cells of a record, by the titles of their columns. Nothing (`None`, no members of a list) empties a cell.
pub(crate) fn encode(record: &impl Serialize) -> Result<Vec<(String, CellInput)>> {
    let refused = |error| Error::invalid("record", "must be a struct or a map with texts as keys").with_source(error);
    let json = serde_json::to_string(record).map_err(refused)?;
    let members: Members = serde_json::from_str(&json).map_err(refused)?;
    Ok(members.0.into_iter().map(|(title, json)| (title, input(&json))).collect())
}

fn input(json: &str) -> CellInput {
    if let Some(text) = raw::text(json) {
        return CellInput::Text(text);
    }
    match json {
        "null" | "[]" => CellInput::Clear(Clear::Value),
        "true" => CellInput::Bool(true),
        "false" => CellInput::Bool(false),
        object if object.starts_with('{') => CellInput::Object(ObjectValue::read(json)),
        list if list.starts_with('[') => CellInput::Object(ObjectValue::list(json)),
        digits => CellInput::Number(Number::from_text(digits)),
    }
}
