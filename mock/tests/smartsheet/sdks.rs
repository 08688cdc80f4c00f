//! What the service's own clients in other languages send and read, where it differs from its description.

use connectors_mock::MockSmartsheet;
use serde_json::{Value, json};

use crate::raw::Raw;

fn raw(mock: &MockSmartsheet) -> Raw {
    Raw::new(mock.backend(), "https://api.smartsheet.test/2.0", "Bearer mock-key")
}

#[tokio::test]
async fn users_and_new_workspaces_are_answered_as_results() {
    let mock = MockSmartsheet::new();
    let raw = raw(&mock);
    let made = raw.json("POST", "/workspaces", &json!({ "name": "Autumn" })).await.json(200);
    assert_eq!(made["result"]["name"], "Autumn");
    let new = json!({ "email": "kim.lee@example.com", "admin": false, "licensedSheetCreator": true });
    let user = raw.json("POST", "/users", &new).await.json(200)["result"]["id"].as_i64().unwrap();
    let changed = raw.json("PUT", &format!("/users/{user}"), &json!({ "admin": true })).await.json(200);
    assert_eq!((&changed["result"]["id"], changed.get("data")), (&json!(user), None));
    let gone = format!("/users/{user}?transferSheets=False&removeFromSharing=False");
    assert_eq!(raw.send("DELETE", &gone, "").await.json(200)["message"], "SUCCESS");
    assert_eq!(raw.get(&format!("/users/{user}")).await.status, 404);
}

#[tokio::test]
async fn an_import_needs_no_file_name() {
    let mock = MockSmartsheet::new();
    let raw = raw(&mock).with(&[("content-type", "text/csv"), ("content-disposition", "attachment")]);
    let path = format!("/workspaces/{}/sheets/import?sheetName=Visits&headerRowIndex=0", mock.workspace_id());
    let made = raw.send("POST", &path, "Store,Visits\nAlexa,12\n").await.json(200);
    assert_eq!(made["result"]["name"], "Visits");
}

#[tokio::test]
async fn what_is_for_everybody_needs_no_token() {
    let mock = MockSmartsheet::new();
    let stranger = raw(&mock).with(&[("authorization", "")]);
    assert!(stranger.get("/serverinfo").await.json(200)["formats"].is_object());
    assert_eq!(stranger.get("/users/me").await.json(403)["errorCode"], 1004);
}

#[tokio::test]
async fn a_token_is_asked_for_in_the_query_or_beside_one_of_a_user() {
    let mock = MockSmartsheet::new();
    let asked = "grant_type=refresh_token&client_id=nobody&refresh_token=old&hash=00";
    let by_query = raw(&mock).with(&[("content-type", "application/json")]);
    assert_eq!(by_query.send("POST", &format!("/token?{asked}"), "").await.json(401)["errorCode"], 1067);
    let by_body = raw(&mock).with(&[("content-type", "application/x-www-form-urlencoded")]);
    assert_eq!(by_body.send("POST", "/token", asked).await.json(401)["errorCode"], 1067);
    let app = by_body.with(&[("authorization", "Basic bm9ib2R5Ong=")]);
    assert_eq!(app.send("POST", "/token", asked).await.json(400)["errorCode"], 1237);
}

#[tokio::test]
async fn a_report_is_defined_by_either_method() {
    let mock = MockSmartsheet::new();
    let raw = raw(&mock);
    let report = raw.get("/reports").await.json(200)["data"][0]["id"].as_i64().unwrap();
    let path = format!("/reports/{report}/definition");
    for (method, city) in [("PUT", "Berlin"), ("PATCH", "Hamburg")] {
        let only = json!({ "column": { "title": "City", "type": "PICKLIST" }, "operator": "EQUAL", "values": [city] });
        let filters = json!({ "filters": { "operator": "AND", "criteria": [only] } });
        raw.json(method, &path, &filters).await.json(200);
        assert_eq!(raw.get(&path).await.json(200)["filters"]["criteria"][0]["values"], json!([city]));
    }
    let operations = mock.backend().operations();
    let twice = operations.iter().filter(|name| **name == "reports.update_definition").count();
    assert_eq!(twice, 1, "it is one operation all the same");
}

#[tokio::test]
async fn home_still_answers_by_its_old_name() {
    let mock = MockSmartsheet::new();
    let raw = raw(&mock);
    assert_eq!(raw.get("/home").await.json(200), raw.get("/folders/personal").await.json(200));
}

#[tokio::test]
async fn of_summary_fields_those_can_be_written_that_are_right() {
    let mock = MockSmartsheet::new();
    let raw = raw(&mock);
    let path = format!("/sheets/{}/summary/fields", mock.store_list_id());
    let fields = json!([{ "title": "Until", "type": "DATE" }, { "title": "Region", "type": "TEXT_NUMBER" }]);
    assert_eq!(raw.json("POST", &path, &fields).await.json(400)["detail"]["index"], 1, "all or nothing");
    let partly = raw.json("POST", &format!("{path}?allowPartialSuccess=true"), &fields).await.json(200);
    assert_eq!((&partly["message"], &partly["resultCode"]), (&json!("PARTIAL_SUCCESS"), &json!(3)));
    assert_eq!((&partly["result"][0]["title"], &partly["failedItems"][0]["index"]), (&json!("Until"), &json!(1)));
    let field = partly["result"][0]["id"].as_i64().unwrap();
    let wrong = json!([{ "id": field, "title": "Till", "index": "first" }]);
    let refused = raw.json("PUT", &format!("{path}?allowPartialSuccess=true"), &wrong).await.json(200);
    assert_eq!(refused["failedItems"][0]["error"]["errorCode"], 1008);
    let held = raw.get(&path).await.json(200);
    let titles: Vec<_> = held["data"].as_array().unwrap().iter().map(|field| field["title"].clone()).collect();
    assert!(titles.contains(&json!("Until")), "what is refused stays as it was: {titles:?}");
}

#[tokio::test]
async fn every_id_is_one_that_javascript_can_hold() {
    fn check(value: &Value) {
        match value {
            Value::Number(number) => assert!(number.as_f64().unwrap().abs() < 9_007_199_254_740_992.0, "{number}"),
            Value::Array(items) => items.iter().for_each(check),
            Value::Object(members) => members.values().for_each(check),
            _ => {}
        }
    }
    let mock = MockSmartsheet::new();
    for path in [
        "/users",
        "/users/me",
        "/sheets",
        "/groups",
        "/reports",
        "/sights",
        "/home",
        "/favorites",
        "/events?since=2020-01-01T00:00:00Z",
    ] {
        check(&raw(&mock).get(path).await.json(200));
    }
}
