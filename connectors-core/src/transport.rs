//! How requests leave the process: the one seam between the family and an HTTP library.

use std::error::Error as StdError;
use std::fmt::{self, Debug};
use std::pin::Pin;
use std::task::{Context, Poll};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::future::{Either, select};
use futures_util::{StreamExt, stream};

use crate::clock::Sleep;

#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "tower")]
mod tower;
mod upload;

#[cfg(feature = "reqwest")]
pub use self::reqwest::{ReqwestTransport, ReqwestTransportBuilder};
#[cfg(feature = "tower")]
pub use self::tower::{TowerTransport, TransportService};
pub use self::upload::{Upload, UploadBody};

/// What a transport that cannot stream holds of an upload in memory, in bytes.
const UPLOAD_CAP: usize = 64 << 20;

/// A request as it goes to the wire: absolute URL, every header, the whole body.
pub type HttpRequest = http::Request<Bytes>;

/// A request whose body is read while it is sent.
pub type UploadRequest = http::Request<UploadBody>;

/// An answer whose body is still to be read.
pub type HttpResponse = http::Response<ResponseBody>;

/// Sends one request and gives back the answer's head; no retry, no redirect, no judgement.
///
/// Dropping the future gives the request up. Timeouts are the caller's.
#[async_trait]
pub trait Transport: Debug + Send + Sync + 'static {
    /// Sends `request`. A status of any kind is a success here.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError>;

    /// Sends `request` while its body is being read.
    ///
    /// Unless a transport can do that, the body is read into memory first and sent as a whole; more than 64 MiB is
    /// then refused as [`BodyTooLarge`](TransportErrorKind::BodyTooLarge), and nothing is sent.
    async fn upload(&self, request: UploadRequest) -> Result<HttpResponse, TransportError> {
        let (head, body) = request.into_parts();
        let body = body.collect(UPLOAD_CAP).await?;
        self.send(HttpRequest::from_parts(head, body)).await
    }
}

/// Why there was no (whole) answer.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransportErrorKind {
    /// The host name has no address.
    Dns,
    /// Nobody accepted the connection.
    Connect,
    /// The TLS handshake failed; trying again does not help.
    Tls,
    /// The connection was closed or reset.
    Closed,
    /// The body ended early or could not be decompressed.
    Truncated,
    /// The body is larger than the cap.
    BodyTooLarge,
    /// What is to be uploaded cannot be read, or is not as long as stated.
    Source,
    /// Something else, told by the source.
    Other,
}

/// A failure below HTTP.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.describe())]
pub struct TransportError {
    /// What failed.
    pub kind: TransportErrorKind,
    /// Whether the provider may have the request: false when nothing of it was sent, or when it broke off before its
    /// end, because HTTP has a provider drop an incomplete request.
    pub sent: bool,
    #[source]
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl TransportError {
    /// A failure of this kind; `sent` when the provider may have the request.
    pub fn new(kind: TransportErrorKind, sent: bool) -> Self {
        Self { kind, sent, source: None }
    }

    /// Adds the cause.
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    fn describe(&self) -> &'static str {
        match (self.kind, self.sent) {
            (TransportErrorKind::Dns, _) => "the host name cannot be resolved",
            (TransportErrorKind::Connect, _) => "nobody accepts connections at this host and port",
            (TransportErrorKind::Tls, _) => "the TLS handshake failed",
            (TransportErrorKind::Closed, false) => "the connection was closed before the request was sent",
            (TransportErrorKind::Closed, true) => "the connection was closed before the answer came",
            (TransportErrorKind::Truncated, _) => "the answer broke off in the middle",
            (TransportErrorKind::BodyTooLarge, true) => "the answer is larger than the cap",
            (TransportErrorKind::BodyTooLarge, false) => {
                "the upload is larger than a transport without streaming holds"
            }
            (TransportErrorKind::Source, _) => "what is to be uploaded cannot be read",
            (TransportErrorKind::Other, _) => "the request failed below HTTP",
        }
    }
}

type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// An answer's body: read as a stream, or collected under a cap.
pub struct ResponseBody(BodyKind);

enum BodyKind {
    Whole(Option<Bytes>),
    Stream(ByteStream),
}

impl ResponseBody {
    /// A body that comes in pieces.
    pub fn from_stream(stream: impl Stream<Item = Result<Bytes, TransportError>> + Send + 'static) -> Self {
        Self(BodyKind::Stream(Box::pin(stream)))
    }

    /// Reads all of it, refusing more than `cap` bytes as soon as they are seen.
    pub async fn collect(self, cap: usize) -> Result<Bytes, TransportError> {
        collect(self, cap, true).await
    }

    /// Reads at most `cap` bytes, for as long as it is not `late`, and drops the rest: for error pages, whose
    /// connection stays usable when short.
    pub(crate) async fn collect_prefix(mut self, cap: usize, mut late: Sleep) -> Bytes {
        let mut buffer = BytesMut::new();
        while buffer.len() < cap
            && let Either::Left((Some(Ok(chunk)), _)) = select(self.next(), &mut late).await
        {
            buffer.extend_from_slice(&chunk);
        }
        buffer.truncate(cap);
        buffer.freeze()
    }

    /// Ends with an error when a piece is not there before `late`, which starts anew whenever a piece is asked for.
    pub(crate) fn with_patience(self, late: impl Fn() -> Sleep + Send + 'static) -> Self {
        Self::from_stream(stream::unfold(Some(self), move |body| {
            let late = late();
            async move {
                let mut body = body?;
                match select(body.next(), late).await {
                    Either::Left((piece, _)) => piece.map(|piece| (piece, Some(body))),
                    Either::Right(_) => {
                        let stalled = TransportError::new(TransportErrorKind::Truncated, true);
                        Some((Err(stalled.with_source("no more of it came in time")), None))
                    }
                }
            }
        }))
    }
}

/// A body of one piece, as most are, is not copied.
async fn collect<S>(mut body: S, cap: usize, sent: bool) -> Result<Bytes, TransportError>
where
    S: Stream<Item = Result<Bytes, TransportError>> + Unpin,
{
    let fits = |more: usize, seen: usize| {
        let too_large = || TransportError::new(TransportErrorKind::BodyTooLarge, sent);
        (seen + more <= cap).then_some(()).ok_or_else(too_large)
    };
    // Not every stream may be asked again once it has ended.
    let Some(first) = body.next().await.transpose()? else { return Ok(Bytes::new()) };
    fits(first.len(), 0)?;
    let mut whole: Option<BytesMut> = None;
    while let Some(piece) = body.next().await.transpose()? {
        let whole = whole.get_or_insert_with(|| BytesMut::from(&first[..]));
        fits(piece.len(), whole.len())?;
        whole.extend_from_slice(&piece);
    }
    Ok(whole.map_or(first, BytesMut::freeze))
}

impl From<Bytes> for ResponseBody {
    fn from(bytes: Bytes) -> Self {
        Self(BodyKind::Whole(Some(bytes)))
    }
}

impl Stream for ResponseBody {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut self.0 {
            BodyKind::Whole(bytes) => Poll::Ready(bytes.take().filter(|b| !b.is_empty()).map(Ok)),
            BodyKind::Stream(stream) => stream.as_mut().poll_next(cx),
        }
    }
}

impl Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            BodyKind::Whole(_) => "ResponseBody(whole)",
            BodyKind::Stream(_) => "ResponseBody(stream)",
        })
    }
}
