//! Dashboards, which the API calls sights.

use crate::request::resource;

resource! {
    /// The endpoints of dashboards, which the API calls sights: [`SmartsheetClient::dashboards`](crate::SmartsheetClient::dashboards).
    pub struct Dashboards;
}
