//! What webhooks are told of: the difference between before and after a request, whatever made it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::Call;
use crate::smartsheet::asked::{Answer, Asked};
use crate::smartsheet::state::{Sheet, State};
use crate::smartsheet::users::ME;

/// What the watched sheets are like before a request.
#[derive(Debug)]
pub(in super::super) struct Watch(BTreeMap<i64, Sheet>);

/// One event, and what it is about: for webhooks of some columns.
struct Event {
    body: Map<String, Value>,
    column: Option<i64>,
    row_deleted: bool,
}

impl Watch {
    pub(in super::super) fn begin(state: &State) -> Self {
        let hooks = state.webhooks.hooks.iter().filter(|hook| hook.enabled && hook.scope == "sheet");
        let sheets: BTreeSet<_> = hooks.map(|hook| hook.object).collect();
        Self(sheets.into_iter().filter_map(|id| Some((id, state.sheet(id).ok()?.clone()))).collect())
    }

    /// Tells the webhooks what a request has changed.
    pub(in super::super) fn end(self, state: &mut State, asked: &Asked<'_>, answer: &Answer) {
        state.webhooks.last_request = asked.now;
        if !self.0.is_empty() {
            let thing = thing(asked, answer);
            self.tell(state, asked.user, asked.header("smartsheet-change-agent"), thing.as_ref(), asked.now);
        }
    }

    /// Tells the webhooks what somebody has changed in the browser, where no clock is at hand: when the last request was
    /// made.
    pub(in super::super) fn end_by_hand(self, state: &mut State) {
        let now = state.webhooks.last_request;
        self.tell(state, ME, None, None, now);
    }

    fn tell(self, state: &mut State, user: i64, agent: Option<&str>, thing: Option<&(i64, Event)>, now: DateTime<Utc>) {
        let mut told = BTreeSet::new();
        for (id, before) in self.0 {
            let Ok(after) = state.sheet(id) else {
                lost(state, id, now);
                continue;
            };
            let mut events = difference(&before, after);
            if let Some((_, event)) = thing.filter(|(sheet, _)| *sheet == id) {
                events.push(Event { body: event.body.clone(), column: None, row_deleted: false });
            }
            if events.is_empty() {
                continue;
            }
            for event in &mut events {
                event.body.insert("userId".into(), user.into());
                event.body.insert("timestamp".into(), json!(now));
                if let Some(agent) = agent {
                    event.body.insert("changeAgent".into(), agent.into());
                }
            }
            for index in 0..state.webhooks.hooks.len() {
                let call = state.webhooks.call_id();
                let Some(hook) = state.webhooks.hooks.get_mut(index) else { break };
                // Of several for the same purpose, the oldest speaks for all.
                let watches = hook.enabled && hook.scope == "sheet" && hook.object == id;
                if !watches || !told.insert(format!("{:?}", hook.purpose())) {
                    continue;
                }
                let in_scope = |event: &&Event| {
                    hook.columns.is_empty()
                        || event.row_deleted
                        || event.column.is_some_and(|c| hook.columns.contains(&c))
                };
                let events: Vec<Value> =
                    events.iter().filter(in_scope).map(|event| event.body.clone().into()).collect();
                if !events.is_empty() {
                    hook.calls.push(Call::events(call, events, now));
                }
            }
        }
    }
}

/// The sheet is gone.
fn lost(state: &mut State, sheet: i64, now: DateTime<Utc>) {
    let ids: Vec<_> = {
        let hooks = state.webhooks.hooks.iter().filter(|hook| hook.enabled && hook.scope == "sheet");
        hooks.filter(|hook| hook.object == sheet).map(|hook| hook.id).collect()
    };
    for id in ids {
        if let Ok(hook) = state.webhooks.hook_mut(id) {
            hook.switch("DISABLED_SCOPE_INACCESSIBLE", Some("The sheet was deleted."), now);
        }
        super::tell_status(&mut state.webhooks, id, now);
    }
}

fn event(object: &str, kind: &str, id: Option<i64>) -> Event {
    let mut body = Map::new();
    body.insert("objectType".into(), object.into());
    body.insert("eventType".into(), kind.into());
    if let Some(id) = id {
        body.insert("id".into(), id.into());
    }
    Event { body, column: None, row_deleted: object == "row" && kind == "deleted" }
}

fn difference(before: &Sheet, after: &Sheet) -> Vec<Event> {
    let mut events = Vec::new();
    if before.version != after.version || before.name != after.name {
        events.push(event("sheet", "updated", Some(after.id)));
    }
    let about = |column: i64, kind| Event { column: Some(column), ..event("column", kind, Some(column)) };
    for column in &after.columns {
        match before.column(column.id) {
            None => events.push(about(column.id, "created")),
            Some(held) if format!("{held:?}") != format!("{column:?}") => events.push(about(column.id, "updated")),
            Some(_) => {}
        }
    }
    let gone = before.columns.iter().filter(|column| after.column(column.id).is_none());
    events.extend(gone.map(|column| about(column.id, "deleted")));

    let held: BTreeMap<_, _> = before.rows.iter().map(|row| (row.id, row)).collect();
    for row in &after.rows {
        let old = held.get(&row.id);
        let nothing = BTreeMap::new();
        let old_cells = old.map_or(&nothing, |row| &row.cells);
        let cell = |column: i64, kind| {
            let mut event = Event { column: Some(column), ..event("cell", kind, None) };
            event.body.insert("rowId".into(), row.id.into());
            event.body.insert("columnId".into(), column.into());
            event
        };
        match old {
            None => events.push(event("row", "created", Some(row.id))),
            Some(old) if old.version != row.version || old.parent != row.parent || old.cells != row.cells => {
                events.push(event("row", "updated", Some(row.id)));
            }
            Some(_) => {}
        }
        for (column, now) in &row.cells {
            match old_cells.get(column) {
                None => events.push(cell(*column, "created")),
                Some(then) if then != now => events.push(cell(*column, "updated")),
                Some(_) => {}
            }
        }
    }
    let kept: BTreeSet<_> = after.rows.iter().map(|row| row.id).collect();
    let gone = before.rows.iter().filter(|row| !kept.contains(&row.id));
    events.extend(gone.map(|row| event("row", "deleted", Some(row.id))));
    events
}

/// The attachment, discussion or comment that a request is about, and its sheet.
fn thing(asked: &Asked<'_>, answer: &Answer) -> Option<(i64, Event)> {
    let (object, parameter) = match asked.operation.resource() {
        "attachments" => ("attachment", "attachmentId"),
        "discussions" => ("discussion", "discussionId"),
        "comments" => ("comment", "commentId"),
        _ => return None,
    };
    let kind = match asked.request.method().as_str() {
        "POST" => "created",
        "PUT" => "updated",
        "DELETE" => "deleted",
        _ => return None,
    };
    let result = match answer {
        Answer::Json(body) => body.get("result").and_then(|result| result.get("id")).and_then(Value::as_i64),
        Answer::File(..) => None,
    };
    let id = result.or_else(|| asked.id(parameter).ok())?;
    Some((asked.id("sheetId").ok()?, event(object, kind, Some(id))))
}
