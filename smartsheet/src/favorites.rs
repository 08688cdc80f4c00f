//! Favorites of the user.

use crate::request::resource;

resource! {
    /// The endpoints of favorites: [`SmartsheetClient::favorites`](crate::SmartsheetClient::favorites).
    pub struct Favorites;
}
