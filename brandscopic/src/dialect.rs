//! What the two contracts have in common: the work of the service, done in each one's own way.

use std::fmt::Debug;

use async_trait::async_trait;
use connectors_core::provider::{Core, Ensured};
use connectors_core::{CampaignId, Error, ErrorKind, EventId, Link, LinkKey, Result, ServiceSummary};

use crate::gateway::Gateway;
use crate::model::{
    BulkSync, CreateProject, EventStatusReport, EventStatusRequest, Project, ProjectId, SyncEvent, SyncOutcome,
    SyncedEvent,
};
use crate::native::Native;
use crate::{Capabilities, Contract, PROVIDER};

/// A contract at work.
#[async_trait]
pub(crate) trait Dialect: Debug + Send + Sync {
    fn core(&self) -> &Core;

    /// The same for work of many calls, which lets single ones go first, prepared for these events. They are valid.
    async fn bulk(&self, request: &BulkSync) -> Result<Box<dyn Dialect>>;

    fn capabilities(&self) -> Capabilities;

    /// Whose links these are: the site's and the tenant's.
    async fn scope(&self) -> Result<String>;

    async fn create_project(&self, request: CreateProject) -> Result<Project>;

    /// The event is valid.
    async fn sync_event(&self, request: &SyncEvent) -> Result<SyncedEvent>;

    async fn event_status(&self, request: &EventStatusRequest) -> Result<EventStatusReport>;

    /// Who we are, by the cheapest authenticated call.
    async fn identity(&self) -> Result<String>;

    async fn summary(&self) -> Result<ServiceSummary>;

    fn contract(&self) -> Contract;

    fn native(&self) -> Option<&Native> {
        None
    }

    fn gateway(&self) -> Option<&Gateway> {
        None
    }

    async fn project_key(&self, campaign: &CampaignId) -> Result<LinkKey> {
        Ok(LinkKey::new(PROVIDER, "project", self.scope().await?, campaign.as_str()))
    }

    async fn event_key(&self, project: &ProjectId, event: &EventId) -> Result<LinkKey> {
        let scope = format!("{}/{project}", self.scope().await?);
        Ok(LinkKey::new(PROVIDER, "event", scope, event.as_str()))
    }

    /// The link of an event that was synced before.
    async fn linked_event(&self, project: &ProjectId, event: &EventId) -> Result<Link> {
        let link = self.core().links().get(&self.event_key(project, event).await?).await?;
        link.filter(Link::is_linked).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, format!("the event `{event}` is not linked to one of project {project}"))
                .with_hint("sync it first, with the same link store")
        })
    }
}

/// What a create through the links came to.
pub(crate) fn outcome(ensured: &Ensured) -> SyncOutcome {
    match ensured {
        Ensured::Existing(_) => SyncOutcome::Unchanged,
        Ensured::Created(_) => SyncOutcome::Created,
        Ensured::Recovered(_) => SyncOutcome::Recovered,
    }
}
