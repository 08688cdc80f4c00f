//! How confidential things are.

use connectors_core::open_enum;
use serde::Deserialize;

use super::ids::{ClassificationLabelId, PlanId};

/// How a plan classifies its data.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DataClassificationSettings {
    /// The organisation.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::opt_number")]
    pub org_id: Option<i64>,
    /// The plan.
    pub plan_id: Option<PlanId>,
    /// Whether it does not.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub is_disabled: bool,
    /// The page that explains the labels.
    pub guidelines_url: Option<String>,
    /// Whether people may choose labels themselves.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub allow_manual_change: bool,
    /// The labels.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub labels: Vec<DataClassificationLabel>,
    /// Who has to agree when something becomes less confidential.
    pub downgrade_approval_settings: Option<DowngradeApproval>,
}

/// How confidential something is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DataClassificationLabel {
    /// The id.
    pub id: ClassificationLabelId,
    /// The name.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub name: String,
    /// What it means.
    pub description: Option<String>,
    /// The colour, such as `#FFE0E3`.
    pub color: Option<String>,
    /// Its place among the labels, from 1 for the most confidential.
    pub sensitivity_order: Option<i64>,
    /// Whether things have it that nobody classified.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub is_default: bool,
}

/// Who has to agree when something becomes less confidential.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DowngradeApproval {
    /// How that is decided, such as `CUSTOM`: by label.
    pub mode: Option<String>,
    /// Who has to agree, label by label.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub label_approvers: Vec<LabelApprovers>,
}

/// Who has to agree when a label is taken away.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LabelApprovers {
    /// The label.
    pub label_id: ClassificationLabelId,
    /// One of these.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub approvers: Vec<Approvers>,
}

/// Some who may agree.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Approvers {
    /// Who they are.
    #[serde(rename = "type")]
    pub approver_type: Option<ApproverType>,
    /// Which of them, where that does not say it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub ids: Vec<i64>,
}

open_enum! {
    /// Who may agree.
    pub enum ApproverType {
        /// Certain users.
        "USERS" => Users,
        /// The admins of the workspace that the thing is in.
        "WORKSPACE_ADMINS" => WorkspaceAdmins,
    }
}
