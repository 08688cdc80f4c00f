//! Cells: history and images.

use crate::request::resource;

resource! {
    /// The endpoints of cells: [`SmartsheetClient::cells`](crate::SmartsheetClient::cells).
    pub struct Cells;
}
