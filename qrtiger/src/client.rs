//! The client.

use std::fmt;
use std::sync::Arc;

use connectors_core::provider::{Call, Core, KeyedLocks};
use connectors_core::{CampaignId, EventId, LinkKey, Links, RateLimits, Result};
use http::Method;

use crate::builder::QrTigerBuilder;
use crate::pages::StatusPages;
use crate::{Campaigns, GetScanData, PROVIDER, QrId, StaticCodes, Uploads};

/// A client of QR TIGER.
///
/// It implements [`QrTigerService`](crate::QrTigerService), the small face that applications code against; what the
/// provider offers besides is here, grouped by resource. Clones are cheap and share connections, quotas and links.
#[derive(Clone)]
pub struct QrTigerClient(Arc<Inner>);

struct Inner {
    core: Core,
    pages: StatusPages,
    creating: KeyedLocks,
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

    pub(crate) fn new(core: Core, pages: StatusPages) -> Self {
        Self(Arc::new(Inner { core, pages, creating: KeyedLocks::default() }))
    }

    /// Dynamic codes, which the provider calls campaigns.
    pub fn campaigns(&self) -> Campaigns {
        Campaigns::new(self.clone())
    }

    /// The raw scan statistics of a code, and the code itself.
    pub fn data(&self, id: &QrId) -> GetScanData {
        GetScanData::new(self.clone(), id.clone())
    }

    /// Codes that hold their content themselves: neither tracked nor changeable.
    pub fn static_codes(&self) -> StaticCodes {
        StaticCodes::new(self.clone())
    }

    /// Images for the middle of a code.
    pub fn uploads(&self) -> Uploads {
        Uploads::new(self.clone())
    }

    /// A call of something that is not typed here, with the same key, limits, retries and judgement of answers.
    /// `path` is below the base URL and may carry a query: `/api/campaign?limit=5&page=1`.
    pub fn request(&self, method: &Method, path: &str) -> Call {
        self.core().request(method, path)
    }

    /// The quotas in force.
    pub fn limits(&self) -> &RateLimits {
        self.core().limits()
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
        &self.0.core
    }

    pub(crate) fn pages(&self) -> &StatusPages {
        &self.0.pages
    }

    /// Turns of those who create codes for the same destination.
    pub(crate) fn creating(&self) -> &KeyedLocks {
        &self.0.creating
    }
}

impl fmt::Debug for QrTigerClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QrTigerClient")
            .field("core", &self.0.core)
            .field("pages", &self.0.pages)
            .finish_non_exhaustive()
    }
}
