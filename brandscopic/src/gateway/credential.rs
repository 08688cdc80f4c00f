//! A key, and the tenant that it is used for.

use std::sync::Arc;

use async_trait::async_trait;
use connectors_core::Result;
use connectors_core::provider::{AuthHeaders, Credential, checked, next_partition};
use http::{HeaderName, header};
use secrecy::SecretString;

const TENANT: HeaderName = HeaderName::from_static("x-tenant-id");

#[derive(Debug)]
pub(super) struct GatewayKey {
    headers: Arc<AuthHeaders>,
    partition: u64,
}

impl GatewayKey {
    pub(super) fn new(key: &SecretString, tenant: Option<&str>) -> Result<Self> {
        let bearer = format!("Bearer {}", checked("api_key", key)?);
        if let Some(tenant) = tenant {
            // By itself first, so that the error names it and not the key.
            AuthHeaders::new("tenant_id", [(TENANT, tenant)], 0)?;
        }
        let pairs = [Some((header::AUTHORIZATION, bearer.as_str())), tenant.map(|tenant| (TENANT, tenant))];
        let headers = AuthHeaders::new("api_key", pairs.into_iter().flatten(), 0)?;
        Ok(Self { headers: Arc::new(headers), partition: next_partition() })
    }
}

#[async_trait]
impl Credential for GatewayKey {
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
