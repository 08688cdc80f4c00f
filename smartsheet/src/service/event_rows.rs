//! Many rows, by their events.

use connectors_core::{BulkOptions, Error, EventId, Result};

use crate::model::{CellInput, RowId, SheetId};
use crate::rows::MAX_ROWS;
use crate::tracker;

/// What the row of an event is to hold.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct EventRow {
    /// Whose row it is.
    pub event: EventId,
    /// Titles of columns, and what to write there. Other cells stay as they are.
    pub cells: Vec<(String, CellInput)>,
}

impl EventRow {
    /// The row of this event, with nothing to write yet but its id.
    pub fn new(event: EventId) -> Self {
        Self { event, cells: Vec::new() }
    }

    /// Writes `value` into the column with this title. A later value for the same column counts.
    pub fn set(mut self, title: impl Into<String>, value: impl Into<CellInput>) -> Self {
        let (title, value) = (title.into(), value.into());
        self.cells.retain(|(earlier, _)| *earlier != title);
        self.cells.push((title, value));
        self
    }

    pub(super) fn check(&self, key_column: &str) -> Result<()> {
        for (index, (title, input)) in self.cells.iter().enumerate() {
            if self.cells.iter().take(index).any(|(earlier, _)| earlier == title) {
                return Err(Error::invalid(title, "is given two values for one row"));
            }
            if title == key_column {
                return Err(Error::invalid(title, "is the column of event ids, which is written by itself"));
            }
            if matches!(input, CellInput::Link(_)) {
                return Err(Error::invalid(title, "links to other sheets cannot be written together with values")
                    .with_hint("write them with rows().update()"));
            }
            if let Some((_, problem)) = input.problem() {
                return Err(Error::invalid(title, problem));
            }
        }
        Ok(())
    }
}

/// Asks for the rows of many events to be brought up to date.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct UpsertEventRows {
    /// The sheet.
    pub sheet: SheetId,
    /// The rows. Every event once.
    pub rows: Vec<EventRow>,
    /// The title of the column for event ids.
    pub key_column: String,
    /// How many rows one request carries at most.
    pub chunk_rows: usize,
    /// Whom to tell about the progress. The concurrency does not matter: writes to one sheet go one after the other.
    pub options: BulkOptions,
}

impl UpsertEventRows {
    /// These rows, 500 in a request.
    pub fn new(sheet: SheetId, rows: Vec<EventRow>) -> Self {
        let (key_column, options) = (tracker::EVENT_ID.to_owned(), BulkOptions::default());
        Self { sheet, rows, key_column, chunk_rows: MAX_ROWS, options }
    }

    /// Whom to tell about the progress.
    pub fn options(mut self, options: BulkOptions) -> Self {
        self.options = options;
        self
    }

    /// The title of the column for event ids; [`tracker::EVENT_ID`] by default.
    pub fn key_column(mut self, title: impl Into<String>) -> Self {
        self.key_column = title.into();
        self
    }

    /// How many rows one request carries at most, from 1 to 500. Fewer help where a sheet is slow.
    pub fn chunk_rows(mut self, rows: usize) -> Self {
        self.chunk_rows = rows;
        self
    }
}

/// Where a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct RowRef {
    /// The row.
    pub row_id: RowId,
    /// Its position in the sheet, from 1.
    pub row_number: u32,
}

/// What became of one event.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum UpsertOutcome {
    /// Its row was added.
    Created(RowRef),
    /// Cells of its row differed and were written.
    Updated(RowRef),
    /// Its row holds everything already; nothing was written.
    Unchanged(RowRef),
    /// Nothing was written, for this reason.
    Failed(Error),
    /// It may have been written. Calling again finds out, without writing it twice.
    Unknown(Error),
}

impl UpsertOutcome {
    /// The row, if the event is known to have it.
    pub fn row(&self) -> Option<RowRef> {
        match self {
            Self::Created(row) | Self::Updated(row) | Self::Unchanged(row) => Some(*row),
            Self::Failed(_) | Self::Unknown(_) => None,
        }
    }

    /// Why it failed, or why it is not known whether it did.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Failed(error) | Self::Unknown(error) => Some(error),
            _ => None,
        }
    }
}

/// One event of a bulk call.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct UpsertItem {
    /// The event.
    pub event_id: EventId,
    /// What became of it.
    pub outcome: UpsertOutcome,
}

/// What became of all of them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct UpsertReport {
    /// The events, in the order of the call.
    pub items: Vec<UpsertItem>,
}

impl UpsertReport {
    /// How many rows were added.
    pub fn created(&self) -> usize {
        self.count(|outcome| matches!(outcome, UpsertOutcome::Created(_)))
    }

    /// How many rows were changed.
    pub fn updated(&self) -> usize {
        self.count(|outcome| matches!(outcome, UpsertOutcome::Updated(_)))
    }

    /// How many rows were right already.
    pub fn unchanged(&self) -> usize {
        self.count(|outcome| matches!(outcome, UpsertOutcome::Unchanged(_)))
    }

    /// The events that failed, or may have.
    pub fn failures(&self) -> impl Iterator<Item = (&EventId, &Error)> {
        self.items.iter().filter_map(|item| Some((&item.event_id, item.outcome.error()?)))
    }

    /// Whether every event has its row.
    pub fn is_complete(&self) -> bool {
        self.failures().next().is_none()
    }

    fn count(&self, is: impl Fn(&UpsertOutcome) -> bool) -> usize {
        self.items.iter().filter(|item| is(&item.outcome)).count()
    }
}
