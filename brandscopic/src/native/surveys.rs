//! Surveys of events.

use super::request::resource;

resource! {
    /// Surveys of events: [`Native::surveys`](super::Native::surveys).
    pub struct Surveys;
}
