//! Smartsheet's own way to say no.

use http::StatusCode;
use serde_json::{Value, json};

use crate::fake::{self, Reply};

/// Why a request is refused.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    status: u16,
    code: u32,
    message: String,
    detail: Option<Value>,
}

impl Problem {
    pub(super) fn new(status: u16, code: u32, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), detail: None }
    }

    pub(super) fn bad(code: u32, message: impl Into<String>) -> Self {
        Self::new(400, code, message)
    }

    pub(super) fn not_found() -> Self {
        Self::new(404, 1006, "Not Found")
    }

    pub(super) fn unknown_attribute(name: &str) -> Self {
        Self::bad(1008, format!("Unknown attribute \"{name}\" found at line 1, column 1"))
    }

    pub(super) fn wrong_type(name: &str) -> Self {
        Self::bad(1008, format!("Unable to parse request. The attribute \"{name}\" has a value of the wrong type."))
    }

    pub(super) fn missing(name: &str) -> Self {
        Self::bad(1012, format!("Required object attribute(s) are missing from your request: {name}."))
    }

    pub(super) fn bad_parameter(name: &str) -> Self {
        Self::bad(1018, format!("The value for the parameter '{name}' is invalid or not supported."))
    }

    pub(super) fn not_allowed(name: &str) -> Self {
        Self::bad(1032, format!("The attribute(s) {name} are not allowed for this operation."))
    }

    /// Says which item of a bulk request it is about.
    pub(super) fn at(mut self, index: usize, row: Option<i64>) -> Self {
        self.detail = Some(match row {
            Some(row) => json!({ "index": index, "rowId": row }),
            None => json!({ "index": index }),
        });
        self
    }

    /// Adds what this kind of refusal says besides its message.
    pub(super) fn detail(self, detail: Value) -> Self {
        Self { detail: Some(detail), ..self }
    }

    /// The body, as it stands in `failedItems` too.
    pub(super) fn body(&self, reference: &str) -> Value {
        let mut body = json!({ "refId": reference, "errorCode": self.code, "message": self.message });
        if let (Some(detail), Some(body)) = (&self.detail, body.as_object_mut()) {
            body.insert("detail".into(), detail.clone());
        }
        body
    }

    /// What it says, to whoever did not ask by a request.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    pub(super) fn reply(&self, reference: &str) -> Reply {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        fake::json(status, &self.body(reference))
    }
}
