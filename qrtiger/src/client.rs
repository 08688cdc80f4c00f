//! The client.

use std::fmt;
use std::sync::Arc;

use connectors_core::provider::{Call, Core, KeyedLocks};
use connectors_core::{CampaignId, EventId, LinkKey, Links, RateLimits, Result};
use http::Method;
use secrecy::SecretString;

use crate::builder::{QrTigerBuilder, credential};
use crate::endpoints::Endpoints;
use crate::pages::StatusPages;
use crate::{Campaigns, ImageDownload, PROVIDER, QrImage, Quota, Statics, Tracking, Uploads};

/// A client of QR TIGER.
///
/// It implements [`QrTigerService`](crate::QrTigerService), the small face that applications code against; what the
/// provider offers besides is here, grouped by resource. Clones are cheap and share connections, quotas and links.
#[derive(Clone)]
pub struct QrTigerClient {
    core: Core,
    shared: Arc<Shared>,
}

struct Shared {
    pages: StatusPages,
    endpoints: &'static Endpoints,
    quota: Quota,
    creating: KeyedLocks,
    changing: KeyedLocks,
}

impl QrTigerClient {
    /// A client to be configured.
    pub fn builder() -> QrTigerBuilder {
        QrTigerBuilder::default()
    }

    /// A client from the environment: `QRTIGER_API_KEY`, and `QRTIGER_API_URL` for another host.
    pub fn from_env() -> Result<Self> {
        QrTigerBuilder::from_env()?.build()
    }

    /// As [`QrTigerClient::from_env`], from any lookup of variables.
    pub fn from_vars(lookup: impl Fn(&str) -> Option<String>) -> Result<Self> {
        QrTigerBuilder::from_vars(lookup)?.build()
    }

    pub(crate) fn new(core: Core, pages: StatusPages, endpoints: &'static Endpoints, quota: Quota) -> Self {
        Self {
            core,
            shared: Arc::new(Shared {
                pages,
                endpoints,
                quota,
                creating: KeyedLocks::default(),
                changing: KeyedLocks::default(),
            }),
        }
    }

    /// Dynamic codes, which the provider calls campaigns.
    pub fn campaigns(&self) -> Campaigns {
        Campaigns::new(self.clone())
    }

    /// Scan statistics.
    pub fn tracking(&self) -> Tracking {
        Tracking::new(self.clone())
    }

    /// Codes that hold their content themselves: neither tracked nor changeable.
    pub fn statics(&self) -> Statics {
        Statics::new(self.clone())
    }

    /// Images for the middle of a code.
    pub fn uploads(&self) -> Uploads {
        Uploads::new(self.clone())
    }

    /// What is in an image, whether it came along or has to be fetched; from where it is kept, and without the key.
    pub fn download(&self, image: &QrImage) -> ImageDownload {
        ImageDownload::of(self.clone(), image.clone())
    }

    /// A call of something that is not typed here, with the same key, limits, retries and judgement of answers.
    /// `path` is below the base URL and may carry a query: `/api/campaign?limit=5&page=1`.
    pub fn request(&self, method: &Method, path: &str) -> Call {
        self.core().request(method, path)
    }

    /// Uses another key from now on, for all clones of the client. Calls that have begun keep the old one until they
    /// end, so let it live on for as long as the deadline of a call.
    ///
    /// The [`quota`](Self::quota) goes on counting: a key of another account wants a client of its own.
    ///
    /// Fails with [`Config`](connectors_core::ErrorKind::Config) on a key that cannot be one; the old one stays then.
    pub fn replace_api_key(&self, api_key: impl Into<SecretString>) -> Result<()> {
        self.core().replace_credential(credential(&api_key.into())?);
        Ok(())
    }

    /// The rates in force.
    pub fn limits(&self) -> &RateLimits {
        self.core().limits()
    }

    /// How many requests were sent this month, and how many may be.
    pub fn quota(&self) -> Quota {
        self.shared.quota.clone()
    }

    /// The memory of which code belongs to which event.
    pub fn links(&self) -> &Links {
        self.core().links()
    }

    /// What the code of an event is remembered under, to [`record`](Links::record) or [`forget`](Links::forget) it.
    pub fn link_key(&self, campaign: &CampaignId, event: &EventId) -> LinkKey {
        LinkKey::new(PROVIDER, "code", self.link_scope(campaign), event.as_str())
    }

    /// What the codes of a campaign are remembered under: the base URL and the campaign. A key does not tell whose it is,
    /// so accounts that share a link store need campaign ids of their own.
    pub fn link_scope(&self, campaign: &CampaignId) -> String {
        format!("{}/{campaign}", self.core().site())
    }

    pub(crate) fn core(&self) -> &Core {
        &self.core
    }

    /// The same client for work of many calls, which lets single ones go first.
    pub(crate) fn bulk(&self) -> Self {
        Self { core: self.core.bulk(), shared: Arc::clone(&self.shared) }
    }

    pub(crate) fn endpoints(&self) -> &'static Endpoints {
        self.shared.endpoints
    }

    pub(crate) fn pages(&self) -> &StatusPages {
        &self.shared.pages
    }

    /// Turns of those who create codes for the same destination.
    pub(crate) fn creating(&self) -> &KeyedLocks {
        &self.shared.creating
    }

    /// Turns of those who change the status of the same code.
    pub(crate) fn changing(&self) -> &KeyedLocks {
        &self.shared.changing
    }
}

impl fmt::Debug for QrTigerClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QrTigerClient")
            .field("core", &self.core)
            .field("pages", &self.shared.pages)
            .finish_non_exhaustive()
    }
}
