//! Webhooks: set up, switch on, list, delete.

use crate::request::resource;

resource! {
    /// The endpoints of webhooks: [`SmartsheetClient::webhooks`](crate::SmartsheetClient::webhooks).
    pub struct Webhooks;
}
