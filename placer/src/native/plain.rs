//! Answers that are no reports: an object, in an envelope or bare, or a list of places.

use bytes::Bytes;
use connectors_core::provider::{Call, Operation, Safety, decode_json};
use connectors_core::{Error, ErrorKind, Response, Result};
use http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::fetch::refused;
use super::node::{Entry, Head, Node, State, read_as};
use crate::PROVIDER;

/// What an answer says.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) head: Head,
    /// The object that it is about, out of its envelope; null for an answer without a body.
    pub(super) object: Value,
    /// What it says of each of several places.
    pub(super) entries: Vec<Entry<()>>,
}

/// Sends it. An error inside a success is one.
pub(super) async fn send(operation: &'static Operation, call: Call) -> Result<Response<Said>> {
    let answer = call.send_bytes().await?;
    let read = read(&answer);
    finish(operation, answer, read)
}

/// Sends it, and reads the one object that it answers with.
pub(super) async fn object<T: DeserializeOwned>(operation: &'static Operation, call: Call) -> Result<Response<T>> {
    let answer = call.send_bytes().await?;
    let read = read(&answer).and_then(Said::read_as);
    finish(operation, answer, read)
}

/// Sends it, and reads a list, which may be left out when it is empty.
pub(super) async fn list<T: DeserializeOwned>(operation: &'static Operation, call: Call) -> Result<Response<Vec<T>>> {
    #[derive(Deserialize)]
    struct List<T> {
        #[serde(alias = "items")]
        data: Option<Vec<T>>,
    }
    let answer = call.send_bytes().await?;
    let read = || {
        if answer.meta().status == StatusCode::NO_CONTENT {
            return Ok(Vec::new());
        }
        let found: List<T> = decode_json(&answer)?;
        match found.data {
            Some(data) if !data.is_empty() => Ok(data),
            // Nothing: unless it says that it failed.
            _ => sound(&decode_json::<Node<()>>(&answer)?.into_entries()).map(|()| Vec::new()),
        }
    };
    let read = read();
    finish(operation, answer, read)
}

impl Said {
    /// The object as a `T`.
    pub(super) fn read_as<T: DeserializeOwned>(self) -> Result<T> {
        read_as(&self.object)
    }

    /// A text in the object.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.object.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
    }

    /// Refuses a write that was not carried out although the answer is a success.
    pub(super) fn check_result(&self) -> Result<()> {
        match self.text("result") {
            Some(result) if !result.eq_ignore_ascii_case("success") => {
                Err(Error::new(ErrorKind::Server, format!("the result is {result}")).with_retryable(false))
            }
            _ => Ok(()),
        }
    }
}

fn read(answer: &Response<Bytes>) -> Result<Said> {
    if answer.trim_ascii().is_empty() && matches!(answer.meta().status.as_u16(), 202 | 204) {
        return Ok(Said { head: Head::default(), object: Value::Null, entries: Vec::new() });
    }
    let node: Node<()> = decode_json(answer)?;
    let head = node.head().clone();
    if let State::Failed(code) = head.state() {
        return Err(refused(code, &Entry { head, members: () }));
    }
    let mut whole: Value = decode_json(answer)?;
    let inner = match whole.get_mut("data").map(Value::take) {
        Some(Value::Array(mut list)) if list.len() == 1 => list.pop(),
        Some(inner @ Value::Object(_)) => Some(inner),
        _ => None,
    };
    Ok(Said { head, object: inner.unwrap_or(whole), entries: node.into_entries() })
}

fn sound(entries: &[Entry<()>]) -> Result<()> {
    let failure = entries.iter().find_map(|entry| match entry.head.state() {
        State::Failed(code) => Some(refused(code, entry)),
        _ => None,
    });
    failure.map_or(Ok(()), Err)
}

/// What was read of the answer; an error gets to say where it is from.
fn finish<T>(operation: &'static Operation, answer: Response<Bytes>, read: Result<T>) -> Result<Response<T>> {
    match read {
        Ok(value) => Ok(answer.map(|_| value)),
        Err(error) => {
            let meta = answer.meta();
            // Whether a write that cannot be read was carried out is not known; one that was refused was not.
            let maybe_applied = operation.safety != Safety::ReadOnly && error.kind() == ErrorKind::Decode;
            let error = error
                .with_origin(PROVIDER, operation.name)
                .with_status(meta.status)
                .with_attempts(meta.attempts, meta.elapsed)
                .with_maybe_applied(maybe_applied);
            Err(match &meta.request_id {
                Some(id) if error.request_id().is_none() => error.with_request_id(id.clone()),
                _ => error,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use connectors_core::Meta;
    use http::Method;

    use super::*;
    use crate::model::{Poi, UsageStatus};

    static READ: Operation = Operation::new(PROVIDER, "account.usage_status", Method::GET, "/");

    fn said(status: u16, body: &str) -> Result<Said> {
        let mut meta = Meta::default();
        meta.status = StatusCode::from_u16(status).unwrap();
        let answer = Response::new(Bytes::copy_from_slice(body.as_bytes()), meta);
        let read = read(&answer);
        finish(&READ, answer, read).map(Response::into_inner)
    }

    #[test]
    fn an_object_is_found_in_every_envelope() {
        for body in [
            r#"{"usedQuota":412,"queriedPOIs":37}"#,
            r#"{"requestId":"a:b","data":{"usedQuota":412.0,"queriedPOIs":"37"}}"#,
            r#"{"data":[{"usedQuota":412,"queriedPOIs":37}],"code":0}"#,
        ] {
            let usage: UsageStatus = said(200, body).unwrap().read_as().unwrap();
            assert_eq!((usage.used_quota, usage.queried_pois), (412, 37), "{body}");
        }
        let poi: Poi =
            said(200, r#"{"data":{"apiId":"complex:5f0c1de2a9b84c7d3e6f0a11"}}"#).unwrap().read_as().unwrap();
        assert_eq!(poi.api_id.as_str(), "complex:5f0c1de2a9b84c7d3e6f0a11");
        assert_eq!(said(202, "").unwrap().head.state(), State::Ready, "only the status tells");
    }

    #[test]
    fn a_failure_inside_a_success_is_one() {
        let error = said(200, r#"{"code":1008,"message":"not yours","requestId":"a:b"}"#).unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::PermissionDenied, "not yours"));
        assert_eq!((error.request_id(), error.operation()), (Some("a:b"), "account.usage_status"));
        let refused = said(200, r#"{"data":{"result":"FAILURE"}}"#).unwrap().check_result().unwrap_err();
        assert!(!refused.is_retryable() && refused.message().contains("FAILURE"));
        assert!(said(200, r#"{"data":{"result":"Success"}}"#).unwrap().check_result().is_ok());
        assert_eq!(said(200, "").unwrap_err().kind(), ErrorKind::Decode);
        let list = serde_json::from_str::<Node<()>>(r#"{"code":5000,"details":"GENERAL_ERROR"}"#).unwrap();
        assert!(sound(&list.into_entries()).is_err(), "an empty list is told apart from a failure");
    }
}
