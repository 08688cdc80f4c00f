//! What the key has used up.

use connectors_core::provider::Operation;
use connectors_core::{RequestOptions, Response, Result};
use http::Method;

use crate::model::UsageStatus;
use crate::{PROVIDER, PlacerClient};

static USAGE_STATUS: Operation =
    Operation::new(PROVIDER, "account.usage_status", Method::GET, "/v1/accounts/keys/usage-status");

/// The account: [`PlacerClient::account`].
#[derive(Debug, Clone)]
pub struct Account(pub(crate) PlacerClient);

impl Account {
    /// What the key has used this week, as [`usage_status_with`](Self::usage_status_with) without options.
    /// See [the endpoint](https://docs.placer.ai/reference/get_v1-accounts-keys-usage-status-1).
    pub async fn usage_status(&self) -> Result<UsageStatus> {
        self.usage_status_with(RequestOptions::default()).await.map(Response::into_inner)
    }

    /// What the key has used this week, with the circumstances of the call.
    pub async fn usage_status_with(&self, options: RequestOptions) -> Result<Response<UsageStatus>> {
        self.0.native(&USAGE_STATUS).options(options).send().await
    }
}
