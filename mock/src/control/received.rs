//! What the control API is sent, and by whom.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderName, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// How long a body may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// The host that is asked, if whoever asks may: neither a web page from elsewhere, nor one that calls itself by a name
/// which leads here.
pub(super) fn host(head: &Parts, address: SocketAddr) -> Result<String, Problem> {
    let text = |name: HeaderName| head.headers.get(name).map(|value| value.to_str().unwrap_or("?").to_owned());
    let forbidden = |error: &str| Err(Problem::new(StatusCode::FORBIDDEN, error));
    let named = head.uri.authority().map(ToString::to_string).or_else(|| text(header::HOST));
    let host = named.clone().unwrap_or_else(|| address.to_string());
    let Ok(authority) = host.parse::<Authority>() else { return forbidden("the header Host is no host") };
    if address.ip().is_loopback() && named.is_some() && !is_loopback(authority.host()) {
        return forbidden("the control API is for this machine: ask it at 127.0.0.1 or localhost");
    }
    match text(header::ORIGIN) {
        Some(origin) if origin != format!("http://{host}") => {
            forbidden("the control API is not for web pages from elsewhere")
        }
        _ => Ok(authority.host().to_owned()),
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

/// The whole body.
pub(super) async fn body(body: Incoming, largest: usize) -> Result<Bytes, Problem> {
    let read = tokio::time::timeout(PATIENCE, Limited::new(body, largest).collect()).await;
    let read = read.map_err(|_| Problem::new(StatusCode::REQUEST_TIMEOUT, "the body took longer than a minute"))?;
    match read {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            let error = format!("the body is larger than {} MiB", largest >> 20);
            Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, error))
        }
        Err(_) => Err(Problem::new(StatusCode::BAD_REQUEST, "the body broke off")),
    }
}

/// The body as text.
pub(super) fn text(body: &Bytes) -> Result<&str, Problem> {
    std::str::from_utf8(body).map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "the body is not UTF-8"))
}

/// The body as JSON of this form; nothing is an empty object.
pub(super) fn json<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    let body = if body.is_empty() { b"{}" } else { body.as_ref() };
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if inner.is_data() {
            let unknown = unknown_member(&inner.to_string());
            return Problem::field(unknown.unwrap_or(path), inner.to_string());
        }
        Problem::new(StatusCode::BAD_REQUEST, format!("the body is not JSON: {inner}"))
    })?;
    json.end().map_err(|error| Problem::new(StatusCode::BAD_REQUEST, format!("the body is not JSON: {error}")))?;
    Ok(value)
}

/// The member that a message is about: the path leads to what it is in.
fn unknown_member(message: &str) -> Option<String> {
    let quoted = message.strip_prefix("unknown field `").or_else(|| message.strip_prefix("missing field `"))?;
    Some(quoted.split('`').next()?.to_owned())
}

/// The parameters of the query, all of them among these.
pub(super) fn query<'a>(head: &Parts, known: &[&'a str]) -> Result<Vec<(&'a str, String)>, Problem> {
    let pairs = url::form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes());
    let known_pair = |(name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
        let known_name = known.iter().find(|known| **known == name);
        let missing = || Problem::field(name.clone(), format!("is no parameter; there are {}", known.join(", ")));
        Ok((*known_name.ok_or_else(missing)?, value.into_owned()))
    };
    pairs.map(known_pair).collect()
}
