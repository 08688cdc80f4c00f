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
    told(uri, ("application/json", asked), status, &said.to_string(), keep).await
}

async fn told(uri: &str, (kind, asked): (&str, &str), status: u16, said: &str, keep: Keep) -> (Cassette, Value) {
    let fake = Says(StatusCode::from_u16(status).unwrap(), said.to_owned());
    let clock = Arc::new(connectors_core::testing::VirtualClock::default());
    let recorder = Recorder::new("smartsheet", Arc::new(InProcess::new(Backend::new(Arc::new(fake), clock))));
    let request = http::Request::builder().method(Method::POST).uri(format!("https://api.test{uri}"));
    let request = request.header("authorization", "Bearer Canary").header("cookie", "a=Canary");
    let request = request.header("content-type", kind).body(Bytes::from(asked.to_owned())).unwrap();
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
        "displayValue": "O'Canary", "count": 7, "zip": "10119", "primary": true, "nothing": null, "hash": "canary",
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
        "Bearer",
        "amazonaws",
        "AAAFk",
        "12:31",
        "5f0c1de2",
        "10119",
        "access_token",
        "0.137",
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
    assert_eq!((&body["locale"], &body["type"], &body["primary"]), (&json!("en_US"), &json!("CHECKBOX"), &json!(true)));
    assert_eq!((&body["modifiedAt"], &body["value"]), (&json!("2026-03-04T00:00:00Z"), &json!("2026-01-01")));
    assert_eq!((&body["peakHours"], &body["nothing"]), (&json!(["12:00 PM", "13:00"]), &Value::Null));
    assert_eq!((&body["sheets"][0]["visits"], &body["sheets"][0]["width"]), (&json!(1000), &json!(100)));
    assert!(body["sheets"][0]["share"].is_f64() && body["count"] == 7, "{body}");
    assert_eq!(exchange["headers"], json!([["content-type", "application/json"]]));
    let shape = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(shape(body).len(), shape(&people()).len(), "every member is there");
}

/// What people have in their accounts.
const NASTY: [&str; 30] = [
    "annabella",
    "Annabella Müller",
    "müller",
    "annabella.mueller@mail.example.de",
    "+49 30 5550172",
    "(212) 555-0172",
    "Torstraße 12, 10119 Berlin",
    "berlin",
    "BERLIN",
    "Confidential",
    "layoffs_2027",
    "acme-corp.merger",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2lnbmF0dXJl",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "AKIAIOSFODNN7EXAMPLE",
    "SGVsbG8gQW5uYSBNw7xsbGVy",
    "https://bucket.s3.amazonaws.com/annabella.pdf?X-Amz-Signature=fe5f80f77d5fa3beca038a248ff027",
    "data:image/png;base64,SGVsbG8gQW5uYQ==",
    "annabella:secret",
    "venue:annabella",
    "2026-03-02 Annabella",
    "03/02/2026 with Annabella",
    "1987-06-05",
    "06/05/1987",
    "12:30 Annabella",
    "東京都千代田区",
    "🎉 Annabella's party",
    "de305d54-75b4-431b-adb2-eb6b9e546014",
    "DE89370400440532013000",
    "127.49.16.8",
];

/// What must not be found of it: itself, and the words in it.
fn assert_silent(text: &str, about: &str) {
    let folded = text.to_lowercase();
    let words = NASTY.iter().flat_map(|nasty| nasty.split([' ', '.', '@', '/', ':', '?', '=', ',', '\'']));
    let telling = words.filter(|word| {
        word.chars().count() > 5
            && !word.bytes().all(|b| b.is_ascii_digit())
            && !["png;base64", "example"].contains(word)
    });
    for word in telling.chain(["amazonaws", "bearer", "-06-05", "06/05/"]) {
        assert!(!folded.contains(&word.to_lowercase()), "{about}: {word} in {text}");
    }
}

/// Everything is everywhere: as a value of members that speak of all sorts, as a name, in lists, below secrets.
#[tokio::test]
async fn no_value_survives_anywhere_in_a_body() {
    let names = [
        "name",
        "value",
        "type",
        "status",
        "kind",
        "id",
        "ownerId",
        "error",
        "message",
        "detail",
        "errors",
        "info",
        "locale",
        "timeZone",
        "currency",
        "include",
        "scope",
        "createdAt",
        "startDate",
        "birthDate",
        "date",
        "url",
        "hash",
        "token",
        "sort",
        "format",
        "code",
        "anything_else",
        "Wild One",
    ];
    for status in [200, 404] {
        let mut body = serde_json::Map::new();
        for name in names {
            body.insert(name.to_owned(), json!(NASTY));
        }
        body.insert("byCity".to_owned(), NASTY.iter().map(|name| ((*name).to_owned(), json!(3))).collect());
        body.insert("data".to_owned(), NASTY.iter().map(|name| ((*name).to_owned(), json!({"name": name}))).collect());
        body.insert("session".to_owned(), json!({"value": {"by": NASTY}, "list": [{"name": NASTY}]}));
        let body = Value::Object(body);
        let (cassette, exchange) = recorded("/2.0/users/me", &body.to_string(), status, &body, Keep::Shapes).await;
        assert_silent(&cassette.to_json(), "body");
        let kept = &exchange["body"]["json"];
        assert_eq!(kept["byCity"].as_object().unwrap().len(), NASTY.len(), "no two names become one: {kept}");
        assert_eq!(kept.as_object().unwrap().len(), body.as_object().unwrap().len(), "{kept}");
    }
}

#[tokio::test]
async fn no_value_survives_in_an_address_or_a_form() {
    for nasty in NASTY {
        let encoded: String = url::form_urlencoded::byte_serialize(nasty.as_bytes()).collect();
        let form = format!("{encoded}=1&name={encoded}&venue[{encoded}]=2&type={encoded}&id={encoded}");
        let uri = format!("/2.0/sheets/{encoded}/{encoded}.json?{form}");
        let kind = "application/x-www-form-urlencoded";
        let (cassette, _) = told(&uri, (kind, &form), 200, "{}", Keep::Shapes).await;
        assert_silent(&cassette.to_json(), nasty);
        assert_silent(&cassette.requests().join("\n"), nasty);
        assert_silent(&format!("{cassette:?}"), nasty);
    }
}

#[tokio::test]
async fn what_is_not_json_is_not_kept() {
    let all = NASTY.join("\n");
    let part = format!(
        "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"Annabella.pdf\"\r\n\r\n{all}\r\n--x--"
    );
    let page = format!("<html><title>{all}</title><body>error: {all}</body></html>");
    let quoted = json!(all).to_string();
    for body in [&all, &part, &page, &quoted, &format!("{{\"name\": \"{all}")] {
        for kind in
            ["multipart/form-data; boundary=Annabella", "text/html", "application/json", "text/annabella.mueller"]
        {
            for status in [200, 400, 503] {
                let (cassette, exchange) = told("/2.0/users/me", (kind, body), status, body, Keep::Shapes).await;
                assert_silent(&cassette.to_json(), kind);
                assert_eq!(exchange["status"], status);
            }
        }
    }
}

#[tokio::test]
async fn numbers_of_people_are_replaced_also_in_members_of_the_protocol() {
    let said = json!({"code": 4821, "year": 1987, "page": 48_213, "status": 4821, "day": 4821, "errorCode": 1006});
    let (cassette, exchange) = recorded("/2.0/users/me?limit=4821", "", 400, &said, Keep::Shapes).await;
    for number in ["4821", "1987"] {
        assert!(!cassette.to_json().contains(number), "{}", cassette.to_json());
    }
    assert_eq!(exchange["body"]["json"]["errorCode"], 1006, "{exchange}");
}

#[tokio::test]
async fn values_are_kept_on_demand_but_no_secrets() {
    let uri = "/2.0/sheets/4583173393803140?query=Canary&access_token=hunter2";
    let asked = r#"{"password": "hunter2", "session": {"value": "hunter2"}}"#;
    let (cassette, exchange) = recorded(uri, asked, 200, &people(), Keep::Values).await;
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
