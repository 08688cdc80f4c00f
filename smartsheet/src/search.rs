//! Search, everywhere or in one sheet.

use crate::request::resource;

resource! {
    /// The endpoints of search: [`SmartsheetClient::search`](crate::SmartsheetClient::search).
    pub struct Search;
}
