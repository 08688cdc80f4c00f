//! What answers mean, one judge per contract.

use std::collections::BTreeMap;

use connectors_core::provider::{Answer, Classify, ErrorBody, Operation, Verdict, standard};
use connectors_core::{Error, ErrorKind};
use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::Value;

/// What is told of a login that failed.
pub(crate) const WRONG_LOGIN: &str = "the e-mail or the password is wrong";

/// Judges answers of `/api/v1`.
#[derive(Debug)]
pub(crate) struct NativeJudge;

/// The envelope of most failures. A logout that fails really spells `sucess`.
#[derive(Deserialize, Default)]
struct Envelope {
    #[serde(alias = "sucess")]
    success: Option<bool>,
    info: Option<String>,
}

/// Attribute → what is wrong with it: how the server reports a record that it did not save.
type Problems = BTreeMap<String, Vec<String>>;

impl Classify for NativeJudge {
    fn judge(&self, operation: &Operation, answer: &Answer<'_>) -> Verdict {
        let writes = operation.method != Method::GET;
        if (writes && answer.status.is_success()) || answer.status == StatusCode::UNPROCESSABLE_ENTITY {
            // Some creates and updates that failed are answered with 200 and the problems instead of the record.
            if let Some(problems) = problems(answer.body) {
                return Verdict::Fail(not_saved(&problems).with_status(answer.status).with_body(answer.body));
            }
        }
        let envelope: Envelope = serde_json::from_slice(answer.body).unwrap_or_default();
        if answer.status.is_success() && envelope.success != Some(false) {
            return standard(answer, ErrorBody::default());
        }
        let info = envelope.info.filter(|info| !info.is_empty());
        let error = |kind, message: &str| Error::new(kind, message).with_status(answer.status).with_body(answer.body);
        let error = match (answer.status.as_u16(), info.as_deref()) {
            // A new login does not change the company, so it is not tried.
            (401, Some("Invalid company")) => {
                error(ErrorKind::PermissionDenied, "the user is not an active member of this company")
                    .with_hint("set the company id to one that the user belongs to")
            }
            (401, Some("Login Failed")) => {
                error(ErrorKind::Auth, WRONG_LOGIN).with_hint("check both; they are case-sensitive")
            }
            (401, Some("Invalid auth token")) => {
                let error = error(
                    ErrorKind::Auth,
                    "the token is not accepted: it was replaced by a logout, or is not this user's",
                );
                return Verdict::Reauthenticate(error.with_hint("log in for a new one"));
            }
            // The one call that says so of somebody whom it does not know.
            (401, Some("Action Failed")) if operation.name == "users.reset_password" => {
                error(ErrorKind::NotFound, "no user has this e-mail address")
            }
            (403, Some("Invalid request")) => {
                error(ErrorKind::PermissionDenied, "the campaign of this event does not have it")
                    .with_hint("ask for it only where the event's campaign has the module switched on")
            }
            (406, _) => error(ErrorKind::InvalidRequest, "the server cannot answer in JSON here")
                .with_hint("end the path in .json"),
            // A step of a recap that is not open now, or cannot be taken with what there is.
            (422, Some(info)) => error(ErrorKind::Conflict, info),
            (200..=299, info) => error(ErrorKind::InvalidRequest, info.unwrap_or("the request was not carried out")),
            _ => return standard(answer, ErrorBody { code: None, message: info }),
        };
        Verdict::Fail(error)
    }
}

/// The body as problems: an object without an id in which every value is a list of texts.
fn problems(body: &[u8]) -> Option<Problems> {
    let problems: Problems = serde_json::from_slice(body).ok()?;
    (!problems.is_empty() && !problems.contains_key("id")).then_some(problems)
}

fn not_saved(problems: &Problems) -> Error {
    let fields: Vec<_> = problems.keys().map(String::as_str).collect();
    let texts: Vec<_> = problems.iter().map(|(field, texts)| format!("{field} {}", texts.join(", "))).collect();
    Error::new(ErrorKind::InvalidRequest, texts.join("; ")).with_field(fields.join(", "))
}

/// Judges answers of a gateway, whose error bodies have no agreed form.
#[derive(Debug)]
pub(crate) struct GatewayJudge;

impl Classify for GatewayJudge {
    fn judge(&self, _: &Operation, answer: &Answer<'_>) -> Verdict {
        let body = serde_json::from_slice(answer.body).unwrap_or(Value::Null);
        let code = text(&body, &["code", "errorCode"]);
        let message = text(&body, &["message", "detail"]);
        if answer.status.is_success() && failed(&body) {
            let error = Error::new(ErrorKind::InvalidRequest, message.as_deref().unwrap_or("the gateway refused it"));
            let error = error.with_status(answer.status).with_body(answer.body);
            return Verdict::Fail(code.into_iter().fold(error, Error::with_code));
        }
        standard(answer, ErrorBody { code, message })
    }
}

/// Whether an answer of success says that it is none.
fn failed(body: &Value) -> bool {
    let nothing = |value: &Value| matches!(value, Value::Null | Value::Bool(false)) || value.as_str() == Some("");
    let has = |name| body.get(name).is_some_and(|value| !nothing(value));
    body.get("success") == Some(&Value::Bool(false)) || has("error") && !has("id") && !has("data")
}

/// The first of these members, at the top or inside `error`; an `error` that is a text serves as well.
fn text(body: &Value, names: &[&str]) -> Option<String> {
    let error = body.get("error");
    let scalar = |value: &Value| value.as_str().map(str::to_owned).or_else(|| value.as_i64().map(|n| n.to_string()));
    let member = |name: &&str| body.get(name).or_else(|| error?.get(name)).and_then(scalar);
    names.iter().find_map(member).or_else(|| error.and_then(Value::as_str).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use chrono::DateTime;
    use http::HeaderMap;

    use super::*;

    const CREATE: Operation = Operation::new("brandscopic", "events.create", Method::POST, "/events.json");
    const GET: Operation = Operation::new("brandscopic", "events.get", Method::GET, "/events/{id}.json");

    fn judge(classify: &dyn Classify, operation: &Operation, status: u16, body: &'static str) -> Verdict {
        let body = Bytes::from_static(body.as_bytes());
        let headers = HeaderMap::new();
        let status = StatusCode::from_u16(status).unwrap();
        classify.judge(operation, &Answer::new(status, &headers, &body, DateTime::UNIX_EPOCH))
    }

    fn failure(status: u16, body: &'static str) -> Error {
        match judge(&NativeJudge, &CREATE, status, body) {
            Verdict::Fail(error) | Verdict::Reauthenticate(error) | Verdict::Retry { error, .. } => error,
            verdict => panic!("{verdict:?}"),
        }
    }

    #[test]
    fn a_record_that_was_not_saved_is_an_error_whatever_the_status() {
        for status in [200, 422] {
            let error = failure(status, r#"{"end_date":["should be before 06/05/2026"],"base":["no place"]}"#);
            assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some("base, end_date")));
            assert!(error.message().contains("end_date should be before 06/05/2026"), "{error}");
        }
        for fine in [r#"{"id":7,"tags":["a"]}"#, "[]", "{}", r#"{"id":["odd"]}"#] {
            assert!(matches!(judge(&NativeJudge, &CREATE, 200, fine), Verdict::Done), "{fine}");
        }
        assert!(
            matches!(judge(&NativeJudge, &GET, 200, r#"{"fields":["a"]}"#), Verdict::Done),
            "reads have no such form"
        );
    }

    #[test]
    fn only_a_token_that_is_not_accepted_is_worth_a_new_login() {
        let token = judge(&NativeJudge, &GET, 401, r#"{"success":false,"info":"Invalid auth token","data":{}}"#);
        assert!(matches!(token, Verdict::Reauthenticate(_)));
        let company = judge(&NativeJudge, &GET, 401, r#"{"success":false,"info":"Invalid company","data":{}}"#);
        assert!(matches!(company, Verdict::Fail(e) if e.kind() == ErrorKind::PermissionDenied));
        assert_eq!(failure(401, r#"{"success":false,"info":"Login Failed","data":{}}"#).kind(), ErrorKind::Auth);
    }

    #[test]
    fn the_misspelt_flag_is_read() {
        let error = failure(200, r#"{"sucess":false,"info":"Invalid token."}"#);
        assert_eq!((error.kind(), error.message()), (ErrorKind::InvalidRequest, "Invalid token."));
    }

    #[test]
    fn an_answer_without_a_body_is_told_in_words() {
        let error = failure(406, "");
        assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidRequest, None));
        assert!(error.hint().is_some_and(|hint| hint.contains(".json")), "{error}");
    }

    #[test]
    fn a_gateways_words_are_found_wherever_it_puts_them() {
        for body in [r#"{"message":"no"}"#, r#"{"error":"no"}"#, r#"{"error":{"message":"no","code":7}}"#] {
            let Verdict::Fail(error) = judge(&GatewayJudge, &CREATE, 400, body) else { panic!("{body}") };
            assert_eq!(error.message(), "no");
        }
    }

    #[test]
    fn a_gateways_failure_inside_200_is_none_the_less_one() {
        for body in [r#"{"error":{"message":"no","code":"E7"}}"#, r#"{"success":false,"message":"no","code":"E7"}"#] {
            let Verdict::Fail(error) = judge(&GatewayJudge, &CREATE, 200, body) else { panic!("{body}") };
            assert_eq!((error.kind(), error.message(), error.code()), (ErrorKind::InvalidRequest, "no", Some("E7")));
        }
        for fine in
            [r#"{"status":"ok","error":""}"#, r#"{"success":true,"data":{"id":7}}"#, r#"{"id":7,"error":"none"}"#]
        {
            assert!(matches!(judge(&GatewayJudge, &CREATE, 200, fine), Verdict::Done), "{fine}");
        }
    }
}
