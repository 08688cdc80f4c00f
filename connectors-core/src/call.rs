//! One call: an operation, its parameters and its options, ready to be sent.

use std::borrow::Cow;
use std::fmt::{self, Display, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::core::Core;
use crate::decode;
use crate::error::{Error, ErrorKind, Result};
use crate::operation::{Operation, Safety};
use crate::options::RequestOptions;
use crate::response::{Meta, Response};
use crate::transport::{ResponseBody, Upload};
use crate::wire::check_id;

const SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':').remove(b'@');

/// Is told the status of every answer to a call.
pub(crate) type Watch = Arc<dyn Fn(StatusCode) + Send + Sync>;

/// A call in the making. Mistakes in its parts are kept until it is sent, and reported before anything leaves.
#[must_use = "a call does nothing until it is sent"]
#[derive(Clone)]
pub struct Call {
    pub(crate) core: Core,
    pub(crate) operation: &'static Operation,
    pub(crate) path: Cow<'static, str>,
    pub(crate) query: String,
    pub(crate) body: Bytes,
    pub(crate) upload: Option<Upload>,
    pub(crate) options: RequestOptions,
    pub(crate) lock: Option<String>,
    pub(crate) until: Option<Instant>,
    pub(crate) watch: Option<Watch>,
    pub(crate) unpolled: bool,
    /// Where it goes if not to the provider: then without anything that is meant for the provider.
    pub(crate) elsewhere: Option<Uri>,
    problem: Option<Error>,
}

impl Call {
    pub(crate) fn new(core: Core, operation: &'static Operation) -> Self {
        Self {
            core,
            operation,
            path: operation.path.into(),
            query: String::new(),
            body: Bytes::new(),
            upload: None,
            options: RequestOptions::default(),
            lock: None,
            until: None,
            watch: None,
            unpolled: false,
            elsewhere: None,
            problem: None,
        }
    }

    /// A call of something that has no typed method yet: same credentials, limits, retries and caps. `path` is below
    /// the base URL and may carry a query. By its method it counts as a read, as idempotent (PUT, DELETE) or as
    /// something that must not be repeated.
    pub(crate) fn passthrough(core: Core, method: &Method, path: &str) -> Self {
        const fn raw(method: Method) -> Operation {
            Operation::new("", "request", method, "")
        }
        static GET: Operation = raw(Method::GET);
        static POST: Operation = raw(Method::POST);
        static PUT: Operation = raw(Method::PUT);
        static PATCH: Operation = raw(Method::PATCH);
        static DELETE: Operation = raw(Method::DELETE);
        let operation = [&GET, &POST, &PUT, &PATCH, &DELETE].into_iter().find(|o| o.method == *method);
        let mut call = Self::new(core, operation.unwrap_or(&GET));
        if operation.is_none() {
            call.fail(Error::invalid(
                "method",
                format!("{method} is not supported; use GET, POST, PUT, PATCH or DELETE"),
            ));
        }
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        let climbs = decoded.split(['/', '\\']).any(|s| s == "." || s == "..");
        if !path.starts_with('/') || path.starts_with("//") || climbs || decoded.chars().any(char::is_control) {
            call.fail(Error::invalid("path", "must start with one slash and stay below the base URL"));
        }
        if path.contains('#') || query.contains('#') {
            call.fail(Error::invalid("path", "has a fragment, which is never sent; write `%23` for a `#` of its own"));
        }
        call.path = path.to_owned().into();
        query.clone_into(&mut call.query);
        call
    }

    /// A call to another origin than the provider's.
    pub(crate) fn elsewhere(core: Core, operation: &'static Operation, address: Result<Uri>) -> Self {
        let mut call = Self::new(core, operation);
        match address {
            Ok(uri) => call.elsewhere = Some(uri),
            Err(error) => call.fail(error),
        }
        call
    }

    fn fail(&mut self, error: Error) {
        self.problem.get_or_insert(error);
    }

    /// Refuses the call with this error unless an earlier one stands.
    pub fn check(mut self, outcome: Result<()>) -> Self {
        if let Err(error) = outcome {
            self.fail(error);
        }
        self
    }

    /// Fills the parameter `{name}` of the path. Anything that could lead to another path is refused.
    pub fn path(mut self, name: &'static str, value: impl Display) -> Self {
        let value = value.to_string();
        if let Err(error) = check_id(name, &value) {
            self.fail(error);
        }
        let parameter = self.path.match_indices('{').map(|(at, _)| at).find(|at| {
            let inside = self.path.get(at + 1..).and_then(|rest| rest.strip_prefix(name));
            inside.is_some_and(|rest| rest.starts_with('}'))
        });
        if let Some(at) = parameter {
            let (before, after) = (self.path.get(..at), self.path.get(at + name.len() + 2..));
            let mut path = String::with_capacity(self.path.len() + value.len());
            path.push_str(before.unwrap_or_default());
            path.extend(utf8_percent_encode(&value, SEGMENT));
            path.push_str(after.unwrap_or_default());
            self.path = path.into();
        }
        self
    }

    /// What it is a call of.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The connection that it goes over.
    pub fn core(&self) -> &Core {
        &self.core
    }

    /// Adds a query parameter.
    pub fn query(mut self, name: &str, value: impl Display) -> Self {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        let value = value.to_string();
        let encode = |s| utf8_percent_encode(s, SEGMENT);
        // Writing to a String cannot fail.
        let _ = write!(self.query, "{}={}", encode(name), encode(&value));
        self
    }

    /// Adds a query parameter if there is a value.
    pub fn query_opt(self, name: &str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// Adds a header.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.options.headers.insert(name, value);
        self
    }

    /// Sends `body` as JSON.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(bytes) => return self.body(HeaderValue::from_static("application/json"), bytes),
            Err(e) => self.fail(Error::invalid("body", "cannot be written as JSON").with_source(e)),
        }
        self
    }

    /// Sends these bytes.
    pub fn body(mut self, content_type: HeaderValue, bytes: impl Into<Bytes>) -> Self {
        self.body = bytes.into();
        self.header(header::CONTENT_TYPE, content_type)
    }

    /// Sends this in place of a body, reading it while it goes out. Each request has as long as a single one may take:
    /// set [`RequestOptions::timeout`] for what takes longer.
    pub fn upload(mut self, content_type: HeaderValue, upload: impl Into<Upload>) -> Self {
        self.upload = Some(upload.into());
        self.header(header::CONTENT_TYPE, content_type)
    }

    /// Takes over the caller's options. Headers, a timeout and a body cap set before stay unless they are replaced.
    pub fn options(mut self, mut options: RequestOptions) -> Self {
        options.timeout = options.timeout.or(self.options.timeout);
        options.body_cap = options.body_cap.or(self.options.body_cap);
        let mut headers = std::mem::take(&mut self.options.headers);
        headers.extend(std::mem::take(&mut options.headers));
        options.headers = headers;
        self.options = options;
        self
    }

    /// Has so long, retries and waits included, unless its caller says otherwise.
    pub fn timeout(mut self, timeout: Option<Duration>) -> Self {
        self.options.timeout = timeout;
        self
    }

    /// Accepts an answer of so many bytes, unless its caller says otherwise.
    pub fn body_cap(mut self, bytes: usize) -> Self {
        self.options.body_cap = Some(bytes);
        self
    }

    /// Sends one request at a time among the calls with this key.
    pub fn lock(mut self, key: impl Into<String>) -> Self {
        self.lock = Some(key.into());
        self
    }

    /// Ends it by then at the latest, for work of several calls with one deadline. Unlike a timeout among the options,
    /// it leaves each request as long as requests have.
    pub fn until(mut self, deadline: Option<Instant>) -> Self {
        self.until = deadline;
        self
    }

    /// Tells `watch` the status of every answer to it, also of those after which it is sent again, for whoever counts
    /// what the provider counts. What was lost has none.
    pub fn watch(mut self, watch: impl Fn(StatusCode) + Send + Sync + 'static) -> Self {
        self.watch = Some(Arc::new(watch));
        self
    }

    /// An answer that is not ready is an error at once, of kind [`Pending`](ErrorKind::Pending), for a caller that asks
    /// again itself.
    pub fn unpolled(mut self) -> Self {
        self.unpolled = true;
        self
    }

    /// Repeats, counts and judges it as this operation, where a passthrough's path tells more than its method.
    pub fn counts_as(mut self, operation: &'static Operation) -> Self {
        self.operation = operation;
        self
    }

    /// Sends it and reads the answer as JSON.
    pub async fn send<T: DeserializeOwned>(self) -> Result<Response<T>> {
        self.ready()?;
        let (provider, operation) = (self.core.provider(), self.operation);
        // Boxed: the loop's future is large, and most callers hold several calls in one future.
        let (answer, ending) = Box::pin(self.core.run(&self)).await;
        let read = answer.and_then(|answer| match decode::json(&answer) {
            Ok(value) => Ok(answer.map(|_| value)),
            Err(error) => Err(unreadable(error.with_origin(provider, operation.name), operation.safety, answer.meta())),
        });
        ending.tell(&read);
        read
    }

    /// Sends it and gives the answer's body as it is.
    pub async fn send_bytes(self) -> Result<Response<Bytes>> {
        self.ready()?;
        let (answer, ending) = Box::pin(self.core.run(&self)).await;
        ending.tell(&answer);
        answer
    }

    /// Sends it and gives the body to be read piece by piece, without a cap on its size or time: each piece has as long
    /// as a request has. A failure while reading is the caller's to handle. Until it is read to its end or dropped, the
    /// body keeps the call's place among the requests in flight, and its turn among writes.
    pub async fn stream(self) -> Result<Response<ResponseBody>> {
        self.ready()?;
        let (answer, ending) = Box::pin(self.core.run_streaming(&self)).await;
        ending.tell(&answer);
        answer
    }

    fn ready(&self) -> Result<()> {
        let unfilled =
            || Error::new(ErrorKind::InvalidRequest, format!("a parameter of {} is missing", self.operation.path));
        let problem = self.problem.clone().or_else(|| self.path.contains('{').then(unfilled));
        problem.map_or(Ok(()), |e| Err(e.with_origin(self.core.provider(), self.operation.name)))
    }

    /// Whether there is nothing left to send again.
    pub(crate) fn is_spent(&self) -> bool {
        self.upload.as_ref().is_some_and(Upload::is_spent)
    }

    /// The path below `prefix`, and the query.
    pub(crate) fn target(&self, prefix: &str) -> String {
        let mut target = String::with_capacity(prefix.len() + self.path.len() + self.query.len() + 1);
        target.push_str(prefix);
        target.push_str(&self.path);
        if !self.query.is_empty() {
            target.push('?');
            target.push_str(&self.query);
        }
        target
    }
}

/// A write whose answer cannot be read has been carried out all the same.
fn unreadable(error: Error, safety: Safety, meta: &Meta) -> Error {
    let error = error.with_status(meta.status).with_attempts(meta.attempts, meta.elapsed);
    let error = error.with_maybe_applied(safety != Safety::ReadOnly);
    match &meta.request_id {
        Some(id) => error.with_request_id(id.clone()),
        None => error,
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.operation)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
