//! What a face answers.

use http::StatusCode;
use serde_json::Value;

use crate::fake::{self, Reply};

/// A status and a JSON body; null stands for no body at all.
pub(super) struct Answer {
    status: StatusCode,
    body: Body,
}

enum Body {
    Value(Value),
    /// JSON whose members have an order, which a value would not keep.
    Written(String),
}

impl Answer {
    pub(super) fn new(status: StatusCode, body: Value) -> Self {
        Self { status, body: Body::Value(body) }
    }

    /// 200, with this JSON.
    pub(super) fn written(json: String) -> Self {
        Self { status: StatusCode::OK, body: Body::Written(json) }
    }
}

impl From<Answer> for Reply {
    fn from(Answer { status, body }: Answer) -> Self {
        match body {
            Body::Value(Value::Null) => fake::empty(status),
            Body::Value(body) => fake::json(status, &body),
            Body::Written(json) => fake::file("application/json", json.into()),
        }
    }
}
