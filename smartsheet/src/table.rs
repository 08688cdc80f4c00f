//! A sheet as a table: columns by title, rows by key, records as the user's own structs.

pub(crate) mod column_cache;
pub(crate) mod decode;
pub(crate) mod difference;
pub(crate) mod encode;
mod finder;
pub(crate) mod index;
pub(crate) mod record;
pub(crate) mod unsure;
pub(crate) mod upsert;

use std::future::IntoFuture;
use std::sync::Arc;

use connectors_core::{BoxFuture, BulkOptions, CachePolicy, Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use self::finder::RowFinder;
pub use self::record::{Record, RowRef, UpsertItem, UpsertOutcome, UpsertReport};
use self::upsert::{Wanted, upsert};
use crate::client::SmartsheetClient;
use crate::model::{Column, ColumnMap, Row, SheetId};
use crate::rows::MAX_ROWS;
use crate::{BulkReport, SheetExclude};

impl SmartsheetClient {
    /// A sheet as a table: see [`Table`].
    pub fn table(&self, sheet: SheetId) -> Table {
        Table { client: self.clone(), sheet, key: None }
    }
}

/// A sheet as a table: columns go by their titles, rows by what the key column says, and records are structs of your
/// own, whose fields are named like the columns.
///
/// A title that several columns have is an error, never a guess. Nothing is repeated blindly: a record whose row may
/// have been added is looked for in the sheet.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Debug, PartialEq, Serialize, Deserialize)]
/// struct Store {
///     #[serde(rename = "Store")]
///     name: String,
///     #[serde(rename = "City")]
///     city: String,
///     #[serde(rename = "Area (m²)")]
///     area: Option<f64>,
///     #[serde(rename = "Teams", default)]
///     teams: Vec<String>,
/// }
///
/// # let mock = connectors_mock::MockSmartsheet::new();
/// # let (smartsheet, sheet) = (mock.client().clone(), mock.store_list_id());
/// let table = smartsheet.table(sheet).key("Store");
/// let mut stores: Vec<Store> = table.read().await?;
/// assert_eq!((stores.len(), stores[0].city.as_str()), (6, "Berlin"));
///
/// stores[0].area = Some(57_000.0);
/// stores.push(Store { name: "Elbe".into(), city: "Hamburg".into(), area: None, teams: vec!["Crew C".into()] });
/// let report = table.upsert(&stores).await?;
/// assert_eq!((report.created(), report.updated(), report.unchanged()), (1, 1, 5));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Table {
    client: SmartsheetClient,
    sheet: SheetId,
    /// The title of the key column; the primary column's without.
    key: Option<String>,
}

impl Table {
    /// The title of the column by which rows are found; by default the primary column.
    pub fn key(mut self, title: impl Into<String>) -> Self {
        self.key = Some(title.into());
        self
    }

    /// The columns. They are remembered for ten minutes, and asked for again when they turn out to be others.
    pub async fn columns(&self) -> Result<Arc<ColumnMap>> {
        Ok(self.columns_by(CachePolicy::Use).await?.0)
    }

    async fn columns_by(&self, policy: CachePolicy) -> Result<(Arc<ColumnMap>, bool)> {
        crate::model::ids::positive("sheetId", self.sheet.get())?;
        column_cache::columns(&self.client, self.sheet, policy).await.map_err(index::no_such_sheet)
    }

    fn key_column<'a>(&self, columns: &'a ColumnMap) -> Result<&'a Column> {
        match &self.key {
            Some(title) => columns.require(title),
            None => columns.primary().ok_or_else(|| Error::invalid("key", "must be said: there is no primary column")),
        }
    }

    /// All rows, as records. A field that is an `Option` is `None` where the cell is empty, one with
    /// `#[serde(default)]` its default; numbers are read from texts that say one, and texts from numbers, digit for
    /// digit; lists from columns of several values; a [`Contact`](crate::Contact) from a contact.
    ///
    /// A row that is no `T` fails with [`Decode`](connectors_core::ErrorKind::Decode), which names row and column.
    pub async fn read<T: DeserializeOwned>(&self) -> Result<Vec<T>> {
        let get = self.client.sheets().get(self.sheet).rich_values().exclude([SheetExclude::NonexistentCells]);
        let sheet = get.await.map_err(index::no_such_sheet)?;
        let columns = ColumnMap::new(sheet.columns);
        sheet.rows.iter().map(|row| columns.read(row)).collect()
    }

    /// Finds rows by key, again and again.
    pub fn finder(&self) -> RowFinder {
        RowFinder::new(self.clone())
    }

    /// Adds a row for each record, whatever is there already.
    pub async fn add<T: Serialize>(&self, records: &[T]) -> Result<BulkReport<Row>> {
        let rows_by = |columns: &ColumnMap| {
            let row = |(index, record)| columns.row_from(record).build().map_err(|error: Error| at(index, error));
            records.iter().enumerate().map(row).collect::<Result<Vec<_>>>()
        };
        let (columns, fresh) = self.columns_by(CachePolicy::Use).await?;
        let rows = match rows_by(&columns) {
            // Columns may have been added or renamed since they were remembered.
            Err(_) if !fresh => rows_by(&self.columns_by(CachePolicy::Refresh).await?.0)?,
            rows => rows?,
        };
        self.client.rows().add_all(self.sheet, rows).await
    }

    /// Brings the rows of records up to date: adds those whose key no row has, changes the cells that differ in the
    /// others. Doing it twice adds nothing twice. Fields that are `None` empty their cells; leave a cell alone with
    /// `#[serde(skip_serializing_if = "Option::is_none")]`.
    pub fn upsert<T: Serialize>(&self, records: &[T]) -> UpsertRecords {
        self.upserting(records.iter().map(encode::encode).collect())
    }

    /// As [`upsert`](Self::upsert), for records that are put together by hand.
    pub fn upsert_records(&self, records: impl IntoIterator<Item = Record>) -> UpsertRecords {
        let mut upsert = self.upserting(Ok(Vec::new()));
        upsert.keyed = records.into_iter().collect();
        upsert
    }

    fn upserting(&self, encoded: Result<Vec<Cells>>) -> UpsertRecords {
        let (table, options) = (self.clone(), BulkOptions::default());
        UpsertRecords { table, encoded, keyed: Vec::new(), chunk_rows: MAX_ROWS, options }
    }
}

type Cells = Vec<(String, crate::CellInput)>;

/// Says which record an error is about.
fn at(index: usize, error: Error) -> Error {
    let field = error.field().map_or_else(|| format!("rows[{index}]"), |field| format!("rows[{index}].{field}"));
    error.with_field(field)
}

/// Brings the rows of records up to date: [`Table::upsert`] and [`Table::upsert_records`].
///
/// One record that fails does not stop the others. The call fails as a whole, before anything is written, if a key
/// comes twice or is missing, a column does not exist or cannot be written, or the sheet cannot be read. Its requests
/// let those of other calls go first where the quota is scarce.
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct UpsertRecords {
    table: Table,
    encoded: Result<Vec<Cells>>,
    keyed: Vec<Record>,
    chunk_rows: usize,
    options: BulkOptions,
}

impl UpsertRecords {
    /// How many rows one request carries at most, from 1 to 500. Fewer help where a sheet is slow.
    pub fn chunk_rows(mut self, rows: usize) -> Self {
        self.chunk_rows = rows;
        self
    }

    /// Whom to tell about the progress. The concurrency does not matter: writes to one sheet go one after the other.
    pub fn options(mut self, options: BulkOptions) -> Self {
        self.options = options;
        self
    }

    /// Sends it in as many requests as it takes.
    pub async fn send(self) -> Result<UpsertReport<String>> {
        self.run().await.map_err(|error| error.with_origin(crate::PROVIDER, "table.upsert"))
    }

    async fn run(self) -> Result<UpsertReport<String>> {
        let Self { table, encoded, keyed: mut records, chunk_rows, options } = self;
        let columns = table.columns().await?;
        let key_column = match table.key_column(&columns) {
            Ok(column) => column.title.clone(),
            // Columns may have been renamed since they were remembered.
            Err(_) => table.key_column(&table.columns_by(CachePolicy::Refresh).await?.0)?.title.clone(),
        };
        for (index, cells) in encoded?.into_iter().enumerate() {
            records.push(record(cells, &key_column).map_err(|error| at(index, error))?);
        }
        let client = table.client.bulk();
        let wanted = Wanted { sheet: table.sheet, key_column: &key_column, records: &records, chunk_rows, options };
        let outcomes = upsert(&client, wanted).await?;
        Ok(UpsertReport::new(records.into_iter().map(|record| record.key), outcomes))
    }
}

/// The record whose key stands among its cells.
fn record(mut cells: Cells, key_column: &str) -> Result<Record> {
    let place = cells.iter().position(|(title, _)| title == key_column);
    let place =
        place.ok_or_else(|| Error::invalid(key_column, "is the key column, and the record has no such field"))?;
    let key = match cells.remove(place).1 {
        crate::CellInput::Text(text) => text,
        crate::CellInput::Number(number) => number.to_string(),
        _ => return Err(Error::invalid(key_column, "is the key column, and must be a text or a number")),
    };
    Ok(Record { key, cells })
}

impl IntoFuture for UpsertRecords {
    type Output = Result<UpsertReport<String>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
