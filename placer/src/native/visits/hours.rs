//! `POST /v1/reports/visit-metrics/hours`

use std::str::FromStr;

use chrono::Weekday;
use connectors_core::provider::Operation;
use connectors_core::{DateRange, Error, ErrorKind, Result};
use serde::Deserialize;
use serde::de::MapAccess;

use super::Visits;
use crate::model::{HourlyVisits, NoData, OpeningHours, Outcome, VenueId, parse_hour};
use crate::native::body::Body;
use crate::native::node::{Counts, Entry, Members};
use crate::native::report::{Kind, operation};
use crate::native::request::{Asking, report};

pub(crate) static HOURS: Operation = operation("reports.visits.hours", "/v1/reports/visit-metrics/hours");

report! {
    /// A report of visits by the hour of the day, in the making.
    pub struct HoursRequest => HourlyVisits, of one;
    filters "filters";
    nearby;
}

impl Visits {
    /// How many came to a venue or complex in each hour of the day, over the whole range.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-visit-metrics-hours-1).
    pub fn hours(&self, venue: VenueId, range: DateRange) -> HoursRequest {
        HoursRequest(Asking::one(&self.0, &HOURS, venue, range))
    }
}

/// Bins and what was counted in each.
#[derive(Debug, Default)]
pub(crate) struct Binned {
    pub(super) bins: Counts,
    pub(super) traffic: Counts,
    opening_hours: Vec<OpeningHoursText>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OpeningHoursText {
    day: Option<String>,
    from_hour: Option<String>,
    to_hour: Option<String>,
}

impl Members for Binned {
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error> {
        match name {
            "bins" => self.bins = map.next_value()?,
            "estimatedFoottraffic" => self.traffic = map.next_value()?,
            "openingHours" => self.opening_hours = map.next_value::<Option<_>>()?.unwrap_or_default(),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Binned {
    /// The counts of the bins `0..N`; `None` when there are none.
    pub(super) fn by_bin<const N: usize>(&self) -> Result<Option<[u64; N]>> {
        let (bins, traffic) = (&self.bins.0, &self.traffic.0);
        if traffic.is_empty() {
            return Ok(None);
        }
        if bins.len() != traffic.len() {
            return Err(uneven("estimatedFoottraffic", traffic.len(), "bins", bins.len()));
        }
        let mut counts = [0; N];
        for (bin, count) in bins.iter().zip(traffic) {
            let slot = bin.0.and_then(|bin| counts.get_mut(usize::try_from(bin).ok()?));
            *slot.ok_or_else(|| Error::new(ErrorKind::Decode, "a bin is out of range").with_json_path("bins"))? =
                count.0.unwrap_or_default();
        }
        Ok(Some(counts))
    }
}

/// Two lists that belong together do not.
pub(crate) fn uneven(what: &str, found: usize, of: &str, expected: usize) -> Error {
    Error::new(ErrorKind::Decode, format!("has {found} values for {expected} {of}")).with_json_path(what)
}

impl Kind for HourlyVisits {
    type Members = Binned;

    fn build(_: &Body, venue: &VenueId, entry: Entry<Binned>) -> Result<Outcome<Self>> {
        let Some(hours) = entry.members.by_bin()? else { return Ok(Outcome::NoData(NoData::NoContent)) };
        let opening_hours = entry.members.opening_hours.iter().filter_map(opening_hours).collect();
        Ok(Outcome::ready(Self { venue: venue.clone(), hours, opening_hours, segment: entry.head.segment }))
    }
}

/// Opening hours that cannot be read count as unknown.
fn opening_hours(text: &OpeningHoursText) -> Option<OpeningHours> {
    let day = Weekday::from_str(text.day.as_deref()?).ok()?;
    let (from, to) = (text.from_hour.as_deref()?, text.to_hour.as_deref()?);
    // Closing at half past belongs to the hour that has begun.
    let begun = to.split_once(':').is_some_and(|(_, minutes)| !minutes.starts_with("00"));
    Some(OpeningHours::new(day, parse_hour(from)?, (parse_hour(to)? + u8::from(begun)) % 24))
}
