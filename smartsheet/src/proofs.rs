//! Proofs.

use crate::request::resource;

resource! {
    /// The endpoints of proofs: [`SmartsheetClient::proofs`](crate::SmartsheetClient::proofs).
    pub struct Proofs;
}
