//! Images: their addresses.

use crate::request::resource;

resource! {
    /// The endpoints of images: [`SmartsheetClient::images`](crate::SmartsheetClient::images).
    pub struct Images;
}
