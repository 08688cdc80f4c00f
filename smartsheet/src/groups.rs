//! Groups of users.

use crate::request::resource;

resource! {
    /// The endpoints of groups: [`SmartsheetClient::groups`](crate::SmartsheetClient::groups).
    pub struct Groups;
}
