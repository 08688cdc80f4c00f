//! Comments of discussions.

use crate::request::resource;

resource! {
    /// The endpoints of comments: [`SmartsheetClient::comments`](crate::SmartsheetClient::comments).
    pub struct Comments;
}
