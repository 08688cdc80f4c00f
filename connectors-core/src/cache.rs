//! A bounded cache of decoded answers, each good for its own time, fetched once however many ask.

mod key;
mod many;
mod policy;

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::Shared;
use lru::LruCache;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tracing::Instrument;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CacheStats {
    /// Values served from the store.
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
type Landing = Shared<oneshot::Receiver<Result<Value>>>;

struct Entry {
    value: Value,
    bytes: usize,
    stored: Instant,
    ttl: Duration,
}

struct Flight {
    id: u64,
    value_type: TypeId,
    landing: Landing,
}

struct State {
    entries: LruCache<CacheKey, Entry>,
    flights: HashMap<CacheKey, Flight>,
    next_flight: u64,
    stats: CacheStats,
    removed: Vec<Entry>,
}

enum Begin {
    Hit(Value, Duration),
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
    /// not stored. A stored value of a type other than `T` counts as absent.
    ///
    /// Fails with the fetch's own error, with [`ErrorKind::Cancelled`] if the fetch panicked or its runtime was
    /// shut down, and with [`ErrorKind::Config`] if there is no tokio runtime to fetch on.
    pub async fn get_or_fetch<T, F>(&self, key: CacheKey, policy: CachePolicy, fetch: F) -> Result<Cached<T>>
    where
        T: Any + Send + Sync,
        F: Future<Output = Result<Fetched<T>>> + Send + 'static,
    {
        if policy == CachePolicy::Bypass {
            self.tell(&key.resource, CacheOutcome::Bypassed);
            let value = Arc::new(fetch.await?.value);
            return Ok(Cached { value, age: Duration::ZERO, outcome: CacheOutcome::Bypassed });
        }
        let (landing, outcome) = match self.begin(key, TypeId::of::<T>(), policy)? {
            Begin::Hit(value, age) => return typed(value, age, CacheOutcome::Hit),
            Begin::Join(landing) => (landing, CacheOutcome::Shared),
            Begin::Lead(runtime, pilot, landing) => {
                let flight = async move { pilot.land(fetch.await.map(Fetched::erase)) };
                drop(runtime.spawn(flight.in_current_span()));
                (landing, CacheOutcome::Miss)
            }
        };
        typed(landing.await.unwrap_or_else(given_up)?, Duration::ZERO, outcome)
    }

    /// The value under `key`, if it is stored, good, and a `T`.
    pub fn get<T: Any + Send + Sync>(&self, key: &CacheKey) -> Option<Cached<T>> {
        let now = self.0.clock.now();
        let found = self.with(|state| {
            let found = state.find(key, TypeId::of::<T>(), now);
            state.stats.misses += u64::from(found.is_none());
            found
        });
        found.and_then(|(value, age)| typed(value, age, CacheOutcome::Hit).ok())
    }

    /// Stores a value that came by another way, such as in the answer to a bulk request.
    pub fn insert<T: Any + Send + Sync>(&self, key: CacheKey, fetched: Fetched<T>) {
        let (now, entry) = (self.0.clock.now(), fetched.erase());
        self.with(|state| state.store(key, entry, now, self.0.capacity));
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
        self.with(|state| CacheStats { entries: state.entries.len(), ..state.stats })
    }

    fn begin(&self, key: CacheKey, value_type: TypeId, policy: CachePolicy) -> Result<Begin> {
        let now = self.0.clock.now();
        let resource = Arc::clone(&key.resource);
        let begun: Result<Begin> = self.with(|state| {
            if policy == CachePolicy::Use
                && let Some((value, age)) = state.find(&key, value_type, now)
            {
                return Ok(Begin::Hit(value, age));
            }
            if let Some(flight) = state.flights.get(&key).filter(|flight| flight.value_type == value_type) {
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
            let seat = Seat { cache: self.clone(), key, flight: id };
            Ok(Begin::Lead(runtime, Pilot { seat, sender }, landing))
        });
        begun.inspect(|begun| self.tell(&resource, begun.outcome()))
    }

    fn tell(&self, resource: &str, outcome: CacheOutcome) {
        if let Some(observer) = &self.0.observer {
            observer.on_event(&Event::Cache { provider: self.0.provider, resource, outcome });
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
    fn find(&mut self, key: &CacheKey, value_type: TypeId, now: Instant) -> Option<(Value, Duration)> {
        let entry = self.entries.get(key)?;
        let age = now.saturating_duration_since(entry.stored);
        if age >= entry.ttl {
            self.remove(key);
            return None;
        }
        let value = ((*entry.value).type_id() == value_type).then(|| entry.value.clone())?;
        self.stats.hits += 1;
        Some((value, age))
    }

    fn store(&mut self, key: CacheKey, Fetched { value, bytes, ttl }: Fetched<Value>, now: Instant, capacity: usize) {
        self.remove(&key);
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

/// Brings one fetch home. Dropped before that (panic, runtime shut down), it closes the flight: the seat goes
/// first, so that whoever is told by the sender's end and asks again starts a new one.
struct Pilot {
    seat: Seat,
    sender: oneshot::Sender<Result<Value>>,
}

impl Pilot {
    fn land(self, result: Result<Fetched<Value>>) {
        let Seat { cache, key, .. } = &self.seat;
        let result = result.map(|fetched| {
            let (value, now) = (fetched.value.clone(), cache.0.clock.now());
            cache.with(|state| {
                // Storing and closing are one step, or a caller in between would fetch again. A flight that is no
                // longer listed was invalidated: it may carry what was there before.
                if self.seat.leave(state) {
                    state.store(key.clone(), fetched, now, cache.0.capacity);
                }
            });
            value
        });
        let Self { seat, sender } = self;
        drop(seat);
        // Nobody left to tell is fine: the value is stored for the next caller.
        let _ = sender.send(result);
    }
}

/// A flight's place in the list of flights under way, given up at the latest when it is dropped.
struct Seat {
    cache: Cache,
    key: CacheKey,
    flight: u64,
}

impl Seat {
    fn leave(&self, state: &mut State) -> bool {
        let listed = state.flights.get(&self.key).is_some_and(|flight| flight.id == self.flight);
        listed && state.flights.remove(&self.key).is_some()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.cache.with(|state| self.leave(state));
    }
}

impl<T: Any + Send + Sync> Fetched<T> {
    fn erase(self) -> Fetched<Value> {
        Fetched { value: Arc::new(self.value), bytes: self.bytes, ttl: self.ttl }
    }
}

fn given_up(_: oneshot::error::RecvError) -> Result<Value> {
    Err(Error::new(ErrorKind::Cancelled, "the shared fetch was given up before it ended"))
}

fn typed<T: Any + Send + Sync>(value: Value, age: Duration, outcome: CacheOutcome) -> Result<Cached<T>> {
    let other_type = |_| Error::new(ErrorKind::Decode, "the cached value is of another type");
    Ok(Cached { value: value.downcast().map_err(other_type)?, age, outcome })
}
