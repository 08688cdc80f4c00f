//! The company's address book.

use super::request::resource;

resource! {
    /// The company's address book: [`Native::contacts`](super::Native::contacts).
    pub struct Contacts;
}
