//! Surveys of events.

use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::answer::Answer;
use super::super::state::{FakeProject, State};
use super::asked::Asked;
use super::brands::{self, BRANDS};
use super::{Outcome, bad_parameter, not_found, not_saved, ok, problem, refusal};

/// The campaign whose events have no surveys.
const WITHOUT: &str = "Staff Training";

/// Whether the campaign has the module.
pub(super) fn enabled(campaign: &FakeProject) -> bool {
    campaign.name != WITHOUT
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store(Vec<Survey>);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Survey {
    id: i64,
    event: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    answers: Vec<Value>,
}

impl Survey {
    fn view(&self) -> Value {
        json!({
            "id": self.id,
            "active": true,
            "created_at": self.created_at.to_rfc3339(),
            "updated_at": self.updated_at.to_rfc3339(),
            "surveys_answers": self.answers,
        })
    }
}

pub(super) fn answer(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let event = asked.id("event")?;
    let campaign = state.event(event).ok_or_else(not_found)?.project;
    if !state.projects.iter().any(|project| project.id == campaign && enabled(project)) {
        return Err(refusal(StatusCode::FORBIDDEN, "Invalid request"));
    }
    let of_event = |survey: &&Survey| survey.event == event;
    match asked.method() {
        "list" => return ok(state.stores.surveys.0.iter().filter(of_event).map(Survey::view).collect()),
        "brands" => {
            let asked_about = brands::of_campaign(state, campaign)?;
            return ok(asked_about.map(|brand| json!({"id": brand.id, "name": brand.name})).collect());
        }
        "create" => {
            let id = state.fresh_id();
            let (created_at, updated_at) = (asked.now, asked.now);
            let survey = Survey { id, event, created_at, updated_at, answers: Vec::new() };
            let survey = apply(state, asked, survey)?;
            let view = survey.view();
            state.stores.surveys.0.push(survey);
            return ok(view);
        }
        _ => {}
    }
    let id = asked.id("id")?;
    let mut found = state.stores.surveys.0.iter().filter(of_event);
    let survey = found.find(|survey| survey.id == id).cloned().ok_or_else(not_found)?;
    if asked.method() == "get" {
        return ok(survey.view());
    }
    let survey = apply(state, asked, survey)?;
    let view = survey.view();
    if let Some(old) = state.stores.surveys.0.iter_mut().find(|survey| survey.id == id) {
        *old = survey;
    }
    ok(view)
}

fn apply(state: &mut State, asked: &Asked<'_>, mut survey: Survey) -> Result<Survey, Answer> {
    let list = asked.sent.get("surveys_answers_attributes").and_then(Value::as_array);
    let list = list.ok_or_else(|| bad_parameter("Invalid parameter surveys_answers_attributes"))?;
    for sent in list {
        if !is_answer(sent) {
            return Err(not_saved(problem("surveys_answers.answer", "is invalid")));
        }
        let member = |name: &str| sent.get(name).cloned().unwrap_or_default();
        let answer = |id: i64| {
            json!({
                "id": id,
                "kpi_id": member("kpi_id"),
                "question_id": member("question_id"),
                "brand_id": member("brand_id"),
                "answer": member("answer"),
            })
        };
        if let Some(id) = sent.get("id").and_then(Value::as_i64) {
            let mut known = survey.answers.iter_mut();
            let is_it = |old: &&mut Value| old.get("id").and_then(Value::as_i64) == Some(id);
            *known.find(is_it).ok_or_else(not_found)? = answer(id);
        } else {
            survey.answers.push(answer(state.fresh_id()));
        }
    }
    survey.updated_at = asked.now;
    Ok(survey)
}

/// Whether it is an answer about the consumer, or to one of the questions about a brand.
fn is_answer(sent: &Value) -> bool {
    let (integer, answer) = (|name: &str| sent[name].as_i64(), &sent["answer"]);
    match (integer("kpi_id"), integer("brand_id"), integer("question_id")) {
        (Some(6..=8), None, None) => answer.as_i64().is_some(),
        (None, Some(brand), Some(question)) if BRANDS.iter().any(|known| known.active && known.id == brand) => {
            match question {
                1 => matches!(answer.as_str(), Some("purchased" | "aware" | "unaware")),
                2 => answer.is_number(),
                3 | 4 => matches!(answer.as_i64(), Some(1..=5)),
                _ => false,
            }
        }
        _ => false,
    }
}
