//! Faults, as they are written in JSON.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::problem::Problem;
use crate::backend::Backend;
use crate::fault::Fault;
use crate::operations;
use crate::rule::{Effect, Pending, Plan, Rule};

/// So many rules are remembered with what came of them.
const REMEMBERED: usize = 1000;

/// The longest wait that can be asked for.
const LONGEST_MS: u64 = 3_600_000;

/// The rules that were posted, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Posted(VecDeque<(Rule, String)>);

/// A rule, and how it goes.
#[derive(Debug, Serialize)]
pub(super) struct Told {
    id: u64,
    operation: String,
    /// How many requests it is still for; without an end where there is none.
    left: Option<u32>,
    hits: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<&'static str>,
}

impl Posted {
    /// Puts a rule into force.
    pub(super) fn add(&mut self, backend: &Backend, form: Form) -> Result<Told, Problem> {
        operations::check(&backend.operations(), &form.operation)?;
        let not_ready = form.not_ready && backend.fake().not_ready().is_none();
        if not_ready {
            return Err(Problem::field("not_ready", format!("{} has no such answer", backend.fake().provider())));
        }
        let (operation, times, after) = (form.operation.clone(), form.times()?, form.after);
        let effect = form.effect()?;
        let fault = effect.fault().name();
        let rule = Rule::planned(backend, operation.clone(), effect, after, times);
        let told = Told { id: rule.id(), operation: operation.clone(), left: times, hits: 0, fault: Some(fault) };
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back((rule, operation));
        Ok(told)
    }

    /// The rules that are in force, however they came to be, and those that were posted and are used up.
    pub(super) fn list(&self, backend: &Backend) -> Vec<Told> {
        let pending = backend.plan(|plan| plan.list());
        let used_up = self.0.iter().filter(|(rule, _)| pending.iter().all(|pending| pending.id != rule.id()));
        let told =
            |Pending { id, operation, left, hits, fault }| Told { id, operation, left, hits, fault: Some(fault) };
        let mut all: Vec<_> = used_up
            .map(|(rule, operation)| Told {
                id: rule.id(),
                operation: operation.clone(),
                left: Some(0),
                hits: rule.hits(),
                fault: None,
            })
            .collect();
        all.extend(pending.iter().cloned().map(told));
        all.sort_by_key(|rule| rule.id);
        all
    }

    pub(super) fn find(&self, backend: &Backend, id: u64) -> Result<Told, Problem> {
        let missing = || Problem::not_found(format!("there is no rule {id}, or it was used up long ago"));
        self.list(backend).into_iter().find(|rule| rule.id == id).ok_or_else(missing)
    }

    /// Ends a rule; tells how it went.
    pub(super) fn remove(&mut self, backend: &Backend, id: u64) -> Result<Told, Problem> {
        let mut told = self.find(backend, id)?;
        backend.plan(|plan| plan.remove(id));
        self.0.retain(|(rule, _)| rule.id() != id);
        told.left = Some(0);
        Ok(told)
    }

    /// Ends all rules.
    pub(super) fn clear(&mut self, backend: &Backend) {
        self.0.clear();
        backend.plan(Plan::clear_rules);
    }
}

/// A rule, as it is posted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "as it is written in JSON, where one of them is named")]
pub(super) struct Form {
    operation: String,
    times: Option<u32>,
    #[serde(default)]
    always: bool,
    #[serde(default)]
    after: u32,
    status: Option<u16>,
    html: Option<u16>,
    #[serde(default)]
    throttle: bool,
    #[serde(default)]
    quota_exhausted: bool,
    #[serde(default)]
    not_ready: bool,
    #[serde(default)]
    refuse: bool,
    #[serde(default)]
    reset_before: bool,
    #[serde(default)]
    reset_after: bool,
    #[serde(default)]
    truncate: bool,
    oversized_mib: Option<u8>,
    slow_ms: Option<u64>,
    retry_after_ms: Option<u64>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    content_type: Option<String>,
    json: Option<Box<RawValue>>,
    text: Option<String>,
    #[serde(default)]
    carried_out: bool,
}

impl Form {
    fn times(&self) -> Result<Option<u32>, Problem> {
        match (self.times, self.always) {
            (Some(_), true) => Err(Problem::field("always", "is for every request: leave out times")),
            (Some(0), _) => Err(Problem::field("times", "is at least 1")),
            (None, true) => Ok(None),
            (times, false) => Ok(Some(times.unwrap_or(1))),
        }
    }

    fn fault(&self) -> Result<Option<Fault>, Problem> {
        let when = |named: bool, fault: Fault| named.then_some(fault);
        let named = [
            ("status", self.status.map(Fault::Status)),
            ("html", self.html.map(Fault::HtmlPage)),
            ("throttle", when(self.throttle, Fault::Throttle(None))),
            ("quota_exhausted", when(self.quota_exhausted, Fault::QuotaExhausted)),
            ("not_ready", when(self.not_ready, Fault::NotReady)),
            ("refuse", when(self.refuse, Fault::Refused)),
            ("reset_before", when(self.reset_before, Fault::ResetBefore)),
            ("reset_after", when(self.reset_after, Fault::ResetAfter)),
            ("truncate", when(self.truncate, Fault::Truncated)),
            ("oversized_mib", self.oversized_mib.map(Fault::Oversized)),
        ];
        let mut named = named.into_iter().filter_map(|(name, fault)| Some((name, fault?)));
        let first = named.next();
        if let (Some((one, _)), Some((other, _))) = (first, named.next()) {
            return Err(Problem::field(other, format!("cannot be together with {one}; post two rules instead")));
        }
        if let Some((name, Fault::Status(status) | Fault::HtmlPage(status))) = first
            && !(200..=599).contains(&status)
        {
            return Err(Problem::field(name, "is a status from 200 to 599"));
        }
        Ok(first.map(|(_, fault)| fault))
    }

    fn headers(&self) -> Result<HeaderMap, Problem> {
        let mut headers = HeaderMap::new();
        let kind = self.content_type.as_deref().or(self.json.as_ref().map(|_| "application/json"));
        let kind = kind.map(|kind| (CONTENT_TYPE.as_str(), kind));
        let others = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in kind.into_iter().chain(others) {
            let wrong = || Problem::field(format!("headers.{name}"), "is no header");
            let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) else {
                return Err(wrong());
            };
            headers.insert(name, value);
        }
        if let Some(wait) = self.retry_after_ms {
            headers.insert(RETRY_AFTER, wait.div_ceil(1000).max(1).into());
        }
        Ok(headers)
    }

    fn effect(self) -> Result<Effect, Problem> {
        if self.json.is_some() && self.text.is_some() {
            return Err(Problem::field("text", "cannot be together with json"));
        }
        for (name, wait) in [("slow_ms", self.slow_ms), ("retry_after_ms", self.retry_after_ms)] {
            if wait.is_some_and(|wait| wait > LONGEST_MS) {
                return Err(Problem::field(name, "is an hour (3600000) at most"));
            }
        }
        let body = self.json.as_ref().map(|json| json.get().to_owned()).or(self.text.clone());
        let effect = Effect {
            fault: self.fault()?,
            delay: Duration::from_millis(self.slow_ms.unwrap_or_default()),
            carried_out: self.carried_out,
            headers: self.headers()?,
            body: body.map(Bytes::from),
        };
        let nothing = || {
            let error =
                "nothing goes wrong by this: name a status, a throttle, a reset_after, a slow_ms or another fault";
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, error)
        };
        effect.is_something().then_some(effect).ok_or_else(nothing)
    }
}
