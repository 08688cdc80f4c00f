//! The way of a report: the cache, the requests for what it does not have, and asking again until all of it is there.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use connectors_core::provider::{CacheKey, Cached, Fetched, Operation, Safety, decode_json};
use connectors_core::{CachePolicy, Error, ErrorKind, RequestOptions, Response, Result};
use futures_util::{StreamExt, stream};
use http::{Method, StatusCode};

use super::REPORTS;
use super::body::Body;
use super::node::{Entry, Members, Node, State};
use crate::classify::{first_wait, hinted};
use crate::code::PlacerCode;
use crate::meter::Meter;
use crate::model::{NoData, Outcome, VenueId};
use crate::{PROVIDER, PlacerClient};

/// No data is worth remembering for this long only: it may come.
const NO_DATA_TTL: Duration = Duration::from_secs(5 * 60);

/// How long to wait before asking again after an answer without content: it may mean that the report is not ready.
const NO_CONTENT_WAIT: Duration = Duration::from_secs(3);

/// A report of the API, named as the client spells it.
pub(crate) const fn operation(name: &'static str, path: &'static str) -> Operation {
    Operation::new(PROVIDER, name, Method::POST, path).safety(Safety::ReadOnly).group(REPORTS)
}

/// A kind of report.
pub(crate) trait Kind: Sized + Send + Sync + 'static {
    /// How it is written.
    type Members: Members + Send;

    /// Makes it of what was read.
    fn build(venue: &VenueId, entry: Entry<Self::Members>) -> Result<Outcome<Self>>;

    /// As [`build`](Self::build), for reports that tell how they differ from what was asked for.
    fn answer(_asked: &Body, venue: &VenueId, entry: Entry<Self::Members>) -> Result<Outcome<Self>> {
        Self::build(venue, entry)
    }
}

/// What to ask for, apart from the venues.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) operation: &'static Operation,
    pub(crate) body: Body,
    /// How many venues go into one request; `None` where it takes one, under another name.
    pub(crate) chunk: Option<usize>,
}

/// How to ask for it.
#[derive(Debug, Clone)]
pub(crate) struct Manner {
    pub(crate) options: RequestOptions,
    pub(crate) ttl: Duration,
    pub(crate) meter: Meter,
    /// When it has to end, for a question that is answered by several reports. Each has its own time otherwise.
    pub(crate) until: Option<Instant>,
}

impl Manner {
    pub(crate) fn new(client: &PlacerClient, options: RequestOptions, ttl: Option<Duration>) -> Self {
        Self { options, ttl: client.ttl(ttl), meter: Meter::default(), until: None }
    }

    /// When what begins now has to end.
    pub(crate) fn deadline(&self, client: &PlacerClient) -> Instant {
        self.until.unwrap_or_else(|| client.core().deadline(&self.options))
    }
}

impl Ask {
    /// The venues as they go into requests.
    pub(crate) fn requests<'a>(&self, venues: &'a [VenueId]) -> impl Iterator<Item = &'a [VenueId]> {
        venues.chunks(self.chunk.unwrap_or(1).max(1))
    }
}

/// One report for each venue, in their order. Only what the cache does not have is asked for, and calls that overlap
/// share their requests. The venues are distinct.
pub(crate) async fn reports<R: Kind>(
    client: &PlacerClient,
    ask: &Ask,
    venues: &[VenueId],
    manner: &Manner,
) -> Vec<Result<Outcome<R>>> {
    let (core, keys) = (client.core(), keys(client, ask, venues, &manner.options));
    let fetch = |missing: Vec<usize>| {
        let wanted: Vec<VenueId> = missing.into_iter().filter_map(|position| venues.get(position).cloned()).collect();
        let (client, ask, manner) = (client.clone(), ask.clone(), manner.clone());
        async move {
            let chunks: Vec<_> = ask.requests(&wanted).map(<[VenueId]>::to_vec).collect();
            let fetches = chunks.into_iter().map(|venues| Chunk::new(&client, &ask, venues, &manner).fetch());
            stream::iter(fetches).buffered(client.settings().concurrency).concat().await
        }
    };
    let (policy, deadline) = (manner.options.cache, manner.deadline(client));
    let values: Vec<Result<Cached<Outcome<R>>>> = core.cache().get_or_fetch_many(keys, policy, deadline, fetch).await;
    let take = |value: Result<Cached<Outcome<R>>>| {
        manner.meter.value(&value);
        value.map(|cached| Outcome::clone(&cached.value))
    };
    values.into_iter().map(take).collect()
}

/// Which of the venues would have to be asked about, because their reports are not there, or not wanted from there.
#[expect(clippy::unused_async, reason = "looking into a store takes time")]
pub(crate) async fn missing<R: Kind>(
    client: &PlacerClient,
    ask: &Ask,
    venues: &[VenueId],
    manner: &Manner,
) -> Vec<VenueId> {
    if manner.options.cache != CachePolicy::Use {
        return venues.to_vec();
    }
    let keys = keys(client, ask, venues, &manner.options);
    let missing = venues.iter().zip(&keys).filter(|(_, key)| !client.core().cache().holds::<Outcome<R>>(key));
    missing.map(|(venue, _)| venue.clone()).collect()
}

/// The reports that are there already. To look is no use of them.
pub(crate) fn kept<R: Kind>(
    client: &PlacerClient,
    ask: &Ask,
    venues: &[VenueId],
    manner: &Manner,
) -> Vec<Option<Arc<Outcome<R>>>> {
    if manner.options.cache != CachePolicy::Use {
        return venues.iter().map(|_| None).collect();
    }
    keys(client, ask, venues, &manner.options).iter().map(|key| client.core().cache().peek(key)).collect()
}

/// What the reports are kept under.
pub(super) fn keys(client: &PlacerClient, ask: &Ask, venues: &[VenueId], options: &RequestOptions) -> Vec<CacheKey> {
    let mut fingerprint = [ask.operation.path.as_bytes(), &serde_json::to_vec(&ask.body).unwrap_or_default()].concat();
    // A proxy in front of Placer may answer by a header, such as a tenant's.
    for (name, value) in &options.headers {
        fingerprint.extend([b"\n", name.as_str().as_bytes(), b":", value.as_bytes()].concat());
    }
    let partition = client.core().partition();
    venues.iter().map(|venue| CacheKey::new(partition, venue.as_str(), &fingerprint)).collect()
}

/// The venues of one request.
struct Chunk<'a, R> {
    client: &'a PlacerClient,
    ask: &'a Ask,
    venues: Vec<VenueId>,
    manner: &'a Manner,
    started: Instant,
    deadline: Option<Instant>,
    requests: u32,
    done: HashMap<VenueId, Result<Outcome<R>>>,
    weight: usize,
}

impl<'a, R: Kind> Chunk<'a, R> {
    fn new(client: &'a PlacerClient, ask: &'a Ask, venues: Vec<VenueId>, manner: &'a Manner) -> Self {
        let timeout = manner.options.timeout.unwrap_or(client.core().timeout());
        let started = client.core().clock().now();
        let deadline = manner.until.or_else(|| started.checked_add(timeout));
        Self { client, ask, venues, manner, started, deadline, requests: 0, done: HashMap::new(), weight: 0 }
    }

    async fn fetch(mut self) -> Vec<Result<Fetched<Outcome<R>>>> {
        // What was ready before an error is kept.
        let failure = self.poll().await.err();
        let failure =
            failure.unwrap_or_else(|| self.told(Error::new(ErrorKind::NotFound, "the answer leaves this venue out")));
        let (manner, weight) = (self.manner, self.weight);
        let fetched = |found: Outcome<R>| {
            let ttl = if found.found().is_some() { manner.ttl } else { manner.ttl.min(NO_DATA_TTL) };
            Fetched { value: found, bytes: weight, ttl }
        };
        let mut outcome = |venue| match self.done.remove(venue) {
            Some(result) => result.map(fetched),
            None => Err(failure.clone()),
        };
        self.venues.iter().map(&mut outcome).collect()
    }

    /// Sends the same request until no entry is pending.
    async fn poll(&mut self) -> Result<()> {
        let core = self.client.core();
        let (mut polls, mut empty) = (0, 0);
        loop {
            let answer = self.send().await?;
            let wait = if answer.meta().status == StatusCode::NO_CONTENT {
                if empty == self.client.settings().no_content_retries {
                    self.done.extend(
                        self.venues.iter().map(|venue| (venue.clone(), Ok(Outcome::NoData(NoData::NoContent)))),
                    );
                    return Ok(());
                }
                empty += 1;
                NO_CONTENT_WAIT
            } else {
                if !self.read(&answer)? {
                    return Ok(());
                }
                polls += 1;
                core.poll_wait(polls - 1, first_wait(self.ask.operation))
            };
            let now = core.clock().now();
            if self.deadline.is_some_and(|deadline| deadline.saturating_duration_since(now) <= wait) {
                return Err(self.pending(wait));
            }
            core.clock().sleep(wait).await;
        }
    }

    async fn send(&mut self) -> Result<Response<Bytes>> {
        let body = match self.ask.chunk {
            Some(_) => self.ask.body.about_all(&self.venues),
            None => self.venues.first().map_or_else(|| self.ask.body.clone(), |venue| self.ask.body.about(venue)),
        };
        let call = self.client.native(self.ask.operation).options(self.manner.options.clone()).json(&body);
        let answer = call.watch(self.manner.meter.watch()).until(self.deadline).send_bytes().await;
        self.manner.meter.call(&answer);
        self.requests += answer.as_ref().map_or_else(Error::attempts, |answer| answer.meta().attempts);
        answer
    }

    /// Takes what is ready; true when something is still pending.
    fn read(&mut self, answer: &Response<Bytes>) -> Result<bool> {
        let told = |error: Error| self.told(error).with_status(answer.meta().status);
        let node: Node<R::Members> = decode_json(answer).map_err(told)?;
        self.manner.meter.request_id(node.head().request_id.clone());
        let (mut pending, mut read) = (false, Vec::new());
        for entry in node.into_entries() {
            let state = entry.head.state();
            if state == State::Pending {
                pending = true;
                continue;
            }
            let venue = match (self.venues.as_slice(), &entry.head.api_id) {
                ([only], _) => Some(only.clone()),
                (venues, Some(id)) => venues.iter().find(|venue| venue.as_str() == id).cloned(),
                (_, None) => None,
            };
            let about_all = venue.is_none() && entry.head.api_id.is_none();
            let outcome = match state {
                State::NoData => Ok(Outcome::NoData(NoData::NoContent)),
                State::Failed(code) => Err(refused(code, &entry)),
                _ => match &venue {
                    Some(venue) => R::answer(&self.ask.body, venue, entry),
                    None => continue,
                },
            };
            match (venue, outcome.map_err(told)) {
                (Some(venue), outcome) => read.push((venue, outcome)),
                (None, Err(error)) if about_all => {
                    self.done.extend(read);
                    return Err(error);
                }
                (None, Ok(none)) if about_all => {
                    read.extend(self.venues.iter().map(|venue| (venue.clone(), Ok(none.clone()))));
                }
                (None, _) => {}
            }
        }
        self.weight = answer.len() / self.venues.len().max(1);
        self.done.extend(read);
        Ok(pending)
    }

    /// The error with where it comes from, and what was done until then.
    fn told(&self, error: Error) -> Error {
        let elapsed = self.client.core().clock().now().saturating_duration_since(self.started);
        error.with_origin(PROVIDER, self.ask.operation.name).with_attempts(self.requests, elapsed)
    }

    fn pending(&self, wait: Duration) -> Error {
        self.told(Error::new(ErrorKind::Pending, "Placer is still computing the report"))
            .with_retry_after(wait)
            .with_hint("make the same call again: it continues where this one stopped, and the polls were free")
    }
}

/// An entry that says that it failed.
pub(super) fn refused<M>(code: PlacerCode, entry: &Entry<M>) -> Error {
    let head = &entry.head;
    let message = head.message.clone().or_else(|| head.details.clone());
    let error = Error::new(code.kind().unwrap_or(ErrorKind::InvalidRequest), message.unwrap_or_default());
    let error = hinted(error, code);
    let error = head.code.map_or(error.clone(), |code| error.with_code(code));
    head.request_id.clone().map_or(error.clone(), |id| error.with_request_id(id))
}
