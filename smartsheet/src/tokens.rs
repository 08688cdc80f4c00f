//! Tokens: exchange, refresh, revoke.

use crate::request::resource;

resource! {
    /// The endpoints of tokens: [`SmartsheetClient::tokens`](crate::SmartsheetClient::tokens).
    pub struct Tokens;
}
