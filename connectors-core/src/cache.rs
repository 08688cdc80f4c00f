//! A bounded cache of decoded answers, each good for its own time, fetched once however many ask.

mod flight;
mod key;
mod many;
mod policy;

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::mem;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::{Either, select};
use lru::LruCache;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tracing::Instrument;

use self::flight::{Fill, Flight, Landing, Pilot, Seat, landed};
pub use self::key::CacheKey;
pub use self::policy::CachePolicy;
use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::telemetry::{Event, Observer};

/// A value as its fetch hands it over.
#[derive(Debug)]
pub struct Fetched<T> {
    /// The decoded answer.
    pub value: T,
    /// What it weighs; the size of the undecoded body will do.
    pub bytes: usize,
    /// How long it is good, from now. Zero: do not store.
    pub ttl: Duration,
}

/// A failure as its fetch hands it over. An [`Error`] becomes one that is not stored.
#[derive(Debug)]
pub struct Failed {
    /// What went wrong.
    pub error: Error,
    /// For how long whoever asks again gets the same error without a fetch. Zero: do not store.
    pub ttl: Duration,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self { error, ttl: Duration::ZERO }
    }
}

/// A value as the cache hands it out.
#[derive(Debug)]
pub struct Cached<T> {
    /// The decoded answer, shared with the cache.
    pub value: Arc<T>,
    /// How long ago it was stored; zero if it was fetched for this call.
    pub age: Duration,
    /// Where it came from.
    pub outcome: CacheOutcome,
}

/// Where a [`Cached`] value came from.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CacheOutcome {
    /// It was stored and still good.
    Hit,
    /// This call fetched it.
    Miss,
    /// This call joined a fetch that was under way.
    Shared,
    /// This call fetched it past the cache.
    Bypassed,
}

/// Counts since the cache was made, and what it holds now.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CacheStats {
    /// Values, and failures, served from the store.
    pub hits: u64,
    /// Fetches started, and [`Cache::get`]s that found nothing.
    pub misses: u64,
    /// Calls that joined somebody else's fetch.
    pub shared: u64,
    /// Values stored now.
    pub entries: usize,
    /// What they weigh, keys and bookkeeping included.
    pub bytes: usize,
}

impl CacheStats {
    /// The share of calls that caused no fetch, from 0 to 1; 0 before the first call.
    #[allow(clippy::cast_precision_loss, reason = "a share of more than 2^52 calls may be off in its last digit")]
    pub fn hit_ratio(&self) -> f64 {
        let saved = self.hits + self.shared;
        saved as f64 / (saved + self.misses).max(1) as f64
    }
}

/// A bounded cache of decoded values with single flight. A clone is another handle to the same cache.
///
/// The least recently used values leave when the capacity is reached. Ten thousand concurrent callers of one
/// expired entry cause one fetch; if it fails they all get its error, and nothing is stored. The fetch runs in a
/// task of its own, so a caller that gives up neither wastes it nor takes it away from the others.
//
// Not moka: time-to-live must run on the injected clock, and moka's cannot be replaced.
#[derive(Clone)]
pub struct Cache(Arc<Inner>);

struct Inner {
    capacity: usize,
    clock: Arc<dyn Clock>,
    provider: &'static str,
    observer: Option<Arc<dyn Observer>>,
    state: Mutex<State>,
}

type Value = Arc<dyn Any + Send + Sync>;

struct Entry {
    value: Result<Value>,
    bytes: usize,
    stored: Instant,
    ttl: Duration,
}

struct State {
    entries: LruCache<CacheKey, Entry>,
    flights: HashMap<CacheKey, Flight>,
    next_flight: u64,
    stats: CacheStats,
    removed: Vec<Entry>,
}

enum Begin {
    Hit(Result<Value>, Duration),
    Join(Landing),
    Lead(Handle, Pilot, Landing),
}

impl Begin {
    fn outcome(&self) -> CacheOutcome {
        match self {
            Self::Hit(..) => CacheOutcome::Hit,
            Self::Join(_) => CacheOutcome::Shared,
            Self::Lead(..) => CacheOutcome::Miss,
        }
    }
}

impl Cache {
    /// An empty cache that holds up to `capacity_bytes`, keys and bookkeeping included.
    pub fn new(capacity_bytes: usize, clock: Arc<dyn Clock>) -> Self {
        Self::watched(capacity_bytes, clock, "", None)
    }

    /// As [`new`](Cache::new), for answers of `provider`; `observer` is told where each of them came from.
    pub(crate) fn watched(
        capacity: usize,
        clock: Arc<dyn Clock>,
        provider: &'static str,
        observer: Option<Arc<dyn Observer>>,
    ) -> Self {
        let state = State {
            entries: LruCache::unbounded(),
            flights: HashMap::new(),
            next_flight: 0,
            stats: CacheStats::default(),
            removed: Vec::new(),
        };
        Self(Arc::new(Inner { capacity, clock, provider, observer, state: Mutex::new(state) }))
    }

    /// The value under `key`: stored, from a fetch under way, or from `fetch`, as `policy` says.
    ///
    /// `fetch` is dropped unpolled when it is not needed. A value heavier than the whole cache is handed out and
    /// not stored. A stored value of a type other than `T` counts as absent. A failure is stored if the fetch says so,
    /// by [`Failed::ttl`].
    ///
    /// Fails with the fetch's own error, with [`ErrorKind::Timeout`] if somebody else's fetch is still under way at
    /// `deadline`, with [`ErrorKind::Cancelled`] if the fetch panicked or its runtime was shut down, and with
    /// [`ErrorKind::Config`] if there is no tokio runtime to fetch on.
    pub async fn get_or_fetch<T, F, E>(
        &self,
        key: CacheKey,
        policy: CachePolicy,
        deadline: Instant,
        fetch: F,
    ) -> Result<Cached<T>>
    where
        T: Any + Send + Sync,
        E: Into<Failed> + Send,
        F: Future<Output = Result<Fetched<T>, E>> + Send + 'static,
    {
        if policy == CachePolicy::Bypass {
            self.tell(&key, CacheOutcome::Bypassed, || self.stats());
            return bypassed(fetch.await);
        }
        match self.begin(&key, TypeId::of::<T>(), policy)? {
            Begin::Hit(value, age) => typed(value?, age, CacheOutcome::Hit),
            Begin::Join(landing) => self.join(landing, deadline).await,
            Begin::Lead(runtime, pilot, landing) => {
                let flight = async move { pilot.land(Fill::new(fetch.await)) };
                drop(runtime.spawn(flight.in_current_span()));
                typed(landed(landing).await?, Duration::ZERO, CacheOutcome::Miss)
            }
        }
    }

    /// What somebody else's fetch brings, if it does by `deadline`.
    async fn join<T: Any + Send + Sync>(&self, landing: Landing, deadline: Instant) -> Result<Cached<T>> {
        match select(pin!(landed(landing)), self.0.clock.deadline(deadline)).await {
            Either::Left((value, _)) => typed(value?, Duration::ZERO, CacheOutcome::Shared),
            Either::Right(_) => {
                Err(Error::new(ErrorKind::Timeout, "another call's fetch of the same value did not end in time"))
            }
        }
    }

    /// The value under `key`, if it is stored, good, and a `T`.
    pub fn get<T: Any + Send + Sync>(&self, key: &CacheKey) -> Option<Cached<T>> {
        let now = self.0.clock.now();
        let found = self.with(|state| {
            let found = state.find(key, TypeId::of::<T>(), now);
            state.stats.misses += u64::from(found.is_none());
            found
        });
        found.and_then(|(value, age)| typed(value.ok()?, age, CacheOutcome::Hit).ok())
    }

    /// Whether a good `T` is stored under `key`, without counting as a use of it.
    pub fn holds<T: Any + Send + Sync>(&self, key: &CacheKey) -> bool {
        self.peek::<T>(key).is_some()
    }

    /// The good value that is stored under `key`, without counting as a use of it.
    pub fn peek<T: Any + Send + Sync>(&self, key: &CacheKey) -> Option<Arc<T>> {
        let now = self.0.clock.now();
        let found = self.with(|state| {
            let entry = state.entries.peek(key).filter(|entry| now.saturating_duration_since(entry.stored) < entry.ttl);
            entry.and_then(|entry| entry.value.as_ref().ok().cloned())
        });
        found.and_then(|value| value.downcast().ok())
    }

    /// Stores a value that came by another way, such as in the answer to a bulk request.
    pub fn insert<T: Any + Send + Sync>(&self, key: CacheKey, fetched: Fetched<T>) {
        let (now, fill) = (self.0.clock.now(), Fill::new(Ok::<_, Error>(fetched)));
        self.with(|state| state.store(key, fill, now, self.0.capacity));
    }

    /// Forgets what is under `key`. A fetch under way still answers those who wait for it, and is not stored.
    pub fn invalidate(&self, key: &CacheKey) {
        self.with(|state| {
            state.flights.remove(key);
            state.remove(key);
        });
    }

    /// As [`invalidate`](Cache::invalidate), for every key of the resource in this partition.
    pub fn invalidate_resource(&self, partition: u64, resource: &str) {
        let belongs = |key: &CacheKey| key.partition == partition && *key.resource == *resource;
        self.with(|state| {
            state.flights.retain(|key, _| !belongs(key));
            let keys: Vec<_> = state.entries.iter().map(|(key, _)| key).filter(|key| belongs(key)).cloned().collect();
            for key in &keys {
                state.remove(key);
            }
        });
    }

    /// As [`invalidate`](Cache::invalidate), for every key.
    pub fn clear(&self) {
        self.with(|state| {
            state.flights.clear();
            state.shrink_to(0);
        });
    }

    /// Hits, misses and fill.
    pub fn stats(&self) -> CacheStats {
        self.with(|state| state.stats())
    }

    fn begin(&self, key: &CacheKey, value_type: TypeId, policy: CachePolicy) -> Result<Begin> {
        let now = self.0.clock.now();
        let (begun, stats) = self.with(|state| (self.decide(state, key, value_type, policy, now), state.stats()));
        begun.inspect(|begun| self.tell(key, begun.outcome(), || stats))
    }

    fn decide(
        &self,
        state: &mut State,
        key: &CacheKey,
        value_type: TypeId,
        policy: CachePolicy,
        now: Instant,
    ) -> Result<Begin> {
        if policy == CachePolicy::Use
            && let Some((value, age)) = state.find(key, value_type, now)
        {
            return Ok(Begin::Hit(value, age));
        }
        if let Some(flight) = state.flights.get(key).filter(|flight| flight.value_type == value_type) {
            state.stats.shared += 1;
            return Ok(Begin::Join(flight.landing.clone()));
        }
        let runtime = Handle::try_current().map_err(|error| {
            Error::new(ErrorKind::Config, "the cache needs a tokio runtime to fetch on").with_source(error)
        })?;
        let (sender, receiver) = oneshot::channel();
        let (id, landing) = (state.next_flight, receiver.shared());
        state.next_flight += 1;
        state.stats.misses += 1;
        state.flights.insert(key.clone(), Flight { id, value_type, landing: landing.clone() });
        let seat = Seat { cache: self.clone(), key: key.clone(), flight: id };
        Ok(Begin::Lead(runtime, Pilot { seat, sender }, landing))
    }

    fn tell(&self, key: &CacheKey, outcome: CacheOutcome, stats: impl FnOnce() -> CacheStats) {
        if let Some(observer) = &self.0.observer {
            let (provider, resource) = (self.0.provider, &*key.resource);
            observer.on_event(&Event::Cache { provider, resource, outcome, stats: stats() });
        }
    }

    fn with<R>(&self, work: impl FnOnce(&mut State) -> R) -> R {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        let result = work(&mut state);
        let removed = mem::take(&mut state.removed);
        drop(state);
        // Freeing a big value takes long, so nobody waits for it.
        drop(removed);
        result
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").field("capacity", &self.0.capacity).field("stats", &self.stats()).finish()
    }
}

impl State {
    fn stats(&self) -> CacheStats {
        CacheStats { entries: self.entries.len(), ..self.stats }
    }

    fn find(&mut self, key: &CacheKey, value_type: TypeId, now: Instant) -> Option<(Result<Value>, Duration)> {
        let entry = self.entries.get(key)?;
        let age = now.saturating_duration_since(entry.stored);
        if age >= entry.ttl {
            self.remove(key);
            return None;
        }
        let misfits = entry.value.as_ref().is_ok_and(|value| (**value).type_id() != value_type);
        let value = (!misfits).then(|| entry.value.clone())?;
        self.stats.hits += 1;
        Some((value, age))
    }

    fn store(&mut self, key: CacheKey, Fill { value, bytes, ttl }: Fill, now: Instant, capacity: usize) {
        // A failure that is not to be stored does not displace what is still good.
        if value.is_ok() || !ttl.is_zero() {
            self.remove(&key);
        }
        // Keys and bookkeeping count, or a flood of tiny values would have no bound.
        let overhead = key.bytes() + size_of::<CacheKey>() + size_of::<Entry>();
        let entry = Entry { value, bytes: bytes.saturating_add(overhead), stored: now, ttl };
        if ttl.is_zero() || entry.bytes > capacity {
            self.removed.push(entry);
            return;
        }
        self.shrink_to(capacity - entry.bytes);
        self.stats.bytes += entry.bytes;
        self.entries.put(key, entry);
    }

    fn remove(&mut self, key: &CacheKey) {
        if let Some(entry) = self.entries.pop(key) {
            self.discard(entry);
        }
    }

    fn shrink_to(&mut self, bytes: usize) {
        while self.stats.bytes > bytes
            && let Some((_, entry)) = self.entries.pop_lru()
        {
            self.discard(entry);
        }
    }

    fn discard(&mut self, entry: Entry) {
        self.stats.bytes -= entry.bytes;
        self.removed.push(entry);
    }
}

fn bypassed<T>(outcome: Result<Fetched<T>, impl Into<Failed>>) -> Result<Cached<T>> {
    let value = Arc::new(outcome.map_err(|failed| failed.into().error)?.value);
    Ok(Cached { value, age: Duration::ZERO, outcome: CacheOutcome::Bypassed })
}

fn typed<T: Any + Send + Sync>(value: Value, age: Duration, outcome: CacheOutcome) -> Result<Cached<T>> {
    let other_type = |_| Error::new(ErrorKind::Decode, "the cached value is of another type");
    Ok(Cached { value: value.downcast().map_err(other_type)?, age, outcome })
}
