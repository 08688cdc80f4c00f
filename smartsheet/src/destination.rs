//! Where things are put.

use connectors_core::{Error, Result};
use serde::Serialize;

use crate::model::ids::positive;
use crate::model::{FolderId, WorkspaceId};
use crate::request::not_blank;

/// Where a thing is created, copied or moved to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Destination {
    /// Into a folder.
    Folder(FolderId),
    /// Into a workspace, outside of its folders.
    Workspace(WorkspaceId),
    /// Into the user's own sheets, outside of workspaces.
    #[deprecated(note = "Smartsheet gives the home folder up: use a workspace or a folder of one")]
    Home,
}

impl Destination {
    /// What it is in the API's words, and which one.
    pub(crate) fn parts(self) -> (&'static str, Option<i64>) {
        match self {
            Self::Folder(id) => ("folder", Some(id.get())),
            Self::Workspace(id) => ("workspace", Some(id.get())),
            #[expect(deprecated, reason = "what callers may give is served")]
            Self::Home => ("HOME", None),
        }
    }

    /// As [`parts`](Self::parts), of what things can be looked for in.
    pub(crate) fn container(self) -> Result<(&'static str, i64)> {
        let (kind, id) = self.parts();
        let id = id.ok_or_else(|| Error::invalid("destination", "must be a folder or a workspace"))?;
        positive("destination", id).map(|()| (kind, id))
    }
}

impl From<FolderId> for Destination {
    fn from(id: FolderId) -> Self {
        Self::Folder(id)
    }
}

impl From<WorkspaceId> for Destination {
    fn from(id: WorkspaceId) -> Self {
        Self::Workspace(id)
    }
}

/// The body of a copy or a move.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct To {
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_name: Option<String>,
}

impl To {
    /// A copy goes there, under this name.
    pub(crate) fn copy(destination: impl Into<Destination>, new_name: impl Into<String>) -> Self {
        Self { new_name: Some(new_name.into()), ..Self::moved(destination) }
    }

    /// It goes there itself.
    pub(crate) fn moved(destination: impl Into<Destination>) -> Self {
        let (destination_type, destination_id) = destination.into().parts();
        Self { destination_type: Some(destination_type), destination_id, new_name: None }
    }

    /// A copy under this name, of what is in nothing else.
    pub(crate) fn named(new_name: impl Into<String>) -> Self {
        Self { destination_type: None, destination_id: None, new_name: Some(new_name.into()) }
    }

    pub(crate) fn check(&self) -> Result<()> {
        self.destination_id.map_or(Ok(()), |id| positive("destination", id))?;
        self.new_name.as_deref().map_or(Ok(()), |name| not_blank("name", name))
    }
}
