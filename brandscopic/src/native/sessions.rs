//! Logging in and out.

use connectors_core::Request;
use connectors_core::provider::{Operation, Safety};
use http::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::CompanyId;
use super::request::{done, not_blank, operation, resource};

/// A user has one token, which a further login only fetches again.
static CREATE: Operation = operation(Method::POST, "sessions.create", "/sessions.json").safety(Safety::Idempotent);
static DESTROY: Operation = operation(Method::DELETE, "sessions.destroy", "/sessions.json");

/// What a login brings.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Wire")]
#[non_exhaustive]
pub struct Session {
    /// The token of the user. There is one for all devices, and it has no end that is known of.
    pub token: SecretString,
    /// The company that the user worked for last; `None` for a user of no company.
    pub company: Option<CompanyId>,
}

#[derive(Deserialize)]
struct Wire {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    auth_token: String,
    current_company_id: Option<CompanyId>,
}

impl From<Wire> for Session {
    fn from(Wire { data }: Wire) -> Self {
        Self { token: data.auth_token.into(), company: data.current_company_id }
    }
}

resource! {
    /// Logging in and out, for whoever needs a token of their own: [`Native::sessions`](super::Native::sessions). The
    /// client needs neither. It logs in by itself, and never logs out.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # use connectors_brandscopic::Contract;
    /// # let mock = connectors_mock::MockBrandscopic::builder().contract(Contract::Native).build()?;
    /// # let native = mock.client().native()?;
    /// let sessions = native.sessions();
    /// let session = sessions.create("field@example.com", "mock-password").await?;
    /// assert!(session.company.is_some());
    /// assert!(!format!("{session:?}").contains("mock-token"));
    ///
    /// sessions.destroy(&session.token).await?; // on every device of the user!
    /// # Ok(())
    /// # }
    /// ```
    pub struct Sessions;
}

impl Sessions {
    /// Logs in. [`native_token`](crate::BrandscopicBuilder::native_token) makes a client of the token.
    ///
    /// Fails with [`Auth`](connectors_core::ErrorKind::Auth) if the e-mail or the password is wrong.
    pub fn create(&self, email: &str, password: impl Into<SecretString>) -> Request<Session> {
        #[derive(Serialize)]
        struct Body<'a> {
            email: &'a str,
            password: &'a str,
        }
        let password = password.into();
        let password = password.expose_secret();
        let checked = not_blank("email", email).and_then(|()| not_blank("password", password));
        Request::new(self.0.call(&CREATE).json(&Body { email, password })).check(checked)
    }

    /// Logs out the user whose token this is, **on every device and in the browser**: the server throws away the one
    /// token that they all use. Clients that know the password log in again when they are used next.
    ///
    /// Fails with [`NotFound`](connectors_core::ErrorKind::NotFound) if it is nobody's token, or no longer.
    pub fn destroy(&self, token: &SecretString) -> Request<()> {
        let token = token.expose_secret();
        done(self.0.call(&DESTROY).query("id", token)).check(not_blank("token", token))
    }
}
