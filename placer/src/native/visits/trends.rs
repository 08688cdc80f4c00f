//! `POST /v1/reports/visit-trends`

use chrono::NaiveDate;
use connectors_core::provider::Operation;
use connectors_core::{DateRange, Error, Result};
use serde::de::MapAccess;

use super::Visits;
use super::hours::uneven;
use crate::model::{BaseFilters, Granularity, NoData, Outcome, TrendPoint, VenueId, VisitSegment, VisitTrend};
use crate::native::body::Body;
use crate::native::node::{Count, Counts, Entry, Members};
use crate::native::report::{Ask, Kind, operation};
use crate::native::request::{Asking, report};

static TRENDS: Operation = operation("reports.visits.trends", "/v1/reports/visit-trends");

report! {
    /// A report of visits over time, in the making.
    pub struct TrendsRequest => VisitTrend, of many;
}

impl Visits {
    /// How many came to each venue in each bin of the range. 20 venues are one call, unless the client was built
    /// otherwise. Custom places are not accepted: use [`trends_single`](Self::trends_single), which takes all filters,
    /// too.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-visit-trends-1).
    pub fn trends(
        &self,
        venues: impl IntoIterator<Item = VenueId>,
        range: DateRange,
        granularity: Granularity,
    ) -> TrendsRequest {
        let chunk = self.0.settings().trends_chunk;
        TrendsRequest(Asking::many(&self.0, &TRENDS, venues, range, chunk).set("granularity", granularity))
    }
}

impl TrendsRequest {
    /// Counts only some of the visits. The sample is told unfiltered.
    pub fn filters(self, filters: BaseFilters) -> Self {
        let checked = self.0.check(filters.0.check());
        Self(if filters.0.is_empty() {
            checked.write(|body| body.remove("filters"))
        } else {
            checked.set("filters", filters)
        })
    }

    /// Counts these visits instead of those that Placer would choose.
    pub fn segment(self, segment: VisitSegment) -> Self {
        Self(self.0.check(check_segment(Some(&segment))).set("visitDurationSegmentation", segment))
    }
}

/// The plain report by day.
pub(crate) fn daily_trends(range: DateRange, segment: Option<VisitSegment>, chunk: usize) -> Ask {
    let mut body = Body::new(range).with("granularity", Granularity::Day);
    if let Some(segment) = segment {
        body.set("visitDurationSegmentation", segment);
    }
    Ask { operation: &TRENDS, body, chunk: Some(chunk) }
}

/// Mixed segments come in answers and cannot be asked for.
pub(crate) fn check_segment(segment: Option<&VisitSegment>) -> Result<()> {
    match segment {
        Some(VisitSegment::Mixed) => Err(Error::invalid("segment", "cannot be asked for: it describes answers")),
        _ => Ok(()),
    }
}

#[derive(Debug, Default)]
pub(crate) struct Trend {
    dates: Vec<NaiveDate>,
    granularity: Option<Granularity>,
    visits: Option<Counts>,
    panel_visits: Option<Counts>,
}

impl Members for Trend {
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error> {
        match name {
            "dates" => self.dates = map.next_value::<Option<_>>()?.unwrap_or_default(),
            "granularity" => self.granularity = map.next_value()?,
            "visits" => self.visits = map.next_value()?,
            "panelVisits" => self.panel_visits = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Kind for VisitTrend {
    type Members = Trend;

    fn build(asked: &Body, venue: &VenueId, entry: Entry<Trend>) -> Result<Outcome<Self>> {
        let Trend { dates, granularity, visits, panel_visits } = entry.members;
        let Some(Counts(visits)) = visits else { return Ok(Outcome::NoData(NoData::NoContent)) };
        if visits.is_empty() && dates.is_empty() {
            return Ok(Outcome::NoData(NoData::NoContent));
        }
        let panel = panel_visits.map(|counts| counts.0).filter(|panel| !panel.is_empty());
        for (name, length) in [("visits", visits.len()), ("panelVisits", panel.as_ref().map_or(dates.len(), Vec::len))]
        {
            if length != dates.len() {
                return Err(uneven(name, length, "dates", dates.len()));
            }
        }
        let panel = panel.into_iter().flatten().chain(std::iter::repeat(Count(None)));
        let point = |((date, visits), panel): ((NaiveDate, Count), Count)| {
            Some(TrendPoint { date, visits: visits.0?, panel_visits: panel.0 })
        };
        let mut points: Vec<_> = dates.into_iter().zip(visits).zip(panel).filter_map(point).collect();
        points.sort_unstable_by_key(|point| point.date);
        Ok(Outcome::ready(Self {
            venue: venue.clone(),
            granularity: granularity.or_else(|| asked.read("granularity")).unwrap_or(Granularity::Day),
            points,
            segment: entry.head.segment,
        }))
    }
}
