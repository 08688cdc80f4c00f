//! The provider's ways to refuse.

use http::StatusCode;
use serde_json::json;

use crate::fake::{self, Reply};

/// One of Placer's error codes, with the status and the symbol that go with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) code: i64,
    pub(super) details: &'static str,
    pub(super) message: String,
}

impl Refusal {
    fn new(status: StatusCode, code: i64, details: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, details, message: message.into() }
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, 2000, "BAD_REQUEST", message)
    }

    pub(super) fn arguments(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, 2002, "INVALID_ARGUMENTS", message)
    }

    pub(super) fn not_permitted() -> Self {
        Self::new(StatusCode::FORBIDDEN, 1008, "PERMISSION_DENIED", "the entity is not included in your contract")
    }

    pub(super) fn undeliverable() -> Self {
        let message = "the entity cannot be delivered due to privacy policy";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, 1025, "UNDELIVERABLE_ENTITY", message)
    }

    pub(super) fn throttled() -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, 2004, "RATE_LIMITED", "too many requests")
    }

    pub(super) fn quota() -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, 2005, "LIMIT_EXCEEDED", "weekly POI quota exceeded")
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, 3000, "ERROR_NOT_FOUND", "POI not found")
    }

    pub(super) fn in_progress() -> Self {
        Self::new(StatusCode::ACCEPTED, 3005, "IN_PROGRESS", "report is being processed, please try again later")
    }

    pub(super) fn no_content() -> Self {
        Self::new(StatusCode::NO_CONTENT, 3006, "NO_CONTENT", "no data for the requested parameters")
    }

    pub(super) fn reply(&self, request_id: &str) -> Reply {
        if self.status == StatusCode::NO_CONTENT {
            return fake::empty(self.status);
        }
        let Self { status, code, details, message } = self;
        fake::json(*status, &json!({"code": code, "details": details, "message": message, "requestId": request_id}))
    }
}

/// What the API gateway in front of Placer says by itself: no code.
pub(super) fn bare(status: StatusCode, message: &str) -> Reply {
    fake::json(status, &json!({ "message": message }))
}
