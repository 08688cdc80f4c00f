//! A provider in this process, on virtual time, that enforces its quota by itself and counts what it sees.

use std::collections::{HashMap, VecDeque};
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use connectors_core::provider::{ClientOptions, Core, Operation};
use connectors_core::testing::VirtualClock;
use connectors_core::{Clock, HttpRequest, HttpResponse, RateLimits, Transport, TransportError, Window};
use fastrand::Rng;
use http::{Method, StatusCode};

use crate::Outcome;

/// A read that counts as ten.
pub static HEAVY: Operation = Operation::new("bench", "sheets.export", Method::GET, "/exports/{sheetId}").cost(10);

/// What the fake is like. By default it answers at once, everything, and always well.
#[derive(Debug, Clone)]
pub struct Nature {
    /// No more than this fits in any span of a window.
    pub limits: RateLimits,
    /// From sending to the answer, in milliseconds; any in between is as likely.
    pub latency: RangeInclusive<u16>,
    /// At which part of its latency a request is stamped and counted, from 0 to 1.
    pub stamped: f64,
    /// How many of the requests fail, at random, from 0 to 1.
    pub failing: f64,
    /// How often the same request is answered with "not ready yet".
    pub polls: u32,
}

impl Default for Nature {
    fn default() -> Self {
        Self { limits: RateLimits::none(), latency: 0..=0, stamped: 0.5, failing: 0.0, polls: 0 }
    }
}

impl Nature {
    pub fn latency(ms: u16) -> Self {
        Self { latency: ms..=ms, ..Self::default() }
    }

    /// The shortest latency.
    pub fn fastest(&self) -> Duration {
        Duration::from_millis((*self.latency.start()).into())
    }
}

/// The fake at work.
#[derive(Debug)]
pub struct Fake {
    nature: Nature,
    clock: VirtualClock,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    random: Rng,
    windows: Vec<Log>,
    asked: HashMap<String, u32>,
    seen: Seen,
}

/// What came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// Requests, refused ones too.
    pub requests: u64,
    /// The cost of those that the quota admitted.
    pub cost: u64,
    /// Requests over the quota.
    pub throttled: u64,
}

/// What one window has counted in its last span.
#[derive(Debug)]
struct Log {
    window: Window,
    stamps: VecDeque<(Instant, u32)>,
    used: u32,
}

impl Log {
    fn has_room(&mut self, cost: u32, now: Instant) -> bool {
        while let Some((_, old)) = self.stamps.front().filter(|(at, _)| now.duration_since(*at) >= self.window.per) {
            self.used -= old;
            self.stamps.pop_front();
        }
        self.used + cost <= self.window.limit
    }

    fn count(&mut self, cost: u32, now: Instant) {
        self.stamps.push_back((now, cost));
        self.used += cost;
    }
}

impl Fake {
    /// The fake, with a client's core in front of it that knows its limits.
    pub fn with_core(nature: Nature) -> Outcome<(Arc<Self>, Core)> {
        let windows = nature.limits.windows();
        let windows = windows.map(|&window| Log { window, stamps: VecDeque::new(), used: 0 }).collect();
        let state = State { random: Rng::with_seed(7), windows, asked: HashMap::new(), seen: Seen::default() };
        let clock = VirtualClock::default();
        let mut options = ClientOptions::default();
        options.limits = Some(nature.limits.clone());
        let fake = Arc::new(Self { nature, clock: clock.clone(), state: Mutex::new(state) });
        options.transport = Some(Arc::clone(&fake) as Arc<dyn Transport>);
        options.clock = Some(Arc::new(clock));
        options.timeout = Some(Duration::from_secs(24 * 3600));
        options.seed = Some(7);
        Ok((fake, connectors_benches::core(&"https://bench.test/2.0".parse()?, &options)?))
    }

    pub fn clock(&self) -> &VirtualClock {
        &self.clock
    }

    pub fn seen(&self) -> Seen {
        self.state().seen
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long this request takes.
    fn next_latency(&self) -> Duration {
        let [shortest, longest] =
            [self.nature.latency.start(), self.nature.latency.end()].map(|ms| u64::from(*ms) * 1000);
        Duration::from_micros(self.state().random.u64(shortest..=longest))
    }

    fn judge(&self, request: &HttpRequest) -> StatusCode {
        let now = self.clock.now();
        let path = request.uri().path();
        let cost = if path.contains("/exports/") { HEAVY.cost } else { 1 };
        let mut state = self.state();
        let state = &mut *state;
        state.seen.requests += 1;
        // Every window looks, so that each forgets what is old.
        if state.windows.iter_mut().map(|log| log.has_room(cost, now)).filter(|room| !room).count() > 0 {
            state.seen.throttled += 1;
            return StatusCode::TOO_MANY_REQUESTS;
        }
        state.windows.iter_mut().for_each(|log| log.count(cost, now));
        state.seen.cost += u64::from(cost);
        if state.random.f64() < self.nature.failing {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        let asked = state.asked.entry(path.to_owned()).or_default();
        *asked += 1;
        if *asked <= self.nature.polls { StatusCode::ACCEPTED } else { StatusCode::OK }
    }
}

#[async_trait]
impl Transport for Fake {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let latency = self.next_latency();
        let stamped = latency.mul_f64(self.nature.stamped);
        self.clock.sleep(stamped).await;
        let status = self.judge(&request);
        self.clock.sleep(latency.saturating_sub(stamped)).await;
        let mut answer = HttpResponse::new(Bytes::from_static(b"{}").into());
        *answer.status_mut() = status;
        Ok(answer)
    }
}
