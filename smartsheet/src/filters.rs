//! Filters of sheets.

use crate::request::resource;

resource! {
    /// The endpoints of filters of sheets: [`SmartsheetClient::filters`](crate::SmartsheetClient::filters).
    pub struct Filters;
}
