//! How a client is made.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use connectors_core::provider::{ApiKey, ClientOptions, Core, Credential, Defaults, Vars, base_url};
use connectors_core::{Error, RateLimits, Result};
use http::HeaderName;
use secrecy::SecretString;
use url::Url;

use crate::classify::{GatewayJudge, NativeJudge};
use crate::client::Settings;
use crate::contract::Services;
use crate::gateway::Gateway;
use crate::model::{GatewayDates, MovementConfig};
use crate::native::{Native, POIS, RANKING, REPORTS};
use crate::quota::{Quota, WeeklyQuota};
use crate::store::{Archive, ReportStore};
use crate::ttl::Ttl;
use crate::{PROVIDER, PlacerClient};

const NATIVE_URL: &str = "https://papi.placer.ai";
const HOUR: Duration = Duration::from_secs(3600);
const MINUTE: Duration = Duration::from_secs(60);

/// Which API the client speaks. They are never mixed, and never guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Contract {
    /// What Placer serves at `https://papi.placer.ai`, with the key in `x-api-key`.
    #[default]
    Native,
    /// What integration gateways serve: `/venues/{id}/footfall` and `/venues/{id}/movement`, with a bearer token.
    Gateway,
}

impl Contract {
    /// The key as this contract sends it; `field` names it in errors.
    pub(crate) fn credential(self, field: &str, key: &SecretString) -> Result<Arc<dyn Credential>> {
        Ok(Arc::new(match self {
            Self::Native => ApiKey::header(field, HeaderName::from_static("x-api-key"), key)?,
            Self::Gateway => ApiKey::bearer(field, key)?,
        }))
    }
}

/// Makes a [`PlacerClient`].
#[must_use = "a builder does nothing until it is built"]
#[derive(Clone)]
pub struct PlacerBuilder {
    api_key: SecretString,
    api_url: Option<String>,
    contract: Contract,
    cache_ttl: Duration,
    closed_ttl: Option<Duration>,
    no_data_ttl: Duration,
    report_store: Option<Arc<dyn ReportStore>>,
    trends_chunk: usize,
    concurrency: usize,
    no_content_retries: u32,
    single_day_ranges: bool,
    movement: MovementConfig,
    gateway_dates: GatewayDates,
    gateway_health: bool,
    weekly_quota: WeeklyQuota,
    names: Names,
    options: ClientOptions,
}

/// What errors call the settings.
#[derive(Debug, Clone, Copy)]
struct Names {
    key: &'static str,
    url: &'static str,
}

impl Default for PlacerBuilder {
    fn default() -> Self {
        Self {
            api_key: SecretString::default(),
            api_url: None,
            contract: Contract::Native,
            cache_ttl: HOUR,
            closed_ttl: None,
            no_data_ttl: MINUTE * 5,
            report_store: None,
            trends_chunk: 20,
            concurrency: 10,
            no_content_retries: 1,
            single_day_ranges: true,
            movement: MovementConfig::default(),
            gateway_dates: GatewayDates::default(),
            gateway_health: false,
            weekly_quota: WeeklyQuota::default(),
            names: Names { key: "api_key", url: "api_url" },
            options: ClientOptions::default(),
        }
    }
}

impl PlacerBuilder {
    /// From the environment, see [`PlacerClient::from_env`], for further settings.
    pub fn from_env() -> Result<Self> {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    /// As [`from_env`](Self::from_env), from any lookup.
    pub fn from_vars(lookup: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let vars = Vars::new(&lookup);
        let mut builder = Self { names: Names { key: "PLACER_API_KEY", url: "PLACER_API_URL" }, ..Self::default() };
        builder.api_key = vars.require("PLACER_API_KEY")?.into();
        builder.api_url = vars.get("PLACER_API_URL");
        builder.contract = match vars.get("PLACER_API_CONTRACT").as_deref() {
            None | Some("native") => Contract::Native,
            Some("gateway") => Contract::Gateway,
            Some(_) => return Err(Error::config("PLACER_API_CONTRACT", "is neither `native` nor `gateway`")),
        };
        Ok(builder)
    }

    /// The key: sent as `x-api-key` on the native contract, as a bearer token to a gateway.
    pub fn api_key(mut self, key: impl Into<SecretString>) -> Self {
        self.api_key = key.into();
        self
    }

    /// Where the API is: `https://papi.placer.ai` by default. A gateway has no default.
    pub fn api_url(mut self, url: impl Into<String>) -> Self {
        self.api_url = Some(url.into());
        self
    }

    /// Speaks this contract.
    pub fn contract(mut self, contract: Contract) -> Self {
        self.contract = contract;
        self
    }

    /// Speaks the native contract, which is the default.
    pub fn native(self) -> Self {
        self.contract(Contract::Native)
    }

    /// Speaks the gateway contract; needs [`api_url`](Self::api_url).
    pub fn gateway(self) -> Self {
        self.contract(Contract::Gateway)
    }

    /// Keeps answers this long instead of an hour; zero keeps none.
    pub fn cache_ttl(mut self, ttl: Duration) -> Self {
        self.cache_ttl = ttl;
        self
    }

    /// Keeps reports on closed periods this long: those that ended a week or more before the latest complete day, so
    /// that their numbers have settled. A day unless set, or as long as other answers if that is longer; none if those
    /// are not kept either.
    pub fn closed_ttl(mut self, ttl: Duration) -> Self {
        self.closed_ttl = Some(ttl);
        self
    }

    /// Believes for so long that there is no data, instead of five minutes; never longer than answers are kept.
    pub fn no_data_ttl(mut self, ttl: Duration) -> Self {
        self.no_data_ttl = ttl;
        self
    }

    /// Keeps complete reports in this store as well, for as long as in the cache: they outlive the client there. Of the
    /// native contract only.
    pub fn report_store(mut self, store: Arc<dyn ReportStore>) -> Self {
        self.report_store = Some(store);
        self
    }

    /// Asks for the trends of so many venues at once, 1 to 100. The documented 100 have been refused in practice, so
    /// the default is 20.
    pub fn trends_chunk(mut self, venues: usize) -> Self {
        self.trends_chunk = venues;
        self
    }

    /// How many reports of a kind one question has under way at a time, and with
    /// [`Fidelity::PerDay`](crate::Fidelity::PerDay) for how many days; 10 by default. Waiting for a report to be
    /// computed takes no place among the requests in flight. Far more than the limits let through in a few seconds only
    /// wait for each other, each of them with its deadline running.
    pub fn concurrency(mut self, reports: usize) -> Self {
        self.concurrency = reports;
        self
    }

    /// How often an answer without content is asked for again, three seconds later, before it is believed; 1 by default.
    pub fn no_content_retries(mut self, retries: u32) -> Self {
        self.no_content_retries = retries;
        self
    }

    /// Whether reports of one day are asked for by the same first and last day, the default. Should Placer refuse them,
    /// `false` asks for the following day as the last one; compare the numbers with the daily visits before relying on
    /// them, for it is not known whether that day then counts.
    pub fn single_day_ranges(mut self, allowed: bool) -> Self {
        self.single_day_ranges = allowed;
        self
    }

    /// Derives movement patterns like this.
    pub fn movement(mut self, config: MovementConfig) -> Self {
        self.movement = config;
        self
    }

    /// How a gateway wants to be asked for days: by a range, unless set.
    pub fn gateway_dates(mut self, dates: GatewayDates) -> Self {
        self.gateway_dates = dates;
        self
    }

    /// Whether a gateway has `/health`, which [`test_connection`](crate::PlacerService::test_connection) then asks
    /// first; `false` unless set.
    pub fn gateway_health(mut self, available: bool) -> Self {
        self.gateway_health = available;
        self
    }

    /// Keeps to these quotas of the week, over all clones of the client: what would exceed them is refused before it
    /// is sent, by an error of kind [`QuotaExhausted`](connectors_core::ErrorKind::QuotaExhausted).
    ///
    /// What is used already is asked of Placer before the first call, and again every hour, or every 15 minutes once
    /// less than a twentieth is left; such a question is a call itself, and never refused. As long as Placer does not
    /// say it, only what this client used counts. Of the native contract only.
    pub fn weekly_quota(mut self, quota: WeeklyQuota) -> Self {
        self.weekly_quota = quota;
        self
    }

    connectors_core::client_options!();

    /// The client. Fails with [`Config`](connectors_core::ErrorKind::Config), naming the setting at fault.
    pub fn build(self) -> Result<PlacerClient> {
        if !(1..=100).contains(&self.trends_chunk) {
            return Err(Error::config("trends_chunk", "must be from 1 to 100"));
        }
        if self.concurrency == 0 {
            return Err(Error::config("concurrency", "must be at least 1"));
        }
        self.movement.check()?;
        let services: &'static dyn Services = match self.contract {
            Contract::Native => &Native,
            Contract::Gateway => &Gateway,
        };
        if self.contract == Contract::Gateway && self.weekly_quota != WeeklyQuota::default() {
            return Err(Error::config("weekly_quota", "is of Placer's own API, and not known of a gateway"));
        }
        let quota = Arc::new(Quota::new(self.weekly_quota, self.options.clock()));
        let core = self.core(&quota)?;
        let closed = if self.cache_ttl.is_zero() { Duration::ZERO } else { self.cache_ttl.max(HOUR * 24) };
        let closed = self.closed_ttl.unwrap_or(closed);
        let archive = self
            .report_store
            .clone()
            .map(|store| Arc::new(Archive::new(store, self.contract, core.base(), &self.api_key)));
        let settings = Settings {
            contract: self.contract,
            services,
            ttl: Ttl { open: self.cache_ttl, closed, no_data: self.no_data_ttl.min(self.cache_ttl) },
            archive,
            trends_chunk: self.trends_chunk,
            concurrency: self.concurrency,
            no_content_retries: self.no_content_retries,
            single_day_ranges: self.single_day_ranges,
            movement: self.movement,
            gateway_dates: self.gateway_dates,
            gateway_health: self.gateway_health,
            quota,
        };
        Ok(PlacerClient::new(core, settings))
    }

    fn core(&self, quota: &Arc<Quota>) -> Result<Core> {
        let (key, url) = (self.names.key, self.checked_url()?);
        let mut defaults = Defaults::default();
        defaults.limits = documented_limits();
        // Placer's own gateway gives up after 29 s.
        defaults.attempt_timeout = Duration::from_secs(35);
        let credential = Some(self.contract.credential(key, &self.api_key)?);
        match self.contract {
            Contract::Native => {
                defaults.gate = Some(Arc::<Quota>::clone(quota));
                Core::new(PROVIDER, &url, credential, NativeJudge, defaults, &self.options)
            }
            Contract::Gateway => Core::new(PROVIDER, &url, credential, GatewayJudge, defaults, &self.options),
        }
    }

    /// The base URL, unless it cannot be right for the contract.
    fn checked_url(&self) -> Result<Url> {
        let field = self.names.url;
        let default = match self.contract {
            Contract::Native => Some(NATIVE_URL),
            Contract::Gateway => None,
        };
        let text = self.api_url.as_deref().or(default).ok_or_else(|| {
            Error::config(field, "is not set, and a gateway has no default address")
                .with_hint("set it to the gateway's base URL")
        })?;
        let url = base_url(field, text, self.options.allow_insecure_http)?;
        let wrong = |message: &str, hint: &'static str| Err(Error::config(field, message).with_hint(hint));
        match (self.contract, url.host_str()) {
            (Contract::Native, Some("api.placer.ai")) => wrong(
                "names api.placer.ai, which does not serve Placer's API",
                "write https://papi.placer.ai; for a gateway of your own at this address choose the gateway contract",
            ),
            (Contract::Native, _) if url.path().trim_end_matches('/').ends_with("/v1") => wrong(
                "ends in /v1, which is part of every path already",
                "write it without /v1, like https://papi.placer.ai",
            ),
            (Contract::Gateway, Some("papi.placer.ai")) => wrong(
                "names Placer's own API, which is no gateway",
                "choose the native contract, or write the gateway's base URL",
            ),
            _ => Ok(url),
        }
    }
}

impl fmt::Debug for PlacerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlacerBuilder")
            .field("api_url", &self.api_url)
            .field("contract", &self.contract)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// What some contracts allow, less than is documented: one call a second, and 5000 an hour. Such contracts are known to
/// have a weekly number of calls as well, of 10 000, which goes to [`PlacerBuilder::weekly_quota`].
pub fn strict_limits() -> RateLimits {
    RateLimits::none().in_flight(5).window("*", 1, Duration::from_secs(1)).window("*", 5000, HOUR)
}

/// What [Placer documents](https://docs.placer.ai/reference/faqs-1), and the default. A contract may be stricter: then
/// use [`PlacerBuilder::limits`], perhaps with [`strict_limits`].
pub fn documented_limits() -> RateLimits {
    RateLimits::none()
        .in_flight(5)
        .window("*", 10, Duration::from_secs(1))
        .window(REPORTS, 5000, HOUR)
        .window(POIS, 360, MINUTE)
        .window(POIS, 10_000, HOUR)
        .window(RANKING, 8000, MINUTE)
        .window(RANKING, 80_000, HOUR)
}
