//! Where people come from, and who they are.

use std::f64::consts::{PI, TAU};

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::answer::{Outcome, object};
use super::curve::Curve;
use super::demographics;
use super::fake::Dialect;
use super::place::FakeVenue;
use super::profile::Profile;
use super::refusal::Refusal;
use super::request::Question;
use super::visits::View;

/// A sample of fewer people is too small to tell where they live.
const SMALLEST_PANEL: u64 = 20;

/// A degree of latitude, in miles.
const MILES_PER_DEGREE: f64 = 69.0;

/// How many corners an area has.
const CORNERS: u32 = 48;

/// The members of one of these reports.
pub(super) fn report(view: &View<'_>, question: &Question, dialect: Dialect) -> Outcome {
    question.text_of("allocationType", &["weightedCentroid", "centroid"])?;
    let enough = Curve::panel(view.visits()) >= SMALLEST_PANEL;
    let members = match question.operation.name {
        "reports.trade_area.true_trade_area" => {
            question.text_of("reportType", &["trueTradeArea"])?;
            question.text_of("fileFormat", &["polygonGeoJson"])?;
            let share = question.number_in("trafficVolPct", 30.0, 100.0)?.unwrap_or(70.0);
            let limit = question.number_in("withinDistance", 1.0, 100.0)?.unwrap_or(50.0);
            let reach = reach(view.venue.profile) * (share / 70.0).powf(1.6);
            object(area(view, reach.min(limit * 0.75), dialect))
        }
        "reports.trade_area.drive_time" => {
            let minutes = question.number_in("driveTime", 5.0, 200.0)?.unwrap_or(10.0);
            let mut members = object(area(view, minutes * 0.42, dialect));
            for name in ["startDate", "endDate", "apiId", "allocationType"] {
                members.insert(name.to_owned(), question.value(name).cloned().unwrap_or_default());
            }
            members.insert("driveTime".to_owned(), json!(minutes));
            members
        }
        "reports.trade_area.demographics" => demographics::report(view, question)?,
        _ => return Err(question.unknown()),
    };
    if enough { Ok(members) } else { Err(Refusal::no_content()) }
}

/// From how far 70 % of the visits come, in miles.
pub(super) fn reach(profile: Profile) -> f64 {
    match profile {
        Profile::Coffee | Profile::Gym => 2.4,
        Profile::Market | Profile::Grocery | Profile::Restaurant => 3.2,
        Profile::Plaza => 4.5,
        Profile::Park => 5.0,
        Profile::Mall => 6.5,
        Profile::Office => 8.0,
        Profile::Arena | Profile::Stadium => 11.0,
    }
}

/// Where a place is, latitude first; one that the fake did not know is somewhere in the middle of the country.
pub(super) fn position(venue: &FakeVenue, curve: &Curve<'_>) -> [f64; 2] {
    let chance = |purpose| curve.chance(purpose, NaiveDate::default());
    venue.seed.map_or_else(
        || [33.0 + 10.0 * chance("latitude"), -112.0 + 30.0 * chance("longitude")],
        |seed| [seed.latitude, seed.longitude],
    )
}

/// An area of this radius around the place; for every second place one with an exclave, for every fifth one with a hole.
/// The documentation knows one type of geometry, and has the latitude first.
fn area(view: &View<'_>, radius: f64, dialect: Dialect) -> Value {
    let chance = |purpose| view.curve.chance(purpose, NaiveDate::default());
    let [latitude, longitude] = position(view.venue, &view.curve);
    let ring = |purpose: &str, latitude: f64, longitude: f64, radius: f64| -> Vec<[f64; 2]> {
        let phase = view.curve.chance(purpose, NaiveDate::default()) * TAU;
        let corner = |number: u32| {
            let angle = f64::from(number) * TAU / f64::from(CORNERS);
            let bumps = 0.18 * (2.0 * angle + phase).sin() + 0.1 * (5.0 * angle - phase).sin();
            let miles = radius * (1.0 + bumps);
            let north = miles * angle.sin() / MILES_PER_DEGREE;
            let east = miles * angle.cos() / (MILES_PER_DEGREE * latitude.to_radians().cos());
            let digits = |degrees: f64| (degrees * 1e6).round() / 1e6;
            let (latitude, longitude) = (digits(latitude + north), digits(longitude + east));
            if dialect == Dialect::Documented { [latitude, longitude] } else { [longitude, latitude] }
        };
        let mut ring: Vec<_> = (0..CORNERS).map(corner).collect();
        ring.extend(ring.first().copied());
        ring
    };
    let mut main = vec![ring("area", latitude, longitude, radius)];
    if chance("hole") < 0.2 {
        main.push(ring("hole", latitude + radius * 0.4 / MILES_PER_DEGREE, longitude, radius * 0.1));
    }
    let mut pieces = vec![main];
    if chance("exclave") < 0.5 {
        let (angle, away) = (chance("exclave angle") * 2.0 * PI, radius * 1.7 / MILES_PER_DEGREE);
        let east = away * angle.cos() / latitude.to_radians().cos();
        pieces.push(vec![ring("exclave", latitude + away * angle.sin(), longitude + east, radius * 0.25)]);
    }
    match (pieces.as_slice(), dialect) {
        ([only], Dialect::Observed) => json!({"type": "Polygon", "coordinates": only}),
        (pieces, _) => json!({"type": "MultiPolygon", "coordinates": pieces}),
    }
}
