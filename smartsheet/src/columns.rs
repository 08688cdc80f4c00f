//! Columns.

use std::collections::HashSet;

use connectors_core::provider::Operation;
use connectors_core::{Error, Request, Result};
use http::Method;
use serde::Serialize;

use crate::ErrorCode;
use crate::model::{Column, ColumnId, ColumnUpdate, NewColumn, OffsetPage, SheetId, WriteResult};
use crate::request::{CallExt, count, done, not_blank, operation, resource};
use crate::sheet_get::RICH_LEVEL;

static LIST: Operation = operation(Method::GET, "columns.list", "/sheets/{sheetId}/columns");
static GET: Operation = operation(Method::GET, "columns.get", "/sheets/{sheetId}/columns/{columnId}");
static ADD: Operation = operation(Method::POST, "columns.add", "/sheets/{sheetId}/columns");
static DELETE: Operation = operation(Method::DELETE, "columns.delete", "/sheets/{sheetId}/columns/{columnId}");
static UPDATE: Operation = operation(Method::PUT, "columns.update", "/sheets/{sheetId}/columns/{columnId}");

/// How many columns a sheet has at most.
const MAX_COLUMNS: usize = 400;

resource! {
    /// The endpoints of columns: [`SmartsheetClient::columns`](crate::SmartsheetClient::columns).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{ColumnType, ColumnUpdate, NewColumn};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, sheet) = (mock.client().clone(), mock.store_list_id());
    /// let columns = smartsheet.columns();
    /// let all = columns.list(sheet).await?;
    /// let renamed = columns.update(sheet, all[1].id, ColumnUpdate::new().title("Street")).await?;
    /// assert_eq!(renamed.result.title, "Street");
    /// assert_eq!(columns.get(sheet, all[1].id).await?.title, "Street");
    ///
    /// let status = NewColumn::new("Status", ColumnType::Picklist).options(["open", "closed"]);
    /// let added = columns.add(sheet, 2, [status]).await?.result;
    /// columns.delete(sheet, added[0].id).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub struct Columns;
}

impl Columns {
    /// All columns of a sheet, in its order, with their true types.
    pub fn list(&self, sheet: SheetId) -> Request<Vec<Column>> {
        let call = self.client.call(&LIST).id("sheetId", sheet.get());
        Request::mapped::<OffsetPage<Column>>(call.query("includeAll", true).query("level", RICH_LEVEL))
    }

    /// One column, with its true type.
    pub fn get(&self, sheet: SheetId, column: ColumnId) -> Request<Column> {
        let call = self.client.call(&GET).id("sheetId", sheet.get()).id("columnId", column.get());
        Request::new(call.query("level", RICH_LEVEL))
    }

    /// Adds columns, side by side, from this position on (from 0).
    pub fn add(
        &self,
        sheet: SheetId,
        index: u32,
        columns: impl IntoIterator<Item = NewColumn>,
    ) -> Request<WriteResult<Vec<Column>>> {
        #[derive(Serialize)]
        struct Placed<'a> {
            #[serde(flatten)]
            column: &'a NewColumn,
            index: u32,
        }
        let columns: Vec<_> = columns.into_iter().collect();
        let placed: Vec<_> = columns.iter().map(|column| Placed { column, index }).collect();
        Request::new(self.client.call(&ADD).write_to(sheet).json(&placed)).check(check_new(&columns))
    }

    /// Deletes a column and its cells. The primary column cannot be deleted.
    pub fn delete(&self, sheet: SheetId, column: ColumnId) -> Request<()> {
        done(self.client.call(&DELETE).write_to(sheet).id("columnId", column.get()))
    }

    /// Changes a column.
    pub fn update(&self, sheet: SheetId, column: ColumnId, update: ColumnUpdate) -> Request<WriteResult<Column>> {
        let call = self.client.call(&UPDATE).write_to(sheet).id("columnId", column.get());
        Request::new(call.json(&update)).check(check_update(&update))
    }
}

fn check_new(columns: &[NewColumn]) -> Result<()> {
    count("columns", columns.len(), MAX_COLUMNS)?;
    if columns.iter().any(|column| column.primary == Some(true)) {
        let error = Error::invalid("columns", "must not hold a primary column: the sheet has one");
        return Err(error.with_code(ErrorCode::ONE_PRIMARY_COLUMN));
    }
    check_titles(columns)
}

/// Refuses columns that Smartsheet would refuse in a new sheet.
pub(crate) fn check_columns(columns: &[NewColumn]) -> Result<()> {
    if columns.iter().filter(|column| column.primary == Some(true)).count() != 1 {
        let error = Error::invalid("columns", "must hold exactly one primary column");
        return Err(error.with_code(ErrorCode::ONE_PRIMARY_COLUMN));
    }
    check_titles(columns)
}

fn check_titles(columns: &[NewColumn]) -> Result<()> {
    let mut seen = HashSet::with_capacity(columns.len());
    for (index, column) in columns.iter().enumerate() {
        let field = format!("columns[{index}].title");
        not_blank(&field, &column.title)?;
        if !seen.insert(column.title.as_str()) {
            return Err(
                Error::invalid(field, "is the title of an earlier column").with_code(ErrorCode::DUPLICATE_TITLE)
            );
        }
    }
    Ok(())
}

fn check_update(update: &ColumnUpdate) -> Result<()> {
    if *update == ColumnUpdate::default() {
        return Err(Error::invalid("update", "changes nothing"));
    }
    update.title.as_deref().map_or(Ok(()), |title| not_blank("title", title))
}
