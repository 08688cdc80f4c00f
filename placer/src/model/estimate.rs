//! What an answer is going to cost.

use std::time::Duration;

use serde::{Serialize, Serializer};

use super::{AggregateRequest, FootfallRequest, MovementRequest};

/// What an answer is going to cost, as far as that can be known before. Nothing is sent to find out.
///
/// What the cache has is left out. It is taken that all goes well, and that Placer has data for every day: what is
/// refused once and asked for otherwise, such as custom places and days that are
/// [shifted](crate::AvailabilityPolicy::ShiftBack), costs more; so does an answer without content, which is asked for
/// once more. Days that the trends leave out cost less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Estimate {
    /// Requests that will count against the weekly quota.
    pub calls: u32,
    /// Distinct places that will be asked about. Those that were asked about this week already count only once.
    pub places: u32,
    /// How long it takes, roughly: from the times that Placer publishes for its reports, if it has to compute all of
    /// them, and from the limits of this client, if it does nothing else. In JSON as seconds.
    #[serde(rename = "seconds", serialize_with = "seconds")]
    pub duration: Duration,
}

fn seconds<S: Serializer>(duration: &Duration, target: S) -> Result<S::Ok, S::Error> {
    target.serialize_f64(duration.as_secs_f64())
}

/// A question whose cost can be [estimated](crate::PlacerClient::estimate): made of a reference to its request.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Question<'a> {
    /// For [`footfall`](crate::PlacerService::footfall).
    Footfall(&'a FootfallRequest),
    /// For [`aggregate_footfall`](crate::PlacerService::aggregate_footfall).
    Aggregate(&'a AggregateRequest),
    /// For [`movement`](crate::PlacerService::movement).
    Movement(&'a MovementRequest),
}

impl<'a> From<&'a FootfallRequest> for Question<'a> {
    fn from(request: &'a FootfallRequest) -> Self {
        Self::Footfall(request)
    }
}

impl<'a> From<&'a AggregateRequest> for Question<'a> {
    fn from(request: &'a AggregateRequest) -> Self {
        Self::Aggregate(request)
    }
}

impl<'a> From<&'a MovementRequest> for Question<'a> {
    fn from(request: &'a MovementRequest) -> Self {
        Self::Movement(request)
    }
}
