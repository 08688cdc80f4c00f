//! Expenses of events.

use super::request::resource;

resource! {
    /// Expenses of events: [`Native::expenses`](super::Native::expenses).
    pub struct Expenses;
}
