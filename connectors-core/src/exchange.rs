//! One request on the wire: built, sent, and its answer read, under a deadline and a cap.

use std::error::Error as _;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::future::{Either, select};
use futures_util::{StreamExt, poll, stream};
use http::uri::{self, PathAndQuery, Uri};
use http::{HeaderMap, StatusCode, header};

use crate::auth::AuthHeaders;
use crate::call::Call;
use crate::classify::{Ran, Verdict};
use crate::clock::{FOREVER, Sleep};
use crate::core::Core;
use crate::error::{Error, ErrorKind, Result};
use crate::limit::{KeyGuard, Permit};
use crate::operation::Safety;
use crate::transport::{HttpRequest, ResponseBody, TransportError, TransportErrorKind, UploadBody};

/// Error bodies are read up to here, so that their connection can be used again; the rest is dropped.
const ERROR_BODY_CAP: usize = 64 << 10;

/// An answer with its body, whole or still to be read.
pub(crate) struct Received {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) rest: Option<ResponseBody>,
    pub(crate) request_id: Option<String>,
}

/// Why there is no answer.
pub(crate) enum Lost {
    Transport(TransportError),
    Late,
}

/// What an exchange may take.
pub(crate) struct Bounds {
    pub(crate) until: Instant,
    pub(crate) cap: usize,
    /// For each piece of a body that is left to be read; `None` to read it here.
    pub(crate) patience: Option<Duration>,
}

impl Core {
    pub(crate) fn build(&self, call: &Call, auth: Option<&AuthHeaders>) -> Result<HttpRequest> {
        if let Some(uri) = &call.elsewhere {
            let mut request = HttpRequest::new(Bytes::new());
            *request.method_mut() = call.operation.method.clone();
            *request.uri_mut() = uri.clone();
            // What is sent there has to say what it is; all else is meant for the provider.
            let kind = call.upload.as_ref().and_then(|_| call.options.headers.get(header::CONTENT_TYPE));
            request.headers_mut().extend(kind.map(|kind| (header::CONTENT_TYPE, kind.clone())));
            return Ok(request);
        }
        let unsendable =
            |e: http::Error| Error::new(ErrorKind::InvalidRequest, "the URL cannot be built").with_source(e);
        let base = &self.inner().base_uri;
        let target = Bytes::from(call.target(base.path().trim_end_matches('/')));
        let mut uri = uri::Parts::default();
        (uri.scheme, uri.authority) = (base.scheme().cloned(), base.authority().cloned());
        uri.path_and_query = Some(PathAndQuery::from_maybe_shared(target).map_err(|e| unsendable(e.into()))?);
        let mut request = HttpRequest::new(call.body.clone());
        *request.method_mut() = call.operation.method.clone();
        *request.uri_mut() = Uri::from_parts(uri).map_err(|e| unsendable(e.into()))?;
        // The credential comes last: nothing a caller adds can replace it.
        let sources = [Some(&self.inner().headers), Some(&call.options.headers), auth.map(AuthHeaders::headers)];
        let sources = sources.into_iter().flatten();
        let mut headers = HeaderMap::with_capacity(sources.clone().map(HeaderMap::len).sum());
        for added in sources {
            added.keys().for_each(|name| drop(headers.remove(name)));
            headers.extend(added.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        *request.headers_mut() = headers;
        Ok(request)
    }

    /// The answer to `request`. The permits are given back when it is there or lost, at the end of a body that is left
    /// to be read: such a body is a request under way.
    pub(crate) async fn exchange(
        &self,
        request: HttpRequest,
        upload: Option<UploadBody>,
        bounds: Bounds,
        permits: (Permit, Option<KeyGuard>),
    ) -> Result<Received, Lost> {
        let Bounds { until, cap, patience } = bounds;
        let (mut permit, writing) = permits;
        let mut late = self.clock().deadline(until);
        let transport = &self.inner().transport;
        let sending = match upload {
            Some(upload) => transport.upload(request.map(|_| upload)),
            None => transport.send(request),
        };
        let (head, body) = unless(&mut late, sending).await?.into_parts();
        permit.answered();
        let (status, headers) = (head.status, head.headers);
        let mut answer = Received { status, headers, body: Bytes::new(), rest: None, request_id: None };
        if !status.is_success() {
            // What the status says is known already: a body that does not come must not turn it into a timeout.
            answer.body = body.collect_prefix(ERROR_BODY_CAP, late).await;
        } else if let Some(patience) = patience {
            let clock = Arc::clone(self.clock());
            let rest = body.with_patience(move || clock.deadline(later(clock.now(), patience)));
            answer.rest = Some(holding((permit, writing), rest));
        } else {
            answer.body = unless(&mut late, body.collect(cap)).await?;
        }
        Ok(answer)
    }

    /// Runs `work` until `until`.
    pub(crate) async fn before<F: Future>(&self, until: Instant, work: F) -> Result<F::Output> {
        let mut work = pin!(work);
        // What is ready needs no timer, and most of this is.
        if let Poll::Ready(output) = poll!(&mut work) {
            return Ok(output);
        }
        match select(work, self.clock().deadline(until)).await {
            Either::Left((output, _)) => Ok(output),
            Either::Right(_) => Err(late()),
        }
    }
}

impl Lost {
    /// Whether the provider has certainly seen nothing of it. What breaks off with its source has begun.
    pub(crate) fn is_unsent(&self) -> bool {
        matches!(self, Self::Transport(error) if !error.sent && error.kind != TransportErrorKind::Source)
    }

    pub(crate) fn judged(self, safety: Safety) -> Verdict {
        let error = match self {
            Self::Late => return Verdict::Retry { error: late(), after: None, ran: Ran::Maybe },
            Self::Transport(error) if error.kind == TransportErrorKind::Source => return Verdict::Fail(unread(error)),
            Self::Transport(error) => error,
        };
        let ran = if error.sent { Ran::Maybe } else { Ran::No };
        let kind = match error.kind {
            TransportErrorKind::Dns | TransportErrorKind::Connect | TransportErrorKind::Tls => ErrorKind::Connect,
            // What is too large without having been sent is an upload.
            TransportErrorKind::BodyTooLarge if !error.sent => ErrorKind::InvalidRequest,
            TransportErrorKind::BodyTooLarge => ErrorKind::BodyTooLarge,
            _ => ErrorKind::Interrupted,
        };
        let permanent = matches!(error.kind, TransportErrorKind::Tls | TransportErrorKind::BodyTooLarge);
        let cause = Error::new(kind, error.to_string()).with_source(error);
        if permanent {
            let maybe_applied = ran == Ran::Maybe && safety != Safety::ReadOnly;
            Verdict::Fail(cause.with_retryable(false).with_maybe_applied(maybe_applied))
        } else {
            Verdict::Retry { error: cause, after: None, ran }
        }
    }
}

/// The source of an upload failed. Whatever has gone out of it is not a whole request.
pub(crate) fn unread(error: TransportError) -> Error {
    let why = error.source().map(|why| format!(": {why}")).unwrap_or_default();
    Error::new(ErrorKind::Storage, format!("{error}{why}")).with_source(error)
}

fn late() -> Error {
    Error::new(ErrorKind::Timeout, "there was no answer in time")
}

async fn unless<T>(late: &mut Sleep, work: impl Future<Output = Result<T, TransportError>>) -> Result<T, Lost> {
    match select(pin!(work), late).await {
        Either::Left((outcome, _)) => outcome.map_err(Lost::Transport),
        Either::Right(_) => Err(Lost::Late),
    }
}

/// Keeps `permits` until `body` is read to its end or dropped.
fn holding(permits: (Permit, Option<KeyGuard>), body: ResponseBody) -> ResponseBody {
    ResponseBody::from_stream(stream::unfold((permits, body), |(permits, mut body)| async move {
        let piece = body.next().await?;
        Some((piece, (permits, body)))
    }))
}

/// `from + by`, or a time that nobody waits for where that is more than an `Instant` holds.
pub(crate) fn later(from: Instant, by: Duration) -> Instant {
    from + by.min(FOREVER)
}
