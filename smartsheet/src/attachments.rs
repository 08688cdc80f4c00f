//! Attachments: list, read, upload, download, versions.

use crate::request::resource;

resource! {
    /// The endpoints of attachments: [`SmartsheetClient::attachments`](crate::SmartsheetClient::attachments).
    pub struct Attachments;
}
