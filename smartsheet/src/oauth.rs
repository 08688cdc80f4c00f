//! OAuth: a user lets an app act for them.

mod redirect;
mod scope;

use std::fmt;
use std::fmt::Write as _;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use connectors_core::provider::{ClientOptions, Core, Credential, Operation, TokenCredential, TokenSource, checked};
use connectors_core::{Clock, Error, ErrorKind, Response, Result, Token, TokenStore};
use http::{HeaderValue, Method};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::{Url, form_urlencoded};

use crate::PROVIDER;
use crate::builder::{Region, checked_base, defaults};
use crate::classify::SmartsheetClassify;
use crate::request::{not_blank, operation};
use crate::tokens::{REVOKE, RevokeToken};

pub use redirect::{AuthorizationCode, Redirect, Refusal};
pub use scope::Scope;

// Of one code or refresh token, only the first request has a chance: neither is repeated unless it did not arrive.
static EXCHANGE: Operation = operation(Method::POST, "oauth.exchange", "/token");
static REFRESH: Operation = operation(Method::POST, "oauth.refresh", "/token");

/// An app that users let act for them, as it is registered in Smartsheet's Developer Tools. A clone is another handle.
///
/// 1. Send the user to the [`authorization_url`](Self::authorization_url).
/// 2. They come back to the app's redirect URL: [`Redirect::parse`] tells what they decided.
/// 3. [`exchange`](Self::exchange) the code for a token within ten minutes, and save it in the user's
///    [`TokenStore`].
/// 4. Build a client with [`SmartsheetBuilder::oauth`](crate::SmartsheetBuilder::oauth), which from then on refreshes
///    the token by itself.
///
/// The client secret is never sent: requests carry a SHA-256 hash in its place. No token, code or secret is in a URL
/// that this crate makes, in `Debug`, or in an error.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// use std::sync::Arc;
/// use connectors_core::{MemoryTokenStore, TokenStore};
/// use connectors_smartsheet::{Redirect, Scope};
///
/// # let mock = connectors_mock::MockSmartsheet::new();
/// # let browser = |url: &url::Url| mock.consent(url);
/// # let oauth = mock.oauth_app();
/// // An app: OAuthApp::builder(client_id, client_secret).region(Region::Eu).build()?
/// let state = "unguessable, and bound to the user's session";
/// let url = oauth.authorization_url([Scope::ReadSheets, Scope::WriteSheets], state)?;
/// let redirected = browser(&url);
///
/// let code = Redirect::parse(&redirected, state)?.into_code()?;
/// let store = Arc::new(MemoryTokenStore::default()); // or a FileTokenStore, or your database
/// store.save(&oauth.exchange(&code).await?).await?;
///
/// let smartsheet = mock.oauth_client(&oauth, store.clone())?; // SmartsheetClient::builder().oauth(oauth, store).build()
/// assert!(!smartsheet.sheets().list().await?.data.is_empty());
///
/// let old = store.load().await?.expect("a token");
/// let new = oauth.refresh(&old).await?; // clients do so by themselves
/// oauth.revoke(&new).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct OAuthApp(Arc<App>);

struct App {
    core: Core,
    client_id: String,
    client_secret: SecretString,
    page: Url,
    redirect_uri: Option<Url>,
}

impl OAuthApp {
    /// Sets up an app with the client id and client secret that Smartsheet gave it.
    pub fn builder(client_id: impl Into<String>, client_secret: impl Into<SecretString>) -> OAuthAppBuilder {
        OAuthAppBuilder {
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            api_url: None,
            authorization_page: None,
            redirect_uri: None,
            options: ClientOptions::default(),
        }
    }

    /// The page to send the user to: it asks whether the app may do what these scopes allow.
    ///
    /// `state` comes back with the user. Let it be unguessable, made for this one user and visit, and kept in their
    /// session: that is what keeps a stranger from handing them a code of their own.
    pub fn authorization_url(&self, scopes: impl IntoIterator<Item = Scope>, state: &str) -> Result<Url> {
        not_blank("state", state)?;
        let scopes: Vec<_> = scopes.into_iter().map(|scope| scope.to_string()).collect();
        if scopes.is_empty() {
            return Err(Error::invalid("scopes", "must not be empty"));
        }
        let mut url = self.0.page.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.0.client_id)
            .append_pair("scope", &scopes.join(" "))
            .append_pair("state", state);
        Ok(url)
    }

    /// The token for a code. A code is good once, and for ten minutes; after an error that says
    /// [`maybe_applied`](Error::maybe_applied) it may be used up.
    pub async fn exchange(&self, code: &AuthorizationCode) -> Result<Token> {
        let outcome = self.obtain(&EXCHANGE, "authorization_code", "code", code.secret()).await;
        outcome.map_err(|error| lost(error, "the code may be used up: let the user authorize the app again"))
    }

    /// A new token in place of this one, whose access token and refresh token are dead afterwards: save the new one
    /// before anything else. Clients that were built with [`oauth`](crate::SmartsheetBuilder::oauth) do so by
    /// themselves.
    ///
    /// After an error that says [`maybe_applied`](Error::maybe_applied) both old tokens may be dead: try once more,
    /// and if that is refused, the user has to authorize the app again.
    pub async fn refresh(&self, token: &Token) -> Result<Token> {
        let none = || Error::invalid("token", "has no refresh token").with_origin(PROVIDER, REFRESH.name);
        let refresh = token.refresh_token().ok_or_else(none)?;
        let outcome = self.obtain(&REFRESH, "refresh_token", "refresh_token", refresh).await;
        let new = outcome.map_err(|error| {
            lost(
                error,
                "both old tokens may be dead: if the next call is refused, let the user authorize the app again",
            )
        })?;
        Ok(if new.refresh_token().is_some() { new } else { new.with_refresh_token(refresh.clone()) })
    }

    /// Revokes a token, and its refresh token with it.
    pub fn revoke(&self, token: &Token) -> RevokeToken {
        let mut call = self.0.core.call(&REVOKE);
        for (name, value) in token.headers() {
            call = match HeaderValue::from_str(value.expose_secret()) {
                Ok(mut value) => {
                    value.set_sensitive(true);
                    call.header(name.clone(), value)
                }
                Err(_) => call.check(Err(Error::invalid("token", "has characters that cannot be sent in a header"))),
            };
        }
        RevokeToken::new(call)
    }

    pub(crate) fn base(&self) -> &str {
        self.0.core.base()
    }

    /// Who a client is whose token is in `store`.
    pub(crate) fn credential(&self, store: Arc<dyn TokenStore>, clock: Arc<dyn Clock>) -> Arc<dyn Credential> {
        Arc::new(TokenCredential::new(Refresh(self.clone()), clock).with_store(store))
    }

    async fn obtain(
        &self,
        operation: &'static Operation,
        grant_type: &str,
        name: &str,
        given: &SecretString,
    ) -> Result<Token> {
        // From before the request, so that the token never seems to live longer than it does.
        let now = self.0.core.clock().now_utc();
        let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
        let call = self.0.core.call(operation).body(form_type, self.0.form(grant_type, name, given));
        let granted = call.send::<Granted>().await.map(Response::into_inner)?;
        if granted.access_token.trim().is_empty() {
            return Err(Error::new(ErrorKind::Decode, "the answer has no access token")
                .with_origin(PROVIDER, operation.name)
                .with_maybe_applied(true));
        }
        let lives = granted.expires_in.and_then(|seconds| TimeDelta::try_seconds(i64::try_from(seconds).ok()?));
        let token = Token::bearer(&granted.access_token, lives.and_then(|lives| now.checked_add_signed(lives)));
        Ok(match granted.refresh_token {
            Some(refresh) => token.with_refresh_token(refresh),
            None => token,
        })
    }
}

impl App {
    /// In the body, because URLs end up in logs.
    fn form(&self, grant_type: &str, name: &str, given: &SecretString) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", grant_type).append_pair("client_id", &self.client_id);
        form.append_pair(name, given.expose_secret()).append_pair("hash", &self.hash(given));
        if let Some(redirect_uri) = &self.redirect_uri {
            form.append_pair("redirect_uri", redirect_uri.as_str());
        }
        form.finish()
    }

    /// What proves that we know the client secret.
    fn hash(&self, given: &SecretString) -> String {
        let hash = Sha256::new()
            .chain_update(self.client_secret.expose_secret().trim())
            .chain_update("|")
            .chain_update(given.expose_secret());
        hash.finalize().iter().fold(String::new(), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

/// An answer that was lost had its effect, if the request arrived.
fn lost(error: Error, hint: &'static str) -> Error {
    if error.maybe_applied() { error.with_hint(hint) } else { error }
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    /// In seconds.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::opt_number")]
    expires_in: Option<u64>,
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::opt_string")]
    refresh_token: Option<String>,
}

/// Where a client's tokens come from, once the first is in the store.
#[derive(Debug)]
struct Refresh(OAuthApp);

#[async_trait]
impl TokenSource for Refresh {
    async fn fetch(&self, last: Option<&Token>) -> Result<Token> {
        match last {
            Some(last) => self.0.refresh(last).await,
            None => Err(Error::new(ErrorKind::Auth, "there is no token in the store")
                .with_hint("let the user authorize the app, exchange the code and save the token")),
        }
    }
}

impl fmt::Debug for OAuthApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthApp").field("base", &self.base()).finish_non_exhaustive()
    }
}

/// Sets up an [`OAuthApp`].
#[must_use = "a builder does nothing until it builds"]
pub struct OAuthAppBuilder {
    client_id: String,
    client_secret: SecretString,
    api_url: Option<String>,
    authorization_page: Option<Url>,
    redirect_uri: Option<Url>,
    options: ClientOptions,
}

impl OAuthAppBuilder {
    /// Where the users' accounts live; [`Region::Us`] by default. Tokens are good in one region only.
    pub fn region(self, region: Region) -> Self {
        self.api_url(region.api_url())
    }

    /// Another base URL, `/2.0` included.
    pub fn api_url(mut self, url: impl Into<String>) -> Self {
        self.api_url = Some(url.into());
        self
    }

    /// Another page to send users to than that of the region.
    pub fn authorization_page(mut self, page: Url) -> Self {
        self.authorization_page = Some(page);
        self
    }

    /// Says with each exchange and refresh where users are sent back to, which has to be what the app is registered
    /// with. Smartsheet does not ask for it.
    pub fn redirect_uri(mut self, redirect_uri: Url) -> Self {
        self.redirect_uri = Some(redirect_uri);
        self
    }

    connectors_core::client_options!();

    /// The app; fails on a setting that cannot be right.
    pub fn build(self) -> Result<OAuthApp> {
        let client_id = checked("client_id", &self.client_id.into())?.to_owned();
        checked("client_secret", &self.client_secret)?;
        let base = checked_base(self.api_url.as_deref().unwrap_or(Region::default().api_url()), &self.options)?;
        let page = match self.authorization_page {
            Some(page) => page,
            None => page_beside(&base)?,
        };
        let core = Core::new(PROVIDER, &base, None, SmartsheetClassify, defaults(), &self.options)?;
        let (client_secret, redirect_uri) = (self.client_secret, self.redirect_uri);
        Ok(OAuthApp(Arc::new(App { core, client_id, client_secret, page, redirect_uri })))
    }
}

/// The page of the API's region. Another host is somebody's gateway or mock, which may have one in the same place.
fn page_beside(base: &Url) -> Result<Url> {
    let host = base.host_str().unwrap_or_default();
    let known = Region::of(host).map(Region::authorization_page).map(Url::parse);
    let page = known.unwrap_or_else(|| {
        let mut page = base.join("/b/authorize")?;
        if let Some(domain) = host.strip_prefix("api.") {
            page.set_host(Some(&format!("app.{domain}")))?;
        }
        Ok(page)
    });
    page.map_err(|error| Error::config("api_url", "has no authorization page").with_source(error))
}

impl fmt::Debug for OAuthAppBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthAppBuilder").field("api_url", &self.api_url).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app(change: impl FnOnce(OAuthAppBuilder) -> OAuthAppBuilder) -> Result<OAuthApp> {
        change(OAuthApp::builder("client", "s3cret")).build()
    }

    #[test]
    fn users_are_sent_to_the_page_of_their_region() {
        for region in [Region::Us, Region::Eu, Region::Au, Region::Gov] {
            let url = app(|a| a.region(region)).unwrap().authorization_url([Scope::ReadSheets], "s").unwrap();
            assert!(url.as_str().starts_with(region.authorization_page()), "{url}");
            assert_eq!(url.host_str().unwrap().replace("app.", "api."), region.api_url().split('/').nth(2).unwrap());
        }
        let url = app(|a| a).unwrap().authorization_url([Scope::ReadSheets, Scope::AdminWebhooks], "a b&c").unwrap();
        let query: Vec<_> = url.query_pairs().map(|(name, value)| format!("{name}={value}")).collect();
        let expected = ["response_type=code", "client_id=client", "scope=READ_SHEETS ADMIN_WEBHOOKS", "state=a b&c"];
        assert_eq!(query, expected);
    }

    #[test]
    fn the_hash_is_lower_case_hex_of_secret_and_code() {
        // `printf 's3cret|c0de' | sha256sum`
        let hash = app(|a| a).unwrap().0.hash(&"c0de".into());
        assert_eq!(hash, "b084b1e9658f7541e67d743658b040ccfda8100004da6a65671887443a9dc57e");
    }

    #[test]
    fn settings_that_cannot_be_right_are_named_and_secrets_are_not_shown() {
        let field = |outcome: Result<OAuthApp>| outcome.unwrap_err().field().map(str::to_owned);
        assert_eq!(field(OAuthApp::builder(" ", "s").build()).as_deref(), Some("client_id"));
        assert_eq!(field(OAuthApp::builder("c", "").build()).as_deref(), Some("client_secret"));
        assert_eq!(field(app(|a| a.api_url("https://api.smartsheet.eu"))).as_deref(), Some("api_url"));
        let app = app(|a| a).unwrap();
        assert_eq!(app.authorization_url([], "s").unwrap_err().field(), Some("scopes"));
        assert_eq!(app.authorization_url([Scope::ReadSheets], " ").unwrap_err().field(), Some("state"));
        let revoke = app.revoke(&Token::bearer("opensesame", None));
        assert!(!format!("{app:?}{:?}{revoke:?}", OAuthApp::builder("c", "s3cret")).contains("s3cret"));
        assert!(!format!("{revoke:?}").contains("opensesame"));
    }
}
