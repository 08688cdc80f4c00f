//! A fake at work: with its clock, journal, faults and quotas. Every face stands in front of one.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use connectors_core::{Clock, HttpRequest, RateLimits, Result};
use http::StatusCode;
use tokio::sync::Notify;

use crate::chaos::Chaos;
use crate::fake::{self, Fake, Reply, Route};
use crate::fault::Fault;
use crate::journal::{self, Entry, Journal, Log};
use crate::latency::Latency;
use crate::operations;
use crate::outgoing::Outgoing;
use crate::quota::Quotas;
use crate::rule::{Effect, Plan, Rule};

/// So many different requests that no service has are told.
pub(crate) const STRAYS: usize = 100;

/// What happens to a request on the wire.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The answer, after a delay; `cut` when it breaks off in the middle.
    Answer { reply: Reply, delay: Duration, cut: bool },
    /// No connection is made.
    Refused,
    /// The connection breaks.
    Reset,
    /// The fake has a defect.
    Panicked(Box<dyn Any + Send>),
}

/// What is known of a request before it is answered.
#[derive(Default)]
struct Fate {
    route: Option<Route>,
    applied: bool,
    delay: Duration,
    fault: Option<Fault>,
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
    journal: Log,
    plan: Plan,
    quotas: Quotas,
    latency: Latency,
    random: fastrand::Rng,
    /// What is being written to, and until when.
    written: HashMap<String, Instant>,
    /// How often what the fake holds was changed by something else than a request.
    changes: u64,
    panics: u64,
    /// What was asked for that the provider has no endpoint for, ever.
    strays: BTreeSet<String>,
}

/// What a backend is set to.
pub(crate) struct Settings {
    pub(crate) requests: u64,
    pub(crate) chaos: Option<f64>,
    pub(crate) latency: Latency,
    pub(crate) quotas_enforced: bool,
}

impl State {
    fn new(fake: &dyn Fake) -> Self {
        Self {
            journal: Log::default(),
            plan: Plan::default(),
            quotas: Quotas::new(fake.quotas()),
            latency: Latency::default(),
            random: fastrand::Rng::with_seed(7),
            written: HashMap::new(),
            changes: 0,
            panics: 0,
            strays: BTreeSet::new(),
        }
    }

    /// As new. Requests and rules go on being counted, so that no number means two of them.
    fn renew(&mut self, fake: &dyn Fake) {
        let (mut journal, strays) = (std::mem::take(&mut self.journal), std::mem::take(&mut self.strays));
        journal.renew();
        *self = Self { journal, plan: self.plan.renewed(), strays, changes: self.changes + 1, ..Self::new(fake) };
    }

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
        let state = Mutex::new(State::new(fake.as_ref()));
        Self(Arc::new(Inner { fake, clock, state, taken: Notify::new() }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn fake(&self) -> &dyn Fake {
        self.0.fake.as_ref()
    }

    fn changed(&self, change: impl FnOnce(&dyn Fake) -> Result<()>) -> Result<()> {
        let changed = change(self.fake());
        self.state().changes += 1;
        changed
    }

    /// Another one whenever the fake may hold something else.
    pub(crate) fn revision(&self) -> (u64, u64) {
        let state = self.state();
        (state.changes, state.journal.last())
    }

    pub(crate) fn settings(&self) -> Settings {
        let state = self.state();
        Settings {
            requests: state.journal.total(),
            chaos: state.plan.chaos_ratio(),
            latency: state.latency,
            quotas_enforced: state.quotas.limit_anything(),
        }
    }

    /// The quotas that the provider enforces, or none.
    pub(crate) fn enforce_quotas(&self, enforced: bool) {
        self.quotas(if enforced { self.fake().quotas() } else { RateLimits::none() });
    }

    /// What was asked for that the provider has no endpoint for: up to 100 different requests, also from before a reset.
    pub(crate) fn strays(&self) -> BTreeSet<String> {
        self.state().strays.clone()
    }

    /// The clock it runs on.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    pub(crate) fn shared_fake(&self) -> Arc<dyn Fake> {
        Arc::clone(&self.0.fake)
    }

    /// What the fake says that a request asks for; nothing where it has no such endpoint.
    pub fn route(&self, request: &HttpRequest) -> Option<Route> {
        self.0.fake.route(request)
    }

    /// Moves the time on at once, past every wait on the way; false where the clock cannot be moved.
    pub fn advance(&self, by: Duration) -> bool {
        self.0.clock.advance(by)
    }

    /// The names of all operations, as faults are scripted for them and the journal tells them.
    pub fn operations(&self) -> Vec<&'static str> {
        self.0.fake.operations()
    }

    /// What is to go wrong with the next request to `operation`: `"rows.update"`, `"rows.*"` for all of a resource, `"*"`
    /// for all there are.
    ///
    /// # Panics
    ///
    /// If the provider has no such operation.
    #[track_caller]
    pub fn on(&self, operation: &str) -> Rule {
        self.try_on(operation).unwrap_or_else(|problem| journal::fail(&problem.to_string()))
    }

    /// The same, for names from elsewhere: an error where the provider has no such operation.
    pub fn try_on(&self, operation: &str) -> Result<Rule> {
        operations::check(&self.operations(), operation)?;
        Ok(Rule::new(self, operation.to_owned(), Effect::default()))
    }

    /// The next requests to `operation` go wrong like this, one after the other. Short for as many rules [`on`](Self::on)
    /// it.
    ///
    /// # Panics
    ///
    /// If the provider has no such operation.
    #[track_caller]
    pub fn script(&self, operation: &str, faults: impl IntoIterator<Item = Fault>) -> &Self {
        if let Err(problem) = operations::check(&self.operations(), operation) {
            journal::fail(&problem.to_string());
        }
        for fault in faults {
            Rule::new(self, operation.to_owned(), fault.into());
        }
        self
    }

    pub(crate) fn plan<T>(&self, change: impl FnOnce(&mut Plan) -> T) -> T {
        change(&mut self.state().plan)
    }

    /// Requests go wrong at random, repeatably: about a fifth of them by `chaos(seed)`, another share by
    /// [`Chaos::ratio`].
    pub fn chaos(&self, chaos: impl Into<Chaos>) -> &Self {
        self.plan(|plan| plan.chaos(chaos.into()));
        self
    }

    /// Nothing goes wrong any more.
    pub fn calm(&self) -> &Self {
        self.plan(Plan::clear);
        self
    }

    /// Answers take this long, always or drawn from a [`Latency`]. Zero at first. A provider that refuses a second write
    /// to the same thing while one is under way does so for as long.
    pub fn latency(&self, latency: impl Into<Latency>) -> &Self {
        self.state().latency = latency.into();
        self
    }

    /// Enforces these quotas instead of the provider's documented ones.
    pub fn quotas(&self, limits: RateLimits) -> &Self {
        self.state().quotas = Quotas::new(limits);
        self
    }

    /// The last requests, and counts of all.
    pub fn journal(&self) -> Journal {
        let known = self.operations();
        self.state().journal.read(known)
    }

    /// The last requests from this [number](Entry::number) on, also of those from before the journal began anew: for who
    /// follows them while they come.
    pub fn requests_since(&self, number: u64) -> Vec<Arc<Entry>> {
        self.state().journal.since(number).cloned().collect()
    }

    /// The journal begins anew.
    pub fn forget_requests(&self) {
        self.state().journal.renew();
    }

    /// How many requests there were to operations like this (`"rows.update"`, `"rows.*"`, `"*"`), all in all.
    ///
    /// # Panics
    ///
    /// If the provider has no such operation.
    #[track_caller]
    pub fn count(&self, operation: &str) -> usize {
        if let Err(problem) = operations::check(&self.operations(), operation) {
            journal::fail(&problem.to_string());
        }
        usize::try_from(self.state().journal.count(operation)).unwrap_or(usize::MAX)
    }

    /// How many requests went wrong on purpose, by the kind of fault.
    pub fn fault_counts(&self) -> BTreeMap<&'static str, u32> {
        self.state().plan.counts()
    }

    /// How many scripted rules have not been used up yet.
    pub fn pending_faults(&self) -> usize {
        self.state().plan.pending()
    }

    /// Back to how it began, at another seed where one is given: what the fake holds, faults, latency, quotas, the journal.
    /// Time goes on.
    pub fn reset(&self, seed: Option<u64>) -> Result<()> {
        self.0.fake.reset(seed, self.0.clock.now_utc())?;
        self.state().renew(self.0.fake.as_ref());
        Ok(())
    }

    /// All that the fake holds, as JSON, to be looked at, or [loaded](Self::load) by another one that was made like it.
    pub fn save(&self) -> Result<String> {
        self.0.fake.save()
    }

    /// The fake holds what was [saved](Self::save), and nothing else. An error leaves it as it is.
    pub fn load(&self, state: &str) -> Result<()> {
        self.changed(|fake| fake.load(state))
    }

    /// The fake holds this besides: the provider's setup as JSON. An error leaves it as it is.
    pub fn add(&self, setup: &str) -> Result<()> {
        self.changed(|fake| fake.add(setup, self.0.clock.now_utc()))
    }

    /// Something happens that the provider tells others of, in its own words as JSON: `{"webhook": 7}` has Smartsheet's
    /// webhook 7 send a callback.
    pub fn trigger(&self, event: &str) -> Result<()> {
        self.changed(|fake| fake.trigger(event, self.0.clock.now_utc()))?;
        self.0.taken.notify_one();
        Ok(())
    }

    /// How many requests the fake answered by a panic: none, unless it has a defect. In this process the panic goes on to
    /// whoever asked, over HTTP they get a 500 that tells it.
    pub fn panics(&self) -> u64 {
        self.state().panics
    }

    /// Takes one request. Sans-IO: the face in front does the waiting and the breaking.
    pub(crate) fn accept(&self, request: HttpRequest) -> Outcome {
        let (now, instant) = (self.0.clock.now_utc(), self.0.clock.now());
        let mut fate = Fate::default();
        // Locks do not stay poisoned here: what comes next is answered by what there is then.
        let answered = catch_unwind(AssertUnwindSafe(|| self.decide(&request, now, instant, &mut fate)));
        let outcome = answered.unwrap_or_else(Outcome::Panicked);
        let status = match &outcome {
            Outcome::Answer { reply, .. } => Some(reply.status()),
            Outcome::Panicked(_) => Some(StatusCode::INTERNAL_SERVER_ERROR),
            Outcome::Refused | Outcome::Reset => None,
        };
        let (head, body) = request.into_parts();
        let entry = Entry {
            number: 0,
            at: now,
            path: head.uri.path().to_owned(),
            query: head.uri.query().map(str::to_owned),
            method: head.method,
            headers: head.headers,
            body,
            operation: fate.route.map(|r| r.operation),
            write: fate.route.is_some_and(|r| r.write),
            applied: fate.applied,
            status,
            delay: fate.delay,
            fault: fate.fault,
        };
        {
            let mut state = self.state();
            state.panics += u64::from(matches!(outcome, Outcome::Panicked(_)));
            if entry.operation.is_none() && state.strays.len() < STRAYS {
                state.strays.insert(format!("{} {}", entry.method, entry.path));
            }
            state.journal.note(entry);
        }
        if self.guarded(Fake::has_outgoing) {
            self.0.taken.notify_one();
        }
        outcome
    }

    fn decide(&self, request: &HttpRequest, now: DateTime<Utc>, instant: Instant, noted: &mut Fate) -> Outcome {
        let fake = &self.0.fake;
        let route = fake.route(request);
        noted.route = route;
        // Nothing that is only read is anybody's alone.
        let alone = route.filter(|it| it.write).and_then(|_| fake.exclusive(request));
        let (effect, delay, admitted, free) = {
            let mut state = self.state();
            let state = &mut *state;
            let effect = state.plan.next(route, request, || fake.not_ready().is_some());
            let latency = state.latency.draw(&mut state.random);
            let delay = latency + effect.as_ref().map_or(Duration::ZERO, |effect| effect.delay);
            let refused = effect.as_ref().is_some_and(|effect| effect.fault() == Fault::Refused);
            let admitted = refused || state.quotas.admit(route, instant, delay);
            let runs = effect.as_ref().is_none_or(Effect::carries_out);
            let free = state.take(alone.filter(|_| admitted && runs), instant, delay);
            (effect, delay, admitted, free)
        };
        let fault = effect.as_ref().map(Effect::fault);
        (noted.delay, noted.fault) = (delay, fault);
        let applies = admitted && free && effect.as_ref().is_none_or(Effect::carries_out);
        let own = applies.then(|| fake.handle(request, now));
        noted.applied = applies;
        let mut reply = match (fault, own) {
            (Some(Fault::Throttle(after)), _) => fake.throttled(after),
            _ if !admitted => fake.throttled(None),
            _ if !free => fake.busy(),
            (Some(Fault::QuotaExhausted), _) => fake.exhausted(),
            (Some(Fault::Status(status)), _) => {
                fake.failure(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
            }
            (Some(Fault::HtmlPage(status)), _) => {
                fake::html(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY))
            }
            (Some(Fault::NotReady), _) => fake.not_ready().unwrap_or_else(|| fake::empty(StatusCode::ACCEPTED)),
            (_, Some(own)) => own,
            (_, None) => fake::empty(StatusCode::OK),
        };
        if let Some(effect) = effect {
            effect.alter(&mut reply);
        }
        match fault {
            Some(Fault::Refused) => Outcome::Refused,
            Some(Fault::ResetBefore | Fault::ResetAfter) => Outcome::Reset,
            // There is no middle of nothing.
            Some(Fault::Truncated) if reply.body().is_empty() => Outcome::Reset,
            Some(Fault::Truncated) => Outcome::Answer { reply, delay, cut: true },
            Some(Fault::Oversized(mebibytes)) => Outcome::Answer { reply: padded(reply, mebibytes), delay, cut: false },
            _ => Outcome::Answer { reply, delay, cut: false },
        }
    }

    /// What may find a defect of the fake where nobody waits for an answer.
    fn guarded<T: Default>(&self, ask: impl FnOnce(&dyn Fake) -> T) -> T {
        catch_unwind(AssertUnwindSafe(|| ask(self.0.fake.as_ref()))).unwrap_or_else(|_| {
            self.state().panics += 1;
            T::default()
        })
    }

    /// What the fake wants to be sent, and answered, before it takes this request.
    pub(crate) fn before(&self, request: &HttpRequest) -> Vec<Outgoing> {
        self.guarded(|fake| fake.before(request, self.0.clock.now_utc()))
    }

    /// What the fake wants to be sent by now.
    pub(crate) fn outgoing(&self) -> Vec<Outgoing> {
        let outgoing = self.guarded(|fake| fake.outgoing(self.0.clock.now_utc()));
        self.state().changes += u64::from(!outgoing.is_empty());
        outgoing
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
        self.guarded(|fake| fake.answered(id, answer, self.0.clock.now_utc()));
        self.state().changes += 1;
    }
}

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("Backend")
            .field("provider", &self.0.fake.provider())
            .field("requests", &state.journal.total())
            .finish_non_exhaustive()
    }
}

fn padded(reply: Reply, mebibytes: u8) -> Reply {
    reply.map(|body| {
        let mut body = body.to_vec();
        body.resize(body.len().max(usize::from(mebibytes) << 20), b' ');
        Bytes::from(body)
    })
}
