//! What an answer means: the provider's own judge, and the common ground of HTTP.

use std::fmt::Debug;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, StatusCode, header};

use crate::error::{Error, ErrorKind};
use crate::operation::Operation;
use crate::retry::retry_after;

/// A whole answer, as a [`Classify`] sees it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Answer<'a> {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body: whole, or its first 64 KiB when it is an error's. Empty for a success that is read as a stream.
    pub body: &'a Bytes,
    /// The time of the answer.
    pub now: DateTime<Utc>,
}

impl<'a> Answer<'a> {
    /// An answer to judge.
    pub fn new(status: StatusCode, headers: &'a HeaderMap, body: &'a Bytes, now: DateTime<Utc>) -> Self {
        Self { status, headers, body, now }
    }

    /// Whether the answer says that it is an HTML page, which no API call returns on purpose.
    pub fn is_html(&self) -> bool {
        let content_type = self.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        // Other markup (an SVG, a spreadsheet in XML) may well be what was asked for.
        let body = self.body.trim_ascii_start();
        let begins = |tag: &[u8]| body.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag));
        content_type.starts_with("text/html") || begins(b"<!doctype html") || begins(b"<html")
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Whether a failed request may have had its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ran {
    /// Certainly not: it was refused before it ran.
    No,
    /// Nobody knows.
    Maybe,
}

/// What to do with an answer.
#[derive(Debug)]
#[non_exhaustive]
pub enum Verdict {
    /// It is the result.
    Done,
    /// The provider is still computing: send the same request again, by the client's [`PollPolicy`](crate::PollPolicy).
    NotReady {
        /// How long the first wait should be, where the provider knows better than the policy.
        after: Option<Duration>,
    },
    /// It failed for now; the operation's safety and `ran` decide whether it is repeated.
    Retry {
        /// What to report when it is not repeated.
        error: Error,
        /// How long the provider asked to wait.
        after: Option<Duration>,
        /// Whether it may have had its effect.
        ran: Ran,
    },
    /// The credentials are not accepted: renew them and try once more.
    Reauthenticate(Error),
    /// It failed for good.
    Fail(Error),
}

/// A provider's judge. It sees every answer, those with a success status too.
pub trait Classify: Debug + Send + Sync + 'static {
    /// Judges one answer.
    fn judge(&self, operation: &Operation, answer: &Answer<'_>) -> Verdict;

    /// The provider's id of the request, when the answer carries one.
    fn request_id(&self, answer: &Answer<'_>) -> Option<String> {
        static ID: HeaderName = HeaderName::from_static("x-request-id");
        answer.headers.get(&ID)?.to_str().ok().map(str::to_owned)
    }
}

/// What a provider's error body says, in common terms.
#[derive(Debug, Clone, Default)]
pub struct ErrorBody {
    /// The provider's error code.
    pub code: Option<String>,
    /// The provider's words.
    pub message: Option<String>,
}

/// The common judgement by status, for a provider to call once its own codes are dealt with.
///
/// | status | verdict |
/// |---|---|
/// | 2xx | done, unless it is an HTML page |
/// | 3xx | `Config`: redirects are not followed, the base URL is wrong |
/// | 400, 422, other 4xx | `InvalidRequest` |
/// | 401 | renew the credentials once, else `Auth` |
/// | 403 | `PermissionDenied` |
/// | 404, 410 | `NotFound` |
/// | 408 | may have run; `Timeout` |
/// | 409 | `Conflict` |
/// | 429 | did not run; `RateLimited`, honours `Retry-After` |
/// | 5xx | may have run; `Server`, honours `Retry-After` (501: for good) |
pub fn standard(answer: &Answer<'_>, body: ErrorBody) -> Verdict {
    let status = answer.status;
    if status.is_success() {
        return if answer.is_html() {
            let error = Error::new(ErrorKind::Server, "the provider answered with an HTML page instead of data");
            Verdict::Retry { error: error.with_status(status).with_body(answer.body), after: None, ran: Ran::Maybe }
        } else {
            Verdict::Done
        };
    }
    let after = retry_after(answer.headers, answer.now);
    let (kind, fallback) = match status.as_u16() {
        300..=399 => (ErrorKind::Config, "the provider redirects to another address, which is not followed"),
        401 => (ErrorKind::Auth, "the credentials are not accepted"),
        403 => (ErrorKind::PermissionDenied, "the credentials lack the right to do this"),
        404 | 410 => (ErrorKind::NotFound, "there is no such thing"),
        408 => (ErrorKind::Timeout, "the provider did not get the request in time"),
        409 => (ErrorKind::Conflict, "the request contradicts what the provider holds"),
        429 => (ErrorKind::RateLimited, "too many requests"),
        400..=499 => (ErrorKind::InvalidRequest, "the provider refuses the request"),
        _ => (ErrorKind::Server, "the provider failed"),
    };
    let mut error = Error::new(kind, body.message.unwrap_or_else(|| fallback.to_owned()))
        .with_status(status)
        .with_body(answer.body);
    if let Some(code) = body.code {
        error = error.with_code(code);
    }
    if let Some(after) = after {
        error = error.with_retry_after(after);
    }
    match status.as_u16() {
        300..=399 => Verdict::Fail(error.with_hint("check the base URL: host, scheme and path prefix")),
        401 => Verdict::Reauthenticate(error),
        429 => Verdict::Retry { error, after, ran: Ran::No },
        408 | 500 | 502..=599 => Verdict::Retry { error, after, ran: Ran::Maybe },
        _ => Verdict::Fail(error.with_retryable(false)),
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Method};

    use super::*;

    #[derive(Debug)]
    struct ByStatus;

    impl Classify for ByStatus {
        fn judge(&self, _: &Operation, answer: &Answer<'_>) -> Verdict {
            standard(answer, ErrorBody::default())
        }
    }

    fn is_html(content_type: &'static str, body: &'static str) -> bool {
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(content_type))]);
        let body = Bytes::from_static(body.as_bytes());
        Answer::new(StatusCode::OK, &headers, &body, DateTime::UNIX_EPOCH).is_html()
    }

    #[test]
    fn a_web_page_is_told_by_its_type_or_its_first_tag() {
        assert!(is_html("text/html; charset=utf-8", "Sign in"));
        assert!(is_html("application/json", " \n<!DOCTYPE html>"));
        assert!(is_html("text/plain", "<HTML lang=en>"));
        for (content_type, body) in
            [("application/json", "{}"), ("image/svg+xml", "<svg/>"), ("text/plain", "<h"), ("", "")]
        {
            assert!(!is_html(content_type, body), "{content_type} {body}");
        }
    }

    #[test]
    fn headers_are_read_as_text_and_the_request_id_is_one_of_them() {
        let headers = HeaderMap::from_iter([
            (http::HeaderName::from_static("x-request-id"), HeaderValue::from_static("r-1")),
            (http::HeaderName::from_static("x-odd"), HeaderValue::from_bytes(b"\xff").unwrap()),
        ]);
        let (empty, body) = (HeaderMap::new(), Bytes::new());
        let answer = |headers| Answer::new(StatusCode::OK, headers, &body, DateTime::UNIX_EPOCH);
        assert_eq!((answer(&headers).header("x-request-id"), answer(&headers).header("x-odd")), (Some("r-1"), None));
        assert_eq!(ByStatus.request_id(&answer(&headers)).as_deref(), Some("r-1"));
        assert_eq!(ByStatus.request_id(&answer(&empty)), None);
    }

    #[test]
    fn a_redirect_is_a_wrong_base_url_and_says_so() {
        static GET: Operation = Operation::new("test", "get", Method::GET, "/");
        let (headers, body) = (HeaderMap::new(), Bytes::new());
        let answer = Answer::new(StatusCode::FOUND, &headers, &body, DateTime::UNIX_EPOCH);
        let Verdict::Fail(error) = ByStatus.judge(&GET, &answer) else { panic!("it is final") };
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Config, false));
        assert_eq!(error.hint(), Some("check the base URL: host, scheme and path prefix"));
    }
}
