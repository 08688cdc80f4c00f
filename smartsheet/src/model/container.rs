//! Folders and workspaces, and what is in them.

use chrono::{DateTime, Utc};
use connectors_core::open_enum;
use serde::Deserialize;

use super::access::AccessLevel;
use super::ids::{FolderId, WorkspaceId};
use super::time;

open_enum! {
    /// What a thing in a folder or workspace is.
    pub enum ResourceType {
        /// A folder.
        "folder" => Folder,
        /// A sheet.
        "sheet" => Sheet,
        /// A report.
        "report" => Report,
        /// A dashboard.
        "sight" => Sight,
        /// A template.
        "template" => Template,
    }
}

/// A thing in a folder or workspace.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Child {
    /// The id, of a kind that depends on the type.
    #[serde(deserialize_with = "connectors_core::wire::lenient::number")]
    pub id: i64,
    /// The name. Not unique.
    #[serde(default)]
    pub name: String,
    /// What it is.
    #[serde(alias = "type")]
    pub resource_type: Option<ResourceType>,
    /// Its page.
    pub permalink: Option<String>,
    /// What the caller may do with it.
    pub access_level: Option<AccessLevel>,
    /// When it was created.
    #[serde(default, deserialize_with = "time::opt")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was changed last.
    #[serde(default, deserialize_with = "time::opt")]
    pub modified_at: Option<DateTime<Utc>>,
}

/// A workspace.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Workspace {
    /// The id.
    pub id: WorkspaceId,
    /// The name.
    #[serde(default)]
    pub name: String,
    /// What the caller may do with it.
    pub access_level: Option<AccessLevel>,
    /// Its page.
    pub permalink: Option<String>,
    /// When it was created.
    #[serde(default, deserialize_with = "time::opt")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was changed last.
    #[serde(default, deserialize_with = "time::opt")]
    pub modified_at: Option<DateTime<Utc>>,
}

/// A folder.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Folder {
    /// The id.
    pub id: FolderId,
    /// The name.
    #[serde(default)]
    pub name: String,
    /// What the caller may do with it.
    pub access_level: Option<AccessLevel>,
    /// Its page.
    pub permalink: Option<String>,
    /// When it was created.
    #[serde(default, deserialize_with = "time::opt")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was changed last.
    #[serde(default, deserialize_with = "time::opt")]
    pub modified_at: Option<DateTime<Utc>>,
}
