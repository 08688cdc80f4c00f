//! What the clients of all providers share: one connection to a provider, with its credential, quotas and memory.

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::auth::Credential;
use crate::cache::Cache;
use crate::call::Call;
use crate::classify::Classify;
use crate::clock::Clock;
use crate::config::ClientOptions;
use crate::elsewhere;
use crate::error::{Error, Result};
use crate::gate::Gate;
use crate::limit::{KeyedLocks, Priority, RateLimiter, RateLimits};
use crate::links::Links;
use crate::operation::Operation;
use crate::retry::{PollPolicy, RetryBudget, RetryPolicy};
use crate::telemetry::{Event, Observer};
use crate::transport::{Transport, Upload};

/// What a provider crate knows about its service, and a user may overrule through [`ClientOptions`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Defaults {
    /// The documented quotas.
    pub limits: RateLimits,
    /// Retries.
    pub retry: RetryPolicy,
    /// Polls for pending answers.
    pub poll: PollPolicy,
    /// The deadline of one call, waits included.
    pub timeout: Duration,
    /// The deadline of one request.
    pub attempt_timeout: Duration,
    /// The largest answer, in bytes after decompression.
    pub body_cap: usize,
    /// The room for cached values, in bytes.
    pub cache_bytes: usize,
    /// What is asked before each request.
    pub gate: Option<Arc<dyn Gate>>,
}

impl Default for Defaults {
    fn default() -> Self {
        Self {
            limits: RateLimits::none(),
            retry: RetryPolicy::default(),
            poll: PollPolicy::default(),
            timeout: Duration::from_secs(120),
            attempt_timeout: Duration::from_secs(30),
            body_cap: 32 << 20,
            cache_bytes: 16 << 20,
            gate: None,
        }
    }
}

/// The machinery under a client. Clones share connections, quotas, retry budget, cache and links.
#[derive(Clone)]
pub struct Core {
    inner: Arc<Inner>,
    credential: Arc<RwLock<Option<Arc<dyn Credential>>>>,
    priority: Priority,
}

pub(crate) struct Inner {
    pub(crate) provider: &'static str,
    pub(crate) base: String,
    /// The same, in parts: only what changes is parsed for each request.
    pub(crate) base_uri: Uri,
    /// The generation of the newest credentials that a call went on with.
    pub(crate) newest_credentials: AtomicU64,
    pub(crate) classify: Box<dyn Classify>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) gate: Option<Arc<dyn Gate>>,
    pub(crate) headers: HeaderMap,
    pub(crate) retry: RetryPolicy,
    pub(crate) poll: PollPolicy,
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) body_cap: usize,
    pub(crate) limiter: RateLimiter,
    pub(crate) locks: KeyedLocks,
    pub(crate) budget: RetryBudget,
    limits: RateLimits,
    cache: Cache,
    links: Links,
    allow_insecure_http: bool,
    random: Mutex<fastrand::Rng>,
}

impl Core {
    /// A connection to `provider` at `base`, with the provider's judge and defaults, as the user's options change them.
    pub fn new(
        provider: &'static str,
        base: &Url,
        credential: Option<Arc<dyn Credential>>,
        classify: impl Classify,
        defaults: Defaults,
        options: &ClientOptions,
    ) -> Result<Self> {
        let clock = options.clock();
        let limits = options.limits.clone().unwrap_or(defaults.limits);
        let base = base.as_str().trim_end_matches('/').to_owned();
        let base_uri = base
            .parse()
            .map_err(|e: http::uri::InvalidUri| Error::config("api_url", "cannot be sent to").with_source(e))?;
        let inner = Inner {
            provider,
            base,
            base_uri,
            newest_credentials: AtomicU64::new(0),
            classify: Box::new(classify),
            transport: options.transport()?,
            observer: options.observer.clone(),
            gate: defaults.gate,
            headers: default_headers(options.user_agent.as_deref())?,
            retry: options.retry.clone().unwrap_or(defaults.retry),
            poll: options.poll.clone().unwrap_or(defaults.poll),
            timeout: options.timeout.unwrap_or(defaults.timeout),
            attempt_timeout: options.attempt_timeout.unwrap_or(defaults.attempt_timeout),
            body_cap: options.body_cap.unwrap_or(defaults.body_cap),
            limiter: RateLimiter::new(&limits, Arc::clone(&clock)),
            locks: KeyedLocks::default(),
            budget: RetryBudget::new(),
            limits,
            cache: Cache::watched(
                options.cache_bytes.unwrap_or(defaults.cache_bytes),
                Arc::clone(&clock),
                provider,
                options.observer.clone(),
            ),
            links: Links::new(options.links(), Arc::clone(&clock)),
            allow_insecure_http: options.allow_insecure_http,
            random: Mutex::new(options.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed)),
            clock,
        };
        let credential = Arc::new(RwLock::new(credential));
        Ok(Self { inner: Arc::new(inner), credential, priority: Priority::default() })
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// The provider's name.
    pub fn provider(&self) -> &'static str {
        self.inner.provider
    }

    /// The base URL, without a trailing slash.
    pub fn base(&self) -> &str {
        &self.inner.base
    }

    /// The base URL without its scheme: by it, links of one deployment are kept apart from those of another.
    pub fn site(&self) -> &str {
        self.inner.base.split_once("://").map_or(&self.inner.base, |(_, site)| site)
    }

    /// The same connection for work that nobody watches: its calls let others go first where the quota is scarce.
    pub fn bulk(&self) -> Self {
        Self { priority: Priority::Bulk, ..self.clone() }
    }

    /// The same connection for calls that are authenticated with `credential`: it shares connections, quotas, retry
    /// budget, cache and links with this one, and a replacement of either one's credential leaves the other alone.
    pub fn with_credential(&self, credential: Arc<dyn Credential>) -> Self {
        Self { credential: Arc::new(RwLock::new(Some(credential))), ..self.clone() }
    }

    pub(crate) fn priority(&self) -> Priority {
        self.priority
    }

    /// Begins a call.
    pub fn call(&self, operation: &'static Operation) -> Call {
        Call::new(self.clone(), operation)
    }

    /// Begins a call of something that has no typed method: `path` is below the base URL and may carry a query.
    pub fn request(&self, method: &Method, path: &str) -> Call {
        Call::passthrough(self.clone(), method, path)
    }

    /// Begins to fetch a file from an address that the provider gave out, at whatever origin: without the credential, or
    /// any other header. The address must be `https`, unless the provider is talked to over plain `http`. Such a
    /// request counts in no quota and is judged by its status alone. Neither errors nor traces hold the address.
    pub fn fetch(&self, operation: &'static Operation, url: &SecretString) -> Call {
        let address = elsewhere::address(url.expose_secret(), &self.inner.base_uri, self.inner.allow_insecure_http);
        Call::elsewhere(self.clone(), operation, address)
    }

    /// Begins to send a file to an address that the provider gave out: as [`fetch`](Self::fetch), and with no header but
    /// what the file is.
    pub fn deliver(
        &self,
        operation: &'static Operation,
        url: &SecretString,
        content_type: HeaderValue,
        upload: impl Into<Upload>,
    ) -> Call {
        self.fetch(operation, url).upload(content_type, upload)
    }

    /// The clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    /// The cache of decoded values.
    pub fn cache(&self) -> &Cache {
        &self.inner.cache
    }

    /// The memory of what was created.
    pub fn links(&self) -> &Links {
        &self.inner.links
    }

    /// The deadline of a call that sets none, waits included.
    pub fn timeout(&self) -> Duration {
        self.inner.timeout
    }

    /// How long to wait before the poll after `polls` fruitless ones, for work that polls by itself; `first` as in
    /// [`Verdict::NotReady`](crate::provider::Verdict::NotReady).
    pub fn poll_wait(&self, polls: u32, first: Option<Duration>) -> Duration {
        self.inner.poll.wait(polls, first, self.random())
    }

    /// The quotas in force.
    pub fn limits(&self) -> &RateLimits {
        &self.inner.limits
    }

    /// Keeps cached values of different credentials and hosts apart.
    pub fn partition(&self) -> u64 {
        self.credential().map_or(0, |credential| credential.partition())
    }

    /// What calls that begin now are authenticated with.
    pub fn credential(&self) -> Option<Arc<dyn Credential>> {
        self.credential.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Authenticates calls that begin from now on with `credential`, for this connection and all its clones. What was
    /// cached before is not found any more; quotas, retry budget and links stay.
    ///
    /// Calls that have begun keep what they began with until they end, also when they are repeated: none of them
    /// continues as somebody else. So a key that is replaced stays in use for as long as the deadline of a call.
    pub fn replace_credential(&self, credential: Arc<dyn Credential>) {
        *self.credential.write().unwrap_or_else(PoisonError::into_inner) = Some(credential);
    }

    pub(crate) fn observe(&self, event: &Event<'_>) {
        if let Some(observer) = &self.inner.observer {
            observer.on_event(event);
        }
    }

    pub(crate) fn random(&self) -> f64 {
        self.inner.random.lock().unwrap_or_else(PoisonError::into_inner).f64()
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { provider, base, .. } = self.inner();
        f.debug_struct("Core").field("provider", provider).field("base", base).finish_non_exhaustive()
    }
}

fn default_headers(application: Option<&str>) -> Result<HeaderMap> {
    let ours = concat!("connectors/", env!("CARGO_PKG_VERSION"));
    let agent = application.map_or_else(|| ours.to_owned(), |name| format!("{name} {ours}"));
    let agent = HeaderValue::from_str(&agent)
        .map_err(|_| Error::config("user_agent", "has characters that cannot be sent in a header"))?;
    let pairs: [(HeaderName, HeaderValue); 2] =
        [(header::USER_AGENT, agent), (header::ACCEPT, HeaderValue::from_static("application/json"))];
    Ok(HeaderMap::from_iter(pairs))
}
