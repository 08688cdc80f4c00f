//! Files at addresses of their own, which are signed and live for a short time: another host than the API's.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use connectors_core::HttpRequest;
use http::{StatusCode, header};

use super::state::State;
use crate::fake::{MountedAt, Reply, Route};

/// How long an address can be used.
pub(super) const LIFE: TimeDelta = TimeDelta::minutes(2);

/// Where files are when the API is talked to without sockets: nowhere on the net, and not at the API's origin.
const HOST: &str = "https://files.smartsheet.test";
const ROOT: &str = "/_files/";

/// What a request to the host of the files asks for; `None` when it is one to the API.
pub(super) fn route(request: &HttpRequest) -> Option<Route> {
    let rest = request.uri().path().strip_prefix(ROOT)?;
    Some(Route::read(if rest.starts_with("images/") { "images.download" } else { "attachments.download" }).cost(0))
}

/// The address of a file, for whoever sent this request.
pub(super) fn address(asked: &HttpRequest, kind: &str, id: &str, now: DateTime<Utc>) -> String {
    let host = asked.extensions().get::<MountedAt>().map_or(HOST, |mounted| mounted.0.as_str());
    let until = (now + LIFE).timestamp_millis();
    format!("{host}{ROOT}{kind}/{id}?Expires={until}&Signature={}", signature(kind, id, until))
}

/// Nothing that a real one could be taken for.
fn signature(kind: &str, id: &str, until: i64) -> String {
    let seed = kind
        .bytes()
        .chain(id.bytes())
        .fold(until.unsigned_abs(), |seed, byte| seed.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte));
    format!("{:032x}", fastrand::Rng::with_seed(seed).u128(..))
}

/// The answer of the host of the files, in its own words.
pub(super) fn serve(state: &State, request: &HttpRequest, now: DateTime<Utc>) -> Reply {
    match find(state, request, now) {
        Ok((kind, bytes)) => {
            let mut reply = Reply::new(bytes);
            reply.headers_mut().extend(kind.parse().ok().map(|kind| (header::CONTENT_TYPE, kind)));
            reply
        }
        Err((status, code)) => {
            let mut reply = Reply::new(format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code></Error>").into());
            *reply.status_mut() = status;
            reply.headers_mut().insert(header::CONTENT_TYPE, http::HeaderValue::from_static("application/xml"));
            reply
        }
    }
}

fn find(
    state: &State,
    request: &HttpRequest,
    now: DateTime<Utc>,
) -> Result<(String, Bytes), (StatusCode, &'static str)> {
    const DENIED: (StatusCode, &str) = (StatusCode::FORBIDDEN, "AccessDenied");
    if request.headers().contains_key(header::AUTHORIZATION) {
        // The signature is one already.
        return Err((StatusCode::BAD_REQUEST, "OnlyOneAuthMechanismAllowed"));
    }
    let path = request.uri().path().strip_prefix(ROOT).unwrap_or_default();
    let (kind, id) = path.split_once('/').ok_or(DENIED)?;
    let query = request.uri().query().unwrap_or_default();
    let parameter = |name: &str| {
        url::form_urlencoded::parse(query.as_bytes()).find(|(known, _)| known == name).map(|(_, value)| value)
    };
    let until = parameter("Expires").and_then(|until| until.parse::<i64>().ok()).ok_or(DENIED)?;
    if parameter("Signature").as_deref() != Some(&signature(kind, id, until)) || now.timestamp_millis() > until {
        return Err(DENIED);
    }
    let held = match kind {
        "attachments" => state.attachments.file(id.parse().unwrap_or_default()),
        _ => state.images.file(id),
    };
    held.ok_or((StatusCode::NOT_FOUND, "NoSuchKey"))
}
