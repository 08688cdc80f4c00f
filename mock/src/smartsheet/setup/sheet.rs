//! Sheets that are there from the beginning.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use connectors_core::{Error, Result};
use connectors_smartsheet::{CellInput, CellWrite, ColumnId, ColumnType, NewColumn};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::refused;
use crate::smartsheet::cells::{Write, written};
use crate::smartsheet::problem::Problem;
use crate::smartsheet::seed::new_sheet;
use crate::smartsheet::sheets;
use crate::smartsheet::state::{Cell, Column, Place, Row, State};

/// A sheet of a [`SmartsheetSetup`](crate::SmartsheetSetup): columns and rows. The first column is the primary one unless
/// another is.
///
/// In JSON, columns have the attributes of the API, and are of type `TEXT_NUMBER` where they do not say; rows have the
/// values by the titles of the columns: texts, numbers and booleans as they are, lists where a cell takes several values,
/// and objects for the attributes of a cell in the API, such as `{"formula": "=1+1"}`.
///
/// ```
/// use connectors_mock::{MockSmartsheet, RowSetup, SheetSetup, SmartsheetSetup};
/// use connectors_smartsheet::{CellInput, ColumnType, NewColumn};
///
/// let stores = SheetSetup::new("Stores")
///     .column("Store", ColumnType::TextNumber)
///     .column("Open", ColumnType::Checkbox)
///     .column_of(&NewColumn::new("Teams", ColumnType::MultiPicklist).options(["A", "B"]))
///     .column("Area", ColumnType::TextNumber)
///     .row(RowSetup::new().cell("Store", "Alexa").cell("Open", true).cell("Area", 56_200))
///     .row(RowSetup::new().cell("Store", "Arcaden").cell("Area", CellInput::Formula("=Area1 * 2".into())));
/// let json = r#"{
///     "name": "Stores",
///     "columns": [
///         {"title": "Store", "type": "TEXT_NUMBER"}, {"title": "Open", "type": "CHECKBOX"},
///         {"title": "Teams", "type": "MULTI_PICKLIST", "options": ["A", "B"]}, {"title": "Area", "type": "TEXT_NUMBER"}
///     ],
///     "rows": [
///         {"Store": "Alexa", "Open": true, "Area": 56200},
///         {"Store": "Arcaden", "Area": {"formula": "=Area1 * 2"}}
///     ]
/// }"#;
/// assert_eq!(stores, serde_json::from_str(json)?);
/// let mock = MockSmartsheet::builder().initial(SmartsheetSetup::new().sheet(stores)).build()?;
/// assert_eq!(mock.fake().sheet_named("Stores").unwrap().columns, ["Store", "Open", "Teams", "Area"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetSetup {
    name: String,
    columns: Vec<Map<String, Value>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rows: Vec<RowSetup>,
}

impl SheetSetup {
    /// A sheet of this name. It needs a column.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// A further column of this type.
    pub fn column(self, title: impl Into<String>, column_type: ColumnType) -> Self {
        self.column_of(&NewColumn::new(title, column_type))
    }

    /// A further picklist of these values.
    pub fn options(self, title: impl Into<String>, options: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.column_of(&NewColumn::new(title, ColumnType::Picklist).options(options))
    }

    /// A further column, as one is made through the API.
    pub fn column_of(mut self, column: &NewColumn) -> Self {
        self.columns.push(attributes(column));
        self
    }

    /// A further row: `[("Store", "Alexa"), ("City", "Berlin")]`, or a [`RowSetup`].
    pub fn row(mut self, row: impl Into<RowSetup>) -> Self {
        self.rows.push(row.into());
        self
    }

    pub(super) fn apply(&self, state: &mut State, place: Place, path: &str, now: DateTime<Utc>) -> Result<()> {
        if self.name.trim().is_empty() {
            return Err(Error::invalid(format!("{path}.name"), "must not be blank"));
        }
        let at = format!("{path}.columns");
        let columns = sheets::new_columns(state, &self.completed()).map_err(refused(&at))?;
        let mut rows = Vec::new();
        for (at, row) in self.rows.iter().enumerate() {
            let cells = row.cells(&columns, &format!("{path}.rows[{at}]"))?;
            rows.push(Row { version: 1, cells, ..Row::new(state.new_id(), now) });
        }
        let id = new_sheet(state, &self.name, place, columns, now);
        if let Some(sheet) = state.sheets.get_mut(&id) {
            sheet.rows = rows;
        }
        Ok(())
    }

    /// The columns, as the API wants them.
    fn completed(&self) -> Vec<Value> {
        let named = self.columns.iter().any(|column| column.get("primary") == Some(&Value::Bool(true)));
        let complete = |(at, column): (usize, &Map<String, Value>)| {
            let mut column = column.clone();
            column.entry("type").or_insert_with(|| "TEXT_NUMBER".into());
            if at == 0 && !named {
                column.insert("primary".into(), true.into());
            }
            Value::Object(column)
        };
        self.columns.iter().enumerate().map(complete).collect()
    }
}

/// What this is on the wire.
fn attributes(of: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(of) {
        Ok(Value::Object(attributes)) => attributes,
        // What the client sends is objects.
        _ => Map::new(),
    }
}

/// A row of a [`SheetSetup`]: values by the titles of their columns.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RowSetup(BTreeMap<String, Value>);

impl RowSetup {
    /// A row whose cells hold nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Holds this value in the column with this title.
    pub fn cell(mut self, title: impl Into<String>, value: impl Into<CellInput>) -> Self {
        let mut cell = attributes(&CellWrite::value(ColumnId::new(0), value));
        cell.remove("columnId");
        let plain = if cell.len() == 1 { cell.remove("value") } else { None };
        self.0.insert(title.into(), plain.unwrap_or_else(|| cell.into()));
        self
    }

    fn cells(&self, columns: &[Column], path: &str) -> Result<BTreeMap<i64, Cell>> {
        let mut cells = BTreeMap::new();
        for (title, value) in &self.0 {
            let path = format!("{path}.{title}");
            let column = columns.iter().find(|column| column.title == *title);
            let column = column.ok_or_else(|| Error::invalid(&path, "the sheet has no column with this title"))?;
            if !value.is_null() {
                cells.insert(column.id, cell(column, value).map_err(refused(&path))?);
            }
        }
        Ok(cells)
    }
}

impl<K: Into<String>, V: Into<CellInput>, const N: usize> From<[(K, V); N]> for RowSetup {
    fn from(cells: [(K, V); N]) -> Self {
        cells.into_iter().fold(Self::new(), |row, (title, value)| row.cell(title, value))
    }
}

fn cell(column: &Column, value: &Value) -> std::result::Result<Cell, Problem> {
    let write = match value {
        Value::Object(_) => value.clone(),
        Value::Array(values) if column.kind == "MULTI_CONTACT_LIST" => {
            let contact = |email: &Value| json!({ "objectType": "CONTACT", "email": email });
            let contacts: Vec<_> = values.iter().map(contact).collect();
            json!({ "objectValue": { "objectType": "MULTI_CONTACT", "values": contacts } })
        }
        Value::Array(values) => json!({ "objectValue": { "objectType": "MULTI_PICKLIST", "values": values } }),
        plain => json!({ "value": plain }),
    };
    written(column, None, Write::new(&write)?, true)
}
