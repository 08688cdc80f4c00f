//! Workspaces.

use connectors_core::Request;
use connectors_core::provider::Operation;
use http::Method;

use crate::children::{ContainerInclude, ListChildren};
use crate::destination::To;
use crate::model::{TokenPage, Workspace, WorkspaceId};
use crate::query::{CopyInclude, SkipRemap};
use crate::request::{CallExt, Named, done, operation, resource, token_pages, written};

static LIST: Operation = operation(Method::GET, "workspaces.list", "/workspaces");
static METADATA: Operation = operation(Method::GET, "workspaces.metadata", "/workspaces/{workspaceId}/metadata");
static CHILDREN: Operation = operation(Method::GET, "workspaces.children", "/workspaces/{workspaceId}/children");
static CREATE: Operation = operation(Method::POST, "workspaces.create", "/workspaces");
static UPDATE: Operation = operation(Method::PUT, "workspaces.update", "/workspaces/{workspaceId}");
static DELETE: Operation = operation(Method::DELETE, "workspaces.delete", "/workspaces/{workspaceId}");
static COPY: Operation = operation(Method::POST, "workspaces.copy", "/workspaces/{workspaceId}/copy");

resource! {
    /// The endpoints of workspaces: [`SmartsheetClient::workspaces`](crate::SmartsheetClient::workspaces).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{CopyInclude, ResourceType};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let smartsheet = mock.client().clone();
    /// let workspaces = smartsheet.workspaces();
    /// let ours = workspaces.list().pager().collect_all().await?.remove(0);
    /// let next = workspaces.copy(ours.id, "Field marketing 2027").include([CopyInclude::All]).await?;
    /// let sheets = workspaces.children(next.id).types([ResourceType::Sheet]).pager().collect_all().await?;
    /// assert!(!sheets.is_empty());
    ///
    /// let fresh = workspaces.create("Trade fairs").await?;
    /// workspaces.update(fresh.id, "Trade fairs 2027").await?;
    /// assert_eq!(workspaces.metadata(fresh.id).await?.name, "Trade fairs 2027");
    /// workspaces.delete(fresh.id).await?;
    /// # Ok(())
    /// # }
    /// ```
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
    pub fn metadata(&self, workspace: WorkspaceId) -> GetWorkspace {
        GetWorkspace(Request::new(self.client.call(&METADATA).id("workspaceId", workspace.get())))
    }

    /// A new, empty workspace. Names are not unique: a second call makes a second workspace.
    pub fn create(&self, name: impl Into<String>) -> Request<Workspace> {
        let named = Named::new(name);
        written(self.client.call(&CREATE).json(&named)).check(named.check())
    }

    /// Renames a workspace.
    pub fn update(&self, workspace: WorkspaceId, name: impl Into<String>) -> Request<Workspace> {
        let named = Named::new(name);
        written(self.client.call(&UPDATE).id("workspaceId", workspace.get()).json(&named)).check(named.check())
    }

    /// Deletes a workspace and all that is in it.
    pub fn delete(&self, workspace: WorkspaceId) -> Request<()> {
        done(self.client.call(&DELETE).id("workspaceId", workspace.get()))
    }

    /// A copy of a workspace and all that is in it, under a new name. Of the sheets, only the structure unless more is
    /// included. May take minutes, and fail half-way as [`Folders::copy`](crate::Folders::copy).
    pub fn copy(&self, workspace: WorkspaceId, name: impl Into<String>) -> CopyWorkspace {
        let to = To::named(name);
        let call = self.client.long_call(&COPY).id("workspaceId", workspace.get());
        CopyWorkspace(written(call.json(&to)).check(to.check()))
    }
}

connectors_core::request! {
    /// Lists workspaces: [`Workspaces::list`]. Awaiting it gives one page; [`pager`](Self::pager) gives all.
    pub struct ListWorkspaces => TokenPage<Workspace>;
}
token_pages!(ListWorkspaces => Workspace);

connectors_core::request! {
    /// Reads a workspace: [`Workspaces::metadata`].
    pub struct GetWorkspace => Workspace;
    /// Adds to what is sent: [`ContainerInclude::Source`].
    list include: ContainerInclude = "include";
}

connectors_core::request! {
    /// Copies a workspace: [`Workspaces::copy`].
    pub struct CopyWorkspace => Workspace;
    /// Takes these over, besides the structure.
    list include: CopyInclude = "include";
    /// Lets these lead to the originals, instead of to the copies.
    list skip_remap: SkipRemap = "skipRemap";
}
