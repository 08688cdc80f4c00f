//! A fake at work: with its clock, journal, faults and quotas. Every face stands in front of one.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use connectors_core::{Clock, HttpRequest, RateLimits, Result};
use http::StatusCode;
use tokio::sync::Notify;

use crate::fake::{self, Fake, Reply, Route};
use crate::fault::{Fault, FaultPlan};
use crate::journal::Entry;
use crate::outgoing::Outgoing;
use crate::replay::Replayed;

/// What happens to a request on the wire.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The answer, after a delay; `cut` when it breaks off in the middle.
    Answer { reply: Reply, delay: Duration, cut: bool },
    /// No connection is made.
    Refused,
    /// The connection breaks.
    Reset,
}

/// A fake at work. Clones share everything.
#[derive(Clone)]
pub struct Backend(Arc<Inner>);

struct Inner {
    fake: Arc<dyn Fake>,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    /// After every request, for whoever sends what the fake has to send.
    taken: Notify,
}

struct State {
    journal: Vec<Entry>,
    faults: FaultPlan,
    quotas: Quotas,
    latency: Duration,
    /// What is being written to, and until when.
    written: HashMap<String, Instant>,
}

impl State {
    /// Takes what a write needs for itself for as long as its answer takes; false where another write has it.
    fn take(&mut self, needed: Option<String>, now: Instant, takes: Duration) -> bool {
        self.written.retain(|_, until| *until > now);
        match needed {
            Some(needed) if self.written.contains_key(&needed) => false,
            Some(needed) if !takes.is_zero() => self.written.insert(needed, now + takes).is_none(),
            _ => true,
        }
    }
}

impl Backend {
    /// Puts `fake` to work on `clock`, enforcing the fake's own quotas.
    pub fn new(fake: Arc<dyn Fake>, clock: Arc<dyn Clock>) -> Self {
        let quotas = Quotas::new(fake.quotas());
        let state = State {
            journal: Vec::new(),
            faults: FaultPlan::default(),
            quotas,
            latency: Duration::ZERO,
            written: HashMap::new(),
        };
        Self(Arc::new(Inner { fake, clock, state: Mutex::new(state), taken: Notify::new() }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The clock it runs on.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    /// The next requests to `operation` go wrong like this, one after the other.
    pub fn script(&self, operation: &'static str, faults: impl IntoIterator<Item = Fault>) -> &Self {
        self.state().faults.script(operation, faults);
        self
    }

    /// About a fifth of all requests go wrong, repeatably by `seed`.
    pub fn chaos(&self, seed: u64) -> &Self {
        self.state().faults.chaos(seed);
        self
    }

    /// Nothing goes wrong any more.
    pub fn calm(&self) -> &Self {
        self.state().faults.clear();
        self
    }

    /// Every answer takes this long. Zero at first. A provider that refuses a second write to the same thing while one is
    /// under way does so for as long.
    pub fn latency(&self, latency: Duration) -> &Self {
        self.state().latency = latency;
        self
    }

    /// Enforces these quotas instead of the provider's documented ones.
    pub fn quotas(&self, limits: RateLimits) -> &Self {
        self.state().quotas = Quotas::new(limits);
        self
    }

    /// Every request so far.
    pub fn journal(&self) -> Vec<Entry> {
        self.state().journal.clone()
    }

    /// How many requests came for `operation`.
    pub fn count(&self, operation: &str) -> usize {
        self.state().journal.iter().filter(|e| e.operation == Some(operation)).count()
    }

    /// How many requests went wrong on purpose, by the kind of fault.
    pub fn fault_counts(&self) -> BTreeMap<&'static str, u32> {
        self.state().faults.counts()
    }

    /// The writes that took effect, to be [replayed](Self::replay) on another fake of the same seed.
    pub fn kept(&self) -> Vec<Replayed> {
        let state = self.state();
        state.journal.iter().filter(|e| e.applied && e.write).map(Replayed::new).collect()
    }

    /// Brings the fake to where those writes lead. They are not part of the journal.
    pub fn replay(&self, kept: &[Replayed]) -> Result<()> {
        for write in kept {
            self.0.fake.handle(&write.request()?, write.at());
        }
        Ok(())
    }

    /// Takes one request. Sans-IO: the face in front does the waiting and the breaking.
    pub(crate) fn accept(&self, request: &HttpRequest) -> Outcome {
        let route = self.0.fake.route(request);
        let now = self.0.clock.now_utc();
        let exclusive = self.0.fake.exclusive(request);
        let (fault, latency, admitted, free) = {
            let mut state = self.state();
            let fault = state.faults.next(route).filter(|f| *f != Fault::NotReady || self.0.fake.not_ready().is_some());
            let admitted = fault == Some(Fault::Refused) || state.quotas.admit(route, self.0.clock.now());
            let latency = state.latency;
            let extra = if let Some(Fault::Slow(extra)) = fault { extra } else { Duration::ZERO };
            let wanted = exclusive.filter(|_| admitted && carries_out(fault));
            let free = state.take(wanted, self.0.clock.now(), latency + extra);
            (fault, latency, admitted, free)
        };
        let reply = match fault {
            Some(Fault::Throttle(after)) => self.0.fake.throttled(after),
            _ if !admitted => self.0.fake.throttled(None),
            _ if !free => self.0.fake.busy(),
            Some(Fault::Status(status)) => {
                self.0.fake.failure(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
            }
            Some(Fault::HtmlPage(status)) => {
                fake::html(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY))
            }
            Some(Fault::NotReady) => self.0.fake.not_ready().unwrap_or_else(|| fake::empty(StatusCode::ACCEPTED)),
            Some(Fault::Refused | Fault::ResetBefore) => fake::empty(StatusCode::OK),
            _ => self.0.fake.handle(request, now),
        };
        let outcome = match fault {
            Some(Fault::Refused) => Outcome::Refused,
            Some(Fault::ResetBefore | Fault::ResetAfter) => Outcome::Reset,
            Some(Fault::Truncated) => Outcome::Answer { reply, delay: latency, cut: true },
            Some(Fault::Slow(extra)) => Outcome::Answer { reply, delay: latency + extra, cut: false },
            Some(Fault::Oversized(mebibytes)) => {
                Outcome::Answer { reply: padded(reply, mebibytes), delay: latency, cut: false }
            }
            _ => Outcome::Answer { reply, delay: latency, cut: false },
        };
        let status = match &outcome {
            Outcome::Answer { reply, .. } => Some(reply.status()),
            _ => None,
        };
        self.state().journal.push(Entry {
            at: now,
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().map(str::to_owned),
            headers: request.headers().clone(),
            body: request.body().clone(),
            operation: route.map(|r| r.operation),
            write: route.is_some_and(|r| r.write),
            applied: carries_out(fault) && admitted && free,
            status,
            fault,
        });
        self.0.taken.notify_one();
        outcome
    }

    /// What the fake wants to be sent, and answered, before it takes this request.
    pub(crate) fn before(&self, request: &HttpRequest) -> Vec<Outgoing> {
        self.0.fake.before(request, self.0.clock.now_utc())
    }

    /// What the fake wants to be sent by now.
    pub(crate) fn outgoing(&self) -> Vec<Outgoing> {
        self.0.fake.outgoing(self.0.clock.now_utc())
    }

    /// Until there may be something to be sent.
    pub(crate) async fn wait_for_outgoing(&self) {
        let taken = self.0.taken.notified();
        if self.0.fake.has_outgoing() {
            // The fake's clock says when: it may be a virtual one, which nobody should move for this.
            let _ = tokio::time::timeout(Duration::from_millis(50), taken).await;
        } else {
            taken.await;
        }
    }

    /// What was answered.
    pub(crate) fn answered(&self, id: u64, answer: Option<&Reply>) {
        self.0.fake.answered(id, answer, self.0.clock.now_utc());
    }
}

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("Backend")
            .field("provider", &self.0.fake.provider())
            .field("requests", &state.journal.len())
            .finish_non_exhaustive()
    }
}

/// Whether the fake gets to see a request that goes wrong like this.
fn carries_out(fault: Option<Fault>) -> bool {
    use Fault::{HtmlPage, NotReady, Refused, ResetBefore, Status, Throttle};
    !matches!(fault, Some(Throttle(_) | Status(_) | HtmlPage(_) | Refused | ResetBefore | NotReady))
}

fn padded(reply: Reply, mebibytes: u8) -> Reply {
    reply.map(|body| {
        let mut body = body.to_vec();
        body.resize(body.len().max(usize::from(mebibytes) << 20), b' ');
        Bytes::from(body)
    })
}

/// The provider's side of a sliding-window quota: every request counts, refused ones too.
struct Quotas {
    limits: RateLimits,
    seen: HashMap<usize, VecDeque<(Instant, u32)>>,
}

impl Quotas {
    fn new(limits: RateLimits) -> Self {
        Self { limits, seen: HashMap::new() }
    }

    fn admit(&mut self, route: Option<Route>, now: Instant) -> bool {
        let (group, cost) = route.map_or(("", 1), |r| (r.group, r.cost));
        let mut admitted = true;
        for (index, window) in self.limits.windows().enumerate() {
            if window.group != "*" && window.group != group {
                continue;
            }
            let seen = self.seen.entry(index).or_default();
            while seen.front().is_some_and(|(at, _)| now.saturating_duration_since(*at) >= window.per) {
                seen.pop_front();
            }
            let used: u32 = seen.iter().map(|(_, cost)| cost).sum();
            admitted &= used + cost <= window.limit;
            seen.push_back((now, cost));
        }
        admitted
    }
}
