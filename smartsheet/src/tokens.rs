//! Tokens: revocation. How they are had and renewed is the business of [`OAuthApp`](crate::OAuthApp).

use connectors_core::provider::{Call, Operation};
use http::Method;

use crate::request::{done, operation, resource};

pub(crate) static REVOKE: Operation = operation(Method::DELETE, "tokens.revoke", "/token");

resource! {
    /// The endpoints of tokens: [`SmartsheetClient::tokens`](crate::SmartsheetClient::tokens). Tokens are had and
    /// refreshed by an [`OAuthApp`](crate::OAuthApp).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_core::ErrorKind;
    ///
    /// # use std::sync::Arc;
    /// # use connectors_core::MemoryTokenStore;
    /// # use connectors_smartsheet::{Redirect, Scope};
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let oauth = mock.oauth_app();
    /// # let consented = mock.consent(&oauth.authorization_url([Scope::ReadSheets], "s")?);
    /// # let token = oauth.exchange(&Redirect::parse(&consented, "s")?.into_code()?).await?;
    /// # let smartsheet = mock.oauth_client(&oauth, Arc::new(MemoryTokenStore::holding(token)))?;
    /// smartsheet.sheets().list().await?;
    /// smartsheet.tokens().revoke().all_of_app().await?; // the user disconnects the app
    /// let refused = smartsheet.sheets().list().await.unwrap_err();
    /// assert_eq!(refused.kind(), ErrorKind::Auth);
    /// # Ok(())
    /// # }
    /// ```
    pub struct Tokens;
}

impl Tokens {
    /// Revokes the token that this client uses, and the refresh token with it. Calls fail from then on; delete what is
    /// in the store.
    pub fn revoke(&self) -> RevokeToken {
        RevokeToken::new(self.client.call(&REVOKE))
    }
}

connectors_core::request! {
    /// Revokes tokens: [`Tokens::revoke`] and [`OAuthApp::revoke`](crate::OAuthApp::revoke).
    pub struct RevokeToken => ();
    /// Revokes all tokens that the user gave to the same app, on other devices too.
    flag all_of_app = "deleteAllForApiClient";
}

impl RevokeToken {
    pub(crate) fn new(call: Call) -> Self {
        Self(done(call))
    }
}
