//! The native API against the fake and its quirks.

use connectors_core::{Cursor, ErrorKind};
use connectors_mock::{Fault, MockSmartsheet};
use connectors_smartsheet::{
    CellWrite, ColumnMap, ColumnType, ColumnUpdate, CopyInclude, ErrorCode, NewRow, ResourceType, RowId, RowLocation,
    RowUpdate, SheetExclude, SheetInclude, SmartsheetErrorExt, tracker,
};
use futures_util::TryStreamExt;
use http::{HeaderName, HeaderValue, Method};

use crate::client;

#[tokio::test]
async fn rows_go_where_they_are_told() {
    let mock = MockSmartsheet::new();
    let (rows, sheet) = (mock.client().rows(), mock.template_id());
    let key = ColumnMap::new(mock.client().columns().list(sheet).await.unwrap()).require(tracker::EVENT_ID).unwrap().id;
    let new = |name: &str| NewRow::new([CellWrite::value(key, name)]);
    let first = rows.add(sheet, [new("a"), new("b")]).await.unwrap().result;
    rows.add(sheet, [new("top 1"), new("top 2")]).location(RowLocation::Top).await.unwrap();
    rows.add(sheet, [new("child")]).location(RowLocation::FirstChildOf(first[0].id)).await.unwrap();
    rows.add(sheet, [new("above b")]).location(RowLocation::Above(first[1].id)).await.unwrap();
    let order = |mock: &MockSmartsheet| crate::held(mock, sheet).join(" | ");
    assert_eq!(order(&mock), "top 1 | top 2 | a | child | above b | b");
    rows.update(sheet, [RowUpdate::new(first[1].id, [])]).location(RowLocation::Top).await.unwrap();
    assert_eq!(order(&mock), "b | top 1 | top 2 | a | child | above b");

    let read = mock.client().sheets().get(sheet).await.unwrap();
    assert_eq!(read.rows[4].parent_id, Some(first[0].id));
    let deleted = rows.delete(sheet, [first[0].id]).await.unwrap().result;
    assert_eq!(deleted.len(), 2, "the child goes with it");
    let missing = rows.delete(sheet, [first[0].id, first[1].id]).await.unwrap_err();
    assert_eq!((missing.kind(), mock.fake().rows(sheet).len()), (ErrorKind::NotFound, 4), "all or nothing");
    rows.delete(sheet, [first[0].id, first[1].id]).ignore_not_found().await.unwrap();
    assert_eq!(mock.fake().rows(sheet).len(), 3);
}

#[tokio::test]
async fn one_bad_row_keeps_all_from_being_written_unless_told_otherwise() {
    let mock = MockSmartsheet::new();
    let (rows, sheet) = (mock.client().rows(), mock.template_id());
    let columns = ColumnMap::new(mock.client().columns().list(sheet).await.unwrap());
    let (key, starts) = (columns.require(tracker::EVENT_ID).unwrap().id, columns.require(tracker::STARTS).unwrap().id);
    let new = |date: &str| NewRow::new([CellWrite::value(key, date), CellWrite::value(starts, date)]);
    let all = [new("2026-06-05"), new("soon"), new("2026-06-06")];
    let error = rows.add(sheet, all.clone()).await.unwrap_err();
    assert_eq!((error.smartsheet_code(), error.field()), (Some(ErrorCode::VALUE_DOES_NOT_FIT), Some("rows[1]")));
    assert_eq!(mock.fake().rows(sheet).len(), 0);
    let partly = rows.add(sheet, all).allow_partial_success().await.unwrap();
    assert_eq!((partly.result.len(), partly.failed_items[0].index), (2, 1));
    let refused = partly.failed_items[0].to_error();
    assert_eq!(refused.smartsheet_code(), Some(ErrorCode::VALUE_DOES_NOT_FIT));
    assert!(refused.hint().unwrap().contains("strict(false)"), "{refused}");
    let lenient = NewRow::new([CellWrite::value(starts, "soon").strict(false)]);
    assert_eq!(rows.add(sheet, [lenient]).await.unwrap().result.len(), 1);
}

#[tokio::test]
async fn a_sheet_is_read_in_part() {
    let mock = MockSmartsheet::new();
    let (sheets, id) = (mock.client().sheets(), mock.fake().store_list_id());
    let plain = sheets.get(id).await.unwrap();
    let kind = |sheet: &connectors_smartsheet::Sheet| {
        sheet.columns.iter().find(|c| c.title == "Teams").unwrap().column_type.clone()
    };
    assert_eq!(kind(&plain), ColumnType::TextNumber, "columns of several values hide below level 2");
    let rich = sheets.get(id).rich_values().include([SheetInclude::RowPermalink]).await.unwrap();
    assert_eq!(kind(&rich), ColumnType::MultiPicklist);
    assert!(rich.rows[0].permalink.is_some());

    let column = plain.columns[1].id;
    let narrow = sheets.get(id).column_ids([column]).exclude([SheetExclude::NonexistentCells]).await.unwrap();
    assert!(narrow.columns.len() == 1 && narrow.rows.iter().all(|row| row.cells.len() == 1));
    let two: Vec<RowId> = plain.rows.iter().take(2).map(|row| row.id).collect();
    assert_eq!(sheets.get(id).row_ids(two).await.unwrap().rows.len(), 2);
    let last = sheets.get(id).page(9).page_size(4).await.unwrap();
    assert_eq!((last.rows.len(), last.total_row_count), (2, Some(6)), "past the end, the last page comes again");

    let numbers = sheets.get(id).row_numbers([2, 5]).await.unwrap();
    assert_eq!(numbers.rows.iter().map(|row| row.row_number).collect::<Vec<_>>(), [2, 5]);
    let mut rows = sheets.get(id).rich_values().stream_rows().await.unwrap();
    let mut read = Vec::new();
    while let Some(row) = rows.next().await {
        read.push(row.unwrap());
    }
    let mut streamed = rows.sheet().clone();
    streamed.rows = read;
    assert_eq!(streamed, sheets.get(id).rich_values().await.unwrap());

    let version = plain.version.unwrap();
    assert!(sheets.get(id).if_version_after(version).stream_rows().await.unwrap().is_none());
    assert!(sheets.get(id).if_version_after(version).await.unwrap().is_none());
    assert_eq!(sheets.get(id).if_version_after(version - 1).await.unwrap().unwrap().id, id);
    assert_eq!(sheets.version(id).await.unwrap(), version);
    let row = mock.client().rows().get(id, plain.rows[0].id).rich_values().await.unwrap();
    assert_eq!(row.sheet_id, Some(id));
}

#[tokio::test]
async fn lists_are_read_to_their_end_by_number_and_by_token() {
    let mock = MockSmartsheet::new();
    let sheets: Vec<_> = mock.client().sheets().list().page_size(1).pager().try_collect().await.unwrap();
    assert_eq!(sheets.len(), mock.fake().sheets().len());
    assert_eq!(mock.backend().count("sheets.list"), sheets.len());

    mock.fake().page_cap(1);
    let workspaces = mock.client().workspaces().list().pager().collect_all().await.unwrap();
    assert_eq!((workspaces.len(), mock.backend().count("workspaces.list")), (2, 2), "by token");
    let first = mock.client().workspaces().list().max_items(100).await.unwrap();
    let next = first.last_key.map(Cursor::new).unwrap();
    let second = mock.client().workspaces().list().starting_at(next).await.unwrap();
    assert_eq!((second.data[0].id, second.last_key), (workspaces[1].id, None));

    let children = mock.client().workspaces().children(mock.workspace_id()).pager().collect_all().await.unwrap();
    let kinds: Vec<_> = children.iter().filter_map(|child| child.resource_type.clone()).collect();
    assert_eq!(kinds, [ResourceType::Folder, ResourceType::Sheet], "templates come only to those who ask");
    let templates =
        mock.client().workspaces().children(mock.workspace_id()).types([ResourceType::Sheet, ResourceType::Template]);
    assert_eq!(templates.pager().collect_all().await.unwrap().len(), 2);
    let folder = mock.client().folders().metadata(mock.folder_id()).await.unwrap();
    assert_eq!(folder.name, "Campaigns");
    assert_eq!(mock.client().workspaces().metadata(mock.workspace_id()).await.unwrap().name, "Field marketing");
}

#[tokio::test]
async fn sheets_and_columns_are_copied_changed_and_deleted() {
    let mock = MockSmartsheet::new();
    let sheets = mock.client().sheets();
    let copy =
        sheets.copy(mock.fake().store_list_id(), mock.folder_id(), "Stores, copied").include([CopyInclude::Data]);
    let copy = copy.await.unwrap().result.id;
    assert_eq!(mock.fake().rows(copy).len(), 6);
    let column = mock.client().columns().list(copy).await.unwrap()[1].id;
    let change = ColumnUpdate::new().title("Town").column_type(0, ColumnType::Picklist).options(["Berlin", "Hamburg"]);
    let changed = mock.client().columns().update(copy, column, change).await.unwrap().result;
    assert_eq!((changed.title.as_str(), changed.index, changed.options.len()), ("Town", 0, 2));
    assert_eq!(mock.client().columns().get(copy, column).await.unwrap().title, "Town");
    sheets.delete(copy).await.unwrap();
    assert_eq!(sheets.get(copy).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn headers_of_the_client_go_with_every_request() {
    let mock = MockSmartsheet::new();
    let named = client(mock.backend(), |builder| {
        let builder = builder.change_agent("fizz-launcher").assume_user("jane+doe@example.com");
        builder
            .integration_source(connectors_smartsheet::IntegrationKind::Application, "Fizz", "launcher")
            .user_agent("fizz/1.0")
    });
    let test = (HeaderName::from_static("x-test-name"), HeaderValue::from_static("one"));
    named.users().me().header(test.0, test.1).await.unwrap();
    named.request(&Method::GET, "/users/me").send_bytes().await.unwrap();
    let journal = mock.backend().journal();
    for entry in &journal {
        let header = |name: &str| entry.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        assert_eq!(header("smartsheet-change-agent"), "fizz-launcher");
        assert_eq!(header("assume-user"), "jane%2Bdoe%40example.com");
        assert_eq!(header("smartsheet-integration-source"), "APPLICATION,Fizz,launcher");
        assert!(header("user-agent").starts_with("fizz/1.0 "));
    }
    assert_eq!(journal[0].headers["x-test-name"], "one");
}

#[tokio::test]
async fn json_is_sent_as_exactly_that() {
    let mock = MockSmartsheet::new();
    crate::rows(mock.template_id(), 1);
    let new = NewRow::new([]);
    mock.client().rows().add(mock.template_id(), [new]).await.unwrap();
    assert_eq!(mock.backend().journal()[0].headers["content-type"], "application/json");
}

#[tokio::test]
async fn the_fake_refuses_what_smartsheet_refuses() {
    let mock = MockSmartsheet::new();
    let sheet = mock.template_id();
    let columns = mock.client().columns().list(sheet).await.unwrap();
    let (key, date) = (columns[0].id, columns[4].id);
    let rows = format!("/sheets/{sheet}/rows");
    let cells = |cells: &str| format!("[{{\"cells\":[{cells}]}}]");
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    let table: Vec<(&Method, String, String, u32)> = vec![
        (&get, "/nonsense".into(), String::new(), 1006),
        (&get, "/sheets/404".into(), String::new(), 1006),
        (&get, "/sheets/abc".into(), String::new(), 1018),
        (&delete, "/users/me".into(), String::new(), 1010),
        (&get, "/users/me?verbose=true".into(), String::new(), 1018),
        (&get, format!("/sheets/{sheet}?include=everything"), String::new(), 1018),
        (&get, format!("/sheets/{sheet}?columnIds=7"), String::new(), 1036),
        (&get, "/workspaces?maxItems=50".into(), String::new(), 1018),
        (&get, "/workspaces?lastKey=nonsense".into(), String::new(), 1018),
        (&post, rows.clone(), "[{]".into(), 1008),
        (&post, rows.clone(), "[]".into(), 1160),
        (&post, rows.clone(), format!("[{}]", vec!["{}"; 501].join(",")), 1160),
        (&post, rows.clone(), r#"[{"colour":"red"}]"#.into(), 1008),
        (&post, rows.clone(), r#"[{"rowNumber":1}]"#.into(), 1032),
        (&post, rows.clone(), r#"[{"id":1}]"#.into(), 1032),
        (&post, rows.clone(), r#"[{"toTop":true,"siblingId":1}]"#.into(), 1064),
        (&post, rows.clone(), r#"[{"toTop":true,"toBottom":true}]"#.into(), 1062),
        (&post, rows.clone(), r#"[{"toTop":true},{"toBottom":true}]"#.into(), 1123),
        (&post, rows.clone(), cells(r#"{"value":1}"#), 1012),
        (&post, rows.clone(), cells(r#"{"columnId":"7","value":1}"#), 1008),
        (&post, rows.clone(), cells(r#"{"columnId":7,"value":1}"#), 1036),
        (
            &post,
            rows.clone(),
            cells(&format!(r#"{{"columnId":{key},"value":1}},{{"columnId":{key},"value":2}}"#)),
            1037,
        ),
        (&post, rows.clone(), cells(&format!(r#"{{"columnId":{key},"displayValue":"1"}}"#)), 1032),
        (&post, rows.clone(), cells(&format!(r#"{{"columnId":{key},"worth":1}}"#)), 1008),
        (&post, rows.clone(), cells(&format!(r#"{{"columnId":{key},"value":{{"a":1}}}}"#)), 1008),
        (&post, rows.clone(), cells(&format!(r#"{{"columnId":{key},"value":1,"objectValue":2}}"#)), 1130),
        (&post, rows.clone(), cells(&format!(r#"{{"columnId":{key},"value":1,"formula":"=1"}}"#)), 1163),
        (&post, rows.clone(), cells(&format!(r#"{{"columnId":{key},"formula":"1"}}"#)), 1162),
        (&post, rows.clone(), cells(&format!(r#"{{"columnId":{key},"value":1e17}}"#)), 1148),
        (&post, rows.clone(), cells(&format!(r#"{{"columnId":{key},"value":"{}"}}"#, "x".repeat(4001))), 1041),
        (&post, rows.clone(), cells(&format!(r#"{{"columnId":{date},"value":5}}"#)), 1042),
        (&post, rows.clone(), cells(&format!(r#"{{"columnId":{key},"value":"a","hyperlink":{{}}}}"#)), 1117),
        (
            &post,
            rows.clone(),
            cells(&format!(r#"{{"columnId":{key},"value":"a","hyperlink":{{"url":"u","sheetId":1}}}}"#)),
            1112,
        ),
        (&post, rows.clone(), cells(&format!(r#"{{"columnId":{key},"value":5,"hyperlink":{{"url":"u"}}}}"#)), 1113),
        (&post, rows.clone(), cells(&format!(r#"{{"columnId":{key},"value":null,"linkInFromCell":{{}}}}"#)), 1032),
        (&put, rows.clone(), r#"[{"cells":[]}]"#.into(), 1012),
        (&put, rows.clone(), r#"[{"id":9}]"#.into(), 1034),
        (&post, format!("/workspaces/{}/sheets", mock.workspace_id()), r#"{"name":"x"}"#.into(), 1054),
        (&post, format!("/workspaces/{}/sheets", mock.workspace_id()), r#"{"columns":[]}"#.into(), 1012),
        (&post, format!("/workspaces/{}/sheets", mock.workspace_id()), r#"{"name":"x","columns":[]}"#.into(), 1055),
    ];
    for (method, path, body, code) in table {
        let call = mock.client().request(method, &path);
        let call =
            if body.is_empty() { call } else { call.body(HeaderValue::from_static("application/json"), body.clone()) };
        let error = call.send_bytes().await.unwrap_err();
        assert_eq!(error.smartsheet_code(), Some(ErrorCode::new(code)), "{method} {path} {body}: {error}");
    }
    let text = mock.client().request(&post, &rows).body(HeaderValue::from_static("text/plain"), "[]");
    assert_eq!(text.send_bytes().await.unwrap_err().smartsheet_code(), Some(ErrorCode::CONTENT_TYPE));
    let csv =
        mock.client().request(&get, "/users/me").header(http::header::ACCEPT, HeaderValue::from_static("image/png"));
    assert_eq!(csv.send_bytes().await.unwrap_err().smartsheet_code(), Some(ErrorCode::NOT_ACCEPTABLE));
    assert_eq!(mock.fake().rows(sheet).len(), 0, "nothing was written");
}

#[tokio::test]
async fn cells_of_other_sheets_are_linked_by_updates_alone() {
    let mock = MockSmartsheet::new();
    let sheet = mock.template_id();
    mock.fake().add_row(sheet, &[(tracker::EVENT_ID, "e-1".into())]);
    let stores = mock.client().sheets().get(mock.fake().store_list_id()).await.unwrap();
    let from = connectors_smartsheet::CellLink::new(stores.id, stores.rows[0].id, stores.columns[0].id);
    let row = mock.fake().rows(sheet)[0].id;
    let column = mock.client().columns().list(sheet).await.unwrap()[1].id;
    let update = [RowUpdate::new(row, [CellWrite::link(column, from.clone())])];
    let done = mock.client().rows().update(sheet, update).await.unwrap();
    assert_eq!(done.result[0].cell(column).unwrap().link_in_from_cell().unwrap().sheet_id, from.sheet_id);
    mock.backend().script("rows.get", [Fault::HtmlPage(503)]);
    assert_eq!(mock.client().rows().get(sheet, row).await.unwrap().id, row);
}
