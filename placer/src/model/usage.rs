//! What the key has used up.

use connectors_core::wire::lenient;
use serde::{Deserialize, Serialize};

use crate::native::node::or_empty;

/// What the key has used since Sunday 00:00 UTC. The limits are in the contract and are not told.
///
/// Placer counts requests that were answered with 202 at first and takes them back later, so the numbers may be too
/// high for some hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UsageStatus {
    /// Calls.
    #[serde(deserialize_with = "lenient::number")]
    pub used_quota: u64,
    /// Distinct places asked about.
    #[serde(rename = "queriedPOIs", deserialize_with = "lenient::number")]
    pub queried_pois: u64,
    /// Calls by endpoint. They need not add up to [`used_quota`](Self::used_quota).
    #[serde(default, deserialize_with = "or_empty")]
    pub weekly_usage_by_endpoint: Vec<EndpointUsage>,
}

/// The calls of one endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EndpointUsage {
    /// Method and path, such as `POST /v1/reports/visit-trends`.
    pub endpoint: String,
    /// How many calls.
    #[serde(deserialize_with = "lenient::number")]
    pub num_of_calls: u64,
}
