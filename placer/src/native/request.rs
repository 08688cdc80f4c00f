//! A report as the methods of a client give it: to be given parameters and options, then awaited.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use connectors_core::provider::Operation;
use connectors_core::{DateRange, Error, RequestOptions, Response, Result};
use serde::Serialize;

use super::body::Body;
use super::bulk::{BulkReport, distinct};
use super::report::{Ask, Kind, Manner, reports};
use crate::PlacerClient;
use crate::dates::check_past;
use crate::model::{Outcome, VenueFailure, VenueId};

/// What every report's request is made of.
pub(crate) struct Asking<R> {
    client: PlacerClient,
    venues: Vec<VenueId>,
    range: Option<DateRange>,
    pub(super) ask: Ask,
    options: RequestOptions,
    ttl: Option<Duration>,
    /// What is wrong with it, by our own checks.
    refused: Option<Error>,
    /// Says more about an error than can be known without the question.
    explain: fn(&Body, Error) -> Error,
    /// What its members must be together.
    rule: fn(&Body) -> Result<()>,
    report: PhantomData<fn() -> R>,
}

impl<R> Asking<R> {
    /// A report about one venue in these days.
    pub(super) fn one(client: &PlacerClient, operation: &'static Operation, venue: VenueId, range: DateRange) -> Self {
        Self::new(client, Ask { operation, body: Body::new(range), chunk: None }, vec![venue], Some(range))
    }

    /// A report about many venues in these days, of which `chunk` go into one request.
    pub(super) fn many(
        client: &PlacerClient,
        operation: &'static Operation,
        venues: impl IntoIterator<Item = VenueId>,
        range: DateRange,
        chunk: usize,
    ) -> Self {
        let ask = Ask { operation, body: Body::new(range), chunk: Some(chunk) };
        Self::new(client, ask, distinct(venues), Some(range))
    }

    /// A report whose days are not a range, or not known yet.
    pub(super) fn new(client: &PlacerClient, ask: Ask, venues: Vec<VenueId>, range: Option<DateRange>) -> Self {
        let (client, options) = (client.clone(), RequestOptions::default());
        Self {
            client,
            venues,
            range,
            ask,
            options,
            ttl: None,
            refused: None,
            rule: |_| Ok(()),
            explain: |_, error| error,
            report: PhantomData,
        }
    }

    /// Sets a member of the body.
    pub(super) fn set(mut self, name: &'static str, value: impl Serialize) -> Self {
        self.ask.body.set(name, value);
        self
    }

    /// Refuses the request with this error, unless its caller leaves checking to the provider.
    pub(super) fn check(mut self, outcome: Result<()>) -> Self {
        self.refused = self.refused.or(outcome.err());
        self
    }

    /// Changes the body at will.
    pub(super) fn write(mut self, change: impl FnOnce(&mut Body)) -> Self {
        change(&mut self.ask.body);
        self
    }

    /// Adds to errors what the question tells about them.
    pub(super) fn explain(mut self, explain: fn(&Body, Error) -> Error) -> Self {
        self.explain = explain;
        self
    }

    /// Refuses the request when its members as they stand in the end do not go together.
    pub(super) fn rule(mut self, rule: fn(&Body) -> Result<()>) -> Self {
        self.rule = rule;
        self
    }

    /// Changes the options at will.
    pub(super) fn options(mut self, change: impl FnOnce(&mut RequestOptions)) -> Self {
        change(&mut self.options);
        self
    }

    /// Keeps the answer this long.
    pub(super) fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    /// How many venues it is about.
    pub(super) fn venues(&self) -> usize {
        self.venues.len()
    }

    fn checked(&mut self) -> Result<()> {
        if self.options.skip_validation {
            return Ok(());
        }
        let named = |error: Error| error.with_origin(crate::PROVIDER, self.ask.operation.name);
        if let Some(error) = self.refused.take() {
            return Err(named(error));
        }
        (self.rule)(&self.ask.body).map_err(named)?;
        self.range.map_or(Ok(()), |range| check_past(range, self.client.today())).map_err(named)
    }
}

impl<R: Kind> Asking<R> {
    /// The report about its one venue.
    pub(super) async fn find(mut self) -> Result<Response<Outcome<R>>> {
        let started = self.client.core().clock().now();
        self.checked()?;
        if let Some(venue) = self.venues.first().filter(|_| !self.options.skip_validation) {
            venue.check_native()?;
        }
        let manner = Manner::new(&self.client, self.options, self.ttl);
        let meter = manner.meter.clone();
        let found = reports(&self.client, &self.ask, &self.venues, &manner).await.pop();
        let found = found.unwrap_or_else(|| Err(Error::invalid("apiId", "is missing")));
        let found = found.map_err(|error| (self.explain)(&self.ask.body, error))?;
        Ok(meter.respond(found, started, self.client.core().clock().now()))
    }

    /// The reports about all its venues. What is wrong with one of them fails that one alone.
    pub(super) async fn find_all(mut self) -> Result<Response<BulkReport<R>>> {
        let started = self.client.core().clock().now();
        self.checked()?;
        let (mut venues, mut refused) = (Vec::new(), Vec::new());
        for venue in self.venues {
            match venue.check_native() {
                Err(error) if !self.options.skip_validation => refused.push(VenueFailure::new(venue, error)),
                _ => venues.push(venue),
            }
        }
        let manner = Manner::new(&self.client, self.options, self.ttl);
        let meter = manner.meter.clone();
        let outcomes = reports(&self.client, &self.ask, &venues, &manner).await;
        let mut report = BulkReport::new(venues, outcomes);
        report.failures.extend(refused);
        Ok(meter.respond(report, started, self.client.core().clock().now()))
    }
}

// Not derived: a request for what cannot be cloned can be.
impl<R> Clone for Asking<R> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            venues: self.venues.clone(),
            range: self.range,
            ask: self.ask.clone(),
            options: self.options.clone(),
            ttl: self.ttl,
            refused: self.refused.clone(),
            explain: self.explain,
            rule: self.rule,
            report: PhantomData,
        }
    }
}

impl<R> fmt::Debug for Asking<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report")
            .field("operation", &self.ask.operation.name)
            .field("venues", &self.venues)
            .field("body", &self.ask.body)
            .finish_non_exhaustive()
    }
}

/// Declares the request of a report: a struct around [`Asking`] with a method for each member of the body, and those
/// that every report has. `of one` venue it is awaited for an [`Outcome`], `of many` for a [`BulkReport`].
///
/// `filters "filter"` says under which name this report takes its filters: Placer ignores the wrong one in silence.
macro_rules! report {
    (
        $(#[$meta:meta])*
        pub struct $request:ident => $report:ty, of one;
        $($rest:tt)*
    ) => {
        crate::native::request::report!(@struct $(#[$meta])* $request, $report, find, crate::model::Outcome<$report>; $($rest)*);
    };
    (
        $(#[$meta:meta])*
        pub struct $request:ident => $report:ty, of many;
        $($rest:tt)*
    ) => {
        crate::native::request::report!(@struct $(#[$meta])* $request, $report, find_all, crate::native::BulkReport<$report>; $($rest)*);
    };
    (@struct $(#[$meta:meta])* $request:ident, $report:ty, $find:ident, $out:ty; $($rest:tt)*) => {
        $(#[$meta])*
        #[must_use = "a report is asked for when it is awaited or sent"]
        #[derive(Debug, Clone)]
        pub struct $request(pub(super) crate::native::request::Asking<$report>);

        impl $request {
            /// Uses the cache otherwise.
            pub fn cache(self, policy: connectors_core::CachePolicy) -> Self {
                Self(self.0.options(|options| options.cache = policy))
            }

            /// Keeps the answer this long.
            pub fn ttl(self, ttl: std::time::Duration) -> Self {
                Self(self.0.ttl(ttl))
            }

            /// Adds a header to the requests. The credential's headers cannot be replaced.
            pub fn header(self, name: http::HeaderName, value: http::HeaderValue) -> Self {
                Self(self.0.options(|options| {
                    options.headers.insert(name, value);
                }))
            }

            /// How long to wait for it, asking again included.
            pub fn timeout(self, timeout: std::time::Duration) -> Self {
                Self(self.0.options(|options| options.timeout = Some(timeout)))
            }

            /// Repeats failed requests by its own policy.
            pub fn retry(self, policy: connectors_core::RetryPolicy) -> Self {
                Self(self.0.options(|options| options.retry = Some(policy)))
            }

            /// Whose turn it is when the quota is scarce: by default this call goes before bulk work.
            pub fn priority(self, priority: connectors_core::Priority) -> Self {
                Self(self.0.options(|options| options.priority = priority))
            }

            /// Leaves checking the request to Placer, at the price of a call.
            pub fn skip_validation(self) -> Self {
                Self(self.0.options(|options| options.skip_validation = true))
            }

            /// Asks for it, and gives it with what is known of the requests.
            pub async fn send(self) -> connectors_core::Result<connectors_core::Response<$out>> {
                self.0.$find().await
            }

            crate::native::request::report!(@ $($rest)*);
        }

        impl std::future::IntoFuture for $request {
            type Output = connectors_core::Result<$out>;
            type IntoFuture = connectors_core::BoxFuture<Self::Output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(async move { self.send().await.map(connectors_core::Response::into_inner) })
            }
        }
    };
    (@) => {};
    (@ filters $name:literal; $($rest:tt)*) => {
        /// Counts only some of the visits.
        pub fn filters(self, filters: crate::model::Filters) -> Self {
            let checked = self.0.check(filters.check());
            Self(if filters.is_empty() { checked } else { checked.set($name, filters) })
        }
        crate::native::request::report!(@ $($rest)*);
    };
    (@ nearby; $($rest:tt)*) => {
        /// Reports on the activity around the place instead.
        pub fn nearby_radius(self, radius: crate::model::NearbyRadius) -> Self {
            Self(self.0.set("nearbyRadius", radius))
        }
        crate::native::request::report!(@ $($rest)*);
    };
    (@ $(#[$meta:meta])* set $method:ident: $value:ty = $name:literal; $($rest:tt)*) => {
        $(#[$meta])*
        pub fn $method(self, value: $value) -> Self {
            Self(self.0.set($name, value))
        }
        crate::native::request::report!(@ $($rest)*);
    };
    // A number within limits, both included.
    (@ $(#[$meta:meta])* within $method:ident: $value:ty = $name:literal, $low:literal..=$high:literal; $($rest:tt)*) => {
        $(#[$meta])*
        pub fn $method(self, value: $value) -> Self {
            Self(self.0.check(crate::native::request::within($name, value, $low..=$high)).set($name, value))
        }
        crate::native::request::report!(@ $($rest)*);
    };
}

pub(crate) use report;

/// Refuses what is not within the limits. That which is not even a number is not.
pub(crate) fn within<T: PartialOrd + fmt::Display>(
    field: &str,
    value: T,
    limits: std::ops::RangeInclusive<T>,
) -> Result<()> {
    if limits.contains(&value) {
        return Ok(());
    }
    Err(Error::invalid(field, format!("must be from {} to {}, not {value}", limits.start(), limits.end())))
}
