//! The endpoints, as the checked-in list has them.

use std::sync::LazyLock;

use connectors_core::HttpRequest;
use http::Method;

use crate::fake::Route;
use crate::operations::{self, Line, Parameters};

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

static CURRENT: LazyLock<Vec<Operation>> = LazyLock::new(|| of_host("current"));
static LEGACY: LazyLock<Vec<Operation>> = LazyLock::new(|| of_host("legacy"));

fn of_host(host: &str) -> Vec<Operation> {
    let lines = operations::lines(LIST).into_iter();
    lines.filter(|line| ["both", host].contains(&line.field("host"))).map(Operation::read).collect()
}

/// What a request asks for, and the parameters in its path; a slash at the end makes no difference.
pub(super) fn find(request: &HttpRequest, legacy: bool) -> Option<(&'static Operation, Parameters)> {
    let list: &'static [Operation] = if legacy { &LEGACY } else { &CURRENT };
    let path = request.uri().path();
    let other = path.strip_suffix('/').map_or_else(|| format!("{path}/"), str::to_owned);
    let find = |path: &str| operations::find(list, |operation| &operation.line, request.method(), path).ok();
    find(path).or_else(|| find(&other))
}
