//! Why the control API refuses something.

use connectors_core::{Error, ErrorKind};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::fake::{self, Reply};

/// What is wrong, in which member, and with which status it is told.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    error: String,
    field: Option<String>,
    allow: Option<&'static str>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { status, error: error.into(), field: None, allow: None }
    }

    /// It is understood, but cannot be.
    pub(super) fn field(field: impl Into<String>, error: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, error) }
    }

    /// The same, found in this member.
    pub(super) fn at(self, field: &str) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, field: Some(field.to_owned()), ..self }
    }

    pub(super) fn not_found(error: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, error)
    }

    /// The path is there, by these methods.
    pub(super) fn method(allow: &'static str) -> Self {
        let error = format!("there is only {allow} here");
        Self { allow: Some(allow), ..Self::new(StatusCode::METHOD_NOT_ALLOWED, error) }
    }

    pub(super) fn reply(self) -> Reply {
        #[derive(Serialize)]
        struct Told {
            error: String,
            #[serde(skip_serializing_if = "Option::is_none")]
            field: Option<String>,
        }
        let mut reply = fake::json(self.status, &Told { error: self.error, field: self.field });
        if let Some(allow) = self.allow {
            reply.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        reply
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let status = match error.kind() {
            ErrorKind::Unsupported => StatusCode::NOT_IMPLEMENTED,
            ErrorKind::Storage => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let told = match error.hint() {
            Some(hint) => format!("{}; {hint}", error.message()),
            None => error.message().to_owned(),
        };
        Self { field: error.field().map(str::to_owned), ..Self::new(status, told) }
    }
}
