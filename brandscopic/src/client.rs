//! The client.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use connectors_core::provider::Call;
use connectors_core::{
    CampaignId, ConnectionReport, Error, EventId, LinkKey, Links, RateLimits, Result, ServiceSummary,
};
use http::Method;

use crate::bulk;
use crate::dialect::Dialect;
use crate::gateway::Gateway;
use crate::model::{
    BulkSync, CreateProject, EventStatusReport, EventStatusRequest, Project, ProjectId, SyncEvent, SyncReport,
    SyncedEvent,
};
use crate::native::Native;
use crate::{BrandscopicBuilder, BrandscopicService, Capabilities, Contract, PROVIDER};

/// A client of Brandscopic, on one of its two contracts.
///
/// It implements [`BrandscopicService`], the small face that applications code against. What only one contract has is
/// at [`native`](Self::native) and [`gateway`](Self::gateway). Clones are cheap and share connections, quotas, session
/// and links.
#[derive(Clone)]
pub struct BrandscopicClient(Arc<dyn Dialect>);

impl BrandscopicClient {
    /// A client to be configured.
    pub fn builder() -> BrandscopicBuilder {
        BrandscopicBuilder::default()
    }

    /// A client from the environment; see [`BrandscopicBuilder::from_env`].
    pub fn from_env() -> Result<Self> {
        BrandscopicBuilder::from_env()?.build()
    }

    /// As [`BrandscopicClient::from_env`], from any lookup of variables.
    pub fn from_vars(lookup: impl Fn(&str) -> Option<String>) -> Result<Self> {
        BrandscopicBuilder::from_vars(lookup)?.build()
    }

    pub(crate) fn new(dialect: Arc<dyn Dialect>) -> Self {
        Self(dialect)
    }

    /// The contract that it speaks.
    pub fn contract(&self) -> Contract {
        self.0.contract()
    }

    /// What Brandscopic itself serves: events, campaigns, venues, companies.
    ///
    /// [`Unsupported`](connectors_core::ErrorKind::Unsupported) on the gateway contract.
    pub fn native(&self) -> Result<&Native> {
        self.0.native().ok_or_else(|| other_contract("native", "the client speaks the gateway contract"))
    }

    /// What a gateway serves: projects and events.
    ///
    /// [`Unsupported`](connectors_core::ErrorKind::Unsupported) on the native contract.
    pub fn gateway(&self) -> Result<&Gateway> {
        self.0.gateway().ok_or_else(|| other_contract("gateway", "the client speaks the native contract"))
    }

    /// A client of another company of the same user, on the same session; see
    /// [`Native::for_company`](crate::native::Native::for_company).
    ///
    /// [`Unsupported`](connectors_core::ErrorKind::Unsupported) on the gateway contract.
    pub fn for_company(&self, company: impl Into<crate::native::CompanyId>) -> Result<Self> {
        Ok(Self(Arc::new(self.native()?.for_company(company))))
    }

    /// A call of something that is not typed here, with the same credential, limits, retries and judgement of answers.
    /// `path` is below the base URL and may carry a query; on the native contract end it in `.json`:
    /// `/users/permissions.json`.
    pub fn request(&self, method: &Method, path: &str) -> Call {
        self.0.core().request(method, path)
    }

    /// The quotas in force.
    pub fn limits(&self) -> &RateLimits {
        self.0.core().limits()
    }

    /// The memory of which of our things is which of theirs.
    pub fn links(&self) -> &Links {
        self.0.core().links()
    }

    /// What the project of a campaign is remembered under, to [`record`](Links::record) or [`forget`](Links::forget)
    /// it. Logs in first on the native contract, because the company is part of it.
    pub async fn project_key(&self, campaign: &CampaignId) -> Result<LinkKey> {
        self.0.project_key(campaign).await
    }

    /// What an event is remembered under; see [`project_key`](Self::project_key).
    pub async fn event_key(&self, project: &ProjectId, event: &EventId) -> Result<LinkKey> {
        self.0.event_key(project, event).await
    }
}

fn other_contract(operation: &'static str, reason: &str) -> Error {
    Error::unsupported(PROVIDER, operation, reason).with_hint("choose the contract on the builder")
}

/// Says where an error comes from that no call of the provider has led to.
pub(crate) fn named(operation: &'static str) -> impl Fn(Error) -> Error {
    move |error| error.with_origin(PROVIDER, operation)
}

impl fmt::Debug for BrandscopicClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BrandscopicClient").field(&self.0).finish()
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl BrandscopicService for BrandscopicClient {
    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }

    async fn create_project(&self, request: CreateProject) -> Result<Project> {
        if request.name.trim().is_empty() {
            return Err(named("create_project")(Error::invalid("name", "must not be blank")));
        }
        self.0.create_project(request).await.map_err(named("create_project"))
    }

    async fn sync_event(&self, request: SyncEvent) -> Result<SyncedEvent> {
        if let Some(problem) = request.event.validate().into_iter().next() {
            return Err(named("sync_event")(problem.into()));
        }
        self.0.sync_event(&request).await.map_err(named("sync_event"))
    }

    async fn event_status(&self, request: EventStatusRequest) -> Result<EventStatusReport> {
        self.0.event_status(&request).await.map_err(named("event_status"))
    }

    async fn bulk_sync_events(&self, request: BulkSync) -> Result<SyncReport> {
        bulk::sync(&*self.0, request).await.map_err(named("bulk_sync_events"))
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        let clock = self.0.core().clock();
        let started = clock.now();
        let outcome = self.0.identity().await.map_err(named("test_connection"));
        Ok(ConnectionReport::new(PROVIDER, clock.now().saturating_duration_since(started), outcome))
    }

    async fn summary(&self) -> Result<ServiceSummary> {
        self.0.summary().await.map_err(named("summary"))
    }
}
