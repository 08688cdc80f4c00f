//! Brands and their marques.

use super::request::resource;

resource! {
    /// Brands and their marques: [`Native::brands`](super::Native::brands).
    pub struct Brands;
}
