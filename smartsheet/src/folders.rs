//! Folders.

use connectors_core::Request;
use connectors_core::provider::{Operation, Safety};
use http::Method;

use crate::children::{ContainerInclude, ListChildren};
use crate::destination::{Destination, To};
use crate::model::{Folder, FolderId, PathNode, WorkspaceId};
use crate::query::{CopyExclude, CopyInclude, SkipRemap};
use crate::request::{CallExt, Named, done, operation, resource, written};

static METADATA: Operation = operation(Method::GET, "folders.metadata", "/folders/{folderId}/metadata");
static CHILDREN: Operation = operation(Method::GET, "folders.children", "/folders/{folderId}/children");
static PATH: Operation = operation(Method::GET, "folders.path", "/folders/{folderId}/path");
static CREATE_IN_FOLDER: Operation = operation(Method::POST, "folders.create_in_folder", "/folders/{folderId}/folders");
static CREATE_IN_WORKSPACE: Operation =
    operation(Method::POST, "folders.create_in_workspace", "/workspaces/{workspaceId}/folders");
static UPDATE: Operation = operation(Method::PUT, "folders.update", "/folders/{folderId}");
static DELETE: Operation = operation(Method::DELETE, "folders.delete", "/folders/{folderId}");
static COPY: Operation = operation(Method::POST, "folders.copy", "/folders/{folderId}/copy");
// Where it is already, it stays.
static MOVE: Operation =
    operation(Method::POST, "folders.move_to", "/folders/{folderId}/move").safety(Safety::Idempotent);

resource! {
    /// The endpoints of folders: [`SmartsheetClient::folders`](crate::SmartsheetClient::folders).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{CopyInclude, SkipRemap};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, workspace) = (mock.client().clone(), mock.workspace_id());
    /// let folders = smartsheet.folders();
    /// let tours = folders.create_in_workspace(workspace, "Tours").await?;
    /// let summer = folders.create_in_folder(tours.id, "Summer").await?;
    /// let summer = folders.update(summer.id, "Summer 2026").await?;
    ///
    /// let winter = folders.copy(summer.id, workspace, "Winter 2026");
    /// let winter = winter.include([CopyInclude::Data]).skip_remap([SkipRemap::CellLinks]).await?;
    /// folders.move_to(winter.id, tours.id).await?;
    /// assert_eq!(folders.path(winter.id).await?.to_path(), "/Field marketing/Tours/Winter 2026");
    /// assert_eq!(folders.children(tours.id).pager().collect_all().await?.len(), 2);
    ///
    /// folders.delete(summer.id).await?;
    /// assert!(folders.metadata(summer.id).await.is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub struct Folders;
}

impl Folders {
    /// What is in a folder.
    pub fn children(&self, folder: FolderId) -> ListChildren {
        ListChildren::new(self.client.call(&CHILDREN).id("folderId", folder.get()))
    }

    /// The folder itself.
    pub fn metadata(&self, folder: FolderId) -> GetFolder {
        GetFolder(Request::new(self.client.call(&METADATA).id("folderId", folder.get())))
    }

    /// The workspace and folders that a folder is in.
    pub fn path(&self, folder: FolderId) -> Request<PathNode> {
        Request::new(self.client.call(&PATH).id("folderId", folder.get()))
    }

    /// A new folder in another one. Names are not unique: a second call makes a second folder.
    pub fn create_in_folder(&self, parent: FolderId, name: impl Into<String>) -> Request<Folder> {
        let named = Named::new(name);
        let call = self.client.call(&CREATE_IN_FOLDER).id("folderId", parent.get());
        written(call.json(&named)).check(named.check())
    }

    /// As [`create_in_folder`](Self::create_in_folder), in a workspace.
    pub fn create_in_workspace(&self, workspace: WorkspaceId, name: impl Into<String>) -> Request<Folder> {
        let named = Named::new(name);
        let call = self.client.call(&CREATE_IN_WORKSPACE).id("workspaceId", workspace.get());
        written(call.json(&named)).check(named.check())
    }

    /// Renames a folder.
    pub fn update(&self, folder: FolderId, name: impl Into<String>) -> Request<Folder> {
        let named = Named::new(name);
        written(self.client.call(&UPDATE).id("folderId", folder.get()).json(&named)).check(named.check())
    }

    /// Deletes a folder and all that is in it.
    pub fn delete(&self, folder: FolderId) -> Request<()> {
        done(self.client.call(&DELETE).id("folderId", folder.get()))
    }

    /// A copy of a folder and all that is in it, under a new name. Of the sheets, only the structure unless more is
    /// included. May take minutes.
    ///
    /// Smartsheet refuses to copy too many sheets at once ([`ErrorCode::TOO_MANY_SHEETS`]), and may stop half-way
    /// ([`ErrorCode::COPY_INCOMPLETE`]): what was made until then remains.
    ///
    /// [`ErrorCode::TOO_MANY_SHEETS`]: crate::ErrorCode::TOO_MANY_SHEETS
    /// [`ErrorCode::COPY_INCOMPLETE`]: crate::ErrorCode::COPY_INCOMPLETE
    pub fn copy(&self, folder: FolderId, destination: impl Into<Destination>, name: impl Into<String>) -> CopyFolder {
        let to = To::copy(destination, name);
        let call = self.client.long_call(&COPY).id("folderId", folder.get());
        CopyFolder(written(call.json(&to)).check(to.check()))
    }

    /// Puts a folder elsewhere, with all that is in it. Ids and permalinks stay.
    pub fn move_to(&self, folder: FolderId, destination: impl Into<Destination>) -> Request<Folder> {
        let to = To::moved(destination);
        written(self.client.long_call(&MOVE).id("folderId", folder.get()).json(&to)).check(to.check())
    }
}

connectors_core::request! {
    /// Reads a folder: [`Folders::metadata`].
    pub struct GetFolder => Folder;
    /// Adds to what is sent.
    list include: ContainerInclude = "include";
}

connectors_core::request! {
    /// Copies a folder: [`Folders::copy`].
    pub struct CopyFolder => Folder;
    /// Takes these over, besides the structure.
    list include: CopyInclude = "include";
    /// Leaves these out.
    list exclude: CopyExclude = "exclude";
    /// Lets these lead to the originals, instead of to the copies.
    list skip_remap: SkipRemap = "skipRemap";
}
