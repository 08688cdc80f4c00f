//! The home folder.

use crate::request::resource;

resource! {
    /// The endpoints of the home folder: [`SmartsheetClient::home`](crate::SmartsheetClient::home).
    pub struct Home;
}
