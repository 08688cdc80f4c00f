//! Kinds of activities.

use super::request::resource;

resource! {
    /// Kinds of activities: [`Native::activity_types`](super::Native::activity_types).
    pub struct ActivityTypes;
}
