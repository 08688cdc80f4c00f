//! Invites to events and venues.

use super::request::resource;

resource! {
    /// Invites to events and venues: [`Native::invites`](super::Native::invites).
    pub struct Invites;
}
