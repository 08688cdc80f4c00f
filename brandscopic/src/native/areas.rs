//! Areas.

use super::request::resource;

resource! {
    /// Areas: [`Native::areas`](super::Native::areas).
    pub struct Areas;
}
