//! The reports, written in either dialect.

use std::sync::Arc;

use connectors_placer::PlacerCode;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::fake::{Dialect, FakePlacer};
use super::oddity::Oddity;
use super::operations::Form;
use super::place::{FakeVenue, Standing};
use super::refusal::Refusal;
use super::request::Question;
use super::visits::{self, View};
use super::{cbgs, journey, loyalty, ranking, retail, trade_area};
use crate::fake::{self, Reply};

/// What is said of one entity by name.
pub(super) type Members = Map<String, Value>;

/// What is said of one entity: its report, or why there is none.
pub(super) type Outcome = Result<Members, Refusal>;

/// "Ask again", in the form that goes with the report.
pub(super) fn in_progress(question: &Question, id: &str) -> Reply {
    if question.operation.form != Form::Bulk || cbgs::is_asked(question) {
        return Refusal::in_progress().reply(id);
    }
    let items: Vec<_> =
        question.ids.iter().map(|id| failed(Dialect::Documented, id, &Refusal::in_progress())).collect();
    fake::json(StatusCode::ACCEPTED, &json!({"requestId": id, "items": items}))
}

pub(super) fn report(
    fake: &FakePlacer,
    question: &Question,
    oddity: Option<Oddity>,
    request_id: &str,
) -> Result<Reply, Refusal> {
    let venues: Vec<_> = question.ids.iter().map(|id| fake.venue(id)).collect();
    visits::check(question, &venues.iter().flatten().map(Arc::as_ref).collect::<Vec<_>>())?;
    let pending = |position| oddity.is_some_and(|oddity| oddity.is_pending(position));
    // Only the first id is looked at when a radius is asked for.
    let count = if question.nearby { 1 } else { question.ids.len() };
    let (mut outcomes, sums) = (Vec::new(), ranking::Sums::default());
    for (position, (id, venue)) in question.ids.iter().zip(&venues).take(count).enumerate() {
        let outcome =
            if pending(position) { Err(Refusal::in_progress()) } else { about(fake, question, venue.as_ref(), &sums) };
        outcomes.push((id.as_str(), outcome));
    }
    let refusals = outcomes.iter().filter_map(|(_, outcome)| outcome.as_ref().err());
    let refused = refusals.clone().find(|refusal| ![3005, 3006].contains(&refusal.code));
    if let Some(refusal) = refused.filter(|_| fake.config.refuses_whole) {
        return Err(refusal.clone());
    }
    if question.operation.form == Form::Bulk {
        let well = oddity.is_some_and(Oddity::hides_in_success) || outcomes.iter().all(|(_, outcome)| outcome.is_ok());
        if cbgs::is_asked(question) {
            return Ok(cbgs::reply(fake.config.dialect, question, &outcomes, well, request_id));
        }
        return Ok(bulk(fake.config.dialect, question, &outcomes, well, request_id));
    }
    match outcomes.into_iter().next() {
        Some((_, Ok(members))) if is_bare(question) && fake.config.dialect == Dialect::Documented => {
            Ok(fake::json(StatusCode::OK, &Value::Object(members)))
        }
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

/// Some reports are documented without anything around them.
fn is_bare(question: &Question) -> bool {
    ["ranking", "journey"].contains(&question.operation.resource())
}

fn bulk(
    dialect: Dialect,
    question: &Question,
    outcomes: &[(&str, Outcome)],
    all_well: bool,
    request_id: &str,
) -> Reply {
    let entries: Vec<Value> = outcomes
        .iter()
        .map(|(id, outcome)| match (outcome, dialect) {
            (Ok(members), Dialect::Documented) if is_bare(question) => Value::Object(members.clone()),
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
    if dialect == Dialect::Documented && is_bare(question) {
        return fake::json(status, &Value::Array(entries));
    }
    fake::json(status, &json!({"requestId": request_id, list: entries}))
}

pub(super) fn failed(dialect: Dialect, id: &str, refusal: &Refusal) -> Value {
    let Refusal { code, details, message, .. } = refusal;
    match dialect {
        // What is not ready has not failed.
        Dialect::Documented if *code == 3005 => {
            json!({"apiId": id, "code": code, "details": details, "message": message})
        }
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
fn about(fake: &FakePlacer, question: &Question, venue: Option<&Arc<FakeVenue>>, sums: &ranking::Sums) -> Outcome {
    let venue = venue.ok_or_else(Refusal::not_found)?;
    match venue.standing {
        Standing::NoData => return Err(Refusal::no_content()),
        Standing::Flagged if question.operation.resource() != "ranking" => {
            return Err(Refusal::arguments("the entity is flagged"));
        }
        Standing::NotPermitted => return Err(Refusal::not_permitted()),
        Standing::Undeliverable => return Err(Refusal::undeliverable()),
        Standing::Restricted => return Err(Refusal::by_code(PlacerCode::RestrictedArea)),
        Standing::WithoutDemographics if question.operation.name == "reports.trade_area.demographics" => {
            return Err(Refusal::by_code(PlacerCode::UnauthorizedDataSource));
        }
        Standing::WithoutSales if question.operation.resource() == "retail" => {
            return Err(Refusal::by_code(PlacerCode::Unauthorized));
        }
        Standing::Normal
        | Standing::Flagged
        | Standing::Custom
        | Standing::WithoutDemographics
        | Standing::WithoutSales => {}
    }
    let view = View::new(fake.seed(), venue, question);
    let mut members = match question.operation.resource() {
        "visits" => visits::report(&view, question, fake.config.dialect)?,
        "loyalty" => loyalty::report(&view, question)?,
        "trade_area" => trade_area::report(&view, question, fake.config.dialect)?,
        "ranking" => ranking::report(&view, question, &fake.venues(), sums, fake.config.dialect)?,
        "journey" => journey::report(&view, question, &fake.venues())?,
        _ => retail::report(&view, question)?,
    };
    if question.operation.resource() != "retail" {
        members.insert("visitDurationSegmentation".to_owned(), json!(view.segment));
    }
    Ok(members)
}

/// `8:00 AM`
pub(super) fn shown(hour: u8) -> String {
    let half = if hour < 12 { "AM" } else { "PM" };
    format!("{}:00 {half}", if hour.is_multiple_of(12) { 12 } else { hour % 12 })
}

/// The members of an object.
pub(super) fn object(value: Value) -> Members {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
