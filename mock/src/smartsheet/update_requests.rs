//! Update requests, and their being sent by schedule.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::asked::{Asked, Outcome, attributes, success, written};
use super::lists::by_page;
use super::problem::Problem;
use super::render::{author, time};
use super::schedule::Schedule;
use super::state::State;

/// What is held of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store {
    requests: Vec<Request>,
    sent: Vec<(i64, Value)>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Request {
    id: i64,
    sheet: i64,
    /// Everything but the schedule, as it was given.
    says: Map<String, Value>,
    schedule: Schedule,
    created_at: DateTime<Utc>,
    modified_at: DateTime<Utc>,
    last_sent: Option<DateTime<Utc>>,
}

impl Request {
    fn next(&self) -> Option<DateTime<Utc>> {
        self.schedule.next_after(self.last_sent)
    }

    fn shown(&self) -> Value {
        let mut shown = self.says.clone();
        let mut schedule = self.schedule.shown();
        schedule.extend(self.last_sent.map(|at| ("lastSentAt".to_owned(), time(at).into())));
        schedule.extend(self.next().map(|at| ("nextSendAt".to_owned(), time(at).into())));
        shown.extend([
            ("id".to_owned(), self.id.into()),
            ("schedule".to_owned(), schedule.into()),
            ("sentBy".to_owned(), author()),
            ("createdAt".to_owned(), time(self.created_at).into()),
            ("modifiedAt".to_owned(), time(self.modified_at).into()),
        ]);
        shown.into()
    }
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let sheet = state.sheet(asked.id("sheetId")?)?.id;
    send_due(state, asked.now);
    let request = |store: &Store| {
        let id = asked.id("updateRequestId")?;
        store.requests.iter().position(|held| held.sheet == sheet && held.id == id).ok_or_else(Problem::not_found)
    };
    let sent = |store: &Store| {
        let id = json!(asked.id("sentUpdateRequestId")?);
        let found = store.sent.iter().position(|(of, held)| *of == sheet && held.get("id") == Some(&id));
        found.ok_or_else(Problem::not_found)
    };
    let answer = match asked.name() {
        "update_requests.list" => {
            // Only those that have a future, and without what they are about.
            let planned = state.update_requests.requests.iter();
            let planned = planned.filter(|held| held.sheet == sheet && held.next().is_some());
            let all: Vec<_> = planned.map(|held| without(held.shown(), &["rowIds", "columnIds"])).collect();
            by_page(&all, &asked.query)?
        }
        "update_requests.create" => {
            let (says, schedule) = read(state, sheet, &asked.json()?, None, asked.now)?;
            let (id, at) = (state.new_id(), asked.now);
            let new = Request { id, sheet, says, schedule, created_at: at, modified_at: at, last_sent: None };
            state.update_requests.requests.push(new.clone());
            written(new.shown())
        }
        "update_requests.get" => {
            let position = request(&state.update_requests)?;
            state.update_requests.requests.get(position).map(Request::shown).unwrap_or_default()
        }
        "update_requests.update" => {
            let position = request(&state.update_requests)?;
            let Some(held) = state.update_requests.requests.get(position).cloned() else {
                return Err(Problem::not_found());
            };
            let (says, schedule) = read(state, sheet, &asked.json()?, Some(&held), asked.now)?;
            let changed = Request { says, schedule, modified_at: asked.now, ..held };
            let shown = changed.shown();
            state.update_requests.requests.splice(position..=position, [changed]);
            written(shown)
        }
        "update_requests.delete" => {
            let position = request(&state.update_requests)?;
            state.update_requests.requests.remove(position);
            success()
        }
        "update_requests.sent" => {
            let all = state.update_requests.sent.iter().filter(|(of, _)| *of == sheet);
            let all: Vec<_> = all.map(|(_, held)| held.clone()).collect();
            by_page(&all, &asked.query)?
        }
        "update_requests.get_sent" => {
            let position = sent(&state.update_requests)?;
            state.update_requests.sent.get(position).map(|(_, held)| held.clone()).unwrap_or_default()
        }
        "update_requests.delete_sent" => {
            let position = sent(&state.update_requests)?;
            state.update_requests.sent.remove(position);
            success()
        }
        _ => return Err(asked.unknown()),
    };
    send_due(state, asked.now);
    Ok(answer.into())
}

fn without(mut shown: Value, names: &[&str]) -> Value {
    if let Some(shown) = shown.as_object_mut() {
        shown.retain(|name, _| !names.contains(&name.as_str()));
    }
    shown
}

/// Sends what should have been sent by now, one e-mail for each recipient.
fn send_due(state: &mut State, now: DateTime<Utc>) {
    let mut requests = std::mem::take(&mut state.update_requests.requests);
    for request in &mut requests {
        while let Some(due) = request.next().filter(|due| *due <= now) {
            request.last_sent = Some(due);
            for to in request.says.get("sendTo").and_then(Value::as_array).into_iter().flatten() {
                let mut sent = request.says.clone();
                sent.retain(|name, _| !["sendTo", "ccMe", "layout"].contains(&name.as_str()));
                sent.extend([
                    ("id".to_owned(), state.new_id().into()),
                    ("updateRequestId".to_owned(), request.id.into()),
                    ("sentAt".to_owned(), time(due).into()),
                    ("sentBy".to_owned(), author()),
                    ("sentTo".to_owned(), to.clone()),
                    ("status".to_owned(), "PENDING".into()),
                ]);
                state.update_requests.sent.push((request.sheet, sent.into()));
            }
        }
    }
    state.update_requests.requests = requests;
}

const KNOWN: [&str; 10] = [
    "sendTo",
    "subject",
    "message",
    "ccMe",
    "rowIds",
    "columnIds",
    "includeAttachments",
    "includeDiscussions",
    "layout",
    "schedule",
];

/// What a request says and when it is sent, over what was held before.
fn read(
    state: &State,
    sheet: i64,
    body: &Value,
    held: Option<&Request>,
    now: DateTime<Utc>,
) -> Result<(Map<String, Value>, Schedule), Problem> {
    let mut says = attributes(body, &KNOWN)?.clone();
    let schedule = match (says.remove("schedule"), held) {
        (Some(schedule), _) => Schedule::read(&schedule)?,
        (None, Some(held)) => held.schedule.clone(),
        (None, None) => Schedule::once(now),
    };
    let sheet = state.sheet(sheet)?;
    if held.is_none() {
        for name in ["sendTo", "rowIds"] {
            if !says.contains_key(name) {
                return Err(Problem::missing(&format!("updateRequest.{name}")));
            }
        }
    }
    if let Some(to) = says.get("sendTo") {
        let to = to.as_array().ok_or_else(|| Problem::wrong_type("sendTo"))?;
        if to.is_empty() || !to.iter().all(|to| to.get("email").is_some() != to.get("groupId").is_some()) {
            return Err(Problem::missing("updateRequest.sendTo"));
        }
    }
    for (name, code) in [("rowIds", 1034), ("columnIds", 1036)] {
        let Some(ids) = says.get(name) else { continue };
        let ids = ids.as_array().ok_or_else(|| Problem::wrong_type(name))?;
        for id in ids {
            let id = id.as_i64().ok_or_else(|| Problem::wrong_type(name))?;
            let exists = if code == 1034 { sheet.position(id).is_some() } else { sheet.column(id).is_some() };
            if !exists {
                return Err(Problem::bad(code, format!("The value {id} of {name} is invalid.")));
            }
        }
        if ids.is_empty() && name == "rowIds" {
            return Err(Problem::missing("updateRequest.rowIds"));
        }
    }
    let mut all = held.map(|held| held.says.clone()).unwrap_or_default();
    all.extend(says);
    Ok((all, schedule))
}
