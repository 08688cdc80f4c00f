//! What comes of reports about many venues at once.

use std::collections::HashSet;
use std::sync::Arc;

use connectors_core::{ErrorKind, Result};

use crate::model::{NoData, Outcome, VenueFailure, VenueId};

/// What came of a report about many venues. One that fails does not fail the others.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BulkReport<T> {
    /// The reports, in the order of the question.
    pub found: Vec<Arc<T>>,
    /// The venues that Placer has no data for, and why.
    pub without_data: Vec<(VenueId, NoData)>,
    /// The venues that failed, and why; those still [`pending`](Self::pending) among them.
    pub failures: Vec<VenueFailure>,
}

impl<T> BulkReport<T> {
    pub(super) fn new(venues: Vec<VenueId>, outcomes: Vec<Result<Outcome<T>>>) -> Self {
        let mut report = Self { found: Vec::new(), without_data: Vec::new(), failures: Vec::new() };
        for (venue, outcome) in venues.into_iter().zip(outcomes) {
            match outcome {
                Ok(Outcome::Ready(found)) => report.found.push(found),
                Ok(Outcome::NoData(reason)) => report.without_data.push((venue, reason)),
                Err(error) => report.failures.push(VenueFailure::new(venue, error)),
            }
        }
        report
    }

    /// The venues whose reports were still being computed at the deadline: the same question later goes on with them.
    pub fn pending(&self) -> impl Iterator<Item = &VenueId> {
        self.failures.iter().filter(|failure| failure.error.kind() == ErrorKind::Pending).map(|failure| &failure.venue)
    }
}

/// Each venue once, in the order of its first appearance.
pub(crate) fn distinct(venues: impl IntoIterator<Item = VenueId>) -> Vec<VenueId> {
    let mut seen = HashSet::new();
    venues.into_iter().filter(|venue| seen.insert(venue.clone())).collect()
}
