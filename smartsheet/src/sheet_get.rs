//! Reading a sheet.

use chrono::{DateTime, SecondsFormat, Utc};
use connectors_core::provider::Operation;
use connectors_core::{RequestOptions, Response, Result, request_options};
use http::Method;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::PROVIDER;
use crate::client::SmartsheetClient;
use crate::model::ids::positive;
use crate::model::{ColumnId, RowId, Sheet, SheetId};
use crate::query::{self, SheetExclude, SheetInclude};

static GET: Operation = Operation::new(PROVIDER, "sheets.get", Method::GET, "/sheets/{sheetId}");

/// Half a million cells make 40 to 100 MB.
const BODY_CAP: usize = 256 << 20;

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

    /// Only these columns, in cells and in the list of columns.
    pub fn column_ids(mut self, ids: impl IntoIterator<Item = ColumnId>) -> Self {
        self.column_ids.extend(ids);
        self
    }

    /// Only these rows.
    pub fn row_ids(mut self, ids: impl IntoIterator<Item = RowId>) -> Self {
        self.row_ids.extend(ids);
        self
    }

    /// Only rows that were changed since. Deleted rows leave no trace in it.
    pub fn rows_modified_since(mut self, since: DateTime<Utc>) -> Self {
        self.modified_since = Some(since);
        self
    }

    /// One page of rows, from 1, with `size` rows. Without, all rows come at once. A page past the end may repeat the
    /// last one: stop by [`Sheet::total_row_count`].
    pub fn page(mut self, page: u32, size: u32) -> Self {
        (self.page, self.page_size) = (Some(page), Some(size));
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

    async fn read<T: serde::de::DeserializeOwned>(self) -> Result<Response<T>> {
        let mut options = self.options;
        options.body_cap.get_or_insert(BODY_CAP);
        let since = self.modified_since.map(|t| t.to_rfc3339_opts(SecondsFormat::Secs, true));
        let call =
            self.client.call_with(&GET, options).check(positive("sheetId", self.id.get())).path("sheetId", self.id);
        let call =
            call.query_opt("include", query::list(&self.include)).query_opt("exclude", query::list(&self.exclude));
        let call = call.query_opt("level", self.level).query_opt("columnIds", query::list(&self.column_ids));
        let call = call.query_opt("rowIds", query::list(&self.row_ids)).query_opt("rowsModifiedSince", since);
        let call = call.query_opt("ifVersionAfter", self.if_version_after);
        call.query_opt("page", self.page).query_opt("pageSize", self.page_size).send().await
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
        let json = <&RawValue>::deserialize(source)?.get();
        // No sheet is as short as this.
        let probe = if json.len() > 256 { None } else { serde_json::from_str::<Probe>(json).ok() };
        if probe.is_some_and(|probe| probe.id.is_none()) {
            return Ok(Self(None));
        }
        serde_json::from_str(json).map(|sheet| Self(Some(sheet))).map_err(serde::de::Error::custom)
    }
}
