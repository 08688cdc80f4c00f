//! The endpoints of the native contract, as the checked-in list has them.

use std::sync::LazyLock;

use http::Method;

use crate::fake::Route;
use crate::operations::{Line, List, Mismatch, Parameters};

/// `operations.csv`: one line for each operation of the API, with the name of the client's method for it.
const LIST: &str = include_str!("operations.csv");

/// One line of the list.
#[derive(Debug)]
pub(super) struct Operation {
    line: Line,
    /// `resource.method`, as the client spells it.
    pub(super) name: &'static str,
    /// What the members of the body are in; empty where they are at the top.
    pub(super) root: &'static str,
    /// The members that the body may have.
    pub(super) members: Vec<&'static str>,
    /// Those that it must have.
    pub(super) required: Vec<&'static str>,
    /// The query parameters that it knows.
    pub(super) query: Vec<&'static str>,
}

impl Operation {
    fn read(line: Line) -> Self {
        let (members, required) = line.members("members");
        let query = line.words("query").collect();
        Self { name: line.name, root: line.field("root"), members, required, query, line }
    }

    /// The part of the name that says which module knows it.
    pub(super) fn resource(&self) -> &'static str {
        self.name.split('.').next().unwrap_or_default()
    }

    pub(super) fn route(&self) -> Route {
        // Deactivating an activity is a GET.
        let reads = self.line.method == Method::GET && !self.name.contains("deactivate") || self.reads_by_post();
        if reads { Route::read(self.name) } else { Route::write(self.name) }
    }

    fn reads_by_post(&self) -> bool {
        // Logging out is none of them: it ends the user's sessions on every device.
        ["events.filter", "sessions.create"].contains(&self.name)
    }
}

static OPERATIONS: LazyLock<List<Operation>> =
    LazyLock::new(|| List::new(LIST, |line| Some(Operation::read(line)), |operation| &operation.line));

/// The names of all.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    OPERATIONS.names()
}

/// What a request asks for, and the parameters in its path, below `/api/v1`.
pub(super) fn find(method: &Method, path: &str) -> Result<(&'static Operation, Parameters), Mismatch> {
    let path = path.strip_suffix(".json").unwrap_or(path);
    OPERATIONS.find(method, path)
}
