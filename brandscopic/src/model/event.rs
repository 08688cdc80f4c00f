//! One event: bringing it up to date, and how far it has come.

use connectors_core::{CampaignEvent, EventId};
use serde::{Deserialize, Serialize};

use super::{Project, ProjectId};

/// Asks to bring one event up to date: to create it, or to change what differs.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SyncEvent {
    /// The project.
    pub project: ProjectId,
    /// The event as it should be.
    pub event: CampaignEvent,
    /// Whether one that somebody made there by hand is taken over.
    pub adopt_existing: bool,
}

impl SyncEvent {
    /// This event of this project.
    pub fn new(project: &Project, event: CampaignEvent) -> Self {
        Self { project: project.id.clone(), event, adopt_existing: false }
    }

    /// Looks, before it creates, for an event of the same campaign, place and start that somebody made by hand, and takes
    /// it over: it is linked, and changed to what the event should be. One that is deactivated, or that is another of
    /// our events, is left alone. Of several, the one of the same name is taken; else it fails with
    /// [`Ambiguous`](connectors_core::ErrorKind::Ambiguous), and names them.
    ///
    /// [`Unsupported`](connectors_core::ErrorKind::Unsupported) on the gateway contract, which cannot list events.
    pub fn adopt_existing(mut self) -> Self {
        self.adopt_existing = true;
        self
    }
}

/// What a sync did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum SyncOutcome {
    /// The event was created.
    Created,
    /// An earlier or broken-off create turned out to have been applied; nothing new was made.
    Recovered,
    /// Somebody had made the event by hand: it was taken over, and changed where it differed.
    Adopted,
    /// The event was there and differed; it was changed.
    Updated,
    /// The event was there already, as it should be. On the gateway contract: as it was when it was created.
    Unchanged,
}

/// An event that is at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SyncedEvent {
    /// Our id.
    pub event_id: EventId,
    /// The provider's id.
    pub remote_id: String,
    /// What the call did.
    pub outcome: SyncOutcome,
}

/// Asks how far an event has come.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventStatusRequest {
    /// The project.
    pub project: ProjectId,
    /// Our id of the event.
    pub event: EventId,
}

impl EventStatusRequest {
    /// This event of this project.
    pub fn new(project: &Project, event: EventId) -> Self {
        Self { project: project.id.clone(), event }
    }
}

connectors_core::open_enum! {
    #![ignore_case]
    /// How far an event has come.
    pub enum EventStatus {
        /// It is to come.
        "pending" => Pending,
        /// It is going on, or is over and waits for its recap.
        "active" => Active,
        /// It is over, and its recap is in.
        "completed" => Completed,
        /// It was called off.
        "cancelled" | "canceled" => Cancelled,
    }
}

/// How far an event has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EventStatusReport {
    /// Our id.
    pub event_id: EventId,
    /// The provider's id.
    pub remote_id: String,
    /// How far it has come.
    pub status: EventStatus,
    /// The provider's own word for it.
    pub raw: String,
}
