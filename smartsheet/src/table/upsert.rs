//! Bringing many rows up to date, by their keys.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use connectors_core::{BulkOptions, Error, ErrorKind, Progress, Result, RetryPolicy};

use super::difference::differs;
use super::index::{RowIndex, keys};
use super::record::{Record, RowRef, UpsertOutcome};
use super::unsure::{SLOW_SETTLE, may_still_run};
use crate::bulk_rows::{check_cells, in_the_call, unmentioned};
use crate::model::column_map::check_fit;
use crate::model::{CellWrite, FailedItem, NewRow, Row, RowUpdate, SheetId};
use crate::rows::MAX_ROWS;
use crate::{ErrorCode, SmartsheetClient, SmartsheetErrorExt};

/// Between an add that broke off and the look that decides whether to repeat it.
const SETTLE: Duration = Duration::from_secs(1);

/// How often one row is sent to be added at most.
const MAX_ADDS: u32 = 4;

/// What is to be brought up to date, and how.
pub(crate) struct Wanted<'a> {
    pub(crate) sheet: SheetId,
    pub(crate) key_column: &'a str,
    /// Every key once.
    pub(crate) records: &'a [Record],
    pub(crate) chunk_rows: usize,
    pub(crate) options: BulkOptions,
}

/// Adds the rows of keys that have none, and changes what differs in the others. What became of each record comes in
/// their order.
pub(crate) async fn upsert(client: &SmartsheetClient, wanted: Wanted<'_>) -> Result<Vec<UpsertOutcome>> {
    let Wanted { sheet, key_column, records, chunk_rows, options } = wanted;
    check(records, key_column, chunk_rows)?;
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let mut titles: Vec<_> = records.iter().flat_map(|record| &record.cells).map(|(title, _)| title.as_str()).collect();
    titles.sort_unstable();
    titles.dedup();
    let index = RowIndex::read(client, sheet, key_column, &titles).await?;
    let mut upsert = Upsert { client, sheet, index, outcomes: Outcomes::new(records.len(), options) };
    let (mut adds, mut updates) = (Vec::new(), Vec::new());
    for (place, record) in records.iter().enumerate() {
        match upsert.plan(place, record) {
            Plan::Add(cells) => adds.push(Add { place, key: &record.key, cells }),
            Plan::Update(row, cells) => updates.push(Change { place, row, cells }),
            Plan::Nothing(outcome) => upsert.outcomes.set(place, outcome),
        }
    }
    let (rows, columns) = upsert.index.size();
    check_cells(rows + adds.len(), columns)?;
    for chunk in adds.chunks(chunk_rows) {
        upsert.add(chunk).await;
    }
    for chunk in updates.chunks(chunk_rows) {
        upsert.update(chunk).await;
    }
    Ok(upsert.outcomes.into_all().collect())
}

fn check(records: &[Record], key_column: &str, chunk_rows: usize) -> Result<()> {
    if !(1..=MAX_ROWS).contains(&chunk_rows) {
        return Err(Error::invalid("chunkRows", format!("must be from 1 to {MAX_ROWS}")));
    }
    let mut seen = HashMap::with_capacity(records.len());
    for (place, record) in records.iter().enumerate() {
        let path = |title: &str| format!("rows[{place}].{title}");
        if record.key.trim().is_empty() {
            return Err(Error::invalid(path(key_column), "is the key of the row, and must not be blank"));
        }
        if let Some(first) = seen.insert(record.key.trim(), place) {
            let message = format!("`{}` is the key of rows[{first}] already", record.key);
            return Err(Error::invalid(path(key_column), message));
        }
        record.check(key_column).map_err(|error| match error.field().map(path) {
            Some(field) => error.with_field(field),
            None => error,
        })?;
    }
    Ok(())
}

/// What is to be done about one record.
enum Plan {
    Add(Vec<CellWrite>),
    Update(RowRef, Vec<CellWrite>),
    Nothing(UpsertOutcome),
}

/// A row to be added, and its place in the call.
struct Add<'a> {
    place: usize,
    key: &'a str,
    cells: Vec<CellWrite>,
}

/// A row to be changed, and its place in the call.
struct Change {
    place: usize,
    row: RowRef,
    cells: Vec<CellWrite>,
}

struct Upsert<'a> {
    client: &'a SmartsheetClient,
    sheet: SheetId,
    index: RowIndex<'a>,
    outcomes: Outcomes,
}

impl Upsert<'_> {
    fn plan(&self, place: usize, record: &Record) -> Plan {
        let row = match self.index.find(record.key.trim()) {
            Ok(row) => row,
            Err(ambiguous) => return Plan::Nothing(UpsertOutcome::Failed(ambiguous)),
        };
        let mut cells = match changes(&self.index, row, place, record) {
            Ok(cells) => cells,
            Err(misfit) => return Plan::Nothing(UpsertOutcome::Failed(misfit)),
        };
        match row.map(place_of) {
            None => {
                cells.insert(0, CellWrite::value(self.index.key(), record.key.trim()));
                Plan::Add(cells)
            }
            Some(row) if cells.is_empty() => Plan::Nothing(UpsertOutcome::Unchanged(row)),
            Some(row) => Plan::Update(row, cells),
        }
    }

    /// Adds rows whose keys have none. After an add of unknown outcome the sheet itself is asked what became of it.
    async fn add(&mut self, chunk: &[Add<'_>]) {
        let mut left: Vec<_> = chunk.iter().collect();
        for sent in 1..=MAX_ADDS {
            let rows = left.iter().map(|add| NewRow::new(add.cells.iter().cloned()));
            let mut request = self.client.rows().add(self.sheet, rows).allow_partial_success();
            if sent > 1 {
                // "Busy" may now mean the add before this one: the sheet has to be looked at, not asked again.
                request = request.retry(RetryPolicy::never());
            }
            let error = match request.await {
                Ok(done) => {
                    self.added(&left, &done.result, done.failed_items);
                    left.retain(|add| self.outcomes.is_open(add.place));
                    if !left.is_empty() && self.index.refresh().await.is_ok() {
                        left.retain(|add| !self.settled(add));
                    }
                    for add in left {
                        self.outcomes.set(add.place, UpsertOutcome::Unknown(unmentioned(add.place)));
                    }
                    return;
                }
                Err(error) => in_the_call(error, |index| left.get(index).map(|add| add.place)),
            };
            if sent == 1 && !error.maybe_applied() {
                return self.give_up(&left, &UpsertOutcome::Failed(error));
            }
            let looked = self.look(&mut left, &error).await;
            let refused = !(error.maybe_applied() || error.is_retryable());
            let hopeless = refused || error.smartsheet_code() == Some(ErrorCode::UNEXPECTED);
            if !looked || hopeless || error.kind() == ErrorKind::Timeout || sent == MAX_ADDS {
                return self.give_up(&left, &UpsertOutcome::Unknown(error));
            }
            if left.is_empty() {
                return;
            }
        }
    }

    /// Looks, more than once, which of the rows are there by now. False if the sheet cannot be read.
    async fn look(&mut self, left: &mut Vec<&Add<'_>>, error: &Error) -> bool {
        let asked = error.retry_after().unwrap_or_default();
        let patience = if may_still_run(error) { SLOW_SETTLE } else { SETTLE };
        for wait in [Duration::ZERO, patience.max(asked)] {
            self.client.core().clock().sleep(wait).await;
            if self.index.refresh().await.is_err() {
                return false;
            }
            left.retain(|add| !self.settled(add));
            if left.is_empty() {
                break;
            }
        }
        true
    }

    /// Whether a record of unknown fate is now seen to have its row, or too many.
    fn settled(&mut self, add: &Add<'_>) -> bool {
        let outcome = match self.index.find(add.key.trim()) {
            Ok(None) => return false,
            Ok(Some(row)) => UpsertOutcome::Created(place_of(row)),
            Err(error) => UpsertOutcome::Failed(error),
        };
        self.outcomes.set(add.place, outcome);
        true
    }

    /// Notes the rows that an answer mentions, by the keys in them.
    fn added(&mut self, sent: &[&Add<'_>], added: &[Row], failed: Vec<FailedItem>) {
        self.refused(failed, |index| sent.get(index).map(|add| add.place));
        let key = self.index.key();
        let ids = added.iter().filter_map(|row| Some((row, row.cell(key)?)));
        let rows: HashMap<_, _> = ids.flat_map(|(row, cell)| keys(cell).map(move |key| (key, place_of(row)))).collect();
        for add in sent {
            if let Some(row) = rows.get(add.key.trim()) {
                self.outcomes.set(add.place, UpsertOutcome::Created(*row));
            }
        }
    }

    /// Changes rows. Repeating that is harmless, so the client has done so already when it fails.
    async fn update(&mut self, chunk: &[Change]) {
        let rows = chunk.iter().map(|change| RowUpdate::new(change.row.row_id, change.cells.iter().cloned()));
        match self.client.rows().update(self.sheet, rows).allow_partial_success().await {
            Ok(done) => {
                self.refused(done.failed_items, |index| chunk.get(index).map(|change| change.place));
                let written: HashSet<_> = done.result.iter().map(|row| row.id).collect();
                for change in chunk {
                    let outcome = if written.contains(&change.row.row_id) {
                        UpsertOutcome::Updated(change.row)
                    } else {
                        UpsertOutcome::Unknown(unmentioned(change.place))
                    };
                    self.outcomes.set(change.place, outcome);
                }
            }
            Err(error) => {
                let error = in_the_call(error, |index| chunk.get(index).map(|change| change.place));
                let outcome = if error.maybe_applied() { UpsertOutcome::Unknown } else { UpsertOutcome::Failed };
                for change in chunk {
                    self.outcomes.set(change.place, outcome(error.clone()));
                }
            }
        }
    }

    /// Notes the refused items of a request, counted from its beginning, under the caller's own places.
    fn refused(&mut self, failed: Vec<FailedItem>, place_of: impl Fn(usize) -> Option<usize>) {
        for mut item in failed {
            if let Some(place) = place_of(item.index) {
                item.index = place;
                self.outcomes.set(place, UpsertOutcome::Failed(item.to_error()));
            }
        }
    }

    fn give_up(&mut self, left: &[&Add<'_>], outcome: &UpsertOutcome) {
        for add in left {
            self.outcomes.set(add.place, outcome.clone());
        }
    }
}

fn place_of(row: &Row) -> RowRef {
    RowRef { row_id: row.id, row_number: row.row_number }
}

/// What became of the records so far; tells the caller of each.
struct Outcomes {
    items: Vec<Option<UpsertOutcome>>,
    options: BulkOptions,
    done: usize,
    failed: usize,
}

impl Outcomes {
    fn new(total: usize, options: BulkOptions) -> Self {
        Self { items: vec![None; total], options, done: 0, failed: 0 }
    }

    /// The first outcome counts.
    fn set(&mut self, place: usize, outcome: UpsertOutcome) {
        let total = self.items.len();
        let Some(open @ None) = self.items.get_mut(place) else { return };
        self.done += 1;
        self.failed += usize::from(outcome.error().is_some());
        *open = Some(outcome);
        if let Some(report) = &self.options.progress {
            report(Progress::new(self.done, total, self.failed));
        }
    }

    fn is_open(&self, place: usize) -> bool {
        matches!(self.items.get(place), Some(None))
    }

    fn into_all(self) -> impl Iterator<Item = UpsertOutcome> {
        let items = self.items.into_iter().enumerate();
        items.map(|(place, item)| item.unwrap_or_else(|| UpsertOutcome::Unknown(unmentioned(place))))
    }
}

/// The cells of a record that its row, if there is one, does not hold yet.
pub(crate) fn changes(
    index: &RowIndex<'_>,
    row: Option<&Row>,
    place: usize,
    record: &Record,
) -> Result<Vec<CellWrite>> {
    let mut cells = Vec::new();
    for (title, input) in &record.cells {
        let column = index.column(title)?;
        check_fit(column, input).map_err(|error| error.with_field(format!("rows[{place}].{title}")))?;
        if differs(row.and_then(|row| row.cell(column.id)), input) {
            cells.push(CellWrite::value(column.id, input.clone()));
        }
    }
    Ok(cells)
}
