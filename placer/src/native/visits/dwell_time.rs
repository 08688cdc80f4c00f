//! `POST /v1/reports/visit-metrics/dwell-time`

use connectors_core::provider::Operation;
use connectors_core::{DateRange, Result};
use serde::de::MapAccess;

use super::Visits;
use super::hours::uneven;
use crate::model::{DwellBin, DwellTime, NoData, Outcome, VenueId};
use crate::native::body::Body;
use crate::native::node::{Count, Counts, Entry, Measure, Members};
use crate::native::report::{Kind, operation};
use crate::native::request::{Asking, report};

pub(crate) static DWELL_TIME: Operation =
    operation("reports.visits.dwell_time", "/v1/reports/visit-metrics/dwell-time");

report! {
    /// A report of how long people stayed, in the making.
    pub struct DwellTimeRequest => DwellTime, of one;
    filters "filters";
    nearby;
}

impl Visits {
    /// How long people stayed at a venue or complex, over the whole range.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-visit-metrics-dwell-time-1).
    pub fn dwell_time(&self, venue: VenueId, range: DateRange) -> DwellTimeRequest {
        DwellTimeRequest(Asking::one(&self.0, &DWELL_TIME, venue, range))
    }
}

#[derive(Debug, Default)]
pub(crate) struct Dwells {
    bins: Counts,
    traffic: Counts,
    average: Measure,
    median: Measure,
}

impl Members for Dwells {
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error> {
        match name {
            "bins" => self.bins = map.next_value()?,
            "estimatedFoottraffic" => self.traffic = map.next_value()?,
            "average" => self.average = map.next_value()?,
            "median" => self.median = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Kind for DwellTime {
    type Members = Dwells;

    fn build(_: &Body, venue: &VenueId, entry: Entry<Dwells>) -> Result<Outcome<Self>> {
        let Dwells { bins, traffic, average, median } = entry.members;
        if bins.0.len() != traffic.0.len() {
            return Err(uneven("estimatedFoottraffic", traffic.0.len(), "bins", bins.0.len()));
        }
        if bins.0.is_empty() && average.0.is_none() {
            return Ok(Outcome::NoData(NoData::NoContent));
        }
        let bin = |(bin, count): (&Count, &Count)| {
            Some(DwellBin { from_minutes: u32::try_from(bin.0?).ok()?, visits: count.0.unwrap_or_default() })
        };
        Ok(Outcome::ready(Self {
            venue: venue.clone(),
            bins: bins.0.iter().zip(&traffic.0).filter_map(bin).collect(),
            average_minutes: average.0,
            median_minutes: median.0,
            segment: entry.head.segment,
        }))
    }
}
