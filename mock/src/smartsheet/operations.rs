//! The endpoints, as the checked-in list has them.

use std::sync::LazyLock;

use connectors_core::HttpRequest;
use http::Method;

use super::problem::Problem;
use crate::fake::Route;
use crate::operations::{Line, List, Mismatch};

pub(super) use crate::operations::Parameters;

/// `operations.csv`: one line for each operation of the API, with the name of the client's method for it.
const LIST: &str = include_str!("operations.csv");

/// One line of the list.
#[derive(Debug)]
pub(super) struct Operation {
    line: Line,
    /// `resource.method`, as the client spells it.
    pub(super) name: &'static str,
    cost: u32,
    /// One of these an app must have been given; none where anybody may ask.
    pub(super) scopes: Vec<&'static str>,
    /// The query parameters that it knows, besides those that every endpoint knows.
    pub(super) query: Vec<&'static str>,
}

impl Operation {
    fn read(line: Line) -> Option<Self> {
        let words = |column| line.words(column).collect();
        let (name, cost) = (line.name, line.field("cost").parse().ok()?);
        Some(Self { name, cost, scopes: words("scope"), query: words("query"), line })
    }

    /// The part of the name that says what it is about.
    pub(super) fn resource(&self) -> &'static str {
        self.name.split('.').next().unwrap_or_default()
    }

    pub(super) fn is_write(&self) -> bool {
        self.line.method != Method::GET
    }

    pub(super) fn route(&self) -> Route {
        let route = if self.is_write() { Route::write(self.name) } else { Route::read(self.name) };
        route.cost(self.cost)
    }
}

static OPERATIONS: LazyLock<List<Operation>> =
    LazyLock::new(|| List::new(LIST, Operation::read, |operation| &operation.line));

/// The names of all.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    OPERATIONS.names()
}

/// What a request asks for.
pub(super) fn operation(request: &HttpRequest) -> Option<&'static Operation> {
    OPERATIONS.operation(request.method(), path(request)).ok()
}

/// The path, which may have `/2.0` in front.
fn path(request: &HttpRequest) -> &str {
    let path = request.uri().path();
    path.strip_prefix("/2.0").unwrap_or(path)
}

/// What a request asks for, and the parameters in its path.
pub(super) fn find(request: &HttpRequest) -> Result<(&'static Operation, Parameters), Problem> {
    OPERATIONS.find(request.method(), path(request)).map_err(|mismatch| match mismatch {
        Mismatch::Path => Problem::not_found(),
        Mismatch::Method => Problem::new(405, 1010, "HTTP Method not supported."),
    })
}
