//! Columns.

use connectors_core::provider::Operation;
use connectors_core::{Error, Request, Result};
use http::Method;

use crate::model::{Column, ColumnId, ColumnUpdate, OffsetPage, SheetId, WriteResult};
use crate::request::{CallExt, mapped, not_blank, operation, resource};
use crate::sheet_get::RICH_LEVEL;

static LIST: Operation = operation(Method::GET, "columns.list", "/sheets/{sheetId}/columns");
static GET: Operation = operation(Method::GET, "columns.get", "/sheets/{sheetId}/columns/{columnId}");
static UPDATE: Operation = operation(Method::PUT, "columns.update", "/sheets/{sheetId}/columns/{columnId}");

resource! {
    /// The endpoints of columns: [`SmartsheetClient::columns`](crate::SmartsheetClient::columns).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::ColumnUpdate;
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, sheet) = (mock.client().clone(), mock.store_list_id());
    /// let columns = smartsheet.columns();
    /// let all = columns.list(sheet).await?;
    /// let renamed = columns.update(sheet, all[1].id, ColumnUpdate::new().title("Street")).await?;
    /// assert_eq!(renamed.result.title, "Street");
    /// assert_eq!(columns.get(sheet, all[1].id).await?.title, "Street");
    /// # Ok(())
    /// # }
    /// ```
    pub struct Columns;
}

impl Columns {
    /// All columns of a sheet, in its order, with their true types.
    pub fn list(&self, sheet: SheetId) -> Request<Vec<Column>> {
        let call = self.client.call(&LIST).id("sheetId", sheet.get());
        mapped::<OffsetPage<Column>, _>(call.query("includeAll", true).query("level", RICH_LEVEL))
    }

    /// One column, with its true type.
    pub fn get(&self, sheet: SheetId, column: ColumnId) -> Request<Column> {
        let call = self.client.call(&GET).id("sheetId", sheet.get()).id("columnId", column.get());
        Request::new(call.query("level", RICH_LEVEL))
    }

    /// Changes a column.
    pub fn update(&self, sheet: SheetId, column: ColumnId, update: ColumnUpdate) -> Request<WriteResult<Column>> {
        let call = self.client.call(&UPDATE).write_to(sheet).id("columnId", column.get());
        Request::new(call.json(&update)).check(check_update(&update))
    }
}

fn check_update(update: &ColumnUpdate) -> Result<()> {
    if *update == ColumnUpdate::default() {
        return Err(Error::invalid("update", "changes nothing"));
    }
    update.title.as_deref().map_or(Ok(()), |title| not_blank("title", title))
}
