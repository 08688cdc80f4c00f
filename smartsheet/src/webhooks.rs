//! Webhooks: set up, switch on, list, delete, and the receiving side of them.

mod callback;
mod ensure;
mod receiver;

use std::net::IpAddr;

use connectors_core::provider::{Call, Operation};
use connectors_core::{BoxFuture, Error, ErrorKind, Request, Response, Result};
use http::{HeaderName, HeaderValue, Method};
use url::{Host, Url};

pub use self::callback::{Callback, CallbackEvent, CallbackEventType, CallbackObject, StatusChange};
pub use self::ensure::{EnsureWebhook, EnsuredBy, EnsuredWebhook};
pub use self::receiver::{Incoming, WebhookReceiver, WebhookReceiverBuilder, WebhookRefusal};
use crate::model::{
    CustomHeaders, NewWebhook, OffsetPage, SharedSecret, Webhook, WebhookId, WebhookScope, WebhookUpdate, WriteResult,
};
use crate::request::{CallExt, count, done, not_blank, offset_pages, operation, resource, written};

static LIST: Operation = operation(Method::GET, "webhooks.list", "/webhooks");
static CREATE: Operation = operation(Method::POST, "webhooks.create", "/webhooks");
static GET: Operation = operation(Method::GET, "webhooks.get", "/webhooks/{webhookId}");
static UPDATE: Operation = operation(Method::PUT, "webhooks.update", "/webhooks/{webhookId}");
static DELETE: Operation = operation(Method::DELETE, "webhooks.delete", "/webhooks/{webhookId}");
static RESET_SHARED_SECRET: Operation =
    operation(Method::POST, "webhooks.reset_shared_secret", "/webhooks/{webhookId}/resetsharedsecret");

/// The most webhooks that a page of their list holds.
const MAX_PAGE: u32 = 10_000;

/// The ports that Smartsheet calls back on.
const PORTS: [u16; 5] = [443, 8000, 8008, 8080, 8443];

resource! {
    /// The endpoints of webhooks: [`SmartsheetClient::webhooks`](crate::SmartsheetClient::webhooks). What they send is
    /// taken by a [`WebhookReceiver`].
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{EnsuredBy, NewWebhook, WebhookReceiver, WebhookStatus, WebhookUpdate};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, sheet) = (mock.client().clone(), mock.store_list_id());
    /// # let receiver = WebhookReceiver::new();
    /// # let web_server = receiver.clone();
    /// # mock.fake().receive_callbacks("https://hooks.example.com/smartsheet", move |request| {
    /// #     web_server.receive(request.headers(), request.body()).map_or_else(|refusal| refusal.reply(), |incoming| incoming.reply())
    /// # });
    /// let webhooks = smartsheet.webhooks();
    /// let new = NewWebhook::sheet("Stores", "https://hooks.example.com/smartsheet", sheet);
    /// let created = webhooks.create(new.clone()).await?;
    /// assert_eq!(created.status, Some(WebhookStatus::NewNotVerified));
    ///
    /// receiver.add(&created);
    /// webhooks.enable(created.id).await?;
    /// let ensured = webhooks.ensure(new).receiver(&receiver).await?;
    /// assert_eq!((ensured.webhook.id, ensured.by), (created.id, EnsuredBy::Found));
    ///
    /// webhooks.update(created.id, WebhookUpdate::new().name("All stores")).await?;
    /// assert_eq!(webhooks.list().await?.data[0].name, "All stores");
    /// let secret = webhooks.reset_shared_secret(created.id).await?.shared_secret;
    /// receiver.add_secret(created.id, secret);
    ///
    /// webhooks.disable(created.id).await?;
    /// assert_eq!(webhooks.get(created.id).await?.status, Some(WebhookStatus::DisabledByOwner));
    /// webhooks.delete(created.id).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub struct Webhooks;
}

impl Webhooks {
    /// All webhooks of the user and app that the token belongs to, the newest first.
    pub fn list(&self) -> ListWebhooks {
        ListWebhooks(Request::new(self.client.call(&LIST)))
    }

    /// Creates a webhook, switched off. [`ensure`](Self::ensure) does not create a second one for the same thing, and
    /// switches it on.
    pub fn create(&self, new: NewWebhook) -> Request<Webhook> {
        written(self.client.call(&CREATE).json(&new)).check(check_new(&new))
    }

    /// One webhook.
    pub fn get(&self, id: WebhookId) -> Request<Webhook> {
        Request::new(self.client.call(&GET).id("webhookId", id.get()))
    }

    /// Changes a webhook. Switching it on takes as long as Smartsheet takes to challenge the receiver; a challenge that
    /// is not met is no error here, but a [`status`](Webhook::status) of the answer: see [`enable`](Self::enable).
    pub fn update(&self, id: WebhookId, update: WebhookUpdate) -> Request<Webhook> {
        written(self.updating(id, &update)).check(check_update(&update))
    }

    /// Switches a webhook on. Smartsheet challenges the receiver meanwhile, which therefore has to know the webhook
    /// already, and the call lasts as long.
    ///
    /// Fails with [`ErrorKind::Conflict`] if the webhook is not on afterwards, as a rule because the receiver did not
    /// answer the challenge.
    pub fn enable(&self, id: WebhookId) -> Request<Webhook> {
        Request::with(self.updating(id, &WebhookUpdate::new().enabled(true)), enabled)
    }

    /// Switches a webhook off. What happens until it is on again is never told.
    pub fn disable(&self, id: WebhookId) -> Request<Webhook> {
        written(self.updating(id, &WebhookUpdate::new().enabled(false)))
    }

    /// Deletes a webhook.
    pub fn delete(&self, id: WebhookId) -> Request<()> {
        done(self.client.call(&DELETE).id("webhookId", id.get()))
    }

    /// Signs the callbacks with a new secret from now on. Callbacks under way are still signed with the old one: add
    /// the new one to the [receiver](WebhookReceiver::add_secret) and take the old one away later.
    pub fn reset_shared_secret(&self, id: WebhookId) -> Request<SharedSecret> {
        written(self.client.call(&RESET_SHARED_SECRET).id("webhookId", id.get()))
    }

    /// Sees to it that there is a webhook like this and that it is on. Of several that watch the same thing for the
    /// same receiver Smartsheet serves the oldest only, so an existing one is switched on, and brought up to date,
    /// rather than a second one created.
    ///
    /// Fails as [`enable`](Self::enable) does.
    pub fn ensure(&self, new: NewWebhook) -> EnsureWebhook {
        EnsureWebhook::new(self.clone(), new)
    }

    fn updating(&self, id: WebhookId, update: &WebhookUpdate) -> Call {
        let waits = update.enabled == Some(true) || update.callback_url.is_some();
        let call = if waits { self.client.long_call(&UPDATE) } else { self.client.call(&UPDATE) };
        call.id("webhookId", id.get()).json(update)
    }
}

connectors_core::request! {
    /// Lists webhooks, the newest first: [`Webhooks::list`]. Awaiting it gives one page, of at most 10 000;
    /// [`pager`](Self::pager) gives all. The totals of a page are −1.
    pub struct ListWebhooks => OffsetPage<Webhook>;
}
offset_pages!(ListWebhooks => Webhook);

/// That the answer came does not mean that the webhook is on.
fn enabled(call: Call) -> BoxFuture<Result<Response<Webhook>>> {
    Box::pin(async move {
        let answer = call.send::<WriteResult<Webhook>>().await?.map(|written| written.result);
        check_enabled(&answer)?;
        Ok(answer)
    })
}

fn check_enabled(webhook: &Webhook) -> Result<()> {
    if webhook.enabled {
        return Ok(());
    }
    let status = webhook.status.as_ref().map_or("not told", |status| status.as_str());
    let error =
        Error::new(ErrorKind::Conflict, format!("the webhook {} is not on: its status is {status}", webhook.id));
    let hint = "the receiver must know the webhook, be reachable at its callback URL and answer the challenge";
    Err(error.with_origin(crate::PROVIDER, UPDATE.name).with_hint(hint))
}

fn check_new(new: &NewWebhook) -> Result<()> {
    not_blank("name", &new.name)?;
    check_url(&new.callback_url)?;
    if new.scope_object_id <= 0 {
        return Err(Error::invalid("scopeObjectId", "must be a positive number"));
    }
    check_events(&new.scope, &new.events)?;
    if let Some(subscope) = &new.subscope {
        if new.scope != WebhookScope::Sheet {
            return Err(Error::invalid("subscope", "must not be there unless a sheet is watched"));
        }
        count("subscope.columnIds", subscope.column_ids.len(), usize::MAX)?;
    }
    if !new.custom_headers.is_empty() && new.scope == WebhookScope::Sheet {
        return Err(Error::invalid("customHeaders", "must not be there unless a plan is watched"));
    }
    check_headers(&new.custom_headers)
}

fn check_update(update: &WebhookUpdate) -> Result<()> {
    if *update == WebhookUpdate::default() {
        return Err(Error::invalid("update", "changes nothing"));
    }
    update.name.as_deref().map_or(Ok(()), |name| not_blank("name", name))?;
    update.callback_url.as_deref().map_or(Ok(()), check_url)?;
    update.events.as_ref().map_or(Ok(()), |events| count("events", events.len(), usize::MAX))?;
    update.custom_headers.as_ref().map_or(Ok(()), check_headers)
}

fn check_events(scope: &WebhookScope, events: &[String]) -> Result<()> {
    count("events", events.len(), usize::MAX)?;
    if *scope == WebhookScope::Sheet && events != ["*.*"] {
        return Err(Error::invalid("events", "must be `*.*` alone where a sheet is watched"));
    }
    Ok(())
}

fn check_headers(headers: &CustomHeaders) -> Result<()> {
    let odd = headers
        .iter()
        .find(|(name, value)| name.parse::<HeaderName>().is_err() || HeaderValue::from_str(value).is_err());
    // Not what it holds, which may be a key.
    odd.map_or(Ok(()), |(name, _)| Err(Error::invalid(format!("customHeaders.{name}"), "cannot be sent as a header")))
}

/// What Smartsheet would certainly not call.
fn check_url(text: &str) -> Result<()> {
    let refused = |problem: &str| Err(Error::invalid("callbackUrl", problem).with_code(1152));
    let Ok(url) = Url::parse(text) else { return refused("must be a URL") };
    if url.scheme() != "https" {
        return refused("must begin with https://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refused("must not hold a user or password");
    }
    if !url.port_or_known_default().is_some_and(|port| PORTS.contains(&port)) {
        return refused("must have port 443, 8000, 8008, 8080 or 8443");
    }
    let private = match url.host() {
        None => true,
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            let inside = name.rsplit('.').next().is_some_and(|last| last == "localhost" || last == "local");
            inside || !name.contains('.')
        }
        Some(Host::Ipv4(address)) => is_private(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => is_private(IpAddr::V6(address)),
    };
    if private { refused("must have a host that can be reached from the internet") } else { Ok(()) }
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let shared = matches!(address.octets(), [100, 64..=127, ..] | [0, ..]);
            shared
                || address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_broadcast()
                || address.is_multicast()
                || address.is_documentation()
        }
        IpAddr::V6(address) => {
            let mapped = address.to_ipv4_mapped().is_some_and(|address| is_private(IpAddr::V4(address)));
            mapped
                || address.is_loopback()
                || address.is_unspecified()
                || address.is_multicast()
                || address.is_unique_local()
                || address.is_unicast_link_local()
        }
    }
}
