//! Reading a sheet.

use std::any::type_name;

use chrono::{DateTime, SecondsFormat, Utc};
use connectors_core::provider::{Call, Operation};
use connectors_core::{Error, ErrorKind, RequestOptions, Response, Result, request_options};
use http::Method;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::checked;
use crate::client::SmartsheetClient;
use crate::model::{ColumnId, FilterId, RowId, Sheet, SheetId};
use crate::query::{self, SheetExclude, SheetInclude};
use crate::request::{CallExt, at_least_one, operation};
use crate::row_stream::RowStream;

static GET: Operation = operation(Method::GET, "sheets.get", "/sheets/{sheetId}");

/// Half a million cells make 40 to 100 MB.
pub(crate) const BODY_CAP: usize = 256 << 20;

/// The most ids or numbers in one list: an address with more would be longer than servers take.
const MAX_LISTED: usize = 400;

/// The level at which sheets tell columns of several contacts and picklist values from plain ones.
pub(crate) const RICH_LEVEL: u8 = 2;

/// Reads a sheet: [`Sheets::get`](crate::Sheets::get).
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct GetSheet {
    client: SmartsheetClient,
    id: SheetId,
    include: Vec<SheetInclude>,
    exclude: Vec<SheetExclude>,
    level: Option<u8>,
    column_ids: Vec<ColumnId>,
    row_ids: Vec<RowId>,
    row_numbers: Vec<u32>,
    filter: Option<FilterId>,
    access_level: Option<u8>,
    if_version_after: Option<u64>,
    modified_since: Option<DateTime<Utc>>,
    page: Option<u32>,
    page_size: Option<u32>,
    options: RequestOptions,
}

impl GetSheet {
    pub(crate) fn new(client: SmartsheetClient, id: SheetId) -> Self {
        Self {
            client,
            id,
            include: Vec::new(),
            exclude: Vec::new(),
            level: None,
            column_ids: Vec::new(),
            row_ids: Vec::new(),
            row_numbers: Vec::new(),
            filter: None,
            access_level: None,
            if_version_after: None,
            modified_since: None,
            page: None,
            page_size: None,
            options: RequestOptions::default(),
        }
    }

    /// Adds to what is sent.
    pub fn include(mut self, what: impl IntoIterator<Item = SheetInclude>) -> Self {
        self.include.extend(what);
        self
    }

    /// Leaves out of what is sent.
    pub fn exclude(mut self, what: impl IntoIterator<Item = SheetExclude>) -> Self {
        self.exclude.extend(what);
        self
    }

    /// Typed values beside the plain ones: contacts, several picklist values, dates, durations, predecessors.
    pub fn rich_values(self) -> Self {
        self.include([SheetInclude::ObjectValue]).level(RICH_LEVEL)
    }

    /// The level of detail, for what [`rich_values`](Self::rich_values) does not cover.
    pub fn level(mut self, level: u8) -> Self {
        self.level = Some(level);
        self
    }

    /// Tells commenters from viewers in the caller's access level.
    pub fn tell_commenters(mut self) -> Self {
        self.access_level = Some(1);
        self
    }

    /// Only these columns, in cells and in the list of columns: at most 400 of them.
    pub fn column_ids(mut self, ids: impl IntoIterator<Item = ColumnId>) -> Self {
        self.column_ids.extend(ids);
        self
    }

    /// Only these rows: at most 400 of them.
    pub fn row_ids(mut self, ids: impl IntoIterator<Item = RowId>) -> Self {
        self.row_ids.extend(ids);
        self
    }

    /// Only the rows at these positions, from 1: at most 400 of them.
    pub fn row_numbers(mut self, numbers: impl IntoIterator<Item = u32>) -> Self {
        self.row_numbers.extend(numbers);
        self
    }

    /// Says of every row whether it passes this filter; with
    /// [`FilteredOutRows`](SheetExclude::FilteredOutRows) excluded, only rows that do are sent.
    pub fn filter(mut self, filter: FilterId) -> Self {
        self.filter = Some(filter);
        self
    }

    /// Only rows that were changed since. Deleted rows leave no trace in it.
    pub fn rows_modified_since(mut self, since: DateTime<Utc>) -> Self {
        self.modified_since = Some(since);
        self
    }

    /// One page of rows, from 1, of 100 rows unless [`page_size`](Self::page_size) says otherwise. Without either, all
    /// rows come at once. A page past the end may repeat the last one: stop by [`Sheet::total_row_count`].
    pub fn page(mut self, page: u32) -> Self {
        self.page = Some(page);
        self
    }

    /// How many rows a page holds.
    pub fn page_size(mut self, rows: u32) -> Self {
        self.page_size = Some(rows);
        self
    }

    /// The sheet only if its version is above this one, else `None` at next to no cost.
    pub fn if_version_after(mut self, version: u64) -> GetSheetIfChanged {
        self.if_version_after = Some(version);
        GetSheetIfChanged { options: self.options.clone(), get: self }
    }

    /// Sends it. Accepts answers of up to 256 MiB.
    pub async fn send(self) -> Result<Response<Sheet>> {
        self.read().await
    }

    /// Sends it, and gives the rows one by one while they come: for sheets that are too large to hold, or to be done
    /// with the first rows before the last ones are there. Takes less than 16 MiB whatever the size of the sheet, and as
    /// long as it takes: only each piece has to come in time.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, id) = (mock.client().clone(), mock.fake().store_list_id());
    /// let mut rows = smartsheet.sheets().get(id).stream_rows().await?;
    /// let primary = rows.sheet().columns.iter().find(|column| column.primary).map(|column| column.id);
    /// while let Some(row) = rows.next().await {
    ///     let row = row?;
    ///     let name = primary.and_then(|column| row.cell(column));
    ///     println!("{}: {}", row.row_number, name.map(ToString::to_string).unwrap_or_default());
    /// }
    /// assert_eq!(Some(rows.rows_read()), rows.sheet().total_row_count);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn stream_rows(self) -> Result<RowStream> {
        let (id, call) = (self.id, self.into_call());
        let rows = RowStream::open(call, GET.name, id, true).await?;
        rows.ok_or_else(|| Error::new(ErrorKind::Decode, "there is no sheet in the answer"))
    }

    async fn read<T: DeserializeOwned>(self) -> Result<Response<T>> {
        self.into_call().send().await
    }

    fn check(&self) -> Result<()> {
        let listed = |field: &str, count: usize| {
            let problem = || {
                let error = Error::invalid(field, format!("must have at most {MAX_LISTED} members, not {count}"));
                error.with_hint("ask for the rest in further calls, or for the whole sheet")
            };
            if count > MAX_LISTED { Err(problem()) } else { Ok(()) }
        };
        listed("columnIds", self.column_ids.len())?;
        listed("rowIds", self.row_ids.len())?;
        listed("rowNumbers", self.row_numbers.len())?;
        self.row_numbers.iter().try_for_each(|number| at_least_one("rowNumbers", *number))?;
        at_least_one("page", self.page.unwrap_or(1))?;
        at_least_one("pageSize", self.page_size.unwrap_or(1))
    }

    fn into_call(self) -> Call {
        let since = self.modified_since.map(|t| t.to_rfc3339_opts(SecondsFormat::Secs, true));
        let check = checked(&self.options, || self.check());
        let call =
            self.client.call(&GET).body_cap(BODY_CAP).options(self.options).id("sheetId", self.id.get()).check(check);
        let call =
            call.query_opt("include", query::list(&self.include)).query_opt("exclude", query::list(&self.exclude));
        let call = call.query_opt("level", self.level).query_opt("accessApiLevel", self.access_level);
        let call = call.query_opt("columnIds", query::list(&self.column_ids));
        let call = call.query_opt("rowIds", query::list(&self.row_ids));
        let call = call.query_opt("rowNumbers", query::list(&self.row_numbers)).query_opt("filterId", self.filter);
        let call = call.query_opt("rowsModifiedSince", since).query_opt("ifVersionAfter", self.if_version_after);
        call.query_opt("page", self.page).query_opt("pageSize", self.page_size)
    }
}

request_options!(GetSheet => Sheet);

/// Reads a sheet if it has changed: [`GetSheet::if_version_after`].
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct GetSheetIfChanged {
    get: GetSheet,
    options: RequestOptions,
}

impl GetSheetIfChanged {
    /// Sends it.
    pub async fn send(self) -> Result<Response<Option<Sheet>>> {
        let answer = GetSheet { options: self.options, ..self.get }.read::<IfChanged>().await?;
        Ok(answer.map(|changed| changed.0))
    }

    /// As [`GetSheet::stream_rows`], if the sheet has changed.
    pub async fn stream_rows(self) -> Result<Option<RowStream>> {
        let get = GetSheet { options: self.options, ..self.get };
        let (id, call) = (get.id, get.into_call());
        RowStream::open(call, GET.name, id, false).await
    }
}

request_options!(GetSheetIfChanged => Option<Sheet>);

struct IfChanged(Option<Sheet>);

/// An unchanged sheet is answered with its version alone.
#[derive(Deserialize)]
struct Probe {
    id: Option<IgnoredAny>,
}

impl<'de> Deserialize<'de> for IfChanged {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        // After a failure, for the sake of the error: the sheet's own text is better read where it is.
        if type_name::<D>().starts_with("serde_path_to_error") {
            return Sheet::deserialize(source).map(|sheet| Self(Some(sheet)));
        }
        let json = <&RawValue>::deserialize(source)?.get();
        // No sheet is as short as this.
        let probe = if json.len() > 256 { None } else { serde_json::from_str::<Probe>(json).ok() };
        if probe.is_some_and(|probe| probe.id.is_none()) {
            return Ok(Self(None));
        }
        serde_json::from_str(json).map(|sheet| Self(Some(sheet))).map_err(serde::de::Error::custom)
    }
}
