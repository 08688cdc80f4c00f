//! The client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use connectors_core::provider::{Call, Core, Operation};
use connectors_core::{CacheStats, DateRange, RateLimits, Result};
use http::Method;
use secrecy::SecretString;

use crate::analytics::Analytics;
use crate::builder::{Contract, PlacerBuilder};
use crate::contract::Services;
use crate::flags::Flags;
use crate::gateway::GatewayApi;
use crate::model::{GatewayDates, MovementConfig};
use crate::native::report::operation;
use crate::native::{Account, CustomPois, Pois, Reports, Tags, USAGE_STATUS};
use crate::quota::{Quota, QuotaStatus};
use crate::store::Archive;
use crate::ttl::Ttl;

/// A report that has no method yet.
static UNTYPED: Operation = operation("request", "");

/// A client of Placer.ai. Cheap to clone: clones share connections, quotas and cache.
///
/// It implements [`PlacerService`](crate::PlacerService), and has the native API besides, grouped by resource:
/// [`reports`](Self::reports), [`pois`](Self::pois), [`custom_pois`](Self::custom_pois), [`tags`](Self::tags),
/// [`account`](Self::account), and [`analytics`](Self::analytics) on top of it.
#[derive(Clone)]
pub struct PlacerClient {
    core: Core,
    settings: Arc<Settings>,
}

/// What the builder decided.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) contract: Contract,
    pub(crate) services: &'static dyn Services,
    pub(crate) ttl: Ttl,
    pub(crate) archive: Option<Arc<Archive>>,
    pub(crate) trends_chunk: usize,
    pub(crate) concurrency: usize,
    pub(crate) no_content_retries: u32,
    pub(crate) single_day_ranges: bool,
    pub(crate) movement: MovementConfig,
    pub(crate) gateway_dates: GatewayDates,
    pub(crate) gateway_health: bool,
    pub(crate) quota: Arc<Quota>,
}

impl Settings {
    /// The range of a report of one day.
    pub(crate) fn one_day(&self, date: NaiveDate) -> DateRange {
        let single = DateRange::single(date);
        match date.succ_opt() {
            Some(next) if !self.single_day_ranges => DateRange::new(date, next).unwrap_or(single),
            _ => single,
        }
    }
}

impl PlacerClient {
    /// A client in the making.
    pub fn builder() -> PlacerBuilder {
        PlacerBuilder::default()
    }

    /// A client from `PLACER_API_KEY`, `PLACER_API_URL` (`https://papi.placer.ai` if it is not set) and
    /// `PLACER_API_CONTRACT` (`native` if it is not set, or `gateway`, which needs the URL).
    pub fn from_env() -> Result<Self> {
        PlacerBuilder::from_env()?.build()
    }

    /// As [`from_env`](Self::from_env), from any lookup.
    pub fn from_vars(lookup: impl Fn(&str) -> Option<String>) -> Result<Self> {
        PlacerBuilder::from_vars(lookup)?.build()
    }

    pub(crate) fn new(core: Core, settings: Settings) -> Self {
        Self { core, settings: Arc::new(settings) }
    }

    /// The native reports.
    pub fn reports(&self) -> Reports {
        Reports(self.clone())
    }

    /// Places to ask about.
    pub fn pois(&self) -> Pois {
        Pois(self.clone())
    }

    /// Places of the account's own making.
    pub fn custom_pois(&self) -> CustomPois {
        CustomPois(self.clone())
    }

    /// The account's own collections of places.
    pub fn tags(&self) -> Tags {
        Tags(self.clone())
    }

    /// The account.
    pub fn account(&self) -> Account {
        Account(self.clone())
    }

    /// What an integration gateway has besides, on the gateway contract.
    pub fn gateway(&self) -> GatewayApi {
        GatewayApi(self.clone())
    }

    /// What reports come to when they are put together.
    pub fn analytics(&self) -> Analytics {
        Analytics(self.clone())
    }

    /// A request to what is not typed yet, below the base URL, such as `/v1/reports/true-trade-area`. It goes through
    /// the same credentials, limits and retries. A report is asked for until it is there; any other POST is not
    /// repeated unless it certainly did not run.
    pub fn request(&self, method: &Method, path: &str) -> Call {
        let call = self.core.request(method, path);
        if *method == Method::POST && path.starts_with("/v1/reports/") { call.counts_as(&UNTYPED) } else { call }
    }

    /// Which contract it speaks.
    pub fn contract(&self) -> Contract {
        self.settings.contract
    }

    /// Uses another key from now on, for all clones of the client; what was cached before is fetched anew. Calls that
    /// have begun keep the old key until they end, so let it live on for as long as the deadline of a call.
    ///
    /// Fails with [`Config`](connectors_core::ErrorKind::Config) on a key that cannot be one; the old one stays then.
    pub fn replace_api_key(&self, api_key: impl Into<SecretString>) -> Result<()> {
        let api_key = api_key.into();
        let credential = self.settings.contract.credential("api_key", &api_key)?;
        // First: what is asked with the old key must not be stored as the new one's.
        self.core.replace_credential(credential);
        if let Some(archive) = self.archive() {
            archive.replace(self.core.base(), &api_key);
        }
        self.settings.quota.forget();
        Ok(())
    }

    /// The quotas in force.
    pub fn limits(&self) -> &RateLimits {
        self.core.limits()
    }

    /// How the week's quotas stand, of the native contract: as Placer said in the last five minutes, or is asked now,
    /// and as this client counts itself. Placer not saying it is no failure; see [`QuotaStatus::told_at`].
    pub async fn quota(&self) -> Result<QuotaStatus> {
        self.services().offers(USAGE_STATUS.name)?;
        Ok(self.settings.quota.learnt(&self.core).await)
    }

    /// Forgets all cached answers, and which places are flagged. What is in a [`ReportStore`](crate::ReportStore) stays
    /// there; see [`ReportStore::clear`](crate::ReportStore::clear).
    pub fn clear_cache(&self) {
        self.core.cache().clear();
    }

    /// Hits, misses and fill of the cache.
    pub fn cache_stats(&self) -> CacheStats {
        self.core.cache().stats()
    }

    pub(crate) fn core(&self) -> &Core {
        &self.core
    }

    /// The same client for work of many calls, which lets single ones go first.
    pub(crate) fn bulk(&self) -> Self {
        Self { core: self.core.bulk(), settings: Arc::clone(&self.settings) }
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The places known to be flagged.
    pub(crate) fn flags(&self) -> Flags<'_> {
        Flags(&self.core)
    }

    pub(crate) fn quota_guard(&self) -> &Arc<Quota> {
        &self.settings.quota
    }

    pub(crate) fn services(&self) -> &'static dyn Services {
        self.settings.services
    }

    /// An operation of its contract; refused when the client speaks another contract.
    pub(crate) fn native(&self, operation: &'static Operation) -> Call {
        self.core.call(operation).check(self.services().offers(operation.name))
    }

    pub(crate) fn today(&self) -> NaiveDate {
        self.core.clock().now_utc().date_naive()
    }

    pub(crate) fn ttl(&self, chosen: Option<Duration>) -> Ttl {
        chosen.map_or(self.settings.ttl, |ttl| self.settings.ttl.chosen(ttl))
    }

    /// The store of reports, if there is one.
    pub(crate) fn archive(&self) -> Option<&Arc<Archive>> {
        self.settings.archive.as_ref()
    }
}

impl fmt::Debug for PlacerClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlacerClient").field("core", &self.core).field("settings", &self.settings).finish()
    }
}
