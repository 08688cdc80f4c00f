//! The team of an event.

use super::request::resource;

resource! {
    /// The team of an event: [`Native::members`](super::Native::members).
    pub struct Members;
}
