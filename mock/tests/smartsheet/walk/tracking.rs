use connectors_smartsheet::{
    AutomationRuleUpdate, Email, NewCrossSheetReference, NewSchedule, NewUpdateRequest, RowEmail, UpdateRequestUpdate,
};

use super::Walk;

pub async fn walk(walk: &mut Walk) {
    automation_rules(walk).await;
    cross_sheet_references(walk).await;
    filters(walk).await;
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
    assert_eq!(walk.call("cross_sheet_references.list", references.list(sheet)).await.data, [made.clone()]);
    assert_eq!(walk.call("cross_sheet_references.get", references.get(sheet, made.id)).await, made);
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
