//! The users of the company.

use super::request::resource;

resource! {
    /// The users of the company: [`Native::users`](super::Native::users).
    pub struct Users;
}
