//! What lists can be narrowed by.

use super::request::resource;

resource! {
    /// What lists can be narrowed by: [`Native::filters`](super::Native::filters).
    pub struct Filters;
}
