//! A typed client of Brandscopic, where field-marketing teams plan their events and hand in their recaps.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use connectors_brandscopic::{BrandscopicService, BulkSync, CreateProject, EventStatusRequest};
//! use connectors_core::{Campaign, CampaignEvent, Venue};
//! use connectors_mock::MockBrandscopic;
//!
//! let venue = Venue::new("kettle", "The Copper Kettle", "New York", "US");
//! let (zone, page) = ("America/New_York".parse()?, "https://fizz.example/e-1".parse()?);
//! let (starts, ends) = ("2026-06-05T18:00:00".parse()?, "2026-06-05T22:00:00".parse()?);
//! let event = CampaignEvent::new("e-1".parse()?, "Opening night", venue, zone, starts, ends, page);
//! let campaign = Campaign::new("summer-26".parse()?, "Summer Tour", "Fizz", "East Coast", vec![event]);
//!
//! // Offline; `BrandscopicClient::from_env()?` is the real thing, with the same methods.
//! let brandscopic = MockBrandscopic::new();
//! let project = brandscopic.create_project(CreateProject::new(&campaign)).await?;
//! let report = brandscopic.bulk_sync_events(BulkSync::new(&project, campaign.events.clone())).await?;
//! assert!(report.is_success());
//!
//! let status = brandscopic.event_status(EventStatusRequest::new(&project, "e-1".parse()?)).await?;
//! assert_eq!(status.status.as_str(), "pending");
//! # Ok(())
//! # }
//! ```
//!
//! # Two contracts
//!
//! | | [`native`] | [`gateway`] |
//! |---|---|---|
//! | what | the API that Brandscopic serves its own apps | the plain REST interface of integration gateways |
//! | credentials | e-mail and password for a session, or its token | a key |
//! | a campaign becomes | the campaign of the same name, which has to be there | a new project |
//! | an event is | created, later changed | created; that it cannot be changed is said |
//! | one made there by hand is | taken over, if [asked for](SyncEvent::adopt_existing) | not seen |
//! | a create of unknown outcome is | looked up by campaign, place, start and name | reported |
//!
//! [`BrandscopicBuilder`] chooses one; [`BrandscopicBuilder::from_env`] does by the variables that are set.
//! [`BrandscopicService::capabilities`] tells what the chosen one can do, so that a program can ask before it tries.
//!
//! # Unofficial
//!
//! Brandscopic publishes no API for others, and this crate is none of its products. The native contract is what the
//! company's own apps were seen to use until 2021; it has not been verified against a live host. Nor is any host known
//! for certain to serve it, so there is no default: you name the host, and your agreement with the vendor has to cover
//! it. The gateway contract belongs to whoever runs the gateway.
//!
//! # Where to go next
//!
//! [`BrandscopicService`] is the face to code against. [`BrandscopicClient::native`] gives the resources of the native
//! API, from events and their recaps to photos and visits, and [`Native::resolve_venue`](native::Native::resolve_venue),
//! which offers a choice where it is not clear where an event is. [`BrandscopicClient::request`] reaches what is not typed.
//!
//! # Doing it twice
//!
//! What was created is remembered in the link store, by our ids: give the builder a
//! [`FileLinkStore`](connectors_core::FileLinkStore) or a store of your own, and a second run does only what is left.
//! Between a create that broke off and its next sync, leave the event's time and place as they are: that is what it is
//! found by.
//!
//! A new event costs one request, and each new venue one more. What is linked costs one on the native contract, to see
//! whether it differs, and none on a gateway. Work that was killed half-way goes on where it stopped: natively each event
//! is there once in the end; at a gateway those that were under way, as many as worked on at a time, are reported as
//! unknown.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
mod bulk;
mod capabilities;
mod classify;
mod client;
mod dialect;
pub mod gateway;
mod model;
pub mod native;
mod service;

pub use builder::BrandscopicBuilder;
pub use capabilities::{Capabilities, Capability};
pub use client::BrandscopicClient;
pub use gateway::DEFAULT_GATEWAY_URL;
pub use model::{
    BulkSync, CreateProject, EventStatus, EventStatusReport, EventStatusRequest, Project, ProjectId, ProjectStatus,
    SyncEvent, SyncItem, SyncOutcome, SyncReport, SyncResult, SyncedEvent,
};
pub use native::LOGIN_HOST_UNVERIFIED;
pub use service::BrandscopicService;

/// The provider's name, in errors, links and telemetry.
pub(crate) const PROVIDER: &str = "brandscopic";

/// Which interface a client speaks.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Contract {
    /// What Brandscopic itself serves: [`native`].
    Native,
    /// What an integration gateway in front of it serves: [`gateway`].
    Gateway,
}
