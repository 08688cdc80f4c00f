//! `POST /v1/reports/visit-metrics/dwell-time`

use std::sync::Arc;

use connectors_core::provider::Operation;
use connectors_core::{DateRange, Response, Result};
use serde::de::MapAccess;

use super::Reports;
use super::hours::uneven;
use super::node::{Counts, Entry, Measure, Members};
use super::report::{Kind, report};
use super::venue_report::VenueReport;
use crate::model::{DwellBin, DwellTime, NearbyRadius, VenueId};

pub(super) static DWELL_TIME: Operation = report("reports.dwell_time", "/v1/reports/visit-metrics/dwell-time");

/// A report of how long people stayed, in the making.
pub type DwellTimeRequest = VenueReport<DwellTime>;

impl Reports {
    /// How long people stayed at a venue or complex, over the whole range.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-visit-metrics-dwell-time-1).
    pub fn dwell_time(&self, venue: VenueId, range: DateRange) -> DwellTimeRequest {
        VenueReport::new(&self.0, venue, range)
    }
}

impl DwellTimeRequest {
    /// Reports on the activity around the place instead.
    pub fn nearby_radius(mut self, radius: NearbyRadius) -> Self {
        self.body.nearby_radius = Some(radius);
        self
    }

    /// Asks for it.
    pub async fn send(self) -> Result<Response<Option<Arc<DwellTime>>>> {
        self.run(&DWELL_TIME).await
    }
}

connectors_core::request_options!(DwellTimeRequest => Option<Arc<DwellTime>>);

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

    fn build(venue: &VenueId, entry: Entry<Dwells>) -> Result<Option<Self>> {
        let Dwells { bins, traffic, average, median } = entry.members;
        if bins.0.len() != traffic.0.len() {
            return Err(uneven("estimatedFoottraffic", traffic.0.len(), "bins", bins.0.len()));
        }
        if bins.0.is_empty() && average.0.is_none() {
            return Ok(None);
        }
        let bin = |(bin, count): (&super::node::Count, &super::node::Count)| {
            Some(DwellBin { from_minutes: u32::try_from(bin.0?).ok()?, visits: count.0.unwrap_or_default() })
        };
        Ok(Some(Self {
            venue: venue.clone(),
            bins: bins.0.iter().zip(&traffic.0).filter_map(bin).collect(),
            average_minutes: average.0,
            median_minutes: median.0,
            segment: entry.head.segment,
        }))
    }
}
