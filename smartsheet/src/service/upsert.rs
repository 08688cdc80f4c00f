//! Writing the rows of many events.

use connectors_core::Result;

use super::event_rows::UpsertEventRows;
use crate::SmartsheetClient;
use crate::table::record::UpsertReport;
use crate::table::upsert::{Wanted, upsert};

pub(super) async fn upsert_event_rows(client: &SmartsheetClient, request: UpsertEventRows) -> Result<UpsertReport> {
    let UpsertEventRows { sheet, rows, key_column, chunk_rows, options } = request;
    let events: Vec<_> = rows.iter().map(|row| row.event.clone()).collect();
    let records: Vec<_> = rows.into_iter().map(super::event_rows::EventRow::into_record).collect();
    let wanted = Wanted { sheet, key_column: &key_column, records: &records, chunk_rows, options };
    Ok(UpsertReport::new(events, upsert(client, wanted).await?))
}
