//! What people do in the browser: agree, accept an invitation, confirm an address.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use connectors_core::{Result, TokenStore};
use connectors_smartsheet::{OAuthApp, PlanId, SmartsheetClient, UserId};
use url::Url;

use super::fake::FakeSmartsheet;
use super::tokens::{CLIENT_ID, CLIENT_SECRET, REDIRECT_URI};
use super::{API_URL, MockSmartsheet, users};
use crate::InProcess;

impl FakeSmartsheet {
    /// The user agrees on the page of this [authorization URL](OAuthApp::authorization_url), at `now`. Gives the URL
    /// that the browser is sent to: with a code, or with what is wrong with the page's URL.
    pub fn consent(&self, page: &Url, now: DateTime<Utc>) -> Url {
        self.state().tokens.consent(page, true, now)
    }

    /// The user does not agree.
    pub fn refuse(&self, page: &Url, now: DateTime<Utc>) -> Url {
        self.state().tokens.consent(page, false, now)
    }

    /// Somebody who was added accepts the invitation. False where nobody is invited.
    pub fn accept_invitation(&self, user: UserId) -> bool {
        self.state().users.accept(user.get())
    }

    /// Somebody confirms that a further e-mail address is theirs. False where they have no such address.
    pub fn confirm_email(&self, user: UserId, email: &str) -> bool {
        self.state().users.confirm(user.get(), email)
    }

    /// The plan that the account's users have seats in.
    pub fn plan_id(&self) -> PlanId {
        PlanId::new(users::PLAN)
    }
}

impl MockSmartsheet {
    /// The app that is registered with the fake, to be authorized by its user: [`consent`](Self::consent).
    pub fn oauth_app(&self) -> OAuthApp {
        let app = OAuthApp::builder(CLIENT_ID, CLIENT_SECRET).api_url(API_URL);
        let app = match Url::parse(REDIRECT_URI) {
            Ok(uri) => app.redirect_uri(uri),
            Err(_) => app,
        };
        let transport = Arc::new(InProcess::new(self.backend.clone()));
        let app = app.transport(transport).clock(Arc::clone(self.backend.clock())).build();
        app.unwrap_or_else(|error| unreachable!("the mock's own settings are refused: {error}"))
    }

    /// A client on the same fake, for the user whose token is in `store`.
    pub fn oauth_client(&self, app: &OAuthApp, store: Arc<dyn TokenStore>) -> Result<SmartsheetClient> {
        let transport = Arc::new(InProcess::new(self.backend.clone()));
        let client = SmartsheetClient::builder().oauth(app.clone(), store).transport(transport);
        client.clock(Arc::clone(self.backend.clock())).build()
    }

    /// The user agrees now: [`FakeSmartsheet::consent`].
    pub fn consent(&self, page: &Url) -> Url {
        self.fake.consent(page, self.backend.clock().now_utc())
    }
}
