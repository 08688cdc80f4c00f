//! What a fake provider is: a state machine from requests to answers, without sockets or waiting.

use std::fmt::Debug;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use connectors_core::{Error, HttpRequest, RateLimits, Result};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::outgoing::Outgoing;

/// A whole answer.
pub type Reply = http::Response<Bytes>;

/// Where a face serves the fake: scheme, host and path in front of what the fake sees. Among a request's extensions.
#[derive(Debug, Clone)]
pub(crate) struct MountedAt(pub(crate) String);

/// What a request asks for, as the journal and fault scripts name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// The operation's name in the client, such as `rows.update`.
    pub operation: &'static str,
    /// Whether it changes anything.
    pub write: bool,
    /// The rate-limit group it counts in.
    pub group: &'static str,
    /// How many calls of the quota it costs.
    pub cost: u32,
}

impl Route {
    /// A request that changes nothing, in group `""`, at cost 1.
    pub const fn read(operation: &'static str) -> Self {
        Self { operation, write: false, group: "", cost: 1 }
    }

    /// A request that changes something, in group `""`, at cost 1.
    pub const fn write(operation: &'static str) -> Self {
        Self { write: true, ..Self::read(operation) }
    }

    /// Counts in this group.
    pub const fn group(self, group: &'static str) -> Self {
        Self { group, ..self }
    }

    /// Counts as this many calls.
    pub const fn cost(self, cost: u32) -> Self {
        Self { cost, ..self }
    }
}

/// One provider's state machine. Strict: a wrong path, header, field or type gets the provider's own error.
pub trait Fake: Debug + Send + Sync + 'static {
    /// The provider's name, as its client spells it.
    fn provider(&self) -> &'static str;

    /// What the request asks for; `None` when the provider has no such endpoint.
    fn route(&self, request: &HttpRequest) -> Option<Route>;

    /// Carries the request out. `now` is the mock's time.
    fn handle(&self, request: &HttpRequest, now: DateTime<Utc>) -> Reply;

    /// The provider's answer to too many requests.
    fn throttled(&self, retry_after: Option<Duration>) -> Reply;

    /// The provider's answer when it fails with this 5xx status.
    fn failure(&self, status: StatusCode) -> Reply;

    /// The names of all operations that [`route`](Self::route) tells; none where anything may be scripted.
    fn operations(&self) -> Vec<&'static str> {
        Vec::new()
    }

    /// The provider's answer when the account has used up its quota, which waiting does not help soon.
    fn exhausted(&self) -> Reply {
        self.throttled(None)
    }

    /// The provider's "ask again later", where it has one.
    fn not_ready(&self) -> Option<Reply> {
        None
    }

    /// How clients of this family are brought to a fake that is served at `base`: their variables of the environment.
    fn environment(&self, _base: &str) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// How much it holds of what people look for, by the plural of what it is.
    fn holds(&self) -> Vec<(&'static str, usize)> {
        Vec::new()
    }

    /// What the request must have for itself while it is carried out, where the provider refuses a second write to the
    /// same thing meanwhile.
    fn exclusive(&self, _request: &HttpRequest) -> Option<String> {
        None
    }

    /// The provider's answer to such a second write.
    fn busy(&self) -> Reply {
        self.failure(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The quotas that the provider enforces.
    fn quotas(&self) -> RateLimits {
        RateLimits::none()
    }

    /// Back to how it began, at another seed where one is given.
    fn reset(&self, _seed: Option<u64>, _now: DateTime<Utc>) -> Result<()> {
        Err(self.stateless("reset"))
    }

    /// All that it holds, as JSON, to be [loaded](Self::load) by another one that was made like it.
    fn save(&self) -> Result<String> {
        Err(self.stateless("save"))
    }

    /// Holds what was [saved](Self::save), and nothing else.
    fn load(&self, _state: &str) -> Result<()> {
        Err(self.stateless("load"))
    }

    /// Holds this besides: the provider's setup as JSON; refused as a whole where anything is wrong with it.
    fn add(&self, _setup: &str, _now: DateTime<Utc>) -> Result<()> {
        Err(self.stateless("add"))
    }

    /// Something happens that the provider tells others of: what can is in the provider's own words, as JSON, such as
    /// `{"webhook": 7}`.
    fn trigger(&self, _event: &str, _now: DateTime<Utc>) -> Result<()> {
        Err(self.stateless("trigger"))
    }

    /// The refusal of a fake that holds nothing.
    fn stateless(&self, operation: &'static str) -> Error {
        Error::unsupported(self.provider(), operation, "this fake holds nothing that could be changed from outside")
    }

    /// The headers of somebody whom it lets in.
    fn credentials(&self) -> HeaderMap {
        HeaderMap::new()
    }

    /// What has to be sent to others before this request can be answered, such as the challenge of a webhook. Only a
    /// face that can send them asks.
    fn before(&self, _request: &HttpRequest, _now: DateTime<Utc>) -> Vec<Outgoing> {
        Vec::new()
    }

    /// What is to be sent to others by now.
    fn outgoing(&self, _now: DateTime<Utc>) -> Vec<Outgoing> {
        Vec::new()
    }

    /// Whether something may be to be sent to others, now or later.
    fn has_outgoing(&self) -> bool {
        false
    }

    /// What was answered to such a request; nothing where there was no answer.
    fn answered(&self, _id: u64, _answer: Option<&Reply>, _now: DateTime<Utc>) {}
}

/// A header of the request, as text.
pub(crate) fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

/// Headers with these values.
pub(crate) fn headers<const N: usize>(of: [(&'static str, String); N]) -> HeaderMap {
    let known = of
        .into_iter()
        .filter_map(|(name, value)| Some((http::HeaderName::from_static(name), HeaderValue::try_from(value).ok()?)));
    known.collect()
}

/// Whether the body says that it is JSON.
pub(crate) fn is_json(request: &HttpRequest) -> bool {
    header(request, "content-type").is_some_and(|kind| kind.starts_with("application/json"))
}

/// An answer with this JSON body.
pub fn json(status: StatusCode, body: &impl Serialize) -> Reply {
    // The fakes serialise maps with string keys and plain structs only, which cannot fail.
    let bytes = serde_json::to_vec(body).unwrap_or_default();
    let mut reply = Reply::new(bytes.into());
    *reply.status_mut() = status;
    reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    reply
}

/// An answer that is a file.
pub fn file(content_type: &'static str, bytes: Bytes) -> Reply {
    let mut reply = Reply::new(bytes);
    reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    reply
}

/// A gateway's error page.
pub fn html(status: StatusCode) -> Reply {
    let title = status.canonical_reason().unwrap_or("Error");
    let page = format!("<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>");
    let mut reply = Reply::new(page.into());
    *reply.status_mut() = status;
    reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    reply
}

/// An answer without a body.
pub fn empty(status: StatusCode) -> Reply {
    let mut reply = Reply::new(Bytes::new());
    *reply.status_mut() = status;
    reply
}

/// Adds `Retry-After` in seconds.
pub fn with_retry_after(mut reply: Reply, after: Option<Duration>) -> Reply {
    if let Some(after) = after {
        reply.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(after.as_secs().max(1)));
    }
    reply
}
