//! The page where an operator sees all integrations of the `connectors` family and acts: how each stands, what it did,
//! what went wrong; syncs, connection tests, keys. A router for your application, or the program
//! `connectors-dashboard`.
//!
//! ```
//! # #[cfg(feature = "sample")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//!
//! use axum::Router;
//! use connectors_core::{Campaign, Result};
//! use connectors_dashboard::{CampaignSource, Dashboard, IntegrationHub, QRTIGER, QrTigerIntegration, Store};
//! use connectors_mock::MockQrTiger;
//!
//! /// Where your application keeps its campaign.
//! #[derive(Debug)]
//! struct Campaigns;
//!
//! #[async_trait::async_trait]
//! impl CampaignSource for Campaigns {
//!     async fn campaign(&self) -> Result<Campaign> {
//!         # let json = r#"{
//!         #     "id": "summer-26", "name": "Summer Tour", "client": "Fizz", "region": "DACH",
//!         #     "venues": [{"id": "alex", "name": "Alexanderplatz", "city": "Berlin", "country": "DE", "timeZone": "Europe/Berlin"}],
//!         #     "events": [{
//!         #         "id": "e1", "name": "Tasting", "venue": "alex", "destination": "https://fizz.example/berlin",
//!         #         "startsAt": "2026-06-05T11:00", "endsAt": "2026-06-05T18:00"
//!         #     }]
//!         # }"#;
//!         // from your database
//!         # Campaign::from_json(json).map_err(|errors| connectors_core::Error::config("campaign", errors.to_string()))
//!     }
//! }
//!
//! // Everything is kept in one file: Store::open("dashboard.db")?
//! let builder = IntegrationHub::builder(Store::in_memory()?, Arc::new(Campaigns));
//!
//! // A client that the application has anyway, watched by the dashboard. MockQrTiger here, or
//! // QrTigerClient::builder().api_key(..).observer(..).link_store(..).build()?
//! let (observer, links) = (builder.observer(&QRTIGER), builder.link_store());
//! let codes = MockQrTiger::builder().link_store(links).client(|client| client.observer(observer)).build()?;
//!
//! let hub = builder.integration(Arc::new(QrTigerIntegration::new(Arc::new(codes)))).build().await?;
//! // Behind the login of the application; see `Dashboard` for other ways.
//! let dashboard = Dashboard::new(hub.clone()).trusted().router();
//! let app: Router = Router::new().nest_service("/integrations", dashboard);
//!
//! // What the page does, the application can do, too.
//! assert!(hub.test("qrtiger").await?.connected);
//! let sync = hub.sync("qrtiger").await?;
//! println!("sync {} of {} events", sync.id, sync.total);
//! hub.close().await;
//! # let _ = app;
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "sample"))]
//! # fn main() {}
//! ```
//!
//! # Where to go
//!
//! | for | see |
//! |---|---|
//! | the page and its API as a router, and who may use them | [`Dashboard`] |
//! | everything that they do | [`IntegrationHub`], [`HubBuilder`] |
//! | clients of your own on the cards | [`HubBuilder::observer`], [`HubBuilder::link_store`], [`HubBuilder::integration`] |
//! | the campaign that is synced | [`CampaignSource`], [`CampaignFile`] |
//! | keys from the environment | [`HubBuilder::vars`] |
//! | keys that are entered on the page | [`SettingsChange`], and [`Vault`], which seals them |
//! | what changes, while it changes | [`IntegrationHub::watch`], [`Watch`] |
//! | what cards, syncs, errors and charts hold | [`model`] |
//! | the file that all is kept in | [`Store`] |
//! | sample data, without any key | `SampleWorld` (feature `sample`) |
//!
//! # What to know
//!
//! * The settings of an integration come from the application, from what was entered, or from the environment, in this
//!   order, and are never mixed. Without any of them it is the fallback of [`HubBuilder::fallback`], or not set up.
//! * A secret that is entered is sealed before it is kept, and nobody gets to see more of it than its last four
//!   characters. It is not sent to another address unless it is given again.
//! * An integration is connected, degraded, failing, not configured, or unknown until it is asked: see
//!   [`model::Status`]. What its clients do says so, not only a test.
//! * A sync runs once at a time for each integration, and every event of it is accounted for. One that breaks off is
//!   resumed: what is done is not done twice.
//! * One process uses a file at a time. Close the hub at the end: what is under way comes to its end.
//!
//! # Features
//!
//! `program` (default) is the program, `sample` the four services on fakes. `rustls` (default), `native-tls` and
//! `rustls-no-provider` choose the TLS of the clients, as in `connectors-core`.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod campaigns;
mod desk;
mod feed;
mod hub;
mod meter;
pub mod model;
mod provider;
mod providers;
mod run;
#[cfg(feature = "sample")]
mod sample;
mod settings;
mod store;
mod syncing;
mod told;
mod vault;
mod web;

pub use crate::campaigns::{CampaignFile, CampaignSource};
pub use crate::feed::{Message, Seen, Watch};
pub use crate::hub::{HubBuilder, IntegrationHub};
pub use crate::provider::{Field, FieldKind, Integration, Provider};
pub use crate::providers::{
    BRANDSCOPIC, BrandscopicIntegration, PLACER, PlacerIntegration, QRTIGER, QrTigerIntegration, SMARTSHEET,
    SmartsheetIntegration,
};
pub use crate::run::{Change, Chart, Done, Run};
#[cfg(feature = "sample")]
pub use crate::sample::SampleWorld;
pub use crate::settings::SettingsChange;
pub use crate::store::{SqliteLinkStore, Store};
pub use crate::vault::Vault;
pub use crate::web::Dashboard;
