//! Requests as they are written down, past all clients.

use bytes::Bytes;
use connectors_core::Transport;
use connectors_mock::{Backend, InProcess};
use http::{HeaderMap, Request, StatusCode};
use serde_json::Value;

/// A fake, and what every request to it has in front.
pub struct Raw {
    transport: InProcess,
    base: &'static str,
    headers: Vec<(&'static str, String)>,
}

/// An answer as it came.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Raw {
    pub fn new(backend: &Backend, base: &'static str, authorization: &str) -> Self {
        let headers = vec![("authorization", authorization.to_owned())];
        Self { transport: InProcess::new(backend.clone()), base, headers }
    }

    /// With these headers instead, as far as they have the same names.
    pub fn with(&self, headers: &[(&'static str, &str)]) -> Self {
        let mut all = self.headers.clone();
        all.retain(|(name, _)| headers.iter().all(|(other, _)| name != other));
        all.extend(headers.iter().map(|(name, value)| (*name, (*value).to_owned())));
        Self { transport: self.transport.clone(), base: self.base, headers: all }
    }

    pub async fn send(&self, method: &str, path: &str, body: impl Into<Bytes>) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        // An empty one is left out.
        for (name, value) in self.headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(*name, value);
        }
        let response = self.transport.send(request.body(body.into()).unwrap()).await.unwrap();
        let (head, body) = response.into_parts();
        let body = body.collect(64 << 20).await.unwrap();
        Answer { status: head.status, headers: head.headers, body }
    }

    pub async fn json(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.with(&[("content-type", "application/json")]).send(method, path, body.to_string()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "").await
    }
}

impl Answer {
    /// The body as JSON, where the status is this one and it says that it is JSON.
    #[track_caller]
    pub fn json(&self, status: u16) -> Value {
        let text = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status.as_u16(), status, "{text}");
        let kind = self.headers.get("content-type").map(|kind| kind.to_str().unwrap()).unwrap_or_default();
        assert!(kind.starts_with("application/json"), "{kind}: {text}");
        serde_json::from_slice(&self.body).unwrap()
    }
}
