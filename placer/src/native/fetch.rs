//! The requests for the venues of one chunk: until each of them is accounted for.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use connectors_core::provider::{Fetched, Gate, decode_json, run_bounded};
use connectors_core::{CachePolicy, Error, ErrorKind, Response, Result};
use futures_util::future::{Either, join_all, select};
use futures_util::{StreamExt, stream};
use http::StatusCode;

use super::node::{Entry, Node, State};
use super::report::{Ask, Kind, Manner, Round, fingerprint};
use crate::classify::{first_wait, hinted, names_flag};
use crate::code::{PlacerCode, PlacerErrorExt};
use crate::model::{NoData, Outcome, VenueId};
use crate::quota::Pass;
use crate::store::Shelf;
use crate::{PROVIDER, PlacerClient};

/// How long to wait before asking again after an answer without content: it may mean that the report is not ready.
const NO_CONTENT_WAIT: Duration = Duration::from_secs(3);

/// How many reports are looked for in the store at a time.
const READS: usize = 32;

/// What the store has, or else Placer says, about these venues; a result for each.
pub(super) async fn fetch<R: Kind>(
    client: PlacerClient,
    ask: Ask,
    venues: Vec<VenueId>,
    manner: Manner,
    round: Round,
) -> Vec<Result<Fetched<Outcome<R>>>> {
    let stored = match manner.options.cache {
        CachePolicy::Use => stored(&client, &ask, &venues, &manner).await,
        _ => venues.iter().map(|_| None).collect(),
    };
    let absent = venues.into_iter().zip(&stored).filter(|(_, stored)| stored.is_none()).map(|(venue, _)| venue);
    let mut asked = ask_placer(&client, &ask, absent.collect(), &manner, round).await.into_iter();
    let found = stored.into_iter().filter_map(|stored| match stored {
        Some((fetched, age)) => {
            manner.meter.stored(age);
            Some(Ok(fetched))
        }
        None => asked.next(),
    });
    found.collect()
}

/// What is in the store, and how old it is.
pub(super) async fn stored<R: Kind>(
    client: &PlacerClient,
    ask: &Ask,
    venues: &[VenueId],
    manner: &Manner,
) -> Vec<Option<(Fetched<Outcome<R>>, Duration)>> {
    let Some(shelf) = shelf(client, ask, manner) else { return venues.iter().map(|_| None).collect() };
    let reads: Vec<_> = venues.iter().map(|venue| shelf.take(venue)).collect();
    stream::iter(reads).buffered(READS).collect().await
}

fn shelf(client: &PlacerClient, ask: &Ask, manner: &Manner) -> Option<Shelf> {
    Some(client.archive()?.shelf(client.core(), fingerprint(ask, &manner.options)))
}

async fn ask_placer<R: Kind>(
    client: &PlacerClient,
    ask: &Ask,
    venues: Vec<VenueId>,
    manner: &Manner,
    round: Round,
) -> Vec<Result<Fetched<Outcome<R>>>> {
    let dates = Dates::default();
    let chunks: Vec<_> = ask.requests(&venues).map(<[VenueId]>::to_vec).collect();
    let (dates, sizes) = (&dates, chunks.iter().map(Vec::len).collect::<Vec<_>>());
    let work = |_, venues| async move { Ok(Chunk::new(client, ask, manner, round, dates).fetch(venues).await) };
    let results = run_bounded(chunks, client.settings().concurrency, None, work).await;
    let each = |(result, size): (Result<Vec<_>>, usize)| {
        result.unwrap_or_else(|error| (0..size).map(|_| Err(error.clone())).collect())
    };
    results.into_iter().zip(sizes).flat_map(each).collect()
}

/// What a question's chunks have found out about its days: Placer refuses days and ids by one and the same code.
#[derive(Debug, Clone, Default)]
struct Dates(Arc<AtomicU8>);

impl Dates {
    const SOUND: u8 = 1;
    const REFUSED: u8 = 2;

    fn are(&self, state: u8) -> bool {
        self.0.load(Ordering::Relaxed) == state
    }

    fn set(&self, state: u8) {
        self.0.store(state, Ordering::Relaxed);
    }
}

/// Why a request about several venues was refused as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blame {
    /// One of them.
    Venue,
    /// One of them, or the question.
    VenueOrQuestion,
    /// Too many of them are new this week.
    Quota,
}

impl Blame {
    /// `None` for what is no venue's fault.
    fn of(error: &Error) -> Option<Self> {
        match error.placer_code()? {
            PlacerCode::PermissionDenied
            | PlacerCode::RestrictedArea
            | PlacerCode::UndeliverableEntity
            | PlacerCode::NotFound => Some(Self::Venue),
            PlacerCode::InvalidArguments => Some(Self::VenueOrQuestion),
            PlacerCode::LimitExceeded => Some(Self::Quota),
            _ => error.status().filter(|status| matches!(status.as_u16(), 404 | 422)).map(|_| Self::Venue),
        }
    }
}

/// Venues that are still to be asked about together.
struct Part {
    venues: Vec<VenueId>,
    /// Why they are known to be refused together.
    refused: Option<Error>,
}

impl Part {
    fn unknown(venues: Vec<VenueId>) -> Self {
        Self { venues, refused: None }
    }

    fn refused(venues: Vec<VenueId>, error: Error) -> Self {
        Self { venues, refused: Some(error) }
    }
}

/// The venues of one request, or of several if that one is refused as a whole.
struct Chunk<'a, R> {
    client: &'a PlacerClient,
    ask: &'a Ask,
    manner: &'a Manner,
    round: Round,
    dates: &'a Dates,
    started: Instant,
    deadline: Instant,
    requests: u32,
    request_id: Option<String>,
    done: HashMap<VenueId, Result<Outcome<R>>>,
    weight: usize,
}

impl<'a, R: Kind> Chunk<'a, R> {
    fn new(client: &'a PlacerClient, ask: &'a Ask, manner: &'a Manner, round: Round, dates: &'a Dates) -> Self {
        let (started, deadline) = (client.core().clock().now(), manner.deadline(client));
        let (done, requests, request_id, weight) = (HashMap::new(), 0, None, 0);
        Self { client, ask, manner, round, dates, started, deadline, requests, request_id, done, weight }
    }

    async fn fetch(mut self, venues: Vec<VenueId>) -> Vec<Result<Fetched<Outcome<R>>>> {
        let ttls = self.manner.ttl;
        let ttl = ttls.of(self.ask.end(), self.client.today());
        let kept =
            shelf(self.client, self.ask, self.manner).filter(|_| self.manner.options.cache != CachePolicy::Bypass);
        let mut parts = vec![Part::unknown(venues.clone())];
        while let Some(part) = parts.pop() {
            self.settle(part, &mut parts).await;
        }
        let missing = self.told(Error::new(ErrorKind::NotFound, "the answer leaves this venue out"));
        if let Some(place) = kept {
            let ready = self.done.iter().filter_map(|(venue, outcome)| Some((venue, outcome.as_ref().ok()?.found()?)));
            join_all(ready.map(|(venue, report)| place.put(venue, report.as_ref(), ttl))).await;
            if self.manner.options.cache == CachePolicy::Refresh {
                let gone = self.done.iter().filter(|(_, outcome)| matches!(outcome, Ok(Outcome::NoData(_))));
                join_all(gone.map(|(venue, _)| place.remove(venue))).await;
            }
        }
        let weight = self.weight;
        let fetched = |found: Outcome<R>| {
            let ttl = if found.found().is_some() { ttl } else { ttls.no_data };
            Fetched { value: found, bytes: weight, ttl }
        };
        let mut outcome = |venue| self.done.remove(venue).unwrap_or_else(|| Err(missing.clone())).map(fetched);
        venues.iter().map(&mut outcome).collect()
    }

    /// Asks about these venues. A refusal of all is taken apart until those at fault are alone; what then has to be
    /// asked goes to `later`.
    async fn settle(&mut self, part: Part, later: &mut Vec<Part>) {
        let Part { mut venues, refused } = part;
        venues.retain(|venue| !self.done.contains_key(venue));
        let error = match refused {
            Some(error) => error,
            None => match self.ask_about(&venues).await {
                Ok(()) => return,
                Err(error) => error,
            },
        };
        venues.retain(|venue| !self.done.contains_key(venue));
        match Blame::of(&error) {
            None => self.fail(venues, &error),
            Some(Blame::Quota) => self.take_quota_apart(venues, error, later).await,
            Some(_) if venues.len() < 2 => self.fail(venues, &error),
            Some(Blame::Venue) => self.halve(venues, error, later).await,
            Some(Blame::VenueOrQuestion) if self.dates.are(Dates::SOUND) => self.halve(venues, error, later).await,
            Some(Blame::VenueOrQuestion) if self.dates.are(Dates::REFUSED) => self.fail(venues, &error),
            Some(Blame::VenueOrQuestion) => self.probe(venues, error, later).await,
        }
    }

    /// One of these is at fault.
    async fn halve(&mut self, venues: Vec<VenueId>, error: Error, later: &mut Vec<Part>) {
        let (first, second) = halves(venues);
        match self.ask_about(&first).await {
            Ok(()) => later.push(Part::refused(second, error)),
            Err(refusal) => {
                later.push(Part::unknown(second));
                later.push(Part::refused(first, refusal));
            }
        }
    }

    /// One of these is at fault, or the question is, most likely its days: then two more requests find that out.
    async fn probe(&mut self, venues: Vec<VenueId>, error: Error, later: &mut Vec<Part>) {
        let (first, mut second) = halves(venues);
        let refusal = match self.ask_about(&first).await {
            Ok(()) => return later.push(Part::refused(second, error)),
            Err(refusal) => refusal,
        };
        if !alike(&refusal, &error) {
            later.push(Part::unknown(second));
            return later.push(Part::refused(first, refusal));
        }
        // One alone is likelier to be sound than half of them.
        let likeliest = second.iter().position(|venue| !venue.may_be_custom()).unwrap_or_default();
        let alone = vec![second.swap_remove(likeliest)];
        match self.ask_about(&alone).await {
            Err(again) if alike(&again, &error) && !self.dates.are(Dates::SOUND) => {
                self.dates.set(Dates::REFUSED);
                for venues in [first, second, alone] {
                    self.fail(venues, &error);
                }
            }
            outcome => {
                later.push(Part::unknown(second));
                later.push(Part::refused(first, refusal));
                if let Err(error) = outcome {
                    later.push(Part::refused(alone, error));
                }
            }
        }
    }

    /// There is no room for all that are new this week. Being told so is free.
    async fn take_quota_apart(&mut self, venues: Vec<VenueId>, error: Error, later: &mut Vec<Part>) {
        let new = self.client.quota_guard().new_ones(&venues);
        let known: Vec<_> = venues.into_iter().filter(|venue| !new.contains(venue)).collect();
        match (known.is_empty(), new.len()) {
            (_, 0) => self.fail(known, &error),
            (false, _) => {
                later.push(Part::refused(new, error));
                later.push(Part::unknown(known));
            }
            (true, 1) => {
                self.client.quota_guard().close();
                self.fail(new, &error);
            }
            (true, _) => self.halve(new, error, later).await,
        }
    }

    /// Sends the same request until no entry is pending, or once.
    async fn ask_about(&mut self, venues: &[VenueId]) -> Result<()> {
        let core = self.client.core();
        // How many places are left is to be known before any is taken.
        let preparation = Arc::clone(self.client.quota_guard()).prepare(core, self.ask.operation);
        if let Some(preparation) = preparation
            && let Either::Right(_) = select(preparation, core.clock().deadline(self.deadline)).await
        {
            let error = Error::new(ErrorKind::Timeout, "what is left of the week's quota was not told in time");
            return Err(self.told(error));
        }
        let (pass, refused) = self.client.quota_guard().admit(venues);
        if !refused.is_empty() {
            let error = self.told(self.client.quota_guard().no_place());
            self.fail(refused, &error);
        }
        if pass.venues.is_empty() {
            return Err(self.told(self.client.quota_guard().no_place()));
        }
        let (mut polls, mut empty) = (self.round.polls, self.round.polls);
        loop {
            let answer = self.send(&pass).await.map_err(|error| self.still_pending(error, polls))?;
            self.dates.set(Dates::SOUND);
            let wait = if answer.meta().status == StatusCode::NO_CONTENT {
                if empty >= self.client.settings().no_content_retries {
                    for venue in &pass.venues {
                        self.found(venue.clone(), Outcome::NoData(NoData::NoContent));
                    }
                    return Ok(());
                }
                empty += 1;
                NO_CONTENT_WAIT
            } else {
                if !self.read(&pass.venues, &answer)? {
                    return Ok(());
                }
                core.poll_wait(polls, first_wait(self.ask.operation))
            };
            polls += 1;
            let now = core.clock().now();
            if self.deadline.saturating_duration_since(now) <= wait || self.round.once {
                return Err(self.pending(wait));
            }
            core.clock().sleep(wait).await;
        }
    }

    async fn send(&mut self, pass: &Pass) -> Result<Response<Bytes>> {
        let body = match self.ask.chunk {
            Some(_) => self.ask.body.about_all(&pass.venues),
            None => pass.venues.first().map_or_else(|| self.ask.body.clone(), |venue| self.ask.body.about(venue)),
        };
        let call = self.client.native(self.ask.operation).options(self.manner.options.clone()).json(&body);
        let call = if self.round.once { call.unpolled() } else { call };
        let answer = call.watch(self.manner.meter.watch()).until(Some(self.deadline)).send_bytes().await;
        if answer.as_ref().map_or_else(was_looked_at, |_| true) {
            pass.asked();
        }
        self.manner.meter.call(&answer);
        self.requests += answer.as_ref().map_or_else(Error::attempts, |answer| answer.meta().attempts);
        answer
    }

    /// Takes what is ready; true when something is still pending.
    fn read(&mut self, venues: &[VenueId], answer: &Response<Bytes>) -> Result<bool> {
        let told = |chunk: &Self, error: Error| chunk.told(error).with_status(answer.meta().status);
        let node: Node<R::Members> = decode_json(answer).map_err(|error| told(self, error))?;
        self.request_id.clone_from(&node.head().request_id);
        self.manner.meter.request_id(node.head().request_id.clone());
        self.weight = answer.len() / venues.len().max(1);
        let mut pending = false;
        let mut entries = node.into_entries();
        if self.ask.chunk.is_none() {
            entries = R::whole(entries);
            match entries.len() {
                0 => entries.push(Entry::default()),
                1 => {}
                many => {
                    let error = Error::new(ErrorKind::Decode, format!("there are {many} reports instead of one"));
                    return Err(told(self, error));
                }
            }
        }
        for entry in entries {
            let state = entry.head.state();
            if state == State::Pending {
                pending = true;
                continue;
            }
            let venue = match (venues, &entry.head.api_id) {
                ([only], _) => Some(only.clone()),
                (venues, Some(id)) => venues.iter().find(|venue| venue.as_str() == id).cloned(),
                (_, None) => None,
            };
            let about_all = venue.is_none() && entry.head.api_id.is_none();
            let outcome = match state {
                State::NoData => Ok(Outcome::NoData(NoData::NoContent)),
                State::Failed(code) => Err(refused(code, &entry)),
                _ => match &venue {
                    Some(venue) => R::build(&self.ask.body, venue, entry),
                    None => continue,
                },
            };
            match (venue, outcome.map_err(|error| told(self, error))) {
                (Some(venue), Err(error)) => self.fail(vec![venue], &error),
                (Some(venue), Ok(outcome)) => self.found(venue, outcome),
                (None, Err(error)) if about_all => return Err(error),
                (None, Ok(outcome)) if about_all => {
                    for venue in venues {
                        self.found(venue.clone(), outcome.clone());
                    }
                }
                (None, _) => {}
            }
        }
        Ok(pending)
    }

    fn found(&mut self, venue: VenueId, outcome: Outcome<R>) {
        let flags = self.client.flags();
        match &outcome {
            Outcome::Ready(report) => flags.saw(report.place()),
            Outcome::NoData(NoData::Flagged) => flags.learn(&venue, true),
            Outcome::NoData(_) => {}
        }
        self.record(venue, Ok(outcome));
    }

    /// A report that is there stays, whatever the answers for the rest of the request say.
    fn record(&mut self, venue: VenueId, outcome: Result<Outcome<R>>) {
        if !matches!(self.done.get(&venue), Some(Ok(Outcome::Ready(_)))) {
            self.done.insert(venue, outcome);
        }
    }

    /// These are done, by this error. One that names the flag is an answer.
    fn fail(&mut self, venues: Vec<VenueId>, error: &Error) {
        let flagged = venues.len() == 1 && names_flag(error);
        for venue in venues {
            if flagged {
                self.found(venue, Outcome::NoData(NoData::Flagged));
            } else {
                self.record(venue, Err(error.clone()));
            }
        }
    }

    /// The error with where it comes from, and what was done until then.
    fn told(&self, error: Error) -> Error {
        let elapsed = self.client.core().clock().now().saturating_duration_since(self.started);
        error.with_origin(PROVIDER, self.ask.operation.name).with_attempts(self.requests, elapsed)
    }

    fn pending(&self, wait: Duration) -> Error {
        let error = self
            .told(Error::new(ErrorKind::Pending, "Placer is still computing the report"))
            .with_retry_after(wait)
            .with_hint("make the same call again: it continues where this one stopped, and the polls were free");
        self.request_id.clone().map_or(error.clone(), |id| error.with_request_id(id))
    }

    /// Says of a report that was asked for by several calls how long to wait for it now.
    fn still_pending(&self, error: Error, polls: u32) -> Error {
        if error.kind() != ErrorKind::Pending || !self.round.once {
            return error;
        }
        error.with_retry_after(self.client.core().poll_wait(polls, first_wait(self.ask.operation)))
    }
}

/// Two parts. What may be a custom place, which some reports refuse, goes into the second.
fn halves(venues: Vec<VenueId>) -> (Vec<VenueId>, Vec<VenueId>) {
    let (mut first, mut second): (Vec<_>, Vec<_>) = venues.into_iter().partition(|venue| !venue.may_be_custom());
    if first.is_empty() {
        std::mem::swap(&mut first, &mut second);
    }
    if second.is_empty() {
        second = first.split_off(first.len() / 2);
    }
    (first, second)
}

/// Whether two requests were refused for the same reason. One that is about an id names it.
fn alike(one: &Error, other: &Error) -> bool {
    one.code() == other.code() && one.status() == other.status() && one.message() == other.message()
}

/// Whether Placer counts the places of a request that failed like this.
fn was_looked_at(error: &Error) -> bool {
    let refused = || error.status().is_some_and(|status| matches!(status.as_u16(), 403 | 404 | 422));
    error.kind() == ErrorKind::Pending || (error.code().is_some() && refused())
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
