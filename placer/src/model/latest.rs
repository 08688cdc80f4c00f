//! Up to when there is data.

use chrono::NaiveDate;
use serde::Serialize;

use super::{Cost, VenueId};

/// The latest day with data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LatestDay {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The day; `None` when nothing was found where it was looked for.
    pub date: Option<NaiveDate>,
    /// What it cost to find out.
    pub cost: Cost,
}
