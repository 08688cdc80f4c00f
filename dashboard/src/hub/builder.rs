//! The hub, set up.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use connectors_core::{Clock, LinkStore, Observer, Result, SystemClock};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::telling::pulse;
use super::{Fallback, Inner, IntegrationHub, Lookup};
use crate::campaigns::CampaignSource;
use crate::desk::{Desk, Standing};
use crate::feed::Feed;
use crate::meter::Meter;
use crate::model::Source;
use crate::provider::{Integration, Provider};
use crate::store::{SqliteLinkStore, Store};
use crate::vault::{Vault, random};

/// Sets up an [`IntegrationHub`].
pub struct HubBuilder {
    store: Store,
    campaigns: Arc<dyn CampaignSource>,
    clock: Arc<dyn Clock>,
    vault: Option<Vault>,
    vars: Option<Lookup>,
    fallback: Option<Fallback>,
    given: BTreeMap<&'static str, Arc<dyn Integration>>,
    meters: BTreeMap<&'static str, Arc<Meter>>,
    beat: Arc<Notify>,
    links: Arc<dyn LinkStore>,
}

impl HubBuilder {
    /// Takes the time from this clock, the machine's by default.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Seals settings with this key; without it, those entered are forgotten with the program.
    pub fn vault(mut self, vault: Vault) -> Self {
        self.vault = Some(vault);
        self
    }

    /// Looks up settings that nobody has entered: `|name| std::env::var(name).ok()`.
    pub fn vars(mut self, lookup: impl Fn(&str) -> Option<String> + Send + std::marker::Sync + 'static) -> Self {
        self.vars = Some(Arc::new(lookup));
        self
    }

    /// Offers sample data for what is not set up.
    pub fn fallback(
        mut self,
        make: impl Fn(&'static Provider, Arc<dyn Observer>, Arc<dyn LinkStore>) -> Option<Arc<dyn Integration>>
        + Send
        + std::marker::Sync
        + 'static,
    ) -> Self {
        self.fallback = Some(Arc::new(make));
        self
    }

    /// Uses what the application has made itself. Its settings cannot be changed on the page.
    pub fn integration(mut self, integration: Arc<dyn Integration>) -> Self {
        self.given.insert(integration.provider().id, integration);
        self
    }

    /// The observer for the clients of a provider that the application makes itself: for their builder.
    pub fn observer(&self, provider: &'static Provider) -> Arc<dyn Observer> {
        let meter = self.meters.get(provider.id).cloned();
        meter.unwrap_or_else(|| Arc::new(Meter::new(Arc::clone(&self.beat)))).watcher()
    }

    /// The link store for clients that the application makes itself.
    pub fn link_store(&self) -> Arc<dyn LinkStore> {
        Arc::clone(&self.links)
    }

    /// The hub. What a program before this one left undone is noted as interrupted. Needs a tokio runtime.
    pub async fn build(self) -> Result<IntegrationHub> {
        let Self { store, campaigns, clock, vault, vars, fallback, mut given, meters, beat, links } = self;
        let vault = vault.map_or_else(Vault::ephemeral, Ok)?;
        let mut desks = Vec::new();
        for provider in Provider::ALL {
            let standing: Standing = store.standing(provider.id.to_owned()).await?.unwrap_or_default();
            let Some(meter) = meters.get(provider.id) else { continue };
            meter.begin_with(&clock, standing.traffic);
            desks.push(Desk::new(provider, Arc::clone(meter), standing));
        }
        // Another one in each run, whatever the clock says.
        let epoch = u64::from(u32::from_le_bytes(random()?));
        let inner = Arc::new(Inner {
            feed: Arc::new(Feed::new(epoch)),
            tasks: TaskTracker::new(),
            pulse: TaskTracker::new(),
            closing: CancellationToken::new(),
            closed: CancellationToken::new(),
            telling: tokio::sync::Mutex::default(),
            sample_links: Arc::new(SqliteLinkStore::new(store.clone()).of_the_sample()),
            changing: tokio::sync::Mutex::default(),
            clock,
            store,
            beat,
            vault,
            links,
            campaigns,
            vars,
            fallback,
            desks,
        });
        for desk in &inner.desks {
            if let Some(integration) = given.remove(desk.provider.id) {
                inner.begin_account(desk, "Application".to_owned(), false);
                inner.store.keep_world(desk.provider.id, false).await?;
                desk.state().take(Some(integration), Source::Application, None);
            } else {
                inner.connect(desk, false).await?;
            }
        }
        for provider in Provider::ALL {
            inner.interrupt(provider).await?;
        }
        inner.pulse.spawn(pulse(Arc::downgrade(&inner), Arc::clone(&inner.beat), inner.closed.clone()));
        Ok(IntegrationHub::new(inner))
    }
}

impl fmt::Debug for HubBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HubBuilder").finish_non_exhaustive()
    }
}

impl IntegrationHub {
    /// A hub that keeps what it knows in `store`, and syncs the campaign of `campaigns`.
    pub fn builder(store: Store, campaigns: Arc<dyn CampaignSource>) -> HubBuilder {
        let beat = Arc::new(Notify::new());
        let meter = |provider: &'static Provider| (provider.id, Arc::new(Meter::new(Arc::clone(&beat))));
        HubBuilder {
            links: Arc::new(SqliteLinkStore::new(store.clone())),
            store,
            campaigns,
            meters: Provider::ALL.into_iter().map(meter).collect(),
            clock: Arc::new(SystemClock),
            vault: None,
            vars: None,
            fallback: None,
            given: BTreeMap::new(),
            beat,
        }
    }
}
