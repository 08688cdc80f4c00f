//! A big sheet, as Smartsheet would send it, always the same.

use fastrand::Rng;
use serde::Serialize;

/// The columns are of these types, in turns.
const TYPES: [&str; 5] = ["TEXT_NUMBER", "DATE", "CONTACT_LIST", "PICKLIST", "CHECKBOX"];
const STATES: [&str; 3] = ["Planned", "Active", "Completed"];
const CREATED: &str = "2026-01-15T09:30:00Z";
const MODIFIED: &str = "2026-02-20T17:45:12Z";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Sheet {
    id: u64,
    name: &'static str,
    version: u32,
    total_row_count: u32,
    access_level: &'static str,
    effective_attachment_options: [&'static str; 2],
    gantt_enabled: bool,
    dependencies_enabled: bool,
    permalink: &'static str,
    created_at: &'static str,
    modified_at: &'static str,
    columns: Vec<Column>,
    rows: Vec<Row>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Column {
    id: u64,
    version: u32,
    index: u32,
    title: String,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<&'static str>,
    primary: bool,
    validation: bool,
    width: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    id: u64,
    #[serde(rename = "rowNumber")]
    number: u32,
    sibling_id: u64,
    expanded: bool,
    created_at: &'static str,
    modified_at: &'static str,
    cells: Vec<Cell>,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Cell {
    column_id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_value: Option<String>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Value {
    Bool(bool),
    Number(f64),
    Text(String),
}

/// A sheet of this size as JSON: every kind of plain cell, one in twelve empty.
///
/// # Errors
///
/// None that is known.
pub fn json(rows: u32, columns: u32) -> serde_json::Result<Vec<u8>> {
    let mut random = Rng::with_seed(7);
    let sheet = Sheet {
        id: 4_583_173_393_803_140,
        name: "Campaign tracker",
        version: 42,
        total_row_count: rows,
        access_level: "OWNER",
        effective_attachment_options: ["LINK", "FILE"],
        gantt_enabled: false,
        dependencies_enabled: false,
        permalink: "https://app.smartsheet.com/sheets/abc",
        created_at: CREATED,
        modified_at: MODIFIED,
        columns: (0..columns).map(column).collect(),
        rows: (0..rows).map(|row| self::row(row, columns, &mut random)).collect(),
    };
    serde_json::to_vec(&sheet)
}

fn column(index: u32) -> Column {
    let kind = kind(index);
    Column {
        id: column_id(index),
        version: 0,
        index,
        title: format!("Column {index}"),
        kind,
        options: if kind == "PICKLIST" { STATES.to_vec() } else { Vec::new() },
        primary: index == 0,
        validation: false,
        width: 150,
    }
}

fn row(index: u32, columns: u32, random: &mut Rng) -> Row {
    let id = 2_000_000_000_000_000 + u64::from(index);
    Row {
        id,
        number: index + 1,
        sibling_id: id - 1,
        expanded: true,
        created_at: CREATED,
        modified_at: MODIFIED,
        cells: (0..columns).map(|column| cell(index, column, random)).collect(),
    }
}

fn cell(row: u32, column: u32, random: &mut Rng) -> Cell {
    let column_id = column_id(column);
    if random.f64() < 0.08 {
        return Cell { column_id, ..Cell::default() };
    }
    let (value, display_value) = match kind(column) {
        "TEXT_NUMBER" if column % 2 == 1 => {
            let number = f64::from(random.u32(0..1_000_000)) / 100.0;
            (Value::Number(number), Some(number.to_string()))
        }
        "TEXT_NUMBER" => shown(format!("Event {row} – \"Kick-off\" at venue {}", random.u32(1..=999))),
        "DATE" => (Value::Text(format!("2026-{:02}-{:02}", random.u8(1..=12), random.u8(1..=28))), None),
        "CONTACT_LIST" => {
            let user = random.u32(1..=500);
            (Value::Text(format!("user{user}@example.com")), Some(format!("User {user}")))
        }
        "PICKLIST" => shown(random.choice(STATES).unwrap_or_default().to_owned()),
        _ => (Value::Bool(random.bool()), None),
    };
    Cell { column_id, value: Some(value), display_value }
}

fn shown(text: String) -> (Value, Option<String>) {
    (Value::Text(text.clone()), Some(text))
}

fn kind(column: u32) -> &'static str {
    TYPES.get(column as usize % TYPES.len()).copied().unwrap_or_default()
}

fn column_id(index: u32) -> u64 {
    1_000_000_000_000_000 + u64::from(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_always_the_same_and_of_the_size_asked_for() {
        let json = json(40, 25).unwrap();
        assert_eq!(json, super::json(40, 25).unwrap());
        let sheet: serde_json::Value = serde_json::from_slice(&json).unwrap();
        let rows = sheet["rows"].as_array().unwrap();
        assert!(rows.len() == 40 && rows.iter().all(|row| row["cells"].as_array().unwrap().len() == 25));
        let per_cell = json.len() / 1000;
        assert!((70..85).contains(&per_cell), "{per_cell} bytes a cell: half a million make about 38 MB");
    }
}
