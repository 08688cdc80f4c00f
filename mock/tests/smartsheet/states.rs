//! What the fake holds: saved, loaded, reset, and given from the beginning.

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use connectors_core::testing::VirtualClock;
use connectors_core::{Clock, ErrorKind};
use connectors_mock::{
    Fake, FakeSmartsheet, FolderSetup, GroupSetup, MockSmartsheet, PersonSetup, Reply, RowSetup, SheetSetup,
    SmartsheetSetup, WorkspaceSetup,
};
use connectors_smartsheet::{
    CellInput, CellWrite, ColumnType, NewColumn, NewDiscussion, NewFile, NewRow, NewWebhook, Scope, SmartsheetService,
    WebhookReceiver,
};
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::walk;

fn now() -> DateTime<Utc> {
    VirtualClock::default().now_utc()
}

fn request(method: &str, path: &str, body: &Value, key: &str) -> http::Request<Bytes> {
    let request = http::Request::builder().method(method).uri(path).header("authorization", format!("Bearer {key}"));
    let body = if body.is_null() { String::new() } else { body.to_string() };
    request.header("content-type", "application/json").body(body.into()).unwrap()
}

fn ask(fake: &FakeSmartsheet, method: &str, path: &str, body: &Value) -> Reply {
    fake.handle(&request(method, path, body, "mock-key"), now())
}

fn value(reply: &Reply) -> Value {
    serde_json::from_slice(reply.body()).unwrap()
}

fn assert_same(one: &Reply, other: &Reply, what: &str) {
    assert_eq!((one.status(), one.headers()), (other.status(), other.headers()), "{what}");
    assert_eq!(String::from_utf8_lossy(one.body()), String::from_utf8_lossy(other.body()), "{what}");
}

/// One that was made with another seed, at another time, and holds what was saved.
fn twin(saved: &str) -> FakeSmartsheet {
    let twin = FakeSmartsheet::new(99, now() + TimeDelta::days(40));
    assert_ne!(twin.save().unwrap(), saved);
    twin.load(saved).unwrap();
    assert_eq!(twin.save().unwrap(), saved);
    twin
}

#[tokio::test]
async fn a_loaded_fake_answers_every_operation_as_the_one_that_was_saved_would() {
    let done = walk::everywhere().await.mock.backend().journal();
    let one = FakeSmartsheet::new(7, now());
    let (mut twins, mut taken) = (Vec::new(), 0);
    for (number, entry) in done.iter().enumerate() {
        if number % 20 == 0 {
            twins = vec![twin(&one.save().unwrap())];
        }
        let path = entry.query.as_ref().map_or(entry.path.clone(), |query| format!("{}?{query}", entry.path));
        let mut request = http::Request::new(entry.body.clone());
        (*request.method_mut(), *request.uri_mut()) = (entry.method.clone(), path.parse().unwrap());
        request.headers_mut().clone_from(&entry.headers);
        let answer = one.handle(&request, entry.at);
        taken += usize::from(answer.status().is_success());
        for twin in &twins {
            assert_same(&answer, &twin.handle(&request, entry.at), &format!("{} {path}", entry.method));
        }
    }
    assert!(taken > 150 && done.len() - taken < 20, "{taken} of {} did something", done.len());
    assert_eq!(one.save().unwrap(), twins[0].save().unwrap());
}

#[tokio::test]
async fn tokens_callbacks_and_references_go_on_where_they_were() {
    let mock = MockSmartsheet::new();
    let url = "https://hooks.example.com/smartsheet";
    let receiver = WebhookReceiver::builder().clock(Arc::clone(mock.backend().clock())).build();
    let listening = receiver.clone();
    mock.fake().receive_callbacks(url, move |request| match listening.receive(request.headers(), request.body()) {
        Ok(incoming) => incoming.reply(),
        Err(refusal) => refusal.reply(),
    });
    let new = NewWebhook::sheet("Stores", url, mock.store_list_id());
    let webhook = mock.client().webhooks().ensure(new).receiver(&receiver).await.unwrap().webhook;
    let column = mock.client().columns().list(mock.store_list_id()).await.unwrap()[0].id;
    let rows = [NewRow::new([CellWrite::value(column, "Alexa")])];
    mock.client().rows().add(mock.store_list_id(), rows).await.unwrap();
    assert_eq!(mock.fake().webhooks()[0].pending, 1);
    // It is under way when the fake is saved, and nobody will say what became of it.
    let under_way = mock.fake().callbacks(now());

    let app = mock.oauth_app();
    let page = app.authorization_url([Scope::ReadSheets], "s-1").unwrap();
    let code = mock.consent(&page).query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();

    let saved = mock.backend().save().unwrap();
    let (one, other) = (twin(&saved), twin(&saved));
    let again = one.callbacks(now());
    assert_eq!(again[0].request.body(), under_way[0].request.body());
    assert_eq!(again[0].request.headers(), other.callbacks(now())[0].request.headers());
    for fake in [&one, &other] {
        fake.callback_answered(again[0].id, Some(&Response::new(Bytes::new())), now());
        assert_eq!((fake.webhooks()[0].id, fake.webhooks()[0].pending), (webhook.id, 0));
    }

    let form = format!("grant_type=authorization_code&client_id=mock-app&client_secret=mock-app-secret&code={code}");
    let mut exchange = http::Request::post("/2.0/token").body(Bytes::from(form)).unwrap();
    exchange.headers_mut().insert("content-type", "application/x-www-form-urlencoded".parse().unwrap());
    let token = one.handle(&exchange, now());
    assert_eq!(token.status(), StatusCode::OK);
    assert_same(&token, &other.handle(&exchange, now()), "the token");
    let access = value(&token)["access_token"].as_str().unwrap().to_owned();
    let third = twin(&one.save().unwrap());
    let with_token = request("GET", "/2.0/sheets", &Value::Null, &access);
    assert_eq!(third.handle(&with_token, now()).status(), StatusCode::OK);
    let (refused, there) =
        (ask(&one, "GET", "/2.0/sheets/1", &Value::Null), ask(&third, "GET", "/2.0/sheets/1", &Value::Null));
    assert_same(&refused, &there, "what the support is asked about");
}

#[tokio::test]
async fn files_and_numbers_are_kept_to_the_last_bit() {
    let sheet = SheetSetup::new("Numbers").column("Name", ColumnType::TextNumber).column("N", ColumnType::TextNumber);
    let numbers = [0.1 + 0.2, 9_007_199_254_740_991.0, 1.0e-7, 123_456.789_012_345_67, 5e-324];
    let sheet = numbers.iter().fold(sheet, |sheet, number| sheet.row(RowSetup::new().cell("N", *number)));
    let mock = MockSmartsheet::builder().initial(SmartsheetSetup::new().sheet(sheet)).build().unwrap();
    let id = mock.fake().sheet_named("Numbers").unwrap().id;
    let bytes: Vec<u8> = (0..=255).collect();
    let file = NewFile::new("all.bin", bytes.clone());
    let attached = mock.client().attachments().attach_to_sheet(id, file).await.unwrap();

    let saved = mock.backend().save().unwrap();
    let loaded = MockSmartsheet::builder().seed(8).build().unwrap();
    loaded.backend().load(&saved).unwrap();
    assert_eq!(loaded.client().sheets().get(id).await.unwrap(), mock.client().sheets().get(id).await.unwrap());
    assert_eq!(loaded.store_list_id(), mock.store_list_id());
    let held = loaded.fake().attachments(id);
    assert_eq!((held[0].id, held[0].name.as_str(), held[0].row), (attached.id, "all.bin", None));
    assert_eq!(held[0].bytes, bytes);
}

#[test]
fn a_state_that_cannot_be_leaves_the_fake_as_it_is() {
    let fake = FakeSmartsheet::new(7, now());
    fake.add(r#"{"folders":[{"name":"Outer","folders":[{"name":"Inner"}]}]}"#, now()).unwrap();
    let saved = fake.save().unwrap();
    let refused = |text: &str, field: &str| {
        let error = fake.load(text).unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some(field)), "{error}");
        assert_eq!(fake.save().unwrap(), saved);
    };
    refused("7", ".");
    refused(&saved.replace("smartsheet", "placer"), "provider");
    refused(&saved.replace(r#""page_cap""#, r#""page_cup""#), "state.page_cup");
    refused(&saved.replacen(r#""status":"ACTIVE""#, r#""status":7"#, 1), "state.users.users[0].status");
    // A folder in itself would be walked around for ever.
    let [outer, inner] = ["Outer", "Inner"].map(|name| fake.folder_named(name).unwrap());
    let at = format!(r#"{{"id":{outer},"name":"Outer","place":"Home""#);
    let around = saved.replace(&at, &format!(r#"{{"id":{outer},"name":"Outer","place":{{"Folder":{inner}}}"#));
    assert_ne!(around, saved);
    refused(&around, "state.folders[1].place");
}

#[tokio::test]
async fn a_reset_fake_is_as_it_began() {
    let setup = SmartsheetSetup::new().sheet(SheetSetup::new("Mine").column("Name", ColumnType::TextNumber));
    let mock = MockSmartsheet::builder().seed(11).initial(setup.clone()).build().unwrap();
    let begun = mock.backend().save().unwrap();
    mock.client().sheets().delete(mock.store_list_id()).await.unwrap();
    mock.backend().on("sheets.list").times(3).status(503);
    mock.backend().reset(None).unwrap();
    assert_eq!(mock.backend().save().unwrap(), begun);
    assert_eq!((mock.backend().journal().total(), mock.backend().pending_faults()), (0, 0));

    mock.backend().reset(Some(12)).unwrap();
    let other = MockSmartsheet::builder().seed(12).initial(setup).build().unwrap();
    assert_eq!(mock.backend().save().unwrap(), other.backend().save().unwrap());
    assert_ne!(mock.backend().save().unwrap(), begun);
    assert!(mock.fake().sheet_named("Mine").is_some());
    mock.backend().reset(None).unwrap();
    assert_eq!(mock.backend().save().unwrap(), begun);
}

#[tokio::test]
async fn a_setup_is_there_for_everybody() {
    let stores = SheetSetup::new("Stores")
        .column("Store", ColumnType::TextNumber)
        .options("City", ["Berlin", "Hamburg"])
        .column("Open", ColumnType::Checkbox)
        .column("Manager", ColumnType::ContactList)
        .column("Since", ColumnType::Date)
        .column_of(&NewColumn::new("Crews", ColumnType::MultiPicklist).options(["A", "B"]))
        .row([("Store", "Alexa"), ("City", "Berlin"), ("Manager", "ana@example.com"), ("Since", "2026-03-01")])
        .row(RowSetup::new().cell("Store", "Arcaden").cell("Open", true));
    let tour = WorkspaceSetup::new("Tour").folder(FolderSetup::new("North").sheet(stores));
    let setup = SmartsheetSetup::new()
        .user(PersonSetup::new("ana@example.com").name("Ana", "Diaz").group_admin())
        .user(PersonSetup::new("new@example.com").invited())
        .group(GroupSetup::new("Night shift").description("Late").member("ana@example.com"))
        .workspace(tour);
    let text = serde_json::to_string(&setup).unwrap();
    assert_eq!(serde_json::from_str::<SmartsheetSetup>(&text).unwrap(), setup);

    let mock = MockSmartsheet::builder().initial(setup).build().unwrap();
    let fake = mock.fake();
    let sheet = fake.sheet_named("Stores").unwrap();
    assert_eq!(fake.rows(sheet.id)[0].cell("Since"), Some("2026-03-01"));
    let path = ask(fake, "GET", &format!("/2.0/sheets/{}/path", sheet.id), &Value::Null);
    assert_eq!(value(&path)["folders"][0]["name"], "North");
    let seen = mock.client().sheets().get(sheet.id).await.unwrap();
    assert_eq!((seen.rows.len(), seen.columns[0].primary, seen.columns[1].options.len()), (2, true, 2));
    assert!(fake.workspace_named("Tour").is_some() && fake.folder_named("North").is_some());
    let users: Vec<_> = fake.users().into_iter().rev().take(2).map(|user| (user.name, user.status)).collect();
    assert_eq!(users, [(String::new(), "PENDING".to_owned()), ("Ana Diaz".to_owned(), "ACTIVE".to_owned())]);
    let groups = value(&ask(fake, "GET", "/2.0/groups", &Value::Null));
    assert!(groups["data"].as_array().unwrap().iter().any(|group| group["name"] == "Night shift"));
    assert!(mock.summary().await.is_ok());
}

#[test]
fn what_the_api_would_refuse_is_refused_and_named() {
    let refused = |setup: Value, field: &str| {
        let fake = FakeSmartsheet::new(7, now());
        let before = fake.save().unwrap();
        let error = fake.add(&setup.to_string(), now()).unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some(field)), "{error}");
        assert_eq!(fake.save().unwrap(), before, "all or nothing");
    };
    let sheet = |columns: Value, rows: Value| json!({ "sheets": [{ "name": "S", "columns": columns, "rows": rows }] });
    let city = || json!([{ "title": "Store" }, { "title": "City", "type": "PICKLIST", "options": ["Berlin"] }]);
    refused(json!({ "sheetz": [] }), "sheetz");
    refused(json!({ "workspaces": [{ "name": " " }] }), "workspaces[0].name");
    refused(sheet(city(), json!([{ "City": "Berlin" }, { "City": "Kiel" }])), "sheets[0].rows[1].City");
    refused(sheet(city(), json!([{ "Town": "Berlin" }])), "sheets[0].rows[0].Town");
    refused(
        sheet(json!([{ "title": "Open", "type": "CHECKBOX" }]), json!([{ "Open": "yes" }])),
        "sheets[0].rows[0].Open",
    );
    refused(sheet(json!([]), json!([])), "sheets[0].columns");
    refused(sheet(json!([{ "title": "A", "typ": "DATE" }]), json!([])), "sheets[0].columns");
    refused(sheet(json!([{ "title": "A" }, { "title": "A" }]), json!([])), "sheets[0].columns");
    refused(json!({ "users": [{ "email": "nobody" }] }), "users[0]");
    refused(json!({ "users": [{ "email": "mona.mock@example.com" }] }), "users[0]");
    refused(json!({ "groups": [{ "name": "G", "members": ["who@example.com"] }] }), "groups[0]");

    let wrong = SheetSetup::new("S").options("City", ["Berlin"]).row([("City", "Kiel")]);
    let error = MockSmartsheet::builder().initial(SmartsheetSetup::new().sheet(wrong)).build().unwrap_err();
    assert_eq!(error.field(), Some("sheets[0].rows[0].City"));
    assert_eq!(MockSmartsheet::builder().initial_json("{\"sheets\":[7]}").unwrap_err().field(), Some("sheets[0]"));
}

#[tokio::test]
async fn a_running_fake_is_given_more_and_can_be_looked_into() {
    let mock = MockSmartsheet::new();
    let json = r#"{"sheets":[{"name":"Tasks","columns":[{"title":"Task"},{"title":"Hours"}],
        "rows":[{"Task":"Set up","Hours":4},{"Task":"Sum","Hours":{"formula":"=SUM(Hours1)"}}]}]}"#;
    mock.backend().add(json).unwrap();
    let sheet = mock.fake().sheet_named("Tasks").unwrap();
    let same = SheetSetup::new("Tasks").column("Task", ColumnType::TextNumber).column("Hours", ColumnType::TextNumber);
    let same = same.row(RowSetup::new().cell("Task", "Set up").cell("Hours", 4));
    let same = same.row(RowSetup::new().cell("Task", "Sum").cell("Hours", CellInput::Formula("=SUM(Hours1)".into())));
    let from_code = MockSmartsheet::builder().initial(SmartsheetSetup::new().sheet(same)).build().unwrap();
    assert!(from_code.backend().save().unwrap() == mock.backend().save().unwrap(), "JSON and code say the same");
    let rows = mock.client().sheets().get(sheet.id).await.unwrap().rows;
    assert_eq!(rows[1].cells[1].formula(), Some("=SUM(Hours1)"));

    let row = mock.fake().rows(sheet.id)[0].id;
    mock.client().attachments().attach_to_row(sheet.id, row, NewFile::new("a.txt", "hello")).await.unwrap();
    mock.client().discussions().create_on_row(sheet.id, row, NewDiscussion::new("Who does it?")).await.unwrap();
    let (files, talks) = (mock.fake().attachments(sheet.id), mock.fake().discussions(sheet.id));
    assert_eq!(
        (files[0].row, files[0].bytes.as_ref(), files[0].mime_type.as_str()),
        (Some(row), &b"hello"[..], "text/plain")
    );
    assert_eq!((talks[0].row, talks[0].comments.as_slice()), (Some(row), &["Who does it?".to_owned()][..]));
}
