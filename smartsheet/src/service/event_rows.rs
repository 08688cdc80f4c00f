//! Many rows, by their events.

use connectors_core::{BulkOptions, EventId};

use crate::Record;
use crate::model::{CellInput, SheetId};
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

    pub(super) fn into_record(self) -> Record {
        Record { key: self.event.to_string(), cells: self.cells }
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
