//! The endpoints of the native contract, as the checked-in list has them.

use std::sync::LazyLock;

use connectors_core::HttpRequest;
use http::Method;

use crate::fake::Route;
use crate::operations::{Line, List, Mismatch, Parameters};

/// `operations.csv`: one line for each operation of the API, with the name of the client's method for it.
const LIST: &str = include_str!("operations.csv");

/// One line of the list.
#[derive(Debug)]
pub(super) struct Operation {
    line: Line,
    /// As the client spells it.
    pub(super) name: &'static str,
    pub(super) form: Form,
    /// The members that the body may have.
    pub(super) body: Vec<&'static str>,
    /// Those that it must have.
    pub(super) required: Vec<&'static str>,
    /// The query parameters that it knows.
    pub(super) query: Vec<&'static str>,
}

/// How an operation asks and answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// At once.
    Plain,
    /// A report about one place.
    Single,
    /// A report about many places.
    Bulk,
}

impl Operation {
    fn read(line: Line) -> Self {
        let form = match line.field("form") {
            "single" => Form::Single,
            "bulk" => Form::Bulk,
            _ => Form::Plain,
        };
        let (body, required) = line.members("body");
        Self { name: line.name, form, body, required, query: line.words("query").collect(), line }
    }

    /// The part of the name that says which module knows it: `visits`, `tags`.
    pub(super) fn resource(&self) -> &'static str {
        let name = self.name.strip_prefix("reports.").unwrap_or(self.name);
        name.split('.').next().unwrap_or_default()
    }

    pub(super) fn is_report(&self) -> bool {
        self.form != Form::Plain
    }

    pub(super) fn route(&self) -> Route {
        let read = self.line.method == Method::GET || self.is_report();
        let route = if read { Route::read(self.name) } else { Route::write(self.name) };
        route.group(self.line.field("group"))
    }
}

static OPERATIONS: LazyLock<List<Operation>> =
    LazyLock::new(|| List::new(LIST, |line| Some(Operation::read(line)), |operation| &operation.line));

/// The names of all.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    OPERATIONS.names()
}

/// What a request asks for.
pub(super) fn operation(request: &HttpRequest) -> Option<&'static Operation> {
    OPERATIONS.operation(request.method(), request.uri().path()).ok()
}

/// What a request asks for, and the parameters in its path.
pub(super) fn find(request: &HttpRequest) -> Result<(&'static Operation, Parameters), Mismatch> {
    OPERATIONS.find(request.method(), request.uri().path())
}
