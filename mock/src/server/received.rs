//! What a client sends.

use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};

/// The largest body that is taken: twice of what any of the providers does.
const LARGEST: usize = 64 << 20;

/// Room is made for this much before it has come.
const BELIEVED: usize = 1 << 20;

/// How long a body may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why a body is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    TooLarge,
    TooSlow,
    BrokenOff,
}

impl Unread {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::BrokenOff => StatusCode::BAD_REQUEST,
        }
    }

    pub(super) fn message(self) -> &'static str {
        match self {
            Self::TooLarge => "the body is larger than 64 MiB",
            Self::TooSlow => "the body took longer than a minute",
            Self::BrokenOff => "the body broke off, or is not chunked as it says",
        }
    }
}

/// The whole body.
pub(super) async fn body(incoming: Incoming) -> Result<Bytes, Unread> {
    if incoming.is_end_stream() {
        return Ok(Bytes::new());
    }
    // Before the client is told to go on, where it asks.
    if incoming.size_hint().lower() > LARGEST as u64 {
        return Err(Unread::TooLarge);
    }
    tokio::time::timeout(PATIENCE, collected(incoming)).await.unwrap_or(Err(Unread::TooSlow))
}

/// Copied, so that a few bytes do not keep the whole buffer they came in.
async fn collected(mut incoming: Incoming) -> Result<Bytes, Unread> {
    let expected = usize::try_from(incoming.size_hint().lower()).unwrap_or(usize::MAX);
    let mut body = Vec::with_capacity(expected.min(BELIEVED));
    while let Some(frame) = incoming.frame().await {
        // Trailers say nothing to any of the providers.
        if let Ok(data) = frame.map_err(|_| Unread::BrokenOff)?.into_data() {
            if data.len() > LARGEST - body.len() {
                return Err(Unread::TooLarge);
            }
            body.extend_from_slice(&data);
        }
    }
    Ok(body.into())
}

/// Headers of their own, for the journal to keep: they come as parts of the buffer that was read into.
pub(super) fn detach(head: &mut Parts) {
    let length = head.headers.values().map(HeaderValue::len).sum();
    let mut all = Vec::with_capacity(length);
    for value in head.headers.values() {
        all.extend_from_slice(value.as_bytes());
    }
    let mut all = Bytes::from(all);
    for value in head.headers.values_mut() {
        let own = all.split_to(value.len().min(all.len()));
        if let Ok(own) = HeaderValue::from_maybe_shared(own) {
            *value = own;
        }
    }
}
