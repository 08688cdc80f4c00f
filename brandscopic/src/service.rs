//! The face that applications code against, and swap for the mock.

use async_trait::async_trait;
use connectors_core::{ConnectionReport, Error, Result, ServiceSummary};

use crate::model::{
    BulkSync, CreateProject, EventStatusReport, EventStatusRequest, Project, SyncEvent, SyncReport, SyncedEvent,
};
use crate::{Capabilities, PROVIDER};

fn unsupported<T>(operation: &'static str) -> Result<T> {
    Err(Error::unsupported(PROVIDER, operation, "this implementation does not have it"))
}

/// Field-marketing projects and their events.
///
/// What is created is remembered in the client's link store, by our ids: doing anything here twice creates nothing
/// twice. Every method fails with [`Unsupported`](connectors_core::ErrorKind::Unsupported) unless it is implemented.
#[async_trait]
pub trait BrandscopicService: Send + Sync {
    /// What can be done, and why not the rest, without asking the provider. Nothing, unless it is implemented.
    fn capabilities(&self) -> Capabilities {
        Capabilities::none("this implementation does not say")
    }

    /// The project of a campaign: the linked one, or a new one.
    ///
    /// The native contract cannot create campaigns: it takes the active campaign of exactly this name. None is
    /// [`Unsupported`](connectors_core::ErrorKind::Unsupported), several are
    /// [`Ambiguous`](connectors_core::ErrorKind::Ambiguous).
    async fn create_project(&self, request: CreateProject) -> Result<Project> {
        let _ = request;
        unsupported("create_project")
    }

    /// Brings one event up to date: creates it the first time, later changes what differs.
    ///
    /// The gateway contract has no update: an event that has changed since it was created is
    /// [`Unsupported`](connectors_core::ErrorKind::Unsupported) there, and stays as it is. An error that says
    /// [`maybe_applied`](Error::maybe_applied) leaves it to the next call to look before it creates.
    async fn sync_event(&self, request: SyncEvent) -> Result<SyncedEvent> {
        let _ = request;
        unsupported("sync_event")
    }

    /// How far an event has come. One that was never synced is
    /// [`NotFound`](connectors_core::ErrorKind::NotFound).
    async fn event_status(&self, request: EventStatusRequest) -> Result<EventStatusReport> {
        let _ = request;
        unsupported("event_status")
    }

    /// Brings many events up to date, four at a time unless told otherwise. One that fails does not stop the others.
    ///
    /// Fails as a whole, before anything is sent, if an event is invalid or an id comes twice. A second call with the
    /// same link store does only what is left.
    async fn bulk_sync_events(&self, request: BulkSync) -> Result<SyncReport> {
        let _ = request;
        unsupported("bulk_sync_events")
    }

    /// Whether the provider can be reached and accepts the credentials, by the cheapest authenticated call.
    async fn test_connection(&self) -> Result<ConnectionReport> {
        unsupported("test_connection")
    }

    /// How many `campaigns` and `events` there are. The gateway contract cannot list: there, those in the link store
    /// are counted.
    async fn summary(&self) -> Result<ServiceSummary> {
        unsupported("summary")
    }
}

connectors_core::forward_service!(BrandscopicService {
    [now] capabilities() -> Capabilities;
    create_project(request: CreateProject) -> Project;
    sync_event(request: SyncEvent) -> SyncedEvent;
    event_status(request: EventStatusRequest) -> EventStatusReport;
    bulk_sync_events(request: BulkSync) -> SyncReport;
    test_connection() -> ConnectionReport;
    summary() -> ServiceSummary;
});
