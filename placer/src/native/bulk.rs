//! Reports about many venues at once.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use connectors_core::{DateRange, RequestOptions, Response, Result};

use super::report::{Ask, Kind, Manner, reports};
use crate::PlacerClient;
use crate::dates::check_past;
use crate::meter::Meter;
use crate::model::{VenueFailure, VenueId};

/// What came of a report about many venues. One that fails does not fail the others.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BulkReport<T> {
    /// The reports, in the order of the question.
    pub found: Vec<Arc<T>>,
    /// The venues that Placer has no data for.
    pub without_data: Vec<VenueId>,
    /// The venues that failed, and why; those still pending among them.
    pub failures: Vec<VenueFailure>,
}

impl<T> BulkReport<T> {
    fn new(venues: Vec<VenueId>, outcomes: Vec<Result<Option<Arc<T>>>>) -> Self {
        let mut report = Self { found: Vec::new(), without_data: Vec::new(), failures: Vec::new() };
        for (venue, outcome) in venues.into_iter().zip(outcomes) {
            match outcome {
                Ok(Some(found)) => report.found.push(found),
                Ok(None) => report.without_data.push(venue),
                Err(error) => report.failures.push(VenueFailure::new(venue, error)),
            }
        }
        report
    }
}

/// Each venue once, in the order of its first appearance.
pub(crate) fn distinct(venues: impl IntoIterator<Item = VenueId>) -> Vec<VenueId> {
    let mut seen = HashSet::new();
    venues.into_iter().filter(|venue| seen.insert(venue.clone())).collect()
}

/// Asks about all venues. What is wrong with one of them fails that one alone.
pub(super) async fn run<R: Kind>(
    client: &PlacerClient,
    ask: Ask,
    range: DateRange,
    venues: Vec<VenueId>,
    options: RequestOptions,
    ttl: Option<Duration>,
) -> Result<Response<BulkReport<R>>> {
    let started = client.core().clock().now();
    let checked = !options.skip_validation;
    if checked {
        ask.body.filters.check()?;
        check_past(range, client.today())?;
    }
    let venues = distinct(venues);
    let (venues, refused): (Vec<_>, Vec<_>) =
        venues.into_iter().partition(|venue| !checked || venue.check_native().is_ok());
    let meter = Meter::default();
    let manner = Manner { options, ttl: client.ttl(ttl), meter: meter.clone() };
    let outcomes = reports(client, &ask, &venues, &manner).await;
    let mut report = BulkReport::new(venues, outcomes);
    let refusals =
        refused.into_iter().filter_map(|venue| venue.check_native().err().map(|error| VenueFailure::new(venue, error)));
    report.failures.extend(refusals);
    Ok(meter.respond(report, started, client.core().clock().now()))
}
