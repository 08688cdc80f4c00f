//! `/events`

use chrono::{DateTime, FixedOffset};
use connectors_core::provider::{Core, Operation};
use connectors_core::{Error, ErrorKind, Response, Result};
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize, Serializer};

use crate::{EventStatus, PROVIDER};

/// An event to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewEvent {
    /// Its project.
    pub project_id: String,
    /// Its name.
    pub name: String,
    /// When it starts, with the venue's offset; the contract has no end.
    #[serde(serialize_with = "rfc3339")]
    pub date: DateTime<FixedOffset>,
    /// `City, Country`
    pub location: String,
    /// The venue's name.
    pub venue: String,
}

impl NewEvent {
    /// An event of a project, at `venue` in `location` (`City, Country`).
    pub fn new(
        project_id: impl Into<String>,
        name: impl Into<String>,
        date: DateTime<FixedOffset>,
        location: impl Into<String>,
        venue: impl Into<String>,
    ) -> Self {
        Self { project_id: project_id.into(), name: name.into(), date, location: location.into(), venue: venue.into() }
    }
}

fn rfc3339<S: Serializer>(at: &DateTime<FixedOffset>, target: S) -> Result<S::Ok, S::Error> {
    target.collect_str(&at.to_rfc3339())
}

/// An event as the gateway tells it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct GatewayEvent {
    /// Its id.
    #[serde(deserialize_with = "super::id")]
    pub id: String,
    /// How far it has come.
    #[serde(default)]
    pub status: Option<EventStatus>,
}

/// An event of which some gateways tell nothing but the status.
#[derive(Deserialize)]
struct StatusAlone {
    status: EventStatus,
}

/// `/events`
#[derive(Debug, Clone)]
pub struct Events(pub(super) Core);

impl Events {
    /// Creates an event. The gateway takes no key of ours: doing it twice makes two.
    pub async fn create(&self, event: &NewEvent) -> Result<GatewayEvent> {
        static CREATE: Operation = Operation::new(PROVIDER, "events.create", Method::POST, "/events");
        self.0.call(&CREATE).json(event).send().await.map(Response::into_inner)
    }

    /// One event.
    pub async fn get(&self, id: &str) -> Result<GatewayEvent> {
        static GET: Operation = Operation::new(PROVIDER, "events.get", Method::GET, "/events/{id}");
        self.0.call(&GET).path("id", id).send().await.map(Response::into_inner)
    }

    /// How far an event has come. Some gateways serve only `/events/{id}/status`: that is asked when the event itself
    /// is not to be had.
    pub async fn status(&self, id: &str) -> Result<Option<EventStatus>> {
        static STATUS: Operation = Operation::new(PROVIDER, "events.status", Method::GET, "/events/{id}/status");
        match self.get(id).await {
            Ok(event) => Ok(event.status),
            Err(error)
                if error.kind() == ErrorKind::NotFound || error.status() == Some(StatusCode::METHOD_NOT_ALLOWED) =>
            {
                let alone = self.0.call(&STATUS).path("id", id).send::<StatusAlone>().await;
                let unless_missing = |alone: Error| if alone.kind() == ErrorKind::NotFound { error } else { alone };
                alone.map(|answer| Some(answer.into_inner().status)).map_err(unless_missing)
            }
            Err(error) => Err(error),
        }
    }
}
