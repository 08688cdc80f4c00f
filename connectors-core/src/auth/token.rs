//! Tokens: what they carry, where they come from, and where they are kept.

use std::borrow::Cow;
use std::fmt::Debug;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use http::{HeaderName, header};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// What a [`TokenSource`] fetched and a [`TokenStore`] keeps. `Debug` shows no secrets.
///
/// Its end is calendar time, so that it means the same after a restart. A machine whose clock is wrong or jumps
/// renews too early, or too late: then the provider rejects the token, which renews it as well.
///
/// ```
/// use connectors_core::Token;
/// use secrecy::ExposeSecret;
///
/// # let token = Token::bearer("opensesame", None).with_refresh_token("once more");
/// let text = token.to_text(); // one text, for a column or a vault
/// let again = Token::from_text(&text)?;
/// assert_eq!(again.refresh_token().map(|token| token.expose_secret()), Some("once more"));
/// # Ok::<(), connectors_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Token {
    headers: Vec<(HeaderName, SecretString)>,
    expires_at: Option<DateTime<Utc>>,
    refresh: Option<SecretString>,
}

impl Token {
    /// The headers that carry the token; without an end, it is good until it is rejected.
    pub fn new(headers: Vec<(HeaderName, SecretString)>, expires_at: Option<DateTime<Utc>>) -> Self {
        Self { headers, expires_at, refresh: None }
    }

    /// One that is sent as `Authorization: Bearer <token>`.
    pub fn bearer(token: &str, expires_at: Option<DateTime<Utc>>) -> Self {
        Self::new(vec![(header::AUTHORIZATION, format!("Bearer {token}").into())], expires_at)
    }

    /// What the next token is fetched with. Where a renewal brings none, the last one stays good: carry it over.
    pub fn with_refresh_token(mut self, token: impl Into<SecretString>) -> Self {
        self.refresh = Some(token.into());
        self
    }

    /// The headers that carry it.
    pub fn headers(&self) -> &[(HeaderName, SecretString)] {
        &self.headers
    }

    /// Its end, if it has one.
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.expires_at
    }

    /// What the next token is fetched with, where that is not a login.
    pub fn refresh_token(&self) -> Option<&SecretString> {
        self.refresh.as_ref()
    }

    /// All of it as one text, for a [`TokenStore`] to keep: as secret as the token is.
    pub fn to_text(&self) -> SecretString {
        let headers = self.headers.iter().map(|(name, value)| (name.as_str().into(), value.expose_secret().into()));
        let refresh = self.refresh.as_ref().map(|token| token.expose_secret().into());
        let kept = Kept { headers: headers.collect(), expires_at: self.expires_at, refresh };
        // A struct of texts and a time can always be written.
        serde_json::to_string(&kept).unwrap_or_default().into()
    }

    /// What [`to_text`](Self::to_text) made a text of; [`ErrorKind::Storage`] when it is none.
    pub fn from_text(text: &SecretString) -> Result<Self> {
        // What the text is must not be told, nor what stands in the way of reading it.
        let damaged = || Error::new(ErrorKind::Storage, "what was kept of a token cannot be read");
        let kept: Kept<'_> = serde_json::from_str(text.expose_secret()).map_err(|_| damaged())?;
        let read = |(name, value): (Cow<'_, str>, Cow<'_, str>)| Some((name.parse().ok()?, value.into_owned().into()));
        let headers = kept.headers.into_iter().map(read).collect::<Option<_>>().ok_or_else(damaged)?;
        let refresh = kept.refresh.map(|token| token.into_owned().into());
        Ok(Self { headers, expires_at: kept.expires_at, refresh })
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.secrets().eq(other.secrets())
    }

    fn secrets(&self) -> impl Iterator<Item = (Option<&HeaderName>, &str)> {
        let sent = self.headers.iter().map(|(name, value)| (Some(name), value.expose_secret()));
        sent.chain(self.refresh.as_ref().map(|token| (None, token.expose_secret())))
    }
}

/// A [`Token`] as a text.
#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    #[serde(borrow)]
    headers: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    expires_at: Option<DateTime<Utc>>,
    refresh: Option<Cow<'a, str>>,
}

/// Fetches tokens: by a login, or by a refresh.
#[async_trait]
pub trait TokenSource: Debug + Send + Sync + 'static {
    /// Fetches a token in place of `last`, the newest one known: used here until now, or found in the [`TokenStore`].
    /// Its refresh token is the only one that a provider with rotation still takes.
    ///
    /// Never called twice at the same time.
    async fn fetch(&self, last: Option<&Token>) -> Result<Token>;
}

/// Where a token outlives the program, so that the next start needs no login and a rotated refresh token is not lost.
///
/// One store is for one login. [`TokenCredential`](crate::provider::TokenCredential) saves each token before any request uses it,
/// and looks here before it fetches one: processes that share a store use what the first of them fetched. Two that
/// renew in the very same moment are not kept apart.
///
/// Failures are [`ErrorKind::Storage`](crate::ErrorKind::Storage).
#[async_trait]
pub trait TokenStore: Debug + Send + Sync + 'static {
    /// The token that was saved last, by whichever process.
    async fn load(&self) -> Result<Option<Token>>;

    /// Keeps `token` in place of what was there: durably when this returns `Ok`, and all or nothing. Saving the same
    /// token again is harmless.
    async fn save(&self, token: &Token) -> Result<()>;
}
