//! Tokens: what they carry, where they come from, and where they are kept.

use std::fmt::Debug;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use http::HeaderName;
use secrecy::{ExposeSecret, SecretString};

use crate::error::Result;

/// What a [`TokenSource`] fetched and a [`TokenStore`] keeps. `Debug` shows no secrets.
///
/// Its end is calendar time, so that it means the same after a restart. A machine whose clock is wrong or jumps
/// renews too early, or too late: then the provider rejects the token, which renews it as well.
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

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.secrets().eq(other.secrets())
    }

    fn secrets(&self) -> impl Iterator<Item = (Option<&HeaderName>, &str)> {
        let sent = self.headers.iter().map(|(name, value)| (Some(name), value.expose_secret()));
        sent.chain(self.refresh.as_ref().map(|token| (None, token.expose_secret())))
    }
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
/// One store is for one login. [`TokenCredential`](super::TokenCredential) saves each token before any request uses it,
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
