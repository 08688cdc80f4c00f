//! A provider that answers what it is told to, and what its client made of that.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use connectors_core::testing::VirtualClock;
use connectors_core::{
    Clock, Event, HttpRequest, HttpResponse, Observer, ResponseBody, Transport, TransportError, TransportErrorKind,
    WaitReason,
};
use connectors_fuzz::parts;
use futures_util::stream;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::Value;

/// Statuses; after the last of them come the failures below HTTP.
const STATUSES: [u16; 27] = [
    200, 201, 202, 203, 204, 206, 301, 302, 304, 400, 401, 402, 403, 404, 406, 408, 409, 410, 415, 422, 429, 500, 501,
    502, 503, 504, 599,
];

/// A body of JSON, of a page, of nothing known, of a picture.
const TYPES: [Option<&str>; 4] = [Some("application/json"), Some("text/html"), None, Some("image/png")];

const RETRY_AFTER: [Option<&str>; 4] = [None, Some("2"), Some("86400"), Some("Mon, 02 Mar 2026 09:00:30 GMT")];

/// One answer: a byte for the status, a byte for the headers, the body.
#[derive(Clone, Copy)]
struct Answer<'a> {
    status: u8,
    headers: u8,
    body: &'a [u8],
}

/// What becomes of a request.
#[derive(Debug)]
enum Fate {
    Status(StatusCode),
    Refused,
    Unsent,
    Reset,
    BrokenOff,
    Silence,
}

impl<'a> Answer<'a> {
    fn read(text: &'a [u8]) -> Self {
        let (status, rest) = text.split_first().unwrap_or((&b'0', &[]));
        let (headers, body) = rest.split_first().unwrap_or((&b'@', &[]));
        Self { status: *status, headers: *headers, body }
    }

    /// Seeds are readable: `0` is the first status, `@` the plainest headers.
    fn fate(&self) -> Fate {
        let at = usize::from(self.status.wrapping_sub(b'0')) % (STATUSES.len() + 5);
        match STATUSES.get(at).and_then(|status| StatusCode::from_u16(*status).ok()) {
            Some(status) => Fate::Status(status),
            None => match at - STATUSES.len() {
                0 => Fate::Refused,
                1 => Fate::Unsent,
                2 => Fate::Reset,
                3 => Fate::BrokenOff,
                _ => Fate::Silence,
            },
        }
    }

    fn headers(&self) -> HeaderMap {
        let choice = |shift: u8| usize::from((self.headers ^ b'@') >> shift & 3);
        let mut headers = HeaderMap::new();
        let mut insert = |name, value: Option<&'static str>| {
            headers.extend(value.map(|value| (name, HeaderValue::from_static(value))));
        };
        insert(header::CONTENT_TYPE, TYPES[choice(0)]);
        insert(header::RETRY_AFTER, RETRY_AFTER[choice(2)]);
        headers
    }

    fn in_pieces(&self) -> bool {
        self.headers & 0b1000_0000 != 0
    }

    /// As the core's documentation defines it.
    fn is_html(&self) -> bool {
        let start = self.body.trim_ascii_start().to_ascii_lowercase();
        self.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/html")
            || start.starts_with(b"<html")
            || start.starts_with(b"<!doctype html")
    }

    fn is_picture(&self) -> bool {
        self.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "image/png")
    }

    fn is_good(&self) -> bool {
        matches!(self.fate(), Fate::Status(status) if status.is_success()) && (!self.is_html() || self.is_picture())
    }

    /// Nobody can know whether the request was carried out; what a body of JSON says may tell.
    fn is_ambiguous(&self) -> bool {
        match self.fate() {
            Fate::Status(status) => {
                let failed = status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT;
                let page = status.is_success() && self.is_html() && !self.is_picture();
                page || (failed && !serde_json::from_slice::<Value>(self.body).is_ok_and(|body| body.is_object()))
            }
            Fate::Refused | Fate::Unsent => false,
            Fate::Reset | Fate::BrokenOff | Fate::Silence => true,
        }
    }

    fn is_rejection(&self) -> bool {
        matches!(self.fate(), Fate::Status(StatusCode::UNAUTHORIZED))
    }
}

/// What happened on a wire.
#[expect(clippy::struct_excessive_bools, reason = "each is an observation of its own")]
#[derive(Debug, Default, Clone)]
pub(crate) struct Told {
    /// Logins aside.
    pub(crate) requests: u32,
    pub(crate) polls: u32,
    /// Answers after which new credentials may be tried.
    pub(crate) rejected: u32,
    /// Whether any answer could be taken for a result.
    pub(crate) any_good: bool,
    /// Whether a request followed one that may have been carried out.
    pub(crate) repeated_ambiguous: bool,
    /// Whether the provider itself knows the key by heart.
    pub(crate) has_key: bool,
    pub(crate) elapsed: Duration,
    ambiguous: bool,
}

/// A transport that plays the answers, and an observer that counts.
pub(crate) struct Wire {
    clock: VirtualClock,
    answers: Vec<u8>,
    told: Mutex<Told>,
}

impl Wire {
    pub(crate) fn new(answers: &[u8]) -> Self {
        let has_key = answers.windows(super::KEY.len()).any(|window| window == super::KEY.as_bytes());
        let told = Told { has_key, ..Told::default() };
        Self { clock: VirtualClock::default(), answers: answers.to_owned(), told: Mutex::new(told) }
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(self.clock.clone())
    }

    pub(crate) fn told(&self) -> Told {
        Told { elapsed: self.clock.elapsed(), ..self.told.lock().unwrap().clone() }
    }

    fn answer(&self) -> Answer<'_> {
        let mut told = self.told.lock().unwrap();
        let mut answers = parts(&self.answers);
        let nth = usize::try_from(told.requests).unwrap_or(usize::MAX);
        let answer = Answer::read(answers.clone().nth(nth).or_else(|| answers.next_back()).unwrap_or_default());
        told.requests += 1;
        told.rejected += u32::from(answer.is_rejection());
        told.any_good |= answer.is_good();
        told.repeated_ambiguous |= told.ambiguous;
        told.ambiguous = answer.is_ambiguous();
        answer
    }
}

#[async_trait]
impl Transport for Wire {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        if request.uri().path().ends_with("/sessions.json") {
            let session = br#"{"success":true,"data":{"auth_token":"session-1","current_company_id":7}}"#;
            return Ok(http::Response::new(Bytes::from_static(session).into()));
        }
        let answer = self.answer();
        let failed = |kind, sent| Err(TransportError::new(kind, sent));
        let body = Bytes::copy_from_slice(answer.body);
        let status = match answer.fate() {
            Fate::Status(status) => status,
            Fate::Refused => return failed(TransportErrorKind::Connect, false),
            Fate::Unsent => return failed(TransportErrorKind::Closed, false),
            Fate::Reset => return failed(TransportErrorKind::Closed, true),
            Fate::BrokenOff => {
                let end = TransportError::new(TransportErrorKind::Truncated, true);
                return Ok(http::Response::new(ResponseBody::from_stream(stream::iter([Ok(body), Err(end)]))));
            }
            Fate::Silence => {
                self.clock.sleep(Duration::from_secs(86_400)).await;
                return failed(TransportErrorKind::Other, true);
            }
        };
        let body = if answer.in_pieces() {
            let (one, other) = (body.slice(..body.len() / 2), body.slice(body.len() / 2..));
            ResponseBody::from_stream(stream::iter([Ok(one), Ok(other)]))
        } else {
            body.into()
        };
        let mut response = http::Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = answer.headers();
        Ok(response)
    }
}

impl Observer for Wire {
    fn on_event(&self, event: &Event<'_>) {
        if let Event::Wait { reason: WaitReason::Poll, .. } = event {
            self.told.lock().unwrap().polls += 1;
        }
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}
