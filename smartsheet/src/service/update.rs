//! Writing the row of one event.

use connectors_core::{Error, ErrorKind, Result};

use super::event_row::{UpdateEventRow, UpdatedRow};
use crate::SmartsheetClient;
use crate::model::RowUpdate;
use crate::table::index::RowIndex;
use crate::table::upsert::changes;

pub(super) async fn update_event_row(client: &SmartsheetClient, request: UpdateEventRow) -> Result<UpdatedRow> {
    let UpdateEventRow { sheet, row: wanted, key_column } = request;
    let wanted = wanted.into_record();
    wanted.check(&key_column)?;
    let titles: Vec<_> = wanted.cells.iter().map(|(title, _)| title.as_str()).collect();
    let index = RowIndex::read(client, sheet, &key_column, &titles).await?;
    let Some(row) = index.find(&wanted.key)? else {
        let message = format!("no row has the event id `{}`", wanted.key);
        return Err(Error::new(ErrorKind::NotFound, message)
            .with_field("eventId")
            .with_hint("add it with upsert_event_rows"));
    };
    let cells = changes(&index, Some(row), 0, &wanted)?;
    let changed = cells.len();
    if changed > 0 {
        client.rows().update(sheet, [RowUpdate::new(row.id, cells)]).await?;
    }
    Ok(UpdatedRow { row_id: row.id, row_number: row.row_number, changed })
}
