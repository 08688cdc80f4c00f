//! Smartsheet's own acceptance scenarios, by the real client over a real socket. See `acceptance/README.md`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use connectors_core::{Cursor, ErrorKind};
use connectors_smartsheet::{
    CellInput, CellLink, CellValue, CellWrite, ColumnId, ColumnType, ColumnUpdate, ErrorCode, FolderId, Hyperlink,
    NewRow, ReportId, ResourceType, RowId, RowLocation, RowUpdate, SheetId, SmartsheetClient, SmartsheetErrorExt,
    WorkspaceId,
};
use http::{HeaderName, HeaderValue, Method};
use serde_json::Value;

#[tokio::test]
async fn the_real_client_passes_the_acceptance_scenarios() {
    let folder = std::env::var_os("SMARTSHEET_ACCEPTANCE_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/acceptance"), PathBuf::from);
    let Some(server) = Server::start(&folder) else {
        let required = std::env::var("CONNECTORS_REQUIRE_ALL").is_ok_and(|value| value == "1");
        assert!(!required, "python3 is needed to run the acceptance scenarios");
        eprintln!("SKIPPED: the acceptance scenarios of Smartsheet need python3");
        return;
    };
    let client = SmartsheetClient::builder().access_token("acceptance").api_url(&server.url).build().unwrap();
    let stubs = stubs(&folder.join("wiremock-root/mappings"));
    assert!(stubs.len() >= 45, "only {} scenarios in {}", stubs.len(), folder.display());
    let mut typed = 0;
    for stub in &stubs {
        if rows_are_added(&client, stub).await || rows_are_updated(&client, stub).await || others(&client, stub).await {
            typed += 1;
        } else {
            replay(&client, stub).await;
        }
    }
    eprintln!("{} scenarios passed, {typed} of them by typed methods", stubs.len());
}

/// What a scenario wants to be asked, and what it answers.
#[derive(Debug)]
struct Stub {
    /// The header that chooses it, and its name.
    header: (HeaderName, String),
    request: Value,
    response: Value,
}

fn stubs(folder: &Path) -> Vec<Stub> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder of the mappings") {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(stubs(&path));
        } else if path.extension().is_some_and(|extension| extension == "json") {
            let mapping: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            let chosen = ["Api-Scenario", "x-test-name"].into_iter().find_map(|header| {
                let name = mapping["request"]["headers"][header]["equalTo"].as_str()?;
                Some((header.parse().unwrap(), name.to_owned()))
            });
            let header = chosen.unwrap_or_else(|| panic!("{} is chosen by no header", path.display()));
            found.push(Stub { header, request: mapping["request"].clone(), response: mapping["response"].clone() });
        }
    }
    found.sort_by(|one, other| one.header.1.cmp(&other.header.1));
    found
}

impl Stub {
    fn name(&self) -> &str {
        &self.header.1
    }
}

/// The headers that choose a scenario.
macro_rules! asking {
    ($request:expr, $stub:expr) => {
        $request
            .header($stub.header.0.clone(), HeaderValue::from_str($stub.name()).unwrap())
            .header(HeaderName::from_static("x-request-id"), HeaderValue::from_static("acceptance"))
    };
}

const SHEET: SheetId = SheetId::new(1);
const ONE: ColumnId = ColumnId::new(101);
const TWO: ColumnId = ColumnId::new(102);

async fn rows_are_added(client: &SmartsheetClient, stub: &Stub) -> bool {
    let row = |one: CellInput, two: CellInput| NewRow::new([CellWrite::value(ONE, one), CellWrite::value(TWO, two)]);
    let bing = || CellInput::hyperlink("Bing", Hyperlink::url("http://bing.com"));
    let add = |rows: Vec<NewRow>| asking!(client.rows().add(SHEET, rows), stub);
    match stub.name() {
        "Add Rows - Assign Values - Bool" => {
            let rows = vec![row(true.into(), "This is True".into()), row(false.into(), "This is False".into())];
            let done = add(rows).await.unwrap();
            assert_eq!(done.result[0].cell(ONE).unwrap().value, CellValue::Bool(true));
            assert_eq!((done.result[1].row_number, done.result[1].sibling_id), (2, Some(RowId::new(10))));
            assert_eq!(done.version, Some(7));
        }
        "Add Rows - Assign Formulae" => {
            let formulas = ["=SUM([Column2]3, [Column2]4)*2", "=SUM([Column2]3, [Column2]3, [Column2]4)"];
            let done = add(vec![row(CellInput::formula(formulas[0]), CellInput::formula(formulas[1]))]).await.unwrap();
            let cell = done.result[0].cell(ONE).unwrap();
            assert_eq!(
                (cell.value.as_i64(), cell.display_value(), cell.formula()),
                (Some(14), Some("14"), Some(formulas[0]))
            );
        }
        "Add Rows - Assign Values - Hyperlink" => {
            let google = CellInput::hyperlink("Google", Hyperlink::url("http://google.com"));
            let done = add(vec![row(google, bing())]).await.unwrap();
            assert_eq!(done.result[0].cell(TWO).unwrap().hyperlink(), Some(&Hyperlink::url("http://bing.com")));
        }
        "Add Rows - Invalid - Assign Hyperlink URL and SheetId" => {
            let mut both = Hyperlink::url("http://google.com");
            both.sheet_id = Some(SheetId::new(2));
            let rows = || vec![row(CellInput::hyperlink("Google", both.clone()), bing())];
            assert_eq!(add(rows()).await.unwrap_err().status(), None, "refused before it is sent");
            let error = add(rows()).skip_validation().await.unwrap_err();
            assert_eq!((error.smartsheet_code(), error.field()), (Some(ErrorCode::HYPERLINK_TARGETS), Some("rows[0]")));
            assert_eq!(error.request_id(), Some("dbwn8owxskam"));
        }
        "Add Rows - Location - Top" => {
            let done = add(vec![row("Apple".into(), "Red Fruit".into())]).location(RowLocation::Top).await.unwrap();
            assert_eq!((done.result[0].row_number, done.result[0].id), (1, RowId::new(10)));
        }
        _ => return false,
    }
    true
}

async fn rows_are_updated(client: &SmartsheetClient, stub: &Stub) -> bool {
    let row = |id, cells: Vec<(ColumnId, CellInput)>| {
        RowUpdate::new(RowId::new(id), cells.into_iter().map(|(column, input)| CellWrite::value(column, input)))
    };
    let update = |rows: Vec<RowUpdate>| asking!(client.rows().update(SHEET, rows), stub);
    match stub.name() {
        "Update Rows - Assign Values - Int" => {
            let first = row(10, vec![(ONE, 100.into()), (TWO, "One Hundred".into())]);
            let second = row(11, vec![(ONE, 2.1.into()), (TWO, "Two Point One".into())]);
            let done = update(vec![first, second]).await.unwrap();
            assert_eq!(done.result[0].cell(ONE).unwrap().value.as_i64(), Some(100));
            assert_eq!(done.result[1].cell(ONE).unwrap().value.as_number().unwrap().as_str(), "2.1");
        }
        "Update Rows - Assign Values - Hyperlink ReportID" => {
            let link = |name: &str, id| CellInput::hyperlink(name, Hyperlink::report(ReportId::new(id)));
            let done = update(vec![row(10, vec![(ONE, link("Report9", 9)), (TWO, link("Report8", 8))])]).await.unwrap();
            let held = done.result[0].cell(ONE).unwrap().hyperlink().unwrap();
            assert_eq!(held.report_id, Some(ReportId::new(9)));
        }
        "Update Rows - Clear Value - Checkbox" => {
            let done = update(vec![row(10, vec![(ONE, CellInput::clear())])]).await.unwrap();
            assert_eq!(done.result[0].cell(ONE).unwrap().value, CellValue::Bool(false));
        }
        "Update Rows - Clear Value - Text Number" => {
            let done = update(vec![row(10, vec![(ONE, CellInput::clear())])]).await.unwrap();
            assert_eq!(done.result[0].cell(ONE).unwrap().value, CellValue::Empty);
        }
        "Serialization - Cell Link" => {
            let from = CellLink::new(SheetId::new(4), RowId::new(5), ColumnId::new(6));
            let done = update(vec![row(2, vec![(ColumnId::new(3), CellInput::Link(from))])]).await.unwrap();
            let link = done.result[0].cells[0].link_in_from_cell().unwrap().clone();
            assert_eq!((link.sheet_name.as_deref(), link.status.unwrap().as_str()), (Some("Linked Sheet Name"), "OK"));
        }
        _ => return false,
    }
    true
}

async fn others(client: &SmartsheetClient, stub: &Stub) -> bool {
    match stub.name() {
        "Update Column - Change Type - Picklist" => {
            let change = ColumnUpdate::new().title("Updated Column").column_type(2, ColumnType::Picklist);
            let change = change.options(["An", "updated", "column"]).width(200);
            let update = client.columns().update(SheetId::new(123), ColumnId::new(234), change);
            let column = asking!(update, stub).await.unwrap().result;
            assert_eq!((column.column_type, column.options.len(), column.width), (ColumnType::Picklist, 3, Some(200)));
        }
        "/users/get-current-user/all-response-body-properties" => {
            let me = asking!(client.users().me(), stub).await.unwrap();
            assert_eq!((me.name().as_str(), me.email.as_deref()), ("Test User", Some("test.user@smartsheet.com")));
            assert_eq!(me.account.unwrap().name.as_deref(), Some("Test Account"));
        }
        "/workspaces/list-workspaces/all-response-body-properties" => {
            let page = asking!(client.workspaces().list(), stub).await.unwrap();
            assert_eq!(page.data[1].id, WorkspaceId::new(1_234_567_890_123_456));
            assert_eq!(page.last_key.as_deref(), Some("abcDefGhIjKlMnOpQrStUvWxYz"));
        }
        "List Workspaces - Middle Page with Pagination" => {
            let list = client.workspaces().list().max_items(100).starting_at(Cursor::new("eyJsYXN0SWQiOjEwMDJ9"));
            let page = asking!(list, stub).await.unwrap();
            assert_eq!((page.data.len(), page.last_key.as_deref()), (2, Some("eyJsYXN0SWQiOjEwMDR9")));
        }
        "/workspaces/list-workspace-children/all-response-body-properties" => {
            let page = asking!(client.workspaces().children(WorkspaceId::new(1)), stub).await.unwrap();
            let kinds: Vec<_> = page.data.into_iter().filter_map(|child| child.resource_type).collect();
            assert_eq!(kinds, [ResourceType::Sheet, ResourceType::Folder, ResourceType::Sight]);
        }
        "/folders/list-folder-children/all-response-body-properties" => {
            let page = asking!(client.folders().children(FolderId::new(1)), stub).await.unwrap();
            let kinds: Vec<_> = page.data.into_iter().filter_map(|child| child.resource_type).collect();
            assert_eq!(kinds, [ResourceType::Folder, ResourceType::Sheet, ResourceType::Report, ResourceType::Sight]);
        }
        "/sheets/get-sheet/data-classification" => {
            let sheet = asking!(client.sheets().get(SHEET), stub).await.unwrap();
            assert_eq!(sheet.data_classification.as_deref(), Some("Confidential"));
        }
        "/errors/400-response" => {
            let error = asking!(client.users().me(), stub).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.smartsheet_code()),
                (ErrorKind::InvalidRequest, Some(ErrorCode::PARSE_ERROR))
            );
        }
        "/errors/500-response" => {
            let error = asking!(client.sheets().get(SHEET), stub).await.unwrap_err();
            assert_eq!((error.kind(), error.smartsheet_code()), (ErrorKind::Server, Some(ErrorCode::UNEXPECTED)));
            assert_eq!(error.attempts(), 1, "an unexpected failure is not repeated");
        }
        _ => return false,
    }
    true
}

/// A scenario without a typed method: what it wants to be asked goes through the passthrough, and its whole answer must come back.
async fn replay(client: &SmartsheetClient, stub: &Stub) {
    let request = &stub.request;
    let method: Method = request["method"].as_str().unwrap_or("GET").parse().unwrap();
    let path =
        ["urlPath", "urlPathTemplate", "urlPathPattern"].into_iter().find_map(|kind| request[kind].as_str()).unwrap();
    let path = path.trim_end_matches("\\/?").trim_start_matches("/2.0");
    let path: Vec<_> = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect();
    let mut call = asking!(client.request(&method, &path.join("/")), stub);
    for (name, value) in request["queryParameters"].as_object().into_iter().flatten() {
        call = call.query(name, value["equalTo"].as_str().unwrap());
    }
    let wanted =
        request["bodyPatterns"].as_array().into_iter().flatten().find_map(|pattern| pattern.get("equalToJson"));
    call = match wanted {
        Some(Value::String(text)) => call.body(HeaderValue::from_static("application/json"), text.clone()),
        Some(json) => call.json(json),
        None if request["headers"].get("Content-Type").is_some() => {
            call.body(HeaderValue::from_static("application/json"), "")
        }
        None => call,
    };
    let outcome = call.send::<Value>().await;
    let status = stub.response["status"].as_u64().unwrap_or(200);
    match outcome {
        Ok(answer) => {
            assert_eq!(*answer, stub.response["jsonBody"], "{}", stub.name());
            assert_eq!(u64::from(answer.meta().status.as_u16()), status, "{}", stub.name());
        }
        Err(error) => {
            let code = stub.response["jsonBody"]["errorCode"].as_u64().map(|code| code.to_string());
            assert_eq!(error.status().map(|s| u64::from(s.as_u16())), Some(status), "{}: {error:#}", stub.name());
            assert_eq!(error.code(), code.as_deref(), "{}: {error:#}", stub.name());
        }
    }
}

/// The stub server, stopped when it is dropped.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    /// `None` without Python.
    fn start(folder: &Path) -> Option<Self> {
        // The port is free when it is asked for and may not be a moment later: then the next one is tried.
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let mut process = Command::new("python3")
                .arg(folder.join("serve.py"))
                .args(["--port", &port.to_string(), "--root"])
                .arg(folder.join("wiremock-root"))
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .ok()?;
            let mut line = String::new();
            BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
            let server = Self { process, url: format!("http://127.0.0.1:{port}/2.0") };
            if line.contains("stubs on") {
                return Some(server);
            }
        }
        panic!("the stub server does not start");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
