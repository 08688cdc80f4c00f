//! Setting up a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use connectors_core::provider::{ApiKey, ClientOptions, Core, Credential, Defaults, Vars, base_url};
use connectors_core::{Error, RateLimits, Result, redact};
use secrecy::SecretString;
use url::Url;

use crate::classify::Judge;
use crate::endpoints::Endpoints;
use crate::pages::StatusPages;
use crate::{MemoryQuotaStore, PROVIDER, QrTigerClient, Quota, QuotaStore};

/// Sets up a [`QrTigerClient`].
///
/// ```
/// use connectors_qrtiger::QrTigerClient;
///
/// let client = QrTigerClient::builder()
///     .api_key("00000000-0000-0000-0000-000000000000")
///     .paused_page("https://example.com/back-soon".parse()?)
///     .archived_page("https://example.com/over".parse()?)
///     .build()?;
///
/// let error = QrTigerClient::builder().api_key("k").api_url("https://api.qrtiger.com/v1").build().unwrap_err();
/// assert_eq!(error.hint(), Some("write https://api.qrtiger.com"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
#[must_use = "a builder does nothing until it builds"]
pub struct QrTigerBuilder {
    api_key: SecretString,
    api_url: Option<String>,
    legacy_host: bool,
    pages: StatusPages,
    monthly_quota: Option<u32>,
    quota_store: Option<Arc<dyn QuotaStore>>,
    options: ClientOptions,
}

impl QrTigerBuilder {
    /// The settings in the environment: `QRTIGER_API_KEY`, and `QRTIGER_API_URL` for another host.
    pub fn from_env() -> Result<Self> {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    /// As [`QrTigerBuilder::from_env`], from any lookup of variables.
    pub fn from_vars(lookup: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let vars = Vars::new(&lookup);
        let builder = Self::default().api_key(vars.require("QRTIGER_API_KEY")?);
        Ok(Self { api_url: vars.get("QRTIGER_API_URL"), ..builder })
    }

    /// The API key, from My Account > Settings. Required; the plan must include API access.
    pub fn api_key(mut self, key: impl Into<SecretString>) -> Self {
        self.api_key = key.into();
        self
    }

    /// Another host than `https://api.qrtiger.com`, without `/api` or a version.
    pub fn api_url(mut self, url: impl Into<String>) -> Self {
        self.api_url = Some(url.into());
        self
    }

    /// Speaks to the host that the API had before 2024, `https://qrtiger.com` unless set otherwise, which has other paths
    /// for statistics and uploads. For accounts that are still served there; codes made on one host are remembered for
    /// that host alone.
    pub fn legacy_host(mut self) -> Self {
        self.legacy_host = true;
        self
    }

    /// The page that paused codes lead to.
    ///
    /// The provider's API cannot pause a code, so [`pause`](QrTigerClient::pause) repoints it
    /// to this page, with the destination in the query as
    /// [`DESTINATION_PARAMETER`](crate::DESTINATION_PARAMETER): that is where it is restored from. Scans go on being
    /// counted. Keep the address for as long as codes are paused, and do not let the page redirect to the parameter:
    /// anybody can write such a link.
    pub fn paused_page(mut self, page: Url) -> Self {
        self.pages.paused = Some(page);
        self
    }

    /// The page that archived codes lead to; see [`QrTigerBuilder::paused_page`], from which it must differ.
    pub fn archived_page(mut self, page: Url) -> Self {
        self.pages.archived = Some(page);
        self
    }

    /// Sends at most this many requests in a calendar month of UTC, as plans allow. Further ones are refused before they
    /// are sent, as [`QuotaExhausted`](connectors_core::ErrorKind::QuotaExhausted). See [`Quota`].
    pub fn monthly_quota(mut self, requests: u32) -> Self {
        self.monthly_quota = Some(requests);
        self
    }

    /// Where requests are counted; in memory unless set, which starts anew with the client.
    pub fn quota_store(mut self, store: Arc<dyn QuotaStore>) -> Self {
        self.quota_store = Some(store);
        self
    }

    connectors_core::client_options!();

    /// The client; fails on a setting that cannot be right.
    pub fn build(self) -> Result<QrTigerClient> {
        let credential = credential(&self.api_key)?;
        let endpoints = if self.legacy_host { Endpoints::legacy() } else { Endpoints::current() };
        let url = self.api_url.as_deref().unwrap_or(endpoints.host);
        let base = base_url("api_url", url, self.options.allow_insecure_http)?;
        check_base(&base, endpoints)?;
        self.pages.check()?;
        // The provider documents no rate; this is what its other clients get along with.
        let mut defaults = Defaults::default();
        defaults.limits = RateLimits::none().window("*", 2, Duration::from_secs(1)).in_flight(2);
        if self.monthly_quota == Some(0) {
            return Err(Error::config("monthly_quota", "must be at least 1"));
        }
        let store = self.quota_store.unwrap_or_else(|| Arc::new(MemoryQuotaStore::default()));
        let quota = Quota::new(self.monthly_quota, store, self.options.clock());
        defaults.gate = Some(quota.gate());
        let core = Core::new(PROVIDER, &base, Some(credential), Judge, defaults, &self.options)?;
        Ok(QrTigerClient::new(core, self.pages, endpoints, quota))
    }
}

impl fmt::Debug for QrTigerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QrTigerBuilder")
            .field("api_url", &self.api_url.clone().map(redact::text))
            .field("legacy_host", &self.legacy_host)
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}

pub(crate) fn credential(api_key: &SecretString) -> Result<Arc<dyn Credential>> {
    Ok(Arc::new(ApiKey::bearer("api_key", api_key)?))
}

fn check_base(base: &Url, endpoints: &Endpoints) -> Result<()> {
    let refuse =
        |problem: &str, instead: &str| Err(Error::config("api_url", problem).with_hint(format!("write {instead}")));
    if base.host_str().is_some_and(|host| endpoints.others.contains(&host)) {
        return refuse("is not the host of the API", endpoints.host);
    }
    let path = base.path().trim_end_matches('/');
    let kept = path.trim_end_matches("/v1").trim_end_matches("/api");
    if kept == path {
        return Ok(());
    }
    let mut instead = base.clone();
    instead.set_path(kept);
    let problem = if path.ends_with("/v1") {
        "names a version, which this API does not have"
    } else {
        "ends in `/api`, which every path begins with"
    };
    refuse(problem, instead.as_str().trim_end_matches('/'))
}
