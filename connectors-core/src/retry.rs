//! When a failed request is sent again, and after how long.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
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
        let longest = self.base_delay.saturating_mul(factor).min(self.max_delay);
        seconds(longest.as_secs_f64() * random).min(longest)
    }
}

/// A duration of so many seconds; none for what is negative or no number, the longest there is for what is longer.
fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX)
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
    /// The first wait, for answers whose provider does not know better.
    pub fn first(mut self, wait: Duration) -> Self {
        self.first = wait;
        self
    }

    /// Each wait is `factor` times as long as the one before, up to `max`.
    pub fn growing(mut self, factor: f64, max: Duration) -> Self {
        (self.factor, self.max) = (factor, max);
        self
    }

    const SHORTEST: Duration = Duration::from_millis(50);

    /// The wait before the poll after `polls` fruitless ones, 20 % around the plan.
    pub(crate) fn wait(&self, polls: u32, hint: Option<Duration>, random: f64) -> Duration {
        let first = hint.unwrap_or(self.first).as_secs_f64();
        let exponent = i32::try_from(polls).unwrap_or(i32::MAX);
        let planned = (first * self.factor.powi(exponent)).min(self.max.as_secs_f64());
        // Never at once, whatever the provider hints at: a poll costs it work, too.
        seconds(planned * (0.8 + 0.4 * random)).min(self.max).max(Self::SHORTEST)
    }
}

/// A purse for retries, shared by all calls of a client: a sick provider is not flooded.
///
/// Full it pays for 50 retries; ten calls that succeed at first pay for one more. In a long outage of every second
/// request that makes at most 1.1 requests per call.
#[derive(Debug)]
pub struct RetryBudget(AtomicU32);

impl RetryBudget {
    const RETRY: u32 = 10;
    const SUCCESS: u32 = 1;
    const CAPACITY: u32 = 50 * Self::RETRY;

    /// A full purse.
    pub fn new() -> Self {
        Self(AtomicU32::new(Self::CAPACITY))
    }

    /// Takes one retry; `None` when the purse is empty.
    pub fn withdraw(&self) -> Option<Withdrawal<'_>> {
        let paid = self.0.fetch_update(Relaxed, Relaxed, |held| held.checked_sub(Self::RETRY)).is_ok();
        paid.then(|| Withdrawal { budget: self, spent: false })
    }

    /// Puts a little back after a success.
    pub fn deposit(&self) {
        self.put(Self::SUCCESS);
    }

    fn put(&self, amount: u32) {
        let fuller = |held: u32| Some(held.saturating_add(amount).min(Self::CAPACITY));
        // It never refuses.
        let _ = self.0.fetch_update(Relaxed, Relaxed, fuller);
    }
}

/// A retry that is paid for. Dropped before it is [spent](Self::spend), it goes back: a call that is given up while it
/// waits costs nobody else a retry.
#[derive(Debug)]
#[must_use = "a withdrawal that is not spent goes back"]
pub struct Withdrawal<'a> {
    budget: &'a RetryBudget,
    spent: bool,
}

impl Withdrawal<'_> {
    /// The retry is made.
    pub fn spend(mut self) {
        self.spent = true;
    }
}

impl Drop for Withdrawal<'_> {
    fn drop(&mut self) {
        if !self.spent {
            self.budget.put(RetryBudget::RETRY);
        }
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
    use proptest::prelude::*;

    use super::*;

    /// 28 May 2026, 20:26:40 UTC.
    const NOW: i64 = 1_780_000_000;

    fn parse(value: &str) -> Option<Duration> {
        let now = DateTime::from_timestamp(NOW, 0).unwrap();
        retry_after(&HeaderMap::from_iter([(header::RETRY_AFTER, value.parse().ok()?)]), now)
    }

    fn date(timestamp: u64) -> String {
        httpdate::fmt_http_date(std::time::UNIX_EPOCH + Duration::from_secs(timestamp))
    }

    #[test]
    fn retry_after_takes_both_forms_and_ignores_nonsense() {
        assert_eq!(parse("7"), Some(Duration::from_secs(7)));
        assert_eq!(parse(" 2.5 "), Some(Duration::from_millis(2500)));
        assert_eq!(parse(&date(1_780_000_090)), Some(Duration::from_secs(90)));
        for nonsense in ["0", "-3", "soon", "", "NaN", "inf", "1e300", "7s", "Thu, 01 Jan 1970 00:00:00 GMT"] {
            assert_eq!(parse(nonsense), None, "{nonsense:?}");
        }
        assert!(parse("99999999").is_some_and(|d| d > Duration::from_secs(60)), "kept, so that the call can fail fast");
    }

    #[test]
    fn backoff_doubles_up_to_its_cap_and_never_overflows() {
        let policy = RetryPolicy::default();
        let longest = |n| policy.backoff_after(n, 1.0);
        assert_eq!([longest(1), longest(2), longest(3)].map(|d| d.as_millis()), [250, 500, 1000]);
        assert_eq!(longest(u32::MAX), policy.max_delay);
        assert_eq!(policy.backoff_after(5, 0.0), Duration::ZERO);
        assert_eq!(policy.backoff_after(1, 0.5), Duration::from_millis(125));
        assert_eq!(policy.backoff(Duration::MAX, Duration::MAX).backoff_after(2, 1.0), Duration::MAX);
    }

    #[test]
    fn polls_slow_down_to_their_cap() {
        let policy = PollPolicy::default();
        let planned = |n, hint| policy.wait(n, hint, 0.5).as_millis();
        assert_eq!([0, 1, 2].map(|n| planned(n, None)), [1000, 1600, 2560]);
        assert_eq!([0, 1].map(|n| planned(n, Some(Duration::from_secs(4)))), [4000, 6400]);
        assert_eq!(planned(1000, None), 10_000);
        assert_eq!([0.0, 1.0].map(|random| policy.wait(0, None, random).as_millis()), [800, 1200]);
        assert_eq!(policy.wait(0, Some(Duration::ZERO), 1.0), PollPolicy::SHORTEST);
    }

    #[test]
    fn policies_are_set_in_words() {
        let retry = RetryPolicy::default().attempts(0).backoff(Duration::ZERO, Duration::MAX);
        assert_eq!((retry.max_attempts, retry.max_delay), (1, Duration::MAX));
        assert_eq!(RetryPolicy::never().max_attempts, 1);
        let patient = retry.clone().retry_after_up_to(Duration::from_secs(900));
        assert_eq!((patient.max_retry_after.as_secs(), patient.max_delay), (900, Duration::MAX));
        let poll = PollPolicy::default().first(Duration::from_secs(3)).growing(2.0, Duration::from_secs(5));
        assert_eq!([0, 1].map(|n| poll.wait(n, None, 0.5).as_secs()), [3, 5]);
        for nonsense in [f64::NAN, -2.0] {
            let wait = PollPolicy::default().growing(nonsense, Duration::from_secs(5)).wait(1, None, 0.5);
            assert!(wait >= PollPolicy::SHORTEST && wait <= Duration::from_secs(5));
        }
    }

    #[test]
    fn a_purse_pays_for_fifty_retries_and_is_never_fuller() {
        let budget = RetryBudget::new();
        let spend = || budget.withdraw().map(Withdrawal::spend).is_some();
        (0..100).for_each(|_| budget.deposit());
        assert_eq!((0..60).filter(|_| spend()).count(), 50);
        (0..9).for_each(|_| budget.deposit());
        assert!(!spend(), "nine successes do not pay for a retry");
        budget.deposit();
        assert!(spend() && !spend());
        (0..10).for_each(|_| budget.deposit());
        drop(budget.withdraw());
        assert!(spend() && !spend(), "what was not spent went back");
    }

    fn durations() -> impl Strategy<Value = Duration> {
        let common = (0..100_000_u64).prop_map(Duration::from_millis);
        prop_oneof![common, any::<Duration>(), Just(Duration::ZERO), Just(Duration::MAX)]
    }

    proptest! {
        #[test]
        fn a_backoff_never_exceeds_its_cap_nor_shrinks_with_the_failures(
            base in durations(), max in durations(), failures in any::<u32>(), random in 0.0..=1.0,
        ) {
            let policy = RetryPolicy::default().backoff(base, max);
            let wait = policy.backoff_after(failures, random);
            prop_assert!(wait <= max);
            prop_assert!(wait <= policy.backoff_after(failures.saturating_add(1), random));
        }

        #[test]
        fn a_poll_wait_stays_between_its_floor_and_its_cap(
            first in durations(), max in durations(), hint in prop::option::of(durations()),
            factor in any::<f64>(), polls in any::<u32>(), random in 0.0..=1.0,
        ) {
            let wait = PollPolicy::default().first(first).growing(factor, max).wait(polls, hint, random);
            prop_assert!(wait >= PollPolicy::SHORTEST && wait <= max.max(PollPolicy::SHORTEST));
        }

        #[test]
        fn any_retry_after_is_read_or_ignored(value in "\\PC{0,40}") {
            prop_assert!(parse(&value).is_none_or(|wait| !wait.is_zero()));
        }

        #[test]
        fn seconds_and_dates_say_the_same(wait in 1..100_000_000_u32) {
            let wait = u64::from(wait);
            prop_assert_eq!(parse(&wait.to_string()), Some(Duration::from_secs(wait)));
            prop_assert_eq!(parse(&date(NOW.unsigned_abs() + wait)), Some(Duration::from_secs(wait)));
        }
    }
}
