//! What goes over a transport, recorded on its way.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use chrono::{DateTime, Utc};
use connectors_core::{HttpRequest, HttpResponse, ResponseBody, Transport, TransportError, TransportErrorKind};
use futures_util::{StreamExt, stream};
use http::{HeaderMap, Method, StatusCode, header};
use tokio::time::{Instant, timeout_at};

use crate::cassette::{Cassette, Keep};

/// So many exchanges are kept.
const EXCHANGES: usize = 2_000;

/// And fewer, where their bodies are larger than this together.
const BODIES: usize = 32 << 20;

type Allowed = Arc<dyn Fn(&HttpRequest) -> bool + Send + Sync>;

/// A transport that remembers what goes over another one, up to 2000 exchanges and 32 MiB of bodies. Clones share
/// everything. What it remembers leaves it as a [`Cassette`] alone, which is redacted.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// use std::sync::Arc;
/// use connectors_mock::{InProcess, MockQrTiger, Recorder};
/// use connectors_qrtiger::{ListQrCodes, QrTigerClient, QrTigerService};
///
/// let mock = MockQrTiger::new();
/// let recorder = Recorder::new("qrtiger", Arc::new(InProcess::new(mock.backend().clone())));
/// let client = QrTigerClient::builder().api_key("mock-key").transport(Arc::new(recorder.clone())).build()?;
/// client.list_qr_codes(ListQrCodes::new()).await?;
///
/// assert_eq!(recorder.cassette().len(), 1);
/// assert!(!recorder.cassette().to_json().contains("mock-key"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Recorder {
    provider: String,
    inner: Arc<dyn Transport>,
    mount: (String, String),
    most: Option<usize>,
    until: Option<(Instant, Duration)>,
    allowed: Option<Allowed>,
    tape: Arc<Mutex<Tape>>,
}

/// One exchange, as it was.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) asked_in: Option<String>,
    pub(crate) asked: Bytes,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

#[derive(Default)]
struct Tape {
    began: Option<DateTime<Utc>>,
    requests: usize,
    /// In the order of the requests; nothing where there is no whole answer.
    exchanges: Vec<Option<Recorded>>,
    bytes: usize,
    left_out: usize,
}

/// Why a request was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Exhausted {
    Requests(usize),
    Time(Duration),
    Forbidden(String),
}

impl fmt::Display for Exhausted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Requests(most) => write!(f, "not asked: no more than {most} requests were allowed"),
            Self::Time(time) => write!(f, "not asked: {time:?} are over"),
            Self::Forbidden(what) => write!(f, "not asked: {what} is not among what may be sent"),
        }
    }
}

impl std::error::Error for Exhausted {}

impl From<Exhausted> for TransportError {
    fn from(why: Exhausted) -> Self {
        Self::new(TransportErrorKind::Other, false).with_source(why)
    }
}

impl Recorder {
    /// Remembers what goes to this provider over `transport`.
    pub fn new(provider: impl Into<String>, transport: Arc<dyn Transport>) -> Self {
        Self {
            provider: provider.into(),
            inner: transport,
            mount: (String::new(), String::new()),
            most: None,
            until: None,
            allowed: None,
            tape: Arc::default(),
        }
    }

    /// What is below the path `base` is recorded as below `root`, where the fake has it: `/proxy/smartsheet` as `/2.0`.
    pub fn mounted(mut self, base: &str, root: &str) -> Self {
        self.mount = (base.trim_end_matches('/').to_owned(), root.trim_end_matches('/').to_owned());
        self
    }

    /// Sends at most so many requests. Further ones fail.
    pub fn at_most(mut self, requests: usize) -> Self {
        self.most = Some(requests);
        self
    }

    /// Sends and waits for so long, from now on. What takes longer fails.
    pub fn for_at_most(mut self, time: Duration) -> Self {
        self.until = Instant::now().checked_add(time).map(|until| (until, time));
        self
    }

    /// Sends only what this allows, as it is recorded. Everything else fails.
    pub fn only(mut self, allowed: impl Fn(&HttpRequest) -> bool + Send + Sync + 'static) -> Self {
        self.allowed = Some(Arc::new(allowed));
        self
    }

    /// How many requests were sent.
    pub fn requests(&self) -> usize {
        self.tape().requests
    }

    /// What was recorded by now, redacted to its shapes.
    pub fn cassette(&self) -> Cassette {
        self.cassette_with(Keep::Shapes)
    }

    /// The same with more or less of it kept.
    pub fn cassette_with(&self, keep: Keep) -> Cassette {
        let tape = self.tape();
        let whole: Vec<_> = tape.exchanges.iter().flatten().cloned().collect();
        let left_out = tape.left_out + tape.exchanges.len() - whole.len();
        Cassette::of(&self.provider, tape.began.unwrap_or_default(), keep, left_out, &whole)
    }

    fn tape(&self) -> MutexGuard<'_, Tape> {
        self.tape.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The path where the fake has it.
    fn path(&self, path: &str) -> String {
        let (base, root) = &self.mount;
        let below = path.strip_prefix(base.as_str()).filter(|below| below.is_empty() || below.starts_with('/'));
        below.map_or_else(|| path.to_owned(), |below| format!("{root}{below}"))
    }

    fn admit(&self, request: &HttpRequest) -> Result<(), Exhausted> {
        if let Some(allowed) = &self.allowed {
            let mut seen = HttpRequest::new(request.body().clone());
            *seen.method_mut() = request.method().clone();
            let path = self.path(request.uri().path());
            let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
            let uri = format!("{path}{query}").parse().ok();
            if let Some(uri) = uri {
                *seen.uri_mut() = uri;
            }
            if !allowed(&seen) {
                return Err(Exhausted::Forbidden(format!("a {}", request.method())));
            }
        }
        if let Some((until, time)) = self.until
            && Instant::now() >= until
        {
            return Err(Exhausted::Time(time));
        }
        let mut tape = self.tape();
        match self.most {
            Some(most) if tape.requests >= most => Err(Exhausted::Requests(most)),
            _ => {
                tape.requests += 1;
                Ok(())
            }
        }
    }

    /// Waits for no longer than it may.
    async fn in_time<T>(&self, work: impl Future<Output = T>) -> Result<T, TransportError> {
        match self.until {
            None => Ok(work.await),
            Some((until, time)) => timeout_at(until, work).await.map_err(|_| Exhausted::Time(time).into()),
        }
    }
}

#[async_trait]
impl Transport for Recorder {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.admit(&request)?;
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let asked = Recorded {
            method: request.method().clone(),
            path: self.path(request.uri().path()),
            query: request.uri().query().map(str::to_owned),
            asked_in: kind.map(str::to_owned),
            asked: request.body().clone(),
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        };
        let slot = self.tape().begin();
        let answer = self.in_time(self.inner.send(request)).await??;
        let (head, body) = answer.into_parts();
        let recorded = Recorded { status: head.status, headers: head.headers.clone(), ..asked };
        let body = match slot {
            Some(slot) => self.listen(slot, recorded, body),
            None => body,
        };
        Ok(HttpResponse::from_parts(head, body))
    }
}

impl Recorder {
    /// The body as it comes, kept once it is whole.
    fn listen(&self, slot: usize, recorded: Recorded, body: ResponseBody) -> ResponseBody {
        let state = (self.clone(), Some((recorded, BytesMut::new())), body);
        ResponseBody::from_stream(stream::unfold(state, move |(recorder, mut kept, mut body)| async move {
            let piece = match recorder.in_time(body.next()).await {
                Ok(piece) => piece,
                Err(late) => Some(Err(late)),
            };
            match piece {
                Some(Ok(piece)) => {
                    // What is too large to be kept is let through all the same.
                    if kept.as_ref().is_some_and(|(_, seen)| seen.len() + piece.len() > BODIES) {
                        kept = None;
                    }
                    if let Some((_, seen)) = &mut kept {
                        seen.extend_from_slice(&piece);
                    }
                    Some((Ok(piece), (recorder, kept, body)))
                }
                Some(Err(broken)) => Some((Err(broken), (recorder, None, body))),
                None => {
                    if let Some((recorded, seen)) = kept {
                        recorder.tape().end(slot, Recorded { body: seen.freeze(), ..recorded });
                    }
                    None
                }
            }
        }))
    }
}

impl Tape {
    /// A place for what comes of a request; nothing where there is no more.
    fn begin(&mut self) -> Option<usize> {
        self.began.get_or_insert_with(Utc::now);
        if self.exchanges.len() >= EXCHANGES {
            self.left_out += 1;
            return None;
        }
        self.exchanges.push(None);
        Some(self.exchanges.len() - 1)
    }

    fn end(&mut self, slot: usize, recorded: Recorded) {
        let bytes = recorded.body.len() + recorded.asked.len();
        if self.bytes + bytes > BODIES {
            return;
        }
        self.bytes += bytes;
        if let Some(place) = self.exchanges.get_mut(slot) {
            *place = Some(recorded);
        }
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder")
            .field("provider", &self.provider)
            .field("requests", &self.requests())
            .finish_non_exhaustive()
    }
}
