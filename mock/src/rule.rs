//! Faults, as a test writes them down.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use connectors_core::HttpRequest;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;

use crate::backend::Backend;
use crate::chaos::{self, Chaos};
use crate::fake::{Reply, Route};
use crate::fault::Fault;
use crate::operations;

type Condition = Arc<dyn Fn(&HttpRequest) -> bool + Send + Sync>;

/// What a rule does to a request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Effect {
    pub(crate) fault: Option<Fault>,
    pub(crate) delay: Duration,
    pub(crate) carried_out: bool,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
}

impl Effect {
    pub(crate) fn is_something(&self) -> bool {
        self.alters() || self.fault.is_some() || !self.delay.is_zero()
    }

    fn alters(&self) -> bool {
        !self.headers.is_empty() || self.body.is_some()
    }

    /// What it is called in the journal.
    pub(crate) fn fault(&self) -> Fault {
        match self.fault {
            Some(fault) => fault,
            None if self.alters() => Fault::Altered,
            None => Fault::Slow(self.delay),
        }
    }

    /// Whether the fake gets to see the request.
    pub(crate) fn carries_out(&self) -> bool {
        self.carried_out || self.fault().carries_out()
    }

    pub(crate) fn alter(&self, reply: &mut Reply) {
        if let Some(body) = &self.body {
            *reply.body_mut() = body.clone();
        }
        for (name, value) in &self.headers {
            reply.headers_mut().insert(name, value.clone());
        }
    }
}

impl From<Fault> for Effect {
    fn from(fault: Fault) -> Self {
        let delay = if let Fault::Slow(delay) = fault { delay } else { Duration::ZERO };
        Self { fault: Some(fault), delay, ..Self::default() }
    }
}

/// One rule, with what is left of it.
struct Planned {
    id: u64,
    operation: String,
    when: Option<Condition>,
    /// Requests to be let through first.
    skip: u32,
    /// Requests it is for; without an end where there is none.
    times: Option<u32>,
    effect: Effect,
    hits: Arc<AtomicU64>,
}

impl Planned {
    fn matches(&self, operation: Option<&str>, request: &HttpRequest) -> bool {
        let named = match operation {
            Some(name) => operations::is_like(name, &self.operation),
            None => self.operation == "*",
        };
        named
            && self.times != Some(0)
            && self.effect.is_something()
            && self.when.as_ref().is_none_or(|when| when(request))
    }
}

/// A rule that is not used up.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    pub(crate) id: u64,
    pub(crate) operation: String,
    pub(crate) left: Option<u32>,
    pub(crate) hits: u64,
    pub(crate) fault: &'static str,
}

/// Which requests go wrong, and how.
#[derive(Default)]
pub(crate) struct Plan {
    rules: Vec<Planned>,
    last_id: u64,
    chaos: Option<chaos::Running>,
    counts: BTreeMap<Fault, u32>,
}

impl Plan {
    fn add(&mut self, operation: String, effect: Effect, skip: u32, times: Option<u32>) -> (u64, Arc<AtomicU64>) {
        self.last_id += 1;
        let (id, hits) = (self.last_id, Arc::default());
        let shared = Arc::clone(&hits);
        self.rules.push(Planned { id, operation, when: None, skip, times, effect, hits: shared });
        (id, hits)
    }

    /// Without rules and chaos; no later rule has the id of one of these.
    pub(crate) fn renewed(&self) -> Self {
        Self { last_id: self.last_id, ..Self::default() }
    }

    pub(crate) fn chaos_ratio(&self) -> Option<f64> {
        self.chaos.as_ref().map(chaos::Running::ratio)
    }

    pub(crate) fn end_chaos(&mut self) {
        self.chaos = None;
    }

    pub(crate) fn clear_rules(&mut self) {
        self.rules.clear();
    }

    pub(crate) fn remove(&mut self, id: u64) {
        self.rules.retain(|rule| rule.id != id);
    }

    pub(crate) fn list(&self) -> Vec<Pending> {
        let told = |rule: &Planned| Pending {
            id: rule.id,
            operation: rule.operation.clone(),
            left: rule.times,
            hits: rule.hits.load(Ordering::Relaxed),
            fault: rule.effect.fault().name(),
        };
        self.rules.iter().filter(|rule| rule.effect.is_something()).map(told).collect()
    }

    pub(crate) fn chaos(&mut self, chaos: Chaos) {
        self.chaos = Some(chaos::Running::new(chaos));
    }

    pub(crate) fn clear(&mut self) {
        self.clear_rules();
        self.end_chaos();
    }

    /// The fate of a request to `route`. `ready` says whether the provider has an answer for what is not ready.
    pub(crate) fn next(
        &mut self,
        route: Option<Route>,
        request: &HttpRequest,
        ready: impl FnOnce() -> bool,
    ) -> Option<Effect> {
        let scripted = self.scripted(route.map(|r| r.operation), request, ready);
        let chaotic = || self.chaos.as_mut()?.next(route.is_some_and(|r| r.write)).map(Effect::from);
        let effect = scripted.or_else(chaotic)?;
        *self.counts.entry(effect.fault()).or_default() += 1;
        Some(effect)
    }

    fn scripted(
        &mut self,
        operation: Option<&str>,
        request: &HttpRequest,
        ready: impl FnOnce() -> bool,
    ) -> Option<Effect> {
        let at = {
            let mut matching = self.rules.iter_mut().enumerate().filter(|(_, rule)| rule.matches(operation, request));
            matching.find_map(|(at, rule)| {
                let lets_through = rule.skip > 0;
                rule.skip = rule.skip.saturating_sub(1);
                (!lets_through).then_some(at)
            })?
        };
        let rule = self.rules.get_mut(at)?;
        let possible = rule.effect.fault != Some(Fault::NotReady) || ready();
        rule.hits.fetch_add(u64::from(possible), Ordering::Relaxed);
        rule.times = rule.times.map(|times| times.saturating_sub(1));
        let effect = rule.effect.clone();
        if rule.times == Some(0) {
            self.rules.remove(at);
        }
        possible.then_some(effect)
    }

    pub(crate) fn counts(&self) -> BTreeMap<&'static str, u32> {
        let mut named = BTreeMap::new();
        for (fault, count) in &self.counts {
            *named.entry(fault.name()).or_default() += count;
        }
        named
    }

    /// How many rules are still to come.
    pub(crate) fn pending(&self) -> usize {
        self.rules.iter().filter(|rule| rule.effect.is_something() && rule.times != Some(0)).count()
    }
}

/// What goes wrong with the next request to an operation, from [`Backend::on`]. Each method changes the rule, which is in
/// force as soon as it says what goes wrong. Of several rules for an operation, the oldest that is not used up applies.
///
/// What replaces the answer (a status, a page, a throttle) comes without the request being carried out, unless
/// [`carried_out`](Self::carried_out) says so. A [`header`](Self::header) or body alone changes the real answer.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// use std::time::Duration;
/// use connectors_mock::MockQrTiger;
/// use connectors_qrtiger::{ListQrCodes, QrTigerService};
///
/// let mock = MockQrTiger::new();
/// let outage = mock.backend().on("campaigns.list").times(2).status(503).retry_after(Duration::from_secs(1));
/// let page = mock.backend().on("campaigns.*").content_type("text/html").text("<h1>Please log in</h1>");
///
/// mock.list_qr_codes(ListQrCodes::new()).await?;
/// assert_eq!((outage.hits(), page.hits()), (2, 1));
/// mock.backend().journal().assert_count("campaigns.list", 4);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Rule {
    backend: Backend,
    id: u64,
    hits: Arc<AtomicU64>,
}

impl Rule {
    pub(crate) fn new(backend: &Backend, operation: String, effect: Effect) -> Self {
        Self::planned(backend, operation, effect, 0, Some(1))
    }

    pub(crate) fn planned(backend: &Backend, operation: String, effect: Effect, skip: u32, times: Option<u32>) -> Self {
        let (id, hits) = backend.plan(|plan| plan.add(operation, effect, skip, times));
        Self { backend: backend.clone(), id, hits }
    }

    fn change(self, change: impl FnOnce(&mut Planned)) -> Self {
        self.backend.plan(|plan| {
            if let Some(rule) = plan.rules.iter_mut().find(|rule| rule.id == self.id) {
                change(rule);
            }
        });
        self
    }

    fn fault(self, fault: Fault) -> Self {
        self.change(|rule| rule.effect.fault = Some(fault))
    }

    /// For so many requests; one unless set.
    pub fn times(self, times: u32) -> Self {
        self.change(|rule| rule.times = Some(times))
    }

    /// For every request from now on, until it is [removed](Self::remove).
    pub fn always(self) -> Self {
        self.change(|rule| rule.times = None)
    }

    /// Once so many requests went well.
    pub fn after(self, requests: u32) -> Self {
        self.change(|rule| rule.skip = requests)
    }

    /// For requests alone of which this is true. It is asked while the backend is locked, which it must not use.
    pub fn when(self, condition: impl Fn(&HttpRequest) -> bool + Send + Sync + 'static) -> Self {
        self.change(|rule| rule.when = Some(Arc::new(condition)))
    }

    /// Answered by this status, in the provider's own words.
    pub fn status(self, status: u16) -> Self {
        self.fault(Fault::Status(status))
    }

    /// Answered by a gateway's HTML page with this status.
    pub fn html(self, status: u16) -> Self {
        self.fault(Fault::HtmlPage(status))
    }

    /// Refused as one too many.
    pub fn throttle(self) -> Self {
        self.fault(Fault::Throttle(None))
    }

    /// Refused because the quota of the account is used up.
    pub fn quota_exhausted(self) -> Self {
        self.fault(Fault::QuotaExhausted)
    }

    /// Answered by the provider's "ask again later"; does nothing where it has none.
    pub fn not_ready(self) -> Self {
        self.fault(Fault::NotReady)
    }

    /// The connection is refused; nothing is sent.
    pub fn refuse(self) -> Self {
        self.fault(Fault::Refused)
    }

    /// The connection breaks before the request is carried out.
    pub fn reset_before(self) -> Self {
        self.fault(Fault::ResetBefore)
    }

    /// The request is carried out, then the connection breaks.
    pub fn reset_after(self) -> Self {
        self.fault(Fault::ResetAfter)
    }

    /// The request is carried out, and the answer breaks off in the middle.
    pub fn truncate(self) -> Self {
        self.fault(Fault::Truncated)
    }

    /// The answer is filled up with spaces to this many MiB.
    pub fn oversized(self, mebibytes: u8) -> Self {
        self.fault(Fault::Oversized(mebibytes))
    }

    /// The answer, whichever it is, comes this much later.
    pub fn slow(self, delay: Duration) -> Self {
        self.change(|rule| rule.effect.delay = delay)
    }

    /// The answer asks for this wait, in whole seconds.
    pub fn retry_after(self, wait: Duration) -> Self {
        self.change(|rule| drop(rule.effect.headers.insert(RETRY_AFTER, wait.as_secs().max(1).into())))
    }

    /// The answer has this header, in place of its own. What is no header is left out.
    pub fn header(self, name: &str, value: &str) -> Self {
        self.change(|rule| {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
                rule.effect.headers.insert(name, value);
            }
        })
    }

    /// The answer says that its body is of this kind.
    pub fn content_type(self, kind: &str) -> Self {
        self.header(CONTENT_TYPE.as_str(), kind)
    }

    /// The answer has this body.
    pub fn text(self, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        self.change(|rule| rule.effect.body = Some(body))
    }

    /// The answer has this body, and says that it is JSON.
    pub fn json(self, body: &impl Serialize) -> Self {
        let body = serde_json::to_vec(body).unwrap_or_default();
        self.content_type("application/json").text(body)
    }

    /// The request is carried out all the same; its own answer is lost.
    pub fn carried_out(self) -> Self {
        self.change(|rule| rule.effect.carried_out = true)
    }

    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    /// How many requests it applied to.
    pub fn hits(&self) -> u64 {
        self.hits.load(Ordering::Relaxed)
    }

    /// Ends it.
    pub fn remove(&self) {
        self.backend.plan(|plan| plan.remove(self.id));
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule").field("id", &self.id).field("hits", &self.hits()).finish_non_exhaustive()
    }
}
