//! Countries, as Brandscopic spells them.

use connectors_core::provider::Operation;
use connectors_core::{Response, Result};
use http::Method;
use serde::Deserialize;

use super::Venues;
use crate::PROVIDER;

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

impl Venues {
    /// The countries that a venue may be in, all at once.
    pub async fn countries(&self) -> Result<Vec<Country>> {
        static COUNTRIES: Operation = Operation::new(PROVIDER, "countries.list", Method::GET, "/countries.json");
        self.0.call(&COUNTRIES).send().await.map(Response::into_inner)
    }
}
