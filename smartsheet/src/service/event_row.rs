//! One row, by its event.

use connectors_core::EventId;

use crate::model::{CellInput, RowId, SheetId};
use crate::service::event_rows::EventRow;
use crate::tracker;

/// Asks for cells of an event's row to be written.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// use connectors_smartsheet::{EventRow, SmartsheetService, UpdateEventRow, UpsertEventRows, tracker};
///
/// # let smartsheet = connectors_mock::MockSmartsheet::new();
/// # let sheet = smartsheet.template_id();
/// # let event: connectors_core::EventId = "fizz-berlin-1".parse()?;
/// # let row = EventRow::new(event.clone()).set(tracker::SCANS, 0);
/// # smartsheet.upsert_event_rows(UpsertEventRows::new(sheet, vec![row])).await?;
/// let update = UpdateEventRow::new(sheet, event).set(tracker::SCANS, 131).set(tracker::BRANDSCOPIC_STATUS, "active");
/// assert_eq!(smartsheet.update_event_row(update).await?.changed, 2);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct UpdateEventRow {
    /// The sheet.
    pub sheet: SheetId,
    /// Whose row it is, and what to write.
    pub row: EventRow,
    /// The title of the column for event ids.
    pub key_column: String,
}

impl UpdateEventRow {
    /// Writes nothing yet into the row of `event`.
    pub fn new(sheet: SheetId, event: EventId) -> Self {
        Self { sheet, row: EventRow::new(event), key_column: tracker::EVENT_ID.to_owned() }
    }

    /// Writes `value` into the column with this title.
    pub fn set(mut self, title: impl Into<String>, value: impl Into<CellInput>) -> Self {
        self.row = self.row.set(title, value);
        self
    }

    /// The title of the column for event ids; [`tracker::EVENT_ID`] by default.
    pub fn key_column(mut self, title: impl Into<String>) -> Self {
        self.key_column = title.into();
        self
    }
}

/// A row that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpdatedRow {
    /// The row.
    pub row_id: RowId,
    /// Its position in the sheet, from 1.
    pub row_number: u32,
    /// How many cells differed and were written.
    pub changed: usize,
}
