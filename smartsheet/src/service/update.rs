//! Writing the row of one event.

use connectors_core::{Error, ErrorKind, Result};

use super::difference::differs;
use super::event_row::{UpdateEventRow, UpdatedRow};
use super::event_rows::EventRow;
use super::index::RowIndex;
use crate::SmartsheetClient;
use crate::model::{CellWrite, Row, RowUpdate};

pub(super) async fn update_event_row(client: &SmartsheetClient, request: UpdateEventRow) -> Result<UpdatedRow> {
    let UpdateEventRow { sheet, row: wanted, key_column } = request;
    wanted.check(&key_column)?;
    let titles: Vec<_> = wanted.cells.iter().map(|(title, _)| title.as_str()).collect();
    let index = RowIndex::read(client, sheet, &key_column, &titles).await?;
    let Some(row) = index.find(&wanted.event)? else {
        let message = format!("no row has the event id `{}`", wanted.event);
        return Err(Error::new(ErrorKind::NotFound, message)
            .with_field("eventId")
            .with_hint("add it with upsert_event_rows"));
    };
    let cells = changes(&index, Some(row), &wanted)?;
    let changed = cells.len();
    if changed > 0 {
        client.rows().update(sheet, [RowUpdate::new(row.id, cells)]).await?;
    }
    Ok(UpdatedRow { row_id: row.id, row_number: row.row_number, changed })
}

/// The cells of an event that its row, if there is one, does not hold yet.
pub(super) fn changes(index: &RowIndex<'_>, row: Option<&Row>, wanted: &EventRow) -> Result<Vec<CellWrite>> {
    let mut cells = Vec::new();
    for (title, input) in &wanted.cells {
        let column = index.column(title)?.id;
        if differs(row.and_then(|row| row.cell(column)), input) {
            cells.push(CellWrite::value(column, input.clone()));
        }
    }
    Ok(cells)
}
