//! The endpoints, as the checked-in list has them.

use std::sync::LazyLock;

use connectors_core::HttpRequest;
use http::Method;

use super::problem::Problem;
use crate::fake::Route;

/// `operations.csv`: one line for each operation of the API, with the name of the client's method for it.
const LIST: &str = include_str!("operations.csv");

/// What stands in a path in place of the names in braces.
pub(super) type Parameters = Vec<(&'static str, String)>;

/// One line of the list.
#[derive(Debug)]
pub(super) struct Operation {
    /// `resource.method`, as the client spells it.
    pub(super) name: &'static str,
    method: Method,
    template: Vec<&'static str>,
    cost: u32,
    /// One of these an app must have been given; none where anybody may ask.
    pub(super) scopes: Vec<&'static str>,
    /// The query parameters that it knows, besides those that every endpoint knows.
    pub(super) query: Vec<&'static str>,
}

impl Operation {
    fn read(line: &'static str) -> Option<Self> {
        let fields: Vec<_> = line.split(',').collect();
        let &[name, method, template, _, status, scopes, cost, query] = fields.as_slice() else { return None };
        // What is gone is not found.
        (status != "gone").then_some(())?;
        Some(Self {
            name,
            method: method.parse().ok()?,
            template: template.split('/').skip(1).collect(),
            cost: cost.parse().ok()?,
            scopes: scopes.split_whitespace().collect(),
            query: query.split_whitespace().collect(),
        })
    }

    /// The part of the name that says what it is about.
    pub(super) fn resource(&self) -> &'static str {
        self.name.split('.').next().unwrap_or_default()
    }

    pub(super) fn is_write(&self) -> bool {
        self.method != Method::GET
    }

    pub(super) fn route(&self) -> Route {
        let route = if self.method == Method::GET { Route::read(self.name) } else { Route::write(self.name) };
        route.cost(self.cost)
    }

    /// The parameters of the path, if it is one of this operation.
    fn parameters(&self, path: &[&str]) -> Option<Parameters> {
        (self.template.len() == path.len()).then_some(())?;
        let mut parameters = Vec::new();
        for (known, given) in self.template.iter().zip(path) {
            match known.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) => {
                    let text = percent_encoding::percent_decode_str(given).decode_utf8_lossy().into_owned();
                    parameters.push((name, text));
                }
                None if known == given => {}
                None => return None,
            }
        }
        Some(parameters)
    }
}

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| LIST.lines().filter_map(Operation::read).collect());

/// What a request asks for, and the parameters in its path, which may have `/2.0` in front.
pub(super) fn find(request: &HttpRequest) -> Result<(&'static Operation, Parameters), Problem> {
    let path = request.uri().path();
    let path = path.strip_prefix("/2.0").unwrap_or(path);
    let path: Vec<_> = path.split('/').skip(1).collect();
    if path.iter().any(|segment| segment.is_empty()) {
        return Err(Problem::not_found());
    }
    let fits = |operation: &'static Operation| Some((operation, operation.parameters(&path)?));
    let mut found: Vec<_> = OPERATIONS.iter().filter_map(fits).collect();
    // `/users/me` is no user whose id is `me`.
    let fewest = found.iter().map(|(_, parameters)| parameters.len()).min().ok_or_else(Problem::not_found)?;
    found.retain(|(operation, parameters)| parameters.len() == fewest && operation.method == *request.method());
    found.into_iter().next().ok_or_else(|| Problem::new(405, 1010, "HTTP Method not supported."))
}
