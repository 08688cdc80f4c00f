//! What is in folders and workspaces.

use connectors_core::provider::Call;
use connectors_core::{Request, Result, open_enum};

use crate::client::SmartsheetClient;
use crate::destination::Destination;
use crate::model::{Child, ResourceType, TokenPage};
use crate::request::token_pages;

open_enum! {
    /// What a folder or workspace is read with, and what is in them.
    pub enum ContainerInclude {
        /// What it was made from.
        "source" => Source,
        /// Who owns it.
        "ownerInfo" => OwnerInfo,
    }
}

connectors_core::request! {
    /// Lists what is in a folder or workspace: [`Folders::children`](crate::Folders::children) and
    /// [`Workspaces::children`](crate::Workspaces::children). Awaiting it gives one page; [`pager`](Self::pager) gives
    /// all.
    pub struct ListChildren => TokenPage<Child>;
    /// Adds to what is sent.
    list include: ContainerInclude = "include";
}
token_pages!(ListChildren => Child);

impl ListChildren {
    pub(crate) fn new(call: Call) -> Self {
        Self(Request::new(call))
    }

    pub(crate) fn of(client: &SmartsheetClient, container: Destination) -> Result<Self> {
        let (kind, id) = container.container()?;
        Ok(if kind == "folder" {
            client.folders().children(id.into())
        } else {
            client.workspaces().children(id.into())
        })
    }

    /// Only things of these types. Smartsheet gives templates only together with sheets.
    pub fn types(self, types: impl IntoIterator<Item = ResourceType>) -> Self {
        Self(self.0.add("childrenResourceTypes", types.into_iter().map(|kind| format!("{kind}s"))))
    }
}
