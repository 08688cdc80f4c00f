//! Fills a tracker with events, changes one row, and reads everything back with typed cells.
//!
//! Runs on the mock, without key or network: `cargo run --example smartsheet_sheet_data`. For the real service, swap the
//! mock for `SmartsheetClient::from_env()?`, and name a workspace or folder of your own.

use chrono::NaiveDate;
use connectors_core::{Campaign, Result};
use connectors_mock::MockSmartsheet;
use connectors_smartsheet::{
    CellInput, CellValue, CreateSheet, Destination, EventRow, Hyperlink, SheetDataRequest, SmartsheetService, Template,
    UpdateEventRow, UpsertEventRows, tracker,
};

#[tokio::main]
async fn main() -> Result<()> {
    let mock = MockSmartsheet::new();
    track(&mock, mock.workspace_id().into()).await
}

/// What an application does, against the trait: the mock here, the client in production.
async fn track(smartsheet: &impl SmartsheetService, destination: Destination) -> Result<()> {
    let campaign = Campaign::new("summer-26".parse()?, "Summer Tour", "Fizz", "DACH", Vec::new());

    let sheet = smartsheet.create_sheet(CreateSheet::new(&campaign, Template::event_tracker(), destination)).await?;
    println!("{} ({})\n{}\n", sheet.name, sheet.id, sheet.permalink);

    // One row per event, found by its id: doing this twice changes nothing.
    let events = [
        ("berlin-1", "Alexanderplatz", "Berlin", 5, 12_500),
        ("hamburg-1", "Jungfernstieg", "Hamburg", 6, 9_800),
        ("munich-1", "Marienplatz", "Munich", 12, 15_200),
    ];
    let rows = events.iter().map(|&(id, venue, city, day, footfall)| {
        let page = Hyperlink::url(format!("https://fizz.example/{id}"));
        let row = EventRow::new(id.parse()?).set(tracker::VENUE, venue).set(tracker::CITY, city);
        let row = row.set(tracker::STARTS, NaiveDate::from_ymd_opt(2026, 6, day));
        Ok(row.set(tracker::EXPECTED_FOOTFALL, footfall).set(tracker::QR_LINK, CellInput::hyperlink(id, page)))
    });
    let rows = rows.collect::<Result<Vec<_>>>()?;
    let first = smartsheet.upsert_event_rows(UpsertEventRows::new(sheet.id, rows.clone())).await?;
    let second = smartsheet.upsert_event_rows(UpsertEventRows::new(sheet.id, rows)).await?;
    println!("first run: {} rows added; second run: {} unchanged", first.created(), second.unchanged());
    for (event, error) in first.failures() {
        println!("{event} has no row: {error}");
    }

    let update =
        UpdateEventRow::new(sheet.id, "hamburg-1".parse()?).set(tracker::SCANS, 131).set(tracker::CITY, "Hamburg");
    let updated = smartsheet.update_event_row(update).await?;
    println!("row {}: {} cell changed\n", updated.row_number, updated.changed);

    let data = smartsheet.sheet_data(SheetDataRequest::new(sheet.id)).await?;
    println!("{:10} {:16} {:10} {:>9} {:>6}", "event", "venue", "starts", "footfall", "scans");
    for row in &data.rows {
        let cell = |title| row.get(&data.columns, title);
        let text = |title| cell(title).map(ToString::to_string).unwrap_or_default();
        // Cells are typed: a number is a number, with every digit it was written with.
        let footfall = match cell(tracker::EXPECTED_FOOTFALL).map(|cell| &cell.value) {
            Some(CellValue::Number(number)) => number.as_str(),
            _ => "unknown",
        };
        let (event, venue) = (text(tracker::EVENT_ID), text(tracker::VENUE));
        println!("{event:10} {venue:16} {:10} {footfall:>9} {:>6}", text(tracker::STARTS), text(tracker::SCANS));
    }
    Ok(())
}
