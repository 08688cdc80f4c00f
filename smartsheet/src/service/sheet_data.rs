//! All data of a sheet.

use crate::model::{ColumnMap, Row, Sheet, SheetId};

/// Asks for all data of a sheet.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SheetDataRequest {
    /// The sheet.
    pub sheet: SheetId,
}

impl SheetDataRequest {
    /// All rows of this sheet.
    pub fn new(sheet: SheetId) -> Self {
        Self { sheet }
    }
}

/// All data of a sheet.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SheetData {
    /// The sheet.
    pub id: SheetId,
    /// Its name.
    pub name: String,
    /// Its version, which goes up with every change.
    pub version: Option<u64>,
    /// Its columns, by title and id.
    pub columns: ColumnMap,
    /// Its rows, in the order of the sheet. [`Row::get`] finds a cell by its column's title.
    pub rows: Vec<Row>,
}

impl SheetData {
    /// The rows whose cell in the column with this title shows `text`: those of an event, by its id.
    pub fn rows_where<'a>(&'a self, title: &str, text: &'a str) -> impl Iterator<Item = &'a Row> {
        let column = self.columns.get(title).map(|column| column.id);
        let shows = move |row: &&Row| column.and_then(|id| row.cell(id)).is_some_and(|cell| cell.to_string() == text);
        self.rows.iter().filter(shows)
    }
}

impl From<Sheet> for SheetData {
    fn from(sheet: Sheet) -> Self {
        let Sheet { id, name, version, columns, rows, .. } = sheet;
        Self { id, name, version, columns: ColumnMap::new(columns), rows }
    }
}
