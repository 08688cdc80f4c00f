//! What a cached answer costs, and what ten thousand callers of an expired one cost the provider.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use connectors_benches::{LIST, page};
use connectors_core::provider::{Cache, CacheKey, Fetched};
use connectors_core::{CachePolicy, Clock, Error, RequestOptions, SystemClock};
use futures_util::FutureExt;
use futures_util::future::try_join_all;
use url::Url;

use crate::args::Args;
use crate::fake::{Fake, Nature};
use crate::stacks::{Calls, SHEET};
use crate::table::{Row, count};
use crate::timing::{best_of, timed};
use crate::{NO_VALGRIND, Outcome, probe, virtually};

const NANOSECONDS: f64 = 400.0;
const ALLOCATIONS: f64 = 2.0;
const CALLERS: u32 = 10_000;
const ROUNDS: u32 = 30;
const REPETITIONS: u32 = 20_000;

/// The probes of this file.
pub const PROBES: [(&str, Calls); 2] = [("cache-hit", hits), ("cache-floor", floor_hits)];

const FINGERPRINT: &[u8] = b"rows?page=2&pageSize=100";
const TTL: Duration = Duration::from_secs(3600);

pub fn measure(args: &Args) -> Outcome<Vec<Row>> {
    let mut rows = Vec::new();
    if args.wants_group("cache/hit") {
        rows.extend(hit()?);
    }
    if args.wants_group("cache/stampede") {
        let requests = virtually(stampede(CALLERS))??;
        rows.push(Row::new("cache/stampede", "requests", requests).floor(1.0).budget(1.0));
    }
    Ok(rows)
}

fn hit() -> Outcome<Vec<Row>> {
    let (warm, floor) = (Warm::new()?, Floor::new()?);
    let ours = || timed(|| (0..REPETITIONS).try_for_each(|_| warm.hit().map(drop)));
    let floors = || timed(|| (0..REPETITIONS).try_for_each(|_| floor.hit().map(drop)));
    let best = best_of(ROUNDS, [&ours, &floors])?;
    let [time, floor_time] = best.map(|time| time.as_secs_f64() * 1e9 / f64::from(REPETITIONS));
    // The probes need no server.
    let nowhere = "http://localhost".parse()?;
    let (cost, floor_cost) = (probe::cost("cache-hit", &nowhere)?, probe::cost("cache-floor", &nowhere)?);
    let instructions = match cost.instructions.zip(floor_cost.instructions) {
        Some((ours, floor)) => Row::new("cache/hit/instructions", "instructions", ours).floor(floor),
        None => Row::missing("cache/hit/instructions", "instructions", NO_VALGRIND),
    };
    let allocations = Row::new("cache/hit/allocations", "allocations", cost.allocations);
    Ok(vec![
        Row::new("cache/hit/time", "ns", time).floor(floor_time).budget(NANOSECONDS),
        instructions,
        allocations.floor(floor_cost.allocations).budget(ALLOCATIONS),
    ])
}

fn hits(_: &Url, repetitions: u32) -> Outcome {
    let warm = Warm::new()?;
    (0..repetitions).try_for_each(|_| warm.hit().map(drop))
}

fn floor_hits(_: &Url, repetitions: u32) -> Outcome {
    let floor = Floor::new()?;
    (0..repetitions).try_for_each(|_| floor.hit().map(drop))
}

/// A cache that holds the answer.
struct Warm {
    cache: Cache,
    resource: String,
}

impl Warm {
    fn new() -> Outcome<Self> {
        let warm = Self { cache: Cache::new(1 << 20, Arc::new(SystemClock)), resource: format!("sheet/{SHEET}") };
        warm.cache.insert(warm.key(), Fetched { value: page(5)?, bytes: 675, ttl: TTL });
        Ok(warm)
    }

    /// Made anew for each call, as clients do.
    fn key(&self) -> CacheKey {
        CacheKey::new(black_box(1), self.resource.as_str(), FINGERPRINT)
    }

    fn hit(&self) -> Outcome<Arc<String>> {
        // A hit needs no runtime, and must not get as far as to fetch.
        let fetch = async { Err(Error::config("cache", "it is not stored")) };
        let deadline = Instant::now() + TTL;
        let hit = self.cache.get_or_fetch(self.key(), CachePolicy::Use, deadline, fetch).now_or_never();
        Ok(hit.ok_or("the hit waits")??.value)
    }
}

/// The least that a shared cache with a time-to-live can do: a lock, a look into a map, a look at the clock.
struct Floor {
    entries: Mutex<HashMap<Vec<u8>, Entry>>,
    key: Vec<u8>,
}

struct Entry {
    stored: Instant,
    value: Arc<String>,
}

impl Floor {
    fn new() -> Outcome<Self> {
        let key = [format!("1/sheet/{SHEET}/").as_bytes(), FINGERPRINT].concat();
        let entries = HashMap::from([(key.clone(), Entry { stored: Instant::now(), value: Arc::new(page(5)?) })]);
        Ok(Self { entries: Mutex::new(entries), key })
    }

    fn hit(&self) -> Outcome<Arc<String>> {
        let now = Instant::now();
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get(black_box(self.key.as_slice()));
        let entry = entry.filter(|entry| now.duration_since(entry.stored) < TTL).ok_or("it is not stored")?;
        Ok(Arc::clone(&entry.value))
    }
}

/// How many requests so many concurrent callers of one expired entry make.
pub async fn stampede(callers: u32) -> Outcome<f64> {
    let (fake, core) = Fake::with_core(Nature::latency(100))?;
    let key = || CacheKey::new(core.partition(), "sheet/1", FINGERPRINT);
    core.cache().insert(key(), Fetched { value: page(5)?, bytes: 675, ttl: Duration::from_secs(1) });
    fake.clock().sleep(Duration::from_secs(2)).await;
    let call = |_| {
        let call = core.call(&LIST).path("sheetId", 1);
        let fetch = async move {
            let body = call.send_bytes().await?.into_inner();
            let value = String::from_utf8_lossy(&body).into_owned();
            Ok::<_, Error>(Fetched { bytes: body.len(), value, ttl: TTL })
        };
        core.cache().get_or_fetch(key(), CachePolicy::Use, core.deadline(&RequestOptions::default()), fetch)
    };
    try_join_all((0..callers).map(call)).await?;
    Ok(count(fake.seen().requests))
}
