//! From which census block groups people come: near ones more than far ones, those of one city the same for all places.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};
use http::StatusCode;
use serde_json::{Value, json};

use super::answer::{self, Outcome, object};
use super::fake::Dialect;
use super::place::FakeVenue;
use super::refusal::Refusal;
use super::request::Question;
use super::trade_area::{position, reach};
use super::visits::{Granularity, View, first_of};
use crate::fake::{self, Reply};

/// Block groups lie in a grid of this many degrees.
const GRID: f64 = 0.02;

/// People come from block groups so many steps away at most.
const STEPS: i32 = 16;

/// Fewer visits from a block group are not told, for privacy.
const FEWEST_VISITS: f64 = 2.0;

pub(super) fn is_asked(question: &Question) -> bool {
    question.operation.name == "reports.visits.cbgs"
}

/// The members of the report.
pub(super) fn report(view: &View<'_>, question: &Question) -> Outcome {
    question.text_of("location", &["Home"])?;
    let share = match question.whole_in("trafficVolPct", 70, 100)?.unwrap_or(70) {
        70 => 0.7,
        100 => 1.0,
        _ => return Err(Refusal::arguments("trafficVolPct must be 70 or 100")),
    };
    let first: fn(NaiveDate) -> NaiveDate = match question.text_of("granularity", &["week", "month", "year"])? {
        Some("week") => |day| first_of(day, Granularity::Week),
        Some("month") => |day| first_of(day, Granularity::Month),
        _ => |day| day.with_ordinal(1).unwrap_or(day),
    };
    whole_bin(question)?;
    let mut bins = BTreeMap::<NaiveDate, u64>::new();
    // A chain is at home nowhere.
    let days = view.days.iter().filter(|_| view.venue.entity_type() != "chain");
    for (day, visits) in days {
        *bins.entry(first(*day)).or_default() += visits;
    }
    let origins = origins(view, share);
    let rows = |visits: u64| -> Vec<Value> {
        #[expect(clippy::cast_precision_loss, reason = "a count of people")]
        let from = |(code, part): &(u64, f64)| (*code, (visits as f64 * part * 100.0).round() / 100.0);
        let told = origins.iter().map(from).filter(|(_, visits)| *visits >= FEWEST_VISITS);
        // A number: the zero that codes of some states begin with gets lost.
        told.map(|(code, visits)| json!({"CBGCode": code, "visits": visits})).collect()
    };
    let (dates, trend): (Vec<_>, Vec<_>) = bins.into_iter().map(|(date, visits)| (date, rows(visits))).unzip();
    Ok(object(json!({"dates": dates, "visitsByCBGsTrend": trend})))
}

fn whole_bin(question: &Question) -> Result<(), Refusal> {
    let Some(range) = question.range else { return Ok(()) };
    let end = match question.text("granularity") {
        Some("week") => range.start().checked_add_days(chrono::Days::new(7)),
        Some("month") => range.start().checked_add_months(Months::new(1)),
        _ => range.start().checked_add_months(Months::new(12)),
    };
    if end.is_some_and(|end| range.end() < end) {
        return Err(Refusal::arguments("the range does not hold a whole period"));
    }
    Ok(())
}

/// The block groups with their parts of the visits, those with the largest first, up to this share of all.
fn origins(view: &View<'_>, share: f64) -> Vec<(u64, f64)> {
    let [latitude, longitude] = position(view.venue, &view.curve);
    let (row, column) = (cell(latitude), cell(longitude));
    let spread = reach(view.venue.profile);
    let mut parts = Vec::new();
    for north in -STEPS..=STEPS {
        for east in -STEPS..=STEPS {
            let (row, column) = (row + north, column + east);
            let up = (f64::from(row) * GRID - latitude) * 69.0;
            let aside = (f64::from(column) * GRID - longitude) * 69.0 * latitude.to_radians().cos();
            let code = code(view.venue, row, column);
            let lively = 0.3 + 1.4 * view.curve.chance(&format!("origin {code}"), NaiveDate::default());
            parts.push((code, lively * (-up.hypot(aside) / (spread * 0.6)).exp()));
        }
    }
    let all: f64 = parts.iter().map(|(_, part)| part).sum();
    parts.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut told = 0.0;
    parts
        .into_iter()
        .map(|(code, part)| (code, part / all))
        .take_while(|(_, part)| {
            told += part;
            told <= share + 1e-9
        })
        .collect()
}

#[expect(clippy::cast_possible_truncation, reason = "degrees in fiftieths")]
fn cell(degrees: f64) -> i32 {
    (degrees / GRID).round() as i32
}

/// The code of a cell, in the county of the place's city.
fn code(venue: &FakeVenue, row: i32, column: i32) -> u64 {
    let county = match venue.seed.map(|seed| seed.city) {
        Some("Boston") => 25_025,
        Some("New York") => 36_061,
        Some("Chicago") => 17_031,
        Some("Austin") => 48_453,
        Some("Miami") => 12_086,
        Some("Los Angeles") => 6037,
        Some("Seattle") => 53_033,
        Some("Denver") => 8031,
        _ => 29_095,
    };
    let digits = |cell: i32| u64::from(cell.unsigned_abs() % 1000);
    let tract = digits(row) * 1000 + digits(column);
    county * 10_000_000 + tract * 10 + 1 + (digits(row) + digits(column)) % 4
}

/// The answer: a list within the report, in which every place has its bins.
pub(super) fn reply(
    dialect: Dialect,
    question: &Question,
    outcomes: &[(&str, Outcome)],
    all_well: bool,
    request_id: &str,
) -> Reply {
    let is_nothing = |outcome: &Outcome| outcome.as_ref().is_err_and(|refusal| refusal.code == 3006);
    if outcomes.iter().all(|(_, outcome)| is_nothing(outcome)) {
        return fake::empty(StatusCode::NO_CONTENT);
    }
    let entry = |(id, outcome): &(&str, Outcome)| match outcome {
        Ok(members) => {
            let mut members = members.clone();
            members.insert("apiId".to_owned(), json!(id));
            if dialect == Dialect::Documented {
                members.get_mut("visitsByCBGsTrend").map(respelled);
            }
            Value::Object(members)
        }
        Err(refusal) => answer::failed(dialect, id, refusal),
    };
    let mut report = object(json!({"visitsByCBGs": outcomes.iter().map(entry).collect::<Vec<_>>()}));
    for name in ["startDate", "endDate", "granularity", "location", "trafficVolPct"] {
        report.insert(name.to_owned(), question.value(name).cloned().unwrap_or_default());
    }
    let status = if all_well { StatusCode::OK } else { StatusCode::MULTI_STATUS };
    let body = match dialect {
        Dialect::Documented => {
            report.insert("requestId".to_owned(), json!(request_id));
            Value::Object(report)
        }
        Dialect::Observed => json!({"requestId": request_id, "data": report}),
    };
    fake::json(status, &body)
}

/// The documentation spells the code with a small letter.
fn respelled(trend: &mut Value) {
    let rows = trend.as_array_mut().into_iter().flatten().filter_map(Value::as_array_mut).flatten();
    for row in rows.filter_map(Value::as_object_mut) {
        if let Some(code) = row.remove("CBGCode") {
            row.insert("CBGcode".to_owned(), code);
        }
    }
}
