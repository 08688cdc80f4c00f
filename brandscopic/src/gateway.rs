//! The gateway contract: the plain REST interface that integration gateways put in front of Brandscopic.
//!
//! [`BrandscopicClient::gateway`](crate::BrandscopicClient::gateway) gives it. It is small: create a project, create an
//! event, read an event or its status. Nothing can be listed, changed or found by a key of ours, so a create whose
//! outcome is unknown cannot be looked up: it is reported, and not repeated.
//!
//! Gateways differ. Read without further ado are: ids that are numbers, statuses in any case, locations that are objects,
//! answers inside `{"data": …}`. What they want to be sent is a setting:
//!
//! | the gateway | setting |
//! |---|---|
//! | takes `location` as `{"city": …, "country": …}` | [`gateway_location`](crate::BrandscopicBuilder::gateway_location) |
//! | keeps an `externalId` | [`gateway_external_ids`](crate::BrandscopicBuilder::gateway_external_ids) |
//! | serves one tenant or many | [`tenant_id`](crate::BrandscopicBuilder::tenant_id) |
//!
//! One that has only `/events/{id}/status` is asked that when the event itself is not to be had. `/health` is at
//! [`Gateway::health`], where there is one.

mod events;
mod health;
mod location;
mod projects;
mod read;
mod sync;

use std::fmt;
use std::sync::Arc;

use connectors_core::Result;
use connectors_core::provider::{ApiKey, ClientOptions, Core, Credential, Defaults};
use http::HeaderName;
use secrecy::SecretString;
use url::Url;

pub use events::{Events, GatewayDate, GatewayEvent, GatewayStatus, NewEvent};
pub use health::GatewayHealth;
pub use location::{GatewayLocation, LocationForm};
pub use projects::{GatewayProject, NewProject, Projects};

use crate::PROVIDER;
use crate::classify::GatewayJudge;

/// Where the gateway is unless a URL is given.
pub const DEFAULT_GATEWAY_URL: &str = "https://api.brandscopic.com/v1";

const TENANT: HeaderName = HeaderName::from_static("x-tenant-id");

/// The gateway's API, by resource. Clones are cheap and share everything.
#[derive(Clone)]
pub struct Gateway {
    core: Core,
    tenant: Option<String>,
    writing: Writing,
}

/// What a gateway wants to be sent.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Writing {
    pub(crate) location: LocationForm,
    pub(crate) external_ids: bool,
}

impl Gateway {
    pub(crate) fn new(
        base: &Url,
        key: &SecretString,
        tenant: Option<String>,
        writing: Writing,
        defaults: Defaults,
        options: &ClientOptions,
    ) -> Result<Self> {
        let credential = credential(key, tenant.as_deref())?;
        let core = Core::new(PROVIDER, base, Some(credential), GatewayJudge, defaults, options)?;
        Ok(Self { core, tenant, writing })
    }

    /// Uses another key of the same tenant from now on, for all clones of the client. Calls that have begun keep the
    /// old one until they end, so let it live on for as long as the deadline of a call.
    ///
    /// Fails with [`Config`](connectors_core::ErrorKind::Config) on a key that cannot be one; the old one stays then.
    pub fn replace_api_key(&self, api_key: impl Into<SecretString>) -> Result<()> {
        self.core.replace_credential(credential(&api_key.into(), self.tenant.as_deref())?);
        Ok(())
    }

    /// Projects.
    pub fn projects(&self) -> Projects {
        Projects(self.core.clone())
    }

    /// Events.
    pub fn events(&self) -> Events {
        Events { core: self.core.clone(), location: self.writing.location }
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway")
            .field("core", &self.core)
            .field("tenant", &self.tenant)
            .field("writing", &self.writing)
            .finish()
    }
}

/// A key, and the tenant that it is used for.
fn credential(key: &SecretString, tenant: Option<&str>) -> Result<Arc<dyn Credential>> {
    let key = ApiKey::bearer("api_key", key)?;
    Ok(Arc::new(match tenant {
        Some(tenant) => key.with("tenant_id", TENANT, tenant)?,
        None => key,
    }))
}
