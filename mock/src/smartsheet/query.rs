//! Query parameters.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::operations::Operation;
use super::problem::Problem;

/// Every endpoint takes these.
const COMMON: [&str; 2] = ["numericDates", "accessApiLevel"];

/// The parameters of a request.
#[derive(Debug)]
pub(super) struct Query(BTreeMap<String, String>);

impl Query {
    /// Strict: a parameter that the endpoint does not know is refused, where the real service would pass over it.
    pub(super) fn of(operation: &Operation, query: Option<&str>) -> Result<Self, Problem> {
        let mut parameters = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            let known = COMMON.contains(&name.as_ref()) || operation.query.contains(&name.as_ref());
            if !known || parameters.insert(name.to_string(), value.into_owned()).is_some() {
                return Err(Problem::bad_parameter(&name));
            }
        }
        Ok(Self(parameters))
    }

    /// The first page, of this size.
    pub(super) fn page(size: usize) -> Self {
        Self(BTreeMap::from([("pageSize".to_owned(), size.to_string())]))
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, Problem> {
        match self.get(name) {
            None => Ok(false),
            // Python's way to write it is understood as well.
            Some(text) if text.eq_ignore_ascii_case("false") => Ok(false),
            Some(text) if text.eq_ignore_ascii_case("true") => Ok(true),
            Some(_) => Err(Problem::bad_parameter(name)),
        }
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<usize>, Problem> {
        self.get(name).map(|text| text.parse().map_err(|_| Problem::bad_parameter(name))).transpose()
    }

    pub(super) fn id(&self, name: &str) -> Result<Option<i64>, Problem> {
        self.get(name).map(|text| text.parse().map_err(|_| Problem::bad_parameter(name))).transpose()
    }

    pub(super) fn time(&self, name: &str) -> Result<Option<DateTime<Utc>>, Problem> {
        self.get(name).map(|text| text.parse().map_err(|_| Problem::bad_parameter(name))).transpose()
    }

    pub(super) fn ids(&self, name: &str) -> Result<Option<Vec<i64>>, Problem> {
        let parse =
            |text: &str| text.split(',').map(|id| id.parse().map_err(|_| Problem::bad_parameter(name))).collect();
        self.get(name).map(parse).transpose()
    }

    /// A list of words, each of them one of `known`.
    pub(super) fn words(&self, name: &str, known: &[&str]) -> Result<Vec<&str>, Problem> {
        let words: Vec<_> = self.get(name).map(|text| text.split(',').collect()).unwrap_or_default();
        if words.iter().all(|word| known.contains(word)) { Ok(words) } else { Err(Problem::bad_parameter(name)) }
    }
}
