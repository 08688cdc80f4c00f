//! Rows put together by the titles of their columns.

use connectors_core::{Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::column_map::{ColumnMap, check_fit};
use super::ids::RowId;
use super::row::Row;
use super::row_write::{NewRow, RowUpdate};
use super::write::{CellInput, CellWrite, Clear};
use crate::table::decode::decode;
use crate::table::encode::encode;

/// A row to be written, put together by the titles of its columns: [`ColumnMap::row`]. The first mistake is told when
/// it is built.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// # let mock = connectors_mock::MockSmartsheet::new();
/// # let (smartsheet, sheet) = (mock.client().clone(), mock.store_list_id());
/// let columns = smartsheet.table(sheet).columns().await?;
/// let row = columns.row().set("Store", "Elbe").set("City", "Hamburg").set("Power on site", true).build()?;
/// smartsheet.rows().add(sheet, [row]).await?;
///
/// let error = columns.row().set("Power on site", "yes").build().unwrap_err();
/// assert_eq!(error.field(), Some("Power on site"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a row is only written when it is built and sent"]
pub struct RowBuilder<'a> {
    columns: &'a ColumnMap,
    cells: Vec<CellWrite>,
    problem: Option<Error>,
}

impl ColumnMap {
    /// A row to be written, with no cells yet.
    pub fn row(&self) -> RowBuilder<'_> {
        RowBuilder { columns: self, cells: Vec::new(), problem: None }
    }

    /// A row with the fields of a struct (or the members of a map), which are named like the columns.
    pub fn row_from(&self, record: &impl Serialize) -> RowBuilder<'_> {
        match encode(record) {
            Ok(cells) => cells.into_iter().fold(self.row(), |row, (title, input)| row.set(&title, input)),
            Err(problem) => RowBuilder { problem: Some(problem), ..self.row() },
        }
    }

    /// A row as a struct whose fields are named like the columns; see [`Table::read`](crate::Table::read).
    pub fn read<T: DeserializeOwned>(&self, row: &Row) -> Result<T> {
        decode(self, row).map_err(|error| {
            let column = error.title.as_deref().map_or(String::new(), |title| format!(", column `{title}`"));
            let message = format!("row {}{column}: {}", row.row_number, error.message);
            let failed = Error::new(connectors_core::ErrorKind::Decode, message).with_origin(crate::PROVIDER, "");
            failed.with_field(error.title.unwrap_or_else(|| format!("row {}", row.row_number)))
        })
    }
}

impl RowBuilder<'_> {
    /// Writes `value` into the column with this title. A later value for the same column counts.
    pub fn set(mut self, title: &str, value: impl Into<CellInput>) -> Self {
        let input = value.into();
        let column = self.columns.require(title).and_then(|column| check_fit(column, &input).map(|()| column.id));
        match column {
            Ok(column) => {
                self.cells.retain(|earlier| earlier.column_id != column);
                self.cells.push(CellWrite::value(column, input));
            }
            Err(problem) => self.problem = self.problem.or(Some(problem)),
        }
        self
    }

    /// A new row. Cells that are to be empty need not be written.
    pub fn build(self) -> Result<NewRow> {
        let cells = self.cells.into_iter().filter(|cell| cell.input != CellInput::Clear(Clear::Value));
        self.problem.map_or_else(|| Ok(NewRow::new(cells)), Err)
    }

    /// A change of a row.
    pub fn update(self, row: RowId) -> Result<RowUpdate> {
        self.problem.map_or_else(|| Ok(RowUpdate::new(row, self.cells)), Err)
    }
}
