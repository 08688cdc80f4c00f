//! Rows in any number: in chunks, one after the other, and every row accounted for.

use std::collections::{HashMap, HashSet};
use std::future::IntoFuture;
use std::ops::Range;

use connectors_core::{BoxFuture, BulkOptions, Error, ErrorKind, Progress, Result};

use crate::client::SmartsheetClient;
use crate::model::ids::positive;
use crate::model::row_write::{Writable, check_links, check_row};
use crate::model::{FailedItem, NewRow, Row, RowId, RowLocation, RowUpdate, SheetId, WriteResult};
use crate::rows::{MAX_DELETED, MAX_ROWS, Rows};

/// The most cells that a sheet holds.
const MAX_CELLS: usize = 500_000;

impl Rows {
    /// Adds any number of rows, 500 in a request, in their order. What is refused or fails does not undo the rest: the
    /// report tells of each row, and an error in it says by [`maybe_applied`](Error::maybe_applied) whether the row may
    /// be there. Nothing is repeated then.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{CellWrite, NewRow};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, sheet) = (mock.client().clone(), mock.template_id());
    /// # let column = smartsheet.columns().list(sheet).await?[0].id;
    /// let rows = (0..1200).map(|n| NewRow::new([CellWrite::value(column, format!("event-{n}"))]));
    /// let report = smartsheet.rows().add_all(sheet, rows).await?;
    /// assert!(report.is_complete());
    /// assert_eq!(mock.backend().count("rows.add"), 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_all(&self, sheet: SheetId, rows: impl IntoIterator<Item = NewRow>) -> WriteAllRows {
        WriteAllRows::new(&self.client, sheet, Work::Add(rows.into_iter().collect()))
    }

    /// As [`add_all`](Self::add_all), for changes of rows.
    pub fn update_all(&self, sheet: SheetId, rows: impl IntoIterator<Item = RowUpdate>) -> WriteAllRows {
        WriteAllRows::new(&self.client, sheet, Work::Update(rows.into_iter().collect()))
    }

    /// Deletes any number of rows, 400 in a request. Rows that do not exist are reported as [`Deletion::Missing`].
    pub fn delete_all(&self, sheet: SheetId, rows: impl IntoIterator<Item = RowId>) -> DeleteAllRows {
        let (client, rows) = (self.client.bulk(), rows.into_iter().collect());
        DeleteAllRows { client, sheet, rows, options: BulkOptions::default() }
    }
}

/// What became of each item of a bulk call.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BulkReport<T> {
    /// The items, in the order of the call: what was written, or why not. An error whose
    /// [`maybe_applied`](Error::maybe_applied) is true leaves open whether it was; its field names the item.
    pub items: Vec<Result<T>>,
    /// The version of the sheet after the last write.
    pub version: Option<u64>,
}

impl<T> BulkReport<T> {
    /// What was written.
    pub fn done(&self) -> impl Iterator<Item = &T> {
        self.items.iter().filter_map(|item| item.as_ref().ok())
    }

    /// What failed, or may have, with its place in the call.
    pub fn failures(&self) -> impl Iterator<Item = (usize, &Error)> {
        self.items.iter().enumerate().filter_map(|(place, item)| Some((place, item.as_ref().err()?)))
    }

    /// Whether everything was written.
    pub fn is_complete(&self) -> bool {
        self.failures().next().is_none()
    }
}

#[derive(Debug, Clone)]
enum Work {
    Add(Vec<NewRow>),
    Update(Vec<RowUpdate>),
}

/// Adds or changes any number of rows: [`Rows::add_all`] and [`Rows::update_all`].
///
/// Its requests let those of other calls go first where the quota is scarce.
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct WriteAllRows {
    client: SmartsheetClient,
    sheet: SheetId,
    work: Work,
    location: Option<RowLocation>,
    override_validation: bool,
    chunk_rows: usize,
    options: BulkOptions,
}

impl WriteAllRows {
    fn new(client: &SmartsheetClient, sheet: SheetId, work: Work) -> Self {
        let (client, options) = (client.bulk(), BulkOptions::default());
        Self { client, sheet, work, location: None, override_validation: false, chunk_rows: MAX_ROWS, options }
    }

    /// Where the rows go, all of them, in their order.
    pub fn location(mut self, location: RowLocation) -> Self {
        self.location = Some(location);
        self
    }

    /// Lets the `override_validation` of cells count. Needs an admin.
    pub fn override_validation(mut self) -> Self {
        self.override_validation = true;
        self
    }

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

    /// Sends it in as many requests as it takes. Fails as a whole only before anything is sent.
    pub async fn send(self) -> Result<BulkReport<Row>> {
        match &self.work {
            Work::Add(rows) => {
                let add = |range: Range<usize>| {
                    let chunk = rows.get(range).unwrap_or_default().iter().cloned();
                    let request = self.client.rows().add(self.sheet, chunk).allow_partial_success();
                    let request = if self.override_validation { request.override_validation() } else { request };
                    self.location.into_iter().fold(request, crate::AddRows::location)
                };
                self.run(rows, |range| add(range).into_future()).await
            }
            Work::Update(rows) => {
                let update = |range: Range<usize>| {
                    let chunk = rows.get(range).unwrap_or_default().iter().cloned();
                    let request = self.client.rows().update(self.sheet, chunk).allow_partial_success();
                    let request = if self.override_validation { request.override_validation() } else { request };
                    self.location.into_iter().fold(request, crate::UpdateRows::location)
                };
                self.run(rows, |range| update(range).into_future()).await
            }
        }
    }

    async fn run<R: Writable>(
        &self,
        rows: &[R],
        write: impl Fn(Range<usize>) -> BoxFuture<Result<WriteResult<Vec<Row>>>>,
    ) -> Result<BulkReport<Row>> {
        positive("sheetId", self.sheet.get())?;
        check(rows, self.location, self.chunk_rows)?;
        let mut report = Account::new(rows.len(), &self.options);
        // What goes to the front goes there in front of what went there before.
        let to_front =
            matches!(self.location, Some(RowLocation::Top | RowLocation::FirstChildOf(_) | RowLocation::Below(_)));
        for range in chunks(rows.len(), self.chunk_rows, to_front) {
            if report.stopped(&range) {
                continue;
            }
            match write(range.clone()).await {
                Ok(done) => report.written(&range, done, rows),
                Err(error) => report.failed(&range, error),
            }
        }
        Ok(report.close())
    }
}

/// The places of the chunks, those at the end first if `to_front`.
fn chunks(total: usize, size: usize, to_front: bool) -> Vec<Range<usize>> {
    let mut chunks: Vec<_> = (0..total).step_by(size).map(|start| start..total.min(start + size)).collect();
    if to_front {
        chunks.reverse();
    }
    chunks
}

fn check<R: Writable>(rows: &[R], location: Option<RowLocation>, chunk_rows: usize) -> Result<()> {
    if !(1..=MAX_ROWS).contains(&chunk_rows) {
        return Err(Error::invalid("chunkRows", format!("must be from 1 to {MAX_ROWS}")));
    }
    if let Some(location) = location {
        location.check(rows.iter().any(|row| row.id().is_none()))?;
    }
    check_links(rows)?;
    let (mut columns, mut ids) = (HashSet::new(), HashMap::new());
    for (index, row) in rows.iter().enumerate() {
        check_row(index, row)?;
        columns.extend(row.cells().iter().map(|cell| cell.column_id));
        if let Some(first) = row.id().and_then(|id| ids.insert(id, index)) {
            return Err(Error::invalid(format!("rows[{index}].id"), format!("is the row of rows[{first}] already")));
        }
    }
    check_cells(rows.len(), columns.len())
}

/// Refuses more cells than a sheet holds.
pub(crate) fn check_cells(rows: usize, columns: usize) -> Result<()> {
    let cells = rows.saturating_mul(columns);
    if cells <= MAX_CELLS {
        return Ok(());
    }
    let problem = format!("make {cells} cells ({rows} rows of {columns} columns), and a sheet holds {MAX_CELLS}");
    Err(Error::invalid("rows", problem).with_hint("spread them over several sheets"))
}

/// Accounts for every row once.
struct Account<'a> {
    items: Vec<Option<Result<Row>>>,
    version: Option<u64>,
    /// Why nothing is sent any more.
    stopped: Option<Error>,
    progress: Progress,
    options: &'a BulkOptions,
}

impl<'a> Account<'a> {
    fn new(total: usize, options: &'a BulkOptions) -> Self {
        let items = std::iter::repeat_with(|| None).take(total).collect();
        Self { items, version: None, stopped: None, progress: Progress::new(0, total, 0), options }
    }

    fn set(&mut self, place: usize, outcome: Result<Row>) {
        let Some(open @ None) = self.items.get_mut(place) else { return };
        self.progress.done += 1;
        self.progress.failed += usize::from(outcome.is_err());
        *open = Some(outcome);
        if let Some(report) = &self.options.progress {
            report(self.progress);
        }
    }

    /// Whether this chunk is not sent any more.
    fn stopped(&mut self, range: &Range<usize>) -> bool {
        let Some(error) = self.stopped.clone() else { return false };
        for place in range.clone() {
            self.set(place, Err(not_sent(place, &error)));
        }
        true
    }

    fn written<R: Writable>(&mut self, range: &Range<usize>, done: WriteResult<Vec<Row>>, rows: &[R]) {
        self.version = done.version.or(self.version);
        let mut refused = HashSet::new();
        for item in done.failed_items {
            let place = range.start.saturating_add(item.index);
            if range.contains(&place) && refused.insert(place) {
                self.set(place, Err(FailedItem { index: place, ..item }.to_error()));
            }
        }
        let mut left: Vec<usize> = range.clone().filter(|place| !refused.contains(place)).collect();
        let known: HashMap<_, _> = left.iter().filter_map(|p| Some((rows.get(*p)?.id()?, *p))).collect();
        if known.is_empty() && left.len() == done.result.len() {
            // New rows are answered in their order.
            for (place, row) in left.drain(..).zip(done.result) {
                self.set(place, Ok(row));
            }
        } else {
            for row in done.result {
                if let Some(place) = known.get(&row.id) {
                    self.set(*place, Ok(row));
                }
            }
        }
        for place in left {
            self.set(place, Err(unmentioned(place)));
        }
    }

    fn failed(&mut self, range: &Range<usize>, error: Error) {
        let error = in_the_call(error, |index| Some(range.start + index).filter(|place| range.contains(place)));
        // What is wrong with these rows need not be wrong with others; anything else is.
        if !matches!(error.kind(), ErrorKind::InvalidRequest | ErrorKind::Conflict) {
            self.stopped = Some(error.clone());
        }
        for place in range.clone() {
            self.set(place, Err(error.clone()));
        }
    }

    fn close(self) -> BulkReport<Row> {
        let items = self.items.into_iter().enumerate();
        let items = items.map(|(place, item)| item.unwrap_or_else(|| Err(unmentioned(place)))).collect();
        BulkReport { items, version: self.version }
    }
}

fn not_sent(place: usize, error: &Error) -> Error {
    let message = format!("was not sent, because an earlier request of the call failed: {}", error.message());
    let skipped = Error::new(error.kind(), message).with_origin(crate::PROVIDER, error.operation());
    skipped.with_field(format!("rows[{place}]")).with_retryable(true).with_maybe_applied(false)
}

/// Names the row that an error is about by its place in the call, not in the request.
pub(crate) fn in_the_call(error: Error, place_of: impl Fn(usize) -> Option<usize>) -> Error {
    let named = error.field().and_then(|field| field.strip_prefix("rows[")?.split_once(']'));
    let moved = named.and_then(|(index, rest)| Some(format!("rows[{}]{rest}", place_of(index.parse().ok()?)?)));
    match moved {
        Some(field) => error.with_field(field),
        None => error,
    }
}

pub(crate) fn unmentioned(place: usize) -> Error {
    let message = "Smartsheet's answer mentions the row neither as written nor as refused";
    let error = Error::new(ErrorKind::Decode, message).with_origin(crate::PROVIDER, "");
    error.with_field(format!("rows[{place}]")).with_maybe_applied(true)
}

impl IntoFuture for WriteAllRows {
    type Output = Result<BulkReport<Row>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// What became of a row that was to be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Deletion {
    /// It was deleted, with its children.
    Deleted,
    /// It is not there: it never was, or somebody deleted it before, or an attempt of this call whose answer was lost.
    Missing,
}

/// Deletes any number of rows: [`Rows::delete_all`].
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct DeleteAllRows {
    client: SmartsheetClient,
    sheet: SheetId,
    rows: Vec<RowId>,
    options: BulkOptions,
}

impl DeleteAllRows {
    /// Whom to tell about the progress. The concurrency does not matter: writes to one sheet go one after the other.
    pub fn options(mut self, options: BulkOptions) -> Self {
        self.options = options;
        self
    }

    /// Sends it in as many requests as it takes. Fails as a whole only before anything is sent.
    pub async fn send(self) -> Result<BulkReport<Deletion>> {
        positive("sheetId", self.sheet.get())?;
        for (index, row) in self.rows.iter().enumerate() {
            positive(&format!("rows[{index}]"), row.get())?;
        }
        let mut report = BulkReport { items: Vec::with_capacity(self.rows.len()), version: None };
        let (mut stopped, mut failed): (Option<Error>, _) = (None, 0);
        for chunk in self.rows.chunks(MAX_DELETED) {
            let start = report.items.len();
            let outcome = match &stopped {
                Some(error) => Err(error.clone()),
                None => self.client.rows().delete(self.sheet, chunk.iter().copied()).ignore_not_found().await,
            };
            match outcome {
                Ok(done) => {
                    report.version = done.version.or(report.version);
                    let deleted: HashSet<_> = done.result.into_iter().collect();
                    let is = |row| if deleted.contains(row) { Deletion::Deleted } else { Deletion::Missing };
                    report.items.extend(chunk.iter().map(|row| Ok(is(row))));
                }
                Err(error) if stopped.is_some() => {
                    report.items.extend((start..start + chunk.len()).map(|place| Err(not_sent(place, &error))));
                }
                Err(error) => {
                    let error = in_the_call(error, |index| Some(start + index).filter(|_| index < chunk.len()));
                    report.items.extend(chunk.iter().map(|_| Err(error.clone())));
                    stopped = Some(error);
                }
            }
            failed += report.items.get(start..).unwrap_or_default().iter().filter(|item| item.is_err()).count();
            if let Some(tell) = &self.options.progress {
                tell(Progress::new(report.items.len(), self.rows.len(), failed));
            }
        }
        Ok(report)
    }
}

impl IntoFuture for DeleteAllRows {
    type Output = Result<BulkReport<Deletion>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_request_names_the_row_by_its_place_in_the_call() {
        let places = [500, 501];
        let field = |field: &str| {
            let error = in_the_call(Error::invalid(field, "no"), |index| places.get(index).copied());
            error.field().map(str::to_owned)
        };
        assert_eq!(field("rows[1].cells[0].value").as_deref(), Some("rows[501].cells[0].value"));
        assert_eq!(field("rows[0]").as_deref(), Some("rows[500]"));
        assert_eq!(field("rows[7]").as_deref(), Some("rows[7]"));
        assert_eq!(field("sheetId").as_deref(), Some("sheetId"));
    }
}
