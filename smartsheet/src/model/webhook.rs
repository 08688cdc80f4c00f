//! Webhooks, as they are read and written.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use connectors_core::open_enum;
use connectors_core::wire::lenient;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize};

use super::ids::{ColumnId, PlanId, SheetId, WebhookId};
use super::time;

open_enum! {
    /// What a webhook watches.
    pub enum WebhookScope {
        /// A sheet.
        "sheet" => Sheet,
        /// A plan: its users and their seats. For system admins.
        "plan" => Plan,
    }
}

open_enum! {
    /// Whether a webhook calls back, and why not.
    pub enum WebhookStatus {
        /// It calls back.
        "ENABLED" => Enabled,
        /// It was created, and never switched on.
        "NEW_NOT_VERIFIED" => NewNotVerified,
        /// Its owner switched it off.
        "DISABLED_BY_OWNER" => DisabledByOwner,
        /// The receiver did not take a callback, fifteen times. What happens meanwhile is lost.
        "DISABLED_CALLBACK_FAILED" => DisabledCallbackFailed,
        /// The receiver did not answer a challenge.
        "DISABLED_VERIFICATION_FAILED" => DisabledVerificationFailed,
        /// The owner cannot see what is watched. It switches itself on again when that changes.
        "DISABLED_SCOPE_INACCESSIBLE" => DisabledScopeInaccessible,
        /// The app that created it was revoked. For good.
        "DISABLED_APP_REVOKED" => DisabledAppRevoked,
        /// Smartsheet's support switched it off, and has to be asked.
        "DISABLED_ADMINISTRATIVE" => DisabledAdministrative,
        /// The sheet has become too large.
        "DISABLED_EXCEEDED_GRID_LIMITS" => DisabledExceededGridLimits,
    }
}

impl WebhookStatus {
    /// Whether its owner cannot switch it on again.
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::DisabledAppRevoked | Self::DisabledAdministrative)
    }
}

/// The part of a sheet that a webhook watches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WebhookSubscope {
    /// Its columns. That a row is deleted is told all the same.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub column_ids: Vec<ColumnId>,
}

/// How the last callbacks of a webhook went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WebhookStats {
    /// When the last one was sent.
    #[serde(default, deserialize_with = "time::opt")]
    pub last_callback_attempt: Option<DateTime<Utc>>,
    /// How often that one was repeated by then.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub last_callback_attempt_retry_count: Option<u32>,
    /// When one was taken.
    #[serde(default, deserialize_with = "time::opt")]
    pub last_successful_callback: Option<DateTime<Utc>>,
}

/// Headers that go out with every callback. `Debug` shows their names: they may hold a key of the receiver.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CustomHeaders(BTreeMap<String, String>);

impl CustomHeaders {
    /// What the header with this name holds; case does not matter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find_map(|(known, value)| known.eq_ignore_ascii_case(name).then_some(value))
    }

    /// Names and values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for CustomHeaders {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(headers: I) -> Self {
        Self(headers.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl fmt::Debug for CustomHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// A webhook, as read.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Webhook {
    /// The id.
    pub id: WebhookId,
    /// The name.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub name: String,
    /// Where its callbacks go.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub callback_url: String,
    /// What kind of thing it watches.
    pub scope: Option<WebhookScope>,
    /// The id of that thing: a [`SheetId`] or [`PlanId`].
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub scope_object_id: Option<i64>,
    /// The part that it watches, if not all.
    pub subscope: Option<WebhookSubscope>,
    /// The patterns of the events that it tells: `*.*`, or parts of what happens in a plan.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub events: Vec<String>,
    /// The form of the callbacks: 1.
    pub version: Option<u32>,
    /// What goes out with every callback.
    #[serde(default, deserialize_with = "or_default")]
    pub custom_headers: CustomHeaders,
    /// Whether it is switched on.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub enabled: bool,
    /// Whether it calls back, and why not.
    pub status: Option<WebhookStatus>,
    /// Why it was switched off, in words.
    pub disabled_details: Option<String>,
    /// What its callbacks are signed with: give it to a [`WebhookReceiver`](crate::WebhookReceiver).
    #[serde(default, deserialize_with = "opt_secret")]
    pub shared_secret: Option<SecretString>,
    /// When it was created.
    #[serde(default, deserialize_with = "time::opt")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was changed.
    #[serde(default, deserialize_with = "time::opt")]
    pub modified_at: Option<DateTime<Utc>>,
    /// The app that created it.
    pub api_client_id: Option<String>,
    /// The name of that app.
    pub api_client_name: Option<String>,
    /// How its last callbacks went.
    pub stats: Option<WebhookStats>,
}

impl Webhook {
    /// The sheet that it watches, if it watches one.
    pub fn sheet(&self) -> Option<SheetId> {
        self.scope_object_id.filter(|_| self.scope == Some(WebhookScope::Sheet)).map(SheetId::new)
    }

    /// The plan that it watches, if it watches one.
    pub fn plan(&self) -> Option<PlanId> {
        self.scope_object_id.filter(|_| self.scope == Some(WebhookScope::Plan)).map(PlanId::new)
    }
}

/// A webhook to be created. Smartsheet creates it switched off.
///
/// ```
/// use connectors_smartsheet::{ColumnId, NewWebhook, PlanId, SheetId};
///
/// let sheet = NewWebhook::sheet("Stores", "https://hooks.example.com/smartsheet", SheetId::new(11));
/// let narrow = sheet.columns([ColumnId::new(21), ColumnId::new(22)]);
///
/// let seats = NewWebhook::plan("Seats", "https://hooks.example.com/smartsheet", PlanId::new(31));
/// let seats = seats.events(["user.seatType.*"]).custom_header("X-Tenant", "fizz");
/// # let _ = (narrow, seats);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewWebhook {
    /// The name.
    pub name: String,
    /// Where callbacks go: https, with a certificate of a public authority, on a public host, port 443, 8000, 8008,
    /// 8080 or 8443.
    pub callback_url: String,
    /// What kind of thing it watches.
    pub scope: WebhookScope,
    /// The id of that thing.
    pub scope_object_id: i64,
    /// The part that it watches; all of it if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscope: Option<WebhookSubscope>,
    /// The patterns of the events that it tells.
    pub events: Vec<String>,
    /// The form of the callbacks: 1.
    pub version: u32,
    /// What goes out with every callback.
    #[serde(skip_serializing_if = "CustomHeaders::is_empty")]
    pub custom_headers: CustomHeaders,
}

impl NewWebhook {
    /// Watches a sheet.
    pub fn sheet(name: impl Into<String>, callback_url: impl Into<String>, sheet: SheetId) -> Self {
        Self::new(name.into(), callback_url.into(), WebhookScope::Sheet, sheet.get())
    }

    /// Watches the users of a plan. For system admins.
    pub fn plan(name: impl Into<String>, callback_url: impl Into<String>, plan: PlanId) -> Self {
        Self::new(name.into(), callback_url.into(), WebhookScope::Plan, plan.get())
    }

    fn new(name: String, callback_url: String, scope: WebhookScope, scope_object_id: i64) -> Self {
        let (events, custom_headers) = (vec!["*.*".to_owned()], CustomHeaders::default());
        Self { name, callback_url, scope, scope_object_id, subscope: None, events, version: 1, custom_headers }
    }

    /// Watches these columns of the sheet only. That a row is deleted is told all the same.
    pub fn columns(mut self, columns: impl IntoIterator<Item = ColumnId>) -> Self {
        self.subscope = Some(WebhookSubscope { column_ids: columns.into_iter().collect() });
        self
    }

    /// The patterns of the events to be told. Of a sheet only `*.*`, which is the default; of a plan also `user.*`,
    /// `user.seatType.*` and `user.seatType.updated`.
    pub fn events<T: Into<String>>(mut self, patterns: impl IntoIterator<Item = T>) -> Self {
        self.events = patterns.into_iter().map(Into::into).collect();
        self
    }

    /// Sends this header with every callback. For webhooks of plans.
    pub fn custom_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.custom_headers.0.insert(name.into(), value.into());
        self
    }
}

/// A change of a webhook. What is not set stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WebhookUpdate {
    /// Whether it is switched on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// The new name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where its callbacks go from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callback_url: Option<String>,
    /// The patterns of the events that it tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<String>>,
    /// The form of the callbacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// What goes out with every callback, in place of what did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_headers: Option<CustomHeaders>,
}

impl WebhookUpdate {
    /// No change yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Switches it on, which makes Smartsheet challenge the receiver, or off.
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = Some(enabled);
        self
    }

    /// Renames it.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sends its callbacks there. Smartsheet verifies the new receiver.
    pub fn callback_url(mut self, url: impl Into<String>) -> Self {
        self.callback_url = Some(url.into());
        self
    }

    /// The patterns of the events that it tells.
    pub fn events<T: Into<String>>(mut self, patterns: impl IntoIterator<Item = T>) -> Self {
        self.events = Some(patterns.into_iter().map(Into::into).collect());
        self
    }

    /// The form of the callbacks; 1 is the only one.
    pub fn version(mut self, version: u32) -> Self {
        self.version = Some(version);
        self
    }

    /// What goes out with every callback, in place of what did.
    pub fn custom_headers(mut self, headers: CustomHeaders) -> Self {
        self.custom_headers = Some(headers);
        self
    }
}

/// What the callbacks of a webhook are signed with from now on.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SharedSecret {
    /// The key, as text.
    #[serde(deserialize_with = "secret")]
    pub shared_secret: SecretString,
}

fn secret<'de, D: Deserializer<'de>>(source: D) -> Result<SecretString, D::Error> {
    String::deserialize(source).map(SecretString::from)
}

fn opt_secret<'de, D: Deserializer<'de>>(source: D) -> Result<Option<SecretString>, D::Error> {
    Ok(Option::<String>::deserialize(source)?.map(SecretString::from))
}

fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(source: D) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(source)?.unwrap_or_default())
}
