use std::sync::Arc;

use chrono::DateTime;
use connectors_core::{MemoryTokenStore, Result};
use connectors_fuzz::first;
use connectors_smartsheet::{
    AccessLevel, AuthorizationCode, AutomationRuleUpdate, ColumnType, ColumnUpdate, CopyInclude, CrossSheetReferenceId,
    ExportFormat, FavoriteInclude, FilterId, GroupUpdate, ImageRef, NewColumn, NewCrossSheetReference, NewGroup,
    NewLink, NewReport, NewReportColumn, NewShare, NewSummaryField, NewUpdateRequest, NewUser, OAuthApp, PaperSize,
    ReportColumnUpdate, ReportPublishUpdate, RowLocation, RowStream, SeatType, SentUpdateRequestId, SheetDataRequest,
    SheetEmail, SheetPublishUpdate, SheetUpdate, SightPublishUpdate, SmartsheetClient, SmartsheetService,
    SortCriterion, SummaryFieldUpdate, Template, UpdateEventRow, UpdateRequestUpdate, UserId, UserRemoval, UserUpdate,
    WebhookUpdate, tracker,
};
use http::Method;

use crate::given::{
    ASKED, COLUMN, COMMENT, EMAIL, FIELD, FILE, FOLDER, GROUP, HOOK, OTHER_SHEET, PLAN, PROOF, REPORT, ROW, RULE,
    Record, SHEET, SIGHT, TALK, USER, VIRTUAL, WORKSPACE, create, csv, daily, definition, email, event, new_row,
    new_sheet, old_token, png, record, row_email, row_update, talk, text, text_id, upsert, webhook,
};
use crate::wire::Wire;
use crate::{KEY, Operation, on_wire, operations};

/// All of them.
///
/// # Panics
///
/// When an operation that the client has is not among them.
pub(crate) fn operations() -> Vec<Operation> {
    let all: Vec<_> =
        [sheets(), containers(), given_up(), content(), people(), tracking(), oauth()].into_iter().flatten().collect();
    for line in include_str!("../../../mock/src/smartsheet/operations.csv").lines().skip(1) {
        let name = line.split(',').next().unwrap_or_default();
        let listed = all.iter().any(|operation| operation.name.strip_prefix("smartsheet ") == Some(name));
        assert!(name.is_empty() || listed, "{name} is not attacked");
    }
    all
}

fn client(wire: &Arc<Wire>) -> Result<SmartsheetClient> {
    on_wire!(wire, SmartsheetClient::builder().access_token(KEY)).build()
}

fn app(wire: &Arc<Wire>) -> Result<(OAuthApp, Arc<Wire>)> {
    Ok((on_wire!(wire, OAuthApp::builder("app", KEY)).build()?, Arc::clone(wire)))
}

async fn by_refreshed_token((app, wire): &(OAuthApp, Arc<Wire>)) -> Result<()> {
    let store = Arc::new(MemoryTokenStore::holding(old_token()));
    let client = on_wire!(wire, SmartsheetClient::builder().oauth(app.clone(), store)).build()?;
    client.sheets().list().await.map(drop)
}

async fn find(client: &SmartsheetClient) -> Result<()> {
    let mut finder = client.table(SHEET).finder();
    finder.find("e-1").await?;
    finder.refresh().await.map(drop)
}

async fn rows(mut stream: RowStream) -> Result<()> {
    while let Some(row) = stream.next().await {
        row?;
    }
    Ok(())
}

async fn all_rows(client: &SmartsheetClient) -> Result<()> {
    rows(client.sheets().get(SHEET).stream_rows().await?).await
}

async fn rows_if_changed(client: &SmartsheetClient) -> Result<()> {
    match client.sheets().get(SHEET).if_version_after(3).stream_rows().await? {
        Some(stream) => rows(stream).await,
        None => Ok(()),
    }
}

operations!(sheets(client = client) {
    Call "smartsheet sheets.get": client.sheets().get(SHEET).rich_values();
    Call "smartsheet sheets.get if changed": client.sheets().get(SHEET).if_version_after(3);
    Call "smartsheet sheets.get rows": all_rows(&client);
    Call "smartsheet sheets.get rows if changed": rows_if_changed(&client);
    Call "smartsheet sheets.get as CSV": client.sheets().export(SHEET, ExportFormat::Csv).bytes();
    Call "smartsheet sheets.get as PDF": client.sheets().export(SHEET, ExportFormat::Pdf(PaperSize::A4)).write_to(&mut Vec::new());
    Call "smartsheet sheets.list": client.sheets().list();
    Work "smartsheet sheets.list pager": first(client.sheets().list().pager());
    Create "smartsheet sheets.create_in_folder": client.sheets().create_in_folder(FOLDER, new_sheet());
    Create "smartsheet sheets.create_in_workspace": client.sheets().create_in_workspace(WORKSPACE, new_sheet());
    Create "smartsheet sheets.copy": client.sheets().copy(SHEET, FOLDER, "Copy");
    Create "smartsheet sheets.import_into_folder": client.sheets().import_into_folder(FOLDER, "A", csv());
    Create "smartsheet sheets.import_into_workspace": client.sheets().import_into_workspace(WORKSPACE, "B", csv());
    Call "smartsheet sheets.version": client.sheets().version(SHEET);
    Call "smartsheet sheets.update": client.sheets().update(SHEET, SheetUpdate::new().name("Zwei"));
    Call "smartsheet sheets.move_to": client.sheets().move_to(SHEET, FOLDER);
    Call "smartsheet sheets.path": client.sheets().path(SHEET);
    Call "smartsheet sheets.sort": client.sheets().sort(SHEET, [SortCriterion::descending(COLUMN)]);
    Create "smartsheet sheets.send": client.sheets().send(SHEET, SheetEmail::excel(email()));
    Call "smartsheet sheets.publish": client.sheets().publish(SHEET, SheetPublishUpdate::new().ical_enabled(true));
    Call "smartsheet sheets.publish_status": client.sheets().publish_status(SHEET);
    Call "smartsheet sheets.classify": client.sheets().classify(SHEET, &text_id());
    Call "smartsheet sheets.declassify": client.sheets().declassify(SHEET);
    Call "smartsheet sheets.delete": client.sheets().delete(SHEET);
    Create "smartsheet rows.add": client.rows().add(SHEET, [new_row()]);
    Call "smartsheet rows.update": client.rows().update(SHEET, [row_update()]);
    Call "smartsheet rows.update to the bottom": client.rows().update(SHEET, [row_update()]).location(RowLocation::Bottom);
    Create "smartsheet rows.update indented": client.rows().update(SHEET, [row_update()]).location(RowLocation::Indent);
    Call "smartsheet rows.delete": client.rows().delete(SHEET, [ROW]);
    Call "smartsheet rows.get": client.rows().get(SHEET, ROW).rich_values();
    Create "smartsheet rows.copy_to": client.rows().copy_to(SHEET, [ROW], OTHER_SHEET);
    Create "smartsheet rows.move_to": client.rows().move_to(SHEET, [ROW], OTHER_SHEET);
    Create "smartsheet rows.send": client.rows().send(SHEET, &row_email());
    Work "smartsheet rows.add all": client.rows().add_all(SHEET, [new_row(), new_row()]).chunk_rows(1);
    Work "smartsheet rows.update all": client.rows().update_all(SHEET, [row_update()]);
    Work "smartsheet rows.delete all": client.rows().delete_all(SHEET, [ROW]);
    Call "smartsheet cells.history": client.cells().history(SHEET, ROW, COLUMN).rich_values();
    Work "smartsheet cells.history pager": first(client.cells().history(SHEET, ROW, COLUMN).rich_values().pager());
    Create "smartsheet cells.add_image": client.cells().add_image(SHEET, ROW, COLUMN, png()).alt_text("Fizz");
    Call "smartsheet columns.list": client.columns().list(SHEET);
    Call "smartsheet columns.get": client.columns().get(SHEET, COLUMN);
    Create "smartsheet columns.add": client.columns().add(SHEET, 1, [NewColumn::new("Status", ColumnType::Picklist).options(["open", "closed"])]);
    Call "smartsheet columns.update": client.columns().update(SHEET, COLUMN, ColumnUpdate::new().title("Store"));
    Call "smartsheet columns.delete": client.columns().delete(SHEET, COLUMN);
    Create "smartsheet request POST": client.request(&Method::POST, "/webhooks").send_bytes();
    Call "smartsheet request GET": client.request(&Method::GET, "/reports").send_bytes();
    Work "smartsheet table read": client.table(SHEET).read::<Record>();
    Work "smartsheet table add": client.table(SHEET).add(&[record()]);
    Work "smartsheet table upsert": client.table(SHEET).upsert(&[record()]);
    Work "smartsheet table find": find(&client);
    Work "smartsheet create_sheet": client.create_sheet(create(Template::event_tracker()));
    Work "smartsheet create_sheet from a template": client.create_sheet(create(Template::Sheet(SHEET)));
    Work "smartsheet update_event_row": client.update_event_row(UpdateEventRow::new(SHEET, event()).set(tracker::SCANS, 9));
    Work "smartsheet upsert_event_rows": client.upsert_event_rows(upsert());
    Call "smartsheet sheet_data": client.sheet_data(SheetDataRequest::new(SHEET));
    Work "smartsheet test_connection": client.test_connection();
    Work "smartsheet summary": client.summary();
});

operations!(containers(client = client) {
    Create "smartsheet workspaces.create": client.workspaces().create("Fairs");
    Call "smartsheet workspaces.update": client.workspaces().update(WORKSPACE, "Trade fairs");
    Call "smartsheet workspaces.list": client.workspaces().list();
    Work "smartsheet workspaces.list pager": first(client.workspaces().list().pager());
    Call "smartsheet workspaces.metadata": client.workspaces().metadata(WORKSPACE);
    Call "smartsheet workspaces.children": client.workspaces().children(WORKSPACE);
    Work "smartsheet workspaces.children pager": first(client.workspaces().children(WORKSPACE).pager());
    Create "smartsheet workspaces.copy": client.workspaces().copy(WORKSPACE, "Again").include([CopyInclude::All]);
    Call "smartsheet workspaces.delete": client.workspaces().delete(WORKSPACE);
    Create "smartsheet folders.create_in_workspace": client.folders().create_in_workspace(WORKSPACE, "Spring");
    Create "smartsheet folders.create_in_folder": client.folders().create_in_folder(FOLDER, "Hall 1");
    Call "smartsheet folders.update": client.folders().update(FOLDER, "Hall 2");
    Create "smartsheet folders.copy": client.folders().copy(FOLDER, WORKSPACE, "Autumn");
    Call "smartsheet folders.move_to": client.folders().move_to(FOLDER, WORKSPACE);
    Call "smartsheet folders.path": client.folders().path(FOLDER);
    Call "smartsheet folders.metadata": client.folders().metadata(FOLDER);
    Call "smartsheet folders.children": client.folders().children(FOLDER);
    Work "smartsheet folders.children pager": first(client.folders().children(FOLDER).pager());
    Call "smartsheet folders.delete": client.folders().delete(FOLDER);
    Call "smartsheet favorites.add": client.favorites().add([FOLDER]);
    Call "smartsheet favorites.list": client.favorites().list();
    Work "smartsheet favorites.list pager": first(client.favorites().list().pager());
    Call "smartsheet favorites.get": client.favorites().get(FOLDER).include([FavoriteInclude::DirectId]);
    Call "smartsheet favorites.remove": client.favorites().remove(FOLDER);
    Call "smartsheet favorites.remove_many": client.favorites().remove_many([SHEET]);
    Call "smartsheet search.everywhere": client.search().everywhere("berlin");
    Call "smartsheet search.in_sheet": client.search().in_sheet(SHEET, "berlin");
    Call "smartsheet server_info": client.server_info();
    Create "smartsheet webhooks.create": client.webhooks().create(webhook());
    Call "smartsheet webhooks.list": client.webhooks().list();
    Work "smartsheet webhooks.list pager": first(client.webhooks().list().pager());
    Call "smartsheet webhooks.get": client.webhooks().get(HOOK);
    Call "smartsheet webhooks.update": client.webhooks().update(HOOK, WebhookUpdate::new().name("All stores"));
    Create "smartsheet webhooks.reset_shared_secret": client.webhooks().reset_shared_secret(HOOK);
    Call "smartsheet webhooks.delete": client.webhooks().delete(HOOK);
    Work "smartsheet webhooks ensure": client.webhooks().ensure(webhook());
});

operations!(#[expect(deprecated, reason = "they still answer")]
    given_up(client = client) {
    Create "smartsheet home.create_folder": client.home().create_folder("Drafts");
    Call "smartsheet home.folders": client.home().folders();
    Work "smartsheet home.folders pager": first(client.home().folders().pager());
    Call "smartsheet home.get": client.home().get();
    Create "smartsheet sheets.create_at_home": client.sheets().create_at_home(new_sheet());
    Create "smartsheet sheets.import_at_home": client.sheets().import_at_home("C", csv());
    Call "smartsheet users.sheets": client.users().sheets();
    Work "smartsheet users.sheets pager": first(client.users().sheets().pager());
});

operations!(content(client = client) {
    Create "smartsheet attachments.attach_to_sheet": client.attachments().attach_to_sheet(SHEET, NewLink::new("Landing page", "https://fizz.example"));
    Create "smartsheet attachments.attach_to_row": client.attachments().attach_to_row(SHEET, ROW, text());
    Create "smartsheet attachments.attach_to_comment": client.attachments().attach_to_comment(SHEET, COMMENT, text());
    Create "smartsheet attachments.add_version": client.attachments().add_version(SHEET, FILE, text());
    Call "smartsheet attachments.versions": client.attachments().versions(SHEET, FILE);
    Work "smartsheet attachments.versions pager": first(client.attachments().versions(SHEET, FILE).pager());
    Call "smartsheet attachments.get": client.attachments().get(SHEET, FILE);
    Work "smartsheet attachments.get and download": client.attachments().download(SHEET, FILE).bytes();
    Work "smartsheet attachments.get and write": client.attachments().download(SHEET, FILE).write_to(&mut Vec::new());
    Call "smartsheet attachments.list": client.attachments().list(SHEET);
    Work "smartsheet attachments.list pager": first(client.attachments().list(SHEET).pager());
    Call "smartsheet attachments.of_row": client.attachments().of_row(SHEET, ROW);
    Work "smartsheet attachments.of_row pager": first(client.attachments().of_row(SHEET, ROW).pager());
    Call "smartsheet attachments.of_discussion": client.attachments().of_discussion(SHEET, TALK);
    Work "smartsheet attachments.of_discussion pager": first(client.attachments().of_discussion(SHEET, TALK).pager());
    Call "smartsheet attachments.delete": client.attachments().delete(SHEET, FILE);
    Call "smartsheet attachments.delete_versions": client.attachments().delete_versions(SHEET, FILE);
    Create "smartsheet discussions.create_on_sheet": client.discussions().create_on_sheet(SHEET, talk());
    Create "smartsheet discussions.create_on_row": client.discussions().create_on_row(SHEET, ROW, talk());
    Call "smartsheet discussions.list": client.discussions().list(SHEET);
    Work "smartsheet discussions.list pager": first(client.discussions().list(SHEET).pager());
    Call "smartsheet discussions.of_row": client.discussions().of_row(SHEET, ROW);
    Work "smartsheet discussions.of_row pager": first(client.discussions().of_row(SHEET, ROW).pager());
    Call "smartsheet discussions.get": client.discussions().get(SHEET, TALK);
    Call "smartsheet discussions.delete": client.discussions().delete(SHEET, TALK);
    Create "smartsheet comments.add": client.comments().add(SHEET, TALK, "Anna");
    Call "smartsheet comments.update": client.comments().update(SHEET, COMMENT, "Ben");
    Call "smartsheet comments.get": client.comments().get(SHEET, COMMENT);
    Call "smartsheet comments.delete": client.comments().delete(SHEET, COMMENT);
    Create "smartsheet proofs.create": client.proofs().create(SHEET, ROW, text());
    Create "smartsheet proofs.add_version": client.proofs().add_version(SHEET, PROOF, text());
    Call "smartsheet proofs.list": client.proofs().list(SHEET);
    Work "smartsheet proofs.list pager": first(client.proofs().list(SHEET).pager());
    Call "smartsheet proofs.versions": client.proofs().versions(SHEET, PROOF);
    Work "smartsheet proofs.versions pager": first(client.proofs().versions(SHEET, PROOF).pager());
    Call "smartsheet proofs.get": client.proofs().get(SHEET, PROOF);
    Call "smartsheet proofs.update": client.proofs().update(SHEET, PROOF, true);
    Create "smartsheet proofs.attach": client.proofs().attach(SHEET, PROOF, png());
    Call "smartsheet proofs.attachments": client.proofs().attachments(SHEET, PROOF);
    Work "smartsheet proofs.attachments pager": first(client.proofs().attachments(SHEET, PROOF).pager());
    Create "smartsheet proofs.create_discussion": client.proofs().create_discussion(SHEET, PROOF, talk());
    Call "smartsheet proofs.discussions": client.proofs().discussions(SHEET, PROOF);
    Work "smartsheet proofs.discussions pager": first(client.proofs().discussions(SHEET, PROOF).pager());
    Create "smartsheet proofs.create_request": client.proofs().create_request(SHEET, PROOF, email());
    Call "smartsheet proofs.request_actions": client.proofs().request_actions(SHEET, PROOF);
    Work "smartsheet proofs.request_actions pager": first(client.proofs().request_actions(SHEET, PROOF).pager());
    Call "smartsheet proofs.delete_requests": client.proofs().delete_requests(SHEET, PROOF);
    Call "smartsheet proofs.delete_versions": client.proofs().delete_versions(SHEET, PROOF);
    Call "smartsheet proofs.delete": client.proofs().delete(SHEET, PROOF);
    Create "smartsheet summaries.add_fields": client.summaries().add_fields(SHEET, [NewSummaryField::new("Budget", ColumnType::TextNumber).value(12_500)]);
    Call "smartsheet summaries.update_fields": client.summaries().update_fields(SHEET, [SummaryFieldUpdate::new(FIELD).title("Money")]);
    Create "smartsheet summaries.add_image": client.summaries().add_image(SHEET, FIELD, png()).alt_text("Fizz");
    Call "smartsheet summaries.get": client.summaries().get(SHEET);
    Call "smartsheet summaries.fields": client.summaries().fields(SHEET);
    Work "smartsheet summaries.fields pager": first(client.summaries().fields(SHEET).pager());
    Call "smartsheet summaries.delete_fields": client.summaries().delete_fields(SHEET, [FIELD]);
    Call "smartsheet images.urls": client.images().urls([ImageRef::new(text_id())]);
    Work "smartsheet images.urls and download": client.images().download(ImageRef::new(text_id())).bytes();
});

operations!(people(client = client) {
    Call "smartsheet users.me": client.users().me().groups();
    Create "smartsheet users.add": client.users().add(NewUser::new("kim.lee@example.com"));
    Call "smartsheet users.list": client.users().list().last_logins();
    Work "smartsheet users.list pager": first(client.users().list().last_logins().pager());
    Call "smartsheet users.update": client.users().update(USER, UserUpdate::new().name("Kim", "Lee"));
    Call "smartsheet users.get": client.users().get(USER);
    Call "smartsheet users.set_profile_image": client.users().set_profile_image(USER, "a picture");
    Call "smartsheet users.deactivate": client.users().deactivate(USER);
    Call "smartsheet users.reactivate": client.users().reactivate(USER);
    Call "smartsheet users.alternate_emails": client.users().alternate_emails(USER);
    Work "smartsheet users.alternate_emails pager": first(client.users().alternate_emails(USER).pager());
    Create "smartsheet users.add_alternate_emails": client.users().add_alternate_emails(USER, ["k@example.com"]);
    Call "smartsheet users.alternate_email": client.users().alternate_email(USER, EMAIL);
    Call "smartsheet users.delete_alternate_email": client.users().delete_alternate_email(USER, EMAIL);
    Create "smartsheet users.make_alternate_email_primary": client.users().make_alternate_email_primary(USER, EMAIL);
    Call "smartsheet users.plans": client.users().plans(USER).plan_names();
    Work "smartsheet users.plans pager": first(client.users().plans(USER).plan_names().pager());
    Call "smartsheet users.upgrade": client.users().upgrade(USER, PLAN, SeatType::Member);
    Call "smartsheet users.downgrade": client.users().downgrade(USER, PLAN, SeatType::Guest);
    Call "smartsheet users.remove_from_plan": client.users().remove_from_plan(USER, PLAN);
    Call "smartsheet users.remove": client.users().remove(USER, UserRemoval::new().transfer_to(UserId::new(7)));
    Create "smartsheet groups.create": client.groups().create(NewGroup::new("Crew Berlin"));
    Create "smartsheet groups.add_members": client.groups().add_members(GROUP, ["kim.lee@example.com"]);
    Call "smartsheet groups.get": client.groups().get(GROUP);
    Call "smartsheet groups.list": client.groups().list();
    Work "smartsheet groups.list pager": first(client.groups().list().pager());
    Call "smartsheet groups.update": client.groups().update(GROUP, GroupUpdate::new().description("on site"));
    Call "smartsheet groups.remove_member": client.groups().remove_member(GROUP, USER);
    Call "smartsheet groups.delete": client.groups().delete(GROUP);
    Call "smartsheet contacts.list": client.contacts().list();
    Work "smartsheet contacts.list pager": first(client.contacts().list().pager());
    Call "smartsheet contacts.get": client.contacts().get(&text_id());
    Create "smartsheet shares.add": client.shares().add(SHEET, [NewShare::user("rosa@venue.example", AccessLevel::Viewer)]).send_email();
    Call "smartsheet shares.list": client.shares().list(SHEET);
    Work "smartsheet shares.list pager": first(client.shares().list(SHEET).pager());
    Call "smartsheet shares.update": client.shares().update(SHEET, &text_id(), AccessLevel::Editor);
    Call "smartsheet shares.get": client.shares().get(SHEET, &text_id());
    Call "smartsheet shares.delete": client.shares().delete(SHEET, &text_id());
    Call "smartsheet events.list": client.events().list(DateTime::UNIX_EPOCH);
    Work "smartsheet events.list pager": first(client.events().list(DateTime::UNIX_EPOCH).pager());
    Call "smartsheet governance.data_classification": client.governance().data_classification(PLAN);
    Call "smartsheet tokens.revoke": client.tokens().revoke().all_of_app();
});

operations!(tracking(client = client) {
    Call "smartsheet automation_rules.list": client.automation_rules().list(SHEET);
    Work "smartsheet automation_rules.list pager": first(client.automation_rules().list(SHEET).pager());
    Call "smartsheet automation_rules.get": client.automation_rules().get(SHEET, RULE);
    Call "smartsheet automation_rules.update": client.automation_rules().update(SHEET, RULE, AutomationRuleUpdate::new().enabled(false));
    Call "smartsheet automation_rules.delete": client.automation_rules().delete(SHEET, RULE);
    Create "smartsheet cross_sheet_references.create": client.cross_sheet_references().create(SHEET, NewCrossSheetReference::columns("Names", OTHER_SHEET, COLUMN, COLUMN));
    Call "smartsheet cross_sheet_references.list": client.cross_sheet_references().list(SHEET);
    Work "smartsheet cross_sheet_references.list pager": first(client.cross_sheet_references().list(SHEET).pager());
    Call "smartsheet cross_sheet_references.get": client.cross_sheet_references().get(SHEET, CrossSheetReferenceId::new(9));
    Call "smartsheet dashboards.list": client.dashboards().list();
    Work "smartsheet dashboards.list pager": first(client.dashboards().list().pager());
    Call "smartsheet dashboards.get": client.dashboards().get(SIGHT).rich_values();
    Create "smartsheet dashboards.copy": client.dashboards().copy(SIGHT, FOLDER, "Copy");
    Call "smartsheet dashboards.update": client.dashboards().update(SIGHT, "Renamed");
    Call "smartsheet dashboards.move_to": client.dashboards().move_to(SIGHT, WORKSPACE);
    Call "smartsheet dashboards.path": client.dashboards().path(SIGHT);
    Call "smartsheet dashboards.publish": client.dashboards().publish(SIGHT, SightPublishUpdate::new().read_only_full_enabled(true));
    Call "smartsheet dashboards.publish_status": client.dashboards().publish_status(SIGHT);
    Call "smartsheet dashboards.delete": client.dashboards().delete(SIGHT);
    Create "smartsheet reports.create": client.reports().create(NewReport::new("Stores", FOLDER, [NewReportColumn::primary("Store")], [SHEET]));
    Call "smartsheet reports.list": client.reports().list();
    Work "smartsheet reports.list pager": first(client.reports().list().pager());
    Call "smartsheet reports.get": client.reports().get(REPORT).rich_values();
    Work "smartsheet reports.get rows": first(client.reports().get(REPORT).page_size(2).rows());
    Call "smartsheet reports.get as CSV": client.reports().export(REPORT, ExportFormat::Csv).bytes();
    Create "smartsheet reports.send": client.reports().send(REPORT, SheetEmail::excel(email()));
    Call "smartsheet reports.publish": client.reports().publish(REPORT, ReportPublishUpdate::new().read_only_full_enabled(true));
    Call "smartsheet reports.publish_status": client.reports().publish_status(REPORT);
    Call "smartsheet reports.path": client.reports().path(REPORT);
    Call "smartsheet reports.add_scope": client.reports().add_scope(REPORT, [SHEET]);
    Call "smartsheet reports.scope": client.reports().scope(REPORT);
    Work "smartsheet reports.scope pager": first(client.reports().scope(REPORT).pager());
    Call "smartsheet reports.remove_scope": client.reports().remove_scope(REPORT, [SHEET]);
    Create "smartsheet reports.add_columns": client.reports().add_columns(REPORT, 0, [NewReportColumn::new("Opened", ColumnType::Date)]);
    Call "smartsheet reports.update_column": client.reports().update_column(REPORT, VIRTUAL, ReportColumnUpdate::new().index(2));
    Call "smartsheet reports.column": client.reports().column(REPORT, VIRTUAL);
    Call "smartsheet reports.columns": client.reports().columns(REPORT);
    Work "smartsheet reports.columns pager": first(client.reports().columns(REPORT).pager());
    Call "smartsheet reports.delete_column": client.reports().delete_column(REPORT, VIRTUAL);
    Call "smartsheet reports.update_definition": client.reports().update_definition(REPORT, definition());
    Call "smartsheet reports.definition": client.reports().definition(REPORT);
    Call "smartsheet reports.delete": client.reports().delete(REPORT);
    Call "smartsheet filters.list": client.filters().list(SHEET);
    Work "smartsheet filters.list pager": first(client.filters().list(SHEET).pager());
    Call "smartsheet filters.get": client.filters().get(SHEET, FilterId::new(9));
    Call "smartsheet filters.delete": client.filters().delete(SHEET, FilterId::new(9));
    Create "smartsheet update_requests.create": client.update_requests().create(SHEET, NewUpdateRequest::new(row_email()).schedule(daily()));
    Call "smartsheet update_requests.update": client.update_requests().update(SHEET, ASKED, UpdateRequestUpdate::new().schedule(daily()));
    Call "smartsheet update_requests.get": client.update_requests().get(SHEET, ASKED);
    Call "smartsheet update_requests.list": client.update_requests().list(SHEET);
    Work "smartsheet update_requests.list pager": first(client.update_requests().list(SHEET).pager());
    Call "smartsheet update_requests.sent": client.update_requests().sent(SHEET);
    Work "smartsheet update_requests.sent pager": first(client.update_requests().sent(SHEET).pager());
    Call "smartsheet update_requests.get_sent": client.update_requests().get_sent(SHEET, SentUpdateRequestId::new(9));
    Call "smartsheet update_requests.delete_sent": client.update_requests().delete_sent(SHEET, SentUpdateRequestId::new(9));
    Call "smartsheet update_requests.delete": client.update_requests().delete(SHEET, ASKED);
});

operations!(oauth(app = app) {
    Create "smartsheet oauth.exchange": app.0.exchange(&AuthorizationCode::new(KEY));
    Create "smartsheet oauth.refresh": app.0.refresh(&old_token());
    Call "smartsheet oauth.revoke": app.0.revoke(&old_token());
    Work "smartsheet oauth.refresh by a client": by_refreshed_token(&app);
});
