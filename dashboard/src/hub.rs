//! The hub: everything that the page and the API do.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use connectors_core::{Clock, Error, ErrorKind, LinkStore, Observer, Result};
use tokio::sync::Notify;
use tokio_util::sync::{CancellationToken, DropGuard};
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

/// So long a hub that is closed waits for what is under way.
const CLOSING: Duration = Duration::from_secs(15);

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
pub struct IntegrationHub(pub(crate) Arc<Inner>, #[expect(dead_code, reason = "for its drop")] Arc<DropGuard>);

pub(crate) struct Inner {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) store: Store,
    /// Rung when there is something to tell.
    pub(crate) beat: Arc<Notify>,
    vault: Vault,
    pub(crate) feed: Arc<Feed>,
    links: Arc<dyn LinkStore>,
    /// What a fake has made is none of what the provider has.
    sample_links: Arc<dyn LinkStore>,
    pub(crate) campaigns: Arc<dyn CampaignSource>,
    vars: Option<Lookup>,
    fallback: Option<Fallback>,
    pub(crate) desks: Vec<Desk>,
    pub(crate) tasks: TaskTracker,
    /// The one who tells.
    pulse: TaskTracker,
    /// Cancelled when nothing more is to begin.
    pub(crate) closing: CancellationToken,
    /// Cancelled when there is nothing more to tell.
    closed: CancellationToken,
    /// What is read to be told is told before it is read anew: what comes last is what holds.
    telling: tokio::sync::Mutex<()>,
    /// One change of settings at a time.
    changing: tokio::sync::Mutex<()>,
}

impl IntegrationHub {
    fn new(inner: Arc<Inner>) -> Self {
        let guard = inner.closing.clone().drop_guard();
        Self(inner, Arc::new(guard))
    }

    /// Watches what changes: from now on, or from after the update with this epoch and number.
    pub fn watch(&self, last: Option<(u64, u64)>) -> Watch {
        self.0.feed.watch(last)
    }

    /// Tells all syncs to stop, waits until what is under way has come to its end, but for 15 seconds at the most, and
    /// keeps what is known then. Says whether all of it has: a sync that takes longer is noted as interrupted by the next
    /// program.
    ///
    /// Dropping the last handle tells syncs to stop, too, and waits for nothing.
    pub async fn close(&self) -> bool {
        self.0.closing.cancel();
        self.0.tasks.close();
        let all = tokio::time::timeout(CLOSING, self.0.tasks.wait()).await.is_ok();
        if !all {
            tracing::warn!("the dashboard is closed although not all that it does has come to its end");
        }
        self.0.closed.cancel();
        self.0.pulse.close();
        self.0.pulse.wait().await;
        self.0.tell().await;
        all
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.closed.cancel();
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
