//! Governance: data classification.

use crate::request::resource;

resource! {
    /// The endpoints of governance: [`SmartsheetClient::governance`](crate::SmartsheetClient::governance).
    pub struct Governance;
}
