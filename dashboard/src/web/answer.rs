//! What failed requests are answered with.

use std::any::Any;

use axum::Json;
use axum::response::{IntoResponse, Response};
use connectors_core::{Error, ErrorKind};
use http::{HeaderValue, Method, StatusCode, Uri, header};
use serde::Serialize;

use crate::told;

/// Why a request fails, as the API tells it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Failed {
    #[serde(skip)]
    status: StatusCode,
    /// In seconds.
    #[serde(skip)]
    retry_after: Option<u64>,
    pub(super) kind: &'static str,
    pub(super) message: String,
    hint: Option<String>,
    field: Option<String>,
}

impl Failed {
    pub(super) fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, retry_after: None, kind, message: message.into(), hint: None, field: None }
    }

    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad request", message)
    }

    pub(super) fn missing(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, ErrorKind::NotFound.as_str(), message)
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(super) fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    pub(super) fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds.max(1));
        self
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        let status = match error.kind() {
            ErrorKind::InvalidRequest | ErrorKind::Config => StatusCode::UNPROCESSABLE_ENTITY,
            ErrorKind::NotFound => StatusCode::NOT_FOUND,
            ErrorKind::Conflict => StatusCode::CONFLICT,
            ErrorKind::Storage => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_GATEWAY,
        };
        Self {
            hint: error.hint().map(str::to_owned),
            field: error.field().map(str::to_owned),
            ..Self::new(status, error.kind().as_str(), told::line(&error))
        }
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(&self)).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Nothing is there.
pub(super) async fn unknown() -> Failed {
    Failed::missing("there is nothing at this path").hint("what there is stands in api/openapi.json")
}

/// Something is there, for other methods.
pub(super) async fn wrong_method(method: Method, _: Uri) -> Failed {
    let message = format!("this path does not know {}", if known(&method) { method.as_str() } else { "this method" });
    Failed::new(StatusCode::METHOD_NOT_ALLOWED, "method not allowed", message)
}

fn known(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS]
        .contains(method)
}

/// A defect of ours. What it says may hold anything, so that it goes nowhere.
pub(super) fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request to the dashboard met a defect");
    Failed::new(StatusCode::INTERNAL_SERVER_ERROR, "defect", "the dashboard has a defect here").into_response()
}
