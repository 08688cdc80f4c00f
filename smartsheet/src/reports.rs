//! Reports.

use crate::request::resource;

resource! {
    /// The endpoints of reports: [`SmartsheetClient::reports`](crate::SmartsheetClient::reports).
    pub struct Reports;
}
