//! What Smartsheet posts to a receiver.

use chrono::{DateTime, Utc};
use connectors_core::open_enum;
use connectors_core::wire::lenient;
use serde::Deserialize;

use crate::model::time;
use crate::model::{ColumnId, RowId, SheetId, UserId, WebhookId, WebhookScope, WebhookStatus};

open_enum! {
    /// What kind of thing something happened to.
    pub enum CallbackObject {
        /// The sheet.
        "sheet" => Sheet,
        /// A row.
        "row" => Row,
        /// A column.
        "column" => Column,
        /// A cell, which has no id of its own but a row and a column.
        "cell" => Cell,
        /// An attachment.
        "attachment" => Attachment,
        /// A discussion.
        "discussion" => Discussion,
        /// A comment.
        "comment" => Comment,
        /// A user of a plan.
        "user" => User,
    }
}

open_enum! {
    /// What happened to it.
    pub enum CallbackEventType {
        /// It came into being.
        "created" => Created,
        /// It was changed.
        "updated" => Updated,
        /// It was deleted. A deleted row takes its cells along without an event of their own.
        "deleted" => Deleted,
    }
}

/// Something that happened. What it led to is not told: read the row or the thing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CallbackEvent {
    /// What kind of thing it happened to.
    pub object_type: CallbackObject,
    /// What happened to it.
    pub event_type: CallbackEventType,
    /// The id of the thing; cells have none.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub id: Option<i64>,
    /// The row of a cell.
    #[serde(alias = "rowid")]
    pub row_id: Option<RowId>,
    /// The column of a cell.
    #[serde(alias = "columnid")]
    pub column_id: Option<ColumnId>,
    /// Who did it.
    #[serde(alias = "userid")]
    pub user_id: Option<UserId>,
    /// When it happened.
    #[serde(default, deserialize_with = "time::opt")]
    pub timestamp: Option<DateTime<Utc>>,
    /// The programs by which it was done, separated by commas: what they sent as `Smartsheet-Change-Agent`.
    pub change_agent: Option<String>,
    /// Whether one of those programs is ours, so that reacting to it could go round in a circle.
    #[serde(skip)]
    pub own: bool,
}

impl CallbackEvent {
    /// The programs by which it was done.
    pub fn change_agents(&self) -> impl Iterator<Item = &str> {
        let names = self.change_agent.as_deref().unwrap_or_default().split(',');
        names.map(str::trim).filter(|name| !name.is_empty())
    }
}

/// Events that happened, as told by a webhook. The order in which callbacks come says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Callback {
    /// What this callback, and every repetition of it, is known by.
    pub nonce: Option<String>,
    /// When it was made.
    pub timestamp: Option<DateTime<Utc>>,
    /// Which webhook it is of.
    pub webhook_id: WebhookId,
    /// What kind of thing is watched.
    pub scope: Option<WebhookScope>,
    /// The id of that thing.
    pub scope_object_id: Option<i64>,
    /// What happened.
    pub events: Vec<CallbackEvent>,
    /// What the receiver knows it by, with a nonce or without.
    pub(super) known_by: [u8; 32],
}

impl Callback {
    /// The sheet that it happened in, if a sheet is watched.
    pub fn sheet(&self) -> Option<SheetId> {
        self.scope_object_id.filter(|_| self.scope == Some(WebhookScope::Sheet)).map(SheetId::new)
    }

    /// What others did.
    pub fn foreign(&self) -> impl Iterator<Item = &CallbackEvent> {
        self.events.iter().filter(|event| !event.own)
    }

    /// Whether all of it was done by ourselves.
    pub fn is_own(&self) -> bool {
        !self.events.is_empty() && self.events.iter().all(|event| event.own)
    }
}

/// A webhook was switched on or off.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusChange {
    /// What this callback, and every repetition of it, is known by.
    pub nonce: Option<String>,
    /// When it was made.
    pub timestamp: Option<DateTime<Utc>>,
    /// Which webhook it is of.
    pub webhook_id: WebhookId,
    /// Whether it calls back from now on, and why not.
    pub status: WebhookStatus,
}

/// The body of a callback of either kind.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wire {
    pub(super) nonce: Option<String>,
    #[serde(default, deserialize_with = "time::opt")]
    pub(super) timestamp: Option<DateTime<Utc>>,
    #[serde(alias = "webhookid")]
    pub(super) webhook_id: WebhookId,
    pub(super) scope: Option<WebhookScope>,
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub(super) scope_object_id: Option<i64>,
    #[serde(default)]
    pub(super) events: Option<Vec<CallbackEvent>>,
    pub(super) new_webhook_status: Option<WebhookStatus>,
}

/// The body of a challenge.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireChallenge {
    pub(super) challenge: Option<String>,
    #[serde(alias = "webhookid")]
    pub(super) webhook_id: WebhookId,
}
