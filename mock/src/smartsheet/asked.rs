//! A request, taken apart.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use connectors_core::HttpRequest;
use http::header;
use serde_json::{Map, Value, json};

use super::operations::{self, Operation};
use super::problem::Problem;
use super::query::Query;
use super::state::State;
use super::users::ME;

/// What is asked for, when, and with what.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) operation: &'static Operation,
    parameters: operations::Parameters,
    pub(super) query: Query,
    pub(super) request: &'a HttpRequest,
    pub(super) now: DateTime<Utc>,
    /// Who asks.
    pub(super) user: i64,
}

/// A successful answer.
#[derive(Debug)]
pub(super) enum Answer {
    /// JSON.
    Json(Value),
    /// A file, of this content type.
    File(&'static str, Bytes),
}

impl From<Value> for Answer {
    fn from(value: Value) -> Self {
        Self::Json(value)
    }
}

pub(super) type Outcome = Result<Answer, Problem>;

impl<'a> Asked<'a> {
    pub(super) fn of(request: &'a HttpRequest, now: DateTime<Utc>) -> Result<Self, Problem> {
        let (operation, parameters) = operations::find(request)?;
        let query = Query::of(operation, request.uri().query())?;
        Ok(Self { operation, parameters, query, request, now, user: ME })
    }

    /// The name of the operation, for a module to choose by.
    pub(super) fn name(&self) -> &'static str {
        self.operation.name
    }

    /// What a module answers to an operation that it does not know.
    pub(super) fn unknown(&self) -> Problem {
        Problem::new(501, 1333, format!("The fake does not serve {}.", self.operation.name))
    }

    /// A parameter of the path.
    pub(super) fn text(&self, name: &str) -> &str {
        self.parameters.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// A parameter of the path that is an id.
    pub(super) fn id(&self, name: &str) -> Result<i64, Problem> {
        let text = self.text(name);
        let id = text.parse::<i64>().ok().filter(|id| *id > 0);
        id.ok_or_else(|| Problem::bad(1018, format!("The value '{text}' was not valid for the parameter {name}.")))
    }

    /// A header, as text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.request.headers().get(name)?.to_str().ok()
    }

    /// What the body says that it is, without parameters.
    pub(super) fn content_type(&self) -> &str {
        media_type(self.header("content-type").unwrap_or_default())
    }

    /// The first kind of answer that is asked for, without parameters.
    pub(super) fn accept(&self) -> &str {
        media_type(self.header("accept").unwrap_or("*/*").split(',').next().unwrap_or_default())
    }

    /// The body, which must be JSON and say so.
    pub(super) fn json(&self) -> Result<Value, Problem> {
        if self.content_type() != "application/json" {
            return Err(Problem::new(415, 1124, "Invalid Content-Type header. Media type not supported."));
        }
        serde_json::from_slice(self.request.body()).map_err(|_| Problem::bad(1008, "Unable to parse request."))
    }

    /// The file in the body, and its name by `Content-Disposition`.
    pub(super) fn file(&self) -> Result<(String, Bytes), Problem> {
        let body = self.request.body();
        let stated = self.header(header::CONTENT_LENGTH.as_str()).and_then(|text| text.parse::<usize>().ok());
        if stated.is_some_and(|stated| stated != body.len()) {
            return Err(Problem::bad(1075, "Content-Length does not match the number of bytes sent."));
        }
        let disposition = self.header("content-disposition").unwrap_or_default();
        let name = disposition.split(';').find_map(|part| part.trim().strip_prefix("filename="));
        let name = name.map(|name| name.trim_matches('"')).unwrap_or_default();
        let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy().into_owned();
        Ok((name, body.clone()))
    }
}

pub(super) fn media_type(text: &str) -> &str {
    text.split(';').next().unwrap_or_default().trim()
}

/// What a bulk write answers apart from its result: those that were refused by their place in the request, and by the
/// id that they gave.
pub(super) fn bulk(state: &mut State, version: u64, refused: &[(usize, Option<i64>, Problem)]) -> Value {
    if refused.is_empty() {
        return json!({ "message": "SUCCESS", "resultCode": 0, "version": version });
    }
    let failed: Vec<_> = refused
        .iter()
        .map(|(index, id, problem)| {
            let mut item = json!({ "index": index, "error": problem.body(&state.reference()) });
            if let (Some(id), Some(item)) = (id, item.as_object_mut()) {
                item.insert("rowId".into(), json!(id));
            }
            item
        })
        .collect();
    json!({ "message": "PARTIAL_SUCCESS", "resultCode": 3, "version": version, "failedItems": failed })
}

/// The answer to a write: what was written.
pub(super) fn written(result: impl Into<Value>) -> Value {
    json!({ "message": "SUCCESS", "resultCode": 0, "result": result.into() })
}

/// The answer to a write that has nothing to show.
pub(super) fn success() -> Value {
    json!({ "message": "SUCCESS", "resultCode": 0 })
}

/// The attributes of an object, each of them a known one.
pub(super) fn attributes<'a>(body: &'a Value, known: &[&str]) -> Result<&'a Map<String, Value>, Problem> {
    let body = body.as_object().ok_or_else(|| Problem::wrong_type("body"))?;
    match body.keys().find(|name| !known.contains(&name.as_str())) {
        Some(unknown) => Err(Problem::unknown_attribute(unknown)),
        None => Ok(body),
    }
}

/// An attribute that must be there, and a text that is not blank.
pub(super) fn required_text(body: &Map<String, Value>, name: &str, path: &str) -> Result<String, Problem> {
    match body.get(name) {
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(text.clone()),
        None | Some(Value::String(_)) => Err(Problem::missing(path)),
        Some(_) => Err(Problem::wrong_type(name)),
    }
}
