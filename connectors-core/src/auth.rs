//! Who we are to a provider: a credential is a set of headers.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::error::{Error, Result};

mod key;
mod renewal;
mod stores;
mod token;

pub use key::{ApiKey, checked};
pub use renewal::TokenCredential;
pub use stores::{FileTokenStore, MemoryTokenStore};
pub use token::{Token, TokenSource, TokenStore};

/// The headers that a request is authenticated with, marked sensitive.
#[derive(Debug, Clone)]
pub struct AuthHeaders {
    headers: HeaderMap,
    generation: u64,
}

impl AuthHeaders {
    /// Headers that never change. `field` names the setting when a value cannot be a header.
    pub fn new<'a>(field: &str, pairs: impl IntoIterator<Item = (HeaderName, &'a str)>) -> Result<Self> {
        let headers = pairs.into_iter().map(|(name, value)| Ok((name, sensitive(field, value)?)));
        Ok(Self { headers: headers.collect::<Result<_>>()?, generation: 0 })
    }

    /// These and one more, of the same [`generation`](Self::generation); it takes the place of one of the same name.
    /// `field` names the setting when the value cannot be a header.
    pub fn with(mut self, field: &str, name: HeaderName, value: &str) -> Result<Self> {
        self.headers.insert(name, sensitive(field, value)?);
        Ok(self)
    }

    /// Gives them a [`generation`](Self::generation) of their own, because they are renewed from time to time.
    pub fn renewed(mut self) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        self.generation = NEXT.fetch_add(1, Ordering::Relaxed);
        self
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Tells one renewal from another: 0 for a key that never changes, else a number that no other headers of this
    /// process have, and higher than that of all earlier ones.
    pub fn generation(&self) -> u64 {
        self.generation
    }
}

fn sensitive(field: &str, value: &str) -> Result<HeaderValue> {
    // The error must not carry the value: it is the secret.
    let mut value = HeaderValue::from_str(value).map_err(|_| {
        Error::config(field, "has characters that cannot be sent in a header")
            .with_hint("copy it again, without line breaks")
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// Says who we are. Implement it for a scheme that neither [`ApiKey`] nor [`TokenCredential`] covers.
#[async_trait]
pub trait Credential: Debug + Send + Sync + 'static {
    /// The headers to send now; cheap when nothing has to be fetched.
    async fn headers(&self) -> Result<Arc<AuthHeaders>>;

    /// The provider did not accept `seen`. True when there are newer headers, worth one more try.
    async fn rejected(&self, seen: &AuthHeaders) -> Result<bool>;

    /// Keeps cached values of different credentials apart; never derived from the secret, and the same for as long as
    /// the credential lives.
    fn partition(&self) -> u64;
}

/// A fresh partition number for a [`Credential`].
pub fn next_partition() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
