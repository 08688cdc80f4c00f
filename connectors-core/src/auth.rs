//! Who we are to a provider: a credential is a set of headers.

use std::fmt::Debug;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use async_trait::async_trait;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};

use crate::clock::Clock;
use crate::error::{Error, Result};

/// The headers that a request is authenticated with, marked sensitive.
#[derive(Debug, Clone)]
pub struct AuthHeaders {
    headers: HeaderMap,
    generation: u64,
}

impl AuthHeaders {
    /// The headers of one generation of a credential. `field` names the setting when a value cannot be a header.
    pub fn new<'a>(
        field: &str,
        pairs: impl IntoIterator<Item = (HeaderName, &'a str)>,
        generation: u64,
    ) -> Result<Self> {
        let headers = pairs.into_iter().map(|(name, value)| Ok((name, sensitive(field, value)?)));
        Ok(Self { headers: headers.collect::<Result<_>>()?, generation })
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }
}

fn sensitive(field: &str, value: &str) -> Result<HeaderValue> {
    // The error must not carry the value: it is the secret.
    let mut value = HeaderValue::from_str(value).map_err(|_| {
        Error::config(field, "has characters that cannot be sent in a header")
            .with_hint("copy it again, without line breaks")
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// Says who we are. Implement it for a scheme that neither [`ApiKey`] nor [`TokenCredential`] covers.
#[async_trait]
pub trait Credential: Debug + Send + Sync + 'static {
    /// The headers to send now; cheap when nothing has to be fetched.
    async fn headers(&self) -> Result<Arc<AuthHeaders>>;

    /// The provider did not accept `seen`. True when there are newer headers, worth one more try.
    async fn rejected(&self, seen: &AuthHeaders) -> Result<bool>;

    /// Keeps cached values of different credentials apart; never derived from the secret.
    fn partition(&self) -> u64;
}

/// A fresh partition number for a [`Credential`].
pub fn next_partition() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A key that is always sent the same way.
#[derive(Debug)]
pub struct ApiKey {
    headers: Arc<AuthHeaders>,
    partition: u64,
}

impl ApiKey {
    /// `Authorization: Bearer <key>`. `field` names the setting in errors.
    pub fn bearer(field: &str, key: &SecretString) -> Result<Self> {
        let key = checked(field, key)?;
        Self::new(field, header::AUTHORIZATION, &SecretString::from(format!("Bearer {key}")))
    }

    /// `<name>: <key>`. `field` names the setting in errors.
    pub fn header(field: &str, name: HeaderName, key: &SecretString) -> Result<Self> {
        checked(field, key)?;
        Self::new(field, name, key)
    }

    fn new(field: &str, name: HeaderName, value: &SecretString) -> Result<Self> {
        let headers = AuthHeaders::new(field, [(name, value.expose_secret().trim())], 0)?;
        Ok(Self { headers: Arc::new(headers), partition: next_partition() })
    }
}

/// A secret that is there: not empty, not only white space. Surrounding white space is dropped.
pub fn checked<'a>(field: &str, secret: &'a SecretString) -> Result<&'a str> {
    match secret.expose_secret().trim() {
        "" => Err(Error::config(field, "is empty").with_hint("set it to the value that the provider gave you")),
        value => Ok(value),
    }
}

#[async_trait]
impl Credential for ApiKey {
    async fn headers(&self) -> Result<Arc<AuthHeaders>> {
        Ok(Arc::clone(&self.headers))
    }

    async fn rejected(&self, _: &AuthHeaders) -> Result<bool> {
        Ok(false)
    }

    fn partition(&self) -> u64 {
        self.partition
    }
}

/// What a [`TokenSource`] fetched.
#[derive(Debug)]
pub struct Token {
    headers: Vec<(HeaderName, SecretString)>,
    expires_at: Option<Instant>,
}

impl Token {
    /// The headers that carry the token; without an end, it is good until it is rejected.
    pub fn new(headers: Vec<(HeaderName, SecretString)>, expires_at: Option<Instant>) -> Self {
        Self { headers, expires_at }
    }
}

/// Fetches tokens: by a login, or by a refresh.
#[async_trait]
pub trait TokenSource: Debug + Send + Sync + 'static {
    /// Fetches a new token. Never called twice at the same time.
    async fn fetch(&self) -> Result<Token>;
}

/// A credential whose headers are fetched on first use, renewed once they expire or are rejected.
///
/// However many calls find the token gone, one of them renews it and the others wait for that one, and share its
/// failure if it fails: a hundred calls with a wrong password are one login.
#[derive(Debug)]
pub struct TokenCredential<S> {
    source: S,
    clock: Arc<dyn Clock>,
    current: RwLock<Option<Held>>,
    renewal: tokio::sync::Mutex<Option<Error>>,
    renewals: AtomicU64,
    partition: u64,
}

#[derive(Debug, Clone)]
struct Held {
    headers: Arc<AuthHeaders>,
    expires_at: Option<Instant>,
    rejected: bool,
}

impl<S: TokenSource> TokenCredential<S> {
    /// A credential that has not fetched anything yet.
    pub fn new(source: S, clock: Arc<dyn Clock>) -> Self {
        let renewal = tokio::sync::Mutex::new(None);
        let renewals = AtomicU64::new(0);
        Self { source, clock, current: RwLock::new(None), renewal, renewals, partition: next_partition() }
    }

    fn held(&self) -> Option<Held> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn usable(&self) -> Option<Arc<AuthHeaders>> {
        let now = self.clock.now();
        self.held().filter(|h| !h.rejected && h.expires_at.is_none_or(|end| now < end)).map(|h| h.headers)
    }

    async fn renew(&self) -> Result<Arc<AuthHeaders>> {
        let before = self.renewals.load(Ordering::Acquire);
        let mut last_failure = self.renewal.lock().await;
        if let Some(headers) = self.usable() {
            return Ok(headers);
        }
        if self.renewals.load(Ordering::Acquire) != before
            && let Some(error) = &*last_failure
        {
            return Err(error.clone());
        }
        let renewed = self.fetch().await;
        *last_failure = renewed.as_ref().err().cloned();
        self.renewals.fetch_add(1, Ordering::Release);
        renewed
    }

    async fn fetch(&self) -> Result<Arc<AuthHeaders>> {
        let generation = self.held().map_or(1, |h| h.headers.generation + 1);
        let token = self.source.fetch().await?;
        let pairs = token.headers.iter().map(|(name, value)| (name.clone(), value.expose_secret()));
        let headers = Arc::new(AuthHeaders::new("token", pairs, generation)?);
        let held = Held { headers: Arc::clone(&headers), expires_at: token.expires_at, rejected: false };
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(held);
        Ok(headers)
    }
}

#[async_trait]
impl<S: TokenSource> Credential for TokenCredential<S> {
    async fn headers(&self) -> Result<Arc<AuthHeaders>> {
        match self.usable() {
            Some(headers) => Ok(headers),
            None => self.renew().await,
        }
    }

    async fn rejected(&self, seen: &AuthHeaders) -> Result<bool> {
        if let Some(held) = self.current.write().unwrap_or_else(PoisonError::into_inner).as_mut()
            && held.headers.generation == seen.generation
        {
            held.rejected = true;
        }
        Ok(self.headers().await?.generation > seen.generation)
    }

    fn partition(&self) -> u64 {
        self.partition
    }
}
