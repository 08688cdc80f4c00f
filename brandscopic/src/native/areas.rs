//! Areas, and the cities in them.

use connectors_core::Request;
use connectors_core::provider::Operation;
use connectors_core::wire::lenient;
use http::Method;
use serde::{Deserialize, Serialize};

use super::request::{CallExt, operation, resource};
use super::{AreaId, CityId};

static LIST: Operation = operation(Method::GET, "areas.list", "/areas.json");
static CITIES: Operation = operation(Method::GET, "areas.cities", "/areas/{id}/cities.json");

/// An area: what a company calls a group of places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Area {
    /// Its id.
    pub id: AreaId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
}

/// A city of an area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct City {
    /// Its id.
    pub id: CityId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
    /// The state or region.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub state: Option<String>,
    /// The country.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub country: Option<String>,
}

resource! {
    /// The endpoints of areas: [`Native::areas`](super::Native::areas).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # use connectors_brandscopic::Contract;
    /// # let mock = connectors_mock::MockBrandscopic::builder().contract(Contract::Native).build()?;
    /// let areas = mock.client().native()?.areas();
    /// let midwest = areas.list().await?.into_iter().find(|area| area.name == "Midwest").unwrap();
    /// let cities = areas.cities(midwest.id).await?;
    /// assert!(cities.iter().any(|city| city.name == "Chicago"));
    /// # Ok(())
    /// # }
    /// ```
    pub struct Areas;
}

impl Areas {
    /// The areas that the user may work in, all at once.
    pub fn list(&self) -> Request<Vec<Area>> {
        Request::new(self.0.call(&LIST))
    }

    /// The cities of an area, all at once.
    pub fn cities(&self, area: AreaId) -> Request<Vec<City>> {
        Request::new(self.0.call(&CITIES).id("id", area.get()))
    }
}
