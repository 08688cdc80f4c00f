//! Keys: credentials that stay as they are.

use std::sync::Arc;

use async_trait::async_trait;
use http::{HeaderName, header};
use secrecy::{ExposeSecret, SecretString};

use super::{AuthHeaders, Credential, next_partition};
use crate::error::{Error, Result};

/// A key that is always sent the same way.
#[derive(Debug)]
pub struct ApiKey {
    headers: Arc<AuthHeaders>,
    partition: u64,
}

impl ApiKey {
    /// `Authorization: Bearer <key>`. `field` names the setting in errors.
    pub fn bearer(field: &str, key: &SecretString) -> Result<Self> {
        let key = checked(field, key)?;
        Self::new(field, header::AUTHORIZATION, &SecretString::from(format!("Bearer {key}")))
    }

    /// `<name>: <key>`. `field` names the setting in errors.
    pub fn header(field: &str, name: HeaderName, key: &SecretString) -> Result<Self> {
        checked(field, key)?;
        Self::new(field, name, key)
    }

    fn new(field: &str, name: HeaderName, value: &SecretString) -> Result<Self> {
        let headers = AuthHeaders::new(field, [(name, value.expose_secret().trim())])?;
        Ok(Self { headers: Arc::new(headers), partition: next_partition() })
    }

    /// Sends `<name>: <value>` beside the key, such as the tenant that it is used for. `field` names the setting in
    /// errors.
    pub fn with(mut self, field: &str, name: HeaderName, value: &str) -> Result<Self> {
        self.headers = Arc::new(Arc::unwrap_or_clone(self.headers).with(field, name, value)?);
        Ok(self)
    }
}

/// A secret that is there: not empty, not only white space. Surrounding white space is dropped.
pub fn checked<'a>(field: &str, secret: &'a SecretString) -> Result<&'a str> {
    match secret.expose_secret().trim() {
        "" => Err(Error::config(field, "is empty").with_hint("set it to the value that the provider gave you")),
        value => Ok(value),
    }
}

#[async_trait]
impl Credential for ApiKey {
    async fn headers(&self) -> Result<Arc<AuthHeaders>> {
        Ok(Arc::clone(&self.headers))
    }

    async fn rejected(&self, _: &AuthHeaders) -> Result<bool> {
        Ok(false)
    }

    fn partition(&self) -> u64 {
        self.partition
    }
}
