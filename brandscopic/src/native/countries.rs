//! Countries, as Brandscopic spells them.

use connectors_core::Request;
use connectors_core::provider::Operation;
use http::Method;
use serde::Deserialize;

use super::request::{operation, resource};

static LIST: Operation = operation(Method::GET, "countries.list", "/countries.json");

/// A country.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Country {
    /// Its two-letter code.
    #[serde(rename = "id")]
    pub code: String,
    /// Its English name.
    pub name: String,
}

resource! {
    /// Countries and their states: [`Native::countries`](super::Native::countries).
    pub struct Countries;
}

impl Countries {
    /// The countries that a venue may be in, all at once.
    pub fn list(&self) -> Request<Vec<Country>> {
        Request::new(self.0.call(&LIST))
    }
}
