//! Reads requests, strictly.

use chrono::{Datelike as _, NaiveDate};
use connectors_core::{DateRange, HttpRequest};
use http::header;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::fake::FIRST_YEAR;
use super::operations::{Form, Operation};
use super::period;
use super::refusal::Refusal;

/// What a report is to be about.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) operation: &'static Operation,
    pub(super) ids: Vec<String>,
    /// The days; rankings may have a period instead.
    pub(super) range: Option<DateRange>,
    pub(super) filters: Filters,
    pub(super) nearby: bool,
    body: Map<String, Value>,
}

impl Question {
    /// What a module answers to a report that it does not know.
    pub(super) fn unknown(&self) -> Refusal {
        Refusal::bad_request(format!("the fake has no {}", self.operation.name))
    }

    /// A member of the body.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.body.get(name).filter(|value| !value.is_null())
    }

    /// A member that is a text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.value(name)?.as_str()
    }

    /// A member that is a flag.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.value(name)?.as_bool()
    }

    /// A member that must be one of these texts, where it is there.
    pub(super) fn text_of(&self, name: &str, known: &[&'static str]) -> Result<Option<&'static str>, Refusal> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let found = known.iter().find(|text| value.as_str() == Some(text)).copied();
        found.map(Some).ok_or_else(|| Refusal::arguments(format!("{name} is not allowed")))
    }

    /// A member that must be a number within these limits, where it is there.
    pub(super) fn number_in(&self, name: &str, low: f64, high: f64) -> Result<Option<f64>, Refusal> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let found = value.as_f64().filter(|number| (low..=high).contains(number));
        found.map(Some).ok_or_else(|| Refusal::arguments(format!("{name} must be from {low} to {high}")))
    }

    /// As [`number_in`](Self::number_in), for whole numbers.
    pub(super) fn whole_in(&self, name: &str, low: u64, high: u64) -> Result<Option<u64>, Refusal> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let found = value.as_u64().filter(|number| (low..=high).contains(number));
        found.map(Some).ok_or_else(|| Refusal::arguments(format!("{name} must be a whole number from {low} to {high}")))
    }
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

    /// Whether visits in this hour count; `None` where all hours do.
    pub(super) fn counts_in(&self) -> Option<impl Fn(u32) -> bool + use<>> {
        let hours = self.hours_range.as_ref()?;
        let hour = |text: &str| {
            let hour = text.get(..2).and_then(|hour| hour.parse::<u32>().ok()).unwrap_or_default() % 12;
            if text.ends_with("pm") { hour + 12 } else { hour }
        };
        let (from, to) = (hour(&hours.from_hour), hour(&hours.to_hour));
        // Until midnight, or beyond it.
        Some(move |hour| if from < to { (from..to).contains(&hour) } else { hour >= from || hour < to })
    }

    /// Which share of the visits is left by the other filters: invented, and smaller with each.
    pub(super) fn share(&self) -> f64 {
        let filters = [!self.audience_type.is_empty(), self.dwell_time.is_some(), self.distance.is_some()];
        filters.into_iter().filter(|set| *set).fold(1.0, |share, _| share * 0.6)
    }

    fn check(&self, operation: &Operation) -> Result<(), Refusal> {
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
        match (sound, operation.name == "reports.visits.trends" && !base_only) {
            (false, _) => Err(Refusal::arguments("filters are malformed")),
            (true, true) => Err(Refusal::arguments("filter is not supported by this report")),
            (true, false) => Ok(()),
        }
    }
}

/// The body of a request: a JSON object with all that it must have. In strict mode a member that the operation does not
/// have is refused; the real service ignores it in silence.
pub(super) fn body(operation: &Operation, request: &HttpRequest, strict: bool) -> Result<Map<String, Value>, Refusal> {
    let content_type =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !content_type.starts_with("application/json") {
        return Err(Refusal::bad_request("Content-Type must be application/json"));
    }
    let mut members: Map<String, Value> =
        serde_json::from_slice(request.body()).map_err(|_| Refusal::bad_request("the body is not a JSON object"))?;
    let unknown: Vec<String> =
        members.keys().filter(|name| !operation.body.contains(&name.as_str())).cloned().collect();
    if let (Some(name), true) = (unknown.first(), strict) {
        return Err(Refusal::bad_request(format!("unknown field {name}")));
    }
    for name in unknown {
        members.remove(&name);
    }
    match operation.required.iter().find(|name| members.get(**name).is_none_or(Value::is_null)) {
        Some(name) => Err(Refusal::bad_request(format!("{name} is required"))),
        None => Ok(members),
    }
}

/// Reads the request of a report. Days after `latest` have no data yet.
pub(super) fn read(
    operation: &'static Operation,
    request: &HttpRequest,
    strict: bool,
    latest: NaiveDate,
) -> Result<Question, Refusal> {
    let body = body(operation, request, strict)?;
    let filters = body.get("filters").or_else(|| body.get("filter")).cloned();
    let filters: Filters =
        filters.map(serde_json::from_value).transpose().map_err(|e| refused(&e))?.unwrap_or_default();
    filters.check(operation)?;
    let ids: Vec<String> = match operation.form {
        Form::Bulk => {
            serde_json::from_value(body.get("apiIds").cloned().unwrap_or_default()).map_err(|e| refused(&e))?
        }
        _ => body.get("apiId").and_then(Value::as_str).map(str::to_owned).into_iter().collect(),
    };
    if ids.is_empty() || ids.len() > 100 {
        return Err(Refusal::arguments("apiId is missing, or there are more than 100"));
    }
    if !ids.iter().all(|id| well_formed(id)) {
        return Err(Refusal::arguments("apiId is malformed"));
    }
    let range = match (range(&body, latest)?, body.get("period").filter(|period| !period.is_null())) {
        (Some(_), Some(_)) => return Err(Refusal::arguments("period and startDate exclude each other")),
        (None, Some(preset)) => {
            let days = preset.as_str().and_then(|preset| period::named(preset, latest));
            Some(days.ok_or_else(|| Refusal::arguments("period is not allowed"))?)
        }
        (range, None) => range,
    };
    let nearby = body.get("nearbyRadius").is_some_and(|radius| !radius.is_null());
    let question = Question { operation, ids, range, filters, nearby, body };
    let radius = question.value("nearbyRadius").and_then(Value::as_u64);
    if nearby && !radius.is_some_and(|radius| [100, 250, 500, 750, 1000].contains(&radius)) {
        return Err(Refusal::arguments("nearbyRadius is not allowed"));
    }
    question.text_of("visitDurationSegmentation", &["under10Min", "10MinOrLonger", "allVisits", "default"])?;
    Ok(question)
}

fn refused(error: &serde_json::Error) -> Refusal {
    Refusal::arguments(error.to_string())
}

fn range(body: &Map<String, Value>, latest: NaiveDate) -> Result<Option<DateRange>, Refusal> {
    let day = |name: &str| {
        let day =
            body.get(name).filter(|value| !value.is_null()).map(|value| value.as_str()?.parse::<NaiveDate>().ok());
        day.map(|day| day.ok_or_else(|| Refusal::arguments(format!("{name} is not a date")))).transpose()
    };
    let (start, end) = match (day("startDate")?, day("endDate")?) {
        (Some(start), Some(end)) => (start, end),
        (None, None) => return Ok(None),
        _ => return Err(Refusal::arguments("startDate and endDate go together")),
    };
    let range = DateRange::new(start, end).map_err(|_| Refusal::arguments("startDate is after endDate"))?;
    if range.end() > latest {
        return Err(Refusal::arguments("endDate is not available yet"));
    }
    if range.start().year() < FIRST_YEAR {
        return Err(Refusal::arguments("startDate is before the first day with data"));
    }
    Ok(Some(range))
}

pub(super) fn well_formed(id: &str) -> bool {
    id.split_once(':').is_some_and(|(kind, hex)| {
        let known = ["venue", "complex", "chain", "tag", "billboard"].contains(&kind);
        known && hex.len() == 24 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}
