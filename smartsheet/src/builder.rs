//! Setting up a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use connectors_core::provider::{ApiKey, ClientOptions, Core, Credential, Defaults, Vars, base_url};
use connectors_core::{Error, RateLimits, Result, RetryPolicy, TokenStore};
use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::SecretString;
use url::{Url, form_urlencoded};

use crate::PROVIDER;
use crate::classify::SmartsheetClassify;
use crate::client::SmartsheetClient;
use crate::oauth::OAuthApp;

/// Adding 500 rows to a sheet full of formulas has been seen to take more than six minutes.
const LONG_CALL: Duration = Duration::from_secs(720);

/// The longest chain of change agents that Smartsheet keeps.
const MAX_CHANGE_AGENT: usize = 512;

/// Where an account lives. Tokens are good in their own region only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Region {
    /// The United States.
    #[default]
    Us,
    /// The European Union.
    Eu,
    /// Australia.
    Au,
    /// Smartsheet Gov, for authorities of the United States.
    Gov,
}

impl Region {
    /// The base URL.
    pub const fn api_url(self) -> &'static str {
        match self {
            Self::Us => "https://api.smartsheet.com/2.0",
            Self::Eu => "https://api.smartsheet.eu/2.0",
            Self::Au => "https://api.smartsheet.au/2.0",
            Self::Gov => "https://api.smartsheetgov.com/2.0",
        }
    }

    /// The page on which a user lets an app act for them: [`OAuthApp`](crate::OAuthApp).
    pub const fn authorization_page(self) -> &'static str {
        match self {
            Self::Us => "https://app.smartsheet.com/b/authorize",
            Self::Eu => "https://app.smartsheet.eu/b/authorize",
            Self::Au => "https://app.smartsheet.au/b/authorize",
            Self::Gov => "https://app.smartsheetgov.com/b/authorize",
        }
    }

    const ALL: [Self; 4] = [Self::Us, Self::Eu, Self::Au, Self::Gov];

    /// The region whose domain a host belongs to.
    pub(crate) fn of(host: &str) -> Option<Self> {
        let domain = |region: &Self| region.api_url().trim_start_matches("https://api.").trim_end_matches("/2.0");
        let belongs = |region: &Self| {
            host.strip_suffix(domain(region)).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        Self::ALL.into_iter().find(belongs)
    }
}

/// What kind of program calls: Smartsheet tells people from connectors by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IntegrationKind {
    /// An AI agent.
    Ai,
    /// A script.
    Script,
    /// An application.
    Application,
}

impl IntegrationKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Ai => "AI",
            Self::Script => "SCRIPT",
            Self::Application => "APPLICATION",
        }
    }
}

/// Sets up a [`SmartsheetClient`].
///
/// ```
/// use connectors_smartsheet::{Region, SmartsheetClient};
///
/// let client = SmartsheetClient::builder()
///     .access_token("ll352u9jujauoqz4gstvsae05")
///     .region(Region::Eu)
///     .change_agent("fizz-launcher")
///     .build()?;
///
/// let error = SmartsheetClient::builder().access_token("t").api_url("https://api.smartsheet.com").build().unwrap_err();
/// assert_eq!(error.hint(), Some("write https://api.smartsheet.com/2.0"));
/// # Ok::<(), connectors_core::Error>(())
/// ```
#[derive(Default)]
#[must_use = "a builder does nothing until it builds"]
pub struct SmartsheetBuilder {
    login: Login,
    api_url: Option<String>,
    change_agent: Option<String>,
    assume_user: Option<String>,
    integration_source: Option<[String; 3]>,
    options: ClientOptions,
}

/// Who the client is.
enum Login {
    AccessToken(SecretString),
    OAuth(OAuthApp, Arc<dyn TokenStore>),
}

impl Default for Login {
    fn default() -> Self {
        Self::AccessToken(SecretString::default())
    }
}

impl SmartsheetBuilder {
    /// The settings in the environment: `SMARTSHEET_ACCESS_TOKEN`, and `SMARTSHEET_API_URL` for another region.
    pub fn from_env() -> Result<Self> {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    /// As [`SmartsheetBuilder::from_env`], from any lookup of variables.
    pub fn from_vars(lookup: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let vars = Vars::new(&lookup);
        let builder = Self::default().access_token(vars.require("SMARTSHEET_ACCESS_TOKEN")?);
        Ok(Self { api_url: vars.get("SMARTSHEET_API_URL"), ..builder })
    }

    /// The access token, from Account > Personal Settings > API Access. Required, unless the client has a login of an
    /// [app](Self::oauth).
    pub fn access_token(mut self, token: impl Into<SecretString>) -> Self {
        self.login = Login::AccessToken(token.into());
        self
    }

    /// Acts as the user whose token is in `store`, who lets this app act for them, in the app's region. In place of an
    /// access token.
    ///
    /// The client refreshes the token by itself: minutes before its end, or when a call is answered that it has
    /// ended, which is then sent once more. Every refresh replaces both tokens; the new pair is saved before any call
    /// uses it. All clones wait for one refresh. Without a token in the store, calls fail with
    /// [`Auth`](connectors_core::ErrorKind::Auth). A store is for one user: see [`OAuthApp`] for the whole story.
    pub fn oauth(mut self, app: OAuthApp, store: Arc<dyn TokenStore>) -> Self {
        self.login = Login::OAuth(app, store);
        self
    }

    /// Where the account lives; [`Region::Us`] by default.
    pub fn region(self, region: Region) -> Self {
        self.api_url(region.api_url())
    }

    /// Another base URL, `/2.0` included.
    pub fn api_url(mut self, url: impl Into<String>) -> Self {
        self.api_url = Some(url.into());
        self
    }

    /// Names this program in the webhook events that its changes cause, so that it does not react to itself. At most
    /// 512 bytes; several names are separated by commas.
    pub fn change_agent(mut self, name: impl Into<String>) -> Self {
        self.change_agent = Some(name.into());
        self
    }

    /// Acts as the user with this e-mail address. Needs the token of a system admin, and a user who is none.
    pub fn assume_user(mut self, email: impl Into<String>) -> Self {
        self.assume_user = Some(email.into());
        self
    }

    /// Tells Smartsheet what kind of program calls, whose it is, and its name. The names must not hold commas.
    pub fn integration_source(
        mut self,
        kind: IntegrationKind,
        organisation: impl Into<String>,
        name: impl Into<String>,
    ) -> Self {
        self.integration_source = Some([kind.as_str().to_owned(), organisation.into(), name.into()]);
        self
    }

    connectors_core::client_options!();

    /// The client; fails on a setting that cannot be right.
    pub fn build(self) -> Result<SmartsheetClient> {
        let (credential, app) = match &self.login {
            Login::AccessToken(token) => (credential(token)?, None),
            Login::OAuth(app, store) => (app.credential(Arc::clone(store), self.options.clock()), Some(app)),
        };
        let default = app.map_or(Region::default().api_url(), OAuthApp::base);
        let base = checked_base(self.api_url.as_deref().unwrap_or(default), &self.options)?;
        if app.is_some_and(|app| base.as_str().trim_end_matches('/') != app.base()) {
            return Err(Error::config("api_url", "is not where the tokens of the app are good")
                .with_hint("leave it out, or give it to the app"));
        }
        let headers = self.headers()?;
        let mut defaults = defaults();
        defaults.limits = RateLimits::none().window("*", 300, Duration::from_secs(60)).in_flight(20);
        defaults.timeout = Duration::from_secs(300);
        defaults.attempt_timeout = Duration::from_secs(120);
        let long_call = self.options.timeout.is_none().then_some(LONG_CALL);
        let core = Core::new(PROVIDER, &base, Some(credential), SmartsheetClassify, defaults, &self.options)?;
        Ok(SmartsheetClient::new(core, headers, long_call))
    }

    fn headers(&self) -> Result<HeaderMap> {
        let mut headers = HeaderMap::new();
        let mut set = |name: &'static str, field: &str, value: String| {
            let sendable = HeaderValue::from_str(&value).ok().filter(|_| !value.trim().is_empty());
            let value =
                sendable.ok_or_else(|| Error::config(field, "is blank, or has characters that cannot be sent"))?;
            headers.insert(HeaderName::from_static(name), value);
            Ok::<_, Error>(())
        };
        if let Some(agent) = &self.change_agent {
            if agent.len() > MAX_CHANGE_AGENT {
                return Err(Error::config("change_agent", "must have at most 512 bytes"));
            }
            set("smartsheet-change-agent", "change_agent", agent.clone())?;
        }
        if let Some(email) = &self.assume_user {
            let encoded = form_urlencoded::byte_serialize(email.trim().as_bytes()).collect();
            set("assume-user", "assume_user", encoded)?;
        }
        if let Some(parts) = &self.integration_source {
            if parts.iter().any(|part| part.contains(',')) {
                return Err(Error::config("integration_source", "must not hold commas, which separate its parts"));
            }
            set("smartsheet-integration-source", "integration_source", parts.join(","))?;
        }
        Ok(headers)
    }
}

impl fmt::Debug for SmartsheetBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmartsheetBuilder").field("api_url", &self.api_url).finish_non_exhaustive()
    }
}

pub(crate) fn credential(access_token: &SecretString) -> Result<Arc<dyn Credential>> {
    Ok(Arc::new(ApiKey::bearer("access_token", access_token)?))
}

/// What every connection to Smartsheet begins with.
pub(crate) fn defaults() -> Defaults {
    let mut defaults = Defaults::default();
    // The pauses after a throttle must outlast its minute.
    defaults.retry = RetryPolicy::default().attempts(8).backoff(Duration::from_millis(500), Duration::from_secs(20));
    defaults
}

/// Refuses addresses of Smartsheet's that are not its API. Other hosts are somebody's gateway or mock.
pub(crate) fn checked_base(url: &str, options: &ClientOptions) -> Result<Url> {
    let base = base_url("api_url", url, options.allow_insecure_http)?;
    let Some(region) = base.host_str().and_then(Region::of) else { return Ok(base) };
    if base.as_str().trim_end_matches('/') == region.api_url() {
        return Ok(base);
    }
    let hint = format!("write {}", region.api_url());
    Err(Error::config("api_url", "is not the address of Smartsheet's API").with_hint(hint))
}

#[cfg(test)]
mod tests {
    use connectors_core::ErrorKind;

    use super::*;

    fn build(change: impl FnOnce(SmartsheetBuilder) -> SmartsheetBuilder) -> Result<SmartsheetClient> {
        change(SmartsheetBuilder::default().access_token("token")).build()
    }

    #[test]
    fn urls_that_cannot_be_right_say_what_to_write() {
        for (url, instead) in [
            ("https://api.smartsheet.com", "write https://api.smartsheet.com/2.0"),
            ("https://app.smartsheet.eu/2.0", "write https://api.smartsheet.eu/2.0"),
            ("https://api.smartsheetgov.com/1.1", "write https://api.smartsheetgov.com/2.0"),
        ] {
            let error = build(|b| b.api_url(url)).unwrap_err();
            assert_eq!(
                (error.kind(), error.field(), error.hint()),
                (ErrorKind::Config, Some("api_url"), Some(instead))
            );
        }
        for url in ["https://api.smartsheet.au/2.0/", "http://127.0.0.1:8082", "https://notsmartsheet.com/x"] {
            build(|b| b.api_url(url)).unwrap();
        }
    }

    #[test]
    fn bad_settings_are_named() {
        let field = |outcome: Result<SmartsheetClient>| outcome.unwrap_err().field().map(str::to_owned);
        assert_eq!(field(build(|b| b.access_token("  "))).as_deref(), Some("access_token"));
        assert_eq!(field(build(|b| b.access_token("a\nb"))).as_deref(), Some("access_token"));
        assert_eq!(field(build(|b| b.change_agent("x".repeat(513)))).as_deref(), Some("change_agent"));
        assert_eq!(field(build(|b| b.assume_user(" "))).as_deref(), Some("assume_user"));
        let source = build(|b| b.integration_source(IntegrationKind::Script, "Fizz, Inc.", "launcher"));
        assert_eq!(field(source).as_deref(), Some("integration_source"));
        let missing = SmartsheetBuilder::from_vars(|_| None).unwrap_err();
        assert_eq!(missing.field(), Some("SMARTSHEET_ACCESS_TOKEN"));
    }
}
