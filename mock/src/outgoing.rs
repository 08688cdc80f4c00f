//! Requests that a fake sends to others: its webhooks.

use std::fmt;

use connectors_core::HttpRequest;

/// A request that a fake wants to be sent, to an absolute URL. Whoever sends it tells the fake what was answered.
#[derive(Clone)]
#[non_exhaustive]
pub struct Outgoing {
    /// What the answer is reported under.
    pub id: u64,
    /// The request.
    pub request: HttpRequest,
}

impl Outgoing {
    pub(crate) fn new(id: u64, request: HttpRequest) -> Self {
        Self { id, request }
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} (#{})", self.request.method(), self.request.uri(), self.id)
    }
}
