//! The contacts of an event.

use super::request::resource;

resource! {
    /// The contacts of an event: [`Native::event_contacts`](super::Native::event_contacts).
    pub struct EventContacts;
}
