//! Brandscopic, offline.

mod answer;
mod event_setup;
mod fake;
mod fields;
mod gateway;
mod native;
mod operations;
mod seed;
mod setup;
mod state;
mod storage;

use std::sync::Arc;

use connectors_brandscopic::gateway::LocationForm;
use connectors_brandscopic::{
    BrandscopicBuilder, BrandscopicClient, BrandscopicService, BulkSync, Capabilities, Contract, CreateProject,
    EventStatusReport, EventStatusRequest, Project, SyncEvent, SyncReport, SyncedEvent,
};
use connectors_core::{ConnectionReport, Result, ServiceSummary, TimeZone};

pub use self::event_setup::EventSetup;
pub use self::fake::FakeBrandscopic;
pub use self::gateway::GatewayVariant;
use self::setup::Origin;
pub use self::setup::{BrandscopicSetup, CampaignSetup, CompanyUserSetup, VenueSetup};
pub use self::state::{FakeEvent, FakePlace, FakeProject, FakeRecap};
use crate::face::{Settings, face, initial};
use crate::{Backend, InProcess};

/// A host that does not exist, so that links made here are never taken for those of the real service.
const HOST: &str = "https://brandscopic.test";

/// The real Brandscopic client, connected to a [`FakeBrandscopic`] in this process.
///
/// [`MockBrandscopic::new`] speaks the gateway contract, because that is the one that can create projects. On the native
/// contract a campaign has to be there first: [`campaign`](MockBrandscopicBuilder::campaign).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// use connectors_brandscopic::{BrandscopicService, Contract};
/// use connectors_mock::MockBrandscopic;
///
/// let mock = MockBrandscopic::builder().contract(Contract::Native).campaign("Cold Brew Summer").build()?;
/// assert!(mock.test_connection().await?.is_connected());
/// assert_eq!(mock.backend().count("sessions.create"), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct MockBrandscopic {
    client: BrandscopicClient,
    backend: Backend,
    fake: Arc<FakeBrandscopic>,
}

impl MockBrandscopic {
    /// A mock to be set up.
    pub fn builder() -> MockBrandscopicBuilder {
        MockBrandscopicBuilder {
            contract: Contract::Gateway,
            zone: None,
            tenant: None,
            variant: GatewayVariant::default(),
            settings: Settings::new(BrandscopicClient::builder()),
        }
    }
}

connectors_core::forward_service!(BrandscopicService for MockBrandscopic, by client {
    [now] capabilities() -> Capabilities;
    create_project(request: CreateProject) -> Project;
    sync_event(request: SyncEvent) -> SyncedEvent;
    event_status(request: EventStatusRequest) -> EventStatusReport;
    bulk_sync_events(request: BulkSync) -> SyncReport;
    test_connection() -> ConnectionReport;
    summary() -> ServiceSummary;
});

face!(MockBrandscopic: BrandscopicClient, FakeBrandscopic; MockBrandscopicBuilder: BrandscopicBuilder);
initial!(MockBrandscopicBuilder: BrandscopicSetup);

/// Sets up a [`MockBrandscopic`].
#[must_use = "a builder does nothing until it builds"]
pub struct MockBrandscopicBuilder {
    contract: Contract,
    zone: Option<TimeZone>,
    tenant: Option<String>,
    variant: GatewayVariant,
    settings: Settings<BrandscopicBuilder, BrandscopicSetup>,
}

impl MockBrandscopicBuilder {
    /// The contract that the client speaks. The fake shows its world on both.
    pub fn contract(mut self, contract: Contract) -> Self {
        self.contract = contract;
        self
    }

    /// Native: the time zone of the user's profile, of which the client is told; `America/New_York` unless set.
    pub fn time_zone(mut self, zone: TimeZone) -> Self {
        self.zone = Some(zone);
        self
    }

    /// Gateway: knows this tenant alone, and the client is told.
    pub fn tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// Gateway: what it is like, and the client is told what it has to be.
    pub fn gateway_variant(mut self, variant: GatewayVariant) -> Self {
        self.variant = variant;
        self
    }

    /// A campaign that is there already. There are a few that nobody asks for.
    pub fn campaign(mut self, name: impl Into<String>) -> Self {
        self.settings.alter(|setup| setup.campaign(CampaignSetup::new(name)));
        self
    }

    /// A venue that a search finds. One that is not there is added by its address, if it has one.
    pub fn venue(mut self, name: &str, city: &str, country: &str) -> Self {
        self.settings.alter(|setup| setup.venue(VenueSetup::new(name, city, country)));
        self
    }

    /// Events of the past weeks, in one of the campaigns that nobody asks for.
    pub fn past_events(mut self, count: u32) -> Self {
        self.settings.alter(|setup| setup.past_events(count));
        self
    }

    /// The mock; fails on a setting of the client that cannot be right, and on an [initial](Self::initial) setup that
    /// makes no sense.
    pub fn build(self) -> Result<MockBrandscopic> {
        let clock = self.settings.clock();
        let zone = self.zone.map_or_else(|| TimeZone::new("America/New_York"), Ok)?;
        let origin =
            Origin { seed: self.settings.seed, zone, tenant: self.tenant.clone(), initial: self.settings.initial };
        let fake = Arc::new(FakeBrandscopic::new(origin, self.contract, self.variant, clock.now_utc())?);
        let backend = Backend::new(fake.clone(), Arc::clone(&clock));
        let mut client = if self.contract == Contract::Native {
            self.settings.client.native(HOST, FakeBrandscopic::EMAIL, FakeBrandscopic::PASSWORD).time_zone(zone)
        } else {
            self.settings.client.gateway(FakeBrandscopic::API_KEY).api_url(format!("{HOST}/v1"))
        };
        if self.contract == Contract::Gateway && self.variant == GatewayVariant::Structured {
            client = client.gateway_location(LocationForm::Object).gateway_external_ids(true);
        }
        if let Some(tenant) = self.tenant {
            client = client.tenant_id(tenant);
        }
        let client = client
            .transport(Arc::new(InProcess::new(backend.clone())))
            .clock(clock)
            .seed(self.settings.seed)
            .build()?;
        Ok(MockBrandscopic { client, backend, fake })
    }
}
