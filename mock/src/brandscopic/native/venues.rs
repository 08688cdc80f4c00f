//! Venues, and places to make venues of.

use serde_json::{Value, json};

use super::super::answer::Answer;
use super::super::state::{FakeEvent, FakePlace, State};
use super::super::storage;
use super::asked::Asked;
use super::assets::Kind;
use super::{Outcome, areas, bad_parameter, not_found, not_saved, ok, problem, suggestions, views};

/// What a page holds.
const PAGE: usize = 30;

/// How far from a location, in kilometres, unless it is said.
const RADIUS: f64 = 50.0;

/// What a venue can be.
const TYPES: [(&str, &str); 8] = [
    ("Bar", "bar"),
    ("Cafe", "cafe"),
    ("Convenience Store", "convenience_store"),
    ("Establishment", "establishment"),
    ("Liquor Store", "liquor_store"),
    ("Night Club", "night_club"),
    ("Restaurant", "restaurant"),
    ("Store", "store"),
];

/// Where cities are: latitude and longitude.
const CITIES: [(&str, &str, f64, f64); 6] = [
    ("New York", "New York", 40.722, -73.993),
    ("Boston", "Massachusetts", 42.352, -71.045),
    ("Chicago", "Illinois", 41.892, -87.606),
    ("Springfield", "Illinois", 39.802, -89.644),
    ("Springfield", "Massachusetts", 42.101, -72.589),
    ("San Francisco", "California", 37.795, -122.394),
];

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.method() {
        "list" => list(state, asked),
        "get" => show(state, asked),
        "search" => search(state, asked),
        "create" => create(state, asked),
        "types" => ok(TYPES.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()),
        "autocomplete" => ok(suggestions::of(state, asked.query("q").unwrap_or_default())),
        "analysis" => analysis(state, asked),
        "photos" => photos(state, asked),
        "comments" => comments(state, asked),
        _ => Err(asked.unknown()),
    }
}

fn position(venue: &FakePlace) -> Option<(f64, f64)> {
    let known = CITIES.iter().find(|(city, state, ..)| venue.city == *city && venue.state == *state);
    known.map(|(.., latitude, longitude)| (*latitude, *longitude))
}

/// In kilometres, on the sphere.
fn distance(one: (f64, f64), other: (f64, f64)) -> f64 {
    let [a, b, c, d] = [one.0, one.1, other.0, other.1].map(f64::to_radians);
    let half = ((c - a) / 2.0).sin().powi(2) + a.cos() * c.cos() * ((d - b) / 2.0).sin().powi(2);
    2.0 * 6371.0 * half.sqrt().asin()
}

/// The location in the query.
fn near(asked: &Asked<'_>) -> Result<Option<(f64, f64)>, Answer> {
    let read = |text: &str| {
        let (latitude, longitude) = text.split_once(',')?;
        Some((latitude.trim().parse().ok()?, longitude.trim().parse().ok()?))
    };
    let wrong = || bad_parameter("Invalid parameter location");
    asked.query("location").map(|text| read(text).ok_or_else(wrong)).transpose()
}

fn of_company(state: &State) -> impl Iterator<Item = &FakePlace> {
    state.venues.iter().filter(|venue| !venue.google_only)
}

fn find<'a>(state: &'a State, asked: &Asked<'_>) -> Result<&'a FakePlace, Answer> {
    let id = asked.id("id")?;
    of_company(state).find(|venue| venue.venue_id() == id).ok_or_else(not_found)
}

fn events_at(state: &State, place: i64) -> impl Iterator<Item = &FakeEvent> {
    state.events.iter().filter(move |event| event.place == Some(place) && !event.inactive)
}

fn list(state: &State, asked: &Asked<'_>) -> Outcome {
    let (number, echo) = asked.page();
    let near = near(asked)?;
    let radius = asked.query("radius").and_then(|radius| radius.parse().ok()).unwrap_or(RADIUS);
    let any_event = |venue: &FakePlace, name: &str, fits: &dyn Fn(&FakeEvent) -> bool| {
        asked.all(name).next().is_none() || events_at(state, venue.place_id).any(fits)
    };
    let wanted = |venue: &&FakePlace| {
        let area = areas::all().iter().find(|area| area.has(venue));
        near.is_none_or(|near| position(venue).is_some_and(|there| distance(near, there) <= radius))
            && asked.one_of("venue[]", Some(venue.venue_id()))
            && asked.one_of("place[]", Some(venue.place_id))
            && asked.one_of("area[]", area.map(|area| area.id))
            && asked.one_of("brand[]", None)
            && any_event(venue, "campaign[]", &|event| asked.one_of("campaign[]", Some(event.project)))
            && any_event(venue, "user[]", &|event| {
                state.stores.members.of(event.id, "user").into_iter().any(|id| asked.one_of("user[]", Some(id)))
            })
            && any_event(venue, "team[]", &|event| {
                state.stores.members.of(event.id, "team").into_iter().any(|id| asked.one_of("team[]", Some(id)))
            })
    };
    let found: Vec<_> = of_company(state).filter(wanted).collect();
    let results: Vec<_> =
        found.iter().skip((number - 1) * PAGE).take(PAGE).map(|venue| view(state, venue, asked)).collect();
    ok(json!({"page": echo, "total": found.len(), "results": results}))
}

/// What happened at a venue: events, hours, impressions, interactions, samples.
fn totals(state: &State, venue: &FakePlace, asked: &Asked<'_>) -> [f64; 5] {
    let over: Vec<_> = events_at(state, venue.place_id).filter(|event| event.end <= asked.now).collect();
    let hours: f64 = over.iter().map(|event| (event.end - event.start).as_seconds_f64() / 3600.0).sum();
    let count: f64 = over.iter().map(|_| 1.0).sum();
    [count, hours, count * 120.0, count * 45.0, count * 30.0]
}

/// A decimal, as a text.
fn decimal(value: f64) -> Value {
    format!("{value:.1}").into()
}

fn view(state: &State, venue: &FakePlace, asked: &Asked<'_>) -> Value {
    let [events, hours, impressions, interactions, sampled] = totals(state, venue, asked);
    let (number, route) = venue.street.split_once(' ').unwrap_or_default();
    let (latitude, longitude) = position(venue).unzip();
    let spent = events * 85.5;
    let per = |whole: f64, parts: f64| (parts > 0.0).then(|| decimal(whole / parts));
    #[expect(clippy::cast_possible_truncation, reason = "counts of a few events")]
    let whole = |value: f64| value as i64;
    let mut view = json!({
        "id": venue.venue_id(),
        "name": venue.name,
        "formatted_address": venue.address(),
        "latitude": latitude,
        "longitude": longitude,
        "zipcode": venue.zipcode,
        "city": venue.city,
        "state": venue.state,
        "country": venue.country,
        "td_linx_code": null,
        "events_count": whole(events),
        "promo_hours": decimal(hours),
        "impressions": whole(impressions),
        "interactions": whole(interactions),
        "sampled": whole(sampled),
        "spent": decimal(spent),
        "avg_impressions": per(impressions, events),
        "avg_impressions_hour": per(impressions, hours),
        "avg_impressions_cost": per(spent, impressions),
    });
    // What a place does not have, its view does not have either.
    if let Some(members) = view.as_object_mut().filter(|_| !number.is_empty()) {
        members.insert("street_number".to_owned(), number.into());
        members.insert("route".to_owned(), route.into());
    }
    view
}

fn show(state: &State, asked: &Asked<'_>) -> Outcome {
    let venue = find(state, asked)?;
    let mut view = view(state, venue, asked);
    if let Some(members) = view.as_object_mut() {
        let hours = json!({"periods": [{"open": {"day": 5, "time": "1700"}, "close": {"day": 6, "time": "0200"}}]});
        members.insert("opening_hours".to_owned(), hours);
        members.insert("top_venue".to_owned(), json!(venue.place_id % 2 == 0));
        members.insert("jameson_locals".to_owned(), json!(false));
        if state.stores.users.may("venues_score") {
            members.insert("score".to_owned(), json!(75));
        }
    }
    ok(view)
}

fn search(state: &State, asked: &Asked<'_>) -> Outcome {
    let term = asked.required("term")?.to_lowercase();
    let near = near(asked)?;
    let away = |venue: &FakePlace| near.zip(position(venue)).map(|(near, there)| distance(near, there));
    let mut hits: Vec<_> = state.venues.iter().filter(|venue| venue.name.to_lowercase().contains(&term)).collect();
    // Those without a position come last.
    let order = |venue: &&FakePlace| away(venue).unwrap_or(f64::INFINITY);
    hits.sort_by(|one, other| order(one).total_cmp(&order(other)));
    let hits = hits.into_iter().take(10).map(|venue| {
        let mut hit = views::hit(venue);
        if let (Some((latitude, longitude)), Some(members)) = (position(venue), hit.as_object_mut()) {
            let mut location = json!({"latitude": latitude, "longitude": longitude});
            if let (Some(away), Some(location)) = (away(venue), location.as_object_mut()) {
                location.insert("distance".to_owned(), json!(away));
            }
            members.insert("location".to_owned(), location);
        }
        hit
    });
    ok(hits.collect())
}

fn create(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let text = |name| asked.sent.text(name).unwrap_or_default().to_owned();
    if text("types").split(',').any(|one| !TYPES.iter().any(|(_, known)| *known == one.trim())) {
        return Err(not_saved(problem("types", "is not included in the list")));
    }
    // The map of this world has every city and street; only a number that is none, or a country, can be wrong.
    let numbered = text("street_number").starts_with(|c: char| c.is_ascii_digit());
    if !numbered || text("city").trim().is_empty() || text("country").len() != 2 {
        return Err(not_saved(problem("base", "The entered address doesn't seem to be valid")));
    }
    let street = format!("{} {}", text("street_number"), text("route")).trim().to_owned();
    let (name, city, state_name, zipcode, country) =
        (text("name"), text("city"), text("state"), text("zipcode"), text("country"));
    let venue = FakePlace { place_id: 0, name, street, city, state: state_name, zipcode, country, google_only: false };
    let id = state.add_venue(venue);
    ok(state.venue(id).map(views::place).unwrap_or_default())
}

fn analysis(state: &State, asked: &Asked<'_>) -> Outcome {
    let venue = find(state, asked)?;
    let [events, hours, impressions, interactions, sampled] = totals(state, venue, asked);
    let mut view = json!({});
    let Some(members) = view.as_object_mut() else { return ok(view) };
    if state.stores.users.may("venues_kpis") {
        let overview = json!({
            "events": events, "promo_hours": decimal(hours), "impressions": impressions,
            "interactions": interactions, "sampled": sampled, "narrative": format!("{events} events took place here."),
        });
        members.insert("overview".to_owned(), overview);
        members.insert("age".to_owned(), json!({"18-24": 20.5, "25-34": "45.0", "35+": 34.5}));
        members.insert("gender".to_owned(), json!({"Female": 52, "Male": 48}));
        members.insert("ethnicity".to_owned(), json!({}));
    }
    if state.stores.users.may("venues_trends") {
        let weeks = json!({
            "narrative": "Fridays are best.", "impressions_promo": {"Friday": "60.0"}, "cost_impression": {"Friday": "0.7"},
        });
        members.insert("trends_by_week".to_owned(), weeks);
    }
    ok(view)
}

fn photos(state: &State, asked: &Asked<'_>) -> Outcome {
    let venue = find(state, asked)?;
    let own = events_at(state, venue.place_id).flat_map(|event| state.stores.assets.of_event(Kind::Photo, event.id));
    let own = own.filter(|photo| photo.active).map(|photo| photo.view(asked.request, asked.now));
    let google = (1..=2).map(|number| {
        let url = storage::address(asked.request, venue.place_id, &format!("google-{number}"), "photo.jpg");
        json!({"id": null, "file_small": url, "file_thumbnail": url, "file_medium": url, "file_original": url})
    });
    ok(own.chain(google).take(10).collect())
}

fn comments(state: &State, asked: &Asked<'_>) -> Outcome {
    let venue = find(state, asked)?;
    let own = events_at(state, venue.place_id).flat_map(|event| state.stores.comments.on_event(event.id));
    let own = own.map(|mut comment| {
        if let Some(members) = comment.as_object_mut() {
            members.insert("type".to_owned(), "brandscopic".into());
        }
        comment
    });
    let google = json!({
        "type": "google", "rating": 4, "text": "Good music, slow bar.", "time": 1_390_000_000, "author_name": "A guest",
    });
    ok(own.chain([google]).collect())
}
