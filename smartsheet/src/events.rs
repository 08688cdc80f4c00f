//! Events: who did what in the account.

use crate::request::resource;

resource! {
    /// The endpoints of events: [`SmartsheetClient::events`](crate::SmartsheetClient::events).
    pub struct Events;
}
