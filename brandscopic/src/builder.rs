//! Setting up a client.

use std::fmt;
use std::sync::Arc;

use connectors_core::provider::{ClientOptions, Defaults, Vars, base_url, checked};
use connectors_core::{Error, RateLimits, Result, TimeZone, redact};
use secrecy::SecretString;
use url::Url;

use crate::gateway::{DEFAULT_GATEWAY_URL, Gateway, LocationForm, Writing};
use crate::native::{API_PATH, CompanyChoice, CompanyId, LOGIN_HOST_UNVERIFIED, Login, Native};
use crate::{BrandscopicClient, Contract};

/// Hosts of the vendor's web application and its pages.
const WEB_HOSTS: [&str; 6] = [
    LOGIN_HOST_UNVERIFIED,
    "stage.brandscopic.com",
    "m.brandscopic.com",
    "www.brandscopic.com",
    "support.brandscopic.com",
    "brandscopic.herokuapp.com",
];

/// Hosts of the vendor that serve pages and no API.
const PAGE_HOSTS: [&str; 3] = ["m.brandscopic.com", "www.brandscopic.com", "support.brandscopic.com"];

const GATEWAY_HOST: &str = "api.brandscopic.com";

const GATEWAY_VARS: [&str; 3] = ["BRANDSCOPIC_API_KEY", "BRANDSCOPIC_API_URL", "BRANDSCOPIC_TENANT_ID"];
const NATIVE_VARS: [&str; 4] =
    ["BRANDSCOPIC_HOST", "BRANDSCOPIC_EMAIL", "BRANDSCOPIC_PASSWORD", "BRANDSCOPIC_COMPANY_ID"];

/// Sets up a [`BrandscopicClient`]: [`gateway`](Self::gateway) or [`native`](Self::native) chooses the contract.
///
/// ```
/// use connectors_brandscopic::{BrandscopicClient, Contract};
///
/// let client = BrandscopicClient::builder().gateway("a-key").tenant_id("acme").build()?;
/// assert_eq!(client.contract(), Contract::Gateway);
///
/// let client = BrandscopicClient::builder()
///     .native("login.brandscopic.com", "ann@example.com", "a-password")
///     .time_zone("America/New_York".parse()?)
///     .build()?;
/// assert_eq!(client.contract(), Contract::Native);
/// # Ok::<(), connectors_core::Error>(())
/// ```
#[derive(Default)]
#[must_use = "a builder does nothing until it builds"]
pub struct BrandscopicBuilder {
    native: Option<User>,
    gateway: Option<SecretString>,
    company: Option<CompanyId>,
    company_name: Option<String>,
    zone: Option<TimeZone>,
    api_url: Option<String>,
    tenant: Option<String>,
    location: Option<LocationForm>,
    external_ids: Option<bool>,
    options: ClientOptions,
}

/// Who works on the native contract.
struct User {
    host: String,
    email: String,
    secret: Secret,
}

enum Secret {
    Password(SecretString),
    /// With the company, which no login will tell.
    Token(SecretString, CompanyId),
}

impl BrandscopicBuilder {
    /// The settings in the environment. Which variables are set chooses the contract.
    ///
    /// | contract | required | optional |
    /// |---|---|---|
    /// | gateway | `BRANDSCOPIC_API_KEY` | `BRANDSCOPIC_API_URL`, `BRANDSCOPIC_TENANT_ID` |
    /// | native | `BRANDSCOPIC_HOST`, `BRANDSCOPIC_EMAIL`, `BRANDSCOPIC_PASSWORD` | `BRANDSCOPIC_COMPANY_ID`, `BRANDSCOPIC_TIME_ZONE` (see [`time_zone`](Self::time_zone)) |
    pub fn from_env() -> Result<Self> {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    /// As [`BrandscopicBuilder::from_env`], from any lookup of variables.
    pub fn from_vars(lookup: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let vars = Vars::new(&lookup);
        let set = |names: &[&'static str]| names.iter().copied().find(|name| vars.get(name).is_some());
        let builder = Self::default();
        match (set(&GATEWAY_VARS), set(&NATIVE_VARS)) {
            (Some(_), None) => {
                let builder = builder.gateway(vars.require("BRANDSCOPIC_API_KEY")?);
                Ok(Self {
                    api_url: vars.get("BRANDSCOPIC_API_URL"),
                    tenant: vars.get("BRANDSCOPIC_TENANT_ID"),
                    ..builder
                })
            }
            (None, Some(_)) => {
                let [host, email, password] = ["BRANDSCOPIC_HOST", "BRANDSCOPIC_EMAIL", "BRANDSCOPIC_PASSWORD"];
                let builder = builder.native(vars.require(host)?, vars.require(email)?, vars.require(password)?);
                let company = vars.get("BRANDSCOPIC_COMPANY_ID").map(|id| id.parse());
                let company = company.transpose().map_err(|_| {
                    Error::config("BRANDSCOPIC_COMPANY_ID", "is not a whole number")
                        .with_hint("write the company's number, such as 7")
                })?;
                let zone = vars.get("BRANDSCOPIC_TIME_ZONE").map(|name| TimeZone::new(&name));
                let zone = zone.transpose().map_err(|_| {
                    Error::config("BRANDSCOPIC_TIME_ZONE", "is not the name of an IANA time zone")
                        .with_hint("write it like America/New_York")
                })?;
                Ok(Self { company, zone, ..builder })
            }
            (gateway, native) => Err(undecided(gateway, native)),
        }
    }

    /// Speaks the native contract, as this user. `host` is a name such as `login.brandscopic.com`, or its `https` URL.
    ///
    /// The client logs in with the first call, and once more whenever its token is not accepted. A password that was
    /// refused is not sent again, until [`replace_login`](crate::native::Native::replace_login) sets it anew.
    pub fn native(
        mut self,
        host: impl Into<String>,
        email: impl Into<String>,
        password: impl Into<SecretString>,
    ) -> Self {
        let secret = Secret::Password(password.into());
        self.native = Some(User { host: host.into(), email: email.into(), secret });
        self
    }

    /// Native: as [`native`](Self::native), by a token that was got elsewhere, such as from
    /// [`Sessions::create`](crate::native::Sessions::create). It says nothing of a company, so that has to be named.
    ///
    /// Without the password, the client cannot log in: once the token is not accepted any more, because the user logged
    /// out somewhere, calls fail with [`Auth`](connectors_core::ErrorKind::Auth).
    /// [`replace_token`](crate::native::Native::replace_token) goes on with another.
    pub fn native_token(
        mut self,
        host: impl Into<String>,
        email: impl Into<String>,
        token: impl Into<SecretString>,
        company: impl Into<CompanyId>,
    ) -> Self {
        let secret = Secret::Token(token.into(), company.into());
        self.native = Some(User { host: host.into(), email: email.into(), secret });
        self
    }

    /// Speaks the gateway contract, with this key.
    pub fn gateway(mut self, api_key: impl Into<SecretString>) -> Self {
        self.gateway = Some(api_key.into());
        self
    }

    /// Native: the company to work for, instead of the one that the user used last.
    pub fn company_id(mut self, id: impl Into<CompanyId>) -> Self {
        self.company = Some(id.into());
        self
    }

    /// Native: the company of this name to work for, whatever its case. It is looked for after the first login, which
    /// fails with [`Config`](connectors_core::ErrorKind::Config) if the user is in none of this name, and with
    /// [`Ambiguous`](connectors_core::ErrorKind::Ambiguous) if there are several.
    pub fn company(mut self, name: impl Into<String>) -> Self {
        self.company_name = Some(name.into());
        self
    }

    /// Native: the time zone of the user's profile, in which Brandscopic reads and writes all times. The service
    /// converts into it. Unless it is set, times are written as the clocks at the venue show them, which is right
    /// only for companies whose events keep to their own zone.
    pub fn time_zone(mut self, zone: TimeZone) -> Self {
        self.zone = Some(zone);
        self
    }

    /// Gateway: another base URL than [`DEFAULT_GATEWAY_URL`], version included.
    pub fn api_url(mut self, url: impl Into<String>) -> Self {
        self.api_url = Some(url.into());
        self
    }

    /// Gateway: the tenant, sent as `X-Tenant-Id`. Tenants that share a link store must each be named.
    pub fn tenant_id(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// Gateway: how it wants locations to be written; as `City, Country` unless set. Both forms are read.
    pub fn gateway_location(mut self, form: LocationForm) -> Self {
        self.location = Some(form);
        self
    }

    /// Gateway: whether it takes our ids of campaigns and events as `externalId`. They are not sent unless it is set.
    ///
    /// Nothing can be found by them: a create of unknown outcome is reported all the same.
    pub fn gateway_external_ids(mut self, sent: bool) -> Self {
        self.external_ids = Some(sent);
        self
    }

    connectors_core::client_options!();

    /// The client; fails on a setting that cannot be right.
    pub fn build(self) -> Result<BrandscopicClient> {
        // The vendor documents no rate; this is what its own clients keep to.
        let mut defaults = Defaults::default();
        defaults.limits = RateLimits::none().in_flight(4);
        let misplaced = |field: &str, contract: &str| {
            Err(Error::config(field, format!("belongs to the {contract} contract, and the other one is chosen"))
                .with_hint("leave it out"))
        };
        match (self.native, self.gateway) {
            (Some(_), None) if self.api_url.is_some() => misplaced("api_url", "gateway"),
            (Some(_), None) if self.tenant.is_some() => misplaced("tenant_id", "gateway"),
            (Some(_), None) if self.location.is_some() => misplaced("gateway_location", "gateway"),
            (Some(_), None) if self.external_ids.is_some() => misplaced("gateway_external_ids", "gateway"),
            (None, Some(_)) if self.company.is_some() => misplaced("company_id", "native"),
            (None, Some(_)) if self.company_name.is_some() => misplaced("company", "native"),
            (None, Some(_)) if self.zone.is_some() => misplaced("time_zone", "native"),
            (Some(User { host, email, secret }), None) => {
                let base = native_base(&host, self.options.allow_insecure_http)?;
                let login = login(email, secret, self.company, self.company_name)?;
                let native = Native::new(&base, login, self.zone, defaults, &self.options)?;
                Ok(BrandscopicClient::new(Arc::new(native)))
            }
            (None, Some(key)) => {
                let base = gateway_base(self.api_url.as_deref(), self.options.allow_insecure_http)?;
                let named = |tenant: String| checked("tenant_id", &tenant.into()).map(str::to_owned);
                let tenant = self.tenant.map(named).transpose()?;
                let writing = Writing {
                    location: self.location.unwrap_or_default(),
                    external_ids: self.external_ids.unwrap_or_default(),
                };
                let gateway = Gateway::new(&base, &key, tenant, writing, defaults, &self.options)?;
                Ok(BrandscopicClient::new(Arc::new(gateway)))
            }
            (native, _) => {
                Err(Error::config("contract", if native.is_some() { "is chosen twice" } else { "is not chosen" })
                    .with_hint("call either native(host, email, password) or gateway(api_key)"))
            }
        }
    }
}

impl fmt::Debug for BrandscopicBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.native.as_ref().map(|user| &user.host);
        let gateway = self.gateway.as_ref().map(|_| Contract::Gateway);
        f.debug_struct("BrandscopicBuilder")
            .field("contract", &host.map(|_| Contract::Native).or(gateway))
            .field("host", &host.map(|host| masked(host)))
            .field("api_url", &self.api_url.as_deref().map(masked))
            .field("time_zone", &self.zone)
            .finish_non_exhaustive()
    }
}

fn login(email: String, secret: Secret, id: Option<CompanyId>, name: Option<String>) -> Result<Login> {
    let twice = |field: &str| Error::config(field, "is chosen twice").with_hint("leave one of the two out");
    let company = match (id, name) {
        (Some(_), Some(_)) => return Err(twice("company")),
        (Some(id), None) => CompanyChoice::Id(id),
        (None, Some(name)) if name.trim().is_empty() => return Err(Error::config("company", "is empty")),
        (None, Some(name)) => CompanyChoice::Named(name),
        (None, None) => CompanyChoice::Current,
    };
    match (secret, company) {
        (Secret::Password(password), company) => Ok(Login::Password { email, password, company }),
        (Secret::Token(token, company), CompanyChoice::Current) => Ok(Login::Token { email, token, company }),
        (Secret::Token(..), CompanyChoice::Id(_)) => Err(twice("company_id")),
        (Secret::Token(..), CompanyChoice::Named(_)) => Err(twice("company")),
    }
}

/// An address as it may be shown: somebody may have put a password into it, which the build refuses.
fn masked(address: &str) -> String {
    redact::text(address.to_owned())
}

fn undecided(gateway: Option<&'static str>, native: Option<&'static str>) -> Error {
    match (gateway, native) {
        (Some(gateway), Some(native)) => {
            Error::config(native, format!("is set beside {gateway}: which of the two contracts is meant?")).with_hint(
                "unset every BRANDSCOPIC_ variable of the other one; BRANDSCOPIC_HOST, _EMAIL, _PASSWORD and _COMPANY_ID \
                 are native, BRANDSCOPIC_API_KEY, _API_URL and _TENANT_ID are a gateway's",
            )
        }
        _ => Error::config("BRANDSCOPIC_API_KEY", "is not set, nor is BRANDSCOPIC_HOST").with_hint(
            "set BRANDSCOPIC_API_KEY for a gateway, or BRANDSCOPIC_HOST, BRANDSCOPIC_EMAIL and BRANDSCOPIC_PASSWORD for \
             Brandscopic itself",
        ),
    }
}

fn native_base(host: &str, allow_insecure_http: bool) -> Result<Url> {
    let host = host.trim();
    let url = if host.contains("://") { host.to_owned() } else { format!("https://{host}") };
    let mut base = base_url("host", &url, allow_insecure_http)?;
    let name = base.host_str().unwrap_or_default();
    let path = base.path().trim_end_matches('/').trim_end_matches(API_PATH).to_owned();
    if name == GATEWAY_HOST || path.ends_with("/v1") {
        return Err(Error::config("host", "is the address of a gateway, not of Brandscopic itself").with_hint(format!(
            "write {LOGIN_HOST_UNVERIFIED} if that is where you log in; for a gateway use its API key instead, as BRANDSCOPIC_API_KEY and \
             BRANDSCOPIC_API_URL in the environment"
        )));
    }
    if PAGE_HOSTS.contains(&name) {
        return Err(Error::config("host", "serves pages, not the API")
            .with_hint(format!("write {LOGIN_HOST_UNVERIFIED} if that is where you log in")));
    }
    base.set_path(&format!("{path}{API_PATH}"));
    Ok(base)
}

fn gateway_base(url: Option<&str>, allow_insecure_http: bool) -> Result<Url> {
    let base = base_url("api_url", url.unwrap_or(DEFAULT_GATEWAY_URL), allow_insecure_http)?;
    let name = base.host_str().unwrap_or_default();
    let path = base.path().trim_end_matches('/');
    if WEB_HOSTS.contains(&name) || path.ends_with(API_PATH) {
        return Err(Error::config("api_url", "is Brandscopic itself, not a gateway").with_hint(format!(
            "write {DEFAULT_GATEWAY_URL} or your gateway's URL; for Brandscopic itself use host, e-mail and password instead, as \
             BRANDSCOPIC_HOST={name}, BRANDSCOPIC_EMAIL and BRANDSCOPIC_PASSWORD in the environment"
        )));
    }
    if name == GATEWAY_HOST && path != "/v1" {
        return Err(Error::config("api_url", "lacks the version that the gateway's paths begin with")
            .with_hint(format!("write {DEFAULT_GATEWAY_URL}")));
    }
    Ok(base)
}
