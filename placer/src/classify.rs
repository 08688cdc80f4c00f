//! What answers mean, one judge per contract.

use std::time::Duration;

use connectors_core::provider::{Answer, Classify, ErrorBody, Operation, Ran, Safety, Verdict, standard};
use connectors_core::{Error, ErrorKind};
use http::{Method, StatusCode};

use crate::code::PlacerCode;
use crate::dates::quota_renewal;
use crate::native::node::{Head, Node, State};

/// Judges answers of the native contract.
///
/// A report is computed when it is asked for. Until it is there, the same request is answered by 202, by the gateway's
/// 504, or by a success in which every entry says so. An answer with some entries ready is done: see
/// [`crate::native::report`].
#[derive(Debug)]
pub(crate) struct NativeJudge;

impl Classify for NativeJudge {
    fn judge(&self, operation: &Operation, answer: &Answer<'_>) -> Verdict {
        let report = is_report(operation);
        match answer.status {
            // What has an effect is not sent again; whoever sent it sees the status.
            StatusCode::ACCEPTED if operation.safety == Safety::Once => Verdict::Done,
            // A place that is still being made has been made so far: its id must not get lost among the waiting.
            StatusCode::ACCEPTED if operation.name.starts_with("custom_pois.") => Verdict::Done,
            StatusCode::ACCEPTED => not_ready(operation),
            StatusCode::GATEWAY_TIMEOUT if report => not_ready(operation),
            status if report && status.is_success() && status != StatusCode::NO_CONTENT => success(operation, answer),
            status if status.is_success() => standard(answer, ErrorBody::default()),
            _ => failure(answer),
        }
    }

    fn request_id(&self, answer: &Answer<'_>) -> Option<String> {
        // A report's own id is read with the report.
        let short = answer.status == StatusCode::ACCEPTED || !answer.status.is_success();
        let stated = || answer.header("x-request-id").or_else(|| answer.header("x-amzn-requestid")).map(str::to_owned);
        short.then(|| head(answer.body).request_id).flatten().or_else(stated)
    }
}

/// Judges answers of a gateway.
#[derive(Debug)]
pub(crate) struct GatewayJudge;

impl Classify for GatewayJudge {
    fn judge(&self, _: &Operation, answer: &Answer<'_>) -> Verdict {
        if answer.status.is_success() {
            return standard(answer, ErrorBody::default());
        }
        let Head { code, message, .. } = head(answer.body);
        standard(answer, ErrorBody { code: code.map(|c| c.to_string()), message })
    }
}

/// Everything that is computed when it is asked for, rankings too, is asked for by POST and changes nothing.
fn is_report(operation: &Operation) -> bool {
    operation.method == Method::POST && operation.safety == Safety::ReadOnly
}

fn not_ready(operation: &Operation) -> Verdict {
    Verdict::NotReady { after: first_wait(operation) }
}

/// Half of the average time that Placer publishes for the report, between one and four seconds.
pub(crate) fn first_wait(operation: &Operation) -> Option<Duration> {
    average(operation).map(|average| Duration::from_secs_f64(f64::clamp(average / 2.0, 1.0, 4.0)))
}

/// The average time that Placer publishes for the report, in seconds.
pub(crate) fn average(operation: &Operation) -> Option<f64> {
    Some(match operation.name {
        "reports.visits.metrics" => 10.0,
        "reports.visits.trends" | "reports.ranking.overview_multi" => 3.58,
        "reports.visits.hours" => 0.79,
        "reports.visits.days" => 0.72,
        "reports.visits.dwell_time" => 0.77,
        "reports.trade_area.true_trade_area" => 2.24,
        "reports.trade_area.demographics" => 1.58,
        "reports.ranking.overview" => 8.8,
        "reports.ranking.top" | "reports.ranking.closely_ranked" => 3.8,
        "reports.journey.favorite_places" => 5.0,
        "reports.journey.favorite_chains" => 1.8,
        _ => return None,
    })
}

fn success(operation: &Operation, answer: &Answer<'_>) -> Verdict {
    if answer.body.trim_ascii().is_empty() {
        let error = Error::new(ErrorKind::Server, "the answer is empty").with_status(answer.status);
        return Verdict::Retry { error, after: None, ran: Ran::Maybe };
    }
    if !answer.is_html() && mentions_pending(answer.body) && all_pending(answer.body) {
        return not_ready(operation);
    }
    standard(answer, ErrorBody::default())
}

/// Whether it is worth reading the heads of all entries.
fn mentions_pending(body: &[u8]) -> bool {
    let has = |text: &[u8]| body.windows(text.len()).any(|window| window == text);
    has(b"IN_PROGRESS") || has(b"3005")
}

fn all_pending(body: &[u8]) -> bool {
    let entries = serde_json::from_slice::<Node<()>>(body).map(Node::into_entries).unwrap_or_default();
    !entries.is_empty() && entries.iter().all(|entry| entry.head.state() == State::Pending)
}

/// The members of a short body; none when it is not JSON.
fn head(body: &[u8]) -> Head {
    serde_json::from_slice::<Node<()>>(body).map(|node| node.head().clone()).unwrap_or_default()
}

fn failure(answer: &Answer<'_>) -> Verdict {
    let Head { code, message, .. } = head(answer.body);
    let placer_code = code.map(PlacerCode::from);
    let body = ErrorBody { code: code.map(|c| c.to_string()), message: message.clone() };
    let fail = |kind, fallback: &str| {
        let error = Error::new(kind, message.clone().unwrap_or_else(|| fallback.to_owned()));
        let error = error.with_status(answer.status).with_body(answer.body).with_retryable(false);
        code.map_or(error.clone(), |code| error.with_code(code))
    };
    match (answer.status.as_u16(), placer_code) {
        (_, Some(PlacerCode::LimitExceeded)) => {
            let until = (quota_renewal(answer.now) - answer.now).to_std().unwrap_or_default();
            let error = fail(ErrorKind::QuotaExhausted, "the week's distinct places are used up");
            Verdict::Fail(hinted(error, PlacerCode::LimitExceeded).with_retry_after(until))
        }
        // The API gateway in front of Placer: a route it does not know, and a key it does not know.
        (403, None) if message.as_deref().is_some_and(|m| m.contains("Authentication Token")) => {
            let error = fail(ErrorKind::NotFound, "there is no such address");
            Verdict::Fail(error.with_hint("check the base URL: https://papi.placer.ai, without a path"))
        }
        (401 | 403, None) => {
            Verdict::Reauthenticate(fail(ErrorKind::Auth, "the key is not accepted").with_hint("check PLACER_API_KEY"))
        }
        (400..=499, Some(code))
            if code.kind().is_some_and(|kind| kind != ErrorKind::RateLimited && kind != ErrorKind::Pending) =>
        {
            let kind = code.kind().unwrap_or(ErrorKind::InvalidRequest);
            Verdict::Fail(hinted(fail(kind, "Placer refuses the request"), code))
        }
        _ => standard(answer, body),
    }
}

/// Whether Placer says that a place is flagged. There is no code for it, only words, which may change.
pub(crate) fn names_flag(error: &Error) -> bool {
    let refused = matches!(error.kind(), ErrorKind::InvalidRequest | ErrorKind::PermissionDenied | ErrorKind::NotFound);
    refused && error.status().is_some() && error.message().to_ascii_lowercase().contains("flagged")
}

pub(crate) fn hinted(error: Error, code: PlacerCode) -> Error {
    match code.hint() {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use chrono::{DateTime, Utc};
    use http::HeaderMap;

    use super::*;
    use crate::native::report::operation;

    static TRENDS: Operation = operation("reports.visits.trends", "/");
    static POIS: Operation = Operation::new("placer", "pois.search", Method::GET, "/");

    fn judged(operation: &Operation, status: u16, body: &str) -> Verdict {
        let (headers, body) = (HeaderMap::new(), Bytes::copy_from_slice(body.as_bytes()));
        let now: DateTime<Utc> = "2026-03-06T00:00:00Z".parse().unwrap();
        NativeJudge.judge(operation, &Answer::new(StatusCode::from_u16(status).unwrap(), &headers, &body, now))
    }

    fn error(status: u16, body: &str) -> Error {
        match judged(&POIS, status, body) {
            Verdict::Fail(error) | Verdict::Reauthenticate(error) | Verdict::Retry { error, .. } => error,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_report_in_the_making_is_told_in_many_ways() {
        let pending = |status, body| matches!(judged(&TRENDS, status, body), Verdict::NotReady { after: Some(_) });
        assert!(pending(202, r#"{"code":3005,"details":"IN_PROGRESS"}"#));
        assert!(pending(202, ""));
        assert!(pending(504, r#"{"message":"Endpoint request timed out"}"#));
        assert!(pending(200, r#"{"code":3005,"details":"IN_PROGRESS"}"#));
        assert!(pending(207, r#"{"items":[{"apiId":"venue:a","code":3005},{"apiId":"venue:b","code":3005}]}"#));
        assert!(!pending(207, r#"{"data":[{"apiId":"venue:a","code":3005},{"apiId":"venue:b","visits":[1]}]}"#));
        assert!(!pending(200, r#"{"data":{"visits":3005}}"#));
    }

    #[test]
    fn a_creation_that_takes_longer_is_not_repeated() {
        static CREATE: Operation = Operation::new("placer", "request", Method::POST, "");
        assert!(matches!(judged(&CREATE, 202, r#"{"code":3005,"apiId":"complex:a"}"#), Verdict::Done));
    }

    #[test]
    fn empty_successes_of_reports_are_repeated() {
        assert!(matches!(judged(&TRENDS, 200, " "), Verdict::Retry { .. }));
        assert!(matches!(judged(&TRENDS, 204, ""), Verdict::Done));
    }

    #[test]
    fn codes_decide_before_statuses() {
        for (status, code, kind) in [
            (400, 2000, ErrorKind::InvalidRequest),
            (400, 2002, ErrorKind::InvalidRequest),
            (401, 1000, ErrorKind::PermissionDenied),
            (401, 1001, ErrorKind::PermissionDenied),
            (403, 1008, ErrorKind::PermissionDenied),
            (403, 1016, ErrorKind::PermissionDenied),
            (404, 3000, ErrorKind::NotFound),
            (404, 4000, ErrorKind::NotFound),
            (404, 9999, ErrorKind::NotFound),
            (422, 1025, ErrorKind::PermissionDenied),
            (429, 2004, ErrorKind::RateLimited),
            (500, 5000, ErrorKind::Server),
        ] {
            let error = error(status, &format!(r#"{{"code":{code},"details":"X","message":"words"}}"#));
            assert_eq!((error.kind(), error.message(), error.code()), (kind, "words", Some(code.to_string().as_str())));
            assert_eq!(error.is_retryable(), matches!(kind, ErrorKind::RateLimited | ErrorKind::Server), "{code}");
        }
    }

    #[test]
    fn an_exhausted_quota_says_when_it_is_renewed() {
        let error = error(429, r#"{"code":2005,"details":"LIMIT_EXCEEDED","message":"weekly quota"}"#);
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::QuotaExhausted, false));
        assert_eq!(error.retry_after(), Some(Duration::from_secs(2 * 24 * 3600)), "from Friday to Sunday");
    }

    #[test]
    fn bodies_of_the_api_gateway_have_no_code() {
        let kind = |status, message: &str| error(status, &format!(r#"{{"message":"{message}"}}"#)).kind();
        assert_eq!(kind(403, "Forbidden"), ErrorKind::Auth);
        assert_eq!(kind(401, "Unauthorized"), ErrorKind::Auth);
        assert_eq!(kind(403, "Missing Authentication Token"), ErrorKind::NotFound);
        assert_eq!(kind(429, "Too Many Requests"), ErrorKind::RateLimited);
        assert_eq!(kind(504, "Endpoint request timed out"), ErrorKind::Server);
    }
}
