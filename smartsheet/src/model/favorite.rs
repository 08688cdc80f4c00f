//! Favorites, as they are read and written.

use connectors_core::open_enum;
use serde::{Deserialize, Serialize};

use super::ids::{FolderId, ReportId, SheetId, SightId, TemplateId, WorkspaceId};

open_enum! {
    /// What a favorite is.
    pub enum FavoriteType {
        /// A folder.
        "folder" => Folder,
        /// A report.
        "report" => Report,
        /// A sheet.
        "sheet" => Sheet,
        /// A dashboard.
        "sight" => Sight,
        /// A template.
        "template" => Template,
        /// A workspace.
        "workspace" => Workspace,
    }
}

/// What can be a favorite. Ids convert into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FavoriteObject {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: FavoriteType,
    /// Its id.
    pub object_id: i64,
}

macro_rules! from_ids {
    ($($id:ident => $kind:ident),+ $(,)?) => {$(
        impl From<$id> for FavoriteObject {
            fn from(id: $id) -> Self {
                Self { kind: FavoriteType::$kind, object_id: id.get() }
            }
        }
    )+};
}

from_ids! {
    FolderId => Folder,
    ReportId => Report,
    SheetId => Sheet,
    SightId => Sight,
    TemplateId => Template,
    WorkspaceId => Workspace,
}

/// A favorite of the user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Favorite {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: FavoriteType,
    /// Its id.
    #[serde(deserialize_with = "connectors_core::wire::lenient::number")]
    pub object_id: i64,
    /// Its name. Only where asked for.
    pub name: Option<String>,
    /// The id in the address of its page. Only where asked for.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::opt_string")]
    pub direct_id: Option<String>,
}

impl Favorite {
    /// What it is, to read or remove it by.
    pub fn object(&self) -> FavoriteObject {
        FavoriteObject { kind: self.kind.clone(), object_id: self.object_id }
    }
}

impl From<&Favorite> for FavoriteObject {
    fn from(favorite: &Favorite) -> Self {
        favorite.object()
    }
}
