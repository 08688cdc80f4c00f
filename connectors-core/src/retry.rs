//! When a failed request is sent again, and after how long.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::{HeaderMap, header};

/// How failed requests are repeated. The defaults suit a service without special rules.
///
/// What may be repeated at all follows from the operation's [`Safety`](crate::provider::Safety) and from the
/// provider's own error codes; this says how often and how fast.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// Requests per call at the most, the first included. Polls for a pending answer do not count.
    pub max_attempts: u32,
    /// The first back-off is a random time below this; it doubles from attempt to attempt.
    pub base_delay: Duration,
    /// No back-off is longer.
    pub max_delay: Duration,
    /// A longer `Retry-After` is not waited for: the call fails at once and tells it.
    pub max_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            base_delay: Duration::from_millis(250),
            max_delay: Duration::from_secs(20),
            max_retry_after: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// Every request is sent once.
    pub fn never() -> Self {
        Self::default().attempts(1)
    }

    /// At most `max` requests per call; 0 counts as 1.
    pub fn attempts(mut self, max: u32) -> Self {
        self.max_attempts = max.max(1);
        self
    }

    /// Back-off from `base`, doubling up to `max`.
    pub fn backoff(mut self, base: Duration, max: Duration) -> Self {
        (self.base_delay, self.max_delay) = (base, max);
        self
    }

    /// The longest `Retry-After` that is waited for.
    pub fn retry_after_up_to(mut self, max: Duration) -> Self {
        self.max_retry_after = max;
        self
    }

    /// Full jitter: anything from nothing up to the doubled base, so that many clients do not come back at once.
    pub(crate) fn backoff_after(&self, failures: u32, random: f64) -> Duration {
        let factor = 2_u32.checked_pow(failures.saturating_sub(1)).unwrap_or(u32::MAX);
        self.base_delay.saturating_mul(factor).min(self.max_delay).mul_f64(random.clamp(0.0, 1.0))
    }
}

/// How an answer that is not ready yet is asked for again.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PollPolicy {
    /// The first wait, unless the provider's classifier knows better.
    pub first: Duration,
    /// Each wait is this much longer than the one before.
    pub factor: f64,
    /// No wait is longer.
    pub max: Duration,
}

impl Default for PollPolicy {
    fn default() -> Self {
        Self { first: Duration::from_secs(1), factor: 1.6, max: Duration::from_secs(10) }
    }
}

impl PollPolicy {
    const SHORTEST: Duration = Duration::from_millis(50);

    /// The wait before the poll after `polls` fruitless ones, 20 % around the plan.
    pub(crate) fn wait(&self, polls: u32, hint: Option<Duration>, random: f64) -> Duration {
        let first = hint.unwrap_or(self.first).as_secs_f64();
        let exponent = i32::try_from(polls).unwrap_or(i32::MAX);
        let planned = (first * self.factor.powi(exponent)).min(self.max.as_secs_f64());
        // Never at once, whatever the provider hints at: a poll costs it work, too.
        Duration::from_secs_f64((planned * (0.8 + 0.4 * random)).clamp(0.0, self.max.as_secs_f64())).max(Self::SHORTEST)
    }
}

/// A purse for retries, shared by all calls of a client: a sick provider is not flooded.
///
/// Full it pays for 50 retries; each retry costs 1, each call that succeeds at first puts back 0.1.
/// In a long outage of every second request that makes at most 1.1 requests per call.
#[derive(Debug)]
pub struct RetryBudget {
    tokens: Mutex<f64>,
}

impl RetryBudget {
    const CAPACITY: f64 = 50.0;
    const REFILL: f64 = 0.1;

    /// A full purse.
    pub fn new() -> Self {
        Self { tokens: Mutex::new(Self::CAPACITY) }
    }

    /// Takes one retry; false when the purse is empty.
    pub fn withdraw(&self) -> bool {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let affordable = *tokens >= 1.0;
        if affordable {
            *tokens -= 1.0;
        }
        affordable
    }

    /// Puts a little back after a success.
    pub fn deposit(&self) {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        *tokens = (*tokens + Self::REFILL).min(Self::CAPACITY);
    }
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self::new()
    }
}

/// Reads `Retry-After` in seconds or as a date. Zero, the past and nonsense count as absent: a server that says
/// "now" while it refuses would otherwise burn every attempt at once.
pub fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let value = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = if let Ok(seconds) = value.parse::<f64>() {
        Duration::try_from_secs_f64(seconds).ok()?
    } else {
        let date = DateTime::<Utc>::from(httpdate::parse_http_date(value).ok()?);
        (date - now).to_std().ok()?
    };
    (!wait.is_zero()).then_some(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(value: &str) -> Option<Duration> {
        let now = DateTime::from_timestamp(1_780_000_000, 0).unwrap();
        retry_after(&HeaderMap::from_iter([(header::RETRY_AFTER, value.parse().unwrap())]), now)
    }

    #[test]
    fn retry_after_takes_both_forms_and_ignores_nonsense() {
        let date = httpdate::fmt_http_date(std::time::UNIX_EPOCH + Duration::from_secs(1_780_000_090));
        assert_eq!(parse("7"), Some(Duration::from_secs(7)));
        assert_eq!(parse(&date), Some(Duration::from_secs(90)));
        for nonsense in ["0", "-3", "soon", "", "NaN", "Thu, 01 Jan 1970 00:00:00 GMT"] {
            assert_eq!(parse(nonsense), None, "{nonsense:?}");
        }
        assert_eq!(parse("1e300"), None);
        assert!(parse("99999999").is_some_and(|d| d > Duration::from_secs(60)), "kept, so that the call can fail fast");
    }

    #[test]
    fn backoff_doubles_up_to_its_cap_and_never_overflows() {
        let policy = RetryPolicy::default();
        let longest = |n| policy.backoff_after(n, 1.0);
        assert_eq!([longest(1), longest(2), longest(3)].map(|d| d.as_millis()), [250, 500, 1000]);
        assert_eq!(longest(u32::MAX), policy.max_delay);
        assert_eq!(policy.backoff_after(5, 0.0), Duration::ZERO);
    }

    #[test]
    fn polls_slow_down_to_their_cap() {
        let policy = PollPolicy::default();
        let planned: Vec<_> = (0..8).map(|n| policy.wait(n, None, 0.5).as_secs_f64()).collect();
        assert!(planned.windows(2).all(|w| w[0] <= w[1]) && planned[7] <= 10.0, "{planned:?}");
    }
}
