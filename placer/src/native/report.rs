//! The way of a report: what is known without asking, the cache, and the requests for the rest.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use connectors_core::provider::{CacheKey, Cached, Fetched, Operation, Safety};
use connectors_core::{CacheOutcome, CachePolicy, DateRange, RequestOptions, Result};
use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::REPORTS;
use super::body::Body;
use super::fetch::{fetch, stored};
use super::node::{Entry, Members};
use crate::meter::Meter;
use crate::model::{NoData, Outcome, Poi, VenueId};
use crate::ttl::Ttl;
use crate::{PROVIDER, PlacerClient};

/// A report of the API, named as the client spells it.
pub(crate) const fn operation(name: &'static str, path: &'static str) -> Operation {
    Operation::new(PROVIDER, name, Method::POST, path).safety(Safety::ReadOnly).group(REPORTS)
}

/// A kind of report.
pub(crate) trait Kind: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// How it is written.
    type Members: Members + Send;

    /// The one report in an answer about one place, where its parts may come without it.
    fn whole(entries: Vec<Entry<Self::Members>>) -> Vec<Entry<Self::Members>> {
        entries
    }

    /// Makes it of what was read, and of what was asked for where the answer does not tell it.
    fn build(asked: &Body, venue: &VenueId, entry: Entry<Self::Members>) -> Result<Outcome<Self>>;

    /// What it tells of the place itself, if it does.
    fn place(&self) -> Option<&Poi> {
        None
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

impl Ask {
    /// About one venue in these days.
    pub(crate) fn one(operation: &'static Operation, range: DateRange) -> Self {
        Self { operation, body: Body::new(range), chunk: None }
    }

    /// The venues as they go into requests.
    pub(crate) fn requests<'a>(&self, venues: &'a [VenueId]) -> impl Iterator<Item = &'a [VenueId]> {
        venues.chunks(self.chunk.unwrap_or(1).max(1))
    }

    /// The last of its days, if it is about days.
    pub(super) fn end(&self) -> Option<NaiveDate> {
        self.body.text("endDate")?.parse().ok()
    }

    /// Whether it is about the surroundings: of a flagged place there is such a report, too.
    fn is_nearby(&self) -> bool {
        self.body.has("nearbyRadius")
    }
}

/// How to ask for it.
#[derive(Debug, Clone)]
pub(crate) struct Manner {
    pub(crate) options: RequestOptions,
    pub(crate) ttl: Ttl,
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

/// How often to ask.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Round {
    /// Once, instead of until the deadline.
    pub(crate) once: bool,
    /// How often it was asked for before, in vain.
    pub(crate) polls: u32,
    /// When that began. What was cached since is new.
    pub(crate) since: Option<Duration>,
}

/// One report for each venue, in their order. Only what the cache does not have is asked for, and calls that overlap
/// share their requests. The venues are distinct.
pub(crate) async fn reports<R: Kind>(
    client: &PlacerClient,
    ask: &Ask,
    venues: &[VenueId],
    manner: &Manner,
) -> Vec<Result<Outcome<R>>> {
    reports_in(client, ask, venues, manner, Round::default()).await
}

/// As [`reports`], asking no more often than in this round. One that asks once shares no requests with others.
pub(super) async fn reports_in<R: Kind>(
    client: &PlacerClient,
    ask: &Ask,
    venues: &[VenueId],
    manner: &Manner,
    round: Round,
) -> Vec<Result<Outcome<R>>> {
    let keys = keys(client, ask, venues, &manner.options);
    let mut outcomes: Vec<Option<Result<Outcome<R>>>> =
        venues.iter().zip(&keys).map(|(venue, key)| known(client, ask, venue, key, manner, round)).collect();
    let open = |(position, outcome): (usize, &Option<_>)| outcome.is_none().then_some(position);
    let open: Vec<usize> = outcomes.iter().enumerate().filter_map(open).collect();
    let pick = |position: &usize| Some((venues.get(*position)?.clone(), keys.get(*position)?.clone()));
    let (wanted, keys): (Vec<_>, Vec<_>) = open.iter().filter_map(pick).unzip();
    let values = if round.once {
        once(client, ask, wanted, keys, manner, round).await
    } else {
        shared(client, ask, wanted, keys, manner, round).await
    };
    for (position, value) in open.into_iter().zip(values) {
        if let Some(slot) = outcomes.get_mut(position) {
            *slot = Some(value);
        }
    }
    outcomes.into_iter().flatten().collect()
}

/// What is known without asking.
fn known<R: Kind>(
    client: &PlacerClient,
    ask: &Ask,
    venue: &VenueId,
    key: &CacheKey,
    manner: &Manner,
    round: Round,
) -> Option<Result<Outcome<R>>> {
    let cache = client.core().cache();
    match manner.options.cache {
        CachePolicy::Use if is_flagged(client, ask, venue, manner) && !cache.holds::<Outcome<R>>(key) => {
            Some(Ok(Outcome::NoData(NoData::Flagged)))
        }
        CachePolicy::Refresh => {
            let cached =
                cache.get::<Outcome<R>>(key).filter(|cached| round.since.is_some_and(|since| cached.age <= since));
            cached.map(|cached| taken(Ok(cached), manner))
        }
        _ => None,
    }
}

/// Whether a report on it would be paid for in vain.
fn is_flagged(client: &PlacerClient, ask: &Ask, venue: &VenueId, manner: &Manner) -> bool {
    !manner.options.skip_validation && !ask.is_nearby() && client.flags().holds(venue)
}

async fn shared<R: Kind>(
    client: &PlacerClient,
    ask: &Ask,
    venues: Vec<VenueId>,
    keys: Vec<CacheKey>,
    manner: &Manner,
    round: Round,
) -> Vec<Result<Outcome<R>>> {
    let core = client.core();
    let missing = |missing: Vec<usize>| {
        let wanted = missing.into_iter().filter_map(|position| venues.get(position).cloned()).collect();
        fetch(client.clone(), ask.clone(), wanted, manner.clone(), round)
    };
    let (policy, deadline) = (manner.options.cache, manner.deadline(client));
    let values = core.cache().get_or_fetch_many(keys, policy, deadline, missing).await;
    values.into_iter().map(|value| taken(value, manner)).collect()
}

async fn once<R: Kind>(
    client: &PlacerClient,
    ask: &Ask,
    venues: Vec<VenueId>,
    keys: Vec<CacheKey>,
    manner: &Manner,
    round: Round,
) -> Vec<Result<Outcome<R>>> {
    let (cache, policy) = (client.core().cache(), manner.options.cache);
    let cached = |key: &CacheKey| cache.get(key).filter(|_| policy == CachePolicy::Use);
    let mut values: Vec<Option<Result<Outcome<R>>>> =
        keys.iter().map(|key| cached(key).map(|cached| taken(Ok(cached), manner))).collect();
    let absent = venues.into_iter().zip(&values).filter(|(_, value)| value.is_none()).map(|(venue, _)| venue);
    let absent: Vec<_> = absent.collect();
    let mut fetched = if absent.is_empty() {
        Vec::new()
    } else {
        fetch(client.clone(), ask.clone(), absent, manner.clone(), round).await
    }
    .into_iter();
    for (slot, key) in values.iter_mut().zip(keys).filter(|(slot, _)| slot.is_none()) {
        *slot = fetched.next().map(|outcome| {
            let Fetched { value, bytes, ttl } = outcome?;
            if policy != CachePolicy::Bypass {
                cache.insert(key, Fetched { value: Outcome::clone(&value), bytes, ttl });
            }
            manner.meter.source(CacheOutcome::Miss);
            Ok(value)
        });
    }
    values.into_iter().flatten().collect()
}

fn taken<R>(value: Result<Cached<Outcome<R>>>, manner: &Manner) -> Result<Outcome<R>> {
    manner.meter.value(&value);
    value.map(|cached| Outcome::clone(&cached.value))
}

/// Which of the venues would have to be asked about, because their reports are not there, or not wanted from there.
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
    let known = |venue: &VenueId, key: &CacheKey| {
        client.core().cache().holds::<Outcome<R>>(key) || is_flagged(client, ask, venue, manner)
    };
    let absent = venues.iter().zip(&keys).filter(|(venue, key)| !known(venue, key)).map(|(venue, _)| venue.clone());
    let absent: Vec<_> = absent.collect();
    let stored = stored::<R>(client, ask, &absent, manner).await;
    absent.into_iter().zip(stored).filter(|(_, stored)| stored.is_none()).map(|(venue, _)| venue).collect()
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
    let keys = keys(client, ask, venues, &manner.options);
    let flagged = |venue| is_flagged(client, ask, venue, manner).then(|| Arc::new(Outcome::NoData(NoData::Flagged)));
    let kept = venues.iter().zip(&keys).map(|(venue, key)| client.core().cache().peek(key).or_else(|| flagged(venue)));
    kept.collect()
}

/// What the reports are kept under.
pub(super) fn keys(client: &PlacerClient, ask: &Ask, venues: &[VenueId], options: &RequestOptions) -> Vec<CacheKey> {
    let fingerprint = fingerprint(ask, options);
    let partition = client.core().partition();
    venues.iter().map(|venue| CacheKey::new(partition, venue.as_str(), &fingerprint)).collect()
}

/// What tells a question from others, apart from the venue.
pub(super) fn fingerprint(ask: &Ask, options: &RequestOptions) -> Vec<u8> {
    let mut fingerprint = [ask.operation.path.as_bytes(), &serde_json::to_vec(&ask.body).unwrap_or_default()].concat();
    // A proxy in front of Placer may answer by a header, such as a tenant's.
    for (name, value) in &options.headers {
        fingerprint.extend([b"\n", name.as_str().as_bytes(), b":", value.as_bytes()].concat());
    }
    fingerprint
}
