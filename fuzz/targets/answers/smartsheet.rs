use std::sync::Arc;

use connectors_core::{Campaign, CampaignId, EventId, Result};
use connectors_fuzz::first;
use connectors_smartsheet::{
    CellWrite, ColumnId, ColumnUpdate, CreateSheet, EventRow, FolderId, NewRow, NewSheet, RowId, RowUpdate,
    SheetDataRequest, SheetId, SmartsheetClient, SmartsheetService, Template, UpdateEventRow, UpsertEventRows,
    WorkspaceId, tracker,
};
use http::Method;

use crate::wire::Wire;
use crate::{KEY, on_wire, operations};

const SHEET: SheetId = SheetId::new(4_583_173_393_803_140);
const COLUMN: ColumnId = ColumnId::new(7_960_873_114_331_012);
const ROW: RowId = RowId::new(2_331_373_580_117_892);
const FOLDER: FolderId = FolderId::new(7_116_448_184_199_044);
const WORKSPACE: WorkspaceId = WorkspaceId::new(3_457_273_486_960_516);

fn client(wire: &Arc<Wire>) -> Result<SmartsheetClient> {
    on_wire!(wire, SmartsheetClient::builder().access_token(KEY)).build()
}

fn event() -> EventId {
    EventId::new("e-1").expect("an id")
}

fn new_sheet() -> NewSheet {
    NewSheet::with_columns("Summer Tour", tracker::columns())
}

fn create(template: Template) -> CreateSheet {
    let id = CampaignId::new("summer-26").expect("an id");
    CreateSheet::new(&Campaign::new(id, "Summer Tour", "Fizz", "DACH", Vec::new()), template, WORKSPACE)
}

fn upsert() -> UpsertEventRows {
    let other = EventId::new("e-2").expect("an id");
    let row = |event| EventRow::new(event).set(tracker::VENUE, "Alexanderplatz").set(tracker::SCANS, 7);
    UpsertEventRows::new(SHEET, vec![row(event()), row(other)])
}

operations!(operations(client = client) {
    Call "smartsheet sheets.get": client.sheets().get(SHEET).rich_values();
    Call "smartsheet sheets.get if changed": client.sheets().get(SHEET).if_version_after(3);
    Call "smartsheet sheets.list": client.sheets().list();
    Work "smartsheet sheets.list pager": first(client.sheets().list().pager());
    Create "smartsheet sheets.create in a folder": client.sheets().create_in_folder(FOLDER, new_sheet());
    Create "smartsheet sheets.create in a workspace": client.sheets().create_in_workspace(WORKSPACE, new_sheet());
    Create "smartsheet sheets.copy": client.sheets().copy(SHEET, FOLDER, "Copy");
    Call "smartsheet sheets.version": client.sheets().version(SHEET);
    Call "smartsheet sheets.delete": client.sheets().delete(SHEET);
    Create "smartsheet rows.add": client.rows().add(SHEET, [NewRow::new([CellWrite::value(COLUMN, "x")])]);
    Call "smartsheet rows.update": client.rows().update(SHEET, [RowUpdate::new(ROW, [CellWrite::value(COLUMN, 1)])]);
    Call "smartsheet rows.delete": client.rows().delete(SHEET, [ROW]);
    Call "smartsheet rows.get": client.rows().get(SHEET, ROW).rich_values();
    Call "smartsheet columns.list": client.columns().list(SHEET);
    Call "smartsheet columns.get": client.columns().get(SHEET, COLUMN);
    Call "smartsheet columns.update": client.columns().update(SHEET, COLUMN, ColumnUpdate::new().title("Store"));
    Work "smartsheet folders.children": first(client.folders().children(FOLDER).pager());
    Call "smartsheet folders.metadata": client.folders().metadata(FOLDER);
    Call "smartsheet workspaces.list": client.workspaces().list();
    Work "smartsheet workspaces.list pager": first(client.workspaces().list().pager());
    Call "smartsheet workspaces.children": client.workspaces().children(WORKSPACE);
    Call "smartsheet workspaces.metadata": client.workspaces().metadata(WORKSPACE);
    Call "smartsheet users.me": client.users().me();
    Call "smartsheet request": client.request(&Method::GET, "/reports").send_bytes();
    Create "smartsheet request POST": client.request(&Method::POST, "/webhooks").send_bytes();
    Work "smartsheet create_sheet": client.create_sheet(create(Template::event_tracker()));
    Work "smartsheet create_sheet from a template": client.create_sheet(create(Template::Sheet(SHEET)));
    Work "smartsheet update_event_row": client.update_event_row(UpdateEventRow::new(SHEET, event()).set(tracker::SCANS, 9));
    Work "smartsheet upsert_event_rows": client.upsert_event_rows(upsert());
    Call "smartsheet sheet_data": client.sheet_data(SheetDataRequest::new(SHEET));
    Work "smartsheet test_connection": client.test_connection();
    Work "smartsheet summary": client.summary();
});
