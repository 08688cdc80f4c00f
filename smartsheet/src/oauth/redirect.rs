//! How a user comes back from the page that asked them.

use std::fmt;
use std::hint::black_box;
use std::time::Duration;

use connectors_core::{Error, ErrorKind, Result, open_enum};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use url::Url;

use crate::PROVIDER;

/// What the user decided, by the URL that they were sent back to.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Redirect {
    /// The app may act for them.
    Granted(AuthorizationCode),
    /// It may not, or could not ask.
    Refused(Refusal),
}

open_enum! {
    /// Why there is no code.
    pub enum Refusal {
        /// The user said no.
        "access_denied" => AccessDenied,
        /// There is no app with this client id.
        "invalid_client" => InvalidClient,
        /// The grant is not good.
        "invalid_grant" => InvalidGrant,
        /// A parameter of the authorization URL is missing or wrong.
        "invalid_request" => InvalidRequest,
        /// There is no such scope.
        "invalid_scope" => InvalidScope,
        /// The grant type is not supported.
        "unsupported_grant_type" => UnsupportedGrantType,
        /// The response type is not supported.
        "unsupported_response_type" => UnsupportedResponseType,
    }
}

impl Redirect {
    /// Reads the URL that the user was sent back to. `expected_state` is what their authorization URL was made with.
    ///
    /// Another state, or none, is an [`InvalidRequest`](ErrorKind::InvalidRequest) about `state`: it was not this user
    /// who was asked. Do not go on.
    ///
    /// ```
    /// use connectors_smartsheet::{Redirect, Refusal};
    ///
    /// let url = "https://app.example.com/callback?error=access_denied&state=s-1".parse().unwrap();
    /// assert!(matches!(Redirect::parse(&url, "s-1")?, Redirect::Refused(Refusal::AccessDenied)));
    /// assert_eq!(Redirect::parse(&url, "s-2").unwrap_err().field(), Some("state"));
    /// # Ok::<(), connectors_core::Error>(())
    /// ```
    pub fn parse(url: &Url, expected_state: &str) -> Result<Self> {
        let one = |wanted: &str| {
            let mut found = url.query_pairs().filter(|(name, _)| name == wanted).map(|(_, value)| value);
            match (found.next(), found.next()) {
                (first, None) => Ok(first.filter(|value| !value.is_empty())),
                _ => Err(invalid(wanted, "must come once")),
            }
        };
        let state = one("state")?.ok_or_else(|| invalid("state", "is missing"))?;
        if expected_state.is_empty() || !same(&state, expected_state) {
            return Err(invalid("state", "is not the one that the user was sent out with"));
        }
        match (one("code")?, one("error")?) {
            (Some(code), None) => {
                let expires_in = one("expires_in")?.and_then(|millis| millis.parse().ok()).map(Duration::from_millis);
                Ok(Self::Granted(AuthorizationCode { code: SecretString::from(&*code), expires_in }))
            }
            (None, Some(error)) => Ok(Self::Refused(Refusal::from(&*error))),
            _ => Err(invalid("code", "must be there, or an error in its place")),
        }
    }

    /// The code; a refusal is an error of kind [`PermissionDenied`](ErrorKind::PermissionDenied), with its name as the
    /// code.
    pub fn into_code(self) -> Result<AuthorizationCode> {
        match self {
            Self::Granted(code) => Ok(code),
            Self::Refused(refusal) => {
                let message = "the user did not let the app act for them";
                Err(Error::new(ErrorKind::PermissionDenied, message).with_origin(PROVIDER, "").with_code(refusal))
            }
        }
    }
}

fn invalid(field: &str, message: &'static str) -> Error {
    Error::invalid(field, message).with_origin(PROVIDER, "")
}

/// Takes as long wherever the first difference is.
fn same(given: &str, expected: &str) -> bool {
    // Hashes have one length, and who guesses learns nothing from how much of two of them agrees.
    let [given, expected] = [given, expected].map(Sha256::digest);
    black_box(given.iter().zip(expected).fold(0, |different, (a, b)| different | (a ^ b))) == 0
}

/// What is exchanged for a token: [`OAuthApp::exchange`](crate::OAuthApp::exchange). `Debug` does not show it.
#[derive(Clone)]
pub struct AuthorizationCode {
    code: SecretString,
    expires_in: Option<Duration>,
}

impl AuthorizationCode {
    /// A code that came another way than by a redirect.
    pub fn new(code: impl Into<SecretString>) -> Self {
        Self { code: code.into(), expires_in: None }
    }

    /// How long it was good for when the user was sent back: about ten minutes.
    pub fn expires_in(&self) -> Option<Duration> {
        self.expires_in
    }

    pub(super) fn secret(&self) -> &SecretString {
        &self.code
    }
}

impl fmt::Debug for AuthorizationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationCode").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn parse(query: &str) -> Result<Redirect> {
        Redirect::parse(&format!("https://app.example.com/callback?{query}").parse().unwrap(), "s-1")
    }

    #[test]
    fn a_code_comes_with_its_expiry_and_is_not_shown() {
        let granted = parse("code=sk7fgvl6h&expires_in=599135&state=s-1").unwrap();
        assert!(!format!("{granted:?}").contains("sk7"));
        let code = granted.into_code().unwrap();
        assert_eq!(code.expires_in(), Some(Duration::from_millis(599_135)));
        assert_eq!(code.secret().expose_secret(), "sk7fgvl6h");
        assert_eq!(parse("code=c&state=s-1&expires_in=soon").unwrap().into_code().unwrap().expires_in(), None);
    }

    #[test]
    fn what_is_not_the_answer_to_our_question_is_refused() {
        for (query, field) in [
            ("code=c", "state"),
            ("code=c&state=", "state"),
            ("code=c&state=s-2", "state"),
            ("code=c&state=s-11", "state"),
            ("code=c&state=s-1&state=s-1", "state"),
            ("code=c&code=d&state=s-1", "code"),
            ("state=s-1", "code"),
            ("code=c&error=access_denied&state=s-1", "code"),
        ] {
            assert_eq!(parse(query).unwrap_err().field(), Some(field), "{query}");
        }
        let refused = parse("error=server_on_fire&state=s-1").unwrap().into_code().unwrap_err();
        assert_eq!((refused.kind(), refused.code()), (ErrorKind::PermissionDenied, Some("server_on_fire")));
        assert!(Redirect::parse(&"https://a.test/?code=c&state=".parse().unwrap(), "").is_err());
    }
}
