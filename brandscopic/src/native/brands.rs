//! Brands, and the marques of a brand.

use connectors_core::provider::Operation;
use connectors_core::wire::lenient;
use connectors_core::{Request, request};
use http::Method;
use serde::{Deserialize, Serialize};

use super::request::{CallExt, operation, resource};
use super::{BrandId, MarqueId, RemoteCampaignId};

static LIST: Operation = operation(Method::GET, "brands.list", "/brands.json");
static OF_CAMPAIGN: Operation = operation(Method::GET, "brands.of_campaign", "/campaigns/{campaign}/brands.json");
static MARQUES: Operation = operation(Method::GET, "brands.marques", "/brands/{id}/marques.json");

/// A brand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Brand {
    /// Its id.
    pub id: BrandId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
    /// Whether it is in use.
    #[serde(default, deserialize_with = "lenient::opt_flag")]
    pub active: Option<bool>,
}

/// A marque: a kind of what a brand sells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Marque {
    /// Its id.
    pub id: MarqueId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
}

resource! {
    /// The endpoints of brands: [`Native::brands`](super::Native::brands).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # use connectors_brandscopic::Contract;
    /// # let mock = connectors_mock::MockBrandscopic::builder().contract(Contract::Native).build()?;
    /// # let native = mock.client().native()?;
    /// let campaign = native.campaigns().all().await?[0].id;
    /// let brands = native.brands();
    /// let of_campaign = brands.of_campaign(campaign).await?;
    /// assert_eq!(of_campaign, brands.list().campaign(campaign).await?);
    /// let marques = brands.marques(of_campaign[0].id).await?;
    /// assert!(marques.iter().any(|marque| marque.name == "Cold Brew"));
    /// # Ok(())
    /// # }
    /// ```
    pub struct Brands;
}

request! {
    /// Lists brands, all at once.
    pub struct ListBrands => Vec<Brand>;
    /// Only those of this campaign.
    set campaign: RemoteCampaignId = "campaign_id";
}

impl Brands {
    /// The brands of the company.
    pub fn list(&self) -> ListBrands {
        ListBrands(Request::new(self.0.call(&LIST)))
    }

    /// The brands of a campaign, all at once.
    pub fn of_campaign(&self, campaign: RemoteCampaignId) -> Request<Vec<Brand>> {
        Request::new(self.0.call(&OF_CAMPAIGN).id("campaign", campaign.get()))
    }

    /// The marques of a brand, all at once.
    pub fn marques(&self, brand: BrandId) -> Request<Vec<Marque>> {
        Request::new(self.0.call(&MARQUES).id("id", brand.get()))
    }
}
