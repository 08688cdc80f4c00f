//! What Smartsheet's answers mean: the error code in the body decides, the status only where there is none.

use std::time::Duration;

use connectors_core::provider::{
    Answer, Classify, ErrorBody as Common, Operation, Ran, Safety, Verdict, retry_after, standard,
};
use connectors_core::{Error, ErrorKind};

use crate::error_code::ErrorCode;
use crate::model::ErrorBody;

/// After a 429 without `Retry-After`, which is how they come: the quota is one per minute, so the attempts of one
/// call together have to outlast a minute.
const THROTTLE_PAUSE: Duration = Duration::from_secs(10);

/// Maintenance lasts minutes.
const MAINTENANCE_PAUSE: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(crate) struct SmartsheetClassify;

impl Classify for SmartsheetClassify {
    fn judge(&self, operation: &Operation, answer: &Answer<'_>) -> Verdict {
        if answer.status.is_success() {
            return standard(answer, Common::default());
        }
        let body = read(answer);
        let code = body.error_code;
        let mut verdict = standard(answer, Common { code: code.map(|c| c.to_string()), message: body.message });
        if let Some(index) = body.detail.and_then(|detail| detail.index) {
            verdict = edit(verdict, |error| error.with_field(format!("rows[{index}]")));
        }
        match code {
            Some(code) => advised(by_code(code, verdict, operation, answer), code),
            None => verdict,
        }
    }

    fn request_id(&self, answer: &Answer<'_>) -> Option<String> {
        if answer.status.is_success() { None } else { read(answer).ref_id }
    }
}

fn read(answer: &Answer<'_>) -> ErrorBody {
    serde_json::from_slice(answer.body).unwrap_or_default()
}

fn by_code(code: ErrorCode, verdict: Verdict, operation: &Operation, answer: &Answer<'_>) -> Verdict {
    let asked = retry_after(answer.headers, answer.now);
    let writes = operation.safety != Safety::ReadOnly;
    match code {
        ErrorCode::RATE_LIMITED => retry(verdict, asked.or(Some(THROTTLE_PAUSE)), Ran::No),
        ErrorCode::MAINTENANCE => retry(verdict, asked.or(Some(MAINTENANCE_PAUSE)), Ran::No),
        ErrorCode::SERVER_TIMEOUT => retry(verdict, asked, Ran::Maybe),
        // Another write of this token holds the sheet: this one was turned away at the door.
        ErrorCode::BUSY => retry(verdict, asked, Ran::No),
        ErrorCode::COPY_INCOMPLETE | ErrorCode::UNEXPECTED => {
            fail(verdict, |error| error.with_retryable(false).with_maybe_applied(writes))
        }
        ErrorCode::CLIENT_ID_INVALID
        | ErrorCode::HASH_MISMATCH
        | ErrorCode::CLIENT_SECRET
        | ErrorCode::CLIENT_AUTH_MISSING => fail(verdict, |error| {
            rekind(&error, ErrorKind::Auth, answer, code)
                .with_hint("check the client id and the client secret of the app")
        }),
        ErrorCode::CODE_EXPIRED | ErrorCode::GRANT_INVALID | ErrorCode::TOKEN_REVOKED => fail(verdict, |error| {
            rekind(&error, ErrorKind::Auth, answer, code).with_hint("let the user authorize the app again")
        }),
        ErrorCode::REDIRECT_MISMATCH => fail(verdict, |error| {
            rekind(&error, ErrorKind::Config, answer, code)
                .with_field("redirect_uri")
                .with_hint("give the one of the app")
        }),
        // Its status says that the token is not accepted, but another token would not help.
        ErrorCode::UNKNOWN_USER => fail(verdict, |error| {
            rekind(&error, ErrorKind::Config, answer, code)
                .with_field("assume_user")
                .with_hint("name an active user of the account")
        }),
        ErrorCode::EXISTS_ALREADY | ErrorCode::GROUP_EXISTS | ErrorCode::SHARE_EXISTS => {
            fail(verdict, |error| rekind(&error, ErrorKind::Conflict, answer, code))
        }
        ErrorCode::VERSION_RETIRED => fail(verdict, |error| rekind(&error, ErrorKind::Config, answer, code)),
        _ if code.is_account_status() => {
            fail(verdict, |error| rekind(&error, ErrorKind::PermissionDenied, answer, code).with_retryable(false))
        }
        _ if answer.status.is_server_error() => {
            fail(verdict, |error| error.with_retryable(false).with_maybe_applied(writes))
        }
        _ => verdict,
    }
}

/// Says what to do about the code, where nothing more precise has been said.
fn advised(verdict: Verdict, code: ErrorCode) -> Verdict {
    let Some(advice) = code.advice() else { return verdict };
    edit(verdict, |error| if error.hint().is_none() { error.with_hint(advice) } else { error })
}

/// The same words as another kind.
fn rekind(error: &Error, kind: ErrorKind, answer: &Answer<'_>, code: ErrorCode) -> Error {
    Error::new(kind, error.message()).with_status(answer.status).with_code(code).with_body(answer.body)
}

fn error_of(verdict: Verdict) -> Error {
    match verdict {
        Verdict::Retry { error, .. } | Verdict::Reauthenticate(error) | Verdict::Fail(error) => error,
        _ => Error::new(ErrorKind::Server, "Smartsheet failed"),
    }
}

fn fail(verdict: Verdict, change: impl FnOnce(Error) -> Error) -> Verdict {
    Verdict::Fail(change(error_of(verdict)))
}

fn retry(verdict: Verdict, after: Option<Duration>, ran: Ran) -> Verdict {
    let error = error_of(verdict);
    let error = match after {
        Some(after) => error.with_retry_after(after),
        None => error,
    };
    Verdict::Retry { error, after, ran }
}

fn edit(verdict: Verdict, change: impl FnOnce(Error) -> Error) -> Verdict {
    match verdict {
        Verdict::Retry { error, after, ran } => Verdict::Retry { error: change(error), after, ran },
        Verdict::Reauthenticate(error) => Verdict::Reauthenticate(change(error)),
        Verdict::Fail(error) => Verdict::Fail(change(error)),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, Method, StatusCode};

    use super::*;

    const READ: Operation = Operation::new("smartsheet", "sheets.get", Method::GET, "/sheets/{sheetId}");
    const ADD: Operation = Operation::new("smartsheet", "rows.add", Method::POST, "/sheets/{sheetId}/rows");

    fn judge(operation: &Operation, status: u16, body: &str) -> Verdict {
        let (headers, body) = (HeaderMap::new(), Bytes::from(body.to_owned()));
        let status = StatusCode::from_u16(status).unwrap();
        SmartsheetClassify.judge(operation, &Answer::new(status, &headers, &body, chrono::DateTime::UNIX_EPOCH))
    }

    fn coded(operation: &Operation, status: u16, code: u32) -> Verdict {
        judge(operation, status, &format!(r#"{{"errorCode":{code},"message":"m","refId":"r1"}}"#))
    }

    #[test]
    fn the_code_decides_what_may_have_run() {
        let ran = |status, code| match coded(&ADD, status, code) {
            Verdict::Retry { ran, after, .. } => Some((ran, after)),
            _ => None,
        };
        assert_eq!(ran(429, 4003), Some((Ran::No, Some(THROTTLE_PAUSE))));
        assert_eq!(ran(503, 4001), Some((Ran::No, Some(MAINTENANCE_PAUSE))));
        assert_eq!(ran(500, 4002), Some((Ran::Maybe, None)));
        assert_eq!(ran(500, 4004), Some((Ran::No, None)));
        assert_eq!(ran(500, 4000), None);
        assert!(matches!(judge(&ADD, 502, "<html>"), Verdict::Retry { ran: Ran::Maybe, .. }));
        assert!(matches!(judge(&ADD, 500, ""), Verdict::Retry { ran: Ran::Maybe, .. }));
    }

    #[test]
    fn kinds_follow_the_meaning() {
        let kind = |status, code| error_of(coded(&READ, status, code)).kind();
        assert_eq!(kind(401, 1002), ErrorKind::Auth);
        assert_eq!(kind(403, 1004), ErrorKind::PermissionDenied);
        assert_eq!(kind(404, 1006), ErrorKind::NotFound);
        assert_eq!(kind(400, 1129), ErrorKind::Conflict);
        assert_eq!(kind(410, 4005), ErrorKind::Config);
        assert_eq!(kind(400, 5001), ErrorKind::PermissionDenied);
        assert_eq!(kind(400, 1008), ErrorKind::InvalidRequest);
        assert_eq!(kind(400, 1071), ErrorKind::Auth);
        assert_eq!(kind(400, 1073), ErrorKind::Config);
        assert!(matches!(coded(&READ, 401, 1003), Verdict::Reauthenticate(_)));
        assert!(matches!(coded(&READ, 401, 1030), Verdict::Fail(_)), "a new token would not help");
    }

    #[test]
    fn an_unexpected_failure_of_a_write_may_have_been_applied() {
        let error = error_of(coded(&ADD, 500, 4000));
        assert!(error.maybe_applied() && !error.is_retryable());
        assert!(!error_of(coded(&READ, 500, 4000)).maybe_applied());
    }

    #[test]
    fn the_detail_names_the_row_and_the_reference_is_the_request_id() {
        let body = r#"{"errorCode":1163,"message":"m","refId":"123abc","detail":{"index":4,"rowId":10}}"#;
        assert_eq!(error_of(judge(&ADD, 400, body)).field(), Some("rows[4]"));
        let odd = r#"{"errorCode":1119,"message":"m","detail":[{"topContainerId":1}]}"#;
        assert_eq!(error_of(judge(&ADD, 500, odd)).message(), "m");
        for odd in [r#"{"index":-1}"#, r#"{"index":null,"rowId":"?"}"#, "7", "[]", "null", "true"] {
            let error = error_of(judge(&ADD, 429, &format!(r#"{{"errorCode":4003,"detail":{odd}}}"#)));
            assert_eq!(error.code(), Some("4003"), "{odd}");
        }
        let (headers, bytes) = (HeaderMap::new(), Bytes::from_static(body.as_bytes()));
        let answer = Answer::new(StatusCode::BAD_REQUEST, &headers, &bytes, chrono::DateTime::UNIX_EPOCH);
        assert_eq!(SmartsheetClassify.request_id(&answer).as_deref(), Some("123abc"));
    }
}
