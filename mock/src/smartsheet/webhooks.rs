//! Webhooks: what they are. What they send is in `calls`, what they are told of in `changes`.

mod calls;
mod changes;
mod trigger;

use chrono::{DateTime, Utc};
use connectors_smartsheet::WebhookId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub(super) use self::calls::{Call, Calls};
pub(super) use self::changes::Watch;
pub(super) use self::trigger::Trigger;
use super::asked::{Asked, Outcome, attributes, required_text, success, written};
use super::inspection::FakeWebhook;
use super::problem::Problem;
use super::query::Query;
use super::sheets::page_of;
use super::state::{State, Word};

/// The most that a page of their list holds.
const MAX_PAGE: usize = 10_000;

const PLAN_EVENTS: [&str; 4] = ["*.*", "user.*", "user.seatType.*", "user.seatType.updated"];

/// What is held of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store {
    /// In the order in which they were created.
    hooks: Vec<Hook>,
    next_call: u64,
    last_request: DateTime<Utc>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Hook {
    id: i64,
    name: String,
    url: String,
    scope: String,
    object: i64,
    columns: Vec<i64>,
    events: Vec<Value>,
    version: u64,
    headers: Map<String, Value>,
    enabled: bool,
    status: Word,
    details: Option<Word>,
    secret: String,
    created_at: DateTime<Utc>,
    modified_at: DateTime<Utc>,
    calls: Calls,
}

impl Hook {
    fn shown(&self) -> Value {
        let mut shown = json!({
            "id": self.id, "name": self.name, "callbackUrl": self.url, "scope": self.scope, "scopeObjectId": self.object,
            "events": self.events, "version": self.version, "enabled": self.enabled, "status": self.status,
            "sharedSecret": self.secret, "createdAt": self.created_at, "modifiedAt": self.modified_at,
            "apiClientId": "fieldmarketing", "apiClientName": "Field marketing", "stats": self.calls.stats(),
        });
        if let Some(shown) = shown.as_object_mut() {
            if !self.columns.is_empty() {
                shown.insert("subscope".into(), json!({ "columnIds": self.columns }));
            }
            if !self.headers.is_empty() {
                shown.insert("customHeaders".into(), self.headers.clone().into());
            }
            if let Some(details) = &self.details {
                shown.insert("disabledDetails".into(), details.as_ref().into());
            }
        }
        shown
    }

    /// What makes two of them the same.
    fn purpose(&self) -> (&str, i64, &str, &[i64]) {
        (&self.scope, self.object, &self.url, &self.columns)
    }

    fn switch(&mut self, status: &'static str, details: Option<&'static str>, now: DateTime<Utc>) {
        self.enabled = status == "ENABLED";
        (self.status, self.details, self.modified_at) = (status.into(), details.map(Word::from), now);
        if !self.enabled {
            self.calls.drop_all();
        }
    }
}

impl Store {
    fn hook(&self, id: i64) -> Result<&Hook, Problem> {
        self.hooks.iter().find(|hook| hook.id == id).ok_or_else(Problem::not_found)
    }

    fn hook_mut(&mut self, id: i64) -> Result<&mut Hook, Problem> {
        self.hooks.iter_mut().find(|hook| hook.id == id).ok_or_else(Problem::not_found)
    }

    pub(super) fn url(&self, id: i64) -> Option<String> {
        self.hook(id).ok().map(|hook| hook.url.clone())
    }

    /// As a test sees them.
    pub(super) fn looked_at(&self) -> Vec<FakeWebhook> {
        let look = self.hooks.iter().map(|hook| FakeWebhook {
            id: WebhookId::new(hook.id),
            name: hook.name.clone(),
            callback_url: hook.url.clone(),
            status: hook.status.to_string(),
            pending: hook.calls.waiting(),
        });
        look.collect()
    }

    fn call_id(&mut self) -> u64 {
        self.next_call += 1;
        self.next_call
    }
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let id = || asked.id("webhookId");
    let answer = match asked.name() {
        "webhooks.list" => list(state, &asked.query),
        "webhooks.create" => create(state, &asked.json()?, asked.now),
        "webhooks.get" => state.webhooks.hook(id()?).map(Hook::shown),
        "webhooks.update" => update(state, id()?, &asked.json()?, asked.now),
        "webhooks.delete" => {
            let id = id()?;
            state.webhooks.hook(id)?;
            state.webhooks.hooks.retain(|hook| hook.id != id);
            Ok(success())
        }
        "webhooks.reset_shared_secret" => {
            let secret = secret(state);
            let hook = state.webhooks.hook_mut(id()?)?;
            hook.secret.clone_from(&secret);
            hook.modified_at = asked.now;
            Ok(written(json!({ "sharedSecret": secret })))
        }
        _ => Err(asked.unknown()),
    };
    answer.map(Into::into)
}

/// Of the same source as references: the ids to come stay what they are.
fn secret(state: &mut State) -> String {
    [(); 3].map(|()| state.reference()).concat()
}

/// The totals are never told, and `includeAll` is passed over.
fn list(state: &State, query: &Query) -> Result<Value, Problem> {
    query.flag("includeAll")?;
    let size = query.number("pageSize")?.unwrap_or(100).clamp(1, MAX_PAGE);
    let page = query.number("page")?.unwrap_or(1).max(1);
    let newest_first: Vec<_> = state.webhooks.hooks.iter().rev().map(Hook::shown).collect();
    let (data, pages) = page_of(&newest_first, page, size);
    let data = if page > pages { &[][..] } else { data };
    Ok(json!({ "pageNumber": page, "pageSize": size, "totalPages": -1, "totalCount": -1, "data": data }))
}

fn create(state: &mut State, body: &Value, now: DateTime<Utc>) -> Result<Value, Problem> {
    const KNOWN: [&str; 8] =
        ["name", "callbackUrl", "scope", "scopeObjectId", "subscope", "events", "version", "customHeaders"];
    let body = attributes(body, &KNOWN)?;
    let name = required_text(body, "name", "webhook.name")?;
    let url = callback_url(&required_text(body, "callbackUrl", "webhook.callbackUrl")?)?;
    let scope = required_text(body, "scope", "webhook.scope")?;
    let object = body.get("scopeObjectId").ok_or_else(|| Problem::missing("webhook.scopeObjectId"))?;
    let object = object.as_i64().ok_or_else(|| Problem::wrong_type("scopeObjectId"))?;
    match scope.as_str() {
        "sheet" => {
            let exists = state.sheet(object).is_ok();
            exists.then_some(()).ok_or_else(|| Problem::new(404, 1151, "The scope of the webhook was not found."))?;
        }
        "plan" => {}
        _ => return Err(Problem::bad(1031, "The value of webhook.scope is not supported.")),
    }
    let events = body.get("events").ok_or_else(|| Problem::missing("webhook.events"))?;
    let events = event_patterns(&scope, events)?;
    let version = body.get("version").ok_or_else(|| Problem::missing("webhook.version"))?;
    let version = version.as_u64().filter(|version| *version == 1).ok_or_else(|| Problem::wrong_type("version"))?;
    let columns = match body.get("subscope") {
        None => Vec::new(),
        Some(_) if scope != "sheet" => return Err(Problem::not_allowed("webhook.subscope")),
        Some(subscope) => columns(state, object, subscope)?,
    };
    let headers = custom_headers(&scope, body)?;
    let hook = Hook {
        id: state.new_id(),
        name,
        url,
        scope,
        object,
        columns,
        events,
        version,
        headers,
        enabled: false,
        status: "NEW_NOT_VERIFIED".into(),
        details: None,
        secret: secret(state),
        created_at: now,
        modified_at: now,
        calls: Calls::default(),
    };
    let shown = hook.shown();
    state.webhooks.hooks.push(hook);
    Ok(written(shown))
}

fn columns(state: &State, sheet: i64, subscope: &Value) -> Result<Vec<i64>, Problem> {
    let ids = attributes(subscope, &["columnIds"])?.get("columnIds").and_then(Value::as_array);
    let ids = ids.filter(|ids| !ids.is_empty()).ok_or_else(|| Problem::missing("webhook.subscope.columnIds"))?;
    let sheet = state.sheet(sheet)?;
    let known = |id: &Value| {
        // The documentation has them as texts, the SDKs as numbers.
        let id = id.as_i64().or_else(|| id.as_str()?.parse().ok()).ok_or_else(|| Problem::wrong_type("columnIds"))?;
        let column = sheet.column(id).ok_or_else(|| Problem::bad(1036, format!("The columnId {id} is invalid.")))?;
        Ok(column.id)
    };
    let mut ids = ids.iter().map(known).collect::<Result<Vec<_>, Problem>>()?;
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

fn event_patterns(scope: &str, events: &Value) -> Result<Vec<Value>, Problem> {
    let events = events.as_array().ok_or_else(|| Problem::wrong_type("events"))?;
    let known: &[&str] = if scope == "sheet" { &["*.*"] } else { &PLAN_EVENTS };
    if events.is_empty() || !events.iter().all(|event| event.as_str().is_some_and(|event| known.contains(&event))) {
        return Err(Problem::bad(1031, "The value of webhook.events is not supported."));
    }
    Ok(events.clone())
}

fn custom_headers(scope: &str, body: &Map<String, Value>) -> Result<Map<String, Value>, Problem> {
    match body.get("customHeaders") {
        None => Ok(Map::new()),
        Some(Value::Object(headers)) if scope == "plan" || headers.is_empty() => {
            let texts = headers.values().all(Value::is_string);
            if texts { Ok(headers.clone()) } else { Err(Problem::wrong_type("customHeaders")) }
        }
        Some(Value::Object(_)) => Err(Problem::not_allowed("webhook.customHeaders")),
        Some(_) => Err(Problem::wrong_type("customHeaders")),
    }
}

/// As Smartsheet has it, and http on this machine for those who try things out.
fn callback_url(text: &str) -> Result<String, Problem> {
    let refused = || Problem::bad(1152, "The callbackUrl must be an https URL with a supported port.");
    let url: url::Url = text.parse().map_err(|_| refused())?;
    let here = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let port = url.port_or_known_default().unwrap_or_default();
    let there = url.scheme() == "https" && [443, 8000, 8008, 8080, 8443].contains(&port);
    if there || (here && url.scheme() == "http") { Ok(text.to_owned()) } else { Err(refused()) }
}

fn update(state: &mut State, id: i64, body: &Value, now: DateTime<Utc>) -> Result<Value, Problem> {
    let body = attributes(body, &["name", "callbackUrl", "enabled", "events", "version", "customHeaders"])?;
    let hook = state.webhooks.hook_mut(id)?;
    let scope = hook.scope.clone();
    let name = body.get("name").map(|_| required_text(body, "name", "webhook.name")).transpose()?;
    let url = body.get("callbackUrl").map(|_| required_text(body, "callbackUrl", "webhook.callbackUrl")).transpose()?;
    let url = url.map(|url| callback_url(&url)).transpose()?;
    let events = body.get("events").map(|events| event_patterns(&scope, events)).transpose()?;
    let headers = custom_headers(&scope, body)?;
    let flag = |value: &Value| value.as_bool().ok_or_else(|| Problem::wrong_type("enabled"));
    let enabled = body.get("enabled").map(flag).transpose()?;
    if body.get("version").is_some_and(|version| *version != json!(1)) {
        return Err(Problem::wrong_type("version"));
    }
    if enabled == Some(true) && ["DISABLED_APP_REVOKED", "DISABLED_ADMINISTRATIVE"].contains(&hook.status.as_ref()) {
        return Err(Problem::new(403, 1154, "The webhook cannot be enabled."));
    }

    hook.name = name.unwrap_or_else(|| hook.name.clone());
    hook.events = events.unwrap_or_else(|| hook.events.clone());
    if body.contains_key("customHeaders") {
        hook.headers = headers;
    }
    hook.modified_at = now;
    let moved = url.filter(|url| *url != hook.url);
    if let Some(url) = moved {
        hook.url = url;
        if enabled.is_none() {
            hook.switch("NEW_NOT_VERIFIED", None, now);
        }
    }
    let verified = hook.calls.take_verification();
    match enabled {
        Some(false) if hook.enabled => {
            hook.switch("DISABLED_BY_OWNER", None, now);
            tell_status(&mut state.webhooks, id, now);
        }
        Some(true) if verified => hook.switch("ENABLED", None, now),
        Some(true) => {
            hook.switch("DISABLED_VERIFICATION_FAILED", Some("The callback URL did not answer the challenge."), now);
        }
        Some(false) | None => {}
    }
    state.webhooks.hook(id).map(Hook::shown).map(written)
}

/// A change of the status is told as well, where somebody may be listening.
fn tell_status(store: &mut Store, id: i64, now: DateTime<Utc>) {
    let call = store.call_id();
    if let Ok(hook) = store.hook_mut(id) {
        let status = hook.status.clone();
        hook.calls.push(Call::status(call, status, now));
    }
}
