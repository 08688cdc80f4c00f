//! Tasks.

use super::request::resource;

resource! {
    /// Tasks: [`Native::tasks`](super::Native::tasks).
    pub struct Tasks;
}
