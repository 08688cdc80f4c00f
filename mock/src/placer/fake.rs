//! The state machine behind both contracts.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, Utc};
use connectors_core::{HttpRequest, RateLimits, Result as Checked};
use connectors_placer::{GatewayDates, quota_renewal};
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::computing::{Computing, Reports};
use super::oddity::{Oddity, Quirk};
use super::operations::{self, Operation};
use super::place::FakeVenue;
use super::refusal::{Refusal, bare};
use super::request;
use super::setup::PlacerSetup;
use super::venues::CHAIN;
use super::{answer, custom_pois, gateway, pois, tags};
use crate::fake::{self, Fake, Reply, Route};
use crate::operations::Parameters;
use crate::snapshot;

/// How the native contract writes its reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Dialect {
    /// As seen in the wild: `{data: [{apiId, visits}]}`, single reports in a list of one, a gateway's hours as `12:00`.
    #[default]
    Observed,
    /// As documented: `{items: [{apiId, data: {visits}}]}`, a gateway's hours as `12:00 PM`.
    Documented,
}

/// What the fake is like; see [`MockPlacerBuilder`](crate::MockPlacerBuilder).
#[derive(Debug, Clone)]
pub(super) struct Config {
    pub(super) dialect: Dialect,
    pub(super) computing: Computing,
    pub(super) custom_poi_polls: u32,
    pub(super) lag_days: u64,
    pub(super) poi_quota: Option<usize>,
    pub(super) call_quota: Option<u64>,
    pub(super) strict: bool,
    pub(super) refuses_whole: bool,
    pub(super) quirks: Vec<Quirk>,
    pub(super) gateway_dates: GatewayDates,
}

/// Placer.ai's state machine: native reports below `/v1`, and the gateway contract below `/venues`, over the same
/// places. It has the documented quotas.
#[derive(Debug)]
pub struct FakePlacer {
    pub(super) config: Config,
    state: Mutex<State>,
    /// How it began.
    seed: u64,
    initial: Vec<PlacerSetup>,
}

/// A request to the native contract, taken apart.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) operation: &'static Operation,
    parameters: Parameters,
    pub(super) request: &'a HttpRequest,
    pub(super) now: DateTime<Utc>,
    /// The request's id, for the answer.
    pub(super) id: &'a str,
}

impl Asked<'_> {
    /// A parameter of the path.
    pub(super) fn parameter(&self, name: &str) -> &str {
        self.parameters.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// What a module answers to an operation that it does not know.
    pub(super) fn unknown(&self) -> Refusal {
        Refusal::bad_request(format!("the fake has no {}", self.operation.name))
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) seed: u64,
    pub(super) venues: Vec<Arc<FakeVenue>>,
    pub(super) custom_pois: custom_pois::Store,
    pub(super) tags: tags::Store,
    reports: Reports,
    week: Week,
    oddities: BTreeMap<String, VecDeque<Oddity>>,
    requests: u64,
}

impl State {
    fn begin(seed: u64, initial: &[PlacerSetup]) -> Checked<Self> {
        let mut state = Self { seed, venues: FakeVenue::seeds().map(Arc::new).collect(), ..Self::default() };
        initial.iter().try_for_each(|setup| setup.apply(&mut state))?;
        Ok(state)
    }

    /// Whether it is a place or a chain.
    pub(super) fn is_entity(&self, id: &str) -> bool {
        id == CHAIN || self.venues.iter().any(|venue| venue.id == id)
    }
}

/// What was used since Sunday.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Week {
    /// When the next one begins.
    ends: DateTime<Utc>,
    usage: BTreeMap<String, u64>,
    queried: BTreeSet<String>,
}

impl Week {
    /// Paths with ids are many: beyond so many endpoints, they are counted together.
    fn count(&mut self, endpoint: String) {
        let is_told = self.usage.len() < 1000 || self.usage.contains_key(&endpoint);
        *self.usage.entry(if is_told { endpoint } else { "others".to_owned() }).or_default() += 1;
    }

    /// The calls that count.
    fn calls(&self) -> u64 {
        self.usage.values().sum()
    }
}

/// The first year with data: the earliest that the provider's rankings know.
pub(super) const FIRST_YEAR: i32 = 2018;

impl FakePlacer {
    /// The key that is accepted: in `x-api-key`, and as a bearer token.
    pub const KEY: &'static str = "mock-key";

    pub(super) fn new(config: Config, seed: u64, initial: Vec<PlacerSetup>) -> Checked<Self> {
        let state = Mutex::new(State::begin(seed, &initial)?);
        Ok(Self { config, state, seed, initial })
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next requests to this operation of the native contract, such as `reports.visits.trends`, are answered oddly.
    pub fn oddities(&self, operation: &str, oddities: impl IntoIterator<Item = Oddity>) {
        self.state().oddities.entry(operation.to_owned()).or_default().extend(oddities);
    }

    /// The calls that counted against the weekly quota, in the week of the latest request.
    pub fn used_quota(&self) -> u64 {
        self.state().week.calls()
    }

    /// The distinct places that reports were asked for, in the week of the latest request.
    pub fn queried_places(&self) -> usize {
        self.state().week.queried.len()
    }

    /// The visits of a place on a day, as all reports tell them without filters; `None` for an unknown place.
    pub fn visits(&self, venue: &str, date: NaiveDate) -> Option<u64> {
        self.venue(venue).map(|place| place.curve(self.seed()).visits(date, 1.0))
    }

    /// What its data depends on, now.
    pub(super) fn seed(&self) -> u64 {
        self.state().seed
    }

    pub(super) fn venue(&self, id: &str) -> Option<Arc<FakeVenue>> {
        self.state().venues.iter().find(|venue| venue.id == id).cloned()
    }

    /// All places, as they are now.
    pub(super) fn venues(&self) -> Vec<Arc<FakeVenue>> {
        self.state().venues.clone()
    }

    pub(super) fn latest(&self, now: DateTime<Utc>) -> NaiveDate {
        now.date_naive().checked_sub_days(Days::new(self.config.lag_days)).unwrap_or(NaiveDate::MIN)
    }

    fn request_id(&self) -> String {
        let mut state = self.state();
        state.requests += 1;
        format!("mock-{:08x}:{:08x}", state.seed, state.requests)
    }

    fn native(&self, request: &HttpRequest, now: DateTime<Utc>) -> Reply {
        if request.headers().get("x-api-key").is_none_or(|key| key != Self::KEY) {
            return bare(StatusCode::FORBIDDEN, "Forbidden");
        }
        let id = self.request_id();
        let used_up = self.begin(now);
        let Ok((operation, parameters)) = operations::find(request) else {
            return Refusal::bad_request("no such endpoint, verify the URL").reply(&id);
        };
        let asked = Asked { operation, parameters, request, now, id: &id };
        let mut query = pois::pairs(request).into_iter().filter(|_| self.config.strict);
        let unknown = query.find(|(name, _)| !operation.query.contains(&name.as_str()));
        let answer = match operation.resource() {
            // How much is used up can be asked for all the same.
            resource if used_up && resource != "account" => Err(Refusal::used_up()),
            _ if unknown.is_some() => Err(Refusal::bad_request("unknown query parameter")),
            _ if operation.is_report() => self.report(&asked),
            "pois" => pois::handle(self, &asked),
            "custom_pois" => custom_pois::handle(self, &asked),
            "tags" => tags::handle(self, &asked),
            _ => Ok(self.usage_status()),
        };
        let reply = answer.unwrap_or_else(|refusal| refusal.reply(&id));
        if ![202, 429, 500].contains(&reply.status().as_u16()) {
            let endpoint = format!("{} {}", request.method(), request.uri().path());
            self.state().week.count(endpoint);
        }
        Quirk::apply(&self.config.quirks, reply)
    }

    /// Quotas are renewed on Sunday, 00:00 UTC; tells whether the week's calls are used up.
    fn begin(&self, now: DateTime<Utc>) -> bool {
        let week = &mut self.state().week;
        let ends = quota_renewal(now);
        if week.ends != ends {
            *week = Week { ends, ..Week::default() };
        }
        self.config.call_quota.is_some_and(|quota| week.calls() >= quota)
    }

    fn report(&self, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let (request, id) = (asked.request, asked.id);
        let question = request::read(asked.operation, request, self.config.strict, self.latest(asked.now))?;
        let oddity = self.state().oddities.get_mut(asked.operation.name).and_then(VecDeque::pop_front);
        if let Some(reply) = oddity.and_then(|oddity| oddity.reply(id)) {
            return Ok(reply);
        }
        self.admit(&question.ids)?;
        let ready = || {
            let (name, reports) = (question.operation.name, &mut self.state().reports);
            reports.make_room();
            reports.is_ready(self.config.computing, name, request.body(), asked.now)
        };
        if oddity == Some(Oddity::Pending) || oddity.is_none() && !ready() {
            return Ok(answer::in_progress(&question, id));
        }
        answer::report(self, &question, oddity, id)
    }

    /// The weekly number of distinct places.
    fn admit(&self, ids: &[String]) -> Result<(), Refusal> {
        let mut state = self.state();
        let known = ids.iter().filter(|id| state.venues.iter().any(|venue| venue.id == **id));
        let new: Vec<_> = known.filter(|id| !state.week.queried.contains(*id)).cloned().collect();
        if self.config.poi_quota.is_some_and(|quota| state.week.queried.len() + new.len() > quota) {
            return Err(Refusal::quota());
        }
        state.week.queried.extend(new);
        Ok(())
    }

    fn usage_status(&self) -> Reply {
        let week = &self.state().week;
        let endpoints: Vec<_> =
            week.usage.iter().map(|(endpoint, calls)| json!({"endpoint": endpoint, "numOfCalls": calls})).collect();
        fake::json(
            StatusCode::OK,
            &json!({"usedQuota": week.calls(), "queriedPOIs": week.queried.len(), "weeklyUsageByEndpoint": endpoints}),
        )
    }
}

impl Fake for FakePlacer {
    fn provider(&self) -> &'static str {
        "placer"
    }

    fn operations(&self) -> Vec<&'static str> {
        operations::names().chain(gateway::OPERATIONS).collect()
    }

    fn environment(&self, base: &str) -> Vec<(&'static str, String)> {
        vec![("PLACER_API_URL", base.to_owned()), ("PLACER_API_KEY", Self::KEY.to_owned())]
    }

    fn holds(&self) -> Vec<(&'static str, usize)> {
        let state = self.state();
        vec![("places", state.venues.len()), ("places asked for this week", state.week.queried.len())]
    }

    fn route(&self, request: &HttpRequest) -> Option<Route> {
        operations::operation(request).map(Operation::route).or_else(|| gateway::route(request))
    }

    fn handle(&self, request: &HttpRequest, now: DateTime<Utc>) -> Reply {
        let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
        if accepts.is_some_and(|types| !types.contains("json") && !types.contains("*/*")) {
            return bare(StatusCode::NOT_ACCEPTABLE, "only application/json is served");
        }
        if request.uri().path().starts_with("/v1/") {
            self.native(request, now)
        } else {
            gateway::handle(self, request, now)
        }
    }

    fn credentials(&self) -> http::HeaderMap {
        fake::headers([("x-api-key", Self::KEY.to_owned()), ("authorization", format!("Bearer {}", Self::KEY))])
    }

    fn throttled(&self, retry_after: Option<Duration>) -> Reply {
        fake::with_retry_after(Refusal::throttled().reply("mock-throttled:0"), retry_after)
    }

    fn exhausted(&self) -> Reply {
        Refusal::quota().reply("mock-exhausted:0")
    }

    fn failure(&self, status: StatusCode) -> Reply {
        match status {
            StatusCode::INTERNAL_SERVER_ERROR => {
                fake::json(status, &json!({"code": 5000, "details": "GENERAL_ERROR", "message": "general error"}))
            }
            StatusCode::GATEWAY_TIMEOUT => bare(status, "Endpoint request timed out"),
            _ => bare(status, "Internal server error"),
        }
    }

    fn not_ready(&self) -> Option<Reply> {
        Some(Refusal::in_progress().reply("mock-pending:0"))
    }

    fn quotas(&self) -> RateLimits {
        let (minute, hour) = (Duration::from_secs(60), Duration::from_secs(3600));
        RateLimits::none()
            .window("*", 10, Duration::from_secs(1))
            .window("reports", 5000, hour)
            .window("pois", 360, minute)
            .window("pois", 10_000, hour)
            .window("ranking", 8000, minute)
            .window("ranking", 80_000, hour)
    }

    fn reset(&self, seed: Option<u64>, _now: DateTime<Utc>) -> Checked<()> {
        *self.state() = State::begin(seed.unwrap_or(self.seed), &self.initial)?;
        Ok(())
    }

    fn save(&self) -> Checked<String> {
        snapshot::write(self.provider(), &*self.state())
    }

    fn load(&self, state: &str) -> Checked<()> {
        *self.state() = snapshot::read(self.provider(), state)?;
        Ok(())
    }

    fn add(&self, setup: &str, _now: DateTime<Utc>) -> Checked<()> {
        let setup: PlacerSetup = snapshot::parse(setup)?;
        snapshot::amend(&mut *self.state(), |with| setup.apply(with))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_without_naming_any_number_of_paths() {
        let mut week = Week::default();
        for _ in 0..2 {
            (0..1500).for_each(|id| week.count(format!("GET /v1/poi/{id}")));
        }
        assert_eq!((week.calls(), week.usage.len()), (3000, 1001));
        assert_eq!((week.usage.get("GET /v1/poi/7"), week.usage.get("others")), (Some(&2), Some(&1000)));
    }
}
