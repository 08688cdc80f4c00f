//! Nobody is named in what is recorded.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use connectors_core::{HttpRequest, Transport};
use connectors_mock::{Backend, Cassette, Fake, InProcess, Keep, Recorder, Reply, Route};
use http::{Method, StatusCode};
use serde_json::{Value, json};

/// Answers everything with this.
#[derive(Debug)]
struct Says(StatusCode, String);

impl Fake for Says {
    fn provider(&self) -> &'static str {
        "anybody"
    }

    fn route(&self, _: &HttpRequest) -> Option<Route> {
        Some(Route::read("anything"))
    }

    fn handle(&self, _: &HttpRequest, _: chrono::DateTime<chrono::Utc>) -> Reply {
        let mut reply = Reply::new(self.1.clone().into());
        *reply.status_mut() = self.0;
        let headers = reply.headers_mut();
        headers.insert("set-cookie", "session=Canary".parse().unwrap());
        headers.insert("content-type", "application/json; owner=Canary".parse().unwrap());
        reply
    }

    fn throttled(&self, _: Option<std::time::Duration>) -> Reply {
        Reply::default()
    }

    fn failure(&self, _: StatusCode) -> Reply {
        Reply::default()
    }
}

async fn recorded(uri: &str, asked: &str, status: u16, said: &Value, keep: Keep) -> (Cassette, Value) {
    let fake = Says(StatusCode::from_u16(status).unwrap(), said.to_string());
    let clock = Arc::new(connectors_core::testing::VirtualClock::default());
    let recorder = Recorder::new("smartsheet", Arc::new(InProcess::new(Backend::new(Arc::new(fake), clock))));
    let request = http::Request::builder().method(Method::POST).uri(format!("https://api.test{uri}"));
    let request = request.header("authorization", "Bearer Canary").header("cookie", "a=Canary");
    let request = request.header("content-type", "application/json").body(Bytes::from(asked.to_owned())).unwrap();
    let answer = recorder.send(request).await.unwrap();
    answer.into_body().collect(1 << 20).await.unwrap();
    let cassette = recorder.cassette_with(keep);
    let json: Value = serde_json::from_str(&cassette.to_json()).unwrap();
    (cassette, json["exchanges"][0].clone())
}

fn people() -> Value {
    json!({
        "id": 4_583_173_393_803_140_i64, "name": "Anna Canary", "email": "anna.canary@mail.example.de",
        "phone": "+49 (30) 555-0172", "address": "Torstraße 12, Berlin", "locale": "en_US", "type": "CHECKBOX",
        "status": "Anna Canary", "modifiedAt": "2026-03-04T12:31:07Z", "value": "2026-03-04", "shareId": "AAAFk",
        "url": "https://bucket.s3.amazonaws.com/canary.png?X-Amz-Signature=canary&id=7", "accessToken": "canary",
        "sheets": [{"id": 4_583_173_393_803_140_i64, "parentId": 17, "width": 163, "share": 0.137, "visits": 4711}],
        "peakHours": ["12:00 PM", "13:00"], "Canary Street": {"venue:5f0c1de2a9b84c7d3e6f0a11": 1, "2026-03-04": 2},
        "displayValue": "O'Canary", "count": 7, "zip": "10119", "flag": true, "nothing": null, "hash": "canary",
    })
}

#[tokio::test]
async fn shapes_are_all_that_is_kept() {
    let uri = "/2.0/sheets/4583173393803140/rows/canary-1?query=Canary&access_token=canary&pageSize=100&include=all";
    let asked = json!({"sheetId": 4_583_173_393_803_140_i64, "cells": [{"value": "Canary"}], "password": "canary"});
    let (cassette, exchange) = recorded(uri, &asked.to_string(), 200, &people(), Keep::Shapes).await;
    let text = cassette.to_json();
    for secret in [
        "anary",
        "Anna",
        "anna",
        "Torstra",
        "Berlin",
        "4583173393803140",
        "0172",
        "Bearer",
        "amazonaws",
        "4711",
        "AAAFk",
        "12:31",
        "5f0c1de2",
        "10119",
        "access_token",
        "0.137",
        "163",
    ] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let body = &exchange["body"]["json"];
    let id = body["id"].as_i64().unwrap();
    assert_eq!((id.to_string().len(), &body["sheets"][0]["id"]), (16, &json!(id)), "the same id is the same");
    assert_eq!(exchange["asked"]["json"]["sheetId"], json!(id));
    assert!(exchange["path"].as_str().unwrap().starts_with(&format!("/2.0/sheets/{id}/rows/")), "{exchange}");
    assert_eq!(exchange["query"][1], json!(["pageSize", "100"]));
    assert_eq!(exchange["query"][2], json!(["include", "all"]));
    assert_eq!(body["email"].as_str().unwrap().split('@').nth(1), Some("example.com"));
    assert_eq!(body["phone"], "+10 (00) 000-0000");
    assert_eq!((&body["locale"], &body["type"], &body["flag"]), (&json!("en_US"), &json!("CHECKBOX"), &json!(true)));
    assert_eq!((&body["modifiedAt"], &body["value"]), (&json!("2026-03-04T00:00:00Z"), &json!("2026-01-01")));
    assert_eq!((&body["peakHours"], &body["nothing"]), (&json!(["12:00 PM", "13:00"]), &Value::Null));
    assert_eq!((&body["sheets"][0]["visits"], &body["sheets"][0]["width"]), (&json!(1000), &json!(100)));
    assert!(body["sheets"][0]["share"].is_f64() && body["count"] == 7, "{body}");
    assert_eq!(exchange["headers"], json!([["content-type", "application/json"]]));
    let shape = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(shape(body).len(), shape(&people()).len(), "every member is there");
}

#[tokio::test]
async fn errors_keep_what_went_wrong_but_not_of_whom() {
    let said = json!({
        "errorCode": 1006, "refId": "15wbqdxj1bxe6",
        "message": "Not Found: \"Canary Sheet\" of anna@canary.com isn't in 4583173393803140, 'Canary' or `Canary`.",
        "detail": {"name": "Canary"},
    });
    let (cassette, exchange) = recorded("/2.0/users/me", "", 404, &said, Keep::Shapes).await;
    assert!(!cassette.to_json().contains("anary"), "{}", cassette.to_json());
    let body = &exchange["body"]["json"];
    assert_eq!(body["errorCode"], 1006);
    assert_eq!(body["message"], "Not Found: \"…\" of *** isn't in … '…' or `…`.");
}

#[tokio::test]
async fn values_are_kept_on_demand_but_no_secrets() {
    let uri = "/2.0/sheets/4583173393803140?query=Canary&access_token=hunter2";
    let (cassette, exchange) = recorded(uri, r#"{"password": "hunter2"}"#, 200, &people(), Keep::Values).await;
    let text = cassette.to_json();
    assert!(text.contains("Anna Canary") && text.contains("/sheets/4583173393803140"), "{text}");
    assert_eq!(exchange["body"]["json"]["sheets"][0]["visits"], 4711);
    for secret in ["hunter2", "Bearer", "mail.example.de", "Signature=canary", "\"canary\""] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[tokio::test]
async fn another_recording_hashes_otherwise() {
    let (one, _) = recorded("/2.0/users/me", "", 200, &people(), Keep::Shapes).await;
    let (another, _) = recorded("/2.0/users/me", "", 200, &people(), Keep::Shapes).await;
    assert_ne!(one.to_json(), another.to_json());
}
