//! What is asked of people and done by sheets themselves: update requests, automation rules, filters, references.

use std::time::Duration;

use connectors_core::ErrorKind;
use connectors_mock::{Fault, MockSmartsheet};
use connectors_smartsheet::{
    AutomationActionType, AutomationRuleUpdate, ColumnId, CrossSheetReferenceStatus, DayDescriptor, DayOrdinal, Email,
    ErrorCode, FilterType, FilterValue, NewAutomationAction, NewCrossSheetReference, NewSchedule, NewUpdateRequest,
    Recipient, RowEmail, RowId, SentUpdateRequestStatus, SheetId, SmartsheetErrorExt, UpdateRequestUpdate,
};
use futures_util::TryStreamExt;

const DAY: Duration = Duration::from_secs(86_400);

async fn first_row(mock: &MockSmartsheet) -> (SheetId, RowId) {
    let sheet = mock.store_list_id();
    (sheet, mock.client().sheets().get(sheet).await.unwrap().rows[0].id)
}

#[tokio::test]
async fn update_requests_are_sent_when_their_time_has_come_to_everybody_they_name() {
    let mock = MockSmartsheet::new();
    let ((sheet, row), requests) = (first_row(&mock).await, mock.client().update_requests());
    let sent = async || requests.sent(sheet).include_all().await.unwrap().data;
    let email = RowEmail::new(Email::to(["a@example.com", "b@example.com"]).message("Please"), [row]);

    let once = requests.create(sheet, NewUpdateRequest::new(email.clone())).await.unwrap();
    assert_eq!(sent().await.len(), 2, "at once, one for each");
    assert_eq!(sent().await[0].update_request_id, Some(once.id));
    assert_eq!(sent().await[0].status, Some(SentUpdateRequestStatus::Pending));
    assert!(requests.list(sheet).await.unwrap().data.is_empty(), "it has no future");

    let start = mock.backend().clock().now_utc() + Duration::from_secs(3_600);
    let daily = NewUpdateRequest::new(email).schedule(NewSchedule::daily(start, 2).until(start + 5 * DAY));
    let daily = requests.create(sheet, daily).await.unwrap();
    let next = |held: &connectors_smartsheet::UpdateRequest| held.schedule.as_ref().unwrap().next_send_at;
    assert_eq!(next(&daily), Some(start.to_rfc3339_opts(chrono::SecondsFormat::Secs, true).parse().unwrap()));
    assert_eq!(sent().await.len(), 2, "not yet");
    mock.backend().advance(3 * DAY);
    assert_eq!(sent().await.len(), 6, "on the first and on the third day");
    let listed = requests.list(sheet).pager().try_collect::<Vec<_>>().await.unwrap();
    assert_eq!((listed.len(), listed[0].row_ids.len()), (1, 0), "lists do not say which rows");
    assert_eq!(requests.get(sheet, daily.id).await.unwrap().row_ids, [row]);

    let to_one = UpdateRequestUpdate::new().email(Email::to([Recipient::email("c@example.com")]));
    let changed = requests.update(sheet, daily.id, to_one).await.unwrap();
    assert_eq!((changed.send_to.len(), changed.message.as_deref()), (1, Some("Please")), "what is not set stays");
    mock.backend().advance(30 * DAY);
    assert_eq!(sent().await.len(), 7, "once more until its end, to one");
    assert!(requests.list(sheet).await.unwrap().data.is_empty());
    requests.delete(sheet, daily.id).await.unwrap();
    assert_eq!(requests.get(sheet, daily.id).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn schedules_name_days_of_weeks_and_months() {
    let mock = MockSmartsheet::new();
    let ((sheet, row), requests) = (first_row(&mock).await, mock.client().update_requests());
    let start = "2040-06-05T08:00:00Z".parse().unwrap(); // a Tuesday
    let next = async |schedule: NewSchedule| {
        let new = NewUpdateRequest::new(RowEmail::new(Email::to(["a@example.com"]), [row])).schedule(schedule);
        let held = requests.create(sheet, new).await.unwrap();
        held.schedule.unwrap().next_send_at.unwrap().date_naive().to_string()
    };
    assert_eq!(next(NewSchedule::weekly(start, 2, [DayDescriptor::Monday])).await, "2040-06-18");
    assert_eq!(next(NewSchedule::weekly(start, 1, [DayDescriptor::Weekend])).await, "2040-06-09");
    assert_eq!(next(NewSchedule::monthly(start, 1, 31)).await, "2040-06-30", "the last one where there are fewer");
    assert_eq!(next(NewSchedule::monthly_on(start, 1, DayOrdinal::Last, DayDescriptor::Weekday)).await, "2040-06-29");
    assert_eq!(next(NewSchedule::yearly(start, 1, 4)).await, "2041-06-04");
}

#[tokio::test]
async fn what_nobody_could_answer_is_not_sent() {
    let mock = MockSmartsheet::new();
    let ((sheet, row), requests) = (first_row(&mock).await, mock.client().update_requests());
    let new = |rows: Vec<RowId>| NewUpdateRequest::new(RowEmail::new(Email::to(["a@example.com"]), rows));
    let start = mock.backend().clock().now_utc();
    let backwards = new(vec![row]).schedule(NewSchedule::daily(start, 1).until(start - DAY));
    let refused = [
        (new(Vec::new()), "rowIds", Some(1012)),
        (backwards.clone(), "schedule.endAt", Some(1179)),
        (new(vec![row]).schedule(NewSchedule::weekly(start, 1, [])), "schedule.dayDescriptors", Some(1012)),
        (new(vec![row]).schedule(NewSchedule::monthly(start, 1, 32)), "schedule.dayOfMonth", None),
        (NewUpdateRequest::new(RowEmail::new(Email::default(), [row])), "sendTo", None),
    ];
    for (request, field, code) in refused {
        let error = requests.create(sheet, request).await.unwrap_err();
        assert_eq!((error.field(), error.kind()), (Some(field), ErrorKind::InvalidRequest));
        assert_eq!(error.code(), code.map(|code: u32| code.to_string()).as_deref());
    }
    assert_eq!(mock.backend().count("update_requests.create"), 0);
    let theirs = requests.create(sheet, backwards).skip_validation().await.unwrap_err();
    assert_eq!(theirs.smartsheet_code(), Some(ErrorCode::SCHEDULE_ENDS_EARLY));
    let stranger = requests.create(sheet, new(vec![RowId::new(7)])).await.unwrap_err();
    assert_eq!(stranger.smartsheet_code(), Some(ErrorCode::INVALID_ROW_ID));
    assert!(stranger.hint().unwrap().contains("read the sheet again"));

    mock.backend().script("update_requests.create", [Fault::ResetAfter]);
    let unknown = requests.create(sheet, new(vec![row])).await.unwrap_err();
    assert!(unknown.maybe_applied(), "an e-mail is not sent twice: {unknown}");
    assert_eq!(requests.sent(sheet).await.unwrap().data.len(), 1);
}

#[tokio::test]
async fn automation_rules_keep_what_is_not_changed() {
    let mock = MockSmartsheet::new();
    let (sheet, rules) = (mock.store_list_id(), mock.client().automation_rules());
    let all = rules.list(sheet).page_size(1).pager().try_collect::<Vec<_>>().await.unwrap();
    let [notify, ask] = all.as_slice() else { panic!("{all:?}") };
    let off = rules.update(sheet, ask.id, AutomationRuleUpdate::new().enabled(false)).await.unwrap();
    assert!(!off.enabled && off.name == ask.name && off.action == ask.action && off.modified_at > ask.modified_at);

    let to_columns = NewAutomationAction::from(ask.action.clone().unwrap()).to_contacts_in([ColumnId::new(5)]);
    let changed = rules.update(sheet, ask.id, AutomationRuleUpdate::new().action(to_columns)).await.unwrap();
    let action = changed.action.unwrap();
    assert!(action.recipients.is_empty() && action.recipient_column_ids == [ColumnId::new(5)]);
    assert_eq!(action.subject, ask.action.as_ref().unwrap().subject);

    let other = NewAutomationAction::new(AutomationActionType::ApprovalRequest).to(["a@example.com"]);
    let refused = rules.update(sheet, notify.id, AutomationRuleUpdate::new().action(other)).await.unwrap_err();
    assert_eq!(refused.smartsheet_code(), Some(ErrorCode::ACTION_TYPE_FIXED));
    let mut both = NewAutomationAction::new(AutomationActionType::Notification).to(["a@example.com"]);
    both.notify_all_shared_users = Some(true);
    let both = AutomationRuleUpdate::new().action(both);
    let ours = rules.update(sheet, notify.id, both.clone()).await.unwrap_err();
    assert_eq!((ours.code(), ours.field()), (Some("1218"), Some("action.recipients")));
    let theirs = rules.update(sheet, notify.id, both).skip_validation().await.unwrap_err();
    assert_eq!(theirs.smartsheet_code(), Some(ErrorCode::RECIPIENTS_TOGETHER));
    assert_eq!(rules.update(sheet, notify.id, AutomationRuleUpdate::new()).await.unwrap_err().field(), Some("update"));

    rules.delete(sheet, notify.id).await.unwrap();
    assert_eq!(rules.get(sheet, notify.id).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert!(rules.list(mock.template_id()).await.unwrap().data.is_empty(), "they are the sheet's own");
}

#[tokio::test]
async fn references_lead_to_cells_that_exist_and_break_with_them() {
    let mock = MockSmartsheet::new();
    let (sheet, references) = (mock.template_id(), mock.client().cross_sheet_references());
    let stores = mock.client().sheets().get(mock.store_list_id()).await.unwrap();
    let (top, bottom) = (stores.rows[0].id, stores.rows[5].id);
    let (left, right) = (stores.columns[0].id, stores.columns[3].id);
    let new = NewCrossSheetReference::cells("Stores", stores.id, (top, left), (bottom, right));
    let made = references.create(sheet, new.clone()).await.unwrap();
    assert_eq!((made.end_row_id, made.end_column_id), (Some(bottom), Some(right)));
    let again = references.create(sheet, new.clone()).await.unwrap_err();
    assert_eq!((again.kind(), again.smartsheet_code()), (ErrorKind::Conflict, Some(ErrorCode::EXISTS_ALREADY)));
    let stranger = NewCrossSheetReference::columns("Others", stores.id, ColumnId::new(7), right);
    let stranger = references.create(sheet, stranger).await.unwrap_err();
    assert_eq!(stranger.smartsheet_code(), Some(ErrorCode::INVALID_COLUMN_ID));
    let own = NewCrossSheetReference::columns("Own", sheet, left, right);
    assert_eq!(references.create(sheet, own).await.unwrap_err().field(), Some("sourceSheetId"));
    let mut half = new;
    half.end_row_id = None;
    assert_eq!(references.create(sheet, half).await.unwrap_err().field(), Some("endRowId"));

    assert_eq!(made.status, Some(CrossSheetReferenceStatus::Ok));
    mock.fake().delete_sheet(stores.id);
    let broken = references.get(sheet, made.id).await.unwrap();
    assert_eq!(broken.status, Some(CrossSheetReferenceStatus::Broken));
    assert_eq!(references.list(sheet).pager().try_collect::<Vec<_>>().await.unwrap(), [broken]);
}

#[tokio::test]
async fn filters_are_read_and_deleted() {
    let mock = MockSmartsheet::new();
    let (sheet, filters) = (mock.store_list_id(), mock.client().filters());
    let all = filters.list(sheet).page_size(1).pager().try_collect::<Vec<_>>().await.unwrap();
    assert_eq!(all.iter().map(|filter| filter.name.as_str()).collect::<Vec<_>>(), ["Berlin", "With power"]);
    assert_eq!(all[1].filter_type, Some(FilterType::Personal));
    let berlin = filters.get(sheet, all[0].id).await.unwrap();
    assert_eq!(berlin.query.unwrap().criteria[0].values, [FilterValue::from("Berlin")]);
    filters.delete(sheet, all[0].id).await.unwrap();
    assert_eq!(filters.delete(sheet, all[0].id).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(filters.list(sheet).include_all().await.unwrap().data.len(), 1);
}
