//! The judge of QR TIGER's answers: errors come with status 200 as well.

use connectors_core::provider::{Answer, Classify, ErrorBody, Operation, Verdict, standard};
use connectors_core::{Error, ErrorKind};
use http::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::Campaign;
use crate::campaigns::Unnamed;

/// What the provider says of a key it does not know, and of one whose plan has no API.
const KEY_HINT: &str = "check the key in My Account > Settings; a plan without API access is refused in the same way";

/// Errors of QR TIGER carry a second status, inside the answer.
///
/// ```
/// use connectors_core::{Error, ErrorKind};
/// use connectors_qrtiger::QrTigerErrorExt;
///
/// assert_eq!(Error::new(ErrorKind::Auth, "refused").with_code(403).body_status(), Some(403));
/// ```
pub trait QrTigerErrorExt {
    /// The status inside the answer, which often differs from the HTTP status: a rejected key is 403 inside of 200.
    fn body_status(&self) -> Option<u16>;

    /// The code that was made before naming it failed: the error is of its name alone.
    fn created_code(&self) -> Option<&Campaign>;
}

impl QrTigerErrorExt for Error {
    fn body_status(&self) -> Option<u16> {
        self.code()?.parse().ok()
    }

    fn created_code(&self) -> Option<&Campaign> {
        Unnamed::code(self)
    }
}

#[derive(Debug)]
pub(crate) struct Judge;

impl Classify for Judge {
    fn judge(&self, _: &Operation, answer: &Answer<'_>) -> Verdict {
        // A picture, of vectors even, is no error page.
        if answer.status.is_success() && answer.header("content-type").is_some_and(|kind| kind.starts_with("image/")) {
            return Verdict::Done;
        }
        let said = Said::read(answer.body);
        let inside = said.status.and_then(|status| StatusCode::from_u16(status).ok()).filter(|s| s.as_u16() >= 400);
        let body = ErrorBody { code: inside.map(|status| status.as_str().to_owned()), message: said.message };
        let status = match inside {
            Some(inside) if answer.status.is_success() => inside,
            _ => answer.status,
        };
        let verdict = match (status.as_u16(), inside) {
            (402, _) => Verdict::Fail(error(ErrorKind::QuotaExhausted, "the plan is used up", answer, body)),
            (401, _) | (403, Some(_)) => {
                Verdict::Fail(error(ErrorKind::Auth, "the key is not accepted", answer, body).with_hint(KEY_HINT))
            }
            _ => standard(&Answer::new(status, answer.headers, answer.body, answer.now), body),
        };
        with_status(verdict, answer.status)
    }
}

fn error(kind: ErrorKind, fallback: &str, answer: &Answer<'_>, body: ErrorBody) -> Error {
    let error = Error::new(kind, body.message.unwrap_or_else(|| fallback.to_owned())).with_body(answer.body);
    match body.code {
        Some(code) => error.with_code(code),
        None => error,
    }
}

fn with_status(verdict: Verdict, status: StatusCode) -> Verdict {
    match verdict {
        Verdict::Retry { error, after, ran } => Verdict::Retry { error: error.with_status(status), after, ran },
        Verdict::Reauthenticate(error) | Verdict::Fail(error) => Verdict::Fail(error.with_status(status)),
        other => other,
    }
}

/// What an answer says about its own success.
#[derive(Default)]
struct Said {
    status: Option<u16>,
    message: Option<String>,
}

/// Raw, so that an answer of megabytes is skipped over rather than built.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    status: Option<&'a RawValue>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

impl Said {
    fn read(body: &[u8]) -> Self {
        let Some(envelope) = object(body) else { return Self::default() };
        let status = envelope.status.and_then(|raw| raw.get().trim_matches('"').parse().ok());
        let inner = envelope.data.and_then(|raw| object(raw.get().as_bytes())).and_then(|data| data.message);
        let text = |raw: &RawValue| serde_json::from_str::<String>(raw.get()).ok().filter(|text| !text.is_empty());
        let message = [envelope.message, envelope.error, inner].into_iter().flatten().find_map(text);
        Self { status, message }
    }
}

fn object(body: &[u8]) -> Option<Envelope<'_>> {
    body.trim_ascii_start().starts_with(b"{").then(|| serde_json::from_slice(body).ok())?
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use chrono::DateTime;
    use http::{HeaderMap, HeaderValue, Method, header};

    use super::*;

    static LIST: Operation = Operation::new("qrtiger", "campaigns.list", Method::GET, "/api/campaign");

    fn judge(status: u16, content_type: &'static str, body: &'static str) -> Verdict {
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(content_type))]);
        let body = Bytes::from_static(body.as_bytes());
        Judge.judge(&LIST, &Answer::new(StatusCode::from_u16(status).unwrap(), &headers, &body, DateTime::UNIX_EPOCH))
    }

    fn failure(status: u16, body: &'static str) -> Error {
        match judge(status, "application/json", body) {
            Verdict::Fail(error) | Verdict::Retry { error, .. } => error,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_error_inside_of_a_success_is_an_error() {
        let error = failure(200, r#"{"status":403}"#);
        assert_eq!(
            (error.kind(), error.status(), error.body_status()),
            (ErrorKind::Auth, Some(StatusCode::OK), Some(403))
        );
        assert!(error.hint().unwrap().contains("plan"));
        assert_eq!(failure(200, r#"{"status":"404","data":{"message":"no such code"}}"#).kind(), ErrorKind::NotFound);
        assert_eq!(failure(200, r#"{"status":429}"#).kind(), ErrorKind::RateLimited);
        assert_eq!(failure(200, r#"{"status":422,"error":"bad colour"}"#).message(), "bad colour");
    }

    #[test]
    fn the_status_of_the_answer_counts_as_well() {
        assert_eq!(failure(401, "{}").kind(), ErrorKind::Auth);
        assert_eq!(failure(403, r#"{"message":"not yours"}"#).kind(), ErrorKind::PermissionDenied);
        assert_eq!(failure(402, "").kind(), ErrorKind::QuotaExhausted);
        let error = failure(502, "<html>gone</html>");
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Server, true));
        assert_eq!(failure(200, "<html>maintenance</html>").kind(), ErrorKind::Server);
    }

    #[test]
    fn successes_are_left_alone() {
        for body in [
            r#"{"status":200,"data":"aGk="}"#,
            r#"{"status":"ok","message":"fine"}"#,
            "[]",
            r#"{"data":[{"status":500}]}"#,
        ] {
            assert!(matches!(judge(200, "application/json", body), Verdict::Done), "{body}");
        }
        assert!(matches!(judge(200, "image/svg+xml", "<svg/>"), Verdict::Done));
    }
}
