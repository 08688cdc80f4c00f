//! The receivers of webhooks: in this process, or elsewhere.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use connectors_core::{HttpRequest, Result};
use connectors_smartsheet::WebhookId;
use http::{StatusCode, Uri};
use serde_json::Value;

use super::asked::Asked;
use super::fake::FakeSmartsheet;
use super::operations;
use super::tokens;
use super::webhooks::Trigger;
use crate::fake::Reply;
use crate::outgoing::Outgoing;

type Receiver = Arc<dyn Fn(&HttpRequest) -> Reply + Send + Sync>;

/// Who takes callbacks in this process, by callback URL.
#[derive(Default)]
pub(super) struct Receivers(Mutex<Vec<(String, Receiver)>>);

impl Receivers {
    fn add(&self, url: &str, receiver: Receiver) {
        let url = normal(url);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|(held, _)| *held != url);
        known.push((url, receiver));
    }

    fn of(&self, url: &str) -> Option<Receiver> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|(held, _)| *held == normal(url)).map(|(_, receiver)| Arc::clone(receiver))
    }
}

/// As it stands in a request.
fn normal(url: &str) -> String {
    url.parse::<Uri>().map_or_else(|_| url.to_owned(), |url| url.to_string())
}

impl fmt::Debug for Receivers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Receivers")
    }
}

/// A request of a webhook, and what became of it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DeliveredCallback {
    /// What was sent.
    pub request: HttpRequest,
    /// The status of the answer; `None` where nobody listens.
    pub status: Option<StatusCode>,
}

impl FakeSmartsheet {
    /// Somebody listens at this callback URL in this process: challenges go there when a webhook is switched on, and
    /// callbacks when they are [delivered](crate::MockSmartsheet::deliver_callbacks). A second receiver at the same URL
    /// takes the place of the first.
    pub fn receive_callbacks(&self, url: &str, receiver: impl Fn(&HttpRequest) -> Reply + Send + Sync + 'static) {
        self.receivers().add(url, Arc::new(receiver));
    }

    /// The callbacks that are due by now, for a test to deliver in its own way: of each webhook at most one, until its
    /// answer is told to [`callback_answered`](Self::callback_answered).
    pub fn callbacks(&self, now: DateTime<Utc>) -> Vec<Outgoing> {
        let mut state = self.state();
        let mut store = std::mem::take(&mut state.webhooks);
        let due = store.due(now, || state.reference());
        state.webhooks = store;
        due
    }

    /// What was answered to a callback; `None` where nobody answered in time.
    pub fn callback_answered(&self, id: u64, answer: Option<&Reply>, now: DateTime<Utc>) {
        self.state().webhooks.answered(id, answer, now);
    }

    /// This webhook sends a callback that says that what it watches was updated, though nothing was: it is due at once.
    /// Fails where there is no such webhook, or it is not switched on.
    pub fn trigger_webhook(&self, webhook: WebhookId, now: DateTime<Utc>) -> Result<()> {
        self.state().webhooks.trigger(Trigger::of(webhook.get()), now)
    }

    /// When the next callback is due, if there is one.
    pub fn next_callback(&self) -> Option<DateTime<Utc>> {
        self.state().webhooks.next_due()
    }

    /// Delivers what is due by now, and what becomes due by that, to the receivers in this process.
    pub(super) fn deliver_callbacks(&self, now: DateTime<Utc>) -> Vec<DeliveredCallback> {
        let mut delivered = Vec::new();
        loop {
            let due = self.callbacks(now);
            if due.is_empty() {
                return delivered;
            }
            for outgoing in due {
                let receiver = self.receivers().of(&outgoing.request.uri().to_string());
                let answer = receiver.map(|receiver| receiver(&outgoing.request));
                self.callback_answered(outgoing.id, answer.as_ref(), now);
                let status = answer.map(|answer| answer.status());
                delivered.push(DeliveredCallback { request: outgoing.request, status });
            }
        }
    }

    /// Before a webhook is switched on, a receiver in this process is challenged.
    pub(super) fn verify(&self, request: &HttpRequest, now: DateTime<Utc>) {
        let Some((id, url)) = self.switched_on(request, now) else { return };
        let Some(receiver) = self.receivers().of(&url) else { return };
        // Not while the state is locked: a receiver may look at the fake.
        if let Some(challenge) = self.challenge(id, &url) {
            let answer = receiver(&challenge.request);
            self.callback_answered(challenge.id, Some(&answer), now);
        }
    }

    /// The same for a receiver elsewhere, which the face has to reach.
    pub(super) fn challenge_elsewhere(&self, request: &HttpRequest, now: DateTime<Utc>) -> Vec<Outgoing> {
        let Some((id, url)) = self.switched_on(request, now) else { return Vec::new() };
        let here = self.receivers().of(&url).is_some();
        if here { Vec::new() } else { self.challenge(id, &url).into_iter().collect() }
    }

    fn challenge(&self, id: i64, url: &str) -> Option<Outgoing> {
        let mut state = self.state();
        let text = state.reference();
        state.webhooks.verification(id, url, &text)
    }

    /// The webhook that a request switches on, and where its callbacks go then.
    fn switched_on(&self, request: &HttpRequest, now: DateTime<Utc>) -> Option<(i64, String)> {
        operations::operation(request).filter(|operation| operation.name == "webhooks.update")?;
        let (state, asked) = (self.state(), Asked::of(request, now).ok()?);
        tokens::caller(&state, &asked).ok()?;
        let (id, body) = (asked.id("webhookId").ok()?, asked.json().ok()?);
        let on = body.get("enabled").and_then(Value::as_bool) == Some(true);
        let moved = body.get("callbackUrl").and_then(Value::as_str).map(str::to_owned);
        let url = moved.or_else(|| state.webhooks.url(id))?;
        on.then_some((id, url))
    }
}
