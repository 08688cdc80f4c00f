//! A request whose answer is a file.

use std::fmt::{self, Debug};
use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use secrecy::SecretString;

use crate::call::Call;
use crate::error::{Error, ErrorKind, Result};
use crate::limit::Priority;
use crate::operation::Operation;
use crate::options::BoxFuture;
use crate::request::Request;
use crate::response::Response;
use crate::retry::RetryPolicy;
use crate::transport::{ResponseBody, TransportError};

/// A file that has not been asked for: [`write_to`](Self::write_to) writes it somewhere, [`bytes`](Self::bytes) takes
/// it into memory, [`stream`](Self::stream) gives it piece by piece.
///
/// Where the provider keeps its files elsewhere, the address is asked for first. There, nothing is sent of the
/// credential, nor of any other header: they go only with the request for the address.
#[must_use = "a download does nothing until it is read"]
#[derive(Clone)]
pub struct Download {
    request: Request<Bytes>,
    address: Option<Address>,
    max_bytes: Option<usize>,
}

/// How to find the file, by a call that tells its address.
#[derive(Clone, Copy)]
struct Address {
    operation: &'static Operation,
    find: fn(Call) -> BoxFuture<Result<SecretString>>,
}

impl Download {
    /// The answer to this call. For provider crates, as the other constructor.
    #[doc(hidden)]
    pub fn new(call: Call) -> Self {
        Self::of(call, None)
    }

    /// What is at the address that `find` gets by this call. It is fetched as `operation`.
    #[doc(hidden)]
    pub fn at(call: Call, operation: &'static Operation, find: fn(Call) -> BoxFuture<Result<SecretString>>) -> Self {
        Self::of(call, Some(Address { operation, find }))
    }

    fn of(call: Call, address: Option<Address>) -> Self {
        Self { request: Request::with(call, |call| Box::pin(call.send_bytes())), address, max_bytes: None }
    }

    /// Refuses the request with this error, unless its caller leaves checking to the provider.
    #[doc(hidden)]
    pub fn check(self, outcome: Result<()>) -> Self {
        self.with(|request| request.check(outcome))
    }

    fn with(mut self, change: impl FnOnce(Request<Bytes>) -> Request<Bytes>) -> Self {
        self.request = change(self.request);
        self
    }

    /// Adds a header to the request. The credential's headers cannot be replaced.
    pub fn header(self, name: HeaderName, value: HeaderValue) -> Self {
        self.with(|request| request.header(name, value))
    }

    /// How long it may take until the file begins to come, retries and waits included; with [`bytes`](Self::bytes),
    /// until it is there. Each piece has as long as the client gives a request.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.with(|request| request.timeout(timeout))
    }

    /// Repeats the requests by this policy. What has begun to come is not asked for again.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        self.with(|request| request.retry(policy))
    }

    /// Whose turn it is when the quota is scarce: by default this goes before bulk work.
    pub fn priority(self, priority: Priority) -> Self {
        self.with(|request| request.priority(priority))
    }

    /// Leaves checking the request to the provider. Ids in paths are checked all the same.
    pub fn skip_validation(self) -> Self {
        self.with(Request::skip_validation)
    }

    /// How much [`bytes`](Self::bytes) takes into memory at most, by default what the client allows an answer.
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = Some(bytes);
        self
    }

    /// The file in pieces, with the headers it came with. A piece that is an error is the end: what came before is not
    /// the whole file.
    pub async fn stream(self) -> Result<Response<ResponseBody>> {
        self.found().await?.stream().await
    }

    /// The whole file. More than the client allows an answer, 32 MiB unless set otherwise, is a
    /// [`BodyTooLarge`](ErrorKind::BodyTooLarge) error: see [`max_bytes`](Self::max_bytes).
    pub async fn bytes(self) -> Result<Bytes> {
        let cap = self.max_bytes;
        let mut call = self.found().await?;
        call.options.body_cap = cap.or(call.options.body_cap);
        let (provider, operation) = (call.core.provider(), call.operation);
        let (bytes, meta) = call.send_bytes().await?.into_parts();
        whole(&meta.headers, bytes.len() as u64).map_err(|error| error.with_origin(provider, operation.name))?;
        Ok(bytes)
    }

    /// Writes the file piece by piece, whatever its size, and gives its length in bytes.
    ///
    /// A file that breaks off is an error, as is a writer that fails, which is [`Storage`](ErrorKind::Storage); what
    /// was written by then stays written. The writer is called from the task that awaits this: one that takes long,
    /// such as a slow disk, holds it up.
    pub async fn write_to(self, writer: &mut impl io::Write) -> Result<u64> {
        let call = self.found().await?;
        let (provider, operation) = (call.core.provider(), call.operation);
        let origin = |error: Error| error.with_origin(provider, operation.name);
        let (mut body, meta) = call.stream().await?.into_parts();
        let mut written = 0;
        while let Some(piece) = body.next().await {
            let piece = piece.map_err(|error| origin(broken_off(error).with_status(meta.status)))?;
            writer.write_all(&piece).map_err(|error| origin(unwritten(error)))?;
            written += piece.len() as u64;
        }
        whole(&meta.headers, written).map_err(|error| origin(error.with_status(meta.status)))?;
        writer.flush().map_err(|error| origin(unwritten(error)))?;
        Ok(written)
    }

    /// The call whose answer is the file.
    async fn found(self) -> Result<Call> {
        let call = self.request.into_call();
        let Some(Address { operation, find }) = self.address else { return Ok(call) };
        let (core, mut options) = (call.core.clone(), call.options.clone());
        // They are meant for the provider.
        options.headers.clear();
        let deadline = Some(core.deadline(&options));
        let url = find(call.until(deadline)).await?;
        Ok(core.fetch(operation, &url).options(options).until(deadline))
    }
}

impl Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download").field("request", &self.request).finish_non_exhaustive()
    }
}

/// A transport should see by itself that a body is shorter than promised; a file must be whole even if it does not.
fn whole(headers: &HeaderMap, read: u64) -> Result<()> {
    let promised = || headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse::<u64>().ok();
    // The length is that of the encoded body.
    let promised = if headers.contains_key(header::CONTENT_ENCODING) { None } else { promised() };
    match promised {
        Some(promised) if promised != read => {
            Err(Error::new(ErrorKind::Interrupted, format!("only {read} of {promised} bytes of the file came")))
        }
        _ => Ok(()),
    }
}

fn broken_off(error: TransportError) -> Error {
    Error::new(ErrorKind::Interrupted, "the file broke off in the middle").with_source(error)
}

fn unwritten(error: io::Error) -> Error {
    Error::new(ErrorKind::Storage, format!("the file cannot be written: {error}")).with_source(error)
}
