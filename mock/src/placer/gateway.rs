//! The gateway contract over the same places, in the variants that gateways are found in.

use chrono::{DateTime, NaiveDate, Utc};
use connectors_core::{DateRange, HttpRequest};
use connectors_placer::GatewayDates;
use http::{Method, StatusCode, header};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::answer::{object, shown};
use super::fake::{Dialect, FIRST_YEAR, FakePlacer};
use super::place::{FakeVenue, Standing};
use super::pois::pairs;
use super::refusal::bare;
use super::visits::sum_hours;
use crate::fake::{self, Reply, Route};

/// What a gateway has, all in all.
pub(super) const OPERATIONS: [&str; 4] = ["health", "venues.footfall", "venues.movement", "venues.demographics"];

pub(super) fn route(request: &HttpRequest) -> Option<Route> {
    let path = request.uri().path();
    match split(path) {
        _ if request.method() != Method::GET => None,
        None if path == "/health" => Some(Route::read("health")),
        Some((_, "footfall")) => Some(Route::read("venues.footfall")),
        Some((_, "movement")) => Some(Route::read("venues.movement")),
        Some((_, "demographics")) => Some(Route::read("venues.demographics")),
        _ => None,
    }
}

/// The venue's id, decoded, and what is asked about it.
fn split(path: &str) -> Option<(String, &str)> {
    let (id, what) = path.strip_prefix("/venues/")?.split_once('/')?;
    Some((percent_decode_str(id).decode_utf8_lossy().into_owned(), what))
}

pub(super) fn handle(fake: &FakePlacer, request: &HttpRequest, now: DateTime<Utc>) -> Reply {
    let by_day = fake.config.gateway_dates == GatewayDates::SingleDay;
    let route = route(request).filter(|route| by_day || !["health", "venues.demographics"].contains(&route.operation));
    let Some(route) = route else { return bare(StatusCode::NOT_FOUND, "no such route") };
    if route.operation == "health" {
        return fake::json(StatusCode::OK, &json!({"status": "ok", "version": "1.4.2", "timestamp": now}));
    }
    let token = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if token.and_then(|token| token.strip_prefix("Bearer ")) != Some(FakePlacer::KEY) {
        return bare(StatusCode::UNAUTHORIZED, "invalid token");
    }
    let venue = split(request.uri().path()).and_then(|(id, _)| fake.venue(&id));
    let Some(venue) = venue else { return bare(StatusCode::NOT_FOUND, "venue not found") };
    if venue.standing == Standing::NotPermitted {
        return bare(StatusCode::FORBIDDEN, "venue not included in your plan");
    }
    let days = match days(request, fake.config.gateway_dates) {
        Ok(days) => days,
        Err(message) => return bare(StatusCode::BAD_REQUEST, &message),
    };
    let has_data = venue.standing != Standing::NoData;
    let told = Told { fake, venue: &venue, latest: fake.latest(now) };
    match (route.operation, days) {
        ("venues.footfall", None) => bare(StatusCode::BAD_REQUEST, "which days?"),
        ("venues.footfall", Some(days)) => told.footfall(days, has_data),
        _ if !has_data => bare(StatusCode::NOT_FOUND, "no data for this venue"),
        ("venues.movement", days) => told.movement(days),
        _ => told.demographics(),
    }
}

/// The days that the request names, as the variant has them named.
fn days(request: &HttpRequest, dates: GatewayDates) -> Result<Option<DateRange>, String> {
    let (mut start, mut end) = (None, None);
    for (name, value) in pairs(request) {
        let day = value.get(..10).and_then(|day| day.parse::<NaiveDate>().ok());
        match (name.as_str(), day, dates) {
            ("start", Some(day), GatewayDates::Range) => start = Some(day),
            ("end", Some(day), GatewayDates::Range) => end = Some(day),
            ("date", Some(day), GatewayDates::SingleDay) => (start, end) = (Some(day), Some(day)),
            _ => return Err(format!("bad parameter {name}")),
        }
    }
    match (start, end) {
        (None, None) => Ok(None),
        (Some(start), Some(end)) => DateRange::new(start, end).map(Some).map_err(|error| error.to_string()),
        _ => Err("start and end go together".to_owned()),
    }
}

/// What is told of one place.
struct Told<'a> {
    fake: &'a FakePlacer,
    venue: &'a FakeVenue,
    /// The latest day with data.
    latest: NaiveDate,
}

impl Told<'_> {
    fn footfall(&self, days: DateRange, has_data: bool) -> Reply {
        let first = NaiveDate::from_ymd_opt(FIRST_YEAR, 1, 1).unwrap_or(self.latest).max(days.start());
        let known = DateRange::new(first, days.end().min(self.latest)).ok().filter(|_| has_data);
        let rows: Vec<Value> = known.into_iter().flat_map(DateRange::days).map(|day| self.row(day)).collect();
        match (self.by_day(), self.fake.config.dialect, rows.as_slice()) {
            (true, _, []) => fake::empty(StatusCode::NO_CONTENT),
            // Some gateways answer a single day with the object alone.
            (true, _, [only]) | (_, Dialect::Observed, [only]) => fake::json(StatusCode::OK, only),
            _ => fake::json(StatusCode::OK, &rows),
        }
    }

    fn row(&self, day: NaiveDate) -> Value {
        let curve = self.venue.curve(self.fake.seed());
        let visits = curve.visits(day, 1.0);
        let mut row = object(json!({
            "venueId": self.venue.id, "date": day, "visits": visits, "uniqueVisitors": curve.visitors(visits, 1, day),
            "avgDwellTime": curve.dwell(day),
        }));
        if self.by_day() {
            let hours = (0_u8..).zip(curve.hourly(day, visits));
            let busiest = hours.clone().max_by_key(|(_, visits)| *visits).unwrap_or_default();
            let hours: Vec<_> = hours.map(|(hour, visits)| json!({"hour": hour, "visits": visits})).collect();
            row.insert("venueName".to_owned(), json!(self.venue.name));
            row.insert("peakHour".to_owned(), json!(self.hour(busiest.0)));
            row.insert("trafficByHour".to_owned(), json!(hours));
        }
        Value::Object(row)
    }

    #[expect(clippy::cast_precision_loss, reason = "ratios of counts of people")]
    fn movement(&self, asked: Option<DateRange>) -> Reply {
        let curve = self.venue.curve(self.fake.seed());
        let days = asked.map_or_else(|| DateRange::last_days(28, self.latest), Ok);
        let days = days.into_iter().flat_map(DateRange::days).filter(|day| *day <= self.latest);
        let days: Vec<_> = days.map(|day| (day, curve.visits(day, 1.0))).collect();
        if days.is_empty() {
            return fake::empty(StatusCode::NO_CONTENT);
        }
        let hours = sum_hours(&curve, &days);
        let busiest = (0_u8..).zip(hours).max_by_key(|(_, count)| *count).unwrap_or_default();
        let part = match busiest.0 {
            0..=5 => "night",
            6..=11 => "morning",
            12..=16 => "afternoon",
            17..=20 => "evening",
            21.. => "late",
        };
        let peaks = (0_u8..).zip(hours).filter(|(_, count)| *count as f64 >= 0.85 * busiest.1 as f64);
        let peaks: Vec<String> = peaks.map(|(hour, _)| self.hour(hour)).collect();
        let mut body = object(json!({
            "venueId": self.venue.id, "timeOfDay": part, "trafficLevel": "high", "peakHours": peaks,
            "averageVisitDuration": curve.dwell(self.latest),
        }));
        if let Some(days) = asked {
            body.insert("date".to_owned(), json!(days.start()));
        }
        fake::json(StatusCode::OK, &body)
    }

    /// Documented as maps, observed as lists.
    fn demographics(&self) -> Reply {
        let curve = self.venue.curve(self.fake.seed());
        let groups = |groups: &[(&str, f64)]| {
            let weights: Vec<f64> =
                groups.iter().map(|(name, share)| share * (0.8 + 0.4 * curve.chance(name, NaiveDate::MIN))).collect();
            let all: f64 = weights.iter().sum();
            let shares =
                groups.iter().zip(weights).map(|((name, _), weight)| (*name, (weight / all * 1000.0).round() / 10.0));
            match self.fake.config.dialect {
                Dialect::Documented => shares.map(|(name, share)| (name.to_owned(), json!(share))).collect::<Value>(),
                Dialect::Observed => shares.map(|(name, share)| json!({"label": name, "percentage": share})).collect(),
            }
        };
        let ages = [("18-24", 13.0), ("25-34", 21.0), ("35-44", 19.0), ("45-54", 17.0), ("55-64", 15.0), ("65+", 15.0)];
        fake::json(
            StatusCode::OK,
            &json!({
                "venueId": self.venue.id, "ageGroups": groups(&ages),
                "genderSplit": groups(&[("female", 51.0), ("male", 49.0)]),
                "visitFrequency": groups(&[("first time", 44.0), ("occasional", 38.0), ("regular", 18.0)]),
            }),
        )
    }

    fn by_day(&self) -> bool {
        self.fake.config.gateway_dates == GatewayDates::SingleDay
    }

    /// `12:00 PM` where the documentation is followed, `12:00` elsewhere.
    fn hour(&self, hour: u8) -> String {
        match self.fake.config.dialect {
            Dialect::Documented => shown(hour),
            Dialect::Observed => format!("{hour:02}:00"),
        }
    }
}
