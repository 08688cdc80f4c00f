//! The default transport. The only file of the family that names reqwest.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream;

use super::{HttpRequest, HttpResponse, ResponseBody, Transport, TransportError, TransportErrorKind};
use crate::error::{Error, ErrorKind, Result};

/// HTTP/1.1 and HTTP/2 over reqwest's connection pool, which all clones share.
///
/// Redirects are off, so that a key never reaches another origin. Build it inside the runtime that uses it.
#[derive(Debug, Clone)]
pub struct ReqwestTransport {
    client: reqwest::Client,
}

/// Sets up a [`ReqwestTransport`].
#[derive(Debug)]
pub struct ReqwestTransportBuilder {
    builder: reqwest::ClientBuilder,
    problem: Option<Error>,
}

impl ReqwestTransport {
    /// A transport with the family's defaults: 10 s to connect, idle connections kept for 30 s.
    pub fn new() -> Result<Self> {
        Self::builder().build()
    }

    /// Sets up proxies, roots or timeouts first.
    pub fn builder() -> ReqwestTransportBuilder {
        let builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(Duration::from_secs(10))
            // Below the 60 s after which most servers hang up: a stale connection makes a write ambiguous.
            .pool_idle_timeout(Duration::from_secs(30))
            .referer(false);
        ReqwestTransportBuilder { builder, problem: None }
    }
}

impl ReqwestTransportBuilder {
    /// How long making a connection may take.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.builder = self.builder.connect_timeout(timeout);
        self
    }

    /// Sends everything through this proxy, such as `http://proxy.example:3128`.
    pub fn proxy(mut self, url: &str) -> Self {
        match reqwest::Proxy::all(url) {
            Ok(proxy) => self.builder = self.builder.proxy(proxy),
            Err(e) => self.problem = Some(Error::config("proxy", "not a proxy URL").with_source(e.without_url())),
        }
        self
    }

    /// Ignores the proxies of the environment.
    pub fn no_proxy(mut self) -> Self {
        self.builder = self.builder.no_proxy();
        self
    }

    /// Trusts this certificate authority as well.
    #[cfg(any(feature = "rustls", feature = "native-tls", feature = "rustls-no-provider"))]
    pub fn root_certificate_pem(mut self, pem: &[u8]) -> Self {
        match reqwest::Certificate::from_pem(pem) {
            Ok(certificate) => self.builder = self.builder.tls_certs_merge([certificate]),
            Err(e) => self.problem = Some(Error::config("root_certificate", "not a PEM certificate").with_source(e)),
        }
        self
    }

    /// Builds the transport.
    pub fn build(self) -> Result<ReqwestTransport> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        let client = self
            .builder
            .build()
            .map_err(|e| Error::new(ErrorKind::Config, "the HTTP client cannot be built").with_source(e))?;
        Ok(ReqwestTransport { client })
    }
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let request = reqwest::Request::try_from(request).map_err(|e| classify(e, false))?;
        let mut response = self.client.execute(request).await.map_err(|e| classify(e, true))?;
        let mut head = http::Response::new(());
        *head.status_mut() = response.status();
        *head.version_mut() = response.version();
        std::mem::swap(head.headers_mut(), response.headers_mut());
        let body = stream::unfold(Some(response), |state| async {
            let mut response = state?;
            match response.chunk().await {
                Ok(Some(chunk)) => Some((Ok(chunk), Some(response))),
                Ok(None) => None,
                Err(e) => {
                    let e = TransportError::new(TransportErrorKind::Truncated, true).with_source(e.without_url());
                    Some((Err(e), None))
                }
            }
        });
        Ok(head.map(|()| ResponseBody::from_stream(body)))
    }
}

/// Maps by what the causes are, because reqwest tells DNS, TCP and TLS apart only in its source chain.
fn classify(error: reqwest::Error, dispatched: bool) -> TransportError {
    let error = error.without_url();
    let connecting = error.is_connect();
    let mut kind = if connecting {
        TransportErrorKind::Connect
    } else if dispatched {
        TransportErrorKind::Closed
    } else {
        TransportErrorKind::Other
    };
    let mut cause: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(source) = cause {
        let text = source.to_string();
        if connecting && text.starts_with("dns error") {
            kind = TransportErrorKind::Dns;
        } else if connecting && is_tls(source) {
            kind = TransportErrorKind::Tls;
        }
        cause = source.source();
    }
    TransportError::new(kind, dispatched && !connecting).with_source(error)
}

fn is_tls(source: &(dyn StdError + 'static)) -> bool {
    let kind = io_kind(source);
    let text = source.to_string();
    let says_so = ["certificate", "handshake", "TLS", "SSL"].iter().any(|word| text.contains(word));
    // A server that hangs up during the handshake may only be restarting.
    kind != Some(io::ErrorKind::UnexpectedEof) && (kind == Some(io::ErrorKind::InvalidData) || says_so)
}

/// The innermost kind: the TLS connector wraps what the handshake says in an error of kind `Other`.
fn io_kind(source: &(dyn StdError + 'static)) -> Option<io::ErrorKind> {
    let error = source.downcast_ref::<io::Error>()?;
    error.get_ref().and_then(|inner| io_kind(inner)).or(Some(error.kind()))
}
