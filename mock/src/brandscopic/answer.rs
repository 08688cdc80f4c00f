//! What a face answers.

use http::StatusCode;
use serde_json::Value;

use crate::fake::{self, Reply};

/// A status and a JSON body; null stands for no body at all.
pub(super) struct Answer {
    status: StatusCode,
    body: Value,
}

impl Answer {
    pub(super) fn new(status: StatusCode, body: Value) -> Self {
        Self { status, body }
    }
}

impl From<Answer> for Reply {
    fn from(Answer { status, body }: Answer) -> Self {
        if body.is_null() { fake::empty(status) } else { fake::json(status, &body) }
    }
}
