//! A report as the methods of a client give it: to be given parameters and options, then awaited.

use std::collections::HashMap;
use std::fmt;
use std::time::{Duration, Instant};

use connectors_core::provider::Operation;
use connectors_core::{DateRange, Error, ErrorKind, RequestOptions, Response, Result};
use serde::Serialize;

use super::body::Body;
use super::bulk::{BulkReport, distinct};
use super::progress::{Pending, PendingReport, Progress};
use super::report::{Ask, Kind, Manner, Round, reports_in};
use crate::PlacerClient;
use crate::dates::check_past;
use crate::meter::Meter;
use crate::model::{Outcome, VenueId};

/// The request of a report, for those who ask for several at once in a manner of their own.
pub(crate) trait Asks {
    type Report: Kind;

    /// What is asked for, apart from the venues.
    fn ask(&self) -> &Ask;

    /// Refuses what cannot be asked for.
    fn check(&self) -> Result<()>;

    /// Says more about an error than can be known without the question.
    fn explain(&self, error: Error) -> Error;
}

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
    /// What is wrong with some of its venues.
    unfit: HashMap<VenueId, Error>,
    /// Says more about an error than can be known without the question.
    explain: fn(&Body, Error) -> Error,
    /// What its members must be together.
    rule: fn(&Body) -> Result<()>,
    job: Job<R>,
}

/// What a request came to so far that is asked step by step.
struct Job<R> {
    started: Option<Instant>,
    polls: u32,
    done: HashMap<VenueId, Result<Outcome<R>>>,
}

impl<R> Asking<R> {
    /// A report about one venue in these days.
    pub(super) fn one(client: &PlacerClient, operation: &'static Operation, venue: VenueId, range: DateRange) -> Self {
        Self::new(client, Ask::one(operation, range), vec![venue], Some(range))
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
            unfit: HashMap::new(),
            explain: |_, error| error,
            rule: |_| Ok(()),
            job: Job::default(),
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

    /// Fails this venue alone with this error, unless its caller leaves checking to the provider.
    pub(super) fn unfit(mut self, venue: VenueId, error: Error) -> Self {
        self.unfit.insert(venue, error);
        self
    }

    /// Changes the body at will.
    pub(super) fn write(mut self, change: impl FnOnce(&mut Body)) -> Self {
        change(&mut self.ask.body);
        self
    }

    /// Adds to errors what the question tells about them.
    pub(super) fn explained(&self, error: Error) -> Error {
        (self.explain)(&self.ask.body, error)
    }

    /// Says more about an error than can be known without the question.
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

    pub(super) fn checked(&self) -> Result<()> {
        if self.options.skip_validation {
            return Ok(());
        }
        let named = |error: Error| error.with_origin(crate::PROVIDER, self.ask.operation.name);
        if let Some(error) = self.refused.clone() {
            return Err(named(error));
        }
        (self.rule)(&self.ask.body).map_err(named)?;
        self.range.map_or(Ok(()), |range| check_past(range, self.client.today())).map_err(named)
    }
}

impl<R: Kind> Asking<R> {
    /// The report about its one venue.
    pub(super) async fn find(mut self) -> Result<Response<Outcome<R>>> {
        self.ask(false).await?.single()
    }

    /// The same as far as one request brings it.
    pub(super) async fn find_once(mut self) -> Result<Progress<Outcome<R>, Self>> {
        let answers = self.ask(true).await?;
        if answers.outcomes.iter().any(is_pending) {
            return Ok(self.suspend(answers, |_| None));
        }
        answers.single().map(Progress::Ready)
    }

    /// The reports about all its venues. What is wrong with one of them fails that one alone.
    pub(super) async fn find_all(mut self) -> Result<Response<BulkReport<R>>> {
        Ok(self.ask(false).await?.bulk())
    }

    /// The same as far as one request for each chunk brings it.
    pub(super) async fn find_all_once(mut self) -> Result<Progress<BulkReport<R>, Self>> {
        let answers = self.ask(true).await?;
        if answers.outcomes.iter().any(is_pending) {
            return Ok(self.suspend(answers, |answers| Some(answers.bulk().into_inner())));
        }
        Ok(Progress::Ready(answers.bulk()))
    }

    /// Asks about the venues that are not done.
    async fn ask(&mut self, once: bool) -> Result<Answers<R>> {
        let now = self.client.core().clock().now();
        self.checked()?;
        for venue in &self.venues {
            let unfit = venue.check_native().err().or_else(|| self.unfit.get(venue).cloned());
            if let Some(error) = unfit.filter(|_| !self.options.skip_validation) {
                self.job.done.insert(venue.clone(), Err(error));
            }
        }
        let since = self.job.started.map(|started| now.saturating_duration_since(started));
        self.job.started = self.job.started.or(Some(now));
        let open: Vec<_> = self.venues.iter().filter(|venue| !self.job.done.contains_key(venue)).cloned().collect();
        let round = Round { once, polls: self.job.polls, since };
        let manner = Manner::new(&self.client, self.options.clone(), self.ttl);
        let meter = manner.meter.clone();
        let outcomes = reports_in(&self.client, &self.ask, &open, &manner, round).await;
        let explained =
            outcomes.into_iter().map(|outcome| outcome.map_err(|error| (self.explain)(&self.ask.body, error)));
        let mut outcomes: HashMap<VenueId, Result<Outcome<R>>> = open.into_iter().zip(explained).collect();
        outcomes.extend(self.job.done.iter().map(|(venue, outcome)| (venue.clone(), outcome.clone())));
        let outcomes = self.venues.iter().map(|venue| outcomes.remove(venue).unwrap_or_else(missing)).collect();
        Ok(Answers {
            venues: self.venues.clone(),
            outcomes,
            meter,
            started: now,
            ended: self.client.core().clock().now(),
        })
    }

    /// Keeps what is done for another round.
    fn suspend<T>(mut self, answers: Answers<R>, so_far: impl FnOnce(Answers<R>) -> Option<T>) -> Progress<T, Self> {
        self.job.polls += 1;
        let started = self.job.started.unwrap_or(answers.started);
        let waits = answers.outcomes.iter().filter(|outcome| is_pending(outcome)).filter_map(|o| o.as_ref().err());
        let report = PendingReport {
            request_id: waits.clone().find_map(Error::request_id).map(str::to_owned),
            polls: self.job.polls,
            elapsed: answers.ended.saturating_duration_since(started),
            retry_after: waits.filter_map(Error::retry_after).max().unwrap_or_default(),
        };
        for (venue, outcome) in answers.venues.iter().zip(&answers.outcomes) {
            // What failed for a passing reason is asked for again.
            if outcome.as_ref().err().is_none_or(|error| !error.is_retryable()) {
                self.job.done.insert(venue.clone(), outcome.clone());
            }
        }
        Progress::Pending(Box::new(Pending { request: self, so_far: so_far(answers), report }))
    }
}

/// What was answered about the venues of a request, in their order.
struct Answers<R> {
    venues: Vec<VenueId>,
    outcomes: Vec<Result<Outcome<R>>>,
    meter: Meter,
    started: Instant,
    ended: Instant,
}

impl<R> Answers<R> {
    fn single(mut self) -> Result<Response<Outcome<R>>> {
        let found = self.outcomes.pop().unwrap_or_else(missing)?;
        Ok(self.meter.respond(found, self.started, self.ended))
    }

    fn bulk(self) -> Response<BulkReport<R>> {
        self.meter.respond(BulkReport::new(self.venues, self.outcomes), self.started, self.ended)
    }
}

fn is_pending<T>(outcome: &Result<T>) -> bool {
    outcome.as_ref().is_err_and(|error| error.kind() == ErrorKind::Pending)
}

/// The question was about nothing.
pub(crate) fn missing<T>() -> Result<T> {
    Err(Error::invalid("apiId", "is missing"))
}

impl<R> Default for Job<R> {
    fn default() -> Self {
        Self { started: None, polls: 0, done: HashMap::new() }
    }
}

impl<R> Clone for Job<R> {
    fn clone(&self) -> Self {
        Self { started: self.started, polls: self.polls, done: self.done.clone() }
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
            unfit: self.unfit.clone(),
            explain: self.explain,
            rule: self.rule,
            job: self.job.clone(),
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
        crate::native::request::report!(@struct $(#[$meta])* $request, $report, find, find_once, crate::model::Outcome<$report>; $($rest)*);
    };
    (
        $(#[$meta:meta])*
        pub struct $request:ident => $report:ty, of many;
        $($rest:tt)*
    ) => {
        crate::native::request::report!(@struct $(#[$meta])* $request, $report, find_all, find_all_once, crate::native::BulkReport<$report>; $($rest)*);
    };
    (@struct $(#[$meta:meta])* $request:ident, $report:ty, $find:ident, $once:ident, $out:ty; $($rest:tt)*) => {
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

            /// How long to wait for it, asking again included; with many venues, for those of each request.
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

            /// Asks for it once, without waiting for it to be computed: a report that is not there yet is no error but
            /// a job to come back to. Requests are not shared with calls that wait, results are.
            pub async fn send_once(self) -> connectors_core::Result<crate::native::Progress<$out, Self>> {
                Ok(self.0.$once().await?.map_request(Self))
            }

            crate::native::request::report!(@ $($rest)*);
        }

        impl crate::native::request::Asks for $request {
            type Report = $report;

            fn ask(&self) -> &crate::native::report::Ask {
                &self.0.ask
            }

            fn check(&self) -> connectors_core::Result<()> {
                self.0.checked()
            }

            fn explain(&self, error: connectors_core::Error) -> connectors_core::Error {
                self.0.explained(error)
            }
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
            Self(if filters.is_empty() { checked.write(|body| body.remove($name)) } else { checked.set($name, filters) })
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
pub(crate) fn within<T: PartialOrd + fmt::Display + Copy>(
    field: &str,
    value: T,
    limits: std::ops::RangeInclusive<T>,
) -> Result<()> {
    if limits.contains(&value) {
        return Ok(());
    }
    Err(Error::invalid(field, format!("must be from {} to {}, not {value}", limits.start(), limits.end())))
}
