//! The endpoints, as the checked-in list has them.

use std::sync::LazyLock;

use connectors_core::HttpRequest;
use http::Method;

use crate::fake::Route;
use crate::operations::{Line, List, Parameters};

/// `operations.csv`: one line for each operation and host of the API, with the name of the client's method for it.
const LIST: &str = include_str!("operations.csv");

/// One line of the list.
#[derive(Debug)]
pub(super) struct Operation {
    line: Line,
    /// `resource.method`, as the client spells it.
    pub(super) name: &'static str,
    /// The members that the body may have; `design` stands for all that say how a code looks.
    pub(super) body: Vec<&'static str>,
    /// Those that it must have.
    pub(super) required: Vec<&'static str>,
    /// The query parameters that it knows.
    pub(super) query: Vec<&'static str>,
}

impl Operation {
    fn read(line: Line) -> Self {
        let (body, required) = line.members("body");
        Self { name: line.name, body, required, query: line.words("query").collect(), line }
    }

    pub(super) fn is_write(&self) -> bool {
        self.line.method != Method::GET
    }

    pub(super) fn route(&self) -> Route {
        if self.is_write() { Route::write(self.name) } else { Route::read(self.name) }
    }
}

static CURRENT: LazyLock<List<Operation>> =
    LazyLock::new(|| List::new(LIST, |line| of_host(line, "current"), |operation| &operation.line));
static LEGACY: LazyLock<List<Operation>> =
    LazyLock::new(|| List::new(LIST, |line| of_host(line, "legacy"), |operation| &operation.line));

fn of_host(line: Line, host: &str) -> Option<Operation> {
    ["both", host].contains(&line.field("host")).then(|| Operation::read(line))
}

/// The names of all.
pub(super) fn names(legacy: bool) -> impl Iterator<Item = &'static str> {
    list(legacy).names()
}

fn list(legacy: bool) -> &'static List<Operation> {
    if legacy { &LEGACY } else { &CURRENT }
}

/// What a request asks for, and the parameters in its path; a slash at the end makes no difference.
pub(super) fn find(request: &HttpRequest, legacy: bool) -> Option<(&'static Operation, Parameters)> {
    let list = list(legacy);
    let path = request.uri().path();
    let find = |path: &str| list.find(request.method(), path).ok();
    let other = || path.strip_suffix('/').map_or_else(|| find(&format!("{path}/")), find);
    find(path).or_else(other)
}
