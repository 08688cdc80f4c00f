//! What every Smartsheet service does.

use std::collections::HashSet;

use connectors_core::{Campaign, CampaignId, ErrorKind, EventId, Result};
use connectors_smartsheet::{
    CellInput, ColumnType, CreateSheet, CreatedSheet, Destination, EventRow, NewColumn, SheetDataRequest, SheetId,
    SmartsheetService, Template, UpdateEventRow, UpsertEventRows, UpsertOutcome, UpsertReport, tracker,
};

use super::report::Report;
use super::run::{Checked, Failure, Run, connected, ensure, ensure_eq, given, refused};

/// The whole suite: creates trackers, writes rows in bulk and one by one, reads them back, does everything twice, and
/// asks for what cannot be.
///
/// Needs a destination where sheets may be made, a template with the columns of [`tracker`], and a link store that knows
/// nothing of the campaigns `conformance-*`. The sheets stay there.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use connectors_mock::{MockSmartsheet, conformance};
///
/// let mock = MockSmartsheet::new();
/// conformance::smartsheet(&mock, mock.folder_id().into(), mock.template_id()).await.assert();
/// # }
/// ```
pub async fn smartsheet(service: &dyn SmartsheetService, destination: Destination, template: SheetId) -> Report {
    let mut run = Run::new("smartsheet");
    reads(&mut run, service).await;
    let before = run.check("the summary counts workspaces", sheets(service)).await;
    let copied = run.check("a sheet is made from a template, and found the second time", async {
        copies(service, destination, template).await
    });
    let copied = copied.await;
    let built = run.check("another campaign gets a sheet of its own", async {
        let built = service.create_sheet(request("built", Template::event_tracker(), destination)?).await?;
        ensure!(built.is_new && copied.as_ref().is_none_or(|copied| built.id != copied.id), "it is new", of built);
        Ok(built)
    });
    let built = built.await;
    let both = copied.is_some() && built.is_some();
    let counted = async || {
        if !both {
            return Err(Failure::not_asked("not both sheets were made"));
        }
        ensure_eq!(sheets(service).await?, given(before.as_ref())? + 2, "two more sheets");
        Ok(())
    };
    run.check("the summary counts the new sheets", counted()).await;
    run.check("sheets that cannot be are refused, by what is wrong with them", bad_sheets(service, destination)).await;
    run.check("nothing was made of what was refused", counted()).await;
    for (how, sheet) in [("copied", copied), ("built", built)] {
        let sheet = || given(sheet.as_ref()).map(|sheet| sheet.id);
        run.check(&format!("{how} sheet: rows are added once, and only what differs is written"), async {
            brings_rows_up_to_date(service, sheet()?).await
        })
        .await;
        run.check(&format!("{how} sheet: what was written is read, in the order in which it was added"), async {
            reads_rows(service, sheet()?).await
        })
        .await;
        run.check(&format!("{how} sheet: a row of one event is changed and cleared"), async {
            updates_one_row(service, sheet()?).await
        })
        .await;
        run.check(&format!("{how} sheet: rows that cannot be are refused, by what is wrong with them"), async {
            bad_rows(service, sheet()?).await
        })
        .await;
        run.check(&format!("{how} sheet: one bad row does not stop the others"), async {
            bad_row_among_good(service, sheet()?).await
        })
        .await;
    }
    run.finish()
}

/// The part that changes nothing: who we are, what there is, what is not there, and the data of `sheet`, where one is
/// named. About ten requests.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use connectors_mock::{MockSmartsheet, conformance};
///
/// let mock = MockSmartsheet::new();
/// conformance::smartsheet_read_only(&mock, Some(mock.store_list_id())).await.assert();
/// mock.backend().journal().assert_not_called("rows.*");
/// # }
/// ```
pub async fn smartsheet_read_only(service: &dyn SmartsheetService, sheet: Option<SheetId>) -> Report {
    let mut run = Run::new("smartsheet, read only");
    reads(&mut run, service).await;
    run.check("the rows of a sheet have ids of their own, and cells of its columns", async {
        let sheet = sheet.ok_or_else(|| Failure::not_asked("no sheet was named to be read"))?;
        let data = service.sheet_data(SheetDataRequest::new(sheet)).await?;
        ensure!(data.id == sheet && !data.name.is_empty(), "it is the sheet that was asked for", of data.id);
        let ids: HashSet<_> = data.rows.iter().map(|row| row.id).collect();
        ensure_eq!(ids.len(), data.rows.len(), "each row has an id of its own");
        let columns: HashSet<_> = data.columns.iter().map(|column| column.id).collect();
        let within = |row: &connectors_smartsheet::Row| row.cells.iter().all(|cell| columns.contains(&cell.column_id));
        ensure!(data.rows.iter().all(within), "cells are of columns that there are", of columns);
        Ok(())
    })
    .await;
    run.finish()
}

async fn reads(run: &mut Run, service: &dyn SmartsheetService) {
    run.check("the connection test says that it is connected, and as whom", async {
        let report = service.test_connection().await?;
        connected(&report)?;
        ensure!(report.identity.is_some(), "it says as whom", of report);
        Ok(())
    })
    .await;
    run.check("the summary counts sheets and workspaces", async {
        let counts = service.summary().await?.counts;
        let names: Vec<_> = counts.iter().map(|(name, _)| *name).collect();
        ensure_eq!(names, ["sheets", "workspaces"], "what is counted");
        Ok(())
    })
    .await;
    run.check("the data of a sheet that does not exist is not found", async {
        let data = service.sheet_data(SheetDataRequest::new(SheetId::new(404))).await;
        refused(data, ErrorKind::NotFound, Some("sheet"), "no such sheet")
    })
    .await;
    run.check("what is no id of a sheet is refused", async {
        let data = service.sheet_data(SheetDataRequest::new(SheetId::new(-1))).await;
        refused(data, ErrorKind::InvalidRequest, Some("sheet"), "no id at all")
    })
    .await;
}

async fn sheets(service: &dyn SmartsheetService) -> Checked<u64> {
    let summary = service.summary().await?;
    let count = |name| summary.counts.iter().find(|(counted, _)| *counted == name).map(|(_, count)| *count);
    ensure!(count("workspaces").is_some_and(|count| count > 0), "there are workspaces", of summary);
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

async fn copies(service: &dyn SmartsheetService, to: Destination, template: SheetId) -> Checked<CreatedSheet> {
    let ask = || request("copied", Template::Sheet(template), to);
    let sheet = service.create_sheet(ask()?).await?;
    ensure!(sheet.is_new && sheet.id != template, "it is new", of sheet);
    ensure_eq!(sheet.name, "Conformance copied tracker", "it is named after the campaign");
    ensure!(!sheet.permalink.is_empty(), "it can be opened", of sheet);
    for title in [tracker::EVENT_ID, tracker::EXPECTED_FOOTFALL, tracker::SCANS] {
        ensure!(sheet.columns.get(title).is_some(), format!("it has the template's column {title}"), of sheet.columns);
    }
    let again = service.create_sheet(ask()?).await?;
    ensure!(!again.is_new, "the second time, it is found", of again);
    let same = (sheet.id, &sheet.name, &sheet.columns);
    ensure_eq!((again.id, &again.name, &again.columns), same, "the second time, it is the same");
    Ok(sheet)
}

async fn bad_sheets(service: &dyn SmartsheetService, destination: Destination) -> Checked {
    let no_key = Template::Columns(vec![NewColumn::new("Store", ColumnType::TextNumber).primary(true)]);
    let two_primaries = {
        let more = NewColumn::new("Another", ColumnType::TextNumber).primary(true);
        Template::Columns(tracker::columns().into_iter().chain([more]).collect())
    };
    let (invalid, missing) = (ErrorKind::InvalidRequest, ErrorKind::NotFound);
    for (request, kind, field, what) in [
        (request("no-key", no_key, destination)?, invalid, "template", "columns without one for event ids"),
        (request("primaries", two_primaries, destination)?, invalid, "columns", "two primary columns"),
        (request("no-name", Template::event_tracker(), destination)?.name("  "), invalid, "name", "a blank name"),
        (
            request("zero", Template::Sheet(SheetId::new(0)), destination)?,
            invalid,
            "template",
            "a template that is no id",
        ),
        (request("none", Template::Sheet(SheetId::new(404)), destination)?, missing, "template", "no such template"),
    ] {
        refused(service.create_sheet(request).await, kind, Some(field), what)?;
    }
    Ok(())
}

/// Twelve rows, one of them changed later, and a thirteenth.
fn rows() -> Result<Vec<EventRow>> {
    let mut rows = (1..=13).map(row).collect::<Result<Vec<_>>>()?;
    if let Some(row) = rows.get_mut(3) {
        *row = row.clone().set(tracker::SCANS, 41);
    }
    Ok(rows)
}

async fn brings_rows_up_to_date(service: &dyn SmartsheetService, sheet: SheetId) -> Checked {
    let rows_first = (1..=12).map(row).collect::<Result<Vec<_>>>()?;
    let write = |rows: &[EventRow]| service.upsert_event_rows(UpsertEventRows::new(sheet, rows.to_vec()).chunk_rows(5));
    let first = write(&rows_first).await?;
    ensure_eq!((first.created(), first.items.len(), first.is_complete()), (12, 12, true), "all are added");
    let keys: Vec<_> = first.items.iter().map(|item| &item.key).collect();
    ensure_eq!(keys, rows_first.iter().map(|row| &row.event).collect::<Vec<_>>(), "in the order of the call");
    let ids = |report: &UpsertReport| -> Vec<_> {
        report.items.iter().map(|item| item.outcome.row().map(|row| row.row_id)).collect()
    };

    let version = service.sheet_data(SheetDataRequest::new(sheet)).await?.version;
    let second = write(&rows_first).await?;
    ensure_eq!((second.unchanged(), ids(&second)), (12, ids(&first)), "the second time, nothing differs");
    let after = service.sheet_data(SheetDataRequest::new(sheet)).await?.version;
    ensure_eq!(after, version, "and nothing is written");

    let third = write(&rows()?).await?;
    let counts = (third.created(), third.updated(), third.unchanged());
    ensure_eq!(counts, (1, 1, 11), "the third time, what differs is written (created, updated, unchanged)");
    Ok(())
}

async fn reads_rows(service: &dyn SmartsheetService, sheet: SheetId) -> Checked {
    let rows = rows()?;
    let data = service.sheet_data(SheetDataRequest::new(sheet)).await?;
    ensure_eq!(data.rows.len(), rows.len(), "one row per event");
    let key = data.columns.require(tracker::EVENT_ID)?.id;
    for (held, wanted) in data.rows.iter().zip(&rows) {
        let id = held.cell(key).map(ToString::to_string);
        ensure_eq!(id.as_deref(), Some(wanted.event.as_str()), "rows come in the order in which they were added");
        let footfall = held.get(&data.columns, tracker::EXPECTED_FOOTFALL).and_then(|cell| cell.value.as_i64());
        ensure!(footfall.is_some_and(|n| n > 1_000), "a number is a number", of held);
        let starts = held.get(&data.columns, tracker::STARTS).and_then(|cell| cell.value.as_date());
        ensure_eq!(starts.map(|date| date.to_string()).as_deref(), Some("2026-06-05"), "a date is a date");
    }
    let changed = data.rows_where(tracker::EVENT_ID, "conformance-004").next();
    let scans = changed.and_then(|row| row.get(&data.columns, tracker::SCANS)).and_then(|cell| cell.value.as_i64());
    ensure_eq!(scans, Some(41), "what was changed is changed");
    Ok(())
}

async fn updates_one_row(service: &dyn SmartsheetService, sheet: SheetId) -> Checked {
    let seventh = || event(7).map(|event| UpdateEventRow::new(sheet, event));
    let update = || seventh().map(|update| update.set(tracker::PEAK_HOURS, "12-14, 17-19"));
    let first = service.update_event_row(update()?.set(tracker::SCANS, 0)).await?;
    ensure_eq!((first.changed, first.row_number), (1, 7), "only what differs is written (cells, row)");
    let second = service.update_event_row(update()?).await?;
    ensure_eq!((second.changed, second.row_id), (0, first.row_id), "the second time, nothing differs");
    let cleared = service.update_event_row(seventh()?.set(tracker::PEAK_HOURS, CellInput::clear())).await?;
    ensure_eq!(cleared.changed, 1, "a cell is cleared");
    let data = service.sheet_data(SheetDataRequest::new(sheet)).await?;
    let row = data.rows_where(tracker::EVENT_ID, "conformance-007").next();
    let cell = row.and_then(|row| row.get(&data.columns, tracker::PEAK_HOURS));
    ensure!(cell.is_none_or(|cell| cell.value.is_empty()), "what was cleared is empty", of cell);
    Ok(())
}

async fn bad_rows(service: &dyn SmartsheetService, sheet: SheetId) -> Checked {
    let update = |number| event(number).map(|event| UpdateEventRow::new(sheet, event).set(tracker::SCANS, 1));
    for (update, kind, field, what) in [
        (update(999)?, ErrorKind::NotFound, "eventId", "an event without a row"),
        (update(1)?.set("Weather", "sunny"), ErrorKind::InvalidRequest, "Weather", "a column that is not there"),
        (update(1)?.set(tracker::EVENT_ID, "other"), ErrorKind::InvalidRequest, tracker::EVENT_ID, "the id itself"),
        (update(1)?.key_column("Nr"), ErrorKind::InvalidRequest, "Nr", "no such key column"),
        (UpdateEventRow::new(SheetId::new(404), event(1)?), ErrorKind::NotFound, "sheet", "no such sheet"),
        (UpdateEventRow::new(SheetId::new(-1), event(1)?), ErrorKind::InvalidRequest, "sheet", "no id at all"),
    ] {
        refused(service.update_event_row(update).await, kind, Some(field), what)?;
    }
    let upsert = |rows| service.upsert_event_rows(UpsertEventRows::new(sheet, rows).chunk_rows(500));
    let twice = upsert(vec![row(1)?, row(2)?, row(1)?]).await;
    refused(twice, ErrorKind::InvalidRequest, Some("rows[2].Event ID"), "an event twice")?;
    let chunk = service.upsert_event_rows(UpsertEventRows::new(sheet, vec![row(1)?]).chunk_rows(501)).await;
    refused(chunk, ErrorKind::InvalidRequest, Some("chunkRows"), "too many rows in a request")?;
    let none = upsert(Vec::new()).await?;
    ensure!(none.items.is_empty(), "no rows are nothing to do", of none);
    Ok(())
}

async fn bad_row_among_good(service: &dyn SmartsheetService, sheet: SheetId) -> Checked {
    let partly = vec![row(1)?, row(500)?.set(tracker::STARTS, "some day"), row(501)?];
    let partly = service.upsert_event_rows(UpsertEventRows::new(sheet, partly).chunk_rows(500)).await?;
    let outcomes: Vec<_> = partly.items.iter().map(|item| &item.outcome).collect();
    let [UpsertOutcome::Unchanged(_), UpsertOutcome::Failed(error), UpsertOutcome::Created(_)] = outcomes.as_slice()
    else {
        return Err(Failure::broken("one is unchanged, one fails, one is created", &format!("{partly:?}")));
    };
    let named = error.field().is_some_and(|field| field.starts_with("rows[1]"));
    ensure!(named, "the bad row is counted as in the call", of error);
    Ok(())
}
