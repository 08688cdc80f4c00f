//! The reports, computed from the curves and written in either dialect.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::curve::{Curve, DWELL_BINS};
use super::fake::{Dialect, FakePlacer, Oddity};
use super::place::{FakeVenue, Standing};
use super::pois;
use super::refusal::Refusal;
use super::request::{Granularity, Question, Report};
use crate::fake::{self, Reply};

/// What is said of one entity: its report, or why there is none.
type Outcome = Result<Map<String, Value>, Refusal>;

/// "Ask again", in the form that goes with the report.
pub(super) fn in_progress(report: Report, question: &Question, id: &str) -> Reply {
    if !report.is_bulk() {
        return Refusal::in_progress().reply(id);
    }
    let items: Vec<_> =
        question.ids.iter().map(|id| failed(Dialect::Documented, id, &Refusal::in_progress())).collect();
    fake::json(StatusCode::ACCEPTED, &json!({"requestId": id, "items": items}))
}

pub(super) fn report(
    fake: &FakePlacer,
    report: Report,
    question: &Question,
    oddity: Option<Oddity>,
    request_id: &str,
) -> Result<Reply, Refusal> {
    let custom = |id: &String| fake.venue(id).is_some_and(|venue| venue.standing == Standing::Custom);
    if report == Report::Trends && question.ids.iter().any(custom) {
        return Err(Refusal::arguments("custom POIs are not supported by this report"));
    }
    let pending = |position: usize| match oddity {
        Some(Oddity::PendingInside) => true,
        Some(Oddity::PartlyPending) => position % 2 == 1,
        _ => false,
    };
    // Only the first id is looked at when a radius is asked for.
    let count = if question.nearby { 1 } else { question.ids.len() };
    let mut outcomes = Vec::new();
    for (position, id) in question.ids.iter().take(count).enumerate() {
        let outcome = if pending(position) { Err(Refusal::in_progress()) } else { about(fake, report, question, id) };
        outcomes.push((id.as_str(), outcome));
    }
    if report.is_bulk() {
        return Ok(bulk(fake.config.dialect, &outcomes, request_id));
    }
    match outcomes.into_iter().next() {
        Some((id, Ok(members))) => Ok(single(fake.config.dialect, id, members, request_id)),
        Some((_, Err(refusal))) if refusal.code == 3005 && oddity.is_some() => {
            let inside =
                json!({"code": 3005, "details": refusal.details, "message": refusal.message, "requestId": request_id});
            Ok(fake::json(StatusCode::OK, &inside))
        }
        Some((_, Err(refusal))) => Err(refusal),
        None => Err(Refusal::arguments("apiId is missing")),
    }
}

fn bulk(dialect: Dialect, outcomes: &[(&str, Outcome)], request_id: &str) -> Reply {
    let all_well = outcomes.iter().all(|(_, outcome)| outcome.is_ok());
    let entries: Vec<Value> = outcomes
        .iter()
        .map(|(id, outcome)| match (outcome, dialect) {
            (Ok(members), Dialect::Documented) => json!({"apiId": id, "status": "SUCCESS", "code": 0, "data": members}),
            (Ok(members), Dialect::Observed) => {
                let mut entry = members.clone();
                entry.insert("apiId".to_owned(), json!(id));
                Value::Object(entry)
            }
            (Err(refusal), _) => failed(dialect, id, refusal),
        })
        .collect();
    let list = match dialect {
        Dialect::Documented => "items",
        Dialect::Observed => "data",
    };
    let status = if all_well { StatusCode::OK } else { StatusCode::MULTI_STATUS };
    fake::json(status, &json!({"requestId": request_id, list: entries}))
}

fn failed(dialect: Dialect, id: &str, refusal: &Refusal) -> Value {
    let Refusal { code, details, message, .. } = refusal;
    match dialect {
        Dialect::Documented => {
            json!({"apiId": id, "status": "FAILURE", "code": code, "details": details, "message": message})
        }
        Dialect::Observed => json!({"apiId": id, "code": code, "details": details, "error": message}),
    }
}

fn single(dialect: Dialect, id: &str, mut members: Map<String, Value>, request_id: &str) -> Reply {
    let segment = members.get("visitDurationSegmentation").cloned();
    let body = match dialect {
        Dialect::Documented => {
            members.remove("visitDurationSegmentation");
            json!({"requestId": request_id, "apiId": id, "data": members, "filters": {}, "visitDurationSegmentation": segment})
        }
        Dialect::Observed => json!({"requestId": request_id, "data": [members]}),
    };
    fake::json(StatusCode::OK, &body)
}

/// The members of one report about one entity.
fn about(fake: &FakePlacer, report: Report, question: &Question, id: &str) -> Outcome {
    let venue = fake.venue(id).ok_or_else(Refusal::not_found)?;
    match venue.standing {
        Standing::NoData => return Err(Refusal::no_content()),
        Standing::Flagged => return Err(Refusal::arguments("the entity is flagged")),
        Standing::NotPermitted => return Err(Refusal::not_permitted()),
        Standing::Undeliverable => return Err(Refusal::undeliverable()),
        Standing::Normal | Standing::Custom => {}
    }
    let view = View::new(fake, venue, question);
    let mut members = match report {
        Report::Metrics => view.metrics(question.include_metadata.then(|| pois::poi(venue))),
        Report::Trends => view.trends(question.granularity, true),
        Report::TrendsSingle => view.trends(question.granularity, false),
        Report::Hours => view.hours(),
        Report::Days => view.days(),
        Report::DwellTime => view.dwell()?,
    };
    members.insert("visitDurationSegmentation".to_owned(), json!(view.segment));
    Ok(members)
}

/// One place through the filters of a question.
struct View<'a> {
    venue: &'a FakeVenue,
    curve: Curve<'a>,
    days: Vec<(NaiveDate, u64)>,
    segment: String,
}

impl<'a> View<'a> {
    fn new(fake: &FakePlacer, venue: &'a FakeVenue, question: &Question) -> Self {
        let segment = question.segment.clone().unwrap_or_else(|| venue.profile.segment().to_owned());
        let counted = match (segment.as_str(), venue.profile.segment()) {
            (asked, own) if asked == own => 1.0,
            ("allVisits", _) => 1.15,
            ("under10Min", _) => 0.15,
            _ => 0.85,
        };
        let share = counted * question.filters.share() * if question.nearby { 1.4 } else { 1.0 };
        let curve = venue.curve(fake.config.seed);
        let days = question.range.days().filter(|day| question.filters.counts_on(day.weekday().number_from_monday()));
        let days = days.map(|day| (day, curve.visits(day, share))).collect();
        Self { venue, curve, days, segment }
    }

    fn visits(&self) -> u64 {
        self.days.iter().map(|(_, visits)| visits).sum()
    }

    fn metrics(&self, metadata: Option<Value>) -> Map<String, Value> {
        let visits = self.visits();
        let first = self.days.first().map(|(day, _)| *day).unwrap_or_default();
        let visitors = self.curve.visitors(visits, self.days.len(), first);
        let (panel, panel_visitors) = (Curve::panel(visits), Curve::panel(visitors));
        // A sample of a handful tells visits and no people.
        let visitors = (panel >= 5).then_some(visitors);
        let mut members = object(json!({
            "visits": visits, "visitors": visitors, "panelVisits": panel, "panelVisitors": panel_visitors,
        }));
        if let Some(metadata) = metadata {
            members.insert("metadata".to_owned(), metadata);
        }
        members
    }

    fn trends(&self, granularity: Granularity, panel: bool) -> Map<String, Value> {
        let mut bins = BTreeMap::<NaiveDate, u64>::new();
        for (day, visits) in &self.days {
            *bins.entry(first_of(*day, granularity)).or_default() += visits;
        }
        let name = match granularity {
            Granularity::Day => "day",
            Granularity::Week => "week",
            Granularity::Month => "month",
        };
        let (dates, visits): (Vec<_>, Vec<_>) = bins.into_iter().unzip();
        let mut members = object(json!({"dates": dates, "visits": visits, "granularity": name}));
        if panel {
            members
                .insert("panelVisits".to_owned(), json!(visits.iter().map(|v| Curve::panel(*v)).collect::<Vec<_>>()));
        }
        members
    }

    fn hours(&self) -> Map<String, Value> {
        let hours = self.hourly();
        let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        let opening = self.venue.profile.opening();
        let opening: Vec<_> = opening
            .iter()
            .flat_map(|(from, to)| {
                weekdays.map(|day| json!({"day": day, "fromHour": shown(*from), "toHour": shown(*to)}))
            })
            .collect();
        object(json!({"bins": (0..24).collect::<Vec<_>>(), "estimatedFoottraffic": hours, "openingHours": opening}))
    }

    fn hourly(&self) -> [u64; 24] {
        sum_hours(&self.curve, &self.days)
    }

    fn days(&self) -> Map<String, Value> {
        let mut week = [0; 7];
        for (day, visits) in &self.days {
            if let Some(slot) = week.get_mut(day.weekday().num_days_from_monday() as usize) {
                *slot += visits;
            }
        }
        object(json!({"bins": [0, 1, 2, 3, 4, 5, 6], "estimatedFoottraffic": week}))
    }

    #[expect(clippy::cast_precision_loss, reason = "an average weighted by counts of people")]
    fn dwell(&self) -> Outcome {
        let visits = self.visits();
        if Curve::panel(visits) < 5 {
            return Err(Refusal::no_content());
        }
        let minutes: f64 = self.days.iter().map(|(day, visits)| self.curve.dwell(*day) * *visits as f64).sum();
        let average = (minutes / visits as f64).round();
        let bins = Curve::dwell_bins(visits, average);
        let median = (average * 0.85).round();
        Ok(object(json!({"bins": DWELL_BINS, "estimatedFoottraffic": bins, "average": average, "median": median})))
    }
}

pub(super) fn sum_hours(curve: &Curve<'_>, days: &[(NaiveDate, u64)]) -> [u64; 24] {
    let mut hours = [0; 24];
    for (day, visits) in days {
        for (slot, count) in hours.iter_mut().zip(curve.hourly(*day, *visits)) {
            *slot += count;
        }
    }
    hours
}

fn first_of(day: NaiveDate, granularity: Granularity) -> NaiveDate {
    match granularity {
        Granularity::Day => day,
        Granularity::Week => day.week(chrono::Weekday::Mon).first_day(),
        Granularity::Month => day.with_day(1).unwrap_or(day),
    }
}

/// `8:00 AM`
pub(super) fn shown(hour: u8) -> String {
    let half = if hour < 12 { "AM" } else { "PM" };
    format!("{}:00 {half}", if hour.is_multiple_of(12) { 12 } else { hour % 12 })
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
