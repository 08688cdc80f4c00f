//! The hub that the program serves.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use connectors_core::{Campaign, Error, Result, SystemClock};
use connectors_dashboard::{CampaignFile, CampaignSource, IntegrationHub, SampleWorld, Store, Vault};

use crate::failure::Failure;
use crate::options::{Options, variable};

/// How long the fakes take for an answer, so that there is something to see.
const LATENCY: Duration = Duration::from_millis(80);

/// Nobody has named a campaign.
#[derive(Debug)]
struct NoCampaign;

#[async_trait]
impl CampaignSource for NoCampaign {
    async fn campaign(&self) -> Result<Campaign> {
        Err(Error::config("campaign", "there is no campaign to sync").with_hint("start the dashboard with --campaign"))
    }
}

/// The hub, as the options want it.
pub async fn hub(options: &Options) -> std::result::Result<IntegrationHub, Failure> {
    let named = options.campaign.as_ref().map(|file| Arc::new(CampaignFile::new(file)));
    if let Some(file) = &named {
        // Better now than at the first sync.
        file.campaign().await?;
    }
    let store = Store::open(&options.database)?;
    let vault = match Options::key()? {
        Some(key) => Vault::new(&key)?,
        None => Vault::with_key_file(&options.key_file)?,
    };
    let campaigns = named.map(|file| file as Arc<dyn CampaignSource>);
    let builder = if options.no_sample {
        IntegrationHub::builder(store, campaigns.unwrap_or_else(|| Arc::new(NoCampaign)))
    } else {
        let world = SampleWorld::open(store.clone(), Arc::new(SystemClock), LATENCY).await?;
        let campaigns = campaigns.unwrap_or_else(|| Arc::new(world.clone()));
        IntegrationHub::builder(store, campaigns)
            .fallback(move |provider, observer, links| world.integration(provider, observer, links).ok())
    };
    Ok(builder.vault(vault).vars(variable).build().await?)
}
