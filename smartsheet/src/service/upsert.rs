//! Writing the rows of many events.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use connectors_core::{BulkOptions, Error, ErrorKind, EventId, Progress, Result, RetryPolicy};

use super::event_rows::{EventRow, RowRef, UpsertEventRows, UpsertItem, UpsertOutcome, UpsertReport};
use super::index::{RowIndex, event_ids};
use super::unsure::{SLOW_SETTLE, may_still_run};
use super::update::changes;
use crate::model::{CellWrite, FailedItem, NewRow, Row, RowUpdate, SheetId};
use crate::rows::MAX_ROWS;
use crate::{ErrorCode, SmartsheetClient, SmartsheetErrorExt};

/// Between an add that broke off and the look that decides whether to repeat it.
const SETTLE: Duration = Duration::from_secs(1);

/// How often one row is sent to be added at most.
const MAX_ADDS: u32 = 4;

pub(super) async fn upsert_event_rows(client: &SmartsheetClient, request: UpsertEventRows) -> Result<UpsertReport> {
    check(&request)?;
    let UpsertEventRows { sheet, rows, key_column, chunk_rows, options } = request;
    if rows.is_empty() {
        return Ok(UpsertReport { items: Vec::new() });
    }
    let mut titles: Vec<_> = rows.iter().flat_map(|row| &row.cells).map(|(title, _)| title.as_str()).collect();
    titles.sort_unstable();
    titles.dedup();
    let index = RowIndex::read(client, sheet, &key_column, &titles).await?;
    let mut upsert = Upsert { client, sheet, index, outcomes: Outcomes::new(rows.len(), options) };
    let (mut adds, mut updates) = (Vec::new(), Vec::new());
    for (place, wanted) in rows.iter().enumerate() {
        match upsert.plan(wanted)? {
            Plan::Add(cells) => adds.push(Add { place, event: &wanted.event, cells }),
            Plan::Update(row, cells) => updates.push(Change { place, row, cells }),
            Plan::Nothing(outcome) => upsert.outcomes.set(place, outcome),
        }
    }
    for chunk in adds.chunks(chunk_rows) {
        upsert.add(chunk).await;
    }
    for chunk in updates.chunks(chunk_rows) {
        upsert.update(chunk).await;
    }
    let outcomes = upsert.outcomes.into_all();
    let events = rows.into_iter().map(|row| row.event);
    Ok(UpsertReport {
        items: events.zip(outcomes).map(|(event_id, outcome)| UpsertItem { event_id, outcome }).collect(),
    })
}

fn check(request: &UpsertEventRows) -> Result<()> {
    if !(1..=MAX_ROWS).contains(&request.chunk_rows) {
        return Err(Error::invalid("chunkRows", format!("must be from 1 to {MAX_ROWS}")));
    }
    let mut seen = HashMap::new();
    for (place, row) in request.rows.iter().enumerate() {
        row.check(&request.key_column)?;
        if let Some(first) = seen.insert(row.event.as_str(), place) {
            let message = format!("`{}` is the event of rows[{first}] already", row.event);
            return Err(Error::invalid(format!("rows[{place}].eventId"), message));
        }
    }
    Ok(())
}

/// What is to be done about one event.
enum Plan {
    Add(Vec<CellWrite>),
    Update(RowRef, Vec<CellWrite>),
    Nothing(UpsertOutcome),
}

/// A row to be added, and its place in the call.
struct Add<'a> {
    place: usize,
    event: &'a EventId,
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
    fn plan(&self, wanted: &EventRow) -> Result<Plan> {
        let row = match self.index.find(&wanted.event) {
            Ok(row) => row,
            Err(ambiguous) => return Ok(Plan::Nothing(UpsertOutcome::Failed(ambiguous))),
        };
        let mut cells = changes(&self.index, row, wanted)?;
        Ok(match row.map(place_of) {
            None => {
                cells.insert(0, CellWrite::value(self.index.key(), wanted.event.as_str()));
                Plan::Add(cells)
            }
            Some(row) if cells.is_empty() => Plan::Nothing(UpsertOutcome::Unchanged(row)),
            Some(row) => Plan::Update(row, cells),
        })
    }

    /// Adds rows whose events have none. After an add of unknown outcome the sheet itself is asked what became of it.
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
                    return self.give_up(&left, &UpsertOutcome::Unknown(unmentioned()));
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

    /// Whether an event of unknown fate is now seen to have its row, or too many.
    fn settled(&mut self, add: &Add<'_>) -> bool {
        let outcome = match self.index.find(add.event) {
            Ok(None) => return false,
            Ok(Some(row)) => UpsertOutcome::Created(place_of(row)),
            Err(error) => UpsertOutcome::Failed(error),
        };
        self.outcomes.set(add.place, outcome);
        true
    }

    /// Notes the rows that an answer mentions, by the event ids in them.
    fn added(&mut self, sent: &[&Add<'_>], added: &[Row], failed: Vec<FailedItem>) {
        self.refused(failed, |index| sent.get(index).map(|add| add.place));
        let key = self.index.key();
        let ids = added.iter().filter_map(|row| Some((row, row.cell(key)?)));
        let rows: HashMap<_, _> =
            ids.flat_map(|(row, cell)| event_ids(cell).map(move |id| (id, place_of(row)))).collect();
        for add in sent {
            if let Some(row) = rows.get(add.event.as_str()) {
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
                        UpsertOutcome::Unknown(unmentioned())
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

/// Names the row that an error is about by its place in the call, not in the request.
fn in_the_call(error: Error, place_of: impl Fn(usize) -> Option<usize>) -> Error {
    let named = error.field().and_then(|field| field.strip_prefix("rows[")?.split_once(']'));
    let moved = named.and_then(|(index, rest)| Some(format!("rows[{}]{rest}", place_of(index.parse().ok()?)?)));
    match moved {
        Some(field) => error.with_field(field),
        None => error,
    }
}

fn unmentioned() -> Error {
    let message = "Smartsheet's answer mentions the row neither as written nor as refused";
    Error::new(ErrorKind::Decode, message).with_maybe_applied(true)
}

/// What became of the events so far; tells the caller of each.
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
        self.items.into_iter().map(|item| item.unwrap_or_else(|| UpsertOutcome::Unknown(unmentioned())))
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
