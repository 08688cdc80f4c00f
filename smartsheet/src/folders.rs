//! Folders.

use connectors_core::Request;
use connectors_core::provider::Operation;
use http::Method;

use crate::children::ListChildren;
use crate::model::{Folder, FolderId};
use crate::request::{CallExt, operation, resource};

static METADATA: Operation = operation(Method::GET, "folders.metadata", "/folders/{folderId}/metadata");
static CHILDREN: Operation = operation(Method::GET, "folders.children", "/folders/{folderId}/children");

resource! {
    /// The endpoints of folders: [`SmartsheetClient::folders`](crate::SmartsheetClient::folders).
    pub struct Folders;
}

impl Folders {
    /// What is in a folder.
    pub fn children(&self, folder: FolderId) -> ListChildren {
        ListChildren::new(self.client.call(&CHILDREN).id("folderId", folder.get()))
    }

    /// The folder itself.
    pub fn metadata(&self, folder: FolderId) -> Request<Folder> {
        Request::new(self.client.call(&METADATA).id("folderId", folder.get()))
    }
}
