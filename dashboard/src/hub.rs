//! The hub: everything that the page and the API do.

use std::fmt;
use std::sync::Arc;

use connectors_core::{Clock, Error, ErrorKind, LinkStore, Observer, Result};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::campaigns::CampaignSource;
use crate::desk::Desk;
use crate::feed::{Feed, Watch};
use crate::provider::{Integration, Provider};
use crate::store::Store;
use crate::vault::Vault;

mod builder;
mod configuring;
mod reading;
mod telling;

pub use builder::HubBuilder;

/// The most that a list gives at a time.
pub(crate) const PAGE: u32 = 200;

type Lookup = Arc<dyn Fn(&str) -> Option<String> + Send + std::marker::Sync>;

/// Offers an integration for a provider that has no settings: sample data, for instance.
type Fallback = Arc<
    dyn Fn(&'static Provider, Arc<dyn Observer>, Arc<dyn LinkStore>) -> Option<Arc<dyn Integration>>
        + Send
        + std::marker::Sync,
>;

/// Everything that the page shows and does. Clones are handles to the same hub.
#[derive(Clone)]
pub struct IntegrationHub(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) store: Store,
    /// Rung when there is something to tell.
    pub(crate) beat: Arc<Notify>,
    vault: Vault,
    pub(crate) feed: Arc<Feed>,
    links: Arc<dyn LinkStore>,
    pub(crate) campaigns: Arc<dyn CampaignSource>,
    vars: Option<Lookup>,
    fallback: Option<Fallback>,
    pub(crate) desks: Vec<Desk>,
    pub(crate) tasks: TaskTracker,
    pub(crate) closing: CancellationToken,
    /// One change of settings at a time.
    changing: tokio::sync::Mutex<()>,
}

impl IntegrationHub {
    /// Watches what changes: from now on, or from after the update with this epoch and number.
    pub fn watch(&self, last: Option<(u64, u64)>) -> Watch {
        self.0.feed.watch(last)
    }

    /// Tells all syncs to stop, and waits until what is under way has come to its end.
    pub async fn close(&self) {
        self.0.closing.cancel();
        for desk in &self.0.desks {
            if let Some(running) = &desk.state().running {
                running.cancelled.cancel();
            }
        }
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }
}

impl fmt::Debug for IntegrationHub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IntegrationHub")
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Inner")
    }
}

impl Inner {
    pub(crate) fn desk(&self, integration: &str) -> Result<&Desk> {
        let known = || self.desks.iter().map(|desk| desk.provider.id).collect::<Vec<_>>().join(", ");
        self.desks.iter().find(|desk| desk.provider.id == integration).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, "there is no such integration").with_hint(format!("there are {}", known()))
        })
    }
}
