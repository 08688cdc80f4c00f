//! What goes over the wire, to the letter, where the acceptance scenarios at hand do not say it: requests of the older
//! suite by their names, and the answers that they have.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use std::future::IntoFuture;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use connectors_core::{HttpRequest, HttpResponse, ResponseBody, Result, Transport, TransportError};
use connectors_smartsheet::*;
use http::Method;
use serde_json::{Value, json};

/// Remembers what it was asked, and answers with success.
#[derive(Debug, Clone, Default)]
struct Wire(Arc<Mutex<Vec<HttpRequest>>>);

#[async_trait]
impl Transport for Wire {
    async fn send(&self, request: HttpRequest) -> std::result::Result<HttpResponse, TransportError> {
        self.0.lock().unwrap().push(request);
        let body = bytes::Bytes::from_static(br#"{"message":"SUCCESS","resultCode":0,"result":{}}"#);
        Ok(http::Response::new(ResponseBody::from(body)))
    }
}

impl Wire {
    fn client(&self, change: impl FnOnce(SmartsheetBuilder) -> SmartsheetBuilder) -> SmartsheetClient {
        change(SmartsheetClient::builder().access_token("t").transport(Arc::new(self.clone()))).build().unwrap()
    }

    /// Method, path with query, and body of what the call sent, whatever it made of the answer.
    async fn sent<T, F: IntoFuture<Output = Result<T>>>(&self, call: impl FnOnce(SmartsheetClient) -> F) -> String {
        if let Err(error) = call(self.client(|builder| builder)).await {
            assert!(self.0.lock().unwrap().len() == 1, "refused before it was sent: {error:#}");
        }
        let request = self.0.lock().unwrap().remove(0);
        let target = request.uri().path_and_query().unwrap().as_str().trim_start_matches("/2.0").to_owned();
        let body = String::from_utf8(request.body().to_vec()).unwrap();
        if !body.is_empty() {
            assert_eq!(request.headers()["content-type"], "application/json");
        }
        format!("{} {target} {body}", request.method()).trim().to_owned()
    }
}

macro_rules! sends {
    ($call:expr => $wanted:expr, $body:tt) => {
        let sent = Wire::default().sent($call).await;
        let (line, body) = sent.split_once(" {").map(|(line, body)| (line, format!("{{{body}"))).unwrap_or_else(|| {
            let (line, body) = sent.split_once(" [").unwrap_or((&sent, ""));
            (line, if body.is_empty() { "null".to_owned() } else { format!("[{body}") })
        });
        assert_eq!((line, serde_json::from_str::<Value>(&body).unwrap()), ($wanted, json!($body)));
    };
}

const SHEET: SheetId = SheetId::new(1);
const ONE: ColumnId = ColumnId::new(101);
const TWO: ColumnId = ColumnId::new(102);

fn cell(input: impl Into<CellInput>) -> [NewRow; 1] {
    [NewRow::new([CellWrite::value(ONE, input)])]
}

fn change(input: impl Into<CellInput>) -> [RowUpdate; 1] {
    [RowUpdate::new(RowId::new(10), [CellWrite::value(ONE, input)])]
}

#[tokio::test]
async fn rows_are_written_in_all_their_ways() {
    sends!(|c| c.rows().add(SHEET, cell("Apple")) => "POST /sheets/1/rows",
        [{ "cells": [{ "columnId": 101, "value": "Apple" }] }]);
    sends!(|c| c.rows().add(SHEET, cell("Apple")).location(RowLocation::Bottom) => "POST /sheets/1/rows",
        [{ "cells": [{ "columnId": 101, "value": "Apple" }], "toBottom": true }]);
    sends!(|c| c.rows().update(SHEET, [RowUpdate::new(RowId::new(10), [])]).location(RowLocation::Bottom)
        => "PUT /sheets/1/rows", [{ "id": 10, "toBottom": true }]);
    sends!(|c| c.rows().add(SHEET, cell(CellInput::hyperlink("Sheet2", Hyperlink::sheet(SheetId::new(2)))))
        => "POST /sheets/1/rows",
        [{ "cells": [{ "columnId": 101, "value": "Sheet2", "hyperlink": { "sheetId": 2 } }] }]);
    let full = NewRow::new([CellWrite::value(TWO, 7)]).expanded(false).locked(true).format(",,1,,,,,,,,,,,,,,");
    sends!(|c| c.rows().add(SHEET, [full]).location(RowLocation::FirstChildOf(RowId::new(5))) => "POST /sheets/1/rows",
        [{ "cells": [{ "columnId": 102, "value": 7 }], "expanded": false, "locked": true,
            "format": ",,1,,,,,,,,,,,,,,", "parentId": 5 }]);
    sends!(|c| c.rows().add(SHEET, cell("x")).allow_partial_success()
        => "POST /sheets/1/rows?allowPartialSuccess=true", [{ "cells": [{ "columnId": 101, "value": "x" }] }]);
}

#[tokio::test]
async fn predecessors_have_whole_and_broken_lags() {
    let on = |lag: fn(&mut Duration)| {
        let mut before = Predecessor::new(RowId::new(10), PredecessorType::FinishToStart);
        let mut time = Duration::default();
        lag(&mut time);
        before.lag = Some(time);
        CellInput::Object(ObjectValue::PredecessorList(vec![before]))
    };
    sends!(|c| c.rows().add(SHEET, cell(on(|lag| (lag.days, lag.hours) = (Some(2.into()), Some(5.into())))))
        => "POST /sheets/1/rows",
        [{ "cells": [{ "columnId": 101, "objectValue": { "objectType": "PREDECESSOR_LIST", "predecessors": [
            { "rowId": 10, "type": "FS", "lag": { "objectType": "DURATION", "days": 2, "hours": 5 } }] } }] }]);
    sends!(|c| c.rows().update(SHEET, change(on(|lag| lag.days = Some(2.5.into())))) => "PUT /sheets/1/rows",
        [{ "id": 10, "cells": [{ "columnId": 101, "objectValue": { "objectType": "PREDECESSOR_LIST", "predecessors": [
            { "rowId": 10, "type": "FS", "lag": { "objectType": "DURATION", "days": 2.5 } }] } }] }]);
    let read = json!({ "objectType": "PREDECESSOR_LIST", "predecessors": [
        { "rowId": 10, "rowNumber": 1, "type": "FS", "inCriticalPath": true, "invalid": false }] });
    let ObjectValue::PredecessorList(read) = serde_json::from_str(&read.to_string()).unwrap() else { panic!() };
    assert_eq!((read[0].in_critical_path, read[0].invalid), (Some(true), Some(false)));
}

#[tokio::test]
async fn cells_are_cleared_and_contradicted() {
    sends!(|c| c.rows().update(SHEET, change(CellInput::Clear(Clear::Hyperlink))) => "PUT /sheets/1/rows",
        [{ "id": 10, "cells": [{ "columnId": 101, "value": "", "hyperlink": null }] }]);
    sends!(|c| c.rows().update(SHEET, change(CellInput::Clear(Clear::Link))) => "PUT /sheets/1/rows",
        [{ "id": 10, "cells": [{ "columnId": 101, "value": "", "linkInFromCell": null }] }]);
    sends!(|c| c.rows().update(SHEET, change(CellInput::Clear(Clear::Predecessors))) => "PUT /sheets/1/rows",
        [{ "id": 10, "cells": [{ "columnId": 101, "value": null }] }]);
    let both = json!({ "value": "", "hyperlink": { "url": "http://google.com" },
        "linkInFromCell": { "sheetId": 2, "rowId": 20, "columnId": 201 } });
    let both = || change(CellInput::attributes(&both).unwrap());
    let refused = Wire::default().client(|b| b).rows().update(SHEET, both()).await.unwrap_err();
    assert_eq!(refused.status(), None);
    sends!(|c| c.rows().update(SHEET, both()).skip_validation() => "PUT /sheets/1/rows",
        [{ "id": 10, "cells": [{ "columnId": 101, "value": "", "hyperlink": { "url": "http://google.com" },
            "linkInFromCell": { "sheetId": 2, "rowId": 20, "columnId": 201 } }] }]);
}

#[tokio::test]
async fn rows_are_moved_without_a_word_too_many() {
    sends!(|c| c.rows().copy_to(SHEET, [RowId::new(2)], SheetId::new(3)) => "POST /sheets/1/rows/copy",
        { "rowIds": [2], "to": { "sheetId": 3 } });
    sends!(|c| c.rows().move_to(SHEET, [RowId::new(2)], SheetId::new(3)) => "POST /sheets/1/rows/move",
        { "rowIds": [2], "to": { "sheetId": 3 } });
}

#[tokio::test]
async fn sheets_are_listed_and_created_to_the_letter() {
    sends!(|c| c.sheets().list() => "GET /sheets", null);
    sends!(|c| c.sheets().list().include([SheetInclude::OwnerInfo]) => "GET /sheets?include=ownerInfo", null);
    let none = || NewSheet::with_columns("New Sheet", []);
    #[allow(deprecated, reason = "it still answers")]
    let create = |c: SmartsheetClient| c.sheets().create_at_home(none()).skip_validation();
    sends!(create => "POST /sheets", { "name": "New Sheet", "columns": [] });
}

#[tokio::test]
async fn columns_are_created_with_everything() {
    let column = NewColumn::new("A Brave New Column", ColumnType::Picklist).options(["option1", "option2"]).width(42);
    let column = column.validation(false).locked(false).hidden(true).description("What for").formula("=1");
    sends!(|c| c.columns().add(SHEET, 2, [column]) => "POST /sheets/1/columns",
        [{ "title": "A Brave New Column", "type": "PICKLIST", "options": ["option1", "option2"], "index": 2,
            "validation": false, "width": 42, "locked": false, "hidden": true, "description": "What for",
            "formula": "=1" }]);
    let contacts = ColumnUpdate::new().title("Updated Column").column_type(2, ColumnType::ContactList);
    let contacts = contacts.contacts([ContactOption::new("jane@example.com")]).width(200);
    sends!(|c| c.columns().update(SHEET, ONE, contacts) => "PUT /sheets/1/columns/101",
        { "title": "Updated Column", "type": "CONTACT_LIST", "index": 2, "width": 200,
            "contactOptions": [{ "email": "jane@example.com" }] });
    let read =
        json!({ "id": 1, "index": 0, "title": "A", "type": "DATE", "format": ",2", "tags": ["CALENDAR_START_DATE"] });
    let read: Column = serde_json::from_value(read).unwrap();
    assert_eq!((read.format.as_deref(), read.tags.len()), (Some(",2"), 1));
}

#[tokio::test]
async fn people_are_written_to_the_letter() {
    sends!(|c| c.users().reactivate(UserId::new(2)) => "POST /users/2/reactivate", null);
    let group = NewGroup::new("a new group").description("a description").members(["john.doe@smartsheet.com"]);
    sends!(|c| c.groups().create(group) => "POST /groups",
        { "name": "a new group", "description": "a description", "members": [{ "email": "john.doe@smartsheet.com" }] });
    // Shares of a sheet by itself are gone: the model alone is still good.
    let share = NewShare::user("john.doe@smartsheet.com", AccessLevel::Viewer).subject("s").message("m").cc_me(true);
    sends!(|c| { async move { c.request(&Method::POST, "/sheets/1/shares").json(&[share]).send::<Value>().await } }
        => "POST /sheets/1/shares",
        [{ "email": "john.doe@smartsheet.com", "accessLevel": "VIEWER", "subject": "s", "message": "m", "ccMe": true }]);
    let template: TemplateInfo = serde_json::from_value(json!({
        "id": 1, "name": "t", "type": "sheet", "accessLevel": "OWNER", "description": "d", "globalTemplate": "TASK_LIST",
        "blank": true, "image": "i", "largeImage": "l", "locale": "en_US", "tags": ["a"], "categories": ["b"],
    }))
    .unwrap();
    assert!(template.blank && template.locale.is_some() && template.large_image.is_some());
}

#[tokio::test]
async fn the_rest_is_written_to_the_letter() {
    let reference = NewCrossSheetReference::cells(
        "ref",
        SheetId::new(2),
        (RowId::new(3), ColumnId::new(5)),
        (RowId::new(4), ColumnId::new(6)),
    );
    sends!(|c| c.cross_sheet_references().create(SHEET, reference) => "POST /sheets/1/crosssheetreferences",
        { "name": "ref", "sourceSheetId": 2, "startRowId": 3, "endRowId": 4, "startColumnId": 5, "endColumnId": 6 });
    let email = RowEmail::new(Email::to(["john.doe@smartsheet.com"]).subject("s").cc_me(true), [RowId::new(2)]);
    sends!(|c| c.update_requests().create(SHEET, NewUpdateRequest::new(email)) => "POST /sheets/1/updaterequests",
        { "sendTo": [{ "email": "john.doe@smartsheet.com" }], "subject": "s", "ccMe": true, "rowIds": [2] });
}

#[tokio::test]
async fn headers_say_who_acts_for_whom() {
    let wire = Wire::default();
    let client = wire.client(|b| b.change_agent("MyChangeAgent").assume_user("jane.doe@smartsheet.com"));
    client.sheets().list().await.unwrap();
    let request = wire.0.lock().unwrap().remove(0);
    assert_eq!(request.headers()["Smartsheet-Change-Agent"], "MyChangeAgent");
    assert_eq!(request.headers()["Assume-User"], "jane.doe%40smartsheet.com");
}

#[tokio::test]
async fn what_hangs_on_sheets_is_written_to_the_letter() {
    let row = RowId::new(2);
    let link = NewLink::new("Search Engine", "http://www.google.com").description("A popular search engine");
    sends!(|c| c.attachments().attach_to_row(SHEET, row, link) => "POST /sheets/1/rows/2/attachments",
        { "attachmentType": "LINK", "name": "Search Engine", "url": "http://www.google.com",
          "description": "A popular search engine" });
    sends!(|c| c.discussions().create_on_row(SHEET, row, NewDiscussion::new("This is a comment!"))
        => "POST /sheets/1/rows/2/discussions", { "comment": { "text": "This is a comment!" } });
    sends!(|c| c.shares().list(SHEET).query("accessApiLevel", 1)
        => "GET /shares?assetType=sheet&assetId=1&accessApiLevel=1", null);
    sends!(|c| c.images().urls([ImageRef::new(ImageId::new("abc").unwrap()).fit(100, 200)]) => "POST /imageurls",
        [{ "imageId": "abc", "width": 100, "height": 200 }]);
    let email = Email::to(["email@test.com"]).subject("some subject").message("some message").cc_me(false);
    sends!(|c| c.sheets().send(SHEET, SheetEmail::pdf(email, PaperSize::A4)) => "POST /sheets/1/emails",
        { "sendTo": [{ "email": "email@test.com" }], "subject": "some subject", "message": "some message",
          "ccMe": false, "format": "PDF", "formatDetails": { "paperSize": "A4" } });
    let days = ["2018-04-04", "2018-05-05"].map(|day| day.parse().unwrap());
    let project = ProjectSettings::new().working_days([WorkingDay::Monday]).non_working_days(days).length_of_day(6);
    let user = SheetUserSettings::new().critical_path_enabled(true).display_summary_tasks(true);
    let settings = SheetUpdate::new().project_settings(project).user_settings(user);
    sends!(|c| c.sheets().update(SHEET, settings) => "PUT /sheets/1",
        { "userSettings": { "criticalPathEnabled": true, "displaySummaryTasks": true },
          "projectSettings": { "workingDays": ["MONDAY"], "nonWorkingDays": ["2018-04-04", "2018-05-05"],
                               "lengthOfDay": 6 } });
    let cell = CellWrite::hyperlink(ONE, "sheet", Hyperlink::sheet(SheetId::new(4))).strict(false);
    let row = NewRow::new([cell]).expanded(true).locked(false).format(",,,,,,,,4,,,,,,,");
    sends!(|c| c.rows().add(SHEET, [row]) => "POST /sheets/1/rows",
        [{ "expanded": true, "locked": false, "format": ",,,,,,,,4,,,,,,,",
           "cells": [{ "columnId": 101, "value": "sheet", "strict": false, "hyperlink": { "sheetId": 4 } }] }]);
}
