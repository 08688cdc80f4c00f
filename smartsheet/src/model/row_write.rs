//! Rows, as they are written.

use std::collections::HashSet;

use connectors_core::{Error, Result};
use serde::Serialize;

use super::ids::{RowId, positive};
use super::write::CellWrite;
use crate::error_code::ErrorCode;

/// What a new or changed row carries besides its place.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct NewRow {
    /// What to write. Other cells stay empty.
    pub cells: Vec<CellWrite>,
    /// Whether its children are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expanded: Option<bool>,
    /// The format of cells that have none of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Whether only owners and admins may change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locked: Option<bool>,
}

/// A change of a row. What it does not name stays.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RowUpdate {
    /// The row.
    pub id: RowId,
    /// What to write.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<CellWrite>,
    /// Whether its children are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expanded: Option<bool>,
    /// The format of new and blank cells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Whether only owners and admins may change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locked: Option<bool>,
}

impl NewRow {
    /// A row with these cells.
    pub fn new(cells: impl IntoIterator<Item = CellWrite>) -> Self {
        Self { cells: cells.into_iter().collect(), ..Self::default() }
    }
}

impl RowUpdate {
    /// Writes these cells of row `id`.
    pub fn new(id: RowId, cells: impl IntoIterator<Item = CellWrite>) -> Self {
        Self { id, cells: cells.into_iter().collect(), expanded: None, format: None, locked: None }
    }
}

macro_rules! row_setters {
    ($($row:ident),+) => {$(
        impl $row {
            /// Whether its children are shown.
            pub fn expanded(mut self, expanded: bool) -> Self {
                self.expanded = Some(expanded);
                self
            }

            /// The format, as 17 comma-separated indexes. Only new and blank cells take it on.
            pub fn format(mut self, format: impl Into<String>) -> Self {
                self.format = Some(format.into());
                self
            }

            /// Whether only owners and admins may change it.
            pub fn locked(mut self, locked: bool) -> Self {
                self.locked = Some(locked);
                self
            }
        }
    )+};
}

row_setters!(NewRow, RowUpdate);

/// Where the rows of one request go: all of them to the same place, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RowLocation {
    /// To the top of the sheet.
    Top,
    /// To the bottom of the sheet, as new rows do by themselves.
    Bottom,
    /// To the top of the children of a row.
    FirstChildOf(RowId),
    /// To the bottom of the children of a row.
    LastChildOf(RowId),
    /// Below a row, on its level.
    Below(RowId),
    /// Above a row, on its level.
    Above(RowId),
    /// One level deeper; one row that exists already.
    Indent,
    /// One level higher; one row that exists already.
    Outdent,
}

/// A row with its place, as it is sent.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Located<'a, R> {
    #[serde(flatten)]
    row: &'a R,
    #[serde(skip_serializing_if = "Option::is_none")]
    to_top: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to_bottom: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_id: Option<RowId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sibling_id: Option<RowId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    above: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    indent: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outdent: Option<u8>,
}

impl RowLocation {
    /// Refuses a place that no row has, and one that `adding` rows cannot go to.
    pub(crate) fn check(self, adding: bool) -> Result<()> {
        match self {
            Self::FirstChildOf(id) | Self::LastChildOf(id) | Self::Below(id) | Self::Above(id) => {
                positive("location", id.get())
            }
            Self::Indent | Self::Outdent if adding => Err(Error::invalid("location", "is for rows that exist already")),
            Self::Top | Self::Bottom | Self::Indent | Self::Outdent => Ok(()),
        }
    }
}

impl<'a, R> Located<'a, R> {
    pub(crate) fn new(row: &'a R, location: Option<RowLocation>) -> Self {
        let mut placed = Self {
            row,
            to_top: None,
            to_bottom: None,
            parent_id: None,
            sibling_id: None,
            above: None,
            indent: None,
            outdent: None,
        };
        match location {
            None => {}
            Some(RowLocation::Top) => placed.to_top = Some(true),
            Some(RowLocation::Bottom) => placed.to_bottom = Some(true),
            Some(RowLocation::FirstChildOf(parent)) => placed.parent_id = Some(parent),
            Some(RowLocation::LastChildOf(parent)) => {
                (placed.parent_id, placed.to_bottom) = (Some(parent), Some(true));
            }
            Some(RowLocation::Below(sibling)) => placed.sibling_id = Some(sibling),
            Some(RowLocation::Above(sibling)) => (placed.sibling_id, placed.above) = (Some(sibling), Some(true)),
            Some(RowLocation::Indent) => placed.indent = Some(1),
            Some(RowLocation::Outdent) => placed.outdent = Some(1),
        }
        placed
    }
}

/// What [`check_row`] and its caller need to know of a row to be written.
pub(crate) trait Writable: Serialize {
    /// The row, unless it is a new one.
    fn id(&self) -> Option<RowId>;
    fn cells(&self) -> &[CellWrite];
}

impl Writable for NewRow {
    fn id(&self) -> Option<RowId> {
        None
    }

    fn cells(&self) -> &[CellWrite] {
        &self.cells
    }
}

impl Writable for RowUpdate {
    fn id(&self) -> Option<RowId> {
        Some(self.id)
    }

    fn cells(&self) -> &[CellWrite] {
        &self.cells
    }
}

/// Refuses rows that change links to other sheets beside rows that change values.
pub(crate) fn check_links<R: Writable>(rows: &[R]) -> Result<()> {
    let links =
        |row: &R| (row.cells().iter().any(|c| c.input.is_link()), row.cells().iter().any(|c| !c.input.is_link()));
    let (some, others) = rows.iter().map(links).fold((false, false), |(a, b), (c, d)| (a || c, b || d));
    if !(some && others) {
        return Ok(());
    }
    let odd = rows.iter().position(|row| row.cells().iter().any(|cell| cell.input.is_link())).unwrap_or_default();
    let problem = "has links to other sheets, which cannot be written together with values: send them apart";
    Err(Error::invalid(format!("rows[{odd}]"), problem).with_code(ErrorCode::LINKS_AND_VALUES))
}

/// Refuses what Smartsheet would refuse; the error names row, cell and member.
pub(crate) fn check_row<R: Writable>(row: usize, written: &R) -> Result<()> {
    if let Some(id) = written.id() {
        positive(&format!("rows[{row}].id"), id.get())?;
    }
    let cells = written.cells();
    let mut seen = HashSet::with_capacity(cells.len());
    for (index, cell) in cells.iter().enumerate() {
        let path = |member: &str| format!("rows[{row}].cells[{index}].{member}");
        positive(&path("columnId"), cell.column_id.get())?;
        if let Some((member, code, problem)) = cell.input.problem() {
            return Err(Error::invalid(path(member), problem).with_code(code));
        }
        if !seen.insert(cell.column_id) {
            let problem = "names a column that an earlier cell of the row names";
            return Err(Error::invalid(path("columnId"), problem).with_code(ErrorCode::COLUMN_TWICE));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{ColumnId, Hyperlink};
    use super::*;

    fn json(value: &impl Serialize) -> String {
        serde_json::to_string(value).unwrap()
    }

    #[test]
    fn a_row_says_where_it_goes() {
        let row = NewRow::new([CellWrite::value(ColumnId::new(1), 2.50)]);
        let placed = |location| json(&Located::new(&row, location));
        assert_eq!(placed(None), r#"{"cells":[{"columnId":1,"value":2.5}]}"#);
        assert_eq!(placed(Some(RowLocation::Top)), r#"{"cells":[{"columnId":1,"value":2.5}],"toTop":true}"#);
        let above = placed(Some(RowLocation::Above(RowId::new(9))));
        assert_eq!(above, r#"{"cells":[{"columnId":1,"value":2.5}],"siblingId":9,"above":true}"#);
    }

    #[test]
    fn what_smartsheet_would_refuse_is_named() {
        let field = |cells: &[CellWrite]| {
            let row = RowUpdate::new(RowId::new(1), cells.iter().cloned());
            check_row(3, &row).unwrap_err().field().map(str::to_owned)
        };
        let column = ColumnId::new(7);
        assert_eq!(field(&[CellWrite::value(column, f64::NAN)]).unwrap(), "rows[3].cells[0].value");
        assert_eq!(field(&[CellWrite::value(column, "x".repeat(4001))]).unwrap(), "rows[3].cells[0].value");
        assert_eq!(field(&[CellWrite::formula(column, "SUM(1)")]).unwrap(), "rows[3].cells[0].formula");
        let nowhere = CellWrite::hyperlink(column, "x", Hyperlink::default());
        assert_eq!(field(&[nowhere]).unwrap(), "rows[3].cells[0].hyperlink");
        let twice = [CellWrite::value(column, 1), CellWrite::clear(column)];
        assert_eq!(field(&twice).unwrap(), "rows[3].cells[1].columnId");
        assert_eq!(field(&[CellWrite::clear(ColumnId::new(0))]).unwrap(), "rows[3].cells[0].columnId");
    }
}
