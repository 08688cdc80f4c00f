//! The face without sockets: the real client, over function calls, in the mock's time.

use std::panic::resume_unwind;

use async_trait::async_trait;
use bytes::Bytes;
use connectors_core::{HttpRequest, HttpResponse, ResponseBody, Transport, TransportError, TransportErrorKind};
use futures_util::stream;

use crate::backend::{Backend, Outcome};

/// A transport that ends at a fake in this process.
#[derive(Debug, Clone)]
pub struct InProcess(Backend);

impl InProcess {
    /// A transport to this backend.
    pub fn new(backend: Backend) -> Self {
        Self(backend)
    }
}

#[async_trait]
impl Transport for InProcess {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        match self.0.accept(request) {
            Outcome::Refused => Err(TransportError::new(TransportErrorKind::Connect, false)),
            Outcome::Reset => Err(TransportError::new(TransportErrorKind::Closed, true)),
            // A defect of the fake, and the end of a test.
            Outcome::Panicked(payload) => resume_unwind(payload),
            Outcome::Answer { reply, delay, cut } => {
                if !delay.is_zero() {
                    self.0.clock().sleep(delay).await;
                }
                Ok(reply.map(|body| if cut { broken_off(&body) } else { body.into() }))
            }
        }
    }
}

fn broken_off(body: &Bytes) -> ResponseBody {
    let half = body.slice(..body.len() / 2);
    let end = TransportError::new(TransportErrorKind::Truncated, true);
    ResponseBody::from_stream(stream::iter([Ok(half), Err(end)]))
}
