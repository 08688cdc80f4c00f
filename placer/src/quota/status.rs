//! The quotas as a contract has them, and how they stand.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::week::Week;

/// What the contract allows from one Sunday, 00:00 UTC, to the next: for
/// [`PlacerBuilder::weekly_quota`](crate::PlacerBuilder::weekly_quota). Placer tells the numbers with the contract,
/// not in the API.
///
/// ```
/// use connectors_placer::WeeklyQuota;
///
/// let quota = WeeklyQuota::new().calls(10_000).places(500);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WeeklyQuota {
    pub(super) calls: Option<u64>,
    pub(super) places: Option<u64>,
}

impl WeeklyQuota {
    /// No limits: what is used is counted all the same.
    pub fn new() -> Self {
        Self::default()
    }

    /// So many calls. Answers with 202, 429 and 500 do not count, all others do, refusals too.
    pub fn calls(mut self, calls: u64) -> Self {
        self.calls = Some(calls);
        self
    }

    /// Reports on so many distinct places. A chain is one.
    pub fn places(mut self, places: u64) -> Self {
        self.places = Some(places);
        self
    }
}

/// How the week's quotas stand: [`PlacerClient::quota`](crate::PlacerClient::quota).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct QuotaStatus {
    /// Calls that count: as Placer last said, and what this client has counted since.
    pub calls_used: u64,
    /// What is left of them; `None` where no limit is set.
    pub calls_left: Option<u64>,
    /// Distinct places that were asked about, counted likewise. Those that others asked about before, and this client
    /// since, count twice until Placer is asked again.
    pub places_used: u64,
    /// What is left of them; `None` where no limit is set. None is left either after Placer has refused one.
    pub places_left: Option<u64>,
    /// When both begin anew.
    pub renews_at: DateTime<Utc>,
    /// When Placer last said what is used, this week; `None` if it did not, so that only this client's own use counts.
    pub told_at: Option<DateTime<Utc>>,
}

impl QuotaStatus {
    pub(super) fn new(limits: WeeklyQuota, week: &Week) -> Self {
        let left = |limit: Option<u64>, used: u64| limit.map(|limit| limit.saturating_sub(used));
        let places_left = left(limits.places, week.places());
        Self {
            calls_used: week.calls(),
            calls_left: left(limits.calls, week.calls()),
            places_used: week.places(),
            places_left: if week.closed { Some(0) } else { places_left },
            renews_at: week.renews_at,
            told_at: week.told_at,
        }
    }

    /// Whether one of them is nearly used up: less than a twentieth of it is left.
    pub(super) fn is_near(&self) -> bool {
        let near = |used: u64, left: Option<u64>| left.is_some_and(|left| left <= (used + left) / 20);
        near(self.calls_used, self.calls_left) || near(self.places_used, self.places_left)
    }
}
