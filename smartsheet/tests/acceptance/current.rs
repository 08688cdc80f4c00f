//! The newer scenarios: what was asked is looked up afterwards.

use chrono::{DateTime, Utc};
use connectors_core::{Cursor, ErrorKind};
use connectors_smartsheet::{
    AggregationType, Asset, ClassificationLabelId, ErrorCode, FilterOperator, FolderId, NewWebhook, PlanId,
    ReportAggregation, ReportColumnRef, ReportCriterion, ReportDefinitionUpdate, ReportFilter, ReportGrouping,
    ReportId, ReportSorting, ResourceType, ShareId, SheetId, SmartsheetClient, SmartsheetErrorExt, SortingDirection,
    Webhook, WorkspaceId, WriteResult,
};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::{Case, asking};

const NONE: Value = Value::Null;

pub(crate) async fn passes(case: &Case<'_>) -> bool {
    containers(case).await || people(case).await || reports(case).await || others(case).await
}

async fn containers(case: &Case<'_>) -> bool {
    match case.name() {
        "/workspaces/list-workspaces/all-response-body-properties" => {
            let wanted = ("GET", "/2.0/workspaces?paginationType=token", NONE);
            // Pages by token have no numbers; those that come with them are of no use.
            let numbers = ["/pageNumber", "/pageSize", "/totalPages", "/totalCount"];
            let page = case.answer_to(wanted, &numbers, |client| asking!(case, client.workspaces().list())).await;
            assert_eq!(page.data[1].id, WorkspaceId::new(1_234_567_890_123_456));
            assert_eq!(page.last_key.as_deref(), Some("abcDefGhIjKlMnOpQrStUvWxYz"));
        }
        "List Workspaces - Middle Page with Pagination" => {
            let list = |client: &SmartsheetClient| {
                let list = client.workspaces().list().max_items(100).starting_at(Cursor::new("eyJsYXN0SWQiOjEwMDJ9"));
                asking!(case, list)
            };
            let page = case.answer(&[], list).await;
            assert_eq!((page.data.len(), page.last_key.as_deref()), (2, Some("eyJsYXN0SWQiOjEwMDR9")));
        }
        "/workspaces/list-workspace-children/all-response-body-properties" => {
            let wanted = ("GET", "/2.0/workspaces/1234567890123456/children", NONE);
            let id = WorkspaceId::new(1_234_567_890_123_456);
            let page = case.answer_to(wanted, &[], |client| asking!(case, client.workspaces().children(id))).await;
            let kinds: Vec<_> = page.data.into_iter().filter_map(|child| child.resource_type).collect();
            assert_eq!(kinds, [ResourceType::Sheet, ResourceType::Folder, ResourceType::Sight]);
        }
        "/folders/list-folder-children/all-response-body-properties" => {
            let wanted = ("GET", "/2.0/folders/1/children", NONE);
            let page =
                case.answer_to(wanted, &[], |client| asking!(case, client.folders().children(FolderId::new(1)))).await;
            let kinds: Vec<_> = page.data.into_iter().filter_map(|child| child.resource_type).collect();
            assert_eq!(kinds, [ResourceType::Folder, ResourceType::Sheet, ResourceType::Report, ResourceType::Sight]);
        }
        "/sheets/get-sheet-path/all-response-body-properties" => {
            let wanted = ("GET", "/2.0/sheets/4509918431602564/path", NONE);
            let id = SheetId::new(4_509_918_431_602_564);
            let path = case.answer_to(wanted, &[], |client| asking!(case, client.sheets().path(id))).await;
            assert_eq!((path.leaf().name.as_str(), path.nodes().count()), ("Project Plan", 3));
        }
        "/sheets/set-data-classification/all-response-body-properties" => {
            let label = ClassificationLabelId::new("3fa85f64-5717-4562-b3fc-2c963f66afa6").unwrap();
            let body = json!({ "labelId": "3fa85f64-5717-4562-b3fc-2c963f66afa6" });
            let wanted = ("PUT", "/2.0/sheets/1/dataclassification", body);
            let classify = |client: &SmartsheetClient| asking!(case, client.sheets().classify(SheetId::new(1), &label));
            case.answer_to(wanted, &[], classify).await;
        }
        "/search/search-all/all-response-body-properties" => {
            let wanted = ("GET", "/2.0/search?query=Sample", NONE);
            let found = case.answer_to(wanted, &[], |client| asking!(case, client.search().everywhere("Sample"))).await;
            assert_eq!(found.results.len(), 5);
        }
        "/reports/update-report-definition/all-response-body-properties" => {
            let primary = || ReportColumnRef::primary("Primary Column");
            let equal = ReportCriterion::new(primary(), FilterOperator::Equal).values(["Test"]);
            let update = ReportDefinitionUpdate::new().filter(ReportFilter::all([equal]));
            let update = update.sort_by([ReportSorting::by(primary(), SortingDirection::Ascending)]);
            let column = json!({ "title": "Primary Column", "type": "TEXT_NUMBER", "primary": true });
            let body = json!({
                "filters": { "operator": "AND", "criteria": [
                    { "column": column, "operator": "EQUAL", "values": ["Test"] }] },
                "sortingCriteria": [{ "column": column, "sortingDirection": "ASCENDING" }],
            });
            let call = |client: &SmartsheetClient| {
                asking!(case, client.reports().update_definition(ReportId::new(1), update.clone()))
            };
            case.answer_to(("PATCH", "/2.0/reports/1/definition", body), &[], call).await;
        }
        "/events/list-events/required-response-body-properties-no-more-available" => {
            let wanted = ("GET", "/2.0/events?since=2024-05-06T00:00:00Z", NONE);
            let since = "2024-05-06T00:00:00Z".parse::<DateTime<Utc>>().unwrap();
            let page = case.answer_to(wanted, &[], |client| asking!(case, client.events().list(since))).await;
            assert_eq!((page.data.len(), page.next()), (5, None));
        }
        "/sheets/get-sheet/data-classification" => {
            let wanted = ("GET", "/2.0/sheets/1", NONE);
            let sheet = case.answer_to(wanted, &[], |client| asking!(case, client.sheets().get(SheetId::new(1)))).await;
            assert_eq!(sheet.data_classification.as_deref(), Some("Confidential"));
        }
        _ => return false,
    }
    true
}

async fn reports(case: &Case<'_>) -> bool {
    if case.name() != "/reports/update-report-definition/all-response-body-properties" {
        return false;
    }
    let primary = || ReportColumnRef::primary("Primary Column");
    let criterion = ReportCriterion::new(primary(), FilterOperator::Equal).values(["Test"]);
    let change = ReportDefinitionUpdate::new()
        .filter(ReportFilter::all([criterion]))
        .group_by([ReportGrouping::by(primary(), SortingDirection::Ascending)])
        .summarise([ReportAggregation::of(primary(), AggregationType::Count)])
        .sort_by([ReportSorting::by(primary(), SortingDirection::Ascending)]);
    let column = json!({ "title": "Primary Column", "type": "TEXT_NUMBER", "primary": true });
    let body = json!({
        "filters": { "operator": "AND", "criteria": [{ "column": column, "operator": "EQUAL", "values": ["Test"] }] },
        "groupingCriteria": [{ "column": column, "sortingDirection": "ASCENDING" }],
        "aggregationCriteria": [{ "column": column, "aggregationType": "COUNT" }],
        "sortingCriteria": [{ "column": column, "sortingDirection": "ASCENDING" }],
    });
    let update =
        |client: &SmartsheetClient| asking!(case, client.reports().update_definition(ReportId::new(7), change.clone()));
    let held = case.answer_to(("PATCH", "/2.0/reports/7/definition", body), &[], update).await;
    assert_eq!(held.grouping_criteria[0].is_expanded, Some(true));
    true
}

async fn people(case: &Case<'_>) -> bool {
    match case.name() {
        "/users/get-current-user/all-response-body-properties" => {
            let wanted = ("GET", "/2.0/users/me", NONE);
            let me = case.answer_to(wanted, &[], |client| asking!(case, client.users().me())).await;
            assert_eq!((me.name().as_str(), me.email.as_deref()), ("Test User", Some("test.user@smartsheet.com")));
        }
        "/users/list-users/all-response-body-properties" => {
            let wanted = ("GET", "/2.0/users", NONE);
            let page = case.answer_to(wanted, &[], |client| asking!(case, client.users().list())).await;
            assert_eq!(page.data.len(), 2);
        }
        "/sharing/get-asset-share/all-response-body-properties" => {
            let wanted = ("GET", "/2.0/shares/AAAMCmYGFOeE?assetType=sheet&assetId=1", NONE);
            let (sheet, id) = (Asset::from(SheetId::new(1)), ShareId::new("AAAMCmYGFOeE").unwrap());
            let get = |client: &SmartsheetClient| asking!(case, client.shares().get(sheet, &id));
            assert_eq!(case.answer_to(wanted, &[], get).await.name.as_deref(), Some("Example Name"));
        }
        _ => return false,
    }
    true
}

async fn others(case: &Case<'_>) -> bool {
    match case.name() {
        "/webhooks/create-plan-webhook/all-response-body-properties" => {
            let new =
                NewWebhook::plan("Test Webhook", "https://www.myApp.com/webhooks", PlanId::new(3_285_357_287_499_652));
            let headers = [("x-custom-header", "custom-value"), ("x-another-header", "another-value")];
            let new = headers.into_iter().fold(new, |new, (name, value)| new.custom_header(name, value));
            let body = json!({
                "name": "Test Webhook", "callbackUrl": "https://www.myApp.com/webhooks", "scope": "plan",
                "scopeObjectId": 3_285_357_287_499_652_u64, "events": ["*.*"], "version": 1,
                "customHeaders": { "x-custom-header": "custom-value", "x-another-header": "another-value" },
            });
            // Secrets are not shown, and the envelope of a single object is taken off: both are looked at below.
            let hidden = ["/result/sharedSecret", "/result/customHeaders", "/version", "/failedItems"];
            let create = |client: &SmartsheetClient| asking!(case, client.webhooks().create(new.clone()));
            let webhook = case.answer_to(("POST", "/2.0/webhooks", body), &hidden, create).await;
            let answer = &case.stub.response["jsonBody"];
            assert_eq!(
                webhook.shared_secret.unwrap().expose_secret(),
                answer["result"]["sharedSecret"].as_str().unwrap()
            );
            let held: Vec<_> = webhook.custom_headers.iter().collect();
            assert_eq!(held, [headers[1], headers[0]]);
            let whole: WriteResult<Webhook> = serde_json::from_value(answer.clone()).unwrap();
            assert_eq!((whole.version, whole.failed_items.len()), (Some(1), 1));
            assert_eq!(whole.failed_items[0].error.error_code, Some(ErrorCode::new(1234)));
        }
        "/governance/get-data-classification-settings/all-response-body-properties" => {
            let wanted = ("GET", "/2.0/governance/data-classification/settings?planId=41878788", NONE);
            let get = |client: &SmartsheetClient| {
                asking!(case, client.governance().data_classification(PlanId::new(41_878_788)))
            };
            assert_eq!(case.answer_to(wanted, &[], get).await.labels.len(), 2);
        }
        "/errors/400-response" => {
            let error = asking!(case, case.client.users().me()).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.smartsheet_code()),
                (ErrorKind::InvalidRequest, Some(ErrorCode::PARSE_ERROR))
            );
            assert_eq!(error.status().unwrap().as_u16(), 400);
        }
        "/errors/500-response" => {
            let error = asking!(case, case.client.sheets().get(SheetId::new(1))).await.unwrap_err();
            assert_eq!((error.kind(), error.smartsheet_code()), (ErrorKind::Server, Some(ErrorCode::UNEXPECTED)));
            assert_eq!(error.attempts(), 1, "an unexpected failure is not repeated");
            case.sent().await;
        }
        _ => return false,
    }
    true
}
