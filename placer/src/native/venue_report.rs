//! A report about one venue.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use connectors_core::provider::Operation;
use connectors_core::{CachePolicy, DateRange, RequestOptions, Response, Result};

use super::body::Body;
use super::report::{Ask, Kind, Manner, reports};
use crate::PlacerClient;
use crate::dates::check_past;
use crate::meter::Meter;
use crate::model::{Filters, VenueId};

/// A report about one venue, in the making. Await it for `Option<Arc<R>>`: `None` when Placer has no data.
#[must_use = "a report is asked for when it is awaited or sent"]
pub struct VenueReport<R> {
    client: PlacerClient,
    venue: VenueId,
    range: DateRange,
    pub(super) body: Body,
    pub(super) options: RequestOptions,
    ttl: Option<Duration>,
    report: PhantomData<fn() -> R>,
}

impl<R> VenueReport<R> {
    pub(super) fn new(client: &PlacerClient, venue: VenueId, range: DateRange) -> Self {
        let (client, options) = (client.clone(), RequestOptions::default());
        Self { client, venue, range, body: Body::new(range), options, ttl: None, report: PhantomData }
    }

    /// Counts only some of the visits.
    pub fn filters(mut self, filters: Filters) -> Self {
        self.body.filters = filters;
        self
    }

    /// Uses the cache otherwise.
    pub fn cache(mut self, policy: CachePolicy) -> Self {
        self.options.cache = policy;
        self
    }

    /// Keeps the answer this long.
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }
}

impl<R> VenueReport<R> {
    pub(super) async fn run(self, operation: &'static Operation) -> Result<Response<Option<Arc<R>>>>
    where
        R: Kind,
    {
        let started = self.client.core().clock().now();
        if !self.options.skip_validation {
            self.venue.check_native()?;
            self.body.filters.check()?;
            check_past(self.range, self.client.today())?;
        }
        let meter = Meter::default();
        let manner = Manner { options: self.options, ttl: self.client.ttl(self.ttl), meter: meter.clone() };
        let ask = Ask { operation, body: self.body, chunk: None };
        let found = reports(&self.client, &ask, &[self.venue], &manner).await.pop().transpose()?.flatten();
        Ok(meter.respond(found, started, self.client.core().clock().now()))
    }
}

impl<R> fmt::Debug for VenueReport<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VenueReport").field("venue", &self.venue).field("body", &self.body).finish_non_exhaustive()
    }
}
