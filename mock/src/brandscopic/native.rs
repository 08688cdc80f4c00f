//! The native face: `/api/v1`, with its session headers, US dates and forgiving-looking errors.

use chrono::{DateTime, Utc};
use connectors_core::HttpRequest;
use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::fields::{self, Fields};
use super::state::{FakeEvent, FakePlace, State};
use super::views;
use crate::fake::{self, Reply};

/// How many events a page holds.
const PAGE: usize = 30;

/// What is answered with 200, or a failure.
type Outcome = Result<Value, Answer>;

pub(super) fn refusal(status: StatusCode, info: &str) -> Answer {
    Answer::new(status, json!({"success": false, "info": info, "data": {}}))
}

fn bad_parameter(info: &str) -> Answer {
    // The one failure without `data`.
    Answer::new(StatusCode::BAD_REQUEST, json!({"success": false, "info": info}))
}

fn not_found() -> Answer {
    refusal(StatusCode::NOT_FOUND, "Record not found")
}

fn not_saved(problems: Map<String, Value>) -> Answer {
    Answer::new(StatusCode::UNPROCESSABLE_ENTITY, problems.into())
}

/// Answers the request for `operation`, with the ids in its path.
pub(super) fn handle(
    state: &mut State,
    operation: &str,
    id: Option<i64>,
    request: &HttpRequest,
    now: DateTime<Utc>,
) -> Reply {
    let answer = authorize(state, operation, request).and_then(|()| match operation {
        "sessions.create" => log_in(state, request),
        "sessions.destroy" => log_out(state, request),
        "companies.list" => Ok(views::companies(state)),
        "countries.list" => Ok(views::countries()),
        "campaigns.all" => Ok(views::campaigns(state)),
        "venues.search" => search(state, request),
        "venues.create" => create_venue(state, request),
        "events.list" => list(state, request, now),
        "events.create" => create(state, request, now),
        "events.update" => update(state, id.ok_or_else(not_found)?, request, now),
        "comments.create" => comment(state, id.ok_or_else(not_found)?, request, now),
        _ => show(state, id.ok_or_else(not_found)?, now),
    });
    answer.map_or_else(Reply::from, |body| Answer::new(StatusCode::OK, body).into())
}

fn authorize(state: &State, operation: &str, request: &HttpRequest) -> Result<(), Answer> {
    let header = |name| fake::header(request, name);
    let accepts_json = header("accept").is_some_and(|accept| accept.contains("application/json"));
    if !accepts_json && request.uri().path().strip_suffix(".json").is_none() {
        return Err(Answer::new(StatusCode::NOT_ACCEPTABLE, Value::Null));
    }
    if operation.starts_with("sessions.") {
        return Ok(());
    }
    match (header("x-auth-token"), header("x-user-email")) {
        (None, None) => return Err(refusal(StatusCode::UNAUTHORIZED, "Action Failed")),
        (Some(token), Some(email)) if token == state.token() && email == state.email => {}
        _ => return Err(refusal(StatusCode::UNAUTHORIZED, "Invalid auth token")),
    }
    let company = header("x-company-id").and_then(|id| id.parse::<i64>().ok());
    if !state.companies.iter().any(|known| Some(known.id) == company) {
        return Err(refusal(StatusCode::UNAUTHORIZED, "Invalid company"));
    }
    Ok(())
}

/// The members of the body, or of its `root`.
fn body(request: &HttpRequest, root: Option<&str>, known: &[&str]) -> Result<Fields, Answer> {
    let mut value: Value =
        if fake::is_json(request) { serde_json::from_slice(request.body()).unwrap_or_default() } else { Value::Null };
    if let Some(root) = root {
        value = value.get_mut(root).map(Value::take).unwrap_or_default();
        if value.as_object().is_none_or(Map::is_empty) {
            return Err(bad_parameter(&format!("param is missing or the value is empty: {root}")));
        }
    }
    Fields::new(value, known).map_err(|unknown| bad_parameter(&format!("Invalid parameter {unknown}")))
}

fn log_in(state: &State, request: &HttpRequest) -> Outcome {
    let sent = body(request, None, &["email", "password"])?;
    if sent.text("email") != Some(state.email) || sent.text("password") != Some(state.password) {
        return Err(refusal(StatusCode::UNAUTHORIZED, "Login Failed"));
    }
    let company = state.companies.first().map(|company| company.id);
    let data = json!({"auth_token": state.token(), "current_company_id": company});
    Ok(json!({"success": true, "info": "Logged in", "data": data}))
}

fn log_out(state: &mut State, request: &HttpRequest) -> Outcome {
    let token = fields::query(request).into_iter().find(|(name, _)| name == "id").map(|(_, value)| value);
    if token.as_deref() != Some(&state.token()) {
        // Spelt so by the provider.
        return Err(Answer::new(StatusCode::NOT_FOUND, json!({"sucess": false, "info": "Invalid token."})));
    }
    state.token += 1;
    Ok(json!({"success": true, "info": "Logged out[]", "token": token}))
}

fn search(state: &State, request: &HttpRequest) -> Outcome {
    let query = fields::query(request);
    let Some((_, term)) = query.iter().find(|(name, _)| name == "term") else {
        return Err(bad_parameter("Missing parameter term"));
    };
    let term = term.to_lowercase();
    let hits = state.venues.iter().filter(|venue| venue.name.to_lowercase().contains(&term));
    Ok(hits.take(10).map(views::hit).collect())
}

fn create_venue(state: &mut State, request: &HttpRequest) -> Outcome {
    const FIELDS: [&str; 8] = ["name", "types", "street_number", "route", "city", "state", "zipcode", "country"];
    let sent = body(request, Some("venue"), &FIELDS)?;
    if let Some(required) = FIELDS.into_iter().find(|field| *field != "route" && !sent.has(field)) {
        return Err(bad_parameter(&format!("Missing parameter {required}")));
    }
    let text = |name| sent.text(name).unwrap_or_default().to_owned();
    // The map of this world has every city and street; only a number that is none, or a country, can be wrong.
    let numbered = text("street_number").starts_with(|c: char| c.is_ascii_digit());
    if !numbered || text("city").trim().is_empty() || text("country").len() != 2 {
        let problem = Map::from_iter([("base".to_owned(), json!(["The entered address doesn't seem to be valid"]))]);
        return Err(not_saved(problem));
    }
    let street = format!("{} {}", text("street_number"), text("route")).trim().to_owned();
    let (name, city, state_name, zipcode, country) =
        (text("name"), text("city"), text("state"), text("zipcode"), text("country"));
    let venue = FakePlace { place_id: 0, name, street, city, state: state_name, zipcode, country, google_only: false };
    let id = state.add_venue(venue);
    Ok(state.venue(id).map(views::place).unwrap_or_default())
}

fn list(state: &State, request: &HttpRequest, now: DateTime<Utc>) -> Outcome {
    const FILTERS: [&str; 6] = ["campaign[]", "place[]", "venue[]", "status[]", "event_status[]", "page"];
    let query = fields::query(request);
    let all = |name: &str| query.iter().filter(|(n, _)| n == name).map(|(_, v)| v.clone()).collect::<Vec<_>>();
    if let Some((name, _)) =
        query.iter().find(|(n, _)| !FILTERS.contains(&n.as_str()) && n != "start_date" && n != "end_date")
    {
        return Err(bad_parameter(&format!("Invalid parameter {name}")));
    }
    let day = |name: &str| match all(name).first() {
        None => Ok(None),
        Some(text) => fields::date(text).map(Some).ok_or_else(|| bad_parameter(&format!("Invalid parameter {name}"))),
    };
    let (first, last) = (day("start_date")?, day("end_date")?);
    let one_of = |name: &str, id: Option<i64>| {
        let wanted = all(name);
        wanted.is_empty() || wanted.iter().any(|text| text.parse().ok() == id)
    };
    let spelt = |name: &str, word: &str| all(name).is_empty() || all(name).iter().any(|wanted| wanted == word);
    let matches = |event: &&FakeEvent| {
        let day = state.local(event.start).date();
        one_of("campaign[]", Some(event.project))
            && one_of("place[]", event.place)
            && one_of("venue[]", event.place.and_then(|id| state.venue(id)).map(FakePlace::venue_id))
            && spelt("status[]", if event.inactive { "Inactive" } else { "Active" })
            && spelt("event_status[]", event.native_status(now))
            && first.is_none_or(|first| (first..=last.unwrap_or(first)).contains(&day))
    };
    let mut found: Vec<_> = state.events.iter().filter(matches).collect();
    found.sort_by_key(|event| (event.start, event.id));
    // Echoed as it came: a number by default, else the text of the query.
    let asked = all("page").first().cloned();
    let number = asked.as_ref().map_or(Some(1), |text| text.parse::<usize>().ok()).unwrap_or(1).max(1);
    let results: Vec<_> =
        found.iter().skip((number - 1) * PAGE).take(PAGE).map(|e| views::listed(state, e, now)).collect();
    Ok(json!({
        "page": asked.map_or(json!(1), Value::from),
        "total_pages": found.len().div_ceil(PAGE),
        "total": found.len(),
        "filters": [],
        "results": results,
    }))
}

fn show(state: &State, id: i64, now: DateTime<Utc>) -> Outcome {
    state.event(id).map_or_else(|| Err(not_found()), |event| Ok(views::shown(state, event, now)))
}

const EVENT_FIELDS: [&str; 9] = [
    "campaign_id",
    "start_date",
    "start_time",
    "end_date",
    "end_time",
    "place_id",
    "place_reference",
    "description",
    "active",
];

fn create(state: &mut State, request: &HttpRequest, now: DateTime<Utc>) -> Outcome {
    let sent = body(request, Some("event"), &EVENT_FIELDS)?;
    if let Some(missing) = EVENT_FIELDS.iter().take(5).find(|field| !sent.has(field)) {
        return Err(bad_parameter(&format!("Missing parameter {missing}")));
    }
    let blank = FakeEvent {
        id: 0,
        project: 0,
        name: String::new(),
        start: now,
        end: now,
        place: None,
        venue: String::new(),
        location: String::new(),
        inactive: false,
        recap: None,
    };
    let mut event = apply(state, blank, &sent)?;
    event.id = state.fresh_id();
    state.events.push(event);
    show(state, state.next_id, now)
}

fn update(state: &mut State, id: i64, request: &HttpRequest, now: DateTime<Utc>) -> Outcome {
    let event = state.event(id).cloned().ok_or_else(not_found)?;
    let sent = body(request, Some("event"), &EVENT_FIELDS)?;
    let changed = apply(state, event, &sent)?;
    if let Some(event) = state.events.iter_mut().find(|event| event.id == id) {
        *event = changed;
    }
    show(state, id, now)
}

/// The event with what was sent, or what is wrong with it.
fn apply(state: &mut State, mut event: FakeEvent, sent: &Fields) -> Result<FakeEvent, Answer> {
    let mut problems = Map::new();
    let mut wrong = |field: &str, problem: &str| {
        problems.insert(field.to_owned(), json!([problem]));
    };
    if sent.has("campaign_id") {
        event.project = sent.integer("campaign_id").unwrap_or_default();
    }
    if !state.projects.iter().any(|project| project.id == event.project) {
        wrong("campaign_id", "is invalid");
    }
    for (at, date_field, time_field) in
        [(&mut event.start, "start_date", "start_time"), (&mut event.end, "end_date", "end_time")]
    {
        let old = state.zone.to_local(*at);
        let date = sent.text(date_field).map_or(Some(old.date()), fields::date);
        let time = sent.text(time_field).map_or(Some(old.time()), fields::time);
        match (date, time) {
            (Some(date), Some(time)) => *at = state.zone.to_utc(date.and_time(time)),
            (None, _) => wrong(date_field, "is invalid"),
            (_, None) => wrong(time_field, "is invalid"),
        }
    }
    if event.end < event.start {
        let day = state.zone.to_local(event.start).format("%m/%d/%Y").to_string();
        wrong("end_date", &format!("should be after {day}"));
    }
    let reference = sent.scalar("place_reference").or_else(|| sent.scalar("place_id"));
    if let Some(reference) = reference {
        let is_meant = |venue: &&mut FakePlace| match reference.parse::<i64>() {
            Ok(id) => venue.place_id == id && !venue.google_only,
            Err(_) => venue.reference() == reference,
        };
        match state.venues.iter_mut().find(is_meant) {
            Some(venue) => {
                venue.google_only = false;
                event.place = Some(venue.place_id);
                (event.venue, event.location) = (venue.name.clone(), venue.location());
            }
            None => wrong("place_reference", "is invalid"),
        }
    } else if event.place.is_none() {
        wrong("place_reference", "cannot be blank");
    }
    if let Some(description) = sent.text("description") {
        description.clone_into(&mut event.name);
    }
    match sent.scalar("active").as_deref() {
        None => {}
        // Nothing but these two texts is accepted.
        Some(text @ ("true" | "false")) if sent.text("active").is_some() => event.inactive = text == "false",
        Some(_) => return Err(bad_parameter("Invalid parameter active")),
    }
    if problems.is_empty() { Ok(event) } else { Err(not_saved(problems)) }
}

/// Not stored: it is here for its failure, which is answered with 200.
fn comment(state: &mut State, event: i64, request: &HttpRequest, now: DateTime<Utc>) -> Outcome {
    state.event(event).ok_or_else(not_found)?;
    let sent = body(request, Some("comment"), &["content"])?;
    match sent.text("content").filter(|content| !content.trim().is_empty()) {
        None => Ok(json!({"content": ["can't be blank"]})),
        Some(content) => Ok(json!({"id": state.fresh_id(), "content": content, "created_at": now, "created_by": null})),
    }
}

/// The operation of a request on this face, and the id in its path.
pub(super) fn route(method: &Method, path: &str) -> Option<(&'static str, Option<i64>)> {
    let path = path.strip_suffix(".json").unwrap_or(path);
    let segments: Vec<_> = path.split('/').collect();
    let operation = match (method, segments.as_slice()) {
        (&Method::POST, ["sessions"]) => "sessions.create",
        (&Method::DELETE, ["sessions"]) => "sessions.destroy",
        (&Method::GET, ["companies"]) => "companies.list",
        (&Method::GET, ["countries"]) => "countries.list",
        (&Method::GET, ["campaigns", "all"]) => "campaigns.all",
        (&Method::GET, ["venues", "search"]) => "venues.search",
        (&Method::POST, ["venues"]) => "venues.create",
        (&Method::GET, ["events"]) => "events.list",
        (&Method::POST, ["events"]) => "events.create",
        (&Method::GET, ["events", _]) => "events.get",
        (&Method::PUT, ["events", _]) => "events.update",
        (&Method::POST, ["events", _, "comments"]) => "comments.create",
        _ => return None,
    };
    Some((operation, segments.get(1).and_then(|id| id.parse().ok())))
}
