//! What a question is going to ask for, found out without asking. It is told of the same asks that are sent otherwise.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use connectors_core::CachePolicy;
use connectors_core::provider::{CacheKey, Operation};

use super::report::{Ask, Kind, Manner, keys, missing};
use crate::PlacerClient;
use crate::classify::average;
use crate::model::{Estimate, VenueId};

/// How long a report takes of which Placer publishes nothing.
const UNPUBLISHED: f64 = 3.0;

/// How long a request is on its way, there and back.
const TRIP: f64 = 0.3;

/// Adds up what is going to be asked for.
pub(crate) struct Planner<'a> {
    client: &'a PlacerClient,
    manner: &'a Manner,
    /// What the question itself will have put into the cache by then.
    planned: HashSet<CacheKey>,
    places: HashSet<VenueId>,
    calls: usize,
    /// All requests by their rate group, also those that do not count.
    requests: BTreeMap<&'static str, usize>,
    seconds: f64,
}

impl<'a> Planner<'a> {
    pub(crate) fn new(client: &'a PlacerClient, manner: &'a Manner) -> Self {
        Self {
            client,
            manner,
            planned: HashSet::new(),
            places: HashSet::new(),
            calls: 0,
            requests: BTreeMap::new(),
            seconds: 0.0,
        }
    }

    pub(crate) fn client(&self) -> &'a PlacerClient {
        self.client
    }

    /// One report for each venue.
    pub(crate) async fn reports<R: Kind>(&mut self, ask: &Ask, venues: &[VenueId]) {
        let mut wanted = missing::<R>(self.client, ask, venues, self.manner).await;
        if self.manner.options.cache == CachePolicy::Use {
            let keys = keys(self.client, ask, &wanted, &self.manner.options);
            let mut news = keys.into_iter().map(|key| self.planned.insert(key));
            wanted.retain(|_| news.next().unwrap_or_default());
        }
        let computing = average(ask.operation).unwrap_or(UNPUBLISHED);
        self.calls(ask.operation, ask.requests(&wanted).count(), computing);
        self.places.extend(wanted);
    }

    /// One answer for a venue that is asked for without further ado.
    pub(crate) fn place(&mut self, operation: &Operation, venue: &VenueId) {
        self.calls(operation, 1, 0.0);
        self.places.insert(venue.clone());
    }

    /// A list, unless it is there or going to be.
    pub(crate) fn list<T: Send + Sync + 'static>(&mut self, operation: &Operation, key: &CacheKey) {
        let cached = self.manner.options.cache == CachePolicy::Use && self.client.core().cache().holds::<T>(key);
        if !cached && self.planned.insert(key.clone()) {
            self.calls(operation, 1, 0.0);
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a rough time")]
    fn calls(&mut self, operation: &Operation, calls: usize, computing: f64) {
        // What is computed is asked for once more at least.
        let (each, trip) = if computing > 0.0 { (2, 2.0 * TRIP) } else { (1, TRIP) };
        self.calls += calls;
        *self.requests.entry(operation.group).or_default() += each * calls;
        let rounds = calls.div_ceil(self.client.settings().concurrency.max(1));
        self.seconds += rounds as f64 * (computing + trip);
    }

    pub(crate) fn estimate(self) -> Estimate {
        let whole = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let duration = Duration::try_from_secs_f64(self.seconds.max(self.at_least())).unwrap_or(Duration::MAX);
        Estimate { calls: whole(self.calls), places: whole(self.places.len()), duration }
    }

    /// What the limits make of the requests.
    #[expect(clippy::cast_precision_loss, reason = "a rough time")]
    fn at_least(&self) -> f64 {
        let limits = self.client.limits();
        let all: usize = self.requests.values().sum();
        let in_flight = limits.max_in_flight().map_or(0.0, |n| all as f64 * TRIP / n.max(1) as f64);
        let windows = limits.windows().map(|window| {
            let requests =
                if window.group == "*" { all } else { self.requests.get(window.group).copied().unwrap_or(0) };
            let full = requests.saturating_sub(1) / usize::try_from(window.limit).unwrap_or(usize::MAX).max(1);
            full as f64 * window.per.as_secs_f64()
        });
        windows.fold(in_flight, f64::max)
    }
}
