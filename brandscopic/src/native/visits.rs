//! Visits of brand ambassadors, and their documents.

use super::request::resource;

resource! {
    /// Visits of brand ambassadors, and their documents: [`Native::visits`](super::Native::visits).
    pub struct Visits;
}
