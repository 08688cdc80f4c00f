//! A gateway that is looked at, and what is asked of it at the wire.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use connectors_core::{Clock, Error, SystemClock, Transport};
use http::{Method, Request, header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::run::{Checked, Failure, ensure};

/// No answer of a gateway is larger, in bytes.
const CAP: usize = 4 << 20;

/// A gateway: where it is, what it wants to be told, and the way to it.
///
/// ```no_run
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// use std::sync::Arc;
/// use connectors_core::ReqwestTransport;
/// use connectors_mock::conformance::{self, Gateway};
///
/// let transport = Arc::new(ReqwestTransport::new()?);
/// let gateway = Gateway::new("http://127.0.0.1:8080/v1", "the-key", transport).tenant("acme");
/// println!("{}", conformance::brandscopic_gateway(&gateway).await);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Gateway {
    pub(super) url: String,
    pub(super) key: SecretString,
    pub(super) tenant: Option<String>,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Gateway {
    /// A gateway at this base URL, that accepts this key as a bearer token.
    pub fn new(base_url: impl Into<String>, key: impl Into<SecretString>, transport: Arc<dyn Transport>) -> Self {
        let (url, key) = (base_url.into().trim_end_matches('/').to_owned(), key.into());
        Self { url, key, tenant: None, transport, clock: Arc::new(SystemClock) }
    }

    /// The tenant, sent as `X-Tenant-Id`.
    pub fn tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// The clock that the gateway lives by, instead of the machine's.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Asks with the right key.
    pub(super) async fn ask(&self, method: Method, path: &str, body: Option<&str>) -> Checked<Answer> {
        self.ask_as(Some(self.key.expose_secret()), method, path, body).await
    }

    /// Asks with this key, or without any.
    pub(super) async fn ask_as(
        &self,
        key: Option<&str>,
        method: Method,
        path: &str,
        body: Option<&str>,
    ) -> Checked<Answer> {
        // No more than a gateway lets through.
        self.clock.sleep(Duration::from_millis(150)).await;
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        request = request.header(header::ACCEPT, "application/json");
        if let Some(key) = key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        if let Some(tenant) = &self.tenant {
            request = request.header("x-tenant-id", tenant);
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let request = request.body(body.unwrap_or_default().to_owned().into());
        let request = request.map_err(|problem| Error::config("base_url", problem.to_string()))?;
        let unreachable =
            |problem: connectors_core::TransportError| Failure::broken("the gateway answers", &problem.to_string());
        let (head, body) = self.transport.send(request).await.map_err(unreachable)?.into_parts();
        let body = body.collect(CAP).await.map_err(unreachable)?;
        let kind = head.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        Ok(Answer {
            status: head.status.as_u16(),
            kind: kind.to_owned(),
            json: serde_json::from_slice(&body).ok(),
            bytes: body.len(),
        })
    }

    /// Until what was asked counts against no limit of the next second.
    pub(super) async fn settle(&self) {
        self.clock.sleep(Duration::from_secs(1)).await;
    }

    /// A wrong key and no key are refused as such.
    pub(super) async fn refuses_strangers(&self, method: Method, path: &str, body: Option<&str>) -> Checked {
        for (key, whose) in [(Some("not-the-key"), "a wrong key"), (None, "no key at all")] {
            let answer = self.ask_as(key, method.clone(), path, body).await?;
            answer.is_refusal(&[401], whose)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway").field("tenant", &self.tenant).finish_non_exhaustive()
    }
}

/// What a gateway answered.
pub(super) struct Answer {
    pub(super) status: u16,
    kind: String,
    pub(super) json: Option<Value>,
    bytes: usize,
}

impl Answer {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    fn shown(&self) -> String {
        let json = self.json.as_ref().map(Value::to_string).unwrap_or_default();
        format!("{} {:?}, {} bytes: {json}", self.status, self.kind, self.bytes)
    }

    /// The body, which says that it is JSON and is.
    #[track_caller]
    pub(super) fn body(&self, what: &str) -> Checked<&Value> {
        let json = self.json.as_ref().filter(|_| self.kind.starts_with("application/json"));
        json.ok_or_else(|| Failure::broken(&format!("{what} is answered with JSON, and says so"), &self.shown()))
    }

    /// One of these statuses, with a JSON object that tells what was wrong.
    #[track_caller]
    pub(super) fn is_refusal(&self, statuses: &[u16], what: &str) -> Checked {
        if !statuses.contains(&self.status) {
            let claim = format!("{what} is refused by {statuses:?}, not {}", self.status);
            return Err(Failure::broken(&claim, &self.shown()));
        }
        let body = self.body(what)?;
        ensure!(body.is_object(), format!("what is wrong with {what} is told in a JSON object"), of body);
        Ok(())
    }

    /// Success, with the status that creates or reads have.
    #[track_caller]
    pub(super) fn succeeded(&self, what: &str) -> Checked<&Value> {
        if self.is_success() {
            return self.body(what);
        }
        Err(Failure::broken(&format!("{what} is answered, not refused by {}", self.status), &self.shown()))
    }
}

/// What refuses what cannot be read or is not as it should be.
pub(super) const INVALID: [u16; 3] = [400, 415, 422];
