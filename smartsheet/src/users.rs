//! Users.

use connectors_core::Request;
use connectors_core::provider::Operation;
use http::Method;

use crate::model::UserProfile;
use crate::request::{operation, resource};

static ME: Operation = operation(Method::GET, "users.me", "/users/me");

resource! {
    /// The endpoints of users: [`SmartsheetClient::users`](crate::SmartsheetClient::users).
    pub struct Users;
}

impl Users {
    /// Who the token belongs to. Needs no scope: the right question to see whether a token is good.
    pub fn me(&self) -> Request<UserProfile> {
        Request::new(self.client.call(&ME))
    }
}
