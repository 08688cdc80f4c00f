//! Contacts of the user.

use crate::request::resource;

resource! {
    /// The endpoints of the user's contacts: [`SmartsheetClient::contacts`](crate::SmartsheetClient::contacts).
    pub struct Contacts;
}
