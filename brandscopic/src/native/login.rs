//! A user's session: how calls say who makes them, and for which company.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use connectors_core::provider::{ApiKey, AuthHeaders, Core, Credential, Token, TokenSource, checked, next_partition};
use connectors_core::{Error, Result};
use http::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use super::companies::{self, Companies};
use super::sessions::{Session, Sessions};
use super::{Company, CompanyId};
use crate::classify::WRONG_LOGIN;

const TOKEN_HEADER: HeaderName = HeaderName::from_static("x-auth-token");
pub(super) const EMAIL_HEADER: HeaderName = HeaderName::from_static("x-user-email");
pub(super) const COMPANY_HEADER: HeaderName = HeaderName::from_static("x-company-id");

/// Logs in. It never logs out: that would end the user's sessions on every other device too.
pub(super) struct PasswordLogin {
    /// A connection without a credential.
    outside: Core,
    email: String,
    password: SecretString,
    /// The company to look for by its name.
    named: Option<String>,
    /// Set once: should the user switch companies elsewhere, this client stays where it began.
    company: Arc<OnceLock<CompanyId>>,
    /// What the server said of a wrong password. It is not sent again: that could lock the user out.
    refused: OnceLock<Error>,
}

impl PasswordLogin {
    pub(super) fn new(
        outside: Core,
        email: &str,
        password: SecretString,
        named: Option<String>,
        company: Arc<OnceLock<CompanyId>>,
    ) -> Result<Self> {
        let email = checked_email(email)?;
        checked("password", &password)?;
        Ok(Self { outside, email, password, named, company, refused: OnceLock::new() })
    }

    async fn log_in(&self) -> Result<Session> {
        if let Some(refused) = self.refused.get() {
            return Err(refused.clone());
        }
        let session = Sessions(self.outside.clone()).create(&self.email, self.password.clone()).await;
        session.inspect_err(|error| {
            if error.message() == WRONG_LOGIN {
                let refused = error.clone().with_attempts(0, Duration::ZERO);
                // Nobody logs in twice at a time, so it is empty.
                let _ = self.refused.set(refused.with_hint(
                    "check both; they are case-sensitive, and are not sent again until `replace_login` sets them anew",
                ));
            }
        })
    }

    /// The company that this session is for.
    async fn company(&self, session: &Session) -> Result<CompanyId> {
        if let Some(company) = self.company.get() {
            return Ok(*company);
        }
        let current = session.company.ok_or_else(|| {
            Error::config("company_id", "the user has no current company")
                .with_hint("set the company id to one that the user belongs to")
        })?;
        let company = match &self.named {
            Some(name) => self.look_for(name, session, current).await?,
            None => current,
        };
        Ok(*self.company.get_or_init(|| company))
    }

    async fn look_for(&self, name: &str, session: &Session, current: CompanyId) -> Result<CompanyId> {
        let all = self.companies(session, current).await?;
        let known: Vec<_> = all.iter().map(|company| format!("`{}`", company.name)).collect();
        let hint = format!("the companies of the user are {}", known.join(", "));
        let found = companies::find(all, name).map_err(|error| error.with_field("company"))?;
        let none = || Error::config("company", format!("the user is in no company called `{name}`")).with_hint(hint);
        found.map(|company| company.id).ok_or_else(none)
    }

    /// The companies of the user, who has to be in one to be told.
    async fn companies(&self, session: &Session, current: CompanyId) -> Result<Vec<Company>> {
        let headers = headers(&self.email, session, current);
        let pairs = headers.iter().map(|(name, value)| (name.clone(), value.expose_secret()));
        let headers = AuthHeaders::new("token", pairs)?;
        let list = Companies(self.outside.clone()).list();
        let signed = headers
            .headers()
            .iter()
            .fold(list, |list, (name, value): (_, &HeaderValue)| list.header(name.clone(), value.clone()));
        signed.await
    }
}

fn checked_email(email: &str) -> Result<String> {
    let email = checked("email", &email.into())?.to_owned();
    // It is sent with every call: better refused now than once the password has been sent.
    AuthHeaders::new("email", [(EMAIL_HEADER, email.as_str())])?;
    Ok(email)
}

fn headers(email: &str, session: &Session, company: CompanyId) -> Vec<(HeaderName, SecretString)> {
    vec![
        (TOKEN_HEADER, session.token.clone()),
        (EMAIL_HEADER, email.into()),
        (COMPANY_HEADER, company.to_string().into()),
    ]
}

#[async_trait]
impl TokenSource for PasswordLogin {
    async fn fetch(&self, _: Option<&Token>) -> Result<Token> {
        let session = self.log_in().await?;
        let company = self.company(&session).await?;
        Ok(Token::new(headers(&self.email, &session, company), None))
    }
}

impl fmt::Debug for PasswordLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordLogin").field("company", &self.company.get()).finish_non_exhaustive()
    }
}

/// A session by a token that somebody got elsewhere. Once it is not accepted any more, there is nothing to renew it by.
pub(super) fn token_session(email: &str, token: &SecretString, company: CompanyId) -> Result<Arc<dyn Credential>> {
    let session = ApiKey::header("token", TOKEN_HEADER, token)?;
    let session = session.with("email", EMAIL_HEADER, &checked_email(email)?)?;
    Ok(Arc::new(session.with("company_id", COMPANY_HEADER, &company.to_string())?))
}

/// The session of another client, at work for another company.
#[derive(Debug)]
pub(super) struct InCompany {
    session: Arc<dyn Credential>,
    company: CompanyId,
    partition: u64,
}

impl InCompany {
    pub(super) fn new(session: Arc<dyn Credential>, company: CompanyId) -> Self {
        Self { session, company, partition: next_partition() }
    }
}

#[async_trait]
impl Credential for InCompany {
    async fn headers(&self) -> Result<Arc<AuthHeaders>> {
        let session = self.session.headers().await?;
        let here = Arc::unwrap_or_clone(session).with("company_id", COMPANY_HEADER, &self.company.to_string())?;
        Ok(Arc::new(here))
    }

    async fn rejected(&self, seen: &AuthHeaders) -> Result<bool> {
        // They have the generation of the session's own.
        self.session.rejected(seen).await
    }

    fn partition(&self) -> u64 {
        self.partition
    }
}
