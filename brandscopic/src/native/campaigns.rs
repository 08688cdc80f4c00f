//! Campaigns: what others call projects. The API can only read them.

use connectors_core::provider::{Core, Operation};
use connectors_core::{Error, ErrorKind, Response, Result};
use http::Method;
use serde::Deserialize;

use super::RemoteCampaignId;
use crate::PROVIDER;

/// A campaign as lists and events name it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RemoteCampaign {
    /// Its id.
    pub id: RemoteCampaignId,
    /// Its name; not necessarily unique.
    pub name: String,
}

/// `/campaigns`
#[derive(Debug, Clone)]
pub struct Campaigns(pub(super) Core);

impl Campaigns {
    /// The active campaigns that the user may see, by name, all at once.
    pub async fn all(&self) -> Result<Vec<RemoteCampaign>> {
        static ALL: Operation = Operation::new(PROVIDER, "campaigns.all", Method::GET, "/campaigns/all.json");
        self.0.call(&ALL).send().await.map(Response::into_inner)
    }

    /// The one active campaign with exactly this name, white space around it aside.
    ///
    /// Fails with [`ErrorKind::Ambiguous`] if there are several.
    pub async fn find(&self, name: &str) -> Result<Option<RemoteCampaign>> {
        let mut named: Vec<_> = self.all().await?.into_iter().filter(|c| c.name.trim() == name.trim()).collect();
        if named.len() > 1 {
            let ids: Vec<_> = named.iter().map(|c| c.id.to_string()).collect();
            let message = format!("{} active campaigns have this name: {}", ids.len(), ids.join(", "));
            return Err(Error::new(ErrorKind::Ambiguous, message)
                .with_field("name")
                .with_hint("rename or deactivate all but one in Brandscopic"));
        }
        Ok(named.pop())
    }
}
