//! Shares: who may do what with sheets, reports, dashboards and workspaces.

use crate::request::resource;

resource! {
    /// The endpoints of shares: [`SmartsheetClient::shares`](crate::SmartsheetClient::shares).
    pub struct Shares;
}
