//! Countries and their states, as Brandscopic spells them.

use connectors_core::Request;
use connectors_core::provider::Operation;
use http::Method;
use serde::{Deserialize, Serialize};

use super::request::{country_code, operation, resource};

static LIST: Operation = operation(Method::GET, "countries.list", "/countries.json");
static STATES: Operation = operation(Method::GET, "countries.states", "/countries/{code}/states.json");

/// A country.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Country {
    /// Its two-letter code.
    #[serde(rename = "id")]
    pub code: String,
    /// Its English name.
    pub name: String,
}

/// A state or region of a country.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CountryState {
    /// Its code within the country, such as `NY`. Contacts have it.
    #[serde(rename = "id")]
    pub code: String,
    /// Its name. A new venue has it.
    pub name: String,
}

resource! {
    /// The endpoints of countries: [`Native::countries`](super::Native::countries).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # use connectors_brandscopic::Contract;
    /// # let mock = connectors_mock::MockBrandscopic::builder().contract(Contract::Native).build()?;
    /// let countries = mock.client().native()?.countries();
    /// let canada = countries.list().await?.into_iter().find(|country| country.name == "Canada").unwrap();
    /// let states = countries.states(&canada.code).await?;
    /// assert!(states.iter().any(|state| (&*state.code, &*state.name) == ("ON", "Ontario")));
    /// # Ok(())
    /// # }
    /// ```
    pub struct Countries;
}

impl Countries {
    /// The countries that a venue may be in, all at once.
    pub fn list(&self) -> Request<Vec<Country>> {
        Request::new(self.0.call(&LIST))
    }

    /// The states of a country, by its two-letter code.
    pub fn states(&self, country: &str) -> Request<Vec<CountryState>> {
        Request::new(self.0.call(&STATES).path("code", country)).check(country_code("code", country))
    }
}
