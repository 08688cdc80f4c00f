//! Sheet summaries.

use crate::request::resource;

resource! {
    /// The endpoints of sheet summaries: [`SmartsheetClient::summaries`](crate::SmartsheetClient::summaries).
    pub struct Summaries;
}
