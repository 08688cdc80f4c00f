//! Logging in and out.

use super::request::resource;

resource! {
    /// Logging in and out: [`Native::sessions`](super::Native::sessions).
    pub struct Sessions;
}
