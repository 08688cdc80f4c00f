//! Rows, as they are read.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};

use super::access::{AccessLevel, Person};
use super::cell::Cell;
use super::column_map::ColumnMap;
use super::ids::{ColumnId, RowId, SheetId};
use super::time;

/// A row, as read.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Row {
    /// The id.
    pub id: RowId,
    /// The position in the sheet, from 1; 0 where it was not sent.
    #[serde(default)]
    pub row_number: u32,
    /// The cells; those that hold nothing may be missing. Look them up by column, never by position.
    #[serde(default, deserialize_with = "exactly")]
    pub cells: Vec<Cell>,
    /// The row that this one is a child of.
    pub parent_id: Option<RowId>,
    /// The row above on the same level.
    pub sibling_id: Option<RowId>,
    /// The sheet, where rows of several are read.
    pub sheet_id: Option<SheetId>,
    /// Whether its children are shown.
    #[serde(default)]
    pub expanded: bool,
    /// Whether only owners and admins may change it.
    #[serde(default)]
    pub locked: bool,
    /// Whether the caller may not change it.
    #[serde(default)]
    pub locked_for_user: bool,
    /// Whether the asked-for filter hides it.
    pub filtered_out: Option<bool>,
    /// How often it was changed.
    pub version: Option<u64>,
    /// When it was created.
    #[serde(default, deserialize_with = "time::opt")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was changed last.
    #[serde(default, deserialize_with = "time::opt")]
    pub modified_at: Option<DateTime<Utc>>,
    /// Who created it. Only where asked for with `writerInfo`.
    pub created_by: Option<Box<Person>>,
    /// Who changed it last. Only where asked for with `writerInfo`.
    pub modified_by: Option<Box<Person>>,
    /// What the caller may do with it.
    pub access_level: Option<AccessLevel>,
    /// Its page. Only where asked for with `rowPermalink`.
    #[serde(alias = "permaLink")]
    pub permalink: Option<Box<str>>,
}

impl Row {
    /// The cell in this column; `None` where nothing was sent for it.
    pub fn cell(&self, column: ColumnId) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.column_id == column)
    }

    /// The cell in the column with this title; `None` where there is no such column, or nothing was sent for it.
    pub fn get(&self, columns: &ColumnMap, title: &str) -> Option<&Cell> {
        self.cell(columns.get(title)?.id)
    }
}

/// Without the room that a growing vector keeps in reserve: a large sheet would hold a quarter more.
fn exactly<'de, D: Deserializer<'de>>(source: D) -> Result<Vec<Cell>, D::Error> {
    let mut cells = Vec::<Cell>::deserialize(source)?;
    cells.shrink_to_fit();
    Ok(cells)
}
