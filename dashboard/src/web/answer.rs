//! Answers of the API.

use axum::Json;
use axum::response::{IntoResponse, Response};
use connectors_core::{Error, ErrorKind};
use http::StatusCode;
use serde::Serialize;

/// What every failed request of the API is answered with.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Problem {
    kind: String,
    message: String,
    hint: Option<String>,
    field: Option<String>,
}

/// An error, as the API tells it.
#[derive(Debug)]
pub(crate) struct Failed(pub(crate) Error);

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let error = self.0;
        let status = match error.kind() {
            ErrorKind::InvalidRequest | ErrorKind::Config => StatusCode::UNPROCESSABLE_ENTITY,
            ErrorKind::NotFound => StatusCode::NOT_FOUND,
            ErrorKind::Conflict => StatusCode::CONFLICT,
            ErrorKind::Storage => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_GATEWAY,
        };
        let problem = Problem {
            kind: error.kind().as_str().to_owned(),
            message: error.to_string(),
            hint: error.hint().map(str::to_owned),
            field: error.field().map(str::to_owned),
        };
        (status, Json(problem)).into_response()
    }
}
