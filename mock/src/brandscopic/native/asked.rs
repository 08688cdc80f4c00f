//! A request, read strictly.

use chrono::{DateTime, NaiveDate, Utc};
use connectors_core::HttpRequest;
use serde_json::{Map, Value, json};

use super::super::answer::Answer;
use super::super::fields::{self, Fields};
use super::super::operations::Operation;
use super::{bad_parameter, not_found};
use crate::fake;
use crate::operations::Parameters;

/// What a request asks for.
pub(super) struct Asked<'a> {
    pub(super) operation: &'static Operation,
    parameters: Parameters,
    query: Vec<(String, String)>,
    /// The members of the body, or of its root.
    pub(super) sent: Fields,
    pub(super) request: &'a HttpRequest,
    pub(super) now: DateTime<Utc>,
}

impl<'a> Asked<'a> {
    /// Refuses what the operation does not know, and what it lacks.
    pub(super) fn read(
        operation: &'static Operation,
        parameters: Parameters,
        request: &'a HttpRequest,
        now: DateTime<Utc>,
    ) -> Result<Self, Answer> {
        let query = fields::query(request);
        if let Some((name, _)) = query.iter().find(|(name, _)| !operation.query.contains(&name.as_str())) {
            return Err(bad_parameter(&format!("Invalid parameter {name}")));
        }
        let mut body: Value = if fake::is_json(request) && !operation.members.is_empty() {
            serde_json::from_slice(request.body()).unwrap_or_default()
        } else {
            Value::Null
        };
        if !operation.root.is_empty() {
            body = body.get_mut(operation.root).map(Value::take).unwrap_or_default();
            if body.as_object().is_none_or(Map::is_empty) {
                let missing = format!("param is missing or the value is empty: {}", operation.root);
                return Err(bad_parameter(&missing));
            }
        }
        let sent = Fields::new(body, &operation.members)
            .map_err(|unknown| bad_parameter(&format!("Invalid parameter {unknown}")))?;
        match operation.required.iter().find(|name| !sent.has(name)) {
            Some(missing) => Err(bad_parameter(&format!("Missing parameter {missing}"))),
            None => Ok(Self { operation, parameters, query, sent, request, now }),
        }
    }

    /// The part of the operation's name after the resource.
    pub(super) fn method(&self) -> &'static str {
        self.operation.name.rsplit('.').next().unwrap_or_default()
    }

    /// What a module answers to an operation that it does not know.
    pub(super) fn unknown(&self) -> Answer {
        bad_parameter(&format!("the fake has no {}", self.operation.name))
    }

    /// What stands in the path.
    pub(super) fn parameter(&self, name: &str) -> &str {
        self.parameters.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    /// An id in the path.
    pub(super) fn id(&self, name: &str) -> Result<i64, Answer> {
        self.parameter(name).parse().map_err(|_| not_found())
    }

    /// A parameter of the query.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// A parameter of the query that cannot be left out.
    pub(super) fn required(&self, name: &str) -> Result<&str, Answer> {
        self.query(name).ok_or_else(|| bad_parameter(&format!("Missing parameter {name}")))
    }

    /// All values of a parameter of the query.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.query.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a list of ids in the query is empty or has this one.
    pub(super) fn one_of(&self, name: &str, id: Option<i64>) -> bool {
        let mut wanted = self.all(name).peekable();
        wanted.peek().is_none() || wanted.any(|text| text.parse().ok() == id)
    }

    /// Whether a list of words in the query is empty or has this one.
    pub(super) fn spelt(&self, name: &str, word: &str) -> bool {
        let mut wanted = self.all(name).peekable();
        wanted.peek().is_none() || wanted.any(|wanted| wanted == word)
    }

    /// A day in the query, in US style.
    pub(super) fn day(&self, name: &str) -> Result<Option<NaiveDate>, Answer> {
        let wrong = || bad_parameter(&format!("Invalid parameter {name}"));
        self.query(name).map(|text| fields::date(text).ok_or_else(wrong)).transpose()
    }

    /// The number of the page, and how it is echoed: a number by default, else the text of the query.
    pub(super) fn page(&self) -> (usize, Value) {
        match self.query("page") {
            None => (1, json!(1)),
            Some(text) => (text.parse().unwrap_or(1).max(1), text.into()),
        }
    }
}
