//! The service on the gateway contract.

use async_trait::async_trait;
use connectors_core::provider::{Core, Lookup, Remote};
use connectors_core::{CampaignEvent, Error, ErrorKind, Result, ServiceSummary};

use super::{Gateway, NewEvent, NewProject};
use crate::dialect::{Dialect, outcome};
use crate::model::{
    CreateProject, EventStatusReport, EventStatusRequest, Project, ProjectId, ProjectStatus, SyncEvent, SyncedEvent,
};
use crate::{Contract, PROVIDER};

/// The attribute of a project's link that keeps what the gateway said of it.
const STATUS: &str = "status";

/// An id that no gateway gives out.
const NOBODYS_EVENT: &str = "connection-test";

#[async_trait]
impl Dialect for Gateway {
    fn core(&self) -> &Core {
        &self.core
    }

    fn bulk(&self) -> Box<dyn Dialect> {
        Box::new(Self { core: self.core.bulk(), ..self.clone() })
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
        let new = NewProject { name, description, client, region };
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
        let key = self.event_key(&request.project, &request.event.id).await?;
        let new = new_event(&request.project, &request.event);
        let create = || async { Ok(Remote::new(self.events().create(&new).await?.id)) };
        let ensured = self.core.links().ensure(&key, create, nowhere_to_look).await?;
        let remote_id = ensured.remote_id().to_owned();
        Ok(SyncedEvent { event_id: request.event.id.clone(), remote_id, outcome: outcome(&ensured) })
    }

    async fn event_status(&self, request: &EventStatusRequest) -> Result<EventStatusReport> {
        let remote_id = self.linked_event(&request.project, &request.event).await?.remote_id.unwrap_or_default();
        let status = self.events().status(&remote_id).await?;
        let status =
            status.ok_or_else(|| Error::new(ErrorKind::Decode, "the gateway does not tell the event's status"))?;
        let raw = status.as_str().to_owned();
        Ok(EventStatusReport { event_id: request.event.clone(), remote_id, status, raw })
    }

    /// The contract has no call that says who we are: what tells a good key is that an event is looked for at all.
    async fn identity(&self) -> Result<String> {
        match self.events().get(NOBODYS_EVENT).await {
            // A page, or nothing, is not the gateway's own way to say so.
            Err(error) if error.kind() == ErrorKind::NotFound && is_json(&error) => {}
            other => drop(other?),
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

async fn nowhere_to_look() -> Result<Lookup> {
    Ok(Lookup::Unavailable)
}

fn new_event(project: &ProjectId, event: &CampaignEvent) -> NewEvent {
    let start = event.starts_at_utc();
    NewEvent {
        project_id: project.to_string(),
        name: event.name.clone(),
        date: start.with_timezone(&event.time_zone.offset(start)),
        location: format!("{}, {}", event.venue.city, event.venue.country),
        venue: event.venue.name.clone(),
    }
}

fn is_json(error: &Error) -> bool {
    error.body_snippet().is_some_and(|body| body.trim_start().starts_with('{'))
}
