//! One webhook for one purpose, however often it is asked for.

use std::collections::BTreeSet;
use std::time::Duration;

use connectors_core::{Request, RequestOptions, Response, Result, request_options};

use super::{Webhooks, check_enabled, check_new};
use crate::checked;
use crate::model::{ColumnId, NewWebhook, Webhook, WebhookStatus, WebhookUpdate};
use crate::webhooks::WebhookReceiver;

/// Nobody holds a webhook for longer than its receiver takes to be challenged.
const TURN: Duration = Duration::from_secs(60 * 60);

/// What was done so that a webhook is there and on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EnsuredBy {
    /// Nothing: it was there and on.
    Found,
    /// It was on, and tells other events or sends other headers now.
    Updated,
    /// It was there, and was switched on.
    Enabled,
    /// It was created and switched on.
    Created,
}

/// A webhook that is on.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct EnsuredWebhook {
    /// The webhook.
    pub webhook: Webhook,
    /// What was done for it.
    pub by: EnsuredBy,
}

/// Sees to it that there is a webhook and that it is on: [`Webhooks::ensure`].
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct EnsureWebhook {
    webhooks: Webhooks,
    new: NewWebhook,
    receiver: Option<WebhookReceiver>,
    options: RequestOptions,
}

request_options!(EnsureWebhook => EnsuredWebhook);

impl EnsureWebhook {
    pub(super) fn new(webhooks: Webhooks, new: NewWebhook) -> Self {
        Self { webhooks, new, receiver: None, options: RequestOptions::default() }
    }

    /// Tells the receiver of the webhook before it is switched on, so that it can answer the challenge.
    pub fn receiver(mut self, receiver: &WebhookReceiver) -> Self {
        self.receiver = Some(receiver.clone());
        self
    }

    /// Does it. The circumstances are those of the last request.
    pub async fn send(self) -> Result<Response<EnsuredWebhook>> {
        checked(&self.options, || check_new(&self.new))?;
        let client = &self.webhooks.client;
        let clock = client.core().clock();
        let key = format!("webhook/{}/{}", self.new.scope, self.new.scope_object_id);
        let _turn = client.turns().lock(&key, clock.as_ref(), clock.now() + TURN).await?;

        let (webhook, created) = match self.find().await? {
            Some(found) => (found, false),
            None => match self.with(self.webhooks.create(self.new.clone())).send().await {
                Ok(created) => (created, true),
                // It may have come into being without our being told.
                Err(error) if error.maybe_applied() => match self.find().await {
                    Ok(Some(found)) => (found, true),
                    Ok(None) | Err(_) => return Err(error),
                },
                Err(error) => return Err(error),
            },
        };
        if let Some(receiver) = &self.receiver {
            receiver.add(&webhook);
        }
        let on = webhook.enabled && webhook.status.as_ref().is_none_or(|status| *status == WebhookStatus::Enabled);
        let update = self.change(&webhook);
        let by = match (created, on) {
            (true, _) => EnsuredBy::Created,
            (false, false) => EnsuredBy::Enabled,
            (false, true) if update != WebhookUpdate::default() => EnsuredBy::Updated,
            (false, true) => return Ok(webhook.map(|webhook| EnsuredWebhook { webhook, by: EnsuredBy::Found })),
        };
        let update = if on { update } else { update.enabled(true) };
        let webhook = self.with(self.webhooks.update(webhook.id, update)).send().await?;
        check_enabled(&webhook)?;
        Ok(webhook.map(|webhook| EnsuredWebhook { webhook, by }))
    }

    /// The oldest one that is on, else the oldest that can be switched on.
    async fn find(&self) -> Result<Option<Response<Webhook>>> {
        let mut found: Option<Response<Webhook>> = None;
        let (mut number, size) = (1, super::MAX_PAGE.to_string());
        loop {
            let mut list = self.webhooks.list().page(number).page_size(super::MAX_PAGE);
            list.0 = self.with(list.0);
            let page = list.send().await?;
            let meta = page.meta().clone();
            let page = crate::request::by_number(number, Some(&size), page.into_inner());
            // The newest come first.
            for webhook in page.items {
                let better = !found.as_ref().is_some_and(|found| found.enabled && !webhook.enabled);
                if better && self.fits(&webhook) {
                    found = Some(Response::new(webhook, meta.clone()));
                }
            }
            if page.next.is_none() {
                return Ok(found);
            }
            number += 1;
        }
    }

    /// Whether it watches the same for the same receiver, and can be switched on.
    fn fits(&self, webhook: &Webhook) -> bool {
        let columns = |ids: Option<&[ColumnId]>| ids.unwrap_or_default().iter().copied().collect::<BTreeSet<_>>();
        let wanted = columns(self.new.subscope.as_ref().map(|part| part.column_ids.as_slice()));
        let held = columns(webhook.subscope.as_ref().map(|part| part.column_ids.as_slice()));
        webhook.scope.as_ref() == Some(&self.new.scope)
            && webhook.scope_object_id == Some(self.new.scope_object_id)
            && webhook.callback_url == self.new.callback_url
            && wanted == held
            && !webhook.status.as_ref().is_some_and(WebhookStatus::is_terminal)
    }

    /// What is to be changed, besides switching it on. The name is a matter of taste, and stays.
    fn change(&self, webhook: &Webhook) -> WebhookUpdate {
        let patterns = |events: &[String]| events.iter().cloned().collect::<BTreeSet<_>>();
        let mut update = WebhookUpdate::new();
        if patterns(&webhook.events) != patterns(&self.new.events) {
            update = update.events(self.new.events.clone());
        }
        if webhook.custom_headers != self.new.custom_headers {
            update = update.custom_headers(self.new.custom_headers.clone());
        }
        update
    }

    /// The same options for each of the requests that it comes down to.
    fn with<T>(&self, request: Request<T>) -> Request<T> {
        let own = self.options.clone();
        request.options(|options| *options = own)
    }
}
