//! Whether a typed answer holds everything that came: what is changed on the wire must change the answer.

use std::fmt::Debug;
use std::future::IntoFuture;
use std::sync::Arc;

use async_trait::async_trait;
use connectors_core::{HttpRequest, HttpResponse, ResponseBody, Result, Transport, TransportError};
use connectors_smartsheet::SmartsheetClient;
use serde_json::{Value, json};

/// Answers everything with this JSON.
#[derive(Debug)]
struct Answers(String);

#[async_trait]
impl Transport for Answers {
    async fn send(&self, _: HttpRequest) -> std::result::Result<HttpResponse, TransportError> {
        Ok(http::Response::new(ResponseBody::from(bytes::Bytes::from(self.0.clone()))))
    }
}

/// Changes one value of the answer after the other, and looks whether that shows. That a changed value is refused shows
/// that it is read, too.
pub(crate) async fn check<T, F>(
    name: &str,
    body: &Value,
    hidden: &[&str],
    answer: &T,
    call: impl Fn(&SmartsheetClient) -> F,
) where
    T: Debug,
    F: IntoFuture<Output = Result<T>>,
{
    let original = format!("{answer:?}");
    let mut lost = Vec::new();
    let mut paths = Vec::new();
    leaves(body, String::new(), &mut paths);
    for path in paths {
        // The envelope says only that it went well.
        let spoken_for = ["/message", "/resultCode"].iter().chain(hidden).any(|hidden| path.starts_with(hidden));
        if spoken_for {
            continue;
        }
        let mut changed = body.clone();
        let value = changed.pointer_mut(&path).unwrap();
        *value = different(value);
        let client = SmartsheetClient::builder().access_token("a").transport(Arc::new(Answers(changed.to_string())));
        let shown = call(&client.build().unwrap()).await.map(|answer| format!("{answer:?}"));
        if shown.is_ok_and(|shown| shown == original) {
            lost.push(path);
        }
    }
    assert!(lost.is_empty(), "{name}: these do not reach the caller: {lost:#?}\n{answer:#?}");
}

fn leaves(value: &Value, path: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                leaves(member, format!("{path}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                leaves(item, format!("{path}/{index}"), found);
            }
        }
        Value::Null => {}
        _ => found.push(path),
    }
}

fn different(value: &Value) -> Value {
    match value {
        Value::Bool(on) => json!(!on),
        Value::Number(number) => match number.as_i64() {
            Some(number) => json!(number + 1),
            None => json!(number.as_f64().unwrap() + 0.5),
        },
        // Times stay times, and numbers in texts numbers.
        Value::String(text) => match text.find(|c: char| c.is_ascii_digit()) {
            Some(at) => {
                let digit = if &text[at..=at] == "1" { "2" } else { "1" };
                json!(format!("{}{digit}{}", &text[..at], &text[at + 1..]))
            }
            None => json!(format!("{text}x")),
        },
        other => other.clone(),
    }
}

#[tokio::test]
#[should_panic(expected = "/odd")]
async fn what_is_lost_is_found_out() {
    let body = json!({ "version": 7, "odd": 1 });
    let call = |client: &SmartsheetClient| client.sheets().version(connectors_smartsheet::SheetId::new(1));
    check("the check itself", &body, &[], &7, call).await;
}
