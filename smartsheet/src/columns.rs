//! Columns.

use connectors_core::provider::Operation;
use connectors_core::{Error, RequestOptions, Response, Result, request_options};
use http::Method;

use crate::client::SmartsheetClient;
use crate::model::ids::positive;
use crate::model::{Column, ColumnId, ColumnUpdate, OffsetPage, SheetId, WriteResult};
use crate::sheet_get::RICH_LEVEL;
use crate::{PROVIDER, checked};

static LIST: Operation = Operation::new(PROVIDER, "columns.list", Method::GET, "/sheets/{sheetId}/columns");
static GET: Operation = Operation::new(PROVIDER, "columns.get", Method::GET, "/sheets/{sheetId}/columns/{columnId}");
static UPDATE: Operation =
    Operation::new(PROVIDER, "columns.update", Method::PUT, "/sheets/{sheetId}/columns/{columnId}");

/// The endpoints of columns: [`SmartsheetClient::columns`].
#[derive(Debug, Clone)]
pub struct Columns {
    client: SmartsheetClient,
}

impl Columns {
    pub(crate) fn new(client: SmartsheetClient) -> Self {
        Self { client }
    }

    /// All columns of a sheet, in its order, with their true types.
    pub fn list(&self, sheet: SheetId) -> ListColumns {
        ListColumns { client: self.client.clone(), sheet, options: RequestOptions::default() }
    }

    /// One column.
    pub fn get(&self, sheet: SheetId, column: ColumnId) -> GetColumn {
        GetColumn { client: self.client.clone(), sheet, column, options: RequestOptions::default() }
    }

    /// Changes a column.
    pub fn update(&self, sheet: SheetId, column: ColumnId, update: ColumnUpdate) -> UpdateColumn {
        UpdateColumn { client: self.client.clone(), sheet, column, update, options: RequestOptions::default() }
    }
}

/// Lists columns: [`Columns::list`].
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ListColumns {
    client: SmartsheetClient,
    sheet: SheetId,
    options: RequestOptions,
}

impl ListColumns {
    /// Sends it.
    pub async fn send(self) -> Result<Response<Vec<Column>>> {
        let call = self.client.call(&LIST, self.options).check(positive("sheetId", self.sheet.get()));
        let call = call.path("sheetId", self.sheet).query("includeAll", true).query("level", RICH_LEVEL);
        Ok(call.send::<OffsetPage<Column>>().await?.map(|page| page.data))
    }
}

request_options!(ListColumns => Vec<Column>);

/// Reads a column: [`Columns::get`].
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct GetColumn {
    client: SmartsheetClient,
    sheet: SheetId,
    column: ColumnId,
    options: RequestOptions,
}

impl GetColumn {
    /// Sends it.
    pub async fn send(self) -> Result<Response<Column>> {
        let call = self.client.call(&GET, self.options).check(positive("sheetId", self.sheet.get()));
        let call = call.check(positive("columnId", self.column.get()));
        call.path("sheetId", self.sheet).path("columnId", self.column).query("level", RICH_LEVEL).send().await
    }
}

request_options!(GetColumn => Column);

/// Changes a column: [`Columns::update`].
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct UpdateColumn {
    client: SmartsheetClient,
    sheet: SheetId,
    column: ColumnId,
    update: ColumnUpdate,
    options: RequestOptions,
}

impl UpdateColumn {
    /// Sends it.
    pub async fn send(self) -> Result<Response<WriteResult<Column>>> {
        let valid = checked(&self.options, || match &self.update {
            update if *update == ColumnUpdate::default() => Err(Error::invalid("update", "changes nothing")),
            ColumnUpdate { title: Some(title), .. } if title.trim().is_empty() => {
                Err(Error::invalid("title", "must not be blank"))
            }
            _ => Ok(()),
        });
        let call = self.client.call(&UPDATE, self.options).check(positive("sheetId", self.sheet.get()));
        let call = call.check(positive("columnId", self.column.get())).check(valid);
        let call = call.path("sheetId", self.sheet).path("columnId", self.column);
        call.lock(format!("sheet/{}", self.sheet)).json(&self.update).send().await
    }
}

request_options!(UpdateColumn => WriteResult<Column>);
