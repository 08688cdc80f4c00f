//! Who may come in.

use std::fmt;
use std::net::IpAddr;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Who may come in.
#[derive(Clone)]
pub(super) enum Access {
    /// Whoever is on this machine.
    Loopback,
    /// Whoever has the token of this digest.
    Token([u8; 32]),
    /// Whoever the application lets through.
    Trusted,
}

impl Access {
    pub(super) fn token(token: &SecretString) -> Self {
        Self::Token(digest(token.expose_secret().trim()))
    }

    pub(super) fn needs_login(&self) -> bool {
        matches!(self, Self::Token(_))
    }

    /// Whether this is the token. Digests are compared, and all of them: the time it takes tells nothing.
    pub(super) fn is(&self, token: &SecretString) -> bool {
        matches!(self, Self::Token(expected) if digest(token.expose_secret().trim()).ct_eq(expected).into())
    }

    /// Whether requests for this host (`localhost:8090`) are meant for us. A page of the web can give its own name the
    /// address of this machine, but not this machine's name to itself.
    pub(super) fn serves(&self, host: Option<&str>) -> bool {
        match self {
            Self::Loopback => host.is_some_and(is_loopback),
            Self::Token(_) | Self::Trusted => true,
        }
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Loopback => "Loopback",
            Self::Token(_) => "Token",
            Self::Trusted => "Trusted",
        })
    }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

fn is_loopback(host: &str) -> bool {
    let Ok(authority) = host.parse::<http::uri::Authority>() else { return false };
    if authority.as_str().contains('@') {
        return false;
    }
    let name = authority.host();
    let address = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    name.eq_ignore_ascii_case("localhost") || address.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}
