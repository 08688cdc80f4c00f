//! What goes wrong on purpose.

use std::time::Duration;

/// One way for a request to go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Fault {
    /// Refused as one too many; nothing happens. The wait goes into `Retry-After`.
    Throttle(Option<Duration>),
    /// Refused because the quota of the account is used up, which waiting does not help soon; nothing happens.
    QuotaExhausted,
    /// The provider fails with this status; nothing happens.
    Status(u16),
    /// A gateway's HTML page with this status; nothing happens.
    HtmlPage(u16),
    /// The answer comes this much later.
    Slow(Duration),
    /// The connection is refused; nothing is sent. Over HTTP it breaks before the request is carried out.
    Refused,
    /// The connection breaks before the request is carried out.
    ResetBefore,
    /// The request is carried out, then the connection breaks.
    ResetAfter,
    /// The request is carried out, half of the answer comes, then the connection breaks.
    Truncated,
    /// The answer is longer than any cap: filled up with spaces to this many MiB.
    Oversized(u8),
    /// The provider is still computing; ask again. Only where the provider has such an answer.
    NotReady,
    /// The request is carried out, and answered by other headers or another body.
    Altered,
}

impl Fault {
    /// The kind in words, for counts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Throttle(_) => "throttled",
            Self::QuotaExhausted => "quota exhausted",
            Self::Status(_) | Self::HtmlPage(_) => "server error",
            Self::Slow(_) => "slow answer",
            Self::Refused => "connection refused",
            Self::ResetBefore => "reset before the request ran",
            Self::ResetAfter => "reset after the request ran",
            Self::Truncated => "truncated answer",
            Self::Oversized(_) => "oversized answer",
            Self::NotReady => "not ready",
            Self::Altered => "altered answer",
        }
    }

    /// Whether the fake gets to see a request that goes wrong like this.
    pub(crate) fn carries_out(self) -> bool {
        matches!(self, Self::Slow(_) | Self::ResetAfter | Self::Truncated | Self::Oversized(_) | Self::Altered)
    }
}
