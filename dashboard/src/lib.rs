//! The page where an operator sees all integrations of the `connectors` family and acts.
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
