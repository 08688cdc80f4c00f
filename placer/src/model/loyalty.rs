//! How often the same people come.

use connectors_core::Result;
use serde::{Deserialize, Serialize};

use super::{VenueId, VisitSegment};
use crate::native::node::{Counts, Measure};
use crate::native::uneven;

/// How often the same people came in the range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct VisitsFrequency {
    /// Where.
    pub venue: VenueId,
    /// Visits per person, on average.
    pub average_visits: Option<f64>,
    /// Visits of the person in the middle.
    pub median_visits: Option<f64>,
    /// The people by how often they came, in order: 1 to 10 times, then wider bins.
    pub bins: Vec<FrequencyBin>,
    /// Which visits count.
    pub segment: Option<VisitSegment>,
}

/// The people who came so many times.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FrequencyBin {
    /// The fewest visits in it; the most are below the next bin's, and open for the last.
    pub from_visits: u32,
    /// People.
    pub visitors: u64,
    /// Their share of all people, in percent from 0 to 100.
    pub visitors_percentage: Option<f64>,
    /// Visits.
    pub visits: u64,
    /// Their share of all visits, in percent from 0 to 100.
    pub visits_percentage: Option<f64>,
}

/// As it is written.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Written {
    #[serde(default)]
    avg_visits_per_customer: Measure,
    #[serde(default)]
    median_visits_per_customer: Measure,
    bins: Counts,
    #[serde(default)]
    visitors: Counts,
    #[serde(default)]
    visitors_percentage: Vec<Measure>,
    #[serde(default)]
    visits: Counts,
    #[serde(default)]
    visits_percentage: Vec<Measure>,
}

impl VisitsFrequency {
    pub(crate) fn read(venue: &VenueId, written: Written, segment: Option<VisitSegment>) -> Result<Self> {
        let bins = written.bins.0;
        for (name, length) in [("visitors", written.visitors.0.len()), ("visits", written.visits.0.len())] {
            if length != bins.len() {
                return Err(uneven(name, length, "bins", bins.len()));
            }
        }
        let counts = bins.iter().zip(&written.visitors.0).zip(&written.visits.0);
        let bin = |(position, ((from, visitors), visits)): (
            usize,
            ((&crate::native::node::Count, &crate::native::node::Count), &crate::native::node::Count),
        )| {
            Some(FrequencyBin {
                from_visits: u32::try_from(from.0?).ok()?,
                visitors: visitors.0.unwrap_or_default(),
                visitors_percentage: written.visitors_percentage.get(position).and_then(|share| share.0),
                visits: visits.0.unwrap_or_default(),
                visits_percentage: written.visits_percentage.get(position).and_then(|share| share.0),
            })
        };
        Ok(Self {
            venue: venue.clone(),
            average_visits: written.avg_visits_per_customer.0,
            median_visits: written.median_visits_per_customer.0,
            bins: counts.enumerate().filter_map(bin).collect(),
            segment,
        })
    }

    /// How many people came so many times or more; where `visits` stands inside a bin, those of the whole bin count.
    pub fn visitors_with_at_least(&self, visits: u32) -> u64 {
        let reaches = |position: usize| self.bins.get(position + 1).is_none_or(|next| next.from_visits > visits);
        self.bins.iter().enumerate().filter(|(position, _)| reaches(*position)).map(|(_, bin)| bin.visitors).sum()
    }
}
