//! `/projects`

use connectors_core::provider::{Core, Operation};
use connectors_core::wire::lenient;
use connectors_core::{Error, Request, Result};
use http::Method;
use serde::{Deserialize, Serialize};

use super::{GatewayEvent, read};
use crate::{PROVIDER, ProjectStatus};

static CREATE: Operation = Operation::new(PROVIDER, "projects.create", Method::POST, "/projects");

/// A project to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
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
    /// Our id. For gateways that have `externalId`; others may refuse it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
}

impl NewProject {
    /// A project without a description.
    pub fn new(name: impl Into<String>, client: impl Into<String>, region: impl Into<String>) -> Self {
        let (name, client, region) = (name.into(), client.into(), region.into());
        Self { name, description: None, client, region, external_id: None }
    }

    /// What it is about.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Tells our id, where the gateway has `externalId`.
    pub fn external_id(mut self, id: impl Into<String>) -> Self {
        self.external_id = Some(id.into());
        self
    }

    fn check(&self) -> Result<()> {
        if self.name.trim().is_empty() { Err(Error::invalid("name", "must not be blank")) } else { Ok(()) }
    }
}

/// A project as the gateway tells it: its id for certain, the rest as far as the gateway goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GatewayProject {
    /// Its id; a number is taken as its digits.
    #[serde(deserialize_with = "read::id")]
    pub id: String,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub name: Option<String>,
    /// What it is about.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub description: Option<String>,
    /// Whom it is for.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub client: Option<String>,
    /// Where it runs.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub region: Option<String>,
    /// How far it has come.
    #[serde(default)]
    pub status: Option<ProjectStatus>,
    /// Its events, where the gateway lists them: none for a new project.
    #[serde(default, deserialize_with = "read::list")]
    pub events: Vec<GatewayEvent>,
    /// Our id, where the gateway keeps it.
    #[serde(default, deserialize_with = "read::opt_id")]
    pub external_id: Option<String>,
}

/// Projects: [`Gateway::projects`](super::Gateway::projects). They cannot be listed or read.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// use connectors_brandscopic::gateway::NewProject;
/// # let mock = connectors_mock::MockBrandscopic::new();
///
/// let projects = mock.client().gateway()?.projects();
/// let project = projects.create(&NewProject::new("Summer Tour", "Fizz", "East Coast")).await?;
/// assert_eq!((project.name.as_deref(), project.events.len()), (Some("Summer Tour"), 0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Projects(pub(super) Core);

impl Projects {
    /// Creates a project. The gateway takes no key of ours: doing it twice makes two.
    pub fn create(&self, project: &NewProject) -> Request<GatewayProject> {
        read::request(self.0.call(&CREATE).json(project)).check(project.check())
    }
}
