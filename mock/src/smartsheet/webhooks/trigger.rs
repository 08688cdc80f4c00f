//! Callbacks that nothing has to change for.

use chrono::{DateTime, Utc};
use connectors_core::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Store;
use super::calls::Call;
use crate::smartsheet::users::ME;

/// Which webhook is to send a callback, and what it tells.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Trigger {
    webhook: i64,
    /// Without any, what is watched was updated.
    #[serde(default)]
    events: Vec<Told>,
}

impl Trigger {
    pub(in super::super) fn of(webhook: i64) -> Self {
        Self { webhook, events: Vec::new() }
    }
}

/// One event, as a callback has it.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Told {
    object_type: String,
    event_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    row_id: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    column_id: Option<i64>,
    #[serde(default = "somebody")]
    user_id: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    timestamp: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    change_agent: Option<String>,
}

fn somebody() -> i64 {
    ME
}

impl Store {
    pub(in super::super) fn trigger(&mut self, trigger: Trigger, now: DateTime<Utc>) -> Result<()> {
        let call = self.call_id();
        let hook = self.hooks.iter_mut().find(|hook| hook.id == trigger.webhook);
        let hook = hook.ok_or_else(|| Error::invalid("webhook", "there is no such webhook"))?;
        if !hook.enabled {
            let status = &hook.status;
            return Err(Error::invalid("webhook", format!("the webhook is not switched on: its status is {status}")));
        }
        let mut events = trigger.events;
        if events.is_empty() {
            let object_type = if hook.scope == "plan" { "user" } else { &hook.scope };
            let (object_type, event_type) = (object_type.to_owned(), "updated".to_owned());
            let (id, user_id) = (Some(hook.object), somebody());
            let (row_id, column_id, timestamp, change_agent) = (None, None, None, None);
            events.push(Told { object_type, event_type, id, row_id, column_id, user_id, timestamp, change_agent });
        }
        let told = events.into_iter().map(|event| Told { timestamp: event.timestamp.or(Some(now)), ..event });
        let told = told.map(|event| serde_json::to_value(event).unwrap_or(Value::Null));
        hook.calls.push(Call::events(call, told.collect(), now));
        Ok(())
    }
}
