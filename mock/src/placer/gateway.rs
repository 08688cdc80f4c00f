//! The gateway contract over the same places.

use chrono::{DateTime, NaiveDate, Utc};
use connectors_core::{DateRange, HttpRequest};
use http::{StatusCode, header};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::answer::shown;
use super::fake::{Dialect, FIRST_YEAR, FakePlacer};
use super::place::{FakeVenue, Standing};
use super::pois::pairs;
use super::refusal::bare;
use super::visits::sum_hours;
use crate::fake::{self, Fake as _, Reply, Route};

pub(super) fn route(path: &str) -> Option<Route> {
    match split(path)?.1 {
        "footfall" => Some(Route::read("venues.footfall")),
        "movement" => Some(Route::read("venues.movement")),
        _ => None,
    }
}

/// The venue's id, decoded, and what is asked about it.
fn split(path: &str) -> Option<(String, &str)> {
    let (id, what) = path.strip_prefix("/venues/")?.split_once('/')?;
    Some((percent_decode_str(id).decode_utf8_lossy().into_owned(), what))
}

pub(super) fn handle(fake: &FakePlacer, request: &HttpRequest, now: DateTime<Utc>) -> Reply {
    let token = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if token.and_then(|token| token.strip_prefix("Bearer ")) != Some(FakePlacer::KEY) {
        return bare(StatusCode::UNAUTHORIZED, "invalid token");
    }
    let (Some((id, what)), Some(_)) = (split(request.uri().path()), fake.route(request)) else {
        return bare(StatusCode::NOT_FOUND, "no such route");
    };
    let Some(venue) = fake.venue(&id) else { return bare(StatusCode::NOT_FOUND, "venue not found") };
    if venue.standing == Standing::NotPermitted {
        return bare(StatusCode::FORBIDDEN, "venue not included in your plan");
    }
    let has_data = venue.standing != Standing::NoData;
    match what {
        "footfall" => footfall(fake, &venue, request, now, has_data),
        _ if has_data => movement(fake, &venue, now),
        _ => bare(StatusCode::NOT_FOUND, "no data for this venue"),
    }
}

fn footfall(fake: &FakePlacer, venue: &FakeVenue, request: &HttpRequest, now: DateTime<Utc>, has_data: bool) -> Reply {
    let (mut start, mut end) = (None, None);
    for (name, value) in pairs(request) {
        let day = value.get(..10).and_then(|day| day.parse::<NaiveDate>().ok());
        match (name.as_str(), day) {
            ("start", Some(day)) => start = Some(day),
            ("end", Some(day)) => end = Some(day),
            _ => return bare(StatusCode::BAD_REQUEST, &format!("bad parameter {name}")),
        }
    }
    let range = start.zip(end).and_then(|(start, end)| DateRange::new(start, end).ok());
    let Some(range) = range else { return bare(StatusCode::BAD_REQUEST, "start and end are required, in order") };
    let curve = venue.curve(fake.config.seed);
    let row = |day: NaiveDate| {
        let visits = curve.visits(day, 1.0);
        json!({"venueId": venue.id, "date": day, "visits": visits, "uniqueVisitors": curve.visitors(visits, 1, day),
            "avgDwellTime": curve.dwell(day)})
    };
    let latest = fake.latest(now);
    let first = NaiveDate::from_ymd_opt(FIRST_YEAR, 1, 1).unwrap_or(latest).max(range.start());
    let known = DateRange::new(first, range.end().min(latest)).ok().filter(|_| has_data);
    let rows: Vec<Value> = known.into_iter().flat_map(DateRange::days).map(row).collect();
    match (fake.config.dialect, rows.as_slice()) {
        // Some gateways answer a single day with the object alone.
        (Dialect::Observed, [only]) => fake::json(StatusCode::OK, only),
        _ => fake::json(StatusCode::OK, &rows),
    }
}

#[expect(clippy::cast_precision_loss, reason = "ratios of counts of people")]
fn movement(fake: &FakePlacer, venue: &FakeVenue, now: DateTime<Utc>) -> Reply {
    let curve = venue.curve(fake.config.seed);
    let days =
        DateRange::last_days(28, fake.latest(now)).map(|range| range.days().collect::<Vec<_>>()).unwrap_or_default();
    let days: Vec<_> = days.into_iter().map(|day| (day, curve.visits(day, 1.0))).collect();
    let hours = sum_hours(&curve, &days);
    let busiest = (0_u8..).zip(hours).max_by_key(|(_, count)| *count).unwrap_or_default();
    let part = match busiest.0 {
        0..=5 => "night",
        6..=11 => "morning",
        12..=16 => "afternoon",
        17..=20 => "evening",
        21.. => "late",
    };
    let peaks = (0_u8..).zip(hours).filter(|(_, count)| *count as f64 >= 0.85 * busiest.1 as f64).map(|(hour, _)| hour);
    let peaks: Vec<String> = match fake.config.dialect {
        Dialect::Documented => peaks.map(shown).collect(),
        Dialect::Observed => peaks.map(|hour| format!("{hour:02}:00")).collect(),
    };
    fake::json(
        StatusCode::OK,
        &json!({"venueId": venue.id, "timeOfDay": part, "trafficLevel": "high", "peakHours": peaks, "averageVisitDuration": 41}),
    )
}
