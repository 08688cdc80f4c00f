//! The default transport. The only file of the family that names reqwest.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::Stream;
use futures_util::stream;
use http::Uri;
use http_body::{Body, Frame, SizeHint};
use url::Url;

use super::{
    HttpRequest, HttpResponse, ResponseBody, Transport, TransportError, TransportErrorKind, UploadBody, UploadRequest,
};
use crate::error::{Error, ErrorKind, Result};

/// HTTP/1.1 and HTTP/2 over reqwest's connection pool, which all clones share.
///
/// Redirects are off, so that a key never reaches another origin. Build it inside the runtime that uses it.
#[derive(Clone)]
pub struct ReqwestTransport {
    client: reqwest::Client,
    /// The URL of the last request, which the next one has most of.
    last: Arc<Mutex<Option<Url>>>,
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the last URL, which may hold anything.
        f.debug_struct("ReqwestTransport").field("client", &self.client).finish_non_exhaustive()
    }
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
        let builder = with_tls(reqwest::Client::builder())
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(Duration::from_secs(10))
            // Below the 60 s after which most servers hang up: a stale connection makes a write ambiguous.
            .pool_idle_timeout(Duration::from_secs(30))
            .referer(false);
        ReqwestTransportBuilder { builder, problem: None }
    }
}

/// Says which TLS is meant: left to itself, reqwest goes by what any crate of the program enabled.
fn with_tls(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    #[cfg(any(feature = "rustls", feature = "rustls-no-provider"))]
    return builder.tls_backend_rustls();
    #[cfg(all(feature = "native-tls", not(any(feature = "rustls", feature = "rustls-no-provider"))))]
    return builder.tls_backend_native();
    #[cfg(not(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls")))]
    builder
}

impl ReqwestTransportBuilder {
    /// How long making a connection may take, TLS handshake included.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.builder = self.builder.connect_timeout(timeout);
        self
    }

    /// How long an idle connection is kept, 30 s by default. Stay below what the server keeps: a request on a
    /// connection that the server is closing may be lost, and then is repeated only if its operation allows it.
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.builder = self.builder.pool_idle_timeout(timeout);
        self
    }

    /// How many idle connections are kept for a host, any number by default. With 0 each request makes its own.
    pub fn pool_max_idle_per_host(mut self, connections: usize) -> Self {
        self.builder = self.builder.pool_max_idle_per_host(connections);
        self
    }

    /// Never speaks HTTP/2, for gateways that get it wrong.
    pub fn http1_only(mut self) -> Self {
        self.builder = self.builder.http1_only();
        self
    }

    /// Sends everything through this proxy, such as `http://user:password@proxy.example:3128`.
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

    /// Trusts these certificate authorities as well: a PEM file of one or several.
    #[cfg(any(feature = "rustls", feature = "native-tls", feature = "rustls-no-provider"))]
    pub fn root_certificate_pem(mut self, pem: &[u8]) -> Self {
        let bad = || Error::config("root_certificate", "has no PEM certificate");
        match reqwest::Certificate::from_pem_bundle(pem) {
            Ok(roots) if roots.is_empty() => self.problem = Some(bad()),
            Ok(roots) => self.builder = self.builder.tls_certs_merge(roots),
            Err(e) => self.problem = Some(bad().with_source(e)),
        }
        self
    }

    /// Builds the transport.
    pub fn build(self) -> Result<ReqwestTransport> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        // Where reqwest would panic.
        #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            return Err(Error::new(ErrorKind::Config, "TLS has no crypto provider")
                .with_hint("install a rustls crypto provider first, or enable the feature `rustls`"));
        }
        let client = self
            .builder
            .build()
            .map_err(|e| Error::new(ErrorKind::Config, "the HTTP client cannot be built").with_source(e))?;
        Ok(ReqwestTransport { client, last: Arc::default() })
    }
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.exchange(request.map(|body| (!body.is_empty()).then(|| body.into())), None).await
    }

    async fn upload(&self, request: UploadRequest) -> Result<HttpResponse, TransportError> {
        let (head, body) = request.into_parts();
        let length = body.length();
        let source = Arc::new(Mutex::new((Some(body), None)));
        let body = reqwest::Body::wrap(Outgoing { source: Arc::clone(&source), length });
        self.exchange(http::Request::from_parts(head, Some(body)), Some(Interest(source))).await
    }
}

impl ReqwestTransport {
    /// The address as reqwest wants it. To parse all of it would cost as much as the rest of what is done here.
    fn url(&self, uri: &Uri) -> Result<Url, TransportError> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = &mut *last
            && uri.scheme_str() == Some(last.scheme())
            && uri.authority().is_some_and(|authority| authority.as_str() == last.authority())
        {
            last.set_path(uri.path());
            last.set_query(uri.query());
            return Ok(last.clone());
        }
        let unusable = |e: url::ParseError| TransportError::new(TransportErrorKind::Other, false).with_source(e);
        Ok(last.insert(Url::parse(&uri.to_string()).map_err(unusable)?).clone())
    }

    async fn exchange(
        &self,
        request: http::Request<Option<reqwest::Body>>,
        interest: Option<Interest>,
    ) -> Result<HttpResponse, TransportError> {
        let (head, body) = request.into_parts();
        let mut request = reqwest::Request::new(head.method, self.url(&head.uri)?);
        *request.headers_mut() = head.headers;
        *request.body_mut() = body;
        let mut response = self.client.execute(request).await.map_err(classify)?;
        let mut head = http::Response::new(());
        *head.status_mut() = response.status();
        *head.version_mut() = response.version();
        std::mem::swap(head.headers_mut(), response.headers_mut());
        let body = stream::unfold(Some((response, interest)), |state| async {
            let (mut response, interest) = state?;
            match response.chunk().await {
                Ok(Some(chunk)) => Some((Ok(chunk), Some((response, interest)))),
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

/// The source of an upload, for as long as somebody waits for the answer, and who waits for its next piece.
type Source = Arc<Mutex<(Option<UploadBody>, Option<Waker>)>>;

/// An upload as hyper reads it.
struct Outgoing {
    source: Source,
    length: Option<u64>,
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let (source, reader) = &mut *lock(&self.source);
        let Some(source) = source else {
            return Poll::Ready(Some(Err(TransportError::new(TransportErrorKind::Source, false))));
        };
        *reader = Some(cx.waker().clone());
        Pin::new(source).poll_next(cx).map_ok(Frame::data)
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// Ends an upload when dropped. The connection alone would keep its source after an early answer, and after a timeout
/// for as long as the provider reads nothing.
struct Interest(Source);

impl Drop for Interest {
    fn drop(&mut self) {
        let (source, reader) = std::mem::take(&mut *lock(&self.0));
        drop(source);
        reader.into_iter().for_each(Waker::wake);
    }
}

fn lock<T>(source: &Mutex<T>) -> MutexGuard<'_, T> {
    source.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How h2 words that the server has not looked at the request, and that it may be sent again.
const REFUSED: &str = "refused stream before processing any application logic";

/// Maps by what the causes are, because reqwest tells DNS, TCP and TLS apart only in its source chain.
fn classify(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    let dispatched = !error.is_builder();
    let connecting = error.is_connect();
    let mut sent = dispatched && !connecting;
    let mut kind = if connecting {
        TransportErrorKind::Connect
    } else if dispatched {
        TransportErrorKind::Closed
    } else {
        TransportErrorKind::Other
    };
    let mut cause: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(source) = cause {
        if let Some(own @ TransportError { kind: TransportErrorKind::Source, .. }) = source.downcast_ref() {
            let why = own.source().map(ToString::to_string).unwrap_or_default();
            return TransportError::new(TransportErrorKind::Source, false).with_source(why);
        }
        let text = source.to_string();
        if connecting && text.starts_with("dns error") {
            kind = TransportErrorKind::Dns;
        } else if connecting && is_tls(source) {
            kind = TransportErrorKind::Tls;
        } else if text.ends_with(REFUSED) {
            sent = false;
        }
        cause = source.source();
    }
    TransportError::new(kind, sent).with_source(error)
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

// Without a crypto provider there is no transport to test: `tests/no_provider.rs` says so.
#[cfg(all(test, any(feature = "rustls", feature = "native-tls")))]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_stream_that_an_http2_server_refused_was_not_sent() {
        for (reason, sent) in [(h2::Reason::REFUSED_STREAM, false), (h2::Reason::CANCEL, true)] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            tokio::spawn(async move {
                let (connection, _) = listener.accept().await.unwrap();
                let mut connection = h2::server::handshake(connection).await.unwrap();
                while let Some(Ok((_, mut answer))) = connection.accept().await {
                    answer.send_reset(reason);
                }
            });
            let builder = reqwest::Client::builder().no_proxy().http2_prior_knowledge();
            let transport = ReqwestTransportBuilder { builder, problem: None }.build().unwrap();
            let request = http::Request::post(format!("http://{address}/")).body(Bytes::from_static(b"body"));
            let error = transport.send(request.unwrap()).await.unwrap_err();
            assert_eq!((error.kind, error.sent), (TransportErrorKind::Closed, sent), "{error:?}");
        }
    }
}
