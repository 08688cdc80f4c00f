//! Rows that are sent by e-mail, copied or moved.

use connectors_core::open_enum;
use serde::{Deserialize, Serialize};

use super::email::Email;
use super::ids::{ColumnId, RowId, SheetId};

open_enum! {
    /// How rows are laid out in an e-mail.
    pub enum RowLayout {
        /// One line per row.
        "HORIZONTAL" => Horizontal,
        /// One line per cell.
        "VERTICAL" => Vertical,
    }
}

/// An e-mail that shows rows.
///
/// ```
/// use connectors_smartsheet::{Email, RowEmail, RowId};
///
/// let email = Email::to(["crew@example.com"]).subject("Your shifts");
/// let email = RowEmail::new(email, [RowId::new(4_583_173_393_803_140)]).include_attachments(true);
/// # let _ = email;
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RowEmail {
    /// To whom, and what it says.
    #[serde(flatten)]
    pub email: Email,
    /// The rows.
    pub row_ids: Vec<RowId>,
    /// The columns; all of them if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub column_ids: Vec<ColumnId>,
    /// Whether the rows' attachments go along.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_attachments: Option<bool>,
    /// Whether the rows' discussions go along.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_discussions: Option<bool>,
    /// How the rows are laid out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<RowLayout>,
}

impl RowEmail {
    /// An e-mail with these rows.
    pub fn new(email: Email, rows: impl IntoIterator<Item = RowId>) -> Self {
        Self {
            email,
            row_ids: rows.into_iter().collect(),
            column_ids: Vec::new(),
            include_attachments: None,
            include_discussions: None,
            layout: None,
        }
    }

    /// Only these columns.
    pub fn columns(mut self, columns: impl IntoIterator<Item = ColumnId>) -> Self {
        self.column_ids.extend(columns);
        self
    }

    /// Whether the rows' attachments go along.
    pub fn include_attachments(mut self, include: bool) -> Self {
        self.include_attachments = Some(include);
        self
    }

    /// Whether the rows' discussions go along.
    pub fn include_discussions(mut self, include: bool) -> Self {
        self.include_discussions = Some(include);
        self
    }

    /// How the rows are laid out.
    pub fn layout(mut self, layout: RowLayout) -> Self {
        self.layout = Some(layout);
        self
    }
}

open_enum! {
    /// What goes along with rows that are copied or moved.
    pub enum RowInclude {
        /// Their attachments.
        "attachments" => Attachments,
        /// Their discussions.
        "discussions" => Discussions,
        /// The rows below them in the hierarchy; always moved along, copied only when asked for.
        "children" => Children,
        /// All of these; only for copies.
        "all" => All,
    }
}

/// Where copied or moved rows went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RowsMoved {
    /// The sheet that they are in now.
    pub destination_sheet_id: Option<SheetId>,
    /// Their old ids, and the new ones.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub row_mappings: Vec<RowMapping>,
}

/// A row before and after it was copied or moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RowMapping {
    /// Its id in the source sheet.
    pub from: RowId,
    /// Its id in the destination.
    pub to: RowId,
}
