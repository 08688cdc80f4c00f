//! The provider's ways to refuse.

use connectors_placer::PlacerCode;
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

    pub(super) fn dataset_not_in_contract() -> Self {
        let message = "the requested data source is not included in your contract";
        Self::new(StatusCode::UNAUTHORIZED, 1001, "UNAUTHORIZED_DATA_SOURCE", message)
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

    /// The week's calls are used up, which has no code of its own.
    pub(super) fn used_up() -> Self {
        Self { message: "weekly call quota exceeded".to_owned(), ..Self::throttled() }
    }

    /// As Placer documents this code.
    pub(super) fn by_code(code: PlacerCode) -> Self {
        use PlacerCode as Code;
        let (status, number, details) = match code {
            Code::Unauthorized => (401, 1000, "UNAUTHORIZED"),
            Code::UnauthorizedDataSource => (401, 1001, "UNAUTHORIZED DATA SOURCE"),
            Code::PermissionDenied => return Self::not_permitted(),
            Code::RestrictedArea => (403, 1016, "RESTRICTED_AREA"),
            Code::UndeliverableEntity => return Self::undeliverable(),
            Code::BadRequest => return Self::bad_request("refused as scripted"),
            Code::InvalidArguments => return Self::arguments("refused as scripted"),
            Code::RateLimited => return Self::throttled(),
            Code::LimitExceeded => return Self::quota(),
            Code::NotFound => return Self::not_found(),
            Code::InProgress => return Self::in_progress(),
            Code::NoContent => return Self::no_content(),
            Code::Other(number) => (400, number, "OTHER"),
            _ => (500, 5000, "GENERAL_ERROR"),
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self::new(status, number, details, "refused as scripted")
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
