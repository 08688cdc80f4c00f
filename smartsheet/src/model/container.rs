//! Folders and workspaces, and what is in them.

use chrono::{DateTime, Utc};
use connectors_core::open_enum;
use serde::Deserialize;

use super::access::AccessLevel;
use super::ids::{FolderId, UserId, WorkspaceId};
use super::sheet::{SheetSummary, Source};
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
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
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
    /// Whether it is a favorite of the caller.
    pub favorite: Option<bool>,
    /// The owner's e-mail address. Only where asked for with `ownerInfo`.
    pub owner: Option<String>,
    /// The owner. Only where asked for with `ownerInfo`.
    pub owner_id: Option<UserId>,
    /// What it was made from. Only where asked for with `source`.
    pub source: Option<Source>,
}

/// A workspace.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Workspace {
    /// The id.
    pub id: WorkspaceId,
    /// The name.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
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
    /// Whether it is a favorite of the caller.
    pub favorite: Option<bool>,
    /// What it was made from. Only where asked for with `source`.
    pub source: Option<Source>,
    /// The folders in it. This and the following come with the home folder only: elsewhere, ask for the children.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub folders: Vec<Folder>,
    /// The sheets in it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub sheets: Vec<SheetSummary>,
    /// The reports in it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub reports: Vec<Child>,
    /// The dashboards in it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub sights: Vec<Child>,
    /// The templates in it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub templates: Vec<Child>,
}

/// A folder.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Folder {
    /// The id.
    pub id: FolderId,
    /// The name.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
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
    /// Whether it is a favorite of the caller.
    pub favorite: Option<bool>,
    /// What it was made from. Only where asked for with `source`.
    pub source: Option<Source>,
    /// The folders in it. This and the following come with the home folder only: elsewhere, ask for the children.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub folders: Vec<Folder>,
    /// The sheets in it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub sheets: Vec<SheetSummary>,
    /// The reports in it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub reports: Vec<Child>,
    /// The dashboards in it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub sights: Vec<Child>,
    /// The templates in it.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub templates: Vec<Child>,
}

/// The home folder: what a user has outside of workspaces, and the workspaces.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct HomeContents {
    /// The folders, with what is in them.
    pub folders: Vec<Folder>,
    /// The sheets.
    pub sheets: Vec<SheetSummary>,
    /// The reports.
    pub reports: Vec<Child>,
    /// The dashboards.
    pub sights: Vec<Child>,
    /// The templates.
    pub templates: Vec<Child>,
    /// The workspaces.
    pub workspaces: Vec<Workspace>,
}
