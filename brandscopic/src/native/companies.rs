//! The companies of the user.

use connectors_core::provider::{Core, Operation};
use connectors_core::{Response, Result};
use http::Method;
use serde::Deserialize;

use super::CompanyId;
use crate::PROVIDER;

/// A company in which the user has an active role.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Company {
    /// Its id.
    pub id: CompanyId,
    /// Its name.
    pub name: String,
}

/// `/companies`
#[derive(Debug, Clone)]
pub struct Companies(pub(super) Core);

impl Companies {
    /// The companies of the user, all at once.
    pub async fn list(&self) -> Result<Vec<Company>> {
        static LIST: Operation = Operation::new(PROVIDER, "companies.list", Method::GET, "/companies.json");
        self.0.call(&LIST).send().await.map(Response::into_inner)
    }
}
