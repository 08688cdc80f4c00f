//! What is there below `/__mock`.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use connectors_core::Result as Outcome;
use http::request::Parts;
use http::{HeaderValue, Method, Request, StatusCode, header};
use hyper::body::Incoming;
use serde::{Deserialize, Serialize};

use super::problem::Problem;
use super::service::{Service, Summary};
use super::{Control, Entrance, faults, lock, page, received};
use crate::chaos::Chaos;
use crate::fake::{self, Reply};
use crate::journal::Entry;
use crate::latency::Latency;
use crate::operations;

type Answer = Result<Reply, Problem>;

/// The largest body.
const BODY: usize = 1 << 20;

/// The largest state or setup.
const STATE: usize = 256 << 20;

/// So many requests are told at once, and at most.
const REQUESTS: usize = 100;
const MOST_REQUESTS: usize = 1000;

/// The furthest that time can be moved on at once: a hundred years.
const FURTHEST_MS: u64 = 100 * 365 * 24 * 60 * 60 * 1000;

/// One request, taken apart.
struct Asked<'a> {
    control: &'a Control,
    head: &'a Parts,
    /// What this machine is called by whoever asks.
    host: &'a str,
    body: Bytes,
}

pub(super) async fn answer(entrance: &Entrance, request: Request<Incoming>) -> Answer {
    let (head, body) = request.into_parts();
    let host = received::host(&head, entrance.address)?;
    let path = head.uri.path().strip_prefix("/__mock").unwrap_or_default().trim_matches('/').to_owned();
    let path: Vec<_> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let largest = if matches!(path.last(), Some(&("state" | "seed"))) { STATE } else { BODY };
    let body = received::body(body, largest).await?;
    let mut reply = Asked { control: &entrance.control, head: &head, host: &host, body }.answer(&path).await?;
    reply.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(reply)
}

impl Asked<'_> {
    async fn answer(&self, path: &[&str]) -> Answer {
        match *path {
            [] => self.only_get().map(|()| page::page(&self.shown())),
            ["page.js"] => self.only_get().map(|()| page::script()),
            ["services"] => self.only_get().map(|()| told(&Services { services: self.summaries() })),
            ["clock"] => self.clock(),
            ["reset"] => self.reset().await,
            ["save"] if self.head.method != Method::POST => Err(Problem::method("POST")),
            ["save"] if self.control.0.file.get().is_none() => {
                Err(Problem::new(StatusCode::CONFLICT, "there is no state file to save to: start with --state FILE"))
            }
            ["save"] => self.saved(&Done {}).await,
            [name] => {
                let (name, service) = self.service(name)?;
                self.only_get().map(|()| told(&service.summary(&name, self.host)))
            }
            [name, what, ref rest @ ..] => {
                let (name, service) = self.service(name)?;
                self.of_service(&name, &service, what, rest).await
            }
        }
    }

    /// HEAD is GET whose body is left out, by whoever sends it.
    fn method(&self) -> &Method {
        if self.head.method == Method::HEAD { &Method::GET } else { &self.head.method }
    }

    fn only_get(&self) -> Result<(), Problem> {
        if *self.method() == Method::GET { Ok(()) } else { Err(Problem::method("GET")) }
    }

    fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, Problem> {
        received::json(&self.body)
    }

    fn service(&self, wanted: &str) -> Result<(String, Arc<Service>), Problem> {
        let mut named = self.control.named();
        if let Some(at) = named.iter().position(|(name, _)| name == wanted) {
            return Ok(named.swap_remove(at));
        }
        let known: Vec<_> = named.into_iter().map(|(name, _)| name).collect();
        let known = known.join(", ");
        Err(Problem::not_found(format!("there is no {wanted:?} here; the services are {known}")))
    }

    fn summaries(&self) -> Vec<Summary> {
        self.control.named().iter().map(|(name, service)| service.summary(name, self.host)).collect()
    }

    fn shown(&self) -> Vec<page::Shown> {
        let show = |(name, service): &(String, Arc<Service>)| page::Shown {
            summary: service.summary(name, self.host),
            requests: service.backend().journal().into_iter().collect(),
        };
        self.control.named().iter().map(show).collect()
    }

    async fn of_service(&self, name: &str, service: &Arc<Service>, what: &str, rest: &[&str]) -> Answer {
        let backend = service.backend();
        let changed = || told(&service.summary(name, self.host));
        match (what, rest, self.method().as_str()) {
            ("state", [], "GET") => {
                let backend = backend.clone();
                let state = blocking(move || Ok(backend.save()?)).await?;
                let json = HeaderValue::from_static("application/json");
                let mut reply = Reply::new(state.into());
                reply.headers_mut().insert(header::CONTENT_TYPE, json);
                Ok(reply)
            }
            ("state", [], "PUT") => self.take(service, |service, text| service.backend().load(text)).await,
            ("state", [], _) => Err(Problem::method("GET, PUT")),
            ("seed", [], "POST") => self.take(service, |service, text| service.backend().add(text)).await,
            ("webhooks", [], "POST") => self.take(service, |service, text| service.backend().trigger(text)).await,
            ("seed" | "webhooks", [], _) => Err(Problem::method("POST")),
            ("journal", [], "GET") => self.journal(service),
            ("journal", [], "DELETE") => {
                backend.forget_requests();
                Ok(changed())
            }
            ("journal", [], _) => Err(Problem::method("GET, DELETE")),
            ("operations", [], "GET") => Ok(told(&Operations { operations: backend.operations() })),
            ("operations", [], _) => Err(Problem::method("GET")),
            ("faults", ..) => self.faults(service, rest),
            ("chaos", [], "PUT") => {
                let chaos: ChaosForm = self.json()?;
                if !(0.0..=1.0).contains(&chaos.ratio) {
                    return Err(Problem::field("ratio", "is a share of all requests, from 0 to 1"));
                }
                backend.chaos(Chaos::new(chaos.seed.unwrap_or(7)).ratio(chaos.ratio));
                Ok(changed())
            }
            ("chaos", [], "DELETE") => {
                backend.plan(crate::rule::Plan::end_chaos);
                Ok(changed())
            }
            ("chaos", [], _) => Err(Problem::method("PUT, DELETE")),
            ("latency", [], "PUT") => {
                backend.latency(self.json::<LatencyForm>()?.latency.parse::<Latency>()?);
                Ok(changed())
            }
            ("quotas", [], "PUT") => {
                backend.enforce_quotas(self.json::<QuotasForm>()?.enforced);
                Ok(changed())
            }
            ("latency" | "quotas", [], _) => Err(Problem::method("PUT")),
            _ => Err(Problem::not_found(format!("there is no /__mock/{name}/{what}; see /__mock/"))),
        }
    }

    fn clock(&self) -> Answer {
        let services = self.control.named();
        match self.method().as_str() {
            "GET" => {}
            "POST" => {
                let by = self.json::<ClockForm>()?.advance_ms;
                if by > FURTHEST_MS {
                    return Err(Problem::field("advance_ms", "is a hundred years at most"));
                }
                let mut moved = Vec::new();
                for (name, service) in &services {
                    let clock = service.backend().clock();
                    if moved.iter().any(|other| Arc::ptr_eq(clock, other)) {
                        continue;
                    }
                    if !clock.advance(Duration::from_millis(by)) {
                        let error = format!("the clock of {name} cannot be moved on by that much, or not at all");
                        return Err(Problem::new(StatusCode::CONFLICT, error));
                    }
                    moved.push(Arc::clone(clock));
                }
            }
            _ => return Err(Problem::method("GET, POST")),
        }
        let now = |(name, service): &(String, Arc<Service>)| (name.clone(), service.backend().clock().now_utc());
        let first = services.first().map(|(_, service)| service.backend().clock().now_utc());
        Ok(told(&Clock { now: first, services: services.iter().map(now).collect() }))
    }

    async fn reset(&self) -> Answer {
        if self.head.method != Method::POST {
            return Err(Problem::method("POST"));
        }
        let form: ResetForm = self.json()?;
        let wanted = match &form.service {
            Some(name) => vec![self.service(name).map_err(|problem| problem.at("service"))?],
            None => self.control.named(),
        };
        // One that cannot be reset is no reason to leave the others as they are.
        let mut failed = None;
        for (_, service) in &wanted {
            lock(&service.posted).clear(service.backend());
            let done = service.backend().reset(form.seed).and_then(|()| self.control.prepare(service));
            failed = failed.or(done.err());
        }
        let saved = self.saved(&Services { services: self.summaries() }).await;
        failed.map_or(saved, |problem| Err(problem.into()))
    }

    fn journal(&self, service: &Service) -> Answer {
        let (mut since, mut limit, mut pattern) = (None, REQUESTS, None);
        for (name, value) in received::query(self.head, &["since", "limit", "operation"])? {
            let number = || value.parse::<u64>().map_err(|_| Problem::field(name, "is a number"));
            match name {
                "since" => since = Some(number()?),
                "limit" => limit = usize::try_from(number()?).unwrap_or(usize::MAX),
                _ => pattern = Some(value),
            }
        }
        if !(1..=MOST_REQUESTS).contains(&limit) {
            return Err(Problem::field("limit", format!("is from 1 to {MOST_REQUESTS}")));
        }
        let backend = service.backend();
        if let Some(pattern) = &pattern {
            operations::check(&backend.operations(), pattern)?;
        }
        let wanted = |entry: &Arc<Entry>| {
            let is_like = |pattern: &String| entry.operation.is_some_and(|name| operations::is_like(name, pattern));
            entry.number >= since.unwrap_or_default() && pattern.as_ref().is_none_or(is_like)
        };
        let mut requests: Vec<_> = backend.journal().into_iter().filter(wanted).collect();
        // From a number on, the first of them; without one, the last.
        match since {
            Some(_) => requests.truncate(limit),
            None => drop(requests.drain(..requests.len().saturating_sub(limit))),
        }
        let next = requests.last().map_or(since.unwrap_or(1), |last| last.number + 1);
        Ok(told(&Listed { total: backend.settings().requests, next, entries: requests }))
    }

    fn faults(&self, service: &Service, rest: &[&str]) -> Answer {
        let mut posted = lock(&service.posted);
        let backend = service.backend();
        let id = |text: &str| text.parse().map_err(|_| Problem::not_found(format!("{text:?} is not the id of a rule")));
        match (rest, self.method().as_str()) {
            ([], "GET") => Ok(told(&Rules { rules: posted.list(backend) })),
            ([], "POST") => {
                let rule = posted.add(backend, self.json::<faults::Form>()?)?;
                let mut reply = told(&rule);
                *reply.status_mut() = StatusCode::CREATED;
                Ok(reply)
            }
            ([], "DELETE") => {
                posted.clear(backend);
                Ok(told(&Rules { rules: posted.list(backend) }))
            }
            ([], _) => Err(Problem::method("GET, POST, DELETE")),
            ([rule], "GET") => Ok(told(&posted.find(backend, id(rule)?)?)),
            ([rule], "DELETE") => Ok(told(&posted.remove(backend, id(rule)?)?)),
            ([_], _) => Err(Problem::method("GET, DELETE")),
            _ => Err(Problem::not_found("there is nothing below a rule")),
        }
    }

    /// Gives the body to a service, and saves what has become of it.
    async fn take(&self, service: &Arc<Service>, change: fn(&Service, &str) -> Outcome<()>) -> Answer {
        let (taker, body) = (Arc::clone(service), self.body.clone());
        blocking(move || Ok(change(&taker, received::text(&body)?)?)).await?;
        self.saved(&Done {}).await
    }

    /// Saves what has changed, and tells this.
    async fn saved(&self, answer: &impl Serialize) -> Answer {
        let control = self.control.clone();
        blocking(move || Ok(control.save()?)).await?;
        Ok(told(answer))
    }
}

/// Large states take a while, in which others are to be answered.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Problem> + Send + 'static) -> Result<T, Problem> {
    let broken = |problem: &dyn Display| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, problem.to_string());
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|problem| Err(broken(&problem)))
}

fn told(answer: &impl Serialize) -> Reply {
    fake::json(StatusCode::OK, answer)
}

#[derive(Serialize)]
struct Done {}

#[derive(Serialize)]
struct Services {
    services: Vec<Summary>,
}

#[derive(Serialize)]
struct Operations {
    operations: Vec<&'static str>,
}

#[derive(Serialize)]
struct Rules {
    rules: Vec<faults::Told>,
}

#[derive(Serialize)]
struct Listed {
    total: u64,
    /// What to ask for to get those that come after these.
    next: u64,
    #[serde(rename = "requests", serialize_with = "entries")]
    entries: Vec<Arc<Entry>>,
}

fn entries<S: serde::Serializer>(entries: &[Arc<Entry>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(entries.iter().map(AsRef::as_ref))
}

#[derive(Serialize)]
struct Clock {
    now: Option<chrono::DateTime<chrono::Utc>>,
    services: std::collections::BTreeMap<String, chrono::DateTime<chrono::Utc>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockForm {
    advance_ms: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResetForm {
    service: Option<String>,
    seed: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChaosForm {
    seed: Option<u64>,
    ratio: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LatencyForm {
    latency: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuotasForm {
    enforced: bool,
}
