//! The service on the gateway contract.

use async_trait::async_trait;
use connectors_core::provider::{Core, Lookup, Remote};
use connectors_core::{CampaignEvent, Error, ErrorKind, Link, Result, ServiceSummary};
use http::StatusCode;

use super::{Gateway, GatewayEvent, GatewayLocation, GatewayStatus, LocationForm, NewEvent, NewProject};
use crate::dialect::{Dialect, outcome};
use crate::model::{
    BulkSync, CreateProject, EventStatus, EventStatusReport, EventStatusRequest, Project, ProjectId, ProjectStatus,
    SyncEvent, SyncedEvent,
};
use crate::{Capabilities, Capability, Contract, PROVIDER};

/// The attribute of a project's link that keeps what the gateway said of it.
const STATUS: &str = "status";

const CANNOT_LIST: &str = "the gateway contract cannot list events";
const CANNOT_UPDATE: &str = "the gateway contract cannot change events";
const SMALL: &str = "the gateway contract has projects and events alone";

/// What the contract has not, and why.
const DENIED: [(Capability, &str); 17] = [
    (Capability::UpdateEvents, CANNOT_UPDATE),
    (Capability::RecoverCreates, "the gateway contract cannot list events, nor find them by an id of ours"),
    (Capability::AdoptEvents, CANNOT_LIST),
    (Capability::ListEvents, CANNOT_LIST),
    (Capability::CancelEvents, CANNOT_UPDATE),
    (Capability::Venues, SMALL),
    (Capability::Recaps, SMALL),
    (Capability::Teams, SMALL),
    (Capability::Comments, SMALL),
    (Capability::Photos, SMALL),
    (Capability::Documents, SMALL),
    (Capability::Expenses, SMALL),
    (Capability::Tasks, SMALL),
    (Capability::Surveys, SMALL),
    (Capability::Activities, SMALL),
    (Capability::Invites, SMALL),
    (Capability::Visits, SMALL),
];

const WORDS: [(&str, EventStatus); 4] = [
    ("pending", EventStatus::Pending),
    ("active", EventStatus::Active),
    ("completed", EventStatus::Completed),
    ("cancelled", EventStatus::Cancelled),
];

/// An id that no gateway gives out.
const NOBODYS_EVENT: &str = "connection-test";

#[async_trait]
impl Dialect for Gateway {
    fn core(&self) -> &Core {
        &self.core
    }

    async fn bulk(&self, request: &BulkSync) -> Result<Box<dyn Dialect>> {
        self.refuse_adoption(request.adopt_existing)?;
        Ok(Box::new(Self { core: self.core.bulk(), ..self.clone() }))
    }

    fn capabilities(&self) -> Capabilities {
        let ids = "the client was not told that the gateway has external ids";
        let ids = (!self.writing.external_ids).then_some((Capability::ExternalIds, ids));
        Capabilities::all_but(DENIED.into_iter().chain(ids)).with_words(&WORDS)
    }

    fn contract(&self) -> Contract {
        Contract::Gateway
    }

    fn gateway(&self) -> Option<&Gateway> {
        Some(self)
    }

    async fn scope(&self) -> Result<String> {
        Ok(format!("{}/{}", self.core.site(), self.tenant.as_deref().unwrap_or("-")))
    }

    async fn create_project(&self, request: CreateProject) -> Result<Project> {
        let key = self.project_key(&request.campaign).await?;
        let CreateProject { campaign, name, description, client, region } = request;
        let external_id = self.external_id(campaign.as_str());
        let new = NewProject { name, description, client, region, external_id };
        let create = || async {
            let created = self.projects().create(&new).await?;
            let remote = Remote::new(created.id);
            Ok(created.status.iter().fold(remote, |remote, status| remote.with(STATUS, status.as_str())))
        };
        let ensured = self.core.links().ensure(&key, create, nowhere_to_look).await?;
        let told = ensured.link().attributes.get(STATUS).filter(|_| ensured.is_new());
        Ok(Project {
            id: ProjectId::new(ensured.remote_id())?,
            campaign,
            name: new.name,
            status: told.map(|status| ProjectStatus::from(status.as_str())),
            is_new: ensured.is_new(),
        })
    }

    async fn sync_event(&self, request: &SyncEvent) -> Result<SyncedEvent> {
        self.refuse_adoption(request.adopt_existing)?;
        let key = self.event_key(&request.project, &request.event.id).await?;
        let mut new = new_event(&request.project, &request.event);
        new.external_id = self.external_id(request.event.id.as_str());
        let sent = sent(&new, self.writing.location);
        let create = || async {
            let created = self.events().create(&new).await?;
            Ok(sent.iter().fold(Remote::new(created.id), |remote, (name, value)| remote.with(*name, value)))
        };
        let ensured = self.core.links().ensure(&key, create, nowhere_to_look).await?;
        if !ensured.is_new() {
            unchanged(ensured.link(), &sent)?;
        }
        let remote_id = ensured.remote_id().to_owned();
        Ok(SyncedEvent { event_id: request.event.id.clone(), remote_id, outcome: outcome(&ensured) })
    }

    async fn event_status(&self, request: &EventStatusRequest) -> Result<EventStatusReport> {
        let remote_id = self.linked_event(&request.project, &request.event).await?.remote_id.unwrap_or_default();
        let GatewayStatus { status, raw } = self.status_of(&remote_id).await?;
        Ok(EventStatusReport { event_id: request.event.clone(), remote_id, status, raw })
    }

    /// The contract has no call that says who we are: what tells a good key is that an event is looked for at all.
    async fn identity(&self) -> Result<String> {
        let mut told = self.events().get(NOBODYS_EVENT).await.map(drop);
        if told.as_ref().is_err_and(|error| error.status() == Some(StatusCode::METHOD_NOT_ALLOWED)) {
            told = self.events().status(NOBODYS_EVENT).await.map(drop);
        }
        match told {
            // A page, or nothing, is not the gateway's own way to say so.
            Err(error) if error.kind() == ErrorKind::NotFound && is_json(&error) => {}
            other => other?,
        }
        Ok(self.tenant.as_ref().map_or_else(|| "the owner of the key".to_owned(), |tenant| format!("tenant {tenant}")))
    }

    async fn summary(&self) -> Result<ServiceSummary> {
        let (links, scope) = (self.core.links(), self.scope().await?);
        let projects = links.list(PROVIDER, "project", &scope).await?;
        let projects: Vec<_> = projects.into_iter().filter_map(|(_, link)| link.remote_id).collect();
        let mut events = 0;
        for project in &projects {
            let linked = links.list(PROVIDER, "event", &format!("{scope}/{project}")).await?;
            events += linked.iter().filter(|(_, link)| link.is_linked()).count() as u64;
        }
        Ok(ServiceSummary::new([("campaigns", projects.len() as u64), ("events", events)]))
    }
}

impl Gateway {
    fn external_id(&self, id: &str) -> Option<String> {
        self.writing.external_ids.then(|| id.to_owned())
    }

    fn refuse_adoption(&self, asked: bool) -> Result<()> {
        if asked { self.capabilities().check(Capability::AdoptEvents) } else { Ok(()) }
    }

    /// Some gateways serve only `/events/{id}/status`: that is asked when the event is not to be had, or does not tell.
    async fn status_of(&self, id: &str) -> Result<GatewayStatus> {
        let refused = match self.events().get(id).await {
            Ok(GatewayEvent { status: Some(status), .. }) => return Ok(status),
            Ok(_) => Error::new(ErrorKind::Decode, "the gateway does not tell the event's status"),
            Err(error)
                if error.kind() == ErrorKind::NotFound || error.status() == Some(StatusCode::METHOD_NOT_ALLOWED) =>
            {
                error
            }
            Err(error) => return Err(error),
        };
        let alone = self.events().status(id).await;
        alone.map_err(|alone| if alone.kind() == ErrorKind::NotFound { refused } else { alone })
    }
}

async fn nowhere_to_look() -> Result<Lookup> {
    Ok(Lookup::Unavailable)
}

fn new_event(project: &ProjectId, event: &CampaignEvent) -> NewEvent {
    let start = event.starts_at_utc();
    NewEvent {
        project_id: project.to_string(),
        name: event.name.clone(),
        date: start.with_timezone(&event.time_zone.offset(start)),
        location: GatewayLocation {
            state: event.venue.state.clone(),
            address: event.venue.address.clone(),
            ..GatewayLocation::new(&event.venue.city, &event.venue.country)
        },
        venue: event.venue.name.clone(),
        external_id: None,
    }
}

/// What an event was created with, for its link: the gateway cannot be asked, and may write it differently.
fn sent(event: &NewEvent, form: LocationForm) -> Vec<(&'static str, String)> {
    let location = match (form, &event.location) {
        (LocationForm::Text, location) => location.to_string(),
        (LocationForm::Object, GatewayLocation { city, country, state, address }) => {
            let parts = [address.as_ref(), Some(city), state.as_ref(), Some(country)];
            parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ")
        }
    };
    vec![
        ("name", event.name.clone()),
        ("date", event.date.to_utc().to_rfc3339()),
        ("location", location),
        ("venue", event.venue.clone()),
    ]
}

/// Whether an event is as it was when it was created, as far as its link tells.
fn unchanged(link: &Link, sent: &[(&'static str, String)]) -> Result<()> {
    let differs = |(name, value): &&(&'static str, String)| link.attributes.get(*name).is_some_and(|was| was != value);
    let changed: Vec<_> = sent.iter().filter(differs).map(|(name, _)| *name).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let message = format!("{CANNOT_UPDATE}: the event keeps its old {}", changed.join(", "));
    Err(Error::unsupported(PROVIDER, "sync_event", message).with_field(changed.join(", ")).with_hint(
        "change it where the gateway leads to, then `record` its link anew; or `forget` the link to create another event",
    ))
}

fn is_json(error: &Error) -> bool {
    error.body_snippet().is_some_and(|body| body.trim_start().starts_with('{'))
}
