//! Sheets that come in pieces.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use connectors_core::provider::decode_json;
use connectors_core::{
    ErrorKind, HttpRequest, HttpResponse, RateLimits, ResponseBody, Result, Transport, TransportError,
    TransportErrorKind,
};
use connectors_smartsheet::{GetSheet, Row, RowId, Sheet, SheetId, SmartsheetClient};
use futures_util::{StreamExt, stream};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Answers every request with the same pieces; the last one may be followed by a failure.
#[derive(Debug)]
struct Pieces {
    all: Vec<Bytes>,
    breaks_off: bool,
    asked: Mutex<Vec<String>>,
}

#[async_trait]
impl Transport for Pieces {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.asked.lock().unwrap().push(request.uri().to_string());
        let pieces: VecDeque<_> = self.all.iter().cloned().map(Ok).collect();
        let end = self.breaks_off.then(|| Err(TransportError::new(TransportErrorKind::Truncated, true)));
        Ok(HttpResponse::new(ResponseBody::from_stream(stream::iter(pieces.into_iter().chain(end)))))
    }
}

fn cut(json: &str, at: &[usize]) -> Vec<Bytes> {
    let mut rest = Bytes::copy_from_slice(json.as_bytes());
    let mut pieces: Vec<_> = at.iter().map(|at| rest.split_to((*at).min(rest.len()))).collect();
    pieces.push(rest);
    pieces
}

fn client(pieces: Vec<Bytes>, breaks_off: bool) -> (SmartsheetClient, Arc<Pieces>) {
    let transport = Arc::new(Pieces { all: pieces, breaks_off, asked: Mutex::default() });
    let client = SmartsheetClient::builder().access_token("token").transport(Arc::clone(&transport) as _);
    (client.limits(RateLimits::none().in_flight(1)).build().unwrap(), transport)
}

fn get(pieces: Vec<Bytes>) -> GetSheet {
    client(pieces, false).0.sheets().get(SheetId::new(5))
}

/// The sheet without its rows, the rows, and the error that it ended in.
async fn read(get: GetSheet) -> Result<(Sheet, Vec<Row>)> {
    let mut stream = get.stream_rows().await?;
    let mut rows = Vec::new();
    while let Some(row) = stream.next().await {
        rows.push(row?);
    }
    assert!(stream.next().await.is_none() && stream.rows_read() == rows.len() as u64);
    Ok((stream.sheet().clone(), rows))
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[\"\\\\{}\\[\\],:é–😀a-z ]{0,40}".prop_map(Value::from),
    ]
}

prop_compose! {
    fn any_cell()(column in 1_i64..1 << 53, value in any_value(), shown in any::<Option<String>>(), same: bool, extra in any_value(), keys in 0_u8..8) -> Value {
        let mut cell = json!({ "columnId": column });
        if keys & 1 != 0 {
            cell["value"] = value.clone();
        }
        if same && value.is_string() {
            cell["displayValue"] = value;
        } else {
            cell["displayValue"] = shown.into();
        }
        if keys & 2 != 0 {
            cell["objectValue"] = json!({ "objectType": "MULTI_PICKLIST", "values": ["]", "\\\""] });
        }
        if keys & 4 != 0 {
            cell["mood"] = json!([{ "of": extra }]);
        }
        cell
    }
}

prop_compose! {
    fn any_row()(id in 1_i64..1 << 53, number: u16, cells in prop::collection::vec(any_cell(), 0..6), extra in any_value()) -> Value {
        json!({ "id": id, "rowNumber": number, "createdAt": "2026-01-02T03:04:05Z", "cells": cells, "more": extra })
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn rows_are_those_of_the_whole_sheet_however_it_is_cut(
        rows in prop::collection::vec(any_row(), 0..6),
        name: String,
        columns_last: bool,
        spaced: bool,
        at in prop::collection::vec(0_usize..400, 0..40),
    ) {
        let columns = json!([{ "id": 1, "index": 0, "title": "}],\"rows\":[", "type": "TEXT_NUMBER" }]);
        let text = |value: &Value| if spaced { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) }.unwrap();
        let members = [("id", json!(5)), ("name", json!(name)), ("totalRowCount", json!(rows.len()))];
        let (rows, columns) = (("rows", json!(rows)), ("columns", columns));
        let last = if columns_last { [rows, columns] } else { [columns, rows] };
        let members: Vec<_> =
            members.into_iter().chain(last).map(|(name, value)| format!("\"{name}\" : {}", text(&value))).collect();
        let json = format!("{{ {} }}", members.join(" , "));
        let mut whole: Sheet = decode_json(json.as_bytes()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let (sheet, rows) = runtime.block_on(read(get(cut(&json, &at)))).unwrap();
        prop_assert_eq!(rows, std::mem::take(&mut whole.rows));
        prop_assert_eq!(sheet, whole);
    }
}

const SHEET: &str = r#"{"id":5,"version":7,"totalRowCount":2,"rows":[{"id":1,"cells":[]},{"id":2,"cells":[{"columnId":9,"value":"é"}]}],"name":"S"}"#;

#[tokio::test]
async fn the_sheet_is_there_before_its_rows_and_whole_after_them() {
    let mut stream = get(cut(SHEET, &[50, 20])).stream_rows().await.unwrap();
    assert_eq!((stream.sheet().version, stream.sheet().name.as_str(), stream.rows_read()), (Some(7), "", 0));
    assert_eq!(stream.next().await.unwrap().unwrap().id, RowId::new(1));
    assert_eq!(stream.next().await.unwrap().unwrap().cells[0].value.as_str(), Some("é"));
    assert!(stream.next().await.is_none());
    assert_eq!((stream.sheet().name.as_str(), stream.rows_read(), stream.meta().attempts), ("S", 2, 1));

    let (sheet, rows) = read(get(cut(r#"{"rows":[{"id":1}],"id":8}"#, &[]))).await.unwrap();
    assert_eq!((sheet.id, rows.len()), (SheetId::new(8), 1));
    let (sheet, rows) = read(get(cut(r#"{"id":8,"name":"no rows"}"#, &[3]))).await.unwrap();
    assert_eq!((sheet.name.as_str(), rows.len()), ("no rows", 0));
}

#[tokio::test]
async fn what_ends_early_is_never_a_short_sheet() {
    for end in 0..SHEET.len() {
        let error = read(get(cut(&SHEET[..floor(end)], &[33, 1]))).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Decode, "sheets.get"), "{end}");
    }
    let error = read(client(cut(SHEET, &[60]), true).0.sheets().get(SheetId::new(5))).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Interrupted && error.is_retryable(), "{error:?}");
}

/// The end of a character.
fn floor(end: usize) -> usize {
    (0..=end).rev().find(|end| SHEET.is_char_boundary(*end)).unwrap()
}

#[tokio::test]
async fn what_is_no_sheet_is_said_to_be_what_it_is() {
    let fails = async |body: &str| read(get(cut(body, &[7]))).await.unwrap_err();
    let refused = fails(r#"{"errorCode":4000,"message":"An unexpected error has occurred.","refId":"r"}"#).await;
    assert_eq!((refused.kind(), refused.code()), (ErrorKind::Server, Some("4000")));
    assert_eq!(fails("<!DOCTYPE html><html></html>").await.kind(), ErrorKind::Server);
    assert_eq!(fails(r#"{"id":5,"rows":[]}{}"#).await.kind(), ErrorKind::Decode);
    assert_eq!(fails("{}").await.kind(), ErrorKind::Decode);
    assert_eq!(fails(r#"{"rows":[{"id":1}]}"#).await.kind(), ErrorKind::Decode, "of which sheet?");
    let wrong = fails(r#"{"id":5,"rows":[{"id":1},{"id":2,"cells":[{"columnId":1},{"columnId":true}]}]}"#).await;
    assert_eq!(wrong.json_path(), Some("rows[1].cells[1].columnId"));
    let late = fails(r#"{"id":5,"rows":[{"id":1}],"columns":7}"#).await;
    assert_eq!(late.json_path(), Some("columns"));
    let huge = format!(r#"{{"id":5,"rows":[{{"id":1,"x":"{}"}}]}}"#, "x".repeat(9 << 20));
    assert_eq!(fails(&huge).await.kind(), ErrorKind::BodyTooLarge);
}

#[tokio::test]
async fn an_unchanged_sheet_has_no_stream() {
    let unchanged = get(cut(r#"{"version":7}"#, &[4])).if_version_after(7).stream_rows().await.unwrap();
    assert!(unchanged.is_none());
    let changed = get(cut(SHEET, &[4])).if_version_after(6).stream_rows().await.unwrap();
    assert_eq!(changed.unwrap().count().await, 2);
}

#[tokio::test]
async fn a_stream_holds_its_place_until_it_is_dropped_fails_or_ends() {
    let (client, _) = client(cut(SHEET, &[80]), false);
    let open = || client.sheets().get(SheetId::new(5)).timeout(Duration::from_millis(50)).stream_rows();
    let mut first = open().await.unwrap();
    assert!(first.next().await.unwrap().is_ok());
    assert_eq!(open().await.unwrap_err().kind(), ErrorKind::RateLimited, "one request at a time");
    drop(first);
    let mut second = open().await.unwrap();
    while second.next().await.is_some() {}
    drop(open().await.unwrap());
}

#[tokio::test]
async fn parts_of_a_sheet_are_asked_for_within_bounds() {
    let (client, wire) = client(cut(SHEET, &[]), false);
    let get = || client.sheets().get(SheetId::new(5));
    let asked = get().row_numbers([1, 2]).filter(3.into()).tell_commenters().page(2).column_ids([9.into()]);
    drop(asked.stream_rows().await.unwrap());
    assert!(
        wire.asked.lock().unwrap()[0]
            .ends_with("/sheets/5?accessApiLevel=1&columnIds=9&rowNumbers=1%2C2&filterId=3&page=2")
    );
    let ids = || (1..=401).map(RowId::new);
    for (refused, field) in [
        (get().page(0), "page"),
        (get().page_size(0), "pageSize"),
        (get().row_ids(ids()), "rowIds"),
        (get().row_numbers(1..=401), "rowNumbers"),
        (get().row_numbers([0]), "rowNumbers"),
        (get().column_ids((1..=401).map(Into::into)), "columnIds"),
    ] {
        let error = refused.clone().await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some(field)));
        assert_eq!(refused.stream_rows().await.unwrap_err().field(), Some(field));
    }
    assert_eq!(wire.asked.lock().unwrap().len(), 1);
    get().page(0).skip_validation().await.unwrap();
}
