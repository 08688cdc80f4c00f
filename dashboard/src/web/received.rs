//! What requests bring along, checked.

use axum::RequestExt;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use connectors_core::ErrorKind;
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::answer::Failed;

/// The largest body that is taken, in bytes.
pub(super) const LARGEST: usize = 64 << 10;

/// How many rows a list gives: unless told otherwise, and at the most.
const ROWS: u32 = 50;
const MOST_ROWS: u32 = 200;

/// A body of JSON. What is wrong with it is told without any of it: it may be a secret.
#[derive(Debug)]
pub(super) struct Body<T>(pub(super) T);

/// What has nothing to say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Failed;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failed> {
        let is_json = is_json(request.headers());
        let body = request.with_limited_body().into_body();
        let body = axum::body::to_bytes(body, LARGEST).await.map_err(|error| unread(&error))?;
        if !body.is_empty() && !is_json {
            let message = "the body has to be application/json";
            return Err(Failed::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported media type", message));
        }
        parsed(&body).map(Self)
    }
}

fn unread(error: &axum::Error) -> Failed {
    let mut source = Some(error as &dyn std::error::Error);
    while let Some(error) = source {
        if error.to_string().contains("length limit exceeded") {
            let message = format!("the body is larger than {LARGEST} bytes");
            return Failed::new(StatusCode::PAYLOAD_TOO_LARGE, "body too large", message);
        }
        source = error.source();
    }
    Failed::bad("the body broke off")
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

fn parsed<T: DeserializeOwned>(body: &Bytes) -> Result<T, Failed> {
    let body: &[u8] = if body.is_empty() { b"{}" } else { body };
    let wrong = |what: &str| {
        Failed::new(StatusCode::UNPROCESSABLE_ENTITY, ErrorKind::InvalidRequest.as_str(), format!("the body {what}"))
            .hint("api/openapi.json tells what it has to look like")
    };
    let read = serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        match error.classify() {
            Category::Data => {
                let said = error.to_string();
                let what = if said.starts_with("unknown field") {
                    "a field that is not known here"
                } else if said.starts_with("missing field") {
                    "not all that is needed"
                } else {
                    "something of another type than is needed"
                };
                wrong(&format!("has {what} (line {line}, column {column})"))
            }
            _ => Failed::bad(format!("the body is no JSON (line {line}, column {column})")),
        }
    })?;
    // A list would do as well, for want of names.
    if body.trim_ascii_start().starts_with(b"{") { Ok(read) } else { Err(wrong("is no object")) }
}

/// What stands for something in the path.
#[derive(Debug)]
pub(super) struct Named(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let name = Path::<String>::from_request_parts(parts, state).await;
        name.map(|Path(name)| Self(name)).map_err(|_| Failed::missing("there is nothing with such a name"))
    }
}

/// The number of a sync, in the path.
#[derive(Debug)]
pub(super) struct Numbered(pub(super) i64);

impl<S: Send + Sync> FromRequestParts<S> for Numbered {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let Named(text) = Named::from_request_parts(parts, state).await?;
        let number = text.parse().ok().filter(|number| *number >= 0);
        number.map(Self).ok_or_else(|| Failed::missing("there is no such sync: syncs have numbers"))
    }
}

/// Which part of a list is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Part {
    pub(super) integration: Option<String>,
    pub(super) before: Option<i64>,
    pub(super) after: Option<i64>,
    limit: Option<u32>,
}

impl Part {
    pub(super) fn limit(&self) -> u32 {
        self.limit.unwrap_or(ROWS)
    }

    /// Nothing that this list does not know.
    pub(super) fn only(self, known: &[&str]) -> Result<Self, Failed> {
        let given = [("integration", self.integration.is_some()), ("after", self.after.is_some())];
        match given.into_iter().find(|(name, given)| *given && !known.contains(name)) {
            Some((name, _)) => Err(Failed::bad("this list does not know this").field(name)),
            None => Ok(self),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Part {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failed> {
        let hint = "integration, before, after and limit can be given, each once, the latter as numbers";
        let Query(part) = Query::<Self>::try_from_uri(&parts.uri)
            .map_err(|_| Failed::bad("the query of the address is not understood").hint(hint))?;
        if !(1..=MOST_ROWS).contains(&part.limit()) {
            return Err(Failed::bad(format!("has to be 1 to {MOST_ROWS}")).field("limit"));
        }
        match [("before", part.before), ("after", part.after)].iter().find(|(_, number)| number.is_some_and(|n| n < 0))
        {
            Some((name, _)) => Err(Failed::bad("is below 0").field(*name)),
            None => Ok(part),
        }
    }
}
