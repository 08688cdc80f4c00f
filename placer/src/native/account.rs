//! What the key has used up.

use connectors_core::provider::{Call, Operation};
use connectors_core::{Request, Response, Result};
use http::Method;

use super::plain;
use crate::model::UsageStatus;
use crate::{PROVIDER, PlacerClient};

pub(crate) static USAGE_STATUS: Operation =
    Operation::new(PROVIDER, "account.usage_status", Method::GET, "/v1/accounts/keys/usage-status");

/// What is used up, in whatever envelope.
pub(crate) async fn usage_status(call: Call) -> Result<Response<UsageStatus>> {
    plain::object(&USAGE_STATUS, call).await
}

/// The account: [`PlacerClient::account`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// # let mock = connectors_mock::MockPlacer::new();
/// # let placer = mock.client().clone();
/// placer.pois().search().query("market").await?;
/// let usage = placer.account().usage_status().await?;
/// assert_eq!((usage.used_quota, usage.queried_pois), (1, 0)); // a search asks about no place
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Account(pub(crate) PlacerClient);

impl Account {
    /// What the key has used this week. Placer suggests to ask for it two or three times a week.
    /// See [the endpoint](https://docs.placer.ai/reference/get_v1-accounts-keys-usage-status-1).
    pub fn usage_status(&self) -> Request<UsageStatus> {
        Request::with(self.0.native(&USAGE_STATUS), |call| Box::pin(usage_status(call)))
    }
}
