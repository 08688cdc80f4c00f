//! Where cells lead, and where their values come from.

use connectors_core::open_enum;
use serde::{Deserialize, Serialize};

use super::ids::{ColumnId, ReportId, RowId, SheetId, SightId};

/// Where a cell leads when it is clicked: exactly one of the members is set on a write.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Hyperlink {
    /// A web address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet_id: Option<SheetId>,
    /// A report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_id: Option<ReportId>,
    /// A dashboard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sight_id: Option<SightId>,
}

impl Hyperlink {
    /// To a web address.
    pub fn url(url: impl Into<String>) -> Self {
        Self { url: Some(url.into()), ..Self::default() }
    }

    /// To a sheet.
    pub fn sheet(id: SheetId) -> Self {
        Self { sheet_id: Some(id), ..Self::default() }
    }

    /// To a report.
    pub fn report(id: ReportId) -> Self {
        Self { report_id: Some(id), ..Self::default() }
    }

    /// To a dashboard.
    pub fn sight(id: SightId) -> Self {
        Self { sight_id: Some(id), ..Self::default() }
    }
}

open_enum! {
    /// Whether a cell link works.
    pub enum CellLinkStatus {
        /// It works.
        "OK" => Ok,
        /// The source row, column or sheet was deleted.
        "BROKEN" => Broken,
        /// The source cannot be reached.
        "INACCESSIBLE" => Inaccessible,
        /// The source is not shared with the one who made the link.
        "NOT_SHARED" | "NOT-SHARED" => NotShared,
        /// An upstream link does not work.
        "BLOCKED" => Blocked,
        /// The links form a circle.
        "CIRCULAR" => Circular,
        /// The link cannot be followed.
        "INVALID" | "INVALID/UNKNOWN" => Invalid,
        /// Links were switched off.
        "DISABLED" => Disabled,
    }
}

/// A cell of another sheet, whose value this one shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CellLink {
    /// The other sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet_id: Option<SheetId>,
    /// The row in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row_id: Option<RowId>,
    /// The column in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column_id: Option<ColumnId>,
    /// The other sheet's name. Read only.
    #[serde(skip_serializing)]
    pub sheet_name: Option<String>,
    /// Whether it works. Read only.
    #[serde(skip_serializing)]
    pub status: Option<CellLinkStatus>,
}

impl CellLink {
    /// To this cell of another sheet.
    pub fn new(sheet: SheetId, row: RowId, column: ColumnId) -> Self {
        Self { sheet_id: Some(sheet), row_id: Some(row), column_id: Some(column), sheet_name: None, status: None }
    }
}
