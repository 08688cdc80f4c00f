//! The native face: `/api/v1`, with its session headers, US dates and forgiving-looking errors.
//!
//! One module per resource; `operations.csv` says which there are, and what they may be sent.

mod activities;
mod activity_types;
mod areas;
mod asked;
mod assets;
mod brands;
mod campaigns;
mod comments;
mod companies;
mod contacts;
mod countries;
mod documents;
mod event_contacts;
mod event_filter;
mod events;
mod expenses;
mod filters;
mod form;
mod invites;
mod members;
mod permissions;
mod photos;
mod recap_moves;
mod results;
mod sessions;
mod subject;
mod suggestions;
mod surveys;
mod tasks;
mod users;
mod venues;
mod views;
mod visits;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use connectors_core::HttpRequest;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use self::asked::Asked;
use super::answer::Answer;
use super::fake::FakeBrandscopic;
use super::operations::{self, Operation};
use super::state::State;
use crate::fake::{self, Reply, html};
use crate::operations::Parameters;

/// What is answered with success, or a failure.
type Outcome = Result<Answer, Answer>;

/// What each resource keeps.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Stores {
    activities: activities::Store,
    assets: assets::Store,
    comments: comments::Store,
    contacts: contacts::Store,
    event_contacts: event_contacts::Store,
    pub(super) events: events::Store,
    pub(super) expenses: expenses::Store,
    invites: invites::Store,
    members: members::Store,
    results: results::Store,
    surveys: surveys::Store,
    tasks: tasks::Store,
    pub(super) users: users::Store,
    visits: visits::Store,
}

impl Stores {
    /// What a file is, and whether its address has to be signed.
    pub(super) fn file(&self, id: i64) -> Option<(String, Bytes, bool)> {
        self.assets.file(id).or_else(|| visits::document_file(id)).or_else(|| documents::guide_file(id))
    }
}

/// 200, with this body.
#[expect(clippy::unnecessary_wraps, reason = "what a resource answers")]
fn ok(body: Value) -> Outcome {
    Ok(Answer::new(StatusCode::OK, body))
}

/// 201, with this body.
#[expect(clippy::unnecessary_wraps, reason = "what a resource answers")]
fn created(body: Value) -> Outcome {
    Ok(Answer::new(StatusCode::CREATED, body))
}

/// What writes that have nothing to show answer.
fn done(info: &str) -> Outcome {
    ok(json!({"success": true, "info": info, "data": {}}))
}

/// 204.
#[expect(clippy::unnecessary_wraps, reason = "what a resource answers")]
fn nothing() -> Outcome {
    Ok(Answer::new(StatusCode::NO_CONTENT, Value::Null))
}

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

/// What is wrong with a record, by attribute.
type Problems = Map<String, Value>;

/// One attribute, and what is wrong with it.
fn problem(attribute: &str, text: &str) -> Problems {
    Map::from_iter([(attribute.to_owned(), json!([text]))])
}

fn not_saved(problems: Problems) -> Answer {
    Answer::new(StatusCode::UNPROCESSABLE_ENTITY, problems.into())
}

/// Some writes that failed are answered with 200.
fn not_saved_but_ok(problems: Problems) -> Outcome {
    ok(problems.into())
}

/// Answers the request for `operation`, with what is in its path.
pub(super) fn handle(
    state: &mut State,
    (operation, parameters): (&'static Operation, Parameters),
    request: &HttpRequest,
    now: DateTime<Utc>,
) -> Reply {
    let answer = authorize(state, operation, request)
        .and_then(|()| users::permitted(state, operation))
        .and_then(|()| Asked::read(operation, parameters, request, now))
        .and_then(|asked| answer(state, &asked));
    answer.unwrap_or_else(|refused| refused).into()
}

fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.operation.resource() {
        "activities" => activities::answer(state, asked),
        "activity_types" => activity_types::answer(state, asked),
        "areas" => areas::answer(state, asked),
        "brands" => brands::answer(state, asked),
        "campaigns" => campaigns::answer(state, asked),
        "comments" => comments::answer(state, asked),
        "companies" => companies::answer(state, asked),
        "contacts" => contacts::answer(state, asked),
        "countries" => countries::answer(state, asked),
        "documents" => documents::answer(state, asked),
        "event_contacts" => event_contacts::answer(state, asked),
        "events" => events::answer(state, asked),
        "expenses" => expenses::answer(state, asked),
        "filters" => filters::answer(state, asked),
        "invites" => invites::answer(state, asked),
        "members" => members::answer(state, asked),
        "photos" => photos::answer(state, asked),
        "sessions" => sessions::answer(state, asked),
        "surveys" => surveys::answer(state, asked),
        "tasks" => tasks::answer(state, asked),
        "users" => users::answer(state, asked),
        "venues" => venues::answer(state, asked),
        "visits" => visits::answer(state, asked),
        _ => Err(asked.unknown()),
    }
}

fn authorize(state: &State, operation: &Operation, request: &HttpRequest) -> Result<(), Answer> {
    let header = |name| fake::header(request, name);
    let accepts_json = header("accept").is_some_and(|accept| accept.contains("application/json"));
    if !accepts_json && request.uri().path().strip_suffix(".json").is_none() {
        return Err(Answer::new(StatusCode::NOT_ACCEPTABLE, Value::Null));
    }
    if operation.resource() == "sessions" || operation.name == "users.reset_password" {
        return Ok(());
    }
    match (header("x-auth-token"), header("x-user-email")) {
        (None, None) => return Err(refusal(StatusCode::UNAUTHORIZED, "Action Failed")),
        (Some(token), Some(email)) if token == state.token() && email == FakeBrandscopic::EMAIL => {}
        _ => return Err(refusal(StatusCode::UNAUTHORIZED, "Invalid auth token")),
    }
    let company = header("x-company-id").and_then(|id| id.parse::<i64>().ok());
    if !state.companies.iter().any(|known| Some(known.id) == company) {
        return Err(refusal(StatusCode::UNAUTHORIZED, "Invalid company"));
    }
    Ok(())
}

/// Answers a request that is for nothing here, as a Rails application does: by a page.
pub(super) fn nowhere() -> Reply {
    html(StatusCode::NOT_FOUND)
}

/// The operation of a request on this face, and what is in its path.
pub(super) fn route(request: &HttpRequest, below: &str) -> Option<(&'static Operation, Parameters)> {
    operations::find(request.method(), below).ok()
}
