//! `/projects`

use connectors_core::provider::{Core, Operation};
use connectors_core::{Response, Result};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{PROVIDER, ProjectStatus};

/// A project to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewProject {
    /// Its name.
    pub name: String,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whom it is for.
    pub client: String,
    /// Where it runs.
    pub region: String,
}

impl NewProject {
    /// A project without a description.
    pub fn new(name: impl Into<String>, client: impl Into<String>, region: impl Into<String>) -> Self {
        Self { name: name.into(), description: None, client: client.into(), region: region.into() }
    }
}

/// A project as the gateway tells it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct GatewayProject {
    /// Its id.
    #[serde(deserialize_with = "super::id")]
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// How far it has come.
    #[serde(default)]
    pub status: Option<ProjectStatus>,
}

/// `/projects`
#[derive(Debug, Clone)]
pub struct Projects(pub(super) Core);

impl Projects {
    /// Creates a project. The gateway takes no key of ours: doing it twice makes two.
    pub async fn create(&self, project: &NewProject) -> Result<GatewayProject> {
        static CREATE: Operation = Operation::new(PROVIDER, "projects.create", Method::POST, "/projects");
        self.0.call(&CREATE).json(project).send().await.map(Response::into_inner)
    }
}
