//! What a connection test and a status card say.

use std::fmt;
use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::error::{Error, ErrorKind, Result};

/// How a connection test went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ConnectionStatus {
    /// The provider answered and accepts the credentials.
    Connected,
    /// No answer: name, network, TLS or a timeout.
    Unreachable,
    /// The provider does not accept the credentials.
    BadKey,
    /// The credentials are good but lack a right, scope or plan.
    MissingPermission,
    /// Too many requests for now, or the quota is used up.
    Throttled,
    /// Something answers, but not this provider's API.
    WrongUrl,
    /// The provider fails; see the message.
    Failing,
}

/// What a connection test found.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ConnectionReport {
    /// The provider.
    pub provider: &'static str,
    /// How it went.
    pub status: ConnectionStatus,
    /// Who we are to the provider.
    pub identity: Option<String>,
    /// How long it took; as JSON in whole milliseconds, `elapsedMs`.
    #[serde(rename = "elapsedMs", serialize_with = "in_milliseconds")]
    pub elapsed: Duration,
    /// What went wrong, in one line.
    pub message: Option<String>,
    /// What went wrong, in full.
    #[serde(skip)]
    pub error: Option<Error>,
}

impl ConnectionReport {
    /// Reads the outcome of the cheapest authenticated call.
    pub fn new(provider: &'static str, elapsed: Duration, outcome: Result<String>) -> Self {
        match outcome {
            Ok(identity) => Self {
                provider,
                status: ConnectionStatus::Connected,
                identity: Some(identity),
                elapsed,
                message: None,
                error: None,
            },
            Err(error) => Self {
                provider,
                status: status_of(&error),
                identity: None,
                elapsed,
                message: Some(error.to_string()),
                error: Some(error),
            },
        }
    }

    /// Whether the provider can be used.
    pub fn is_connected(&self) -> bool {
        self.status == ConnectionStatus::Connected
    }
}

impl fmt::Display for ConnectionReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.identity, &self.message) {
            (Some(identity), _) => write!(f, "{}: connected as {identity} in {:?}", self.provider, self.elapsed),
            (None, message) => write!(f, "{:?}: {}", self.status, message.as_deref().unwrap_or_default()),
        }
    }
}

fn in_milliseconds<S: Serializer>(elapsed: &Duration, target: S) -> Result<S::Ok, S::Error> {
    target.serialize_u64(u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX))
}

fn status_of(error: &Error) -> ConnectionStatus {
    match error.kind() {
        ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Interrupted => ConnectionStatus::Unreachable,
        ErrorKind::Auth => ConnectionStatus::BadKey,
        ErrorKind::PermissionDenied => ConnectionStatus::MissingPermission,
        ErrorKind::RateLimited | ErrorKind::QuotaExhausted => ConnectionStatus::Throttled,
        // The probes are calls that every account has: an unknown path, a redirect or a page means another server.
        ErrorKind::NotFound | ErrorKind::Config | ErrorKind::Decode | ErrorKind::InvalidRequest => {
            ConnectionStatus::WrongUrl
        }
        // With a code of its own, a failure inside of a success is the provider's.
        ErrorKind::Server if error.code().is_none() && error.status().is_some_and(|s| s.is_success()) => {
            ConnectionStatus::WrongUrl
        }
        _ => ConnectionStatus::Failing,
    }
}

/// The counts that a status card shows, in the order to show them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ServiceSummary {
    /// What is counted (`"sheets"`), and how many there are.
    pub counts: Vec<(&'static str, u64)>,
}

impl ServiceSummary {
    /// These counts.
    pub fn new(counts: impl IntoIterator<Item = (&'static str, u64)>) -> Self {
        Self { counts: counts.into_iter().collect() }
    }
}
