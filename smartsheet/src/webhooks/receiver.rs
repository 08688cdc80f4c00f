//! The receiving side, for any web server: from a request's headers and body to what it means.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::TimeDelta;
use connectors_core::{Clock, Error, ErrorKind, SystemClock};
use hmac::{Hmac, Mac};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::callback::{Callback, StatusChange, Wire, WireChallenge};
use crate::model::{Webhook, WebhookId};

/// The header of a challenge.
const CHALLENGE: &str = "smartsheet-hook-challenge";
/// The header that meets a challenge.
const RESPONSE: &str = "smartsheet-hook-response";
/// The header with the signature: HMAC-SHA256 of the body in hexadecimal.
const SIGNATURE: &str = "smartsheet-hmac-sha256";

/// Longer challenges are not echoed.
const MAX_CHALLENGE: usize = 512;

type Secrets = BTreeMap<WebhookId, Vec<SecretString>>;

/// What a request of Smartsheet's means. Each has its [`reply`](Self::reply).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Incoming {
    /// Smartsheet asks whether there is a receiver for the webhook: when it is switched on, and before every hundredth
    /// callback. The reply says so.
    Challenge {
        /// Which webhook it is for.
        webhook_id: WebhookId,
        /// What the reply echoes.
        challenge: HeaderValue,
    },
    /// Something happened.
    Callback(Callback),
    /// A webhook was switched on or off.
    StatusChange(StatusChange),
    /// It came before. There is nothing to do but to reply.
    Duplicate {
        /// Which webhook it is of.
        webhook_id: WebhookId,
    },
}

impl Incoming {
    /// What to answer: status 200, by which Smartsheet takes a callback for delivered. Keep the callback safe first; if
    /// that fails, answer with [`WebhookReceiver::postpone`].
    pub fn reply(&self) -> Response<Bytes> {
        let Self::Challenge { challenge, .. } = self else { return reply(StatusCode::OK, Bytes::new()) };
        let echo = json!({ "smartsheetHookResponse": challenge.to_str().unwrap_or_default() });
        let mut reply = reply(StatusCode::OK, echo.to_string().into());
        reply.headers_mut().insert(RESPONSE, challenge.clone());
        reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        reply
    }
}

/// Why a request is none of Smartsheet's, or not for us. Each has its [`reply`](Self::reply).
///
/// Smartsheet repeats a callback that is answered with 4xx or 5xx, up to fourteen times in about a day, and switches the
/// webhook off then. Only 410 ends it at once.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookRefusal {
    /// The body is larger than the cap. Status 413.
    TooLarge,
    /// No signature, and no challenge either. Status 401.
    Unsigned,
    /// No known secret leads to the signature: somebody else sent it, changed it, or the secret is not known yet.
    /// Status 401.
    BadSignature,
    /// It is for a webhook that is not known here. Status 404.
    UnknownWebhook(WebhookId),
    /// The body is not what Smartsheet sends; in words. Status 400.
    Malformed(String),
    /// It was made longer ago than [`WebhookReceiverBuilder::max_age`] allows. Status 410.
    Stale,
}

impl WebhookRefusal {
    /// The status to answer with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unsigned | Self::BadSignature => StatusCode::UNAUTHORIZED,
            Self::UnknownWebhook(_) => StatusCode::NOT_FOUND,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Stale => StatusCode::GONE,
        }
    }

    /// What to answer: the status, without telling a stranger why.
    pub fn reply(&self) -> Response<Bytes> {
        reply(self.status(), Bytes::new())
    }
}

impl fmt::Display for WebhookRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => f.write_str("the body of the callback is too large"),
            Self::Unsigned => f.write_str("the callback has no signature"),
            Self::BadSignature => f.write_str("the signature of the callback fits no known webhook"),
            Self::UnknownWebhook(id) => write!(f, "the webhook {id} is not known here"),
            Self::Malformed(why) => write!(f, "the callback cannot be read: {why}"),
            Self::Stale => f.write_str("the callback is too old"),
        }
    }
}

impl std::error::Error for WebhookRefusal {}

impl From<WebhookRefusal> for Error {
    fn from(refusal: WebhookRefusal) -> Self {
        let kind = match refusal {
            WebhookRefusal::Unsigned | WebhookRefusal::BadSignature => ErrorKind::Auth,
            WebhookRefusal::UnknownWebhook(_) => ErrorKind::NotFound,
            WebhookRefusal::TooLarge => ErrorKind::BodyTooLarge,
            WebhookRefusal::Malformed(_) => ErrorKind::Decode,
            WebhookRefusal::Stale => ErrorKind::Conflict,
        };
        Self::new(kind, refusal.to_string()).with_origin(crate::PROVIDER, "webhooks.receive").with_source(refusal)
    }
}

/// Makes sense of what Smartsheet posts to a callback URL, without being a web server: give it the headers and the body
/// of a request, and send its reply back. Clones share what they know.
///
/// It answers challenges of the webhooks that it knows, checks signatures before it reads anything else, tells repeated
/// callbacks apart, and marks events that this program caused itself. Nothing of it blocks for longer than hashing the
/// body takes, once for every secret.
///
/// ```
/// use connectors_smartsheet::{Incoming, WebhookId, WebhookReceiver};
/// use http::{HeaderMap, Response};
///
/// let receiver = WebhookReceiver::builder().change_agent("fizz-launcher").build();
/// receiver.add_secret(WebhookId::new(4509506114742148), "the shared secret");
///
/// // What a route of any web server does with a request.
/// fn hook(receiver: &WebhookReceiver, headers: &HeaderMap, body: &[u8]) -> Response<bytes::Bytes> {
///     match receiver.receive(headers, body) {
///         Ok(Incoming::Callback(callback)) => {
///             if store(callback.foreign().count()).is_err() {
///                 return receiver.postpone(&callback); // Smartsheet sends it again
///             }
///             Incoming::Callback(callback).reply()
///         }
///         Ok(other) => other.reply(),
///         Err(refusal) => refusal.reply(),
///     }
/// }
/// # fn store(_: usize) -> std::io::Result<()> { Ok(()) }
///
/// let mut challenge = HeaderMap::new();
/// challenge.insert("Smartsheet-Hook-Challenge", "d78d".parse()?);
/// let reply = hook(&receiver, &challenge, br#"{"challenge":"d78d","webhookId":4509506114742148}"#);
/// assert_eq!((reply.status().as_u16(), &reply.headers()["Smartsheet-Hook-Response"]), (200, &"d78d".parse()?));
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
#[derive(Clone)]
pub struct WebhookReceiver(Arc<Inner>);

struct Inner {
    change_agents: Vec<String>,
    window: Duration,
    capacity: usize,
    max_age: Option<TimeDelta>,
    body_cap: usize,
    clock: Arc<dyn Clock>,
    secrets: Mutex<Arc<Secrets>>,
    seen: Mutex<Seen>,
}

/// The callbacks that came, by a digest of fixed size: the memory that they take is bounded.
#[derive(Default)]
struct Seen {
    order: VecDeque<(Instant, [u8; 32])>,
    known: HashSet<[u8; 32]>,
}

impl Default for WebhookReceiver {
    fn default() -> Self {
        Self::new()
    }
}

impl WebhookReceiver {
    /// A receiver that knows no webhook yet.
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// A receiver to be set up.
    pub fn builder() -> WebhookReceiverBuilder {
        WebhookReceiverBuilder {
            change_agents: Vec::new(),
            window: Duration::from_secs(48 * 60 * 60),
            capacity: 10_000,
            max_age: None,
            body_cap: 4 << 20,
            clock: Arc::new(SystemClock),
        }
    }

    /// Takes callbacks of this webhook from now on.
    pub fn add(&self, webhook: &Webhook) {
        let mut secrets = lock(&self.0.secrets);
        let known = Arc::make_mut(&mut *secrets).entry(webhook.id).or_default();
        if let Some(secret) = &webhook.shared_secret {
            learn(known, secret.clone());
        }
    }

    /// Takes callbacks of this webhook that are signed with this secret, besides those that it knows: while a secret is
    /// replaced, callbacks with the old one are still under way.
    pub fn add_secret(&self, webhook: WebhookId, secret: impl Into<SecretString>) {
        let mut secrets = lock(&self.0.secrets);
        learn(Arc::make_mut(&mut *secrets).entry(webhook).or_default(), secret.into());
    }

    /// Takes callbacks of this webhook that are signed with this secret, and with no other any more.
    pub fn replace_secrets(&self, webhook: WebhookId, secret: impl Into<SecretString>) {
        let mut only = Vec::new();
        learn(&mut only, secret.into());
        Arc::make_mut(&mut *lock(&self.0.secrets)).insert(webhook, only);
    }

    /// Takes nothing of this webhook any more.
    pub fn remove(&self, webhook: WebhookId) {
        Arc::make_mut(&mut *lock(&self.0.secrets)).remove(&webhook);
    }

    /// Whether it takes callbacks of this webhook.
    pub fn knows(&self, webhook: WebhookId) -> bool {
        lock(&self.0.secrets).contains_key(&webhook)
    }

    /// What the request means, by its headers and its body as it came.
    pub fn receive(&self, headers: &HeaderMap, body: &[u8]) -> Result<Incoming, WebhookRefusal> {
        if body.len() > self.0.body_cap {
            return Err(WebhookRefusal::TooLarge);
        }
        let secrets = Arc::clone(&*lock(&self.0.secrets));
        if let Some(challenge) = headers.get(CHALLENGE) {
            return challenged(&secrets, challenge, body);
        }
        let signature = headers.get(SIGNATURE).ok_or(WebhookRefusal::Unsigned)?;
        let signature = digest(signature.as_bytes()).ok_or(WebhookRefusal::BadSignature)?;
        let signers = signers(&secrets, body, &signature);
        if signers.is_empty() {
            return Err(WebhookRefusal::BadSignature);
        }
        // Only now is it worth reading.
        let wire: Wire = serde_json::from_slice(body).map_err(|error| WebhookRefusal::Malformed(error.to_string()))?;
        // A webhook speaks for itself alone.
        if !signers.contains(&wire.webhook_id) {
            return Err(WebhookRefusal::UnknownWebhook(wire.webhook_id));
        }
        self.understand(wire, body)
    }

    /// Forgets that the callback came, and gives the answer by which Smartsheet sends it again: status 503.
    pub fn postpone(&self, callback: &Callback) -> Response<Bytes> {
        lock(&self.0.seen).forget(&callback.known_by);
        reply(StatusCode::SERVICE_UNAVAILABLE, Bytes::new())
    }

    fn understand(&self, wire: Wire, body: &[u8]) -> Result<Incoming, WebhookRefusal> {
        let now = self.0.clock.now_utc();
        if let (Some(max_age), Some(timestamp)) = (self.0.max_age, wire.timestamp)
            && now.signed_duration_since(timestamp) > max_age
        {
            return Err(WebhookRefusal::Stale);
        }
        let webhook_id = wire.webhook_id;
        let known_by = fingerprint(webhook_id, wire.nonce.as_ref().map_or(body, |nonce| nonce.as_bytes()));
        let (window, capacity) = (self.0.window, self.0.capacity);
        if !lock(&self.0.seen).is_new(known_by, self.0.clock.now(), window, capacity) {
            return Ok(Incoming::Duplicate { webhook_id });
        }
        let Wire { nonce, timestamp, scope, scope_object_id, events, .. } = wire;
        if let Some(status) = wire.new_webhook_status {
            return Ok(Incoming::StatusChange(StatusChange { nonce, timestamp, webhook_id, status }));
        }
        let mut events = events.unwrap_or_default();
        for event in &mut events {
            let own = event.change_agents().any(|name| self.0.change_agents.iter().any(|own| own == name));
            event.own = own;
        }
        Ok(Incoming::Callback(Callback { nonce, timestamp, webhook_id, scope, scope_object_id, events, known_by }))
    }
}

impl fmt::Debug for WebhookReceiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secrets = Arc::clone(&*lock(&self.0.secrets));
        f.debug_struct("WebhookReceiver")
            .field("webhooks", &secrets.keys().collect::<Vec<_>>())
            .field("change_agents", &self.0.change_agents)
            .finish_non_exhaustive()
    }
}

/// Sets up a [`WebhookReceiver`].
#[derive(Clone)]
#[must_use = "a builder does nothing until it builds"]
pub struct WebhookReceiverBuilder {
    change_agents: Vec<String>,
    window: Duration,
    capacity: usize,
    max_age: Option<TimeDelta>,
    body_cap: usize,
    clock: Arc<dyn Clock>,
}

impl WebhookReceiverBuilder {
    /// Marks events as [our own](super::CallbackEvent::own) that were caused under this name: what the client was given
    /// as its `change_agent`. May be given several times; names with commas are several names.
    pub fn change_agent(mut self, name: impl AsRef<str>) -> Self {
        let names = name.as_ref().split(',').map(str::trim).filter(|name| !name.is_empty());
        self.change_agents.extend(names.map(str::to_owned));
        self
    }

    /// Tells repetitions of a callback for so long; 48 hours by default, and of so many callbacks at once; 10 000 by
    /// default. Smartsheet repeats a callback for about a day.
    pub fn remember(mut self, window: Duration, callbacks: usize) -> Self {
        (self.window, self.capacity) = (window, callbacks);
        self
    }

    /// Refuses callbacks that were made longer ago, which somebody could have kept to send them later. Not less than
    /// two days, or repetitions of Smartsheet's own get lost; no limit by default.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = TimeDelta::from_std(age).ok();
        self
    }

    /// Refuses larger bodies; 4 MiB by default. Let the web server refuse them too, before it holds them.
    pub fn body_cap(mut self, bytes: usize) -> Self {
        self.body_cap = bytes;
        self
    }

    /// Runs on this clock.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The receiver.
    pub fn build(self) -> WebhookReceiver {
        WebhookReceiver(Arc::new(Inner {
            change_agents: self.change_agents,
            window: self.window,
            capacity: self.capacity,
            max_age: self.max_age,
            body_cap: self.body_cap,
            clock: self.clock,
            secrets: Mutex::default(),
            seen: Mutex::default(),
        }))
    }
}

impl fmt::Debug for WebhookReceiverBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookReceiverBuilder").field("change_agents", &self.change_agents).finish_non_exhaustive()
    }
}

impl Seen {
    fn is_new(&mut self, digest: [u8; 32], now: Instant, window: Duration, capacity: usize) -> bool {
        while self.order.front().is_some_and(|(at, _)| now.saturating_duration_since(*at) > window) {
            self.drop_oldest();
        }
        if !self.known.insert(digest) {
            return false;
        }
        self.order.push_back((now, digest));
        while self.order.len() > capacity {
            self.drop_oldest();
        }
        true
    }

    fn drop_oldest(&mut self) {
        if let Some((_, digest)) = self.order.pop_front() {
            self.known.remove(&digest);
        }
    }

    fn forget(&mut self, digest: &[u8; 32]) {
        if self.known.remove(digest) {
            self.order.retain(|(_, held)| held != digest);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A blank secret is none: everybody could sign with it.
fn learn(known: &mut Vec<SecretString>, secret: SecretString) {
    let blank = secret.expose_secret().trim().is_empty();
    if !blank && known.iter().all(|held| held.expose_secret() != secret.expose_secret()) {
        known.push(secret);
    }
}

/// Challenges are not signed: only the webhook's id says that it is ours.
fn challenged(secrets: &Secrets, challenge: &HeaderValue, body: &[u8]) -> Result<Incoming, WebhookRefusal> {
    let asked: WireChallenge =
        serde_json::from_slice(body).map_err(|error| WebhookRefusal::Malformed(error.to_string()))?;
    let webhook_id = asked.webhook_id;
    if !secrets.contains_key(&webhook_id) {
        return Err(WebhookRefusal::UnknownWebhook(webhook_id));
    }
    let visible = challenge.as_bytes().iter().all(u8::is_ascii_graphic);
    let same = asked.challenge.is_none_or(|text| text.as_bytes() == challenge.as_bytes());
    if !visible || !same || challenge.is_empty() || challenge.len() > MAX_CHALLENGE {
        return Err(WebhookRefusal::Malformed("the challenge is none".to_owned()));
    }
    Ok(Incoming::Challenge { webhook_id, challenge: challenge.clone() })
}

/// The webhooks that sign like this. All secrets are tried, so that the time it takes tells nothing.
fn signers(secrets: &Secrets, body: &[u8], signature: &[u8; 32]) -> Vec<WebhookId> {
    let signs = |secret: &SecretString| {
        // A key of any length will do.
        let mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes());
        mac.is_ok_and(|mac| mac.chain_update(body).verify_slice(signature).is_ok())
    };
    let mut found = Vec::new();
    for (id, secrets) in secrets {
        if secrets.iter().filter(|secret| signs(secret)).count() > 0 {
            found.push(*id);
        }
    }
    found
}

/// Thirty-two bytes from hexadecimal digits.
fn digest(hex: &[u8]) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    let (pairs, rest) = hex.as_chunks::<2>();
    if pairs.len() != digest.len() || !rest.is_empty() {
        return None;
    }
    let nibble = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    for (byte, [high, low]) in digest.iter_mut().zip(pairs) {
        *byte = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some(digest)
}

fn fingerprint(webhook: WebhookId, nonce: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(webhook.get().to_be_bytes()).chain_update(nonce).finalize().into()
}

fn reply(status: StatusCode, body: Bytes) -> Response<Bytes> {
    let mut reply = Response::new(body);
    *reply.status_mut() = status;
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(secret: &str, body: &[u8]) -> HeaderMap {
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap().chain_update(body).finalize().into_bytes();
        let hex = format!("{mac:x}");
        HeaderMap::from_iter([(http::HeaderName::from_static(SIGNATURE), hex.parse().unwrap())])
    }

    #[test]
    fn nobody_signs_with_a_blank_secret() {
        let (receiver, id, body) = (WebhookReceiver::new(), WebhookId::new(7), br#"{"webhookId":7,"nonce":"n"}"#);
        receiver.add_secret(id, "");
        assert_eq!(receiver.receive(&signed("", body), body), Err(WebhookRefusal::BadSignature));
        receiver.replace_secrets(id, "");
        assert_eq!(receiver.receive(&signed("", body), body), Err(WebhookRefusal::BadSignature));
        assert!(receiver.knows(id));
    }

    #[test]
    fn a_postponed_callback_without_a_nonce_is_taken_again() {
        let (receiver, body) = (WebhookReceiver::new(), br#"{"webhookId":7,"events":[]}"#);
        receiver.add_secret(WebhookId::new(7), "s");
        let headers = signed("s", body);
        let Ok(Incoming::Callback(callback)) = receiver.receive(&headers, body) else { panic!() };
        assert!(matches!(receiver.receive(&headers, body), Ok(Incoming::Duplicate { .. })));
        receiver.postpone(&callback);
        assert!(matches!(receiver.receive(&headers, body), Ok(Incoming::Callback(_))));
    }
}
