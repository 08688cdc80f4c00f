//! One row per event.

use std::sync::{Arc, Mutex};

use connectors_core::{BulkOptions, ErrorKind, Progress};
use connectors_mock::MockSmartsheet;
use connectors_smartsheet::{
    CellInput, CellValue, Contact, EventRow, Hyperlink, ObjectValue, SheetDataRequest, SmartsheetService,
    UpdateEventRow, UpsertEventRows, UpsertOutcome, tracker,
};

use crate::{event, held, row, rows};

#[tokio::test]
async fn five_hundred_rows_go_into_a_request_and_indexes_are_the_callers() {
    let mock = MockSmartsheet::new();
    let sheet = mock.template_id();
    let mut request = rows(sheet, 1201);
    // Bad dates in the first and the last request.
    for place in [3, 1100] {
        request.rows[place] = request.rows[place].clone().set(tracker::STARTS, "soon");
    }
    let report = mock.upsert_event_rows(request).await.unwrap();
    assert_eq!(mock.backend().count("rows.add"), 3);
    assert_eq!((report.created(), held(&mock, sheet).len()), (1199, 1199));
    let failed: Vec<_> =
        report.failures().map(|(event, error)| (event.as_str(), error.field().unwrap().to_owned())).collect();
    assert_eq!(failed, [("e-3", "rows[3].Starts".to_owned()), ("e-1100", "rows[1100].Starts".to_owned())]);
}

#[tokio::test]
async fn only_changed_cells_are_sent() {
    let mock = MockSmartsheet::new();
    let sheet = mock.template_id();
    mock.upsert_event_rows(rows(sheet, 3)).await.unwrap();
    let mut request = rows(sheet, 3);
    request.rows[1] = row("e-1").set(tracker::SCANS, 8);
    mock.upsert_event_rows(request).await.unwrap();
    let sent: Vec<serde_json::Value> = mock.backend().journal().bodies("rows.update");
    let rows = sent[0].as_array().unwrap();
    assert_eq!(rows.len(), 1, "one row: {sent:?}");
    assert_eq!(rows[0]["cells"].as_array().map(Vec::len), Some(1), "one cell: {sent:?}");
}

#[tokio::test]
async fn progress_is_told_event_by_event() {
    let mock = MockSmartsheet::new();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&seen);
    let options = BulkOptions::default().on_progress(move |progress: Progress| sink.lock().unwrap().push(progress));
    let mut request = rows(mock.template_id(), 5).options(options);
    request.rows[2] = request.rows[2].clone().set(tracker::ENDS, "later");
    mock.upsert_event_rows(request).await.unwrap();
    let seen = seen.lock().unwrap();
    assert!(seen.iter().map(|p| p.done).eq(1..=5) && seen.iter().all(|p| p.total == 5));
    assert_eq!(seen.last().unwrap().failed, 1);
}

#[tokio::test]
async fn an_event_id_is_found_as_number_or_text_and_two_rows_of_it_are_an_error() {
    let mock = MockSmartsheet::new();
    let sheet = mock.template_id();
    mock.fake().add_row(sheet, &[(tracker::EVENT_ID, 1001.into())]);
    let update = |id: &str| UpdateEventRow::new(sheet, event(id)).set(tracker::SCANS, 5);
    assert_eq!(mock.update_event_row(update("1001")).await.unwrap().changed, 1);

    mock.fake().add_row(sheet, &[(tracker::EVENT_ID, " 1001 ".into())]);
    let error = mock.update_event_row(update("1001")).await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Ambiguous, Some(tracker::EVENT_ID)));
    assert!(error.message().contains("rows 1, 2"), "{error}");

    let bulk = UpsertEventRows::new(sheet, vec![row("1001"), row("1002")]);
    let report = mock.upsert_event_rows(bulk).await.unwrap();
    assert!(matches!(&report.items[0].outcome, UpsertOutcome::Failed(error) if error.kind() == ErrorKind::Ambiguous));
    assert!(matches!(report.items[1].outcome, UpsertOutcome::Created(_)));
}

#[tokio::test]
async fn renamed_columns_are_noticed_although_they_are_remembered() {
    let mock = MockSmartsheet::new();
    let sheet = mock.template_id();
    mock.upsert_event_rows(rows(sheet, 1)).await.unwrap();
    let columns = mock.backend().count("columns.list");
    let update = |title: &str, value: &str| UpdateEventRow::new(sheet, event("e-0")).set(title, value);
    mock.update_event_row(update(tracker::CITY, "Berlin")).await.unwrap();
    assert_eq!(mock.backend().count("columns.list"), columns, "remembered");

    // City becomes Town, and Venue takes its old title.
    mock.fake().rename_column(sheet, tracker::CITY, "Town");
    mock.fake().rename_column(sheet, tracker::VENUE, tracker::CITY);
    mock.update_event_row(update(tracker::CITY, "Hamburg")).await.unwrap();
    let held = &mock.fake().rows(sheet)[0];
    assert_eq!((held.cell("Town"), held.cell(tracker::CITY)), (Some("Berlin"), Some("Hamburg")));
    let gone = mock.update_event_row(update(tracker::VENUE, "x")).await.unwrap_err();
    assert_eq!(gone.field(), Some(tracker::VENUE));
}

#[tokio::test]
async fn callers_at_the_same_time_never_make_two_rows_of_one_event() {
    let mock = MockSmartsheet::new();
    let sheet = mock.template_id();
    mock.backend().latency(std::time::Duration::from_millis(200));
    let calls = (0..8).map(|_| mock.upsert_event_rows(rows(sheet, 20)));
    let reports = futures_util::future::try_join_all(calls).await.unwrap();
    assert_eq!(reports.iter().map(connectors_smartsheet::UpsertReport::created).sum::<usize>(), 20);
    assert_eq!(held(&mock, sheet).len(), 20);
}

#[tokio::test]
async fn rich_cells_are_written_read_back_and_left_alone_when_they_are_right() {
    let mock = MockSmartsheet::new();
    let sheet = mock.fake().store_list_id();
    let contact = ObjectValue::Contact(Contact::email("nora@example.com").name("Nora N."));
    let teams = ObjectValue::MultiPicklist(vec!["Crew C".to_owned()]);
    let update = || {
        UpdateEventRow::new(sheet, event("Alexa"))
            .key_column("Store")
            .set("Manager", contact.clone())
            .set("Teams", teams.clone())
            .set("Power on site", false)
            .set("Area (m²)", 56_200.125)
            .set("City", CellInput::clear())
            .set("Opened", chrono::NaiveDate::from_ymd_opt(2026, 3, 1).unwrap())
    };
    assert_eq!(mock.update_event_row(update()).await.unwrap().changed, 6);
    assert_eq!(mock.update_event_row(update()).await.unwrap().changed, 0);

    let data = mock.sheet_data(SheetDataRequest::new(sheet)).await.unwrap();
    let alexa = data.rows_where("Store", "Alexa").next().unwrap();
    let cell = |title| alexa.get(&data.columns, title).unwrap();
    assert_eq!(cell("Manager").object_value(), Some(&contact));
    assert_eq!(cell("Manager").display_value(), Some("Nora N."));
    assert_eq!(cell("Teams").object_value(), Some(&teams));
    assert_eq!(cell("Power on site").value, CellValue::Bool(false));
    assert_eq!(cell("Area (m²)").value.as_number().unwrap().as_str(), "56200.125");
    assert!(cell("City").value.is_empty());
    assert_eq!(cell("Opened").value.as_date(), chrono::NaiveDate::from_ymd_opt(2026, 3, 1));
    assert!(
        mock.update_event_row(update().set("Added", "x")).await.unwrap_err().message().contains("Smartsheet itself")
    );
}

#[tokio::test]
async fn links_and_formulas_are_cells_too() {
    let mock = MockSmartsheet::new();
    let sheet = mock.template_id();
    let page = CellInput::hyperlink("qr.test/a1", Hyperlink::url("https://qr.test/a1"));
    let row = || {
        let row = EventRow::new(event("e-1")).set(tracker::QR_LINK, page.clone());
        vec![row.set(tracker::SCANS, CellInput::formula("=COUNT([Peak hours]:[Peak hours])"))]
    };
    let report = mock.upsert_event_rows(UpsertEventRows::new(sheet, row())).await.unwrap();
    assert_eq!(report.created(), 1, "{report:?}");
    assert_eq!(mock.upsert_event_rows(UpsertEventRows::new(sheet, row())).await.unwrap().unchanged(), 1);
    let sheet = mock.client().sheets().get(sheet).rich_values().await.unwrap();
    let cells = &sheet.rows[0].cells;
    assert!(cells.iter().any(|cell| cell.hyperlink() == Some(&Hyperlink::url("https://qr.test/a1"))));
    assert!(cells.iter().any(|cell| cell.formula().is_some_and(|formula| formula.starts_with("=COUNT"))));
}

#[tokio::test]
async fn a_sheet_that_is_not_there_is_not_asked_for_again_at_once() {
    let mock = MockSmartsheet::new();
    let gone = connectors_smartsheet::SheetId::from(7);
    let update = || mock.update_event_row(UpdateEventRow::new(gone, event("e-1")).set(tracker::SCANS, 8));
    for _ in 0..3 {
        assert_eq!(update().await.unwrap_err().kind(), ErrorKind::NotFound);
    }
    assert_eq!(mock.backend().count("columns.list"), 1);
    mock.backend().advance(std::time::Duration::from_secs(5));
    update().await.unwrap_err();
    assert_eq!(mock.backend().count("columns.list"), 2, "it may have been shared meanwhile");
}
