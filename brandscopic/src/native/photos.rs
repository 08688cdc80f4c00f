//! Photos of events.

use super::request::resource;

resource! {
    /// Photos of events: [`Native::photos`](super::Native::photos).
    pub struct Photos;
}
