//! `/events`

use std::convert::Infallible;
use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime};
use connectors_core::provider::{Call, Core, Operation};
use connectors_core::wire::lenient;
use connectors_core::{BoxFuture, Error, Request, Response, Result};
use http::Method;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::location::{GatewayLocation, LocationForm};
use super::read;
use crate::{EventStatus, PROVIDER};

static CREATE: Operation = Operation::new(PROVIDER, "events.create", Method::POST, "/events");
static GET: Operation = Operation::new(PROVIDER, "events.get", Method::GET, "/events/{id}");
static STATUS: Operation = Operation::new(PROVIDER, "events.status", Method::GET, "/events/{id}/status");

/// An event to create.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewEvent {
    /// Its project.
    pub project_id: String,
    /// Its name.
    pub name: String,
    /// When it starts, with the venue's offset; the contract has no end.
    pub date: DateTime<FixedOffset>,
    /// Where it is; the client writes it in the form that it was built with.
    pub location: GatewayLocation,
    /// The venue's name.
    pub venue: String,
    /// Our id. For gateways that have `externalId`; others may refuse it.
    pub external_id: Option<String>,
}

impl NewEvent {
    /// An event of a project, at `venue` in `location`, which may be given as `City, Country`.
    pub fn new(
        project_id: impl Into<String>,
        name: impl Into<String>,
        date: DateTime<FixedOffset>,
        location: impl Into<GatewayLocation>,
        venue: impl Into<String>,
    ) -> Self {
        let (project_id, name, location, venue) = (project_id.into(), name.into(), location.into(), venue.into());
        Self { project_id, name, date, location, venue, external_id: None }
    }

    /// Tells our id, where the gateway has `externalId`.
    pub fn external_id(mut self, id: impl Into<String>) -> Self {
        self.external_id = Some(id.into());
        self
    }

    fn check(&self) -> Result<()> {
        let members = [
            ("projectId", &self.project_id),
            ("name", &self.name),
            ("location", &self.location.city),
            ("location", &self.location.country),
            ("venue", &self.venue),
        ];
        match members.into_iter().find(|(_, text)| text.trim().is_empty()) {
            Some(("location", _)) => Err(Error::invalid("location", "must have a city and a country")),
            Some((field, _)) => Err(Error::invalid(field, "must not be blank")),
            None => Ok(()),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    project_id: &'a str,
    name: &'a str,
    #[serde(serialize_with = "rfc3339")]
    date: DateTime<FixedOffset>,
    location: Written<'a>,
    venue: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Written<'a> {
    Text(String),
    Object(&'a GatewayLocation),
}

fn rfc3339<S: Serializer>(at: &DateTime<FixedOffset>, target: S) -> Result<S::Ok, S::Error> {
    target.collect_str(&at.to_rfc3339())
}

/// An event as the gateway tells it: its id for certain, the rest as far as the gateway goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GatewayEvent {
    /// Its id; a number is taken as its digits.
    #[serde(deserialize_with = "read::id")]
    pub id: String,
    /// Its project.
    #[serde(default, deserialize_with = "read::opt_id")]
    pub project_id: Option<String>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub name: Option<String>,
    /// When it starts.
    #[serde(default)]
    pub date: Option<GatewayDate>,
    /// Where it is.
    #[serde(default)]
    pub location: Option<GatewayLocation>,
    /// The venue's name.
    #[serde(default, deserialize_with = "venue")]
    pub venue: Option<String>,
    /// How far it has come.
    #[serde(default)]
    pub status: Option<GatewayStatus>,
    /// Our id, where the gateway keeps it.
    #[serde(default, deserialize_with = "read::opt_id")]
    pub external_id: Option<String>,
}

/// A name, or something that has one.
fn venue<'de, D: Deserializer<'de>>(source: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Venue {
        Text(String),
        Object { name: Option<String> },
    }
    Ok(match Option::deserialize(source)? {
        Some(Venue::Text(name) | Venue::Object { name: Some(name) }) => Some(name),
        Some(Venue::Object { name: None }) | None => None,
    })
}

/// A status in the gateway's word, and what that means.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct GatewayStatus {
    /// What it means.
    pub status: EventStatus,
    /// The gateway's word, as it was written.
    pub raw: String,
}

impl From<String> for GatewayStatus {
    fn from(raw: String) -> Self {
        Self { status: EventStatus::from(raw.trim()), raw }
    }
}

impl Serialize for GatewayStatus {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        target.serialize_str(&self.raw)
    }
}

impl<'de> Deserialize<'de> for GatewayStatus {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        String::deserialize(source).map(Self::from)
    }
}

/// When an event starts, as exactly as the gateway tells.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GatewayDate {
    /// A moment.
    Instant(DateTime<FixedOffset>),
    /// What the clocks show, in a zone that is not told.
    Local(NaiveDateTime),
    /// A day.
    Day(NaiveDate),
    /// Something else, as it was written.
    Other(String),
}

impl From<String> for GatewayDate {
    fn from(text: String) -> Self {
        let at = text.trim();
        let instant = DateTime::parse_from_rfc3339(at).map(Self::Instant).ok();
        let local = || at.parse().map(Self::Local).ok();
        let day = || at.parse().map(Self::Day).ok();
        instant.or_else(local).or_else(day).unwrap_or(Self::Other(text))
    }
}

impl std::str::FromStr for GatewayDate {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.to_owned().into())
    }
}

impl fmt::Display for GatewayDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instant(at) => f.write_str(&at.to_rfc3339()),
            Self::Local(at) => write!(f, "{}", at.format("%Y-%m-%dT%H:%M:%S")),
            Self::Day(day) => write!(f, "{day}"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

impl Serialize for GatewayDate {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        target.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for GatewayDate {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        String::deserialize(source).map(Self::from)
    }
}

/// An event of which nothing but the status is told.
#[derive(Deserialize)]
struct StatusAlone {
    status: GatewayStatus,
}

/// Events: [`Gateway::events`](super::Gateway::events).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use connectors_brandscopic::EventStatus;
/// use connectors_brandscopic::gateway::{NewEvent, NewProject};
/// # let mock = connectors_mock::MockBrandscopic::new();
///
/// let gateway = mock.client().gateway()?;
/// let (projects, events) = (gateway.projects(), gateway.events());
/// let project = projects.create(&NewProject::new("Summer Tour", "Fizz", "East Coast")).await?;
/// let start = "2026-06-05T18:00:00-04:00".parse()?;
/// let new = NewEvent::new(&project.id, "Opening night", start, "New York, US", "The Copper Kettle");
/// let event = events.create(&new).await?;
///
/// let read = events.get(&event.id).await?;
/// assert_eq!(read.location.map(|location| location.city).as_deref(), Some("New York"));
/// assert_eq!(events.status(&event.id).await?.status, EventStatus::Pending);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Events {
    pub(super) core: Core,
    pub(super) location: LocationForm,
}

impl Events {
    /// Creates an event. The gateway takes no key of ours: doing it twice makes two.
    pub fn create(&self, event: &NewEvent) -> Request<GatewayEvent> {
        let location = match self.location {
            LocationForm::Text => Written::Text(event.location.to_string()),
            LocationForm::Object => Written::Object(&event.location),
        };
        let body = Body {
            project_id: &event.project_id,
            name: &event.name,
            date: event.date,
            location,
            venue: &event.venue,
            external_id: event.external_id.as_deref(),
        };
        read::request(self.core.call(&CREATE).json(&body)).check(event.check())
    }

    /// One event.
    pub fn get(&self, id: &str) -> Request<GatewayEvent> {
        read::request(self.core.call(&GET).path("id", id))
    }

    /// How far an event has come, by the path that some gateways have for it alone.
    pub fn status(&self, id: &str) -> Request<GatewayStatus> {
        fn send(call: Call) -> BoxFuture<Result<Response<GatewayStatus>>> {
            let alone = read::request::<StatusAlone>(call);
            Box::pin(async move { Ok(alone.send().await?.map(|alone| alone.status)) })
        }
        Request::with(self.core.call(&STATUS).path("id", id), send)
    }
}
