//! Update requests.

use crate::request::resource;

resource! {
    /// The endpoints of update requests: [`SmartsheetClient::update_requests`](crate::SmartsheetClient::update_requests).
    pub struct UpdateRequests;
}
