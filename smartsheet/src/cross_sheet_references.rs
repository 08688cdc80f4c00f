//! References from formulas to other sheets.

use crate::request::resource;

resource! {
    /// The endpoints of references between sheets: [`SmartsheetClient::cross_sheet_references`](crate::SmartsheetClient::cross_sheet_references).
    pub struct CrossSheetReferences;
}
