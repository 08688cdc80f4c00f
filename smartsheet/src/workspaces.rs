//! Workspaces.

use connectors_core::Request;
use connectors_core::provider::Operation;
use http::Method;

use crate::children::ListChildren;
use crate::model::{TokenPage, Workspace, WorkspaceId};
use crate::request::{CallExt, operation, resource, token_pages};

static LIST: Operation = operation(Method::GET, "workspaces.list", "/workspaces");
static METADATA: Operation = operation(Method::GET, "workspaces.metadata", "/workspaces/{workspaceId}/metadata");
static CHILDREN: Operation = operation(Method::GET, "workspaces.children", "/workspaces/{workspaceId}/children");

resource! {
    /// The endpoints of workspaces: [`SmartsheetClient::workspaces`](crate::SmartsheetClient::workspaces).
    pub struct Workspaces;
}

impl Workspaces {
    /// All workspaces that the token can see.
    pub fn list(&self) -> ListWorkspaces {
        // Unless asked for tokens, Smartsheet pages this list by number, without a key: a pager would take the first
        // page for all there is.
        ListWorkspaces(Request::new(self.client.call(&LIST)).set("paginationType", "token"))
    }

    /// What is in a workspace.
    pub fn children(&self, workspace: WorkspaceId) -> ListChildren {
        ListChildren::new(self.client.call(&CHILDREN).id("workspaceId", workspace.get()))
    }

    /// The workspace itself.
    pub fn metadata(&self, workspace: WorkspaceId) -> Request<Workspace> {
        Request::new(self.client.call(&METADATA).id("workspaceId", workspace.get()))
    }
}

connectors_core::request! {
    /// Lists workspaces: [`Workspaces::list`]. Awaiting it gives one page; [`pager`](Self::pager) gives all.
    pub struct ListWorkspaces => TokenPage<Workspace>;
}
token_pages!(ListWorkspaces => Workspace);
