//! The gateway's face: `/v1`, with a key, plain projects and events.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use connectors_core::HttpRequest;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::answer::Answer;
use super::fields::Fields;
use super::state::{FakeEvent, FakeProject, State};
use crate::fake::{self, Reply};

type Outcome = Result<Answer, Answer>;

pub(super) fn refusal(status: StatusCode, code: &str, message: &str) -> Answer {
    Answer::new(status, json!({"error": {"code": code, "message": message}}))
}

fn invalid(message: &str) -> Answer {
    refusal(StatusCode::UNPROCESSABLE_ENTITY, "VALIDATION_FAILED", message)
}

fn not_found(what: &str) -> Answer {
    refusal(StatusCode::NOT_FOUND, "NOT_FOUND", &format!("there is no such {what}"))
}

/// Answers the request for `operation`, with the id in its path.
pub(super) fn handle(state: &mut State, operation: &str, id: &str, request: &HttpRequest, now: DateTime<Utc>) -> Reply {
    let answer = authorize(state, request).and_then(|()| match operation {
        "projects.create" => create_project(state, request),
        "events.create" => create_event(state, request, now),
        _ => show(state, id, now),
    });
    answer.unwrap_or_else(|refused| refused).into()
}

fn authorize(state: &State, request: &HttpRequest) -> Result<(), Answer> {
    let header = |name| fake::header(request, name);
    if header("authorization").and_then(|value| value.strip_prefix("Bearer ")) != Some(state.api_key) {
        return Err(refusal(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "the API key is missing or not valid"));
    }
    if state.tenant.is_some() && header("x-tenant-id") != state.tenant.as_deref() {
        return Err(refusal(StatusCode::FORBIDDEN, "UNKNOWN_TENANT", "the key does not belong to this tenant"));
    }
    Ok(())
}

fn body(request: &HttpRequest, known: &[&str], required: &[&str]) -> Result<Fields, Answer> {
    if !fake::is_json(request) {
        return Err(refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", "send application/json"));
    }
    let value: Value = serde_json::from_slice(request.body())
        .map_err(|_| refusal(StatusCode::BAD_REQUEST, "BAD_REQUEST", "the body is not JSON"))?;
    let fields = Fields::new(value, known).map_err(|name| invalid(&format!("{name} is not a field")))?;
    match required.iter().find(|name| fields.text(name).is_none_or(|value| value.trim().is_empty())) {
        Some(missing) => Err(invalid(&format!("{missing} is required"))),
        None => Ok(fields),
    }
}

fn create_project(state: &mut State, request: &HttpRequest) -> Outcome {
    let sent = body(request, &["name", "description", "client", "region"], &["name"])?;
    let text = |name| sent.text(name).map(str::to_owned);
    let mut project = FakeProject::named(sent.text("name").unwrap_or_default());
    (project.description, project.client, project.region) = (text("description"), text("client"), text("region"));
    let name = project.name.clone();
    let id = state.add_project(project).to_string();
    let created = json!({"id": id, "name": name, "status": "active", "events": []});
    Ok(Answer::new(StatusCode::CREATED, created))
}

fn create_event(state: &mut State, request: &HttpRequest, now: DateTime<Utc>) -> Outcome {
    const FIELDS: [&str; 5] = ["projectId", "name", "date", "location", "venue"];
    let sent = body(request, &FIELDS, &FIELDS)?;
    let text = |name| sent.text(name).unwrap_or_default();
    let project = text("projectId").parse().ok().filter(|id| state.projects.iter().any(|project| project.id == *id));
    let project = project.ok_or_else(|| not_found("project"))?;
    let start = instant(text("date")).ok_or_else(|| invalid("date is not an ISO 8601 date"))?;
    if text("location").split_once(", ").is_none() {
        return Err(invalid("location is not of the form `City, Country`"));
    }
    let event = FakeEvent {
        id: state.fresh_id(),
        project,
        name: text("name").to_owned(),
        start,
        end: start + TimeDelta::hours(2),
        place: None,
        venue: text("venue").to_owned(),
        location: text("location").to_owned(),
        inactive: false,
        recap: None,
    };
    let view = view(&event, now);
    state.events.push(event);
    Ok(Answer::new(StatusCode::CREATED, view))
}

fn show(state: &State, id: &str, now: DateTime<Utc>) -> Outcome {
    let event = id.parse().ok().and_then(|id| state.event(id)).ok_or_else(|| not_found("event"))?;
    Ok(Answer::new(StatusCode::OK, view(event, now)))
}

fn view(event: &FakeEvent, now: DateTime<Utc>) -> Value {
    json!({
        "id": event.id.to_string(),
        "projectId": event.project.to_string(),
        "name": event.name,
        "date": event.start.to_rfc3339(),
        "location": event.location,
        "venue": event.venue,
        "status": event.gateway_status(now),
    })
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    DateTime::parse_from_rfc3339(text).map(|at| at.to_utc()).ok().or_else(|| text.parse().ok().map(midnight))
}

/// The operation of a request on this face, and the id in its path.
pub(super) fn route<'a>(method: &Method, path: &'a str) -> Option<(&'static str, &'a str)> {
    let segments: Vec<_> = path.split('/').collect();
    match (method, segments.as_slice()) {
        (&Method::POST, ["projects"]) => Some(("projects.create", "")),
        (&Method::POST, ["events"]) => Some(("events.create", "")),
        (&Method::GET, ["events", id]) => Some(("events.get", *id)),
        (&Method::GET, ["events", id, "status"]) => Some(("events.status", *id)),
        _ => None,
    }
}
