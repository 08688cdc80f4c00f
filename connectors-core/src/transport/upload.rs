//! What a request carries when it is too large, or too slow, to be held in memory.

use std::fmt::{self, Debug};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::io::AsyncReadExt;

use super::{TransportError, TransportErrorKind, collect};

/// Files are read in pieces of this many bytes.
const PIECE: usize = 64 << 10;

type Pieces = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// What to upload: bytes, a file, or a stream. Every request of a call reads it anew.
///
/// With a length, a request says it in `Content-Length`; without one it is sent in chunks, which not every provider
/// accepts. A source that fails, or yields more or fewer bytes than stated, is a
/// [`Storage`](crate::ErrorKind::Storage) error: the request is broken off before its end, and HTTP has a provider
/// drop an incomplete request.
///
/// ```
/// use bytes::Bytes;
/// use connectors_core::Upload;
/// use futures_util::stream;
///
/// let text = Upload::from("one\ntwo\n");
/// let file = Upload::file("photo.jpg");
/// let made = Upload::stream(|| stream::iter(["one\n", "two\n"].map(|line| Ok(Bytes::from(line))))).length(8);
/// # let _ = (text, file, made);
/// ```
#[derive(Clone)]
pub struct Upload {
    source: Source,
    length: Option<u64>,
}

#[derive(Clone)]
enum Source {
    Bytes(Bytes),
    File(Arc<Path>),
    Stream(Arc<dyn Fn() -> Pieces + Send + Sync>),
    Once(OneShot),
    Framed(Arc<(Frame, Upload)>),
}

/// What stands before and after another upload.
type Frame = Box<dyn Fn() -> (Bytes, Bytes) + Send + Sync>;

/// Empty once somebody has begun to read it.
type OneShot = Arc<Mutex<Option<Pieces>>>;

impl Upload {
    fn new(source: Source) -> Self {
        Self { source, length: None }
    }

    /// A regular file, opened for each request and read in pieces of 64 KiB. Its length is the one it has then.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::new(Source::File(path.into().into()))
    }

    /// A stream that `open` begins anew for each request.
    pub fn stream<S>(open: impl Fn() -> S + Send + Sync + 'static) -> Self
    where
        S: Stream<Item = io::Result<Bytes>> + Send + 'static,
    {
        Self::new(Source::Stream(Arc::new(move || Box::pin(open()))))
    }

    /// A stream that can be read only once. A call whose request has begun to read it is not repeated, however safe
    /// its operation is: it ends with the failure it had.
    pub fn once(stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        Self::new(Source::Once(Arc::new(Mutex::new(Some(Box::pin(stream))))))
    }

    /// What `open` begins to read anew for each request, in pieces of 64 KiB on the runtime's threads for blocking work.
    /// Needs a tokio runtime, as files do.
    ///
    /// ```
    /// use std::io::{Cursor, Read};
    ///
    /// use connectors_core::Upload;
    ///
    /// let zeros = Upload::reader(|| Ok(std::io::repeat(0).take(1 << 20))).length(1 << 20);
    /// let text = Upload::reader(|| Ok(Cursor::new("one, two")));
    /// # let _ = (zeros, text);
    /// ```
    pub fn reader<R>(open: impl Fn() -> io::Result<R> + Send + Sync + 'static) -> Self
    where
        R: io::Read + Send + 'static,
    {
        let open = Arc::new(open);
        Self::stream(move || {
            let open = Arc::clone(&open);
            stream::try_unfold(None, move |reader: Option<R>| {
                let open = Arc::clone(&open);
                let piece = tokio::task::spawn_blocking(move || {
                    let mut reader: R = reader.map_or_else(|| open(), Ok)?;
                    let mut piece = Vec::with_capacity(PIECE);
                    reader.by_ref().take(PIECE as u64).read_to_end(&mut piece)?;
                    Ok((!piece.is_empty()).then(|| (Bytes::from(piece), Some(reader))))
                });
                async move { piece.await.unwrap_or_else(|panicked| Err(io::Error::other(panicked))) }
            })
        })
    }

    /// The same between two others, as a part of a larger body.
    pub fn framed(self, before: impl Into<Bytes>, after: impl Into<Bytes>) -> Self {
        let frame = (before.into(), after.into());
        self.framed_anew(move || frame.clone())
    }

    /// The same, between what `frame` makes for each request: always as long, but with a key of its own, say.
    pub fn framed_anew(self, frame: impl Fn() -> (Bytes, Bytes) + Send + Sync + 'static) -> Self {
        Self::new(Source::Framed(Arc::new((Box::new(frame), self))))
    }

    /// The length in bytes, where it is stated or can be known: that of a file is looked up, which may fail.
    pub fn known_length(&self) -> io::Result<Option<u64>> {
        if self.length.is_some() {
            return Ok(self.length);
        }
        Ok(match &self.source {
            Source::Bytes(bytes) => Some(bytes.len() as u64),
            Source::File(path) => Some(std::fs::metadata(path)?.len()),
            Source::Framed(framed) => {
                let (frame, body) = &**framed;
                body.known_length()?.map(|length| length + around(&frame()))
            }
            Source::Stream(_) | Source::Once(_) => None,
        })
    }

    /// States the length in bytes, which is kept to.
    pub fn length(mut self, bytes: u64) -> Self {
        self.length = Some(bytes);
        self
    }

    /// Begins to read it, for one request.
    pub async fn open(&self) -> Result<UploadBody, TransportError> {
        let (pieces, own): (Pieces, _) = match &self.source {
            Source::Bytes(bytes) => (Box::pin(stream::iter([Ok(bytes.clone())])), Some(bytes.len() as u64)),
            Source::File(path) => open_file(path).await.map_err(|e| failed(named(path, &e)))?,
            Source::Stream(open) => (open(), None),
            Source::Once(slot) => (once_polled(Arc::clone(slot)), None),
            Source::Framed(framed) => {
                let (frame, body) = &**framed;
                let body = Box::pin(body.open()).await?;
                let frame = frame();
                let length = body.length().map(|length| length + around(&frame));
                let (before, after) = frame;
                let one = |bytes: Bytes| stream::iter([Ok(bytes)]);
                let body = body.map_err(|error| io::Error::other(error.source.unwrap_or_else(|| "".into())));
                (Box::pin(one(before).chain(body).chain(one(after))), length)
            }
        };
        let body = UploadBody { pieces: Some(pieces), length: self.length.or(own), read: 0, last: None };
        // Nobody reads a body that is said to be empty, so whether it is must be known before.
        if body.length == Some(0) {
            body.collect(0).await?;
            return Ok(UploadBody { pieces: None, length: Some(0), read: 0, last: None });
        }
        Ok(body)
    }

    /// Whether there is nothing left to send again.
    pub(crate) fn is_spent(&self) -> bool {
        match &self.source {
            Source::Once(slot) => lock(slot).is_none(),
            Source::Framed(framed) => framed.1.is_spent(),
            _ => false,
        }
    }
}

// Not for all that becomes bytes: a path, say, is to be read one day.
macro_rules! from_bytes {
    ($($bytes:ty),+) => {$(
        impl From<$bytes> for Upload {
            fn from(bytes: $bytes) -> Self {
                Self::new(Source::Bytes(bytes.into()))
            }
        }
    )+};
}

from_bytes!(Bytes, Vec<u8>, String, &'static [u8], &'static str);

impl Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = match self.source {
            Source::Bytes(_) => "bytes",
            Source::File(_) => "file",
            Source::Stream(_) => "stream",
            Source::Once(_) => "once",
            Source::Framed(_) => "framed",
        };
        f.debug_struct("Upload").field("source", &source).field("length", &self.length).finish()
    }
}

/// A request's body on its way: a stream that either is as long as it says or ends in an error.
///
/// What would complete the stated length comes only after the source has ended, so that a request with a source
/// that fails or is too long is never complete.
pub struct UploadBody {
    /// `None` once it has ended or failed.
    pieces: Option<Pieces>,
    length: Option<u64>,
    read: u64,
    /// The piece that completes the length.
    last: Option<Bytes>,
}

impl UploadBody {
    /// The length in bytes, for `Content-Length`, where it is known.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// Reads all of it, refusing more than `cap` bytes as soon as they are seen.
    pub async fn collect(self, cap: usize) -> Result<Bytes, TransportError> {
        collect(self, cap, false).await
    }

    fn poll_checked(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        let Some(pieces) = &mut self.pieces else { return Poll::Ready(Ok(None)) };
        loop {
            let piece = ready!(pieces.as_mut().poll_next(cx)).transpose()?;
            self.read += piece.as_ref().map_or(0, |piece| piece.len() as u64);
            let Some(length) = self.length else { return Poll::Ready(Ok(piece)) };
            match piece {
                _ if self.read > length => return Poll::Ready(Err(not_as_long(length, "more"))),
                Some(piece) if piece.is_empty() => {}
                Some(piece) if self.read == length => self.last = Some(piece),
                None if self.read < length => return Poll::Ready(Err(not_as_long(length, "fewer"))),
                None => return Poll::Ready(Ok(self.last.take())),
                piece => return Poll::Ready(Ok(piece)),
            }
        }
    }
}

impl Stream for UploadBody {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let piece = ready!(self.poll_checked(cx));
        let complete = self.length == Some(self.read) && self.last.is_none();
        if complete || !matches!(piece, Ok(Some(_))) {
            self.pieces = None;
        }
        Poll::Ready(piece.map_err(failed).transpose())
    }
}

impl Debug for UploadBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadBody").field("length", &self.length).field("read", &self.read).finish_non_exhaustive()
    }
}

fn around((before, after): &(Bytes, Bytes)) -> u64 {
    before.len() as u64 + after.len() as u64
}

fn failed(source: io::Error) -> TransportError {
    TransportError::new(TransportErrorKind::Source, false).with_source(source)
}

fn not_as_long(length: u64, really: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("it has {really} than the stated {length} bytes"))
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

async fn open_file(path: &Path) -> io::Result<(Pieces, Option<u64>)> {
    let file = tokio::fs::File::open(path).await?;
    let metadata = file.metadata().await?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    let pieces = stream::try_unfold(file, |mut file| async move {
        let mut piece = BytesMut::with_capacity(PIECE);
        let read = file.read_buf(&mut piece).await?;
        Ok((read > 0).then(|| (piece.freeze(), file)))
    });
    Ok((Box::pin(pieces), Some(metadata.len())))
}

/// Leaves the stream where it is until it is read: a request that was never sent has not used it up.
fn once_polled(slot: OneShot) -> Pieces {
    let mut taken = None;
    Box::pin(stream::poll_fn(move |cx| {
        let pieces = taken.get_or_insert_with(|| lock(&slot).take().unwrap_or_else(spent));
        pieces.as_mut().poll_next(cx)
    }))
}

fn spent() -> Pieces {
    Box::pin(stream::iter([Err(io::Error::other("it can be read only once, and has been"))]))
}

fn lock(slot: &OneShot) -> MutexGuard<'_, Option<Pieces>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}
