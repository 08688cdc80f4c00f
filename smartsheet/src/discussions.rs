//! Discussions on sheets and rows.

use crate::request::resource;

resource! {
    /// The endpoints of discussions: [`SmartsheetClient::discussions`](crate::SmartsheetClient::discussions).
    pub struct Discussions;
}
