//! How often the same people come.

use connectors_core::Result;
use serde::{Deserialize, Serialize};

use super::{VenueId, VisitSegment};
use crate::native::node::{Count, Counts, Measure, or_empty};
use crate::native::uneven;

/// How often the same people came in the range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct VisitsFrequency {
    /// Where.
    #[serde(rename = "venueId")]
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
    #[serde(default)]
    bins: Counts,
    #[serde(default)]
    visitors: Counts,
    #[serde(default, deserialize_with = "or_empty")]
    visitors_percentage: Vec<Measure>,
    #[serde(default)]
    visits: Counts,
    #[serde(default, deserialize_with = "or_empty")]
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
        let shares = [
            ("visitorsPercentage", written.visitors_percentage.len()),
            ("visitsPercentage", written.visits_percentage.len()),
        ];
        if let Some((name, length)) = shares.into_iter().find(|(_, length)| *length != 0 && *length != bins.len()) {
            return Err(uneven(name, length, "bins", bins.len()));
        }
        let counts = bins.iter().zip(&written.visitors.0).zip(&written.visits.0);
        let bin = |(position, ((from, visitors), visits)): (usize, ((&Count, &Count), &Count))| {
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
        self.reaching(visits).map(|bin| bin.visitors).sum()
    }

    /// All people.
    pub fn visitors(&self) -> u64 {
        self.bins.iter().map(|bin| bin.visitors).sum()
    }

    /// How many of the people came so many times or more, in percent from 0 to 100; as
    /// [`visitors_with_at_least`](Self::visitors_with_at_least). 0 without any people.
    pub fn share_with_at_least(&self, visits: u32) -> f64 {
        percent(self.visitors_with_at_least(visits), self.visitors())
    }

    /// How many of the visits were made by people who came so many times or more, in percent from 0 to 100: how much a
    /// place lives on its regulars. 0 without any visits.
    pub fn visits_share_with_at_least(&self, visits: u32) -> f64 {
        let all = self.bins.iter().map(|bin| bin.visits).sum();
        percent(self.reaching(visits).map(|bin| bin.visits).sum(), all)
    }

    /// The bins of so many visits and more.
    fn reaching(&self, visits: u32) -> impl Iterator<Item = &FrequencyBin> {
        let reaches = move |position: usize| self.bins.get(position + 1).is_none_or(|next| next.from_visits > visits);
        self.bins.iter().enumerate().filter(move |(position, _)| reaches(*position)).map(|(_, bin)| bin)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of people, far below 2^53")]
fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 * 100.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(members: &str) -> Result<VisitsFrequency> {
        let written = serde_json::from_str(&format!("{{{members}}}")).unwrap();
        VisitsFrequency::read(&VenueId::new("venue:a").unwrap(), written, None)
    }

    #[test]
    fn regulars_are_counted_by_whole_bins() {
        let found = read(r#""bins":[1,2,10],"visitors":[60,30,10.0],"visits":["60",90,150],"visitsPercentage":null"#);
        let found = found.unwrap();
        assert_eq!((found.visitors(), found.visitors_with_at_least(2), found.visitors_with_at_least(5)), (100, 40, 40));
        assert_eq!((found.share_with_at_least(1), found.share_with_at_least(10)), (100.0, 10.0));
        assert_eq!((found.visits_share_with_at_least(2), found.visits_share_with_at_least(50)), (80.0, 50.0));
        let nobody = read(r#""bins":[],"visitors":[],"visits":[]"#).unwrap();
        assert_eq!((nobody.share_with_at_least(1), nobody.visits_share_with_at_least(1)), (0.0, 0.0));
    }

    #[test]
    fn lists_that_do_not_go_together_are_refused() {
        let uneven = |members: &str| read(members).unwrap_err().json_path().map(str::to_owned);
        assert_eq!(uneven(r#""bins":[1,2],"visitors":[1],"visits":[1,2]"#).as_deref(), Some("visitors"));
        let shares = r#""bins":[1,2],"visitors":[1,2],"visits":[1,4],"visitorsPercentage":[33.3]"#;
        assert_eq!(uneven(shares).as_deref(), Some("visitorsPercentage"));
    }
}
