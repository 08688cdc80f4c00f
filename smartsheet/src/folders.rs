//! Folders.

use connectors_core::provider::Operation;
use connectors_core::{RequestOptions, Result};
use http::Method;

use crate::PROVIDER;
use crate::children::ListChildren;
use crate::client::SmartsheetClient;
use crate::model::ids::positive;
use crate::model::{Folder, FolderId};

static METADATA: Operation = Operation::new(PROVIDER, "folders.metadata", Method::GET, "/folders/{folderId}/metadata");

/// The endpoints of folders: [`SmartsheetClient::folders`].
#[derive(Debug, Clone)]
pub struct Folders {
    client: SmartsheetClient,
}

impl Folders {
    pub(crate) fn new(client: SmartsheetClient) -> Self {
        Self { client }
    }

    /// What is in a folder.
    pub fn children(&self, folder: FolderId) -> ListChildren {
        ListChildren::new(self.client.clone(), folder.into())
    }

    /// The folder itself.
    pub async fn metadata(&self, folder: FolderId) -> Result<Folder> {
        let call = self.client.call(&METADATA, RequestOptions::default());
        let call = call.check(positive("folderId", folder.get())).path("folderId", folder);
        Ok(call.send::<Folder>().await?.into_inner())
    }
}
