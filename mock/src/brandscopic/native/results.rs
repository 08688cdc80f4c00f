//! The results of events.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::answer::Answer;
use super::super::state::{FakeEvent, State};
use super::asked::Asked;
use super::form::{self, Answers};
use super::{Outcome, bad_parameter, not_found, not_saved, ok, problem};

/// What was answered, by event.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store(BTreeMap<i64, Answers>);

/// The form of an event. Showing it gives every field an id.
pub(super) fn show(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let (id, campaign) = state.event(asked.id("id")?).map(|event| (event.id, event.project)).ok_or_else(not_found)?;
    begin(state, id, campaign);
    let answers = state.stores.results.0.get(&id);
    let mut groups: Vec<(&str, Vec<Value>)> = Vec::new();
    for field in form::of_campaign(state, campaign) {
        let view = field.view(state, answers.and_then(|answers| answers.get(&field.id)));
        match groups.last_mut() {
            Some((module, fields)) if *module == field.module => fields.push(view),
            _ => groups.push((field.module, vec![view])),
        }
    }
    let group = |(module, fields): (&str, Vec<Value>)| match module {
        // Some have no name in the user's language.
        "custom" => json!({"module": module, "fields": fields}),
        _ => json!({"module": module, "label": module.replace('_', " "), "fields": fields}),
    };
    ok(groups.into_iter().map(group).collect())
}

fn begin(state: &mut State, event: i64, campaign: i64) {
    for field in form::of_campaign(state, campaign) {
        let fresh = state.fresh_id();
        let answers = state.stores.results.0.entry(event).or_default();
        answers.entry(field.id).or_insert((fresh, Value::Null));
    }
}

/// Saves what an update of the event brings: all of it, or none.
pub(super) fn save(state: &mut State, asked: &Asked<'_>, event: &FakeEvent) -> Result<(), Answer> {
    let Some(list) = asked.sent.get("results_attributes") else { return Ok(()) };
    let sent = form::sent(list, "id").ok_or_else(|| bad_parameter("Invalid parameter results_attributes"))?;
    let fields = form::of_campaign(state, event.project);
    let known = state.stores.results.0.get(&event.id);
    let mut accepted = Vec::new();
    for (id, value) in sent {
        let is_it = |answer: &(&i64, &(i64, Value))| Some(answer.1.0) == id;
        let (field, _) = known.and_then(|known| known.iter().find(is_it)).ok_or_else(not_found)?;
        let takes = fields.iter().any(|known| known.id == *field && known.takes(state, value));
        if !takes {
            return Err(not_saved(problem("results.value", "is invalid")));
        }
        accepted.push((*field, value.clone()));
    }
    let answers = state.stores.results.0.entry(event.id).or_default();
    for (field, value) in accepted {
        if let Some((_, answer)) = answers.get_mut(&field) {
            *answer = value;
        }
    }
    Ok(())
}

/// Whether the event has all that it needs to be submitted; what it lacks otherwise.
pub(super) fn validate_submit(state: &State, event: &FakeEvent) -> Result<(), String> {
    let answers = state.stores.results.0.get(&event.id);
    let answered = |field: i64| answers.and_then(|answers| answers.get(&field)).is_some_and(|(_, v)| !v.is_null());
    let complete = form::of_campaign(state, event.project).iter().all(|field| !field.required || answered(field.id));
    if complete { Ok(()) } else { Err("Results is invalid".to_owned()) }
}
