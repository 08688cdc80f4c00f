//! A user's session: an e-mail and a password for a token.

use std::fmt;
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use connectors_core::provider::{AuthHeaders, Core, Operation, Safety, Token, TokenSource, checked};
use connectors_core::{Error, Response, Result};
use http::{HeaderName, Method};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::CompanyId;
use crate::PROVIDER;

/// A user has one token, which a further login only fetches again.
static LOGIN: Operation =
    Operation::new(PROVIDER, "sessions.create", Method::POST, "/sessions.json").safety(Safety::Idempotent);

pub(super) const EMAIL_HEADER: HeaderName = HeaderName::from_static("x-user-email");
pub(super) const COMPANY_HEADER: HeaderName = HeaderName::from_static("x-company-id");

/// Logs in. It never logs out: that would end the user's sessions on every other device too.
pub(super) struct Login {
    core: Core,
    email: String,
    password: SecretString,
    /// Set once: should the user switch companies elsewhere, this client stays where it began.
    company: Arc<OnceLock<CompanyId>>,
}

impl Login {
    /// `core` is a connection without a credential.
    pub(super) fn new(
        core: Core,
        email: String,
        password: SecretString,
        company: Arc<OnceLock<CompanyId>>,
    ) -> Result<Self> {
        let email = checked("email", &email.into())?.to_owned();
        checked("password", &password)?;
        // It is sent with every call: better refused now than once the password has been sent.
        AuthHeaders::new("email", [(EMAIL_HEADER, email.as_str())])?;
        Ok(Self { core, email, password, company })
    }
}

#[derive(Serialize)]
struct Credentials<'a> {
    email: &'a str,
    password: &'a str,
}

#[derive(Deserialize)]
struct Session {
    data: SessionData,
}

#[derive(Deserialize)]
struct SessionData {
    auth_token: String,
    current_company_id: Option<CompanyId>,
}

#[async_trait]
impl TokenSource for Login {
    async fn fetch(&self, _: Option<&Token>) -> Result<Token> {
        let credentials = Credentials { email: &self.email, password: self.password.expose_secret() };
        let Session { data } = self.core.call(&LOGIN).json(&credentials).send().await.map(Response::into_inner)?;
        let company = match (self.company.get(), data.current_company_id) {
            (Some(company), _) => *company,
            (None, Some(company)) => *self.company.get_or_init(|| company),
            (None, None) => {
                return Err(Error::config("company_id", "the user has no current company")
                    .with_hint("set the company id to one that the user belongs to"));
            }
        };
        let headers = vec![
            (HeaderName::from_static("x-auth-token"), data.auth_token.into()),
            (EMAIL_HEADER, self.email.clone().into()),
            (COMPANY_HEADER, company.to_string().into()),
        ];
        Ok(Token::new(headers, None))
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("company", &self.company.get()).finish_non_exhaustive()
    }
}
