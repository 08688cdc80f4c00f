//! Projects: what a campaign is at Brandscopic.

use connectors_core::{Campaign, CampaignId};
use serde::{Deserialize, Serialize};

connectors_core::string_id! {
    /// A project: the gateway's id of it, or the number of a campaign of the native contract.
    pub struct ProjectId("projectId");
}

connectors_core::open_enum! {
    #![ignore_case]
    /// How far a project has come.
    pub enum ProjectStatus {
        /// Not begun.
        "pending" | "draft" => Pending,
        /// Under way.
        "active" => Active,
        /// Over.
        "completed" => Completed,
        /// Given up.
        "cancelled" | "canceled" => Cancelled,
    }
}

/// Asks for the project of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CreateProject {
    /// Our id of the campaign, by which the project is found again.
    pub campaign: CampaignId,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// Whom it is for.
    pub client: String,
    /// Where it runs.
    pub region: String,
}

impl CreateProject {
    /// The project of this campaign.
    pub fn new(campaign: &Campaign) -> Self {
        Self {
            campaign: campaign.id.clone(),
            name: campaign.name.clone(),
            description: None,
            client: campaign.client.clone(),
            region: campaign.region.clone(),
        }
    }

    /// What it is about.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }
}

/// The project of a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Project {
    /// The provider's id.
    pub id: ProjectId,
    /// Our id of the campaign.
    pub campaign: CampaignId,
    /// Its name.
    pub name: String,
    /// How far it has come, where the provider tells.
    pub status: Option<ProjectStatus>,
    /// Whether it was created, or found to have been created, by this call.
    pub is_new: bool,
}
