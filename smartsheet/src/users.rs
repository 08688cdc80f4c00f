//! Users.

use connectors_core::provider::Operation;
use connectors_core::{RequestOptions, Response, Result, request_options};
use http::Method;

use crate::PROVIDER;
use crate::client::SmartsheetClient;
use crate::model::UserProfile;

static ME: Operation = Operation::new(PROVIDER, "users.me", Method::GET, "/users/me");

/// The endpoints of users: [`SmartsheetClient::users`].
#[derive(Debug, Clone)]
pub struct Users {
    client: SmartsheetClient,
}

impl Users {
    pub(crate) fn new(client: SmartsheetClient) -> Self {
        Self { client }
    }

    /// Who the token belongs to. Needs no scope: the right question to see whether a token is good.
    pub fn me(&self) -> GetMe {
        GetMe { client: self.client.clone(), options: RequestOptions::default() }
    }
}

/// Reads the caller's profile: [`Users::me`].
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct GetMe {
    client: SmartsheetClient,
    options: RequestOptions,
}

impl GetMe {
    /// Sends it.
    pub async fn send(self) -> Result<Response<UserProfile>> {
        self.client.call(&ME, self.options).send().await
    }
}

request_options!(GetMe => UserProfile);
