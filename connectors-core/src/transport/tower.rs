//! To tower and back: for users who bring their own layers.

use std::error::Error as StdError;
use std::fmt::{self, Debug};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::Stream;
use futures_util::stream;
use http_body::{Body, Frame};
use tower_service::Service;

use super::{HttpRequest, HttpResponse, ResponseBody, Transport, TransportError, TransportErrorKind};
use crate::options::BoxFuture;

type BoxError = Box<dyn StdError + Send + Sync>;

/// A [`Transport`] over a `tower` service, which is cloned for each request.
///
/// A service that cannot become ready has sent nothing. A [`TransportError`] is taken as it is, also from inside the
/// error of a layer; any other failure of a call is [`Other`](TransportErrorKind::Other) and leaves open whether the
/// provider has the request. An [`Upload`](crate::Upload) is read into memory first, as layers take whole bodies.
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
///
/// use connectors_core::{TowerTransport, Transport, TransportService};
/// use tower::ServiceBuilder;
///
/// fn at_most_four_at_a_time(transport: Arc<dyn Transport>) -> Arc<dyn Transport> {
///     let service = ServiceBuilder::new()
///         .concurrency_limit(4)
///         .timeout(Duration::from_secs(20))
///         .service(TransportService::new(transport));
///     Arc::new(TowerTransport::new(service))
/// }
/// # #[cfg(feature = "reqwest")]
/// # fn main() -> Result<(), connectors_core::Error> {
/// // Goes to `.transport(..)` of any client's builder.
/// let transport = at_most_four_at_a_time(Arc::new(connectors_core::ReqwestTransport::new()?));
/// # let _ = transport;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "reqwest"))]
/// # fn main() {}
/// ```
pub struct TowerTransport<S>(Mutex<S>);

impl<S> TowerTransport<S> {
    /// Sends what it is given through `service`.
    pub fn new(service: S) -> Self {
        Self(Mutex::new(service))
    }
}

impl<S> Debug for TowerTransport<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TowerTransport")
    }
}

#[async_trait]
impl<S, B> Transport for TowerTransport<S>
where
    S: Service<HttpRequest, Response = http::Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let mut service = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // What a layer reports of an earlier request says nothing of this one: it has not been sent.
        let unready = |e: BoxError| TransportError { sent: false, ..found(e, TransportErrorKind::Other, false) };
        poll_fn(|cx| service.poll_ready(cx)).await.map_err(|e| unready(e.into()))?;
        let failed = |e: BoxError| found(e, TransportErrorKind::Other, true);
        let answer = service.call(request).await.map_err(|e| failed(e.into()))?;
        Ok(answer.map(|body| ResponseBody::from_stream(pieces(body))))
    }
}

fn pieces<B>(body: B) -> impl Stream<Item = Result<Bytes, TransportError>> + Send
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let mut body = Box::pin(body);
    stream::poll_fn(move |cx| {
        loop {
            let Some(frame) = std::task::ready!(body.as_mut().poll_frame(cx)) else { return Poll::Ready(None) };
            match frame.map(Frame::into_data) {
                Ok(Ok(data)) => return Poll::Ready(Some(Ok(data))),
                Ok(Err(_trailers)) => {}
                Err(e) => return Poll::Ready(Some(Err(found(e.into(), TransportErrorKind::Truncated, true)))),
            }
        }
    })
}

/// The transport's own error, where it is one or is caused by one.
fn found(error: BoxError, kind: TransportErrorKind, sent: bool) -> TransportError {
    let error = match error.downcast::<TransportError>() {
        Ok(own) => return *own,
        Err(other) => other,
    };
    let mut cause = error.source();
    while let Some(source) = cause {
        if let Some(own) = source.downcast_ref::<TransportError>() {
            return TransportError::new(own.kind, own.sent).with_source(error);
        }
        cause = source.source();
    }
    TransportError::new(kind, sent).with_source(error)
}

/// A `tower` service over any [`Transport`], to put layers around.
#[derive(Debug, Clone)]
pub struct TransportService(Arc<dyn Transport>);

impl TransportService {
    /// Sends what it is given through `transport`. Always ready.
    pub fn new(transport: Arc<dyn Transport>) -> Self {
        Self(transport)
    }
}

impl Service<HttpRequest> for TransportService {
    type Response = HttpResponse;
    type Error = TransportError;
    type Future = BoxFuture<Result<HttpResponse, TransportError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: HttpRequest) -> Self::Future {
        let transport = Arc::clone(&self.0);
        Box::pin(async move { transport.send(request).await })
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        self.poll_next(cx).map_ok(Frame::data)
    }
}
