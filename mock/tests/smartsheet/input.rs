//! What cannot be is refused before anything is sent, and secrets are never shown.

use connectors_core::{Error, ErrorKind};
use connectors_mock::{Fault, MockSmartsheet};
use connectors_smartsheet::{
    CellInput, CellWrite, ColumnId, ColumnUpdate, CreateSheet, NewColumn, NewRow, NewSheet, RowId, RowLocation,
    RowUpdate, SheetId, SmartsheetClient, SmartsheetService, Template, UpdateEventRow, WorkspaceId, tracker,
};
use http::Method;

use crate::client;

#[tokio::test]
async fn bad_input_is_named_and_not_sent() {
    let mock = MockSmartsheet::new();
    let (smartsheet, sheet, workspace) = (mock.client(), mock.template_id(), mock.workspace_id());
    let (rows, sheets) = (smartsheet.rows(), smartsheet.sheets());
    let cell = |input: CellInput| CellWrite::value(ColumnId::new(1), input);
    let new = |input: CellInput| NewRow::new([cell(input)]);
    let columns = |titles: &[&str]| {
        let column = |title: &&str| {
            NewColumn::new(*title, connectors_smartsheet::ColumnType::TextNumber).primary(*title == titles[0])
        };
        NewSheet::with_columns("x", titles.iter().map(column))
    };
    let nowhere = CreateSheet::new(&crate::campaign("summer"), Template::Sheet(sheet), WorkspaceId::new(0));
    let mut twice = crate::row("e");
    twice.cells.push((tracker::SCANS.to_owned(), 8.into()));
    let table: Vec<(&str, Result<(), Error>)> = vec![
        ("sheetId", sheets.get(SheetId::new(0)).await.map(drop)),
        ("sheetId", sheets.get(SheetId::new(-5)).await.map(drop)),
        ("rowId", rows.get(sheet, RowId::new(0)).await.map(drop)),
        ("rows", rows.add(sheet, []).await.map(drop)),
        ("rows", rows.add(sheet, vec![NewRow::default(); 501]).await.map(drop)),
        ("rows", rows.delete(sheet, []).await.map(drop)),
        ("rows[0].cells[0].value", rows.add(sheet, [new(f64::NAN.into())]).await.map(drop)),
        ("rows[0].cells[0].value", rows.add(sheet, [new(1e16.into())]).await.map(drop)),
        (
            "rows[0].cells[0].value",
            rows.update(sheet, [RowUpdate::new(RowId::new(1), [cell("x".repeat(4001).into())])]).await.map(drop),
        ),
        ("rows[0].cells[0].formula", rows.add(sheet, [new(CellInput::formula("1+1"))]).await.map(drop)),
        (
            "rows[0].cells[0].columnId",
            rows.add(sheet, [NewRow::new([CellWrite::clear(ColumnId::new(-1))])]).await.map(drop),
        ),
        ("rows[0].id", rows.update(sheet, [RowUpdate::new(RowId::new(0), [])]).await.map(drop)),
        ("rows[1]", rows.delete(sheet, [RowId::new(1), RowId::new(-1)]).await.map(drop)),
        ("location", rows.add(sheet, [NewRow::default()]).location(RowLocation::Indent).await.map(drop)),
        ("location", rows.add(sheet, [NewRow::default()]).location(RowLocation::Below(RowId::new(0))).await.map(drop)),
        ("destination", mock.create_sheet(nowhere).await.map(drop)),
        (
            "rows[0].Scans",
            smartsheet.upsert_event_rows(crate::UpsertEventRows::new(sheet, vec![twice])).await.map(drop),
        ),
        ("columnId", smartsheet.columns().get(sheet, ColumnId::new(0)).await.map(drop)),
        ("update", smartsheet.columns().update(sheet, ColumnId::new(1), ColumnUpdate::new()).await.map(drop)),
        ("title", smartsheet.columns().update(sheet, ColumnId::new(1), ColumnUpdate::new().title(" ")).await.map(drop)),
        ("name", sheets.create_in_workspace(workspace, NewSheet::from_template("", sheet)).await.map(drop)),
        ("name", sheets.copy(sheet, workspace, " ").await.map(drop)),
        (
            "template",
            sheets.create_in_workspace(workspace, NewSheet::from_template("x", SheetId::new(0))).await.map(drop),
        ),
        ("workspaceId", sheets.create_in_workspace(WorkspaceId::new(0), columns(&["a"])).await.map(drop)),
        ("columns[1].title", sheets.create_in_workspace(workspace, columns(&["a", ""])).await.map(drop)),
        ("columns[2].title", sheets.create_in_workspace(workspace, columns(&["a", "b", "b"])).await.map(drop)),
        ("maxItems", smartsheet.workspaces().list().max_items(150).await.map(drop)),
        ("maxItems", smartsheet.folders().children(mock.folder_id()).max_items(1100).await.map(drop)),
        (
            "rows[0].Scans",
            smartsheet
                .upsert_event_rows(crate::UpsertEventRows::new(
                    sheet,
                    vec![crate::row("e").set(tracker::SCANS, f64::NAN)],
                ))
                .await
                .map(drop),
        ),
        (
            tracker::EVENT,
            smartsheet
                .update_event_row(UpdateEventRow::new(sheet, crate::event("e")).set(tracker::EVENT, "x".repeat(4001)))
                .await
                .map(drop),
        ),
        ("path", smartsheet.request(&Method::GET, "/sheets/../users").send_bytes().await.map(drop)),
    ];
    for (field, outcome) in table {
        let error = outcome.expect_err(field);
        assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some(field)), "{error}");
        assert_eq!(error.provider(), "smartsheet", "{error}");
    }
    assert!(mock.backend().journal().is_empty(), "nothing was sent");

    let sent = rows.add(sheet, [new(CellInput::formula("1+1"))]).skip_validation().await.unwrap_err();
    assert!(sent.status().is_some(), "left to Smartsheet: {sent}");
}

#[tokio::test]
async fn ids_of_events_cannot_lead_anywhere_else() {
    for id in ["", " ", "a/b", "..", "a\nb"] {
        assert_eq!(connectors_core::EventId::new(id).unwrap_err().field(), Some("eventId"), "{id:?}");
    }
}

#[tokio::test]
async fn secrets_are_never_shown() {
    const CANARY: &str = "canary-5f2d9c";
    let mock = MockSmartsheet::new();
    let builder = SmartsheetClient::builder().access_token(CANARY);
    let mut shown = vec![format!("{builder:?}")];
    let spy = client(mock.backend(), |builder| builder.access_token(CANARY));
    shown.push(format!("{spy:?} {:?} {:?}", spy.sheets().get(SheetId::new(1)), spy.rows().add(SheetId::new(1), [])));
    let refused = spy.users().me().await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Auth);
    mock.backend().script("users.me", [Fault::ResetBefore; 8]);
    let broken = spy.users().me().await.unwrap_err();
    shown.extend([format!("{refused} {refused:?} {refused:#}"), format!("{broken} {broken:?} {broken:#}")]);
    shown.push(format!("{:?}", spy.test_connection().await.unwrap()));
    shown.push(format!("{:?}", mock.backend().journal()));
    for text in shown {
        assert!(!text.contains(CANARY), "{text}");
    }
}
