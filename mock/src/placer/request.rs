//! Reads report requests, strictly.

use chrono::{Datelike as _, NaiveDate};
use connectors_core::{DateRange, HttpRequest};
use http::header;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::fake::FIRST_YEAR;
use super::refusal::Refusal;

/// A report of the fake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Report {
    Metrics,
    Trends,
    TrendsSingle,
    Hours,
    Days,
    DwellTime,
}

impl Report {
    pub(super) fn of_path(path: &str) -> Option<Self> {
        Some(match path.strip_prefix("/v1/reports/")? {
            "visit-metrics" => Self::Metrics,
            "visit-trends" => Self::Trends,
            "visit-trends/single" => Self::TrendsSingle,
            "visit-metrics/hours" => Self::Hours,
            "visit-metrics/days" => Self::Days,
            "visit-metrics/dwell-time" => Self::DwellTime,
            _ => return None,
        })
    }

    pub(super) fn operation(self) -> &'static str {
        match self {
            Self::Metrics => "reports.visit_metrics",
            Self::Trends => "reports.visit_trends",
            Self::TrendsSingle => "reports.visit_trends_single",
            Self::Hours => "reports.hours",
            Self::Days => "reports.days",
            Self::DwellTime => "reports.dwell_time",
        }
    }

    pub(super) fn is_bulk(self) -> bool {
        matches!(self, Self::Metrics | Self::Trends)
    }

    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Metrics => &["startDate", "endDate", "apiIds", "includeMetadata", "filters", "nearbyRadius"],
            Self::Trends => &["startDate", "endDate", "apiIds", "granularity", "filters", "visitDurationSegmentation"],
            Self::TrendsSingle => &["startDate", "endDate", "apiId", "granularity", "filters"],
            Self::Hours | Self::Days | Self::DwellTime => &["startDate", "endDate", "apiId", "filters", "nearbyRadius"],
        }
    }
}

/// What a report is to be about.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) ids: Vec<String>,
    pub(super) range: DateRange,
    pub(super) granularity: Granularity,
    pub(super) include_metadata: bool,
    pub(super) filters: Filters,
    pub(super) nearby: bool,
    pub(super) segment: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Granularity {
    #[default]
    Day,
    Week,
    Month,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct Filters {
    audience_type: Vec<String>,
    dwell_time: Option<DwellTime>,
    hours_range: Option<HoursRange>,
    days_of_week: Vec<u32>,
    distance: Option<Distance>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct DwellTime {
    operator: String,
    #[serde(rename = "value")]
    _minutes: u32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct HoursRange {
    from_hour: String,
    to_hour: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Distance {
    from: String,
    values: Map<String, Value>,
}

impl Filters {
    /// Whether visits on this weekday (Monday = 1) count.
    pub(super) fn counts_on(&self, weekday: u32) -> bool {
        self.days_of_week.is_empty() || self.days_of_week.contains(&weekday)
    }

    /// Which share of the visits is left: invented, and smaller with every filter.
    pub(super) fn share(&self) -> f64 {
        let filters = [
            !self.audience_type.is_empty(),
            self.dwell_time.is_some(),
            self.hours_range.is_some(),
            self.distance.is_some(),
        ];
        filters.into_iter().filter(|set| *set).fold(1.0, |share, _| share * 0.6)
    }

    fn check(&self, report: Report) -> Result<(), Refusal> {
        let one_of = |value: &str, known: &[&str]| known.contains(&value);
        let hour = |text: &str| {
            text.len() == 8 && (text.ends_with(" am") || text.ends_with(" pm")) && text.get(2..3) == Some(":")
        };
        let sound = self.audience_type.iter().all(|a| one_of(a, &["visitors", "employees", "residents"]))
            && self.dwell_time.as_ref().is_none_or(|d| one_of(&d.operator, &["<", ">="]))
            && self.hours_range.as_ref().is_none_or(|h| hour(&h.from_hour) && hour(&h.to_hour))
            && self.days_of_week.iter().all(|day| (1..=7).contains(day))
            && self.distance.as_ref().is_none_or(|d| {
                let limits = d
                    .values
                    .iter()
                    .all(|(name, miles)| one_of(name, &["lt", "le", "eq", "ge", "gt"]) && miles.is_number());
                one_of(&d.from, &["home", "work"]) && !d.values.is_empty() && limits
            });
        let base_only = self.audience_type.is_empty() && self.dwell_time.is_none() && self.hours_range.is_none();
        match (sound, report == Report::Trends && !base_only) {
            (false, _) => Err(Refusal::arguments("filters are malformed")),
            (true, true) => Err(Refusal::arguments("filter is not supported by this report")),
            (true, false) => Ok(()),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    start_date: NaiveDate,
    end_date: NaiveDate,
    #[serde(default)]
    api_id: Option<String>,
    #[serde(default)]
    api_ids: Option<Vec<String>>,
    #[serde(default)]
    granularity: Option<Granularity>,
    #[serde(default)]
    include_metadata: Option<bool>,
    #[serde(default)]
    filters: Filters,
    #[serde(default)]
    nearby_radius: Option<u32>,
    #[serde(default)]
    visit_duration_segmentation: Option<String>,
}

/// Reads a request. In strict mode a field that the report does not have is refused; the real service ignores it in
/// silence. Days after `latest` have no data yet.
pub(super) fn read(
    report: Report,
    request: &HttpRequest,
    strict: bool,
    latest: NaiveDate,
) -> Result<Question, Refusal> {
    let content_type =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !content_type.starts_with("application/json") {
        return Err(Refusal::bad_request("Content-Type must be application/json"));
    }
    let mut fields: Map<String, Value> =
        serde_json::from_slice(request.body()).map_err(|_| Refusal::bad_request("the body is not a JSON object"))?;
    let unknown: Vec<String> =
        fields.keys().filter(|name| !report.fields().contains(&name.as_str())).cloned().collect();
    if let (Some(name), true) = (unknown.first(), strict) {
        return Err(Refusal::bad_request(format!("unknown field {name}")));
    }
    for name in unknown {
        fields.remove(&name);
    }
    let body: Body =
        serde_json::from_value(Value::Object(fields)).map_err(|error| Refusal::arguments(error.to_string()))?;
    body.filters.check(report)?;
    if body.nearby_radius.is_some_and(|radius| ![100, 250, 500, 750, 1000].contains(&radius)) {
        return Err(Refusal::arguments("nearbyRadius is not allowed"));
    }
    let segments = ["under10Min", "10MinOrLonger", "allVisits", "default"];
    let segment = body.visit_duration_segmentation;
    if segment.as_ref().is_some_and(|segment| !segments.contains(&segment.as_str())) {
        return Err(Refusal::arguments("visitDurationSegmentation is not allowed"));
    }
    if matches!(report, Report::Trends | Report::TrendsSingle) && body.granularity.is_none() {
        return Err(Refusal::bad_request("granularity is required"));
    }
    let ids = if report.is_bulk() { body.api_ids.unwrap_or_default() } else { body.api_id.into_iter().collect() };
    if ids.is_empty() || ids.len() > 100 {
        return Err(Refusal::arguments("apiId is missing, or there are more than 100"));
    }
    if !ids.iter().all(|id| well_formed(id)) {
        return Err(Refusal::arguments("apiId is malformed"));
    }
    let range =
        DateRange::new(body.start_date, body.end_date).map_err(|_| Refusal::arguments("startDate is after endDate"))?;
    if range.end() > latest {
        return Err(Refusal::arguments("endDate is not available yet"));
    }
    if range.start().year() < FIRST_YEAR {
        return Err(Refusal::arguments("startDate is before the first day with data"));
    }
    Ok(Question {
        ids,
        range,
        granularity: body.granularity.unwrap_or_default(),
        include_metadata: body.include_metadata.unwrap_or(true),
        filters: body.filters,
        nearby: body.nearby_radius.is_some(),
        segment: segment.filter(|segment| segment != "default"),
    })
}

pub(super) fn well_formed(id: &str) -> bool {
    id.split_once(':').is_some_and(|(kind, hex)| {
        let known = ["venue", "complex", "chain", "tag", "billboard"].contains(&kind);
        known && hex.len() == 24 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}
