//! Activities: what was done at events and venues.

use super::request::resource;

resource! {
    /// Activities: what was done at events and venues: [`Native::activities`](super::Native::activities).
    pub struct Activities;
}
