//! What every Smartsheet service does.

use std::fmt::Debug;

use connectors_core::{Campaign, CampaignId, ErrorKind, EventId, Result};
use connectors_smartsheet::{
    CellInput, CreateSheet, CreatedSheet, Destination, EventRow, NewColumn, RowId, SheetDataRequest, SheetId,
    SmartsheetService, Template, UpdateEventRow, UpsertEventRows, UpsertOutcome, tracker,
};

/// Creates trackers, writes rows in bulk and one by one, reads them back, does everything twice, and asks for what
/// cannot be.
///
/// Needs a destination where sheets may be made, a template with the columns of [`tracker`], and a link store that knows
/// nothing of the campaigns `conformance-*`.
///
/// # Panics
///
/// If the service does something else.
pub async fn smartsheet(service: &dyn SmartsheetService, destination: Destination, template: SheetId) -> Result<()> {
    let report = service.test_connection().await?;
    assert!(report.is_connected() && report.identity.is_some(), "{report}");

    let before = sheets(service).await?;
    let copied = creates_one_sheet_per_campaign(service, destination, template).await?;
    let built = service.create_sheet(request("built", Template::event_tracker(), destination)?).await?;
    assert!(built.is_new && built.id != copied.id, "each campaign has a sheet of its own");
    assert_eq!(sheets(service).await?, before + 2);
    refuses_sheets_that_cannot_be(service, destination).await?;
    assert_eq!(sheets(service).await?, before + 2, "nothing was made in vain");

    for sheet in [copied.id, built.id] {
        brings_rows_up_to_date(service, sheet).await?;
        updates_one_row(service, sheet).await?;
        refuses_rows_that_cannot_be(service, sheet).await?;
    }
    Ok(())
}

async fn sheets(service: &dyn SmartsheetService) -> Result<u64> {
    let summary = service.summary().await?;
    let count = |name| summary.counts.iter().find(|(counted, _)| *counted == name).map(|(_, count)| *count);
    assert!(count("workspaces").is_some_and(|count| count > 0), "{summary:?}");
    Ok(count("sheets").unwrap_or_default())
}

fn request(name: &str, template: Template, destination: Destination) -> Result<CreateSheet> {
    let id = CampaignId::new(format!("conformance-{name}"))?;
    let campaign = Campaign::new(id, format!("Conformance {name}"), "Fizz", "DACH", Vec::new());
    Ok(CreateSheet::new(&campaign, template, destination))
}

fn event(number: usize) -> Result<EventId> {
    EventId::new(format!("conformance-{number:03}"))
}

fn row(number: usize) -> Result<EventRow> {
    let row = EventRow::new(event(number)?).set(tracker::EVENT, format!("Tasting \"No. {number}\" – Łódź"));
    let row = row.set(tracker::VENUE, "Alexanderplatz").set(tracker::STARTS, "2026-06-05");
    Ok(row.set(tracker::EXPECTED_FOOTFALL, 1_000 + number).set(tracker::SCANS, 0))
}

async fn creates_one_sheet_per_campaign(
    service: &dyn SmartsheetService,
    destination: Destination,
    template: SheetId,
) -> Result<CreatedSheet> {
    let ask = || request("copied", Template::Sheet(template), destination);
    let sheet = service.create_sheet(ask()?).await?;
    assert!(sheet.is_new && sheet.id != template, "{sheet:?}");
    assert_eq!(sheet.name, "Conformance copied tracker");
    assert!(!sheet.permalink.is_empty());
    for title in [tracker::EVENT_ID, tracker::EXPECTED_FOOTFALL, tracker::SCANS] {
        assert!(sheet.columns.get(title).is_some(), "the copy has the template's columns, {title} among them");
    }
    let again = service.create_sheet(ask()?).await?;
    assert!(!again.is_new, "doing it twice");
    assert_eq!((again.id, &again.name, &again.columns), (sheet.id, &sheet.name, &sheet.columns));
    Ok(sheet)
}

async fn refuses_sheets_that_cannot_be(service: &dyn SmartsheetService, destination: Destination) -> Result<()> {
    let no_key =
        Template::Columns(vec![NewColumn::new("Store", connectors_smartsheet::ColumnType::TextNumber).primary(true)]);
    let two_primaries = {
        let more = NewColumn::new("Another", connectors_smartsheet::ColumnType::TextNumber).primary(true);
        Template::Columns(tracker::columns().into_iter().chain([more]).collect())
    };
    let table = [
        (request("no-key", no_key, destination)?, ErrorKind::InvalidRequest, "template"),
        (request("primaries", two_primaries, destination)?, ErrorKind::InvalidRequest, "columns"),
        (request("no-name", Template::event_tracker(), destination)?.name("  "), ErrorKind::InvalidRequest, "name"),
        (request("zero", Template::Sheet(SheetId::new(0)), destination)?, ErrorKind::InvalidRequest, "template"),
        (request("no-template", Template::Sheet(SheetId::new(404)), destination)?, ErrorKind::NotFound, "template"),
    ];
    for (request, kind, field) in table {
        let campaign = request.campaign.clone();
        refused(service.create_sheet(request).await, kind, field, campaign.as_str());
    }
    Ok(())
}

async fn brings_rows_up_to_date(service: &dyn SmartsheetService, sheet: SheetId) -> Result<()> {
    let rows = (1..=12).map(row).collect::<Result<Vec<_>>>()?;
    let write = |rows: &[EventRow]| service.upsert_event_rows(UpsertEventRows::new(sheet, rows.to_vec()).chunk_rows(5));
    let first = write(&rows).await?;
    assert_eq!((first.created(), first.items.len(), first.is_complete()), (12, 12, true), "{first:?}");
    let ids = |report: &connectors_smartsheet::UpsertReport| -> Vec<Option<RowId>> {
        report.items.iter().map(|item| item.outcome.row().map(|row| row.row_id)).collect()
    };
    for (item, row) in first.items.iter().zip(&rows) {
        assert_eq!(item.key, row.event, "in the order of the call");
    }

    let version = service.sheet_data(SheetDataRequest::new(sheet)).await?.version;
    let second = write(&rows).await?;
    assert_eq!((second.unchanged(), ids(&second)), (12, ids(&first)), "doing it twice");
    assert_eq!(service.sheet_data(SheetDataRequest::new(sheet)).await?.version, version, "nothing was written");

    let mut changed = rows.clone();
    if let Some(row) = changed.get_mut(3) {
        *row = row.clone().set(tracker::SCANS, 41);
    }
    changed.push(row(13)?);
    let third = write(&changed).await?;
    assert_eq!((third.created(), third.updated(), third.unchanged()), (1, 1, 11), "{third:?}");

    let data = service.sheet_data(SheetDataRequest::new(sheet)).await?;
    assert_eq!(data.rows.len(), 13, "one row per event");
    let key = data.columns.require(tracker::EVENT_ID)?.id;
    for (held, wanted) in data.rows.iter().zip(&changed) {
        let id = held.cell(key).map(ToString::to_string);
        assert_eq!(id.as_deref(), Some(wanted.event.as_str()), "rows come in the order in which they were added");
        let footfall = held.get(&data.columns, tracker::EXPECTED_FOOTFALL).and_then(|cell| cell.value.as_i64());
        assert!(footfall.is_some_and(|n| n > 1_000), "{held:?}");
        let starts = held.get(&data.columns, tracker::STARTS).and_then(|cell| cell.value.as_date());
        assert_eq!(starts.map(|date| date.to_string()).as_deref(), Some("2026-06-05"));
    }
    let scans =
        data.rows_where(tracker::EVENT_ID, "conformance-004").next().and_then(|r| r.get(&data.columns, tracker::SCANS));
    assert_eq!(scans.and_then(|cell| cell.value.as_i64()), Some(41));
    Ok(())
}

async fn updates_one_row(service: &dyn SmartsheetService, sheet: SheetId) -> Result<()> {
    let update = || {
        Ok::<_, connectors_core::Error>(UpdateEventRow::new(sheet, event(7)?).set(tracker::PEAK_HOURS, "12-14, 17-19"))
    };
    let first = service.update_event_row(update()?.set(tracker::SCANS, 0)).await?;
    assert_eq!((first.changed, first.row_number), (1, 7), "only what differs is written");
    let second = service.update_event_row(update()?).await?;
    assert_eq!((second.changed, second.row_id), (0, first.row_id), "doing it twice");
    let cleared = service
        .update_event_row(UpdateEventRow::new(sheet, event(7)?).set(tracker::PEAK_HOURS, CellInput::clear()))
        .await?;
    assert_eq!(cleared.changed, 1);
    let data = service.sheet_data(SheetDataRequest::new(sheet)).await?;
    let row = data
        .rows_where(tracker::EVENT_ID, "conformance-007")
        .next()
        .and_then(|r| r.get(&data.columns, tracker::PEAK_HOURS));
    assert!(row.is_none_or(|cell| cell.value.is_empty()), "{row:?}");
    Ok(())
}

async fn refuses_rows_that_cannot_be(service: &dyn SmartsheetService, sheet: SheetId) -> Result<()> {
    let update =
        |number| Ok::<_, connectors_core::Error>(UpdateEventRow::new(sheet, event(number)?).set(tracker::SCANS, 1));
    for (update, kind, field, what) in [
        (update(999)?, ErrorKind::NotFound, "eventId", "an event without a row"),
        (update(1)?.set("Weather", "sunny"), ErrorKind::InvalidRequest, "Weather", "a column that is not there"),
        (update(1)?.set(tracker::EVENT_ID, "other"), ErrorKind::InvalidRequest, tracker::EVENT_ID, "the id itself"),
        (update(1)?.key_column("Nr"), ErrorKind::InvalidRequest, "Nr", "no such key column"),
        (UpdateEventRow::new(SheetId::new(404), event(1)?), ErrorKind::NotFound, "sheet", "no such sheet"),
        (UpdateEventRow::new(SheetId::new(-1), event(1)?), ErrorKind::InvalidRequest, "sheet", "no id at all"),
    ] {
        refused(service.update_event_row(update).await, kind, field, what);
    }
    let data = service.sheet_data(SheetDataRequest::new(SheetId::new(404))).await;
    refused(data, ErrorKind::NotFound, "sheet", "data of no sheet");
    let twice = UpsertEventRows::new(sheet, vec![row(1)?, row(2)?, row(1)?]);
    let twice = service.upsert_event_rows(twice).await;
    refused(twice, ErrorKind::InvalidRequest, "rows[2].Event ID", "an event twice");
    let chunk = UpsertEventRows::new(sheet, vec![row(1)?]).chunk_rows(501);
    let chunk = service.upsert_event_rows(chunk).await;
    refused(chunk, ErrorKind::InvalidRequest, "chunkRows", "too many rows in a request");
    let none = service.upsert_event_rows(UpsertEventRows::new(sheet, Vec::new())).await?;
    assert!(none.items.is_empty());

    let partly = vec![row(1)?, row(500)?.set(tracker::STARTS, "some day"), row(501)?];
    let partly = service.upsert_event_rows(UpsertEventRows::new(sheet, partly).chunk_rows(500)).await?;
    let outcomes: Vec<_> = partly.items.iter().map(|item| &item.outcome).collect();
    let [UpsertOutcome::Unchanged(_), UpsertOutcome::Failed(error), UpsertOutcome::Created(_)] = outcomes.as_slice()
    else {
        unreachable!("one bad row does not stop the others: {partly:?}")
    };
    assert!(error.field().is_some_and(|field| field.starts_with("rows[1]")), "counted as in the call: {error}");
    Ok(())
}

fn refused<T: Debug>(outcome: Result<T>, kind: ErrorKind, field: &str, what: &str) {
    match outcome {
        Err(error) => assert_eq!((error.kind(), error.field()), (kind, Some(field)), "{what}: {error}"),
        Ok(done) => unreachable!("{what} is accepted: {done:?}"),
    }
}
