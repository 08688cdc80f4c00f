//! `POST /v1/reports/visit-metrics/cbgs`

use chrono::{Days, Months, NaiveDate};
use connectors_core::provider::Operation;
use connectors_core::{DateRange, Error, Result};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess};
use serde_json::Value;

use super::Visits;
use super::hours::uneven;
use crate::PlacerClient;
use crate::model::{Cbg, CbgGranularity, CbgRow, CbgVisits, NoData, Outcome, TrafficShare, VenueId};
use crate::native::body::Body;
use crate::native::footfall::is_known_as_custom;
use crate::native::node::{Entry, Measure, Members};
use crate::native::report::{Kind, operation};
use crate::native::request::{Asking, report};

static CBGS: Operation = operation("reports.visits.cbgs", "/v1/reports/visit-metrics/cbgs");

/// How many venues a request takes.
const MOST_VENUES: usize = 100;

/// How many bins of how many venues are asked for at once: one has hundreds of rows, or thousands.
const MOST_BINS: usize = 1000;

/// How long an answer may be.
const BODY_CAP: usize = 128 << 20;

report! {
    /// A report of the census block groups that people came from, in the making.
    pub struct CbgsRequest => CbgVisits, of many;
    /// Tells the origins of this share of the visits; of 70 percent unless told otherwise.
    set traffic_share: TrafficShare = "trafficVolPct";
}

impl Visits {
    /// From which census block groups people came to each venue, in each bin of the range, by where they live.
    ///
    /// The range must hold at least one whole bin: a month is from its first day to the first day of the next, both
    /// included. 100 venues are one call, fewer over many bins. Custom places are not accepted, chains have no data,
    /// and some contracts do not include this report.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-visit-metrics-cbgs-1).
    pub fn cbgs(
        &self,
        venues: impl IntoIterator<Item = VenueId>,
        range: DateRange,
        granularity: CbgGranularity,
    ) -> CbgsRequest {
        let venues: Vec<_> = venues.into_iter().collect();
        let chunk = (MOST_BINS / bins(range, &granularity)).clamp(1, MOST_VENUES);
        let custom: Vec<_> =
            venues.iter().filter_map(|venue| Some((venue.clone(), takes(&self.0, venue).err()?))).collect();
        let asking = Asking::many(&self.0, &CBGS, venues, range, chunk).check(holds_bin(range, &granularity));
        let asking = custom.into_iter().fold(asking, |asking, (venue, error)| asking.unfit(venue, error));
        let asking = asking.options(|options| options.body_cap = Some(BODY_CAP));
        CbgsRequest(asking.set("granularity", granularity).set("location", "Home"))
    }
}

/// How many bins there may be in a range, the parts of bins at its ends included.
fn bins(range: DateRange, granularity: &CbgGranularity) -> usize {
    let days = match granularity {
        CbgGranularity::Week => 7,
        CbgGranularity::Year => 365,
        _ => 28,
    };
    range.len() / days + 2
}

/// Refuses a range without a whole bin.
pub(crate) fn holds_bin(range: DateRange, granularity: &CbgGranularity) -> Result<()> {
    let start = range.start();
    let end = match granularity {
        CbgGranularity::Week => start.checked_add_days(Days::new(7)),
        CbgGranularity::Month => start.checked_add_months(Months::new(1)),
        CbgGranularity::Year => start.checked_add_months(Months::new(12)),
        CbgGranularity::Unknown(_) => None,
    };
    match end {
        Some(end) if range.end() < end => {
            let message = format!("must hold a whole {granularity}: it starts on {start}, so that it ends too early");
            Err(Error::invalid("endDate", message).with_hint(format!("end it on {end} or later")))
        }
        _ => Ok(()),
    }
}

/// Refuses a place of which it is known that the account made it.
pub(crate) fn takes(client: &PlacerClient, venue: &VenueId) -> Result<()> {
    if !is_known_as_custom(client, venue) {
        return Ok(());
    }
    Err(Error::invalid("apiIds", format!("has {venue}, which is a custom place"))
        .with_hint("there is no report on the origins of visits to custom places: ask for the trade area"))
}

/// The bins, and what was counted in each, in the same order.
#[derive(Debug, Default)]
pub(crate) struct Origins {
    dates: Vec<NaiveDate>,
    trend: Option<Vec<Bin>>,
}

type Bin = Option<Vec<Row>>;

/// A row as it is written.
#[derive(Debug, Deserialize)]
struct Row {
    #[serde(alias = "CBGcode", alias = "cbgCode", default, deserialize_with = "readable", rename = "CBGCode")]
    code: Option<Cbg>,
    #[serde(default)]
    visits: Measure,
}

/// A code; `None` for what cannot be one.
fn readable<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Cbg>, D::Error> {
    Ok(Cbg::deserialize(Value::deserialize(source)?).ok())
}

impl Members for Origins {
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error> {
        match name {
            "dates" => self.dates = map.next_value::<Option<_>>()?.unwrap_or_default(),
            "visitsByCBGsTrend" => self.trend = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Kind for CbgVisits {
    type Members = Origins;

    fn build(_: &Body, venue: &VenueId, entry: Entry<Origins>) -> Result<Outcome<Self>> {
        let Origins { dates, trend } = entry.members;
        let trend = trend.unwrap_or_default();
        if trend.len() != dates.len() {
            return Err(uneven("visitsByCBGsTrend", trend.len(), "dates", dates.len()));
        }
        let mut bins: Vec<_> = dates.into_iter().zip(trend).collect();
        bins.sort_by_key(|(date, _)| *date);
        let (mut rows, mut unplaced_visits) = (Vec::new(), 0.0);
        for (date, bin) in bins {
            for row in bin.into_iter().flatten() {
                match (row.code, row.visits.0) {
                    (Some(cbg), Some(visits)) => rows.push(CbgRow::new(date, cbg, visits)),
                    (None, Some(visits)) => unplaced_visits += visits,
                    (_, None) => {}
                }
            }
        }
        if rows.is_empty() {
            return Ok(Outcome::NoData(NoData::NoContent));
        }
        Ok(Outcome::ready(Self { venue: venue.clone(), rows, unplaced_visits, segment: entry.head.segment }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::node::Node;

    fn read(body: &str) -> Result<Outcome<CbgVisits>> {
        let node: Node<Origins> = serde_json::from_str(body).unwrap();
        let entry = node.into_entries().remove(0);
        assert_eq!(entry.head.api_id.as_deref().unwrap_or("venue:a"), "venue:a", "{body}");
        CbgVisits::build(&Body::default(), &VenueId::new("venue:a").unwrap(), entry)
    }

    #[test]
    fn every_envelope_and_spelling_reads_the_same() {
        let own = |key: &str, code: &str| {
            let rows = format!(r#"[[{{"{key}":{code},"visits":1.5}}],[{{"{key}":"250250701011","visits":"2"}}]]"#);
            format!(
                r#"[{{"apiId":"venue:a","dates":["2026-01-01","2026-02-01"],"visitsByCBGsTrend":{rows},"visitDurationSegmentation":"allVisits"}}]"#
            )
        };
        let documented = own("CBGcode", "60372074001");
        let observed = own("CBGCode", "60372074001.0");
        let expected = read(&format!(r#"{{"startDate":"2026-01-01","visitsByCBGs":{documented}}}"#)).unwrap();
        let found = expected.found().unwrap();
        assert_eq!(found.rows[0].cbg.as_str(), "060372074001");
        assert_eq!((found.rows.len(), found.total_visits(), found.segment.is_some()), (2, 3.5, true));
        for body in [
            format!(
                r#"{{"requestId":"a:b","data":{{"location":"Home","visitsByCBGs":{observed},"trafficVolPct":70}}}}"#
            ),
            format!(r#"{{"requestId":"a:b","data":[{{"visitsByCBGs":{observed}}}]}}"#),
            format!(r#"{{"data":{observed}}}"#),
            format!(r#"{{"items":{documented}}}"#),
        ] {
            assert_eq!(read(&body).unwrap(), expected, "{body}");
        }
    }

    #[test]
    fn what_is_missing_or_odd_is_told_and_never_a_panic() {
        let entry =
            |members: &str| read(&format!(r#"{{"data":{{"visitsByCBGs":[{{"apiId":"venue:a",{members}}}]}}}}"#));
        for nothing in [
            r#""dates":[],"visitsByCBGsTrend":[]"#,
            r#""dates":null,"visitsByCBGsTrend":null"#,
            r#""dates":["2026-01-01"],"visitsByCBGsTrend":[null]"#,
            r#""dates":["2026-01-01"],"visitsByCBGsTrend":[[{"CBGCode":60372074001,"visits":null}]]"#,
        ] {
            assert_eq!(entry(nothing).unwrap().no_data(), Some(&NoData::NoContent), "{nothing}");
        }
        let uneven = entry(r#""dates":["2026-01-01"],"visitsByCBGsTrend":[[],[]]"#).unwrap_err();
        assert_eq!(uneven.json_path(), Some("visitsByCBGsTrend"));
        let odd = r#"[[{"CBGCode":"other","visits":4},{"visits":1},{"CBGCode":60372074001,"visits":2}]]"#;
        let odd = entry(&format!(r#""dates":["2026-01-01"],"visitsByCBGsTrend":{odd}"#)).unwrap();
        let odd = odd.found().unwrap();
        assert_eq!((odd.rows.len(), odd.unplaced_visits), (1, 5.0));
    }

    #[test]
    fn a_range_holds_a_whole_bin() {
        let days = |start: &str, end: &str| DateRange::new(start.parse().unwrap(), end.parse().unwrap()).unwrap();
        assert!(holds_bin(days("2026-01-31", "2026-02-28"), &CbgGranularity::Month).is_ok());
        let short = holds_bin(days("2026-01-01", "2026-01-31"), &CbgGranularity::Month).unwrap_err();
        assert_eq!((short.field(), short.hint()), (Some("endDate"), Some("end it on 2026-02-01 or later")));
        assert!(holds_bin(days("2026-01-01", "2026-01-07"), &CbgGranularity::Week).is_err());
        assert!(holds_bin(days("2026-01-01", "2026-01-08"), &CbgGranularity::Week).is_ok());
        assert!(holds_bin(days("2025-01-01", "2025-12-31"), &CbgGranularity::Year).is_err());
        assert_eq!(bins(days("2025-01-01", "2025-12-31"), &CbgGranularity::Week), 54);
    }
}
