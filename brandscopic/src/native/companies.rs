//! The companies of the user.

use connectors_core::provider::Operation;
use connectors_core::{Request, Result};
use http::Method;
use serde::{Deserialize, Serialize};

use super::places::same;
use super::request::{one_named, operation, resource};
use super::{CompanyId, CompanyUserId};

static LIST: Operation = operation(Method::GET, "companies.list", "/companies.json");

/// A company in which the user has an active role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Company {
    /// Its id.
    pub id: CompanyId,
    /// Its name.
    pub name: String,
    /// What the user goes by there.
    #[serde(default)]
    pub company_user_id: Option<CompanyUserId>,
}

resource! {
    /// The companies of the user: [`Native::companies`](super::Native::companies).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # use connectors_brandscopic::Contract;
    /// # let mock = connectors_mock::MockBrandscopic::builder().contract(Contract::Native).build()?;
    /// # let native = mock.client().native()?;
    /// let companies = native.companies();
    /// let canada = companies.find("brightside canada").await?.unwrap();
    /// assert!(companies.list().await?.contains(&canada));
    /// let events_there = native.for_company(canada.id).events().list().await?.total;
    /// # let _ = events_there;
    /// # Ok(())
    /// # }
    /// ```
    pub struct Companies;
}

impl Companies {
    /// The companies of the user, all at once.
    pub fn list(&self) -> Request<Vec<Company>> {
        Request::new(self.0.call(&LIST))
    }

    /// The one company of the user with this name; case and white space around it do not matter.
    ///
    /// Fails with [`Ambiguous`](connectors_core::ErrorKind::Ambiguous) if there are several, and names them with their
    /// ids.
    pub async fn find(&self, name: &str) -> Result<Option<Company>> {
        find(self.list().await?, name)
    }
}

pub(super) fn find(mut companies: Vec<Company>, name: &str) -> Result<Option<Company>> {
    companies.retain(|company| same(&company.name, name));
    one_named("companies", companies, |company| format!("`{}` ({})", company.name, company.id))
        .map_err(|error| error.with_hint("choose one by its id"))
}
