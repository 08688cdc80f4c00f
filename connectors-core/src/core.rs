//! What the clients of all providers share: one connection to a provider, with its credential, quotas and memory.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use url::Url;

use crate::auth::Credential;
use crate::cache::Cache;
use crate::call::Call;
use crate::classify::Classify;
use crate::clock::Clock;
use crate::config::ClientOptions;
use crate::error::{Error, Result};
use crate::limit::{KeyedLocks, RateLimiter, RateLimits};
use crate::links::Links;
use crate::operation::Operation;
use crate::retry::{PollPolicy, RetryBudget, RetryPolicy};
use crate::telemetry::{Event, Observer};
use crate::transport::Transport;

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
        }
    }
}

/// The machinery under a client. Clones share connections, quotas, retry budget, cache and links.
#[derive(Clone)]
pub struct Core(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) provider: &'static str,
    pub(crate) base: String,
    pub(crate) credential: Option<Arc<dyn Credential>>,
    pub(crate) classify: Box<dyn Classify>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
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
        Ok(Self(Arc::new(Inner {
            provider,
            base: base.as_str().trim_end_matches('/').to_owned(),
            credential,
            classify: Box::new(classify),
            transport: options.transport()?,
            observer: options.observer.clone(),
            headers: default_headers(options.user_agent.as_deref())?,
            retry: options.retry.clone().unwrap_or(defaults.retry),
            poll: options.poll.clone().unwrap_or(defaults.poll),
            timeout: options.timeout.unwrap_or(defaults.timeout),
            attempt_timeout: defaults.attempt_timeout,
            body_cap: defaults.body_cap,
            limiter: RateLimiter::new(&limits, Arc::clone(&clock)),
            locks: KeyedLocks::default(),
            budget: RetryBudget::new(),
            limits,
            cache: Cache::watched(defaults.cache_bytes, Arc::clone(&clock), provider, options.observer.clone()),
            links: Links::new(options.links(), Arc::clone(&clock)),
            random: Mutex::new(options.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed)),
            clock,
        })))
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    /// The provider's name.
    pub fn provider(&self) -> &'static str {
        self.0.provider
    }

    /// The base URL, without a trailing slash.
    pub fn base(&self) -> &str {
        &self.0.base
    }

    /// The base URL without its scheme: by it, links of one deployment are kept apart from those of another.
    pub fn site(&self) -> &str {
        self.0.base.split_once("://").map_or(&self.0.base, |(_, site)| site)
    }

    /// Begins a call.
    pub fn call(&self, operation: &'static Operation) -> Call {
        Call::new(self.clone(), operation)
    }

    /// Begins a call of something that has no typed method: `path` is below the base URL and may carry a query.
    pub fn request(&self, method: &Method, path: &str) -> Call {
        Call::passthrough(self.clone(), method, path)
    }

    /// The clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    /// The cache of decoded values.
    pub fn cache(&self) -> &Cache {
        &self.0.cache
    }

    /// The memory of what was created.
    pub fn links(&self) -> &Links {
        &self.0.links
    }

    /// The deadline of a call that sets none, waits included.
    pub fn timeout(&self) -> Duration {
        self.0.timeout
    }

    /// How long to wait before the poll after `polls` fruitless ones, for work that polls by itself; `first` as in
    /// [`Verdict::NotReady`](crate::provider::Verdict::NotReady).
    pub fn poll_wait(&self, polls: u32, first: Option<Duration>) -> Duration {
        self.0.poll.wait(polls, first, self.random())
    }

    /// The quotas in force.
    pub fn limits(&self) -> &RateLimits {
        &self.0.limits
    }

    /// Keeps cached values of different credentials and hosts apart.
    pub fn partition(&self) -> u64 {
        self.0.credential.as_ref().map_or(0, |c| c.partition())
    }

    pub(crate) fn observe(&self, event: &Event<'_>) {
        if let Some(observer) = &self.0.observer {
            observer.on_event(event);
        }
    }

    pub(crate) fn random(&self) -> f64 {
        self.0.random.lock().unwrap_or_else(PoisonError::into_inner).f64()
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core").field("provider", &self.0.provider).field("base", &self.0.base).finish_non_exhaustive()
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
