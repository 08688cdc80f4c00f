//! The gateway contract: the plain REST interface that integration gateways put in front of Brandscopic.
//!
//! [`BrandscopicClient::gateway`](crate::BrandscopicClient::gateway) gives it. It is small: create a project, create an
//! event, read an event. Nothing can be listed, changed or found by a key of ours, so a create whose outcome is
//! unknown cannot be looked up: it is reported, and not repeated.

mod credential;
mod events;
mod projects;
mod sync;

use std::fmt;

use connectors_core::Result;
use connectors_core::provider::{ClientOptions, Core, Defaults};
use secrecy::SecretString;
use url::Url;

pub use events::{Events, GatewayEvent, NewEvent};
pub use projects::{GatewayProject, NewProject, Projects};

use crate::PROVIDER;
use crate::classify::GatewayJudge;

/// Where the gateway is unless a URL is given.
pub const DEFAULT_GATEWAY_URL: &str = "https://api.brandscopic.com/v1";

/// The gateway's API, by resource. Clones are cheap and share everything.
#[derive(Clone)]
pub struct Gateway {
    core: Core,
    tenant: Option<String>,
}

impl Gateway {
    pub(crate) fn new(
        base: &Url,
        key: &SecretString,
        tenant: Option<String>,
        defaults: Defaults,
        options: &ClientOptions,
    ) -> Result<Self> {
        let credential = credential::GatewayKey::new(key, tenant.as_deref())?;
        let core = Core::new(PROVIDER, base, Some(std::sync::Arc::new(credential)), GatewayJudge, defaults, options)?;
        Ok(Self { core, tenant })
    }

    /// Projects.
    pub fn projects(&self) -> Projects {
        Projects(self.core.clone())
    }

    /// Events.
    pub fn events(&self) -> Events {
        Events(self.core.clone())
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway").field("core", &self.core).field("tenant", &self.tenant).finish()
    }
}

/// An id that is a text at most gateways, and a number at some.
fn id<'de, D: serde::Deserializer<'de>>(source: D) -> Result<String, D::Error> {
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Id {
        Text(String),
        Number(i64),
    }
    serde::Deserialize::deserialize(source).map(|id| match id {
        Id::Text(text) => text,
        Id::Number(number) => number.to_string(),
    })
}
