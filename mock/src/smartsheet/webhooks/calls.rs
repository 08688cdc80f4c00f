//! What webhooks send: challenges, callbacks and their repetitions.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, Mac};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{Hook, Store};
use crate::fake::Reply;
use crate::outgoing::Outgoing;
use crate::smartsheet::state::Word;

/// How long after a failure a callback is repeated: growing at first, then every three hours.
const GAPS: [i64; 14] = [1, 2, 5, 15, 30, 60, 120, 180, 180, 180, 180, 180, 180, 180];

/// The receiver is challenged again before every hundredth callback.
const CHALLENGE_EVERY: u32 = 100;

/// One callback that is to be delivered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in super::super) struct Call {
    id: u64,
    /// What happened; nothing for a change of the status.
    events: Vec<Value>,
    status: Option<Word>,
    made_at: DateTime<Utc>,
    due: DateTime<Utc>,
    failures: usize,
}

impl Call {
    pub(super) fn events(id: u64, events: Vec<Value>, now: DateTime<Utc>) -> Self {
        Self { id, events, status: None, made_at: now, due: now, failures: 0 }
    }

    pub(super) fn status(id: u64, status: Word, now: DateTime<Utc>) -> Self {
        Self { status: Some(status), ..Self::events(id, Vec::new(), now) }
    }
}

/// What a webhook has to send, and how it went so far.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(in super::super) struct Calls {
    waiting: VecDeque<Call>,
    /// What is under way: one thing at a time. Whoever waits for the answer is not saved.
    #[serde(skip)]
    under_way: Option<u64>,
    /// The challenge under way, or met.
    #[serde(skip)]
    challenge: Option<(u64, String)>,
    verified: bool,
    delivered: u32,
    challenged_at: u32,
    last_attempt: Option<DateTime<Utc>>,
    last_failures: usize,
    last_success: Option<DateTime<Utc>>,
}

impl Calls {
    pub(super) fn push(&mut self, call: Call) {
        self.waiting.push_back(call);
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn drop_all(&mut self) {
        self.waiting.clear();
        (self.under_way, self.challenge) = (None, None);
    }

    /// Whether a challenge was met since it was asked last.
    pub(super) fn take_verification(&mut self) -> bool {
        std::mem::take(&mut self.verified)
    }

    pub(super) fn stats(&self) -> Value {
        let mut stats = json!({});
        if let (Some(at), Some(stats)) = (self.last_attempt, stats.as_object_mut()) {
            stats.insert("lastCallbackAttempt".into(), json!(at));
            stats.insert("lastCallbackAttemptRetryCount".into(), self.last_failures.into());
            if let Some(at) = self.last_success {
                stats.insert("lastSuccessfulCallback".into(), json!(at));
            }
        }
        stats
    }

    /// Whether the hundred are full.
    fn wants_challenge(&self) -> bool {
        self.delivered >= self.challenged_at + CHALLENGE_EVERY
    }
}

impl Store {
    /// The challenge that a webhook wants to be met before it is switched on.
    pub(in super::super) fn verification(&mut self, id: i64, url: &str, text: &str) -> Option<Outgoing> {
        let call = self.call_id();
        let hook = self.hook_mut(id).ok()?;
        hook.calls.verified = false;
        hook.calls.challenge = Some((call, text.to_owned()));
        challenge(hook, url, call, text)
    }

    /// What is to be sent by now: one request of each webhook that has none under way.
    pub(in super::super) fn due(&mut self, now: DateTime<Utc>, mut text: impl FnMut() -> String) -> Vec<Outgoing> {
        let mut due = Vec::new();
        for index in 0..self.hooks.len() {
            let challenge_id = self.next_call + 1;
            let Some(hook) = self.hooks.get_mut(index) else { break };
            if hook.calls.under_way.is_some() || hook.calls.waiting.front().is_none_or(|call| call.due > now) {
                continue;
            }
            let outgoing = if hook.calls.wants_challenge() {
                let text = text();
                self.next_call = challenge_id;
                hook.calls.challenge = Some((challenge_id, text.clone()));
                challenge(hook, &hook.url, challenge_id, &text)
            } else {
                callback(hook)
            };
            if let Some(outgoing) = outgoing {
                hook.calls.under_way = Some(outgoing.id);
                hook.calls.last_attempt = Some(now);
                due.push(outgoing);
            }
        }
        due
    }

    /// Whether anything may be to be sent, now or later: changes made by hand are not announced.
    pub(in super::super) fn busy(&self) -> bool {
        self.hooks.iter().any(|hook| hook.enabled || !hook.calls.waiting.is_empty())
    }

    /// When the next request is to be sent.
    pub(in super::super) fn next_due(&self) -> Option<DateTime<Utc>> {
        let idle = self.hooks.iter().filter(|hook| hook.calls.under_way.is_none());
        idle.filter_map(|hook| hook.calls.waiting.front()).map(|call| call.due).min()
    }

    /// What was answered to a request; nothing when there was no answer in time.
    pub(in super::super) fn answered(&mut self, id: u64, reply: Option<&Reply>, now: DateTime<Utc>) {
        let status = reply.map(http::Response::status);
        let meant = |hook: &&mut Hook| {
            hook.calls.under_way == Some(id) || hook.calls.challenge.as_ref().is_some_and(|(held, _)| *held == id)
        };
        let Some(hook) = self.hooks.iter_mut().find(meant) else { return };
        let calls = &mut hook.calls;
        let regular = calls.under_way.take_if(|held| *held == id).is_some();
        if let Some((_, text)) = calls.challenge.take_if(|(held, _)| *held == id) {
            let met = reply.is_some_and(|reply| meets(reply, &text));
            calls.challenged_at = calls.delivered;
            match (regular, met) {
                (true, true) => {}
                (true, false) => {
                    let details = "The callback URL did not answer the challenge.";
                    hook.switch("DISABLED_VERIFICATION_FAILED", Some(details), now);
                }
                (false, met) => calls.verified = met,
            }
            return;
        }
        let Some(mut call) = calls.waiting.pop_front() else { return };
        calls.last_failures = call.failures;
        let again = match status {
            Some(StatusCode::GONE) => false,
            Some(status) => status.is_client_error() || status.is_server_error(),
            None => true,
        };
        if !again {
            if status == Some(StatusCode::OK) {
                calls.last_success = Some(now);
            }
            calls.delivered += 1;
            return;
        }
        match GAPS.get(call.failures) {
            Some(minutes) => {
                call.due = now + TimeDelta::minutes(*minutes);
                call.failures += 1;
                calls.waiting.push_front(call);
            }
            None => hook.switch("DISABLED_CALLBACK_FAILED", Some("The callback URL did not take a callback."), now),
        }
    }
}

fn callback(hook: &Hook) -> Option<Outgoing> {
    let call = hook.calls.waiting.front()?;
    let mut body = json!({
        "nonce": format!("nonce-{:x}-{:x}", hook.id, call.id), "timestamp": call.made_at, "webhookId": hook.id,
        "scope": hook.scope, "scopeObjectId": hook.object,
    });
    if let Some(body) = body.as_object_mut() {
        match &call.status {
            Some(status) => body.insert("newWebhookStatus".into(), status.as_ref().into()),
            None => body.insert("events".into(), call.events.clone().into()),
        };
    }
    let body = body.to_string();
    // A key of any length will do.
    let mac = Hmac::<Sha256>::new_from_slice(hook.secret.as_bytes()).ok()?.chain_update(body.as_bytes());
    let signature = format!("{:x}", mac.finalize().into_bytes());
    request(hook, &hook.url, call.id, body, ("smartsheet-hmac-sha256", &signature))
}

fn challenge(hook: &Hook, url: &str, id: u64, text: &str) -> Option<Outgoing> {
    let body = json!({ "challenge": text, "webhookId": hook.id }).to_string();
    request(hook, url, id, body, ("smartsheet-hook-challenge", text))
}

fn request(hook: &Hook, url: &str, id: u64, body: String, header: (&'static str, &str)) -> Option<Outgoing> {
    let mut request = http::Request::builder().method(Method::POST).uri(url);
    request = request.header("content-type", "application/json").header("user-agent", "Smartsheet Hooks");
    request = request.header(header.0, header.1);
    for (name, value) in &hook.headers {
        let name = name.parse::<HeaderName>().ok();
        let value = value.as_str().and_then(|value| HeaderValue::from_str(value).ok());
        if let (Some(name), Some(value)) = (name, value) {
            request = request.header(name, value);
        }
    }
    Some(Outgoing::new(id, request.body(body.into()).ok()?))
}

/// By the header or by the body; both will do.
fn meets(reply: &Reply, challenge: &str) -> bool {
    let body = || serde_json::from_slice::<Value>(reply.body()).unwrap_or_default();
    reply.status() == StatusCode::OK
        && (reply.headers().get("smartsheet-hook-response").is_some_and(|value| value == challenge)
            || body().get("smartsheetHookResponse").is_some_and(|echo| echo == challenge))
}
