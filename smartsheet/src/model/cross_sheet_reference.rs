//! References from the formulas of one sheet to the cells of another.

use connectors_core::open_enum;
use serde::{Deserialize, Serialize};

use super::ids::{ColumnId, CrossSheetReferenceId, RowId, SheetId};

open_enum! {
    /// What became of a reference.
    pub enum CrossSheetReferenceStatus {
        /// It works.
        "OK" => Ok,
        /// The owner of the source blocks it.
        "BLOCKED" => Blocked,
        /// What it leads to is gone.
        "BROKEN" => Broken,
        /// It leads back to where it starts.
        "CIRCULAR" => Circular,
        /// It is switched off.
        "DISABLED" => Disabled,
        /// It is not valid, for a reason that Smartsheet does not tell.
        "INVALID/UNKNOWN" | "INVALID" => Invalid,
        /// The source is not shared with the owner of the sheet.
        "NOT_SHARED" | "NOT-SHARED" => NotShared,
    }
}

/// A reference from the formulas of one sheet to columns, rows or cells of another.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CrossSheetReference {
    /// The id.
    pub id: CrossSheetReferenceId,
    /// The name that formulas call it by, as in `=SUM({name})`.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub name: String,
    /// What became of it.
    pub status: Option<CrossSheetReferenceStatus>,
    /// The sheet that it leads to.
    pub source_sheet_id: Option<SheetId>,
    /// The first column.
    pub start_column_id: Option<ColumnId>,
    /// The last column.
    pub end_column_id: Option<ColumnId>,
    /// The first row; none where it covers whole columns.
    pub start_row_id: Option<RowId>,
    /// The last row; none where it covers whole columns.
    pub end_row_id: Option<RowId>,
}

/// A reference to be created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewCrossSheetReference {
    /// The name that formulas will call it by; unique in its sheet.
    pub name: String,
    /// The sheet that it leads to.
    pub source_sheet_id: SheetId,
    /// The first column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_column_id: Option<ColumnId>,
    /// The last column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_column_id: Option<ColumnId>,
    /// The first row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_row_id: Option<RowId>,
    /// The last row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_row_id: Option<RowId>,
}

impl NewCrossSheetReference {
    /// A reference to whole columns, from the first to the last.
    pub fn columns(name: impl Into<String>, source: SheetId, first: ColumnId, last: ColumnId) -> Self {
        let nothing = Self::to(name, source);
        Self { start_column_id: Some(first), end_column_id: Some(last), ..nothing }
    }

    /// A reference to whole rows, from the first to the last.
    pub fn rows(name: impl Into<String>, source: SheetId, first: RowId, last: RowId) -> Self {
        let nothing = Self::to(name, source);
        Self { start_row_id: Some(first), end_row_id: Some(last), ..nothing }
    }

    /// A reference to the cells from the one in the upper left to the one in the lower right.
    pub fn cells(
        name: impl Into<String>,
        source: SheetId,
        (top, left): (RowId, ColumnId),
        (bottom, right): (RowId, ColumnId),
    ) -> Self {
        let columns = Self::columns(name, source, left, right);
        Self { start_row_id: Some(top), end_row_id: Some(bottom), ..columns }
    }

    fn to(name: impl Into<String>, source: SheetId) -> Self {
        Self {
            name: name.into(),
            source_sheet_id: source,
            start_column_id: None,
            end_column_id: None,
            start_row_id: None,
            end_row_id: None,
        }
    }
}
