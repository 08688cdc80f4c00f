//! Automation rules.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::asked::{Asked, Outcome, attributes, required_text, success, written};
use super::lists::by_page;
use super::problem::Problem;
use super::render::{author, time};
use super::state::State;

/// What is held of them: sheets, and their rules.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store(Vec<(i64, Map<String, Value>)>);

impl Store {
    fn position(&self, sheet: i64, id: i64) -> Result<usize, Problem> {
        let found = self.0.iter().position(|(of, rule)| *of == sheet && rule.get("id") == Some(&json!(id)));
        found.ok_or_else(Problem::not_found)
    }
}

/// Two rules of the list of stores.
pub(super) fn seed(state: &mut State, sheet: i64, now: DateTime<Utc>) {
    let action = json!({
        "type": "NOTIFICATION_ACTION", "frequency": "IMMEDIATELY", "message": "", "includeAllColumns": true,
        "includeAttachments": true, "includeDiscussions": true, "notifyAllSharedUsers": true,
    });
    let ask = json!({
        "type": "UPDATE_REQUEST_ACTION", "frequency": "WEEKLY", "subject": "Is your store up to date?",
        "message": "Please check the row of your store.", "recipients": [{ "email": "crew.lead@example.com" }],
        "includeAllColumns": true, "includeAttachments": false, "includeDiscussions": true, "notifyAllSharedUsers": false,
    });
    for (days, name, action) in [(190, "A store was opened or closed", action), (120, "Weekly check", ask)] {
        let at = time(now - TimeDelta::days(days));
        let rule = json!({
            "id": state.new_id(), "name": name, "enabled": true, "userCanModify": true, "action": action,
            "createdAt": at, "createdBy": author(), "modifiedAt": at, "modifiedBy": author(),
        });
        state.automation_rules.0.extend(rule.as_object().map(|rule| (sheet, rule.clone())));
    }
}

/// Gives a copy of a sheet the rules of that sheet.
pub(super) fn copy(state: &mut State, from: i64, to: i64, recipients: bool) {
    let held: Vec<_> =
        state.automation_rules.0.iter().filter(|(of, _)| *of == from).map(|(_, it)| it.clone()).collect();
    for mut rule in held {
        rule.insert("id".into(), state.new_id().into());
        if let (false, Some(action)) = (recipients, rule.get_mut("action").and_then(Value::as_object_mut)) {
            action.remove("recipients");
        }
        state.automation_rules.0.push((to, rule));
    }
}

const ACTIONS: [&str; 3] = ["APPROVAL_REQUEST_ACTION", "NOTIFICATION_ACTION", "UPDATE_REQUEST_ACTION"];
const FREQUENCIES: [&str; 4] = ["IMMEDIATELY", "HOURLY", "DAILY", "WEEKLY"];

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let sheet = state.sheet(asked.id("sheetId")?)?.id;
    let rules = &mut state.automation_rules;
    let position = |rules: &Store| rules.position(sheet, asked.id("automationRuleId")?);
    let answer = match asked.name() {
        "automation_rules.list" => {
            let all: Vec<Value> =
                rules.0.iter().filter(|(of, _)| *of == sheet).map(|(_, rule)| rule.clone().into()).collect();
            by_page(&all, &asked.query)?
        }
        "automation_rules.get" => {
            let position = position(rules)?;
            rules.0.get(position).map(|(_, rule)| rule.clone().into()).unwrap_or_default()
        }
        "automation_rules.update" => {
            let position = position(rules)?;
            let body = asked.json()?;
            let Some((_, rule)) = rules.0.get_mut(position) else { return Err(Problem::not_found()) };
            update(rule, &body, asked.now)?;
            written(rule.clone())
        }
        "automation_rules.delete" => {
            let position = position(rules)?;
            rules.0.remove(position);
            success()
        }
        _ => return Err(asked.unknown()),
    };
    Ok(answer.into())
}

fn update(rule: &mut Map<String, Value>, body: &Value, now: DateTime<Utc>) -> Result<(), Problem> {
    let body = attributes(body, &["name", "enabled", "action"])?;
    let mut changed = rule.clone();
    if body.contains_key("name") {
        changed.insert("name".into(), required_text(body, "name", "automationRule.name")?.into());
    }
    if let Some(enabled) = body.get("enabled") {
        let enabled = enabled.as_bool().ok_or_else(|| Problem::wrong_type("enabled"))?;
        changed.insert("enabled".into(), enabled.into());
    }
    if let (Some(action), Some(held)) = (body.get("action"), changed.get_mut("action")) {
        *held = changed_action(held, action)?;
    }
    changed.insert("modifiedAt".into(), time(now).into());
    changed.insert("modifiedBy".into(), author());
    *rule = changed;
    Ok(())
}

const RECIPIENTS: [&str; 3] = ["recipients", "recipientColumnIds", "notifyAllSharedUsers"];
const COLUMNS: [&str; 2] = ["includeAllColumns", "includedColumnIds"];

fn changed_action(held: &Value, action: &Value) -> Result<Value, Problem> {
    let others = ["type", "frequency", "subject", "message", "includeAttachments", "includeDiscussions"];
    let known: Vec<_> = RECIPIENTS.into_iter().chain(COLUMNS).chain(others).collect();
    let action = attributes(action, &known)?;
    let kind = required_text(action, "type", "action.type")?;
    if !ACTIONS.contains(&kind.as_str()) {
        return Err(Problem::wrong_type("type"));
    }
    if held.get("type").and_then(Value::as_str) != Some(kind.as_str()) {
        return Err(Problem::bad(1220, "Automation action type cannot be changed."));
    }
    let frequency = action.get("frequency").and_then(Value::as_str);
    if action.contains_key("frequency") && !frequency.is_some_and(|word| FREQUENCIES.contains(&word)) {
        return Err(Problem::wrong_type("frequency"));
    }
    let says = |name: &&str| match action.get(*name) {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::Array(list)) => !list.is_empty(),
        Some(_) => true,
    };
    for exclusive in [RECIPIENTS.as_slice(), &COLUMNS] {
        if exclusive.iter().filter(|name| says(name)).count() > 1 {
            let message = format!("The attributes {} are mutually exclusive.", exclusive.join(", "));
            return Err(Problem::bad(1218, message));
        }
    }
    let mut changed = held.as_object().cloned().unwrap_or_default();
    // Who gets it, and which columns, is said anew or not at all.
    for exclusive in [RECIPIENTS.as_slice(), &COLUMNS] {
        if exclusive.iter().any(|name| action.contains_key(*name)) {
            changed.retain(|name, _| !exclusive.contains(&name.as_str()));
        }
    }
    changed.extend(action.clone());
    Ok(changed.into())
}
