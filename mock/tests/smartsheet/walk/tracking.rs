use connectors_smartsheet::{
    AutomationRuleUpdate, ColumnType, Email, FilterOperator, NewCrossSheetReference, NewReport, NewReportColumn,
    NewSchedule, NewUpdateRequest, ReportColumnRef, ReportColumnUpdate, ReportCriterion, ReportDefinitionUpdate,
    ReportFilter, ReportPublishUpdate, RowEmail, SheetEmail, SightPublishUpdate, UpdateRequestUpdate,
};

use super::Walk;

pub async fn walk(walk: &mut Walk) {
    automation_rules(walk).await;
    cross_sheet_references(walk).await;
    dashboards(walk).await;
    filters(walk).await;
    reports(walk).await;
    update_requests(walk).await;
}

async fn automation_rules(walk: &mut Walk) {
    let (rules, sheet) = (walk.client().automation_rules(), walk.mock.store_list_id());
    let all = walk.call("automation_rules.list", rules.list(sheet)).await;
    let rule = walk.call("automation_rules.get", rules.get(sheet, all.data[0].id)).await.id;
    let update = AutomationRuleUpdate::new().name("Renamed").enabled(false);
    let changed = walk.call("automation_rules.update", rules.update(sheet, rule, update)).await;
    assert!(changed.name == "Renamed" && !changed.enabled);
    walk.call("automation_rules.delete", rules.delete(sheet, rule)).await;
}

async fn cross_sheet_references(walk: &mut Walk) {
    let (references, stores) = (walk.client().cross_sheet_references(), walk.mock.store_list_id());
    let sheet = walk.mock.template_id();
    let column = walk.client().columns().list(stores).await.unwrap()[0].id;
    let new = NewCrossSheetReference::columns("Names", stores, column, column);
    let made = walk.call("cross_sheet_references.create", references.create(sheet, new)).await;
    assert_eq!(
        walk.call("cross_sheet_references.list", references.list(sheet)).await.data,
        std::slice::from_ref(&made)
    );
    assert_eq!(walk.call("cross_sheet_references.get", references.get(sheet, made.id)).await, made);
}

async fn dashboards(walk: &mut Walk) {
    let (dashboards, folder) = (walk.client().dashboards(), walk.mock.folder_id());
    let first = walk.call("dashboards.list", dashboards.list()).await.data[0].id;
    walk.call("dashboards.get", dashboards.get(first).rich_values()).await;
    let copy = walk.call("dashboards.copy", dashboards.copy(first, folder, "Copy")).await.id;
    assert_eq!(walk.call("dashboards.update", dashboards.update(copy, "Renamed")).await.name, "Renamed");
    walk.call("dashboards.move_to", dashboards.move_to(copy, walk.mock.workspace_id())).await;
    walk.call("dashboards.path", dashboards.path(copy)).await;
    let public = SightPublishUpdate::new().read_only_full_enabled(true);
    walk.call("dashboards.publish", dashboards.publish(copy, public)).await;
    walk.call("dashboards.publish_status", dashboards.publish_status(copy)).await;
    walk.call("dashboards.delete", dashboards.delete(copy)).await;
}

async fn reports(walk: &mut Walk) {
    let (reports, sheet, events) = (walk.client().reports(), walk.mock.store_list_id(), walk.mock.template_id());
    let columns = [NewReportColumn::primary("Store"), NewReportColumn::new("City", ColumnType::Picklist)];
    let new = NewReport::new("Stores", walk.mock.folder_id(), columns, [sheet]);
    let report = walk.call("reports.create", reports.create(new)).await.id;
    assert!(walk.call("reports.list", reports.list()).await.data.iter().any(|held| held.id == report));
    assert!(!walk.call("reports.get", reports.get(report).rich_values()).await.rows.is_empty());
    let email = SheetEmail::excel(Email::to(["crew@example.com"]));
    walk.call("reports.send", reports.send(report, email)).await;
    let public = ReportPublishUpdate::new().read_only_full_enabled(true);
    walk.call("reports.publish", reports.publish(report, public)).await;
    walk.call("reports.publish_status", reports.publish_status(report)).await;
    walk.call("reports.path", reports.path(report)).await;

    walk.call("reports.add_scope", reports.add_scope(report, [events])).await;
    assert_eq!(walk.call("reports.scope", reports.scope(report)).await.data.len(), 2);
    walk.call("reports.remove_scope", reports.remove_scope(report, [events])).await;
    let opened = [NewReportColumn::new("Opened", ColumnType::Date)];
    let column = walk.call("reports.add_columns", reports.add_columns(report, 0, opened)).await[0].virtual_id;
    let update = ReportColumnUpdate::new().index(2);
    walk.call("reports.update_column", reports.update_column(report, column, update)).await;
    assert_eq!(walk.call("reports.column", reports.column(report, column)).await.index, 2);
    assert_eq!(walk.call("reports.columns", reports.columns(report)).await.data.len(), 3);
    walk.call("reports.delete_column", reports.delete_column(report, column)).await;

    let city = ReportColumnRef::new("City", ColumnType::Picklist);
    let filter = ReportFilter::all([ReportCriterion::new(city, FilterOperator::Equal).values(["Berlin"])]);
    let update = ReportDefinitionUpdate::new().filter(filter);
    walk.call("reports.update_definition", reports.update_definition(report, update)).await;
    walk.call("reports.definition", reports.definition(report)).await;
    walk.call("reports.delete", reports.delete(report)).await;
}

async fn filters(walk: &mut Walk) {
    let (filters, sheet) = (walk.client().filters(), walk.mock.store_list_id());
    let all = walk.call("filters.list", filters.list(sheet)).await;
    let filter = walk.call("filters.get", filters.get(sheet, all.data[0].id)).await.id;
    walk.call("filters.delete", filters.delete(sheet, filter)).await;
}

async fn update_requests(walk: &mut Walk) {
    let (requests, sheet) = (walk.client().update_requests(), walk.mock.store_list_id());
    let row = walk.client().sheets().get(sheet).await.unwrap().rows[0].id;
    let email = RowEmail::new(Email::to(["crew@example.com"]).subject("Please update"), [row]);
    let start = walk.mock.backend().clock().now_utc();
    let daily = NewUpdateRequest::new(email).schedule(NewSchedule::daily(start, 1));
    let made = walk.call("update_requests.create", requests.create(sheet, daily)).await.id;
    let update = UpdateRequestUpdate::new().schedule(NewSchedule::daily(start, 7));
    walk.call("update_requests.update", requests.update(sheet, made, update)).await;
    walk.call("update_requests.get", requests.get(sheet, made)).await;
    assert_eq!(walk.call("update_requests.list", requests.list(sheet)).await.data.len(), 1);
    let sent = walk.call("update_requests.sent", requests.sent(sheet)).await.data[0].id;
    walk.call("update_requests.get_sent", requests.get_sent(sheet, sent)).await;
    walk.call("update_requests.delete_sent", requests.delete_sent(sheet, sent)).await;
    walk.call("update_requests.delete", requests.delete(sheet, made)).await;
}
