//! Rows.

use connectors_core::provider::{Operation, Safety};
use connectors_core::{Error, RequestOptions, Response, Result, request_options};
use http::Method;

use crate::client::SmartsheetClient;
use crate::model::ids::positive;
use crate::model::row_write::{Located, Writable, check_row};
use crate::model::{NewRow, Row, RowId, RowLocation, RowUpdate, SheetId, WriteResult};
use crate::query::{self, SheetExclude};
use crate::sheet_get::RICH_LEVEL;
use crate::{PROVIDER, checked};

static ADD: Operation = Operation::new(PROVIDER, "rows.add", Method::POST, "/sheets/{sheetId}/rows");
static UPDATE: Operation = Operation::new(PROVIDER, "rows.update", Method::PUT, "/sheets/{sheetId}/rows");
/// To indent a row twice is not the same as to indent it once.
static INDENT: Operation =
    Operation::new(PROVIDER, "rows.update", Method::PUT, "/sheets/{sheetId}/rows").safety(Safety::Once);
static DELETE: Operation = Operation::new(PROVIDER, "rows.delete", Method::DELETE, "/sheets/{sheetId}/rows");
static GET: Operation = Operation::new(PROVIDER, "rows.get", Method::GET, "/sheets/{sheetId}/rows/{rowId}");

/// How many rows one request may add or update.
pub(crate) const MAX_ROWS: usize = 500;

/// How many rows one request may delete: their ids are in the URL.
const MAX_DELETED: usize = 400;

/// The endpoints of rows: [`SmartsheetClient::rows`].
///
/// Smartsheet refuses parallel writes to one sheet, so the client sends them one after the other.
#[derive(Debug, Clone)]
pub struct Rows {
    client: SmartsheetClient,
}

impl Rows {
    pub(crate) fn new(client: SmartsheetClient) -> Self {
        Self { client }
    }

    /// Adds rows, at most 500, at the bottom unless told otherwise. There is no key by which Smartsheet would
    /// recognise a repetition: if the outcome is unknown, the error says so and nothing is repeated.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{CellWrite, ColumnMap, NewRow, RowLocation};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, sheet) = (mock.client().clone(), mock.template_id());
    /// let columns = ColumnMap::new(smartsheet.columns().list(sheet).await?);
    /// let row = NewRow::new([CellWrite::value(columns.require("Event ID")?.id, "fizz-berlin-1")]);
    /// let added = smartsheet.rows().add(sheet, [row]).location(RowLocation::Top).await?;
    /// assert_eq!(added.result[0].row_number, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn add(&self, sheet: SheetId, rows: impl IntoIterator<Item = NewRow>) -> AddRows {
        AddRows::new(self.client.clone(), sheet, rows.into_iter().collect())
    }

    /// Changes rows, at most 500. Cells and attributes that are not named stay as they are.
    pub fn update(&self, sheet: SheetId, rows: impl IntoIterator<Item = RowUpdate>) -> UpdateRows {
        UpdateRows::new(self.client.clone(), sheet, rows.into_iter().collect())
    }

    /// Deletes rows and their children, at most 400. One that does not exist keeps all of them from being deleted,
    /// unless that is ignored.
    pub fn delete(&self, sheet: SheetId, rows: impl IntoIterator<Item = RowId>) -> DeleteRows {
        let (client, rows) = (self.client.clone(), rows.into_iter().collect());
        DeleteRows { client, sheet, rows, ignore_not_found: false, options: RequestOptions::default() }
    }

    /// One row.
    pub fn get(&self, sheet: SheetId, row: RowId) -> GetRow {
        let (client, options) = (self.client.clone(), RequestOptions::default());
        GetRow { client, sheet, row, rich: false, exclude: Vec::new(), options }
    }
}

/// Whether the rows of a write go through one by one, and what they override.
#[derive(Debug, Clone, Copy, Default)]
struct Flags {
    location: Option<RowLocation>,
    partial: bool,
    override_validation: bool,
}

macro_rules! row_write {
    ($(#[doc = $doc:expr])+ $request:ident of $row:ident by $operation:ident) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone)]
        #[must_use = "a request does nothing until it is awaited"]
        pub struct $request {
            client: SmartsheetClient,
            sheet: SheetId,
            rows: Vec<$row>,
            flags: Flags,
            options: RequestOptions,
        }

        impl $request {
            fn new(client: SmartsheetClient, sheet: SheetId, rows: Vec<$row>) -> Self {
                Self { client, sheet, rows, flags: Flags::default(), options: RequestOptions::default() }
            }

            /// Where the rows go, all of them.
            pub fn location(mut self, location: RowLocation) -> Self {
                self.flags.location = Some(location);
                self
            }

            /// Writes what can be written, and lists the rest in [`WriteResult::failed_items`]. Without, one bad row
            /// keeps all from being written.
            pub fn allow_partial_success(mut self) -> Self {
                self.flags.partial = true;
                self
            }

            /// Lets the `override_validation` of cells count. Needs an admin.
            pub fn override_validation(mut self) -> Self {
                self.flags.override_validation = true;
                self
            }

            /// Sends it. Unless the client has a deadline of its own, Smartsheet is given twelve minutes: large sheets
            /// have been seen to take six.
            pub async fn send(self) -> Result<Response<WriteResult<Vec<Row>>>> {
                write(&self.client, $operation(self.flags), self.sheet, &self.rows, self.flags, self.options).await
            }
        }

        request_options!($request => WriteResult<Vec<Row>>);
    };
}

row_write! {
    /// Adds rows: [`Rows::add`].
    AddRows of NewRow by adding
}
row_write! {
    /// Changes rows: [`Rows::update`].
    UpdateRows of RowUpdate by updating
}

fn adding(_: Flags) -> &'static Operation {
    &ADD
}

fn updating(flags: Flags) -> &'static Operation {
    match flags.location {
        Some(RowLocation::Indent | RowLocation::Outdent) => &INDENT,
        _ => &UPDATE,
    }
}

async fn write<R: Writable>(
    client: &SmartsheetClient,
    operation: &'static Operation,
    sheet: SheetId,
    rows: &[R],
    flags: Flags,
    options: RequestOptions,
) -> Result<Response<WriteResult<Vec<Row>>>> {
    let valid = checked(&options, || check(rows, flags.location));
    let body: Vec<_> = rows.iter().map(|row| Located::new(row, flags.location)).collect();
    let call = client.long_call_with(operation, options).check(positive("sheetId", sheet.get())).check(valid);
    let call = call.path("sheetId", sheet).lock(format!("sheet/{sheet}"));
    let call = call.query_opt("allowPartialSuccess", flags.partial.then_some(true));
    let call = call.query_opt("overrideValidation", flags.override_validation.then_some(true));
    call.json(&body).send().await
}

fn check<R: Writable>(rows: &[R], location: Option<RowLocation>) -> Result<()> {
    count("rows", rows.len(), MAX_ROWS)?;
    if let Some(location) = location {
        location.check(rows.iter().any(|row| row.id().is_none()))?;
    }
    rows.iter().enumerate().try_for_each(|(index, row)| check_row(index, row))
}

fn count(field: &str, given: usize, max: usize) -> Result<()> {
    match given {
        0 => Err(Error::invalid(field, "must not be empty")),
        n if n > max => Err(Error::invalid(field, format!("must have at most {max} members, not {n}"))
            .with_hint("send them in parts, or use upsert_event_rows, which does")),
        _ => Ok(()),
    }
}

/// Deletes rows: [`Rows::delete`].
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct DeleteRows {
    client: SmartsheetClient,
    sheet: SheetId,
    rows: Vec<RowId>,
    ignore_not_found: bool,
    options: RequestOptions,
}

impl DeleteRows {
    /// Deletes the rows that exist.
    pub fn ignore_not_found(mut self) -> Self {
        self.ignore_not_found = true;
        self
    }

    /// Sends it; the result is the ids of the deleted rows.
    pub async fn send(self) -> Result<Response<WriteResult<Vec<RowId>>>> {
        let valid = checked(&self.options, || {
            count("rows", self.rows.len(), MAX_DELETED)?;
            self.rows.iter().enumerate().try_for_each(|(index, row)| positive(&format!("rows[{index}]"), row.get()))
        });
        let call =
            self.client.long_call_with(&DELETE, self.options).check(positive("sheetId", self.sheet.get())).check(valid);
        let call = call.path("sheetId", self.sheet).lock(format!("sheet/{}", self.sheet));
        let call = call.query_opt("ids", query::list(&self.rows));
        call.query_opt("ignoreRowsNotFound", self.ignore_not_found.then_some(true)).send().await
    }
}

request_options!(DeleteRows => WriteResult<Vec<RowId>>);

/// Reads a row: [`Rows::get`].
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct GetRow {
    client: SmartsheetClient,
    sheet: SheetId,
    row: RowId,
    rich: bool,
    exclude: Vec<SheetExclude>,
    options: RequestOptions,
}

impl GetRow {
    /// Typed values beside the plain ones.
    pub fn rich_values(mut self) -> Self {
        self.rich = true;
        self
    }

    /// Leaves out of what is sent.
    pub fn exclude(mut self, what: impl IntoIterator<Item = SheetExclude>) -> Self {
        self.exclude.extend(what);
        self
    }

    /// Sends it.
    pub async fn send(self) -> Result<Response<Row>> {
        let call = self.client.call_with(&GET, self.options).check(positive("sheetId", self.sheet.get()));
        let call = call.check(positive("rowId", self.row.get())).path("sheetId", self.sheet).path("rowId", self.row);
        let call = call.query_opt("include", self.rich.then_some("objectValue"));
        call.query_opt("level", self.rich.then_some(RICH_LEVEL))
            .query_opt("exclude", query::list(&self.exclude))
            .send()
            .await
    }
}

request_options!(GetRow => Row);
