//! The gateway's face: `/v1`, with a key, plain projects and events. `gateway.csv` says what it has.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use connectors_core::HttpRequest;
use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::fake::FakeBrandscopic;
use super::fields::Fields;
use super::state::{FakeEvent, FakeProject, State};
use crate::fake::{self, Reply, Route, html};
use crate::operations::{Line, List, Mismatch};

/// One line for each operation, with the name of the client's method for it.
const LIST: &str = include_str!("gateway.csv");

static OPERATIONS: LazyLock<List<Line>> = LazyLock::new(|| List::new(LIST, Some, |line| line));

/// The names of all operations.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    OPERATIONS.names()
}

/// What a gateway is like. All of them are found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GatewayVariant {
    /// Ids are texts, statuses in lower case, locations texts; no external ids; it tells how it is.
    #[default]
    Plain,
    /// Answers come inside `{"data": …}`, ids are numbers, statuses in capitals.
    Wrapped,
    /// Locations are objects, and external ids are kept.
    Structured,
    /// An event cannot be read, its status can. Nothing tells how the gateway is.
    StatusOnly,
}

impl GatewayVariant {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Plain, Self::Wrapped, Self::Structured, Self::StatusOnly];

    fn has(self, operation: &str) -> bool {
        self != Self::StatusOnly || !["health", "events.get"].contains(&operation)
    }
}

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

/// What a request asks for, and the id in its path, below `/v1`.
fn find(method: &Method, below: &str) -> Result<(&'static Line, String), Mismatch> {
    let (line, parameters) = OPERATIONS.find(method, below)?;
    Ok((line, parameters.into_iter().next().map(|(_, id)| id).unwrap_or_default()))
}

pub(super) fn route(method: &Method, below: &str) -> Option<Route> {
    let name = OPERATIONS.operation(method, below).ok()?.name;
    Some(if name.ends_with("create") { Route::write(name) } else { Route::read(name) })
}

/// Answers a request for what is below `/v1`.
pub(super) fn handle(
    state: &mut State,
    variant: GatewayVariant,
    below: &str,
    request: &HttpRequest,
    now: DateTime<Utc>,
) -> Reply {
    let gateway = Gateway { variant, now };
    match find(request.method(), below) {
        Err(Mismatch::Path) => html(StatusCode::NOT_FOUND),
        Ok((line, _)) if line.name == "health" && !variant.has("health") => html(StatusCode::NOT_FOUND),
        Err(Mismatch::Method) => not_allowed().into(),
        Ok((line, _)) if !variant.has(line.name) => not_allowed().into(),
        Ok((line, id)) => gateway.answer(state, line, &id, request).unwrap_or_else(|refused| refused).into(),
    }
}

fn not_allowed() -> Answer {
    refusal(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "there is no such operation")
}

struct Gateway {
    variant: GatewayVariant,
    now: DateTime<Utc>,
}

impl Gateway {
    fn answer(&self, state: &mut State, line: &Line, id: &str, request: &HttpRequest) -> Outcome {
        if line.name == "health" {
            return Ok(self.shown(StatusCode::OK, json!({"status": "ok", "version": "1.4.2", "timestamp": self.now})));
        }
        authorize(state, request)?;
        match line.name {
            "projects.create" => Ok(self.create_project(state, &self.body(line, request)?)),
            "events.create" => self.create_event(state, &self.body(line, request)?),
            name => {
                let event = id.parse().ok().and_then(|id| state.event(id)).ok_or_else(|| not_found("event"))?;
                let status = json!({"status": self.status(event)});
                let view = if name == "events.status" { status } else { self.view(state, event) };
                Ok(self.shown(StatusCode::OK, view))
            }
        }
    }

    fn body(&self, line: &Line, request: &HttpRequest) -> Result<Fields, Answer> {
        if !fake::is_json(request) {
            return Err(refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", "send application/json"));
        }
        let value: Value = serde_json::from_slice(request.body())
            .map_err(|_| refusal(StatusCode::BAD_REQUEST, "BAD_REQUEST", "the body is not JSON"))?;
        let members = || line.field("members").split_whitespace();
        let keeps_ids = self.variant == GatewayVariant::Structured;
        let known = members().map(|name| name.trim_end_matches('!')).filter(|name| keeps_ids || *name != "externalId");
        let fields = Fields::new(value, &known.collect::<Vec<_>>());
        let fields = fields.map_err(|name| invalid(&format!("{name} is not a field")))?;
        let blank = |name: &&str| match *name {
            "location" => !fields.has(name),
            name => fields.text(name).is_none_or(|text| text.trim().is_empty()),
        };
        match members().filter_map(|name| name.strip_suffix('!')).find(blank) {
            Some(missing) => Err(invalid(&format!("{missing} is required"))),
            None => Ok(fields),
        }
    }

    fn create_project(&self, state: &mut State, sent: &Fields) -> Answer {
        let text = |name| sent.text(name).map(str::to_owned);
        let mut project = FakeProject::named(sent.text("name").unwrap_or_default());
        (project.description, project.client, project.region) = (text("description"), text("client"), text("region"));
        let (name, client, region) = (project.name.clone(), project.client.clone(), project.region.clone());
        let id = state.add_project(project);
        let status = self.word("active");
        let mut view = json!({"id": self.id(id), "name": name, "client": client, "region": region, "status": status, "events": []});
        keep_external_id(state, id, sent, &mut view);
        self.shown(StatusCode::CREATED, view)
    }

    fn create_event(&self, state: &mut State, sent: &Fields) -> Outcome {
        let text = |name| sent.text(name).unwrap_or_default();
        let project = text("projectId").parse().ok().filter(|id| state.projects.iter().any(|known| known.id == *id));
        let project = project.ok_or_else(|| not_found("project"))?;
        let start = instant(text("date")).ok_or_else(|| invalid("date is not an ISO 8601 date"))?;
        let location = self.location(sent)?;
        let event = FakeEvent {
            id: state.fresh_id(),
            project,
            name: text("name").to_owned(),
            start,
            end: start + TimeDelta::hours(2),
            place: None,
            venue: text("venue").to_owned(),
            location,
            inactive: false,
            recap: None,
        };
        let (id, mut view) = (event.id, self.view(state, &event));
        state.events.push(event);
        keep_external_id(state, id, sent, &mut view);
        Ok(self.shown(StatusCode::CREATED, view))
    }

    /// `City, Country`, from the one form that this gateway takes.
    fn location(&self, sent: &Fields) -> Result<String, Answer> {
        if self.variant == GatewayVariant::Structured {
            let part = |name| sent.object("location")?.get(name)?.as_str().filter(|text| !text.is_empty());
            let parts = part("city").zip(part("country")).map(|(city, country)| format!("{city}, {country}"));
            return parts.ok_or_else(|| invalid("location is not of the form {city, country}"));
        }
        let text = sent.text("location").filter(|text| text.split_once(", ").is_some());
        text.map(str::to_owned).ok_or_else(|| invalid("location is not of the form `City, Country`"))
    }

    fn id(&self, id: i64) -> Value {
        if self.variant == GatewayVariant::Wrapped { json!(id) } else { json!(id.to_string()) }
    }

    fn word(&self, status: &str) -> String {
        if self.variant == GatewayVariant::Wrapped { status.to_uppercase() } else { status.to_owned() }
    }

    fn status(&self, event: &FakeEvent) -> String {
        self.word(event.gateway_status(self.now))
    }

    fn view(&self, state: &State, event: &FakeEvent) -> Value {
        let (city, country) = event.location.split_once(", ").unwrap_or((&event.location, ""));
        let location = match self.variant {
            GatewayVariant::Structured => json!({"city": city, "country": country}),
            _ => json!(event.location),
        };
        let mut view = Map::from_iter([
            ("id".to_owned(), self.id(event.id)),
            ("projectId".to_owned(), self.id(event.project)),
            ("name".to_owned(), json!(event.name)),
            ("date".to_owned(), json!(event.start.to_rfc3339())),
            ("location".to_owned(), location),
            ("venue".to_owned(), json!(event.venue)),
            ("status".to_owned(), json!(self.status(event))),
        ]);
        if let Some(external) = state.external_ids.get(&event.id) {
            view.insert("externalId".to_owned(), json!(external));
        }
        Value::Object(view)
    }

    fn shown(&self, status: StatusCode, view: Value) -> Answer {
        let body = if self.variant == GatewayVariant::Wrapped { json!({"data": view}) } else { view };
        Answer::new(status, body)
    }
}

fn keep_external_id(state: &mut State, id: i64, sent: &Fields, view: &mut Value) {
    if let (Some(external), Value::Object(members)) = (sent.text("externalId"), view) {
        members.insert("externalId".to_owned(), external.into());
        state.external_ids.insert(id, external.to_owned());
    }
}

fn authorize(state: &State, request: &HttpRequest) -> Result<(), Answer> {
    let header = |name| fake::header(request, name);
    if header("authorization").and_then(|value| value.strip_prefix("Bearer ")) != Some(FakeBrandscopic::API_KEY) {
        return Err(refusal(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "the API key is missing or not valid"));
    }
    if state.tenant.is_some() && header("x-tenant-id") != state.tenant.as_deref() {
        return Err(refusal(StatusCode::FORBIDDEN, "UNKNOWN_TENANT", "the key does not belong to this tenant"));
    }
    Ok(())
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    DateTime::parse_from_rfc3339(text).map(|at| at.to_utc()).ok().or_else(|| text.parse().ok().map(midnight))
}
