//! Rows by key, kept up to date at the price of what has changed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use connectors_core::{CachePolicy, Error, Result};

use super::Table;
use super::index::{ambiguous, keys};
use crate::model::{ColumnId, Row, RowId, Sheet};
use crate::query::SheetExclude;
use crate::{ErrorCode, SmartsheetErrorExt};

/// Finds rows by what the key column says: [`Table::finder`].
///
/// It reads that column once. Afterwards it asks whether the sheet's version went up, which costs next to nothing, and
/// reads what has changed since; only when rows were deleted does it read the column again.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// # let mock = connectors_mock::MockSmartsheet::new();
/// # let (smartsheet, sheet) = (mock.client().clone(), mock.store_list_id());
/// let mut finder = smartsheet.table(sheet).finder();
/// let alexa = finder.find("Alexa").await?;
/// assert!(alexa.is_some());
/// assert_eq!(finder.find("Nowhere").await?, None);
/// assert_eq!(finder.len(), 6);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct RowFinder {
    table: Table,
    held: Option<Held>,
}

/// The key column as it was when it was looked at last.
#[derive(Debug)]
struct Held {
    column: ColumnId,
    title: String,
    version: Option<u64>,
    modified_at: Option<DateTime<Utc>>,
    rows: HashMap<RowId, (u32, Vec<String>)>,
    by_key: HashMap<String, Vec<RowId>>,
}

impl RowFinder {
    pub(super) fn new(table: Table) -> Self {
        Self { table, held: None }
    }

    /// The row with this key, as the sheet is now; several rows with the key are
    /// [`Ambiguous`](connectors_core::ErrorKind::Ambiguous).
    pub async fn find(&mut self, key: &str) -> Result<Option<RowId>> {
        self.refresh().await?;
        self.get(key)
    }

    /// As [`find`](Self::find), as the sheet was when it was looked at last: nothing is sent.
    pub fn get(&self, key: &str) -> Result<Option<RowId>> {
        let Some(held) = &self.held else { return Ok(None) };
        match held.by_key.get(key.trim()).map_or(&[][..], Vec::as_slice) {
            [] => Ok(None),
            [row] => Ok(Some(*row)),
            several => {
                let mut numbers: Vec<_> = several.iter().filter_map(|id| Some(held.rows.get(id)?.0)).collect();
                numbers.sort_unstable();
                Err(ambiguous(&held.title, key, numbers.into_iter()))
            }
        }
    }

    /// How many rows the sheet had when it was looked at last.
    pub fn len(&self) -> usize {
        self.held.as_ref().map_or(0, |held| held.rows.len())
    }

    /// Whether there were none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Looks at the sheet again. Whether anything has changed in it.
    pub async fn refresh(&mut self) -> Result<bool> {
        // What is held is of no use if this fails half-way.
        let Some(mut held) = self.held.take() else {
            self.held = Some(self.read().await?);
            return Ok(true);
        };
        let Some((version, since)) = held.version.zip(held.modified_at) else {
            self.held = Some(self.read().await?);
            return Ok(true);
        };
        let get = self.get_column(held.column).rows_modified_since(since).if_version_after(version);
        let sheet = match get.await {
            Ok(None) => {
                self.held = Some(held);
                return Ok(false);
            }
            Ok(Some(sheet)) => sheet,
            Err(error) if error.smartsheet_code() == Some(ErrorCode::INVALID_COLUMN_ID) => {
                self.held = Some(self.read().await?);
                return Ok(true);
            }
            Err(error) => return Err(error),
        };
        let same = sheet.columns.iter().any(|column| column.id == held.column && column.title == held.title);
        let total = sheet.total_row_count;
        held.take_in(sheet);
        // What we know contains what is there: if it is as many, it is the same. Deleted rows leave no other trace.
        let complete = same && total.and_then(|total| usize::try_from(total).ok()) == Some(held.rows.len());
        self.held = Some(if complete { held } else { self.read().await? });
        Ok(true)
    }

    fn get_column(&self, column: ColumnId) -> crate::GetSheet {
        let get = self.table.client.sheets().get(self.table.sheet).column_ids([column]);
        get.exclude([SheetExclude::NonexistentCells])
    }

    /// Reads the whole key column. Remembered columns may be out of date; those fetched just now are what there is.
    async fn read(&self) -> Result<Held> {
        let mut policy = CachePolicy::Use;
        loop {
            let (columns, fresh) = self.table.columns_by(policy).await?;
            let outdated = match self.table.key_column(&columns) {
                Ok(column) => match self.get_column(column.id).await {
                    Ok(sheet) if sheet.columns.iter().any(|c| c.id == column.id && c.title == column.title) => {
                        let mut held = Held {
                            column: column.id,
                            title: column.title.clone(),
                            version: None,
                            modified_at: None,
                            rows: HashMap::with_capacity(sheet.rows.len()),
                            by_key: HashMap::with_capacity(sheet.rows.len()),
                        };
                        held.take_in(sheet);
                        return Ok(held);
                    }
                    Ok(_) => {
                        Error::new(connectors_core::ErrorKind::Conflict, "the columns changed while they were read")
                            .with_retryable(true)
                    }
                    Err(error) if error.smartsheet_code() == Some(ErrorCode::INVALID_COLUMN_ID) => error,
                    Err(error) => return Err(error),
                },
                Err(error) => error,
            };
            if fresh {
                return Err(outdated);
            }
            policy = CachePolicy::Refresh;
        }
    }
}

impl Held {
    fn take_in(&mut self, sheet: Sheet) {
        (self.version, self.modified_at) = (sheet.version, sheet.modified_at);
        for row in &sheet.rows {
            self.forget(row.id);
            let keys = self.keys_of(row);
            for key in &keys {
                self.by_key.entry(key.clone()).or_default().push(row.id);
            }
            self.rows.insert(row.id, (row.row_number, keys));
        }
    }

    fn keys_of(&self, row: &Row) -> Vec<String> {
        row.cell(self.column).into_iter().flat_map(keys).collect()
    }

    fn forget(&mut self, row: RowId) {
        for key in self.rows.remove(&row).into_iter().flat_map(|(_, keys)| keys) {
            if let Some(rows) = self.by_key.get_mut(&key) {
                rows.retain(|other| *other != row);
            }
        }
    }
}
