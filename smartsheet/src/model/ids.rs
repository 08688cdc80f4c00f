//! Ids: 64-bit integers, 16 digits as a rule. On the wire they are numbers; numeric strings are read as well.

use connectors_core::{Error, Result, id_newtype};

id_newtype! {
    /// A sheet, or a template that sheets are made from.
    pub struct SheetId;
}
id_newtype! {
    /// A row. Unique in the whole account, not only in its sheet.
    pub struct RowId;
}
id_newtype! {
    /// A column. Unique in the whole account, not only in its sheet.
    pub struct ColumnId;
}
id_newtype! {
    /// A folder.
    pub struct FolderId;
}
id_newtype! {
    /// A workspace.
    pub struct WorkspaceId;
}
id_newtype! {
    /// A report.
    pub struct ReportId;
}
id_newtype! {
    /// A dashboard, which the API calls a sight.
    pub struct SightId;
}
id_newtype! {
    /// A user.
    pub struct UserId;
}

/// Refuses an id that no object has. The error names `field`.
pub(crate) fn positive(field: &str, id: i64) -> Result<()> {
    if id > 0 { Ok(()) } else { Err(Error::invalid(field, "must be a positive number")) }
}
