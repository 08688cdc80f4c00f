//! Documents of events.

use super::request::resource;

resource! {
    /// Documents of events: [`Native::documents`](super::Native::documents).
    pub struct Documents;
}
