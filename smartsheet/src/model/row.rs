//! Rows, as they are read.

use chrono::{DateTime, Utc};

use super::access::{AccessLevel, Person};
use super::attachment::Attachment;
use super::cell::Cell;
use super::column::Column;
use super::column_map::ColumnMap;
use super::discussion::Discussion;
use super::ids::{ColumnId, RowId, SheetId};
use super::proof::Proof;

/// A row, as read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Row {
    /// The id.
    pub id: RowId,
    /// The position in the sheet, from 1; 0 where it was not sent.
    pub row_number: u32,
    /// The cells; those that hold nothing may be missing. Look them up by column, never by position.
    pub cells: Vec<Cell>,
    /// The row that this one is a child of.
    pub parent_id: Option<RowId>,
    /// The row above on the same level.
    pub sibling_id: Option<RowId>,
    /// The sheet, where rows of several are read.
    pub sheet_id: Option<SheetId>,
    /// Whether its children are shown.
    pub expanded: bool,
    /// Whether only owners and admins may change it.
    pub locked: bool,
    /// Whether the caller may not change it.
    pub locked_for_user: bool,
    /// Whether the asked-for filter hides it.
    pub filtered_out: Option<bool>,
    /// How often it was changed.
    pub version: Option<u64>,
    /// When it was created.
    pub created_at: Option<DateTime<Utc>>,
    /// When it was changed last.
    pub modified_at: Option<DateTime<Utc>>,
    /// Who created it. Only where asked for with `writerInfo`.
    pub created_by: Option<Box<Person>>,
    /// Who changed it last. Only where asked for with `writerInfo`.
    pub modified_by: Option<Box<Person>>,
    /// What the caller may do with it.
    pub access_level: Option<AccessLevel>,
    /// Its page. Only where asked for with `rowPermalink`.
    pub permalink: Option<Box<str>>,
    pub(super) extras: Option<Box<Extras>>,
}

/// What few rows have, and only where it is asked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Extras {
    pub(super) format: Option<Box<str>>,
    pub(super) conditional_format: Option<Box<str>>,
    pub(super) in_critical_path: Option<bool>,
    pub(super) parent_row_number: Option<u32>,
    pub(super) columns: Vec<Column>,
    pub(super) attachments: Vec<Attachment>,
    pub(super) discussions: Vec<Discussion>,
    pub(super) proof: Option<Box<Proof>>,
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

    /// The format that new and blank cells get, as 17 comma-separated indexes. Only where asked for with `format`.
    pub fn format(&self) -> Option<&str> {
        self.extras.as_ref()?.format.as_deref()
    }

    /// The format by the rules of conditional formatting, spelled like [`format`](Self::format) and asked for with it.
    pub fn conditional_format(&self) -> Option<&str> {
        self.extras.as_ref()?.conditional_format.as_deref()
    }

    /// Whether the end of a project with dependencies hangs on this row.
    pub fn in_critical_path(&self) -> bool {
        self.extras.as_ref().and_then(|extras| extras.in_critical_path) == Some(true)
    }

    /// The position of the parent row, in answers to some writes.
    pub fn parent_row_number(&self) -> Option<u32> {
        self.extras.as_ref()?.parent_row_number
    }

    /// What is attached to it. Only where asked for with `attachments`.
    pub fn attachments(&self) -> &[Attachment] {
        self.extras.as_ref().map(|extras| extras.attachments.as_slice()).unwrap_or_default()
    }

    /// What is said about it. Only where asked for with `discussions`.
    pub fn discussions(&self) -> &[Discussion] {
        self.extras.as_ref().map(|extras| extras.discussions.as_slice()).unwrap_or_default()
    }

    /// The proof on it, where Smartsheet sends one.
    pub fn proof(&self) -> Option<&Proof> {
        self.extras.as_ref()?.proof.as_deref()
    }

    /// The columns of the sheet. Only where a single row is asked for with `columns`.
    pub fn columns(&self) -> &[Column] {
        self.extras.as_ref().map(|extras| extras.columns.as_slice()).unwrap_or_default()
    }
}
