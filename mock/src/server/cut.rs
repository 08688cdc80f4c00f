//! An answer on its way.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

/// Makes hyper close the connection without an answer.
#[derive(Debug)]
pub(super) struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("broken on purpose")
    }
}

impl Error for Broken {}

/// A body that may break off: it promises its whole length and ends in an error halfway.
pub(super) struct Cut {
    data: Option<Bytes>,
    promised: u64,
    breaks: bool,
}

impl Cut {
    pub(super) fn whole(data: Bytes) -> Self {
        Self { promised: data.len() as u64, data: Some(data), breaks: false }
    }

    pub(super) fn in_half(data: &Bytes) -> Self {
        Self { promised: data.len() as u64, data: Some(data.slice(..data.len() / 2)), breaks: true }
    }
}

impl Body for Cut {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        Poll::Ready(match self.data.take() {
            Some(data) if !data.is_empty() => Some(Ok(Frame::data(data))),
            _ if std::mem::take(&mut self.breaks) => Some(Err(Broken)),
            _ => None,
        })
    }

    /// So that what is whole is written in one piece.
    fn is_end_stream(&self) -> bool {
        !self.breaks && self.data.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised)
    }
}
