//! Rows.

use connectors_core::provider::{Operation, Safety};
use connectors_core::{Error, Request, RequestOptions, Response, Result, request_options};
use http::Method;
use serde::Serialize;

use crate::client::SmartsheetClient;
use crate::model::ids::positive;
use crate::model::row_write::{Located, Writable, check_links, check_row};
use crate::model::{
    ColumnMap, NewRow, Row, RowEmail, RowId, RowInclude, RowLocation, RowUpdate, RowsMoved, SheetId, WriteResult,
};
use crate::query::{SheetExclude, SheetInclude};
use crate::request::{CallExt, count, done, operation, resource};
use crate::sheet_get::RICH_LEVEL;
use crate::{ErrorCode, checked};

static ADD: Operation = operation(Method::POST, "rows.add", "/sheets/{sheetId}/rows");
static UPDATE: Operation = operation(Method::PUT, "rows.update", "/sheets/{sheetId}/rows");
/// To indent a row twice is not the same as to indent it once.
static INDENT: Operation = operation(Method::PUT, "rows.update", "/sheets/{sheetId}/rows").safety(Safety::Once);
static DELETE: Operation = operation(Method::DELETE, "rows.delete", "/sheets/{sheetId}/rows");
static COPY: Operation = operation(Method::POST, "rows.copy_to", "/sheets/{sheetId}/rows/copy");
static MOVE: Operation = operation(Method::POST, "rows.move_to", "/sheets/{sheetId}/rows/move");
static SEND: Operation = operation(Method::POST, "rows.send", "/sheets/{sheetId}/rows/emails");
static GET: Operation = operation(Method::GET, "rows.get", "/sheets/{sheetId}/rows/{rowId}");

/// How many rows one request may add or update.
pub(crate) const MAX_ROWS: usize = 500;

/// How many rows one request may delete: their ids are in the URL.
pub(crate) const MAX_DELETED: usize = 400;

resource! {
    /// The endpoints of rows: [`SmartsheetClient::rows`](crate::SmartsheetClient::rows). A [`Table`](crate::Table)
    /// does the same by titles and keys.
    ///
    /// Smartsheet refuses parallel writes to one sheet, so the client sends them one after the other.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{CellWrite, Email, RowEmail, RowLocation, RowUpdate};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, sheet, archive) = (mock.client().clone(), mock.store_list_id(), mock.template_id());
    /// # let columns = smartsheet.columns().list(sheet).await?;
    /// # let name = columns[0].id;
    /// let rows = smartsheet.rows();
    /// let held = smartsheet.sheets().get(sheet).await?.rows;
    /// let first = RowUpdate::new(held[0].id, [CellWrite::value(name, "Alexa (closed)")]);
    /// rows.update(sheet, [first]).location(RowLocation::Bottom).await?;
    /// assert_eq!(usize::try_from(rows.get(sheet, held[0].id).await?.row_number), Ok(held.len()));
    ///
    /// rows.copy_to(sheet, [held[1].id], archive).await?;
    /// rows.move_to(sheet, [held[0].id], archive).await?;
    /// rows.send(sheet, &RowEmail::new(Email::to(["crew@example.com"]), [held[2].id])).await?;
    /// assert_eq!(rows.delete(sheet, [held[2].id]).await?.result, [held[2].id]);
    /// # Ok(())
    /// # }
    /// ```
    pub struct Rows;
}

impl Rows {
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
        let rows: Vec<_> = rows.into_iter().collect();
        let call = self.client.long_call(&DELETE).write_to(sheet);
        DeleteRows(Request::new(call).add("ids", &rows).check(check_ids(&rows, MAX_DELETED)))
    }

    /// One row.
    pub fn get(&self, sheet: SheetId, row: RowId) -> GetRow {
        GetRow(Request::new(self.client.call(&GET).id("sheetId", sheet.get()).id("rowId", row.get())))
    }

    /// Copies rows to the bottom of another sheet, at most 500. Columns are matched by title and type; those that the
    /// other sheet lacks are added to it.
    pub fn copy_to(&self, sheet: SheetId, rows: impl IntoIterator<Item = RowId>, other: SheetId) -> TransferRows {
        self.transfer(&COPY, sheet, rows.into_iter().collect(), other)
    }

    /// Moves rows, with their children, to the bottom of another sheet, at most 500.
    pub fn move_to(&self, sheet: SheetId, rows: impl IntoIterator<Item = RowId>, other: SheetId) -> TransferRows {
        self.transfer(&MOVE, sheet, rows.into_iter().collect(), other)
    }

    fn transfer(&self, operation: &'static Operation, from: SheetId, rows: Vec<RowId>, to: SheetId) -> TransferRows {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Directive<'a> {
            row_ids: &'a [RowId],
            to: To,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct To {
            sheet_id: SheetId,
        }
        let check = || {
            check_ids(&rows, MAX_ROWS)?;
            positive("to", to.get())?;
            let same = "must be another sheet: within one, rows are moved by an update with a location";
            if from == to { Err(Error::invalid("to", same).with_code(ErrorCode::SAME_SHEET)) } else { Ok(()) }
        };
        let call = self.client.long_call(operation).write_to(from);
        let call = call.json(&Directive { row_ids: &rows, to: To { sheet_id: to } });
        TransferRows(Request::new(call).check(check()))
    }

    /// Sends rows by e-mail.
    pub fn send(&self, sheet: SheetId, email: &RowEmail) -> Request<()> {
        let check = email.email.check().and_then(|()| check_ids(&email.row_ids, MAX_ROWS));
        done(self.client.call(&SEND).id("sheetId", sheet.get()).json(email)).check(check)
    }
}

/// Whether the rows of a write go through one by one, and what they override.
#[derive(Debug, Clone, Default)]
struct Flags {
    location: Option<RowLocation>,
    partial: bool,
    override_validation: bool,
    refused: Option<Error>,
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

            /// Checks the rows against these columns before they are sent: what the columns do not take is refused here,
            /// by row and column.
            pub fn checked_by(mut self, columns: &ColumnMap) -> Self {
                self.flags.refused = self.flags.refused.or(columns.check(&self.rows).err());
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
                write(&self.client, $operation(&self.flags), self.sheet, &self.rows, self.flags, self.options).await
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

fn adding(_: &Flags) -> &'static Operation {
    &ADD
}

fn updating(flags: &Flags) -> &'static Operation {
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
    let valid = checked(&options, || flags.refused.map_or_else(|| check(rows, flags.location), Err));
    let body: Vec<_> = rows.iter().map(|row| Located::new(row, flags.location)).collect();
    let call = client.long_call(operation).options(options).write_to(sheet).check(valid);
    let call = call.query_opt("allowPartialSuccess", flags.partial.then_some(true));
    let call = call.query_opt("overrideValidation", flags.override_validation.then_some(true));
    call.json(&body).send().await
}

fn check<R: Writable>(rows: &[R], location: Option<RowLocation>) -> Result<()> {
    count("rows", rows.len(), MAX_ROWS).map_err(|error| error.with_code(ErrorCode::BULK_INVALID))?;
    if let Some(location) = location {
        location.check(rows.iter().any(|row| row.id().is_none()))?;
    }
    check_links(rows)?;
    rows.iter().enumerate().try_for_each(|(index, row)| check_row(index, row))
}

fn check_ids(rows: &[RowId], max: usize) -> Result<()> {
    count("rows", rows.len(), max)?;
    rows.iter().enumerate().try_for_each(|(index, row)| positive(&format!("rows[{index}]"), row.get()))
}

connectors_core::request! {
    /// Deletes rows: [`Rows::delete`].
    pub struct DeleteRows => WriteResult<Vec<RowId>>;
    /// Deletes the rows that exist.
    flag ignore_not_found = "ignoreRowsNotFound";
}

connectors_core::request! {
    /// Reads a row: [`Rows::get`].
    pub struct GetRow => Row;
    /// Adds to what is sent.
    list include: SheetInclude = "include";
    /// Leaves out of what is sent.
    list exclude: SheetExclude = "exclude";
    /// The level of detail, for what [`rich_values`](Self::rich_values) does not cover.
    set level: u8 = "level";
}

impl GetRow {
    /// Typed values beside the plain ones.
    pub fn rich_values(self) -> Self {
        self.include([SheetInclude::ObjectValue]).level(RICH_LEVEL)
    }
}

connectors_core::request! {
    /// Copies or moves rows to another sheet: [`Rows::copy_to`] and [`Rows::move_to`].
    pub struct TransferRows => RowsMoved;
    /// Takes these along.
    list include: RowInclude = "include";
    /// Passes over rows that do not exist, which otherwise keep all from being copied or moved.
    flag ignore_not_found = "ignoreRowsNotFound";
}
