//! The requests of a month: how many there were, and that no more are sent than the plan allows.

mod file;
mod month;
mod store;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use connectors_core::provider::{Core, Gate, Operation, Passed};
use connectors_core::{BoxFuture, Clock, Error, ErrorKind, Result};

pub use self::file::FileQuotaStore;
pub use self::month::QuotaMonth;
pub use self::store::{MemoryQuotaStore, QuotaStore};

/// How many requests were sent this month, and how many may be: [`QrTigerClient::quota`](crate::QrTigerClient::quota).
///
/// Every request to the provider counts, also one that fails or is sent again; what was certainly never sent is given
/// back, and images are fetched from elsewhere. In doubt it counts too many: a call that is dropped while the store
/// counts it, and what is under way when a month ends, in both. Months are those of UTC: whose months the provider counts is not
/// documented. Requests that others send with the same key are counted only through a store that is shared with them.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// # use connectors_mock::MockQrTiger;
/// use connectors_core::ErrorKind;
///
/// let mock = MockQrTiger::builder().client(|client| client.monthly_quota(2)).build()?;
/// let (quota, campaigns) = (mock.client().quota(), mock.client().campaigns());
/// let menu = campaigns.create("https://example.com/menu").await?;
/// assert_eq!((quota.used().await?, quota.left().await?), (1, Some(1)));
/// assert_eq!(quota.check(2).await.unwrap_err().kind(), ErrorKind::QuotaExhausted, "said before bulk work begins");
///
/// campaigns.edit(&menu.id).name("Menu").await?;
/// let refused = campaigns.create("https://example.com/other").await.unwrap_err();
/// assert_eq!((refused.kind(), refused.attempts()), (ErrorKind::QuotaExhausted, 0));
/// println!("again on {}", quota.renews_at());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Quota(Arc<Counter>);

impl Quota {
    pub(crate) fn new(limit: Option<u32>, store: Arc<dyn QuotaStore>, clock: Arc<dyn Clock>) -> Self {
        let state = State::new(QuotaMonth::of(clock.now_utc()));
        Self(Arc::new(Counter { limit, store, clock, state: Mutex::new(state) }))
    }

    pub(crate) fn gate(&self) -> Arc<dyn Gate> {
        Arc::clone(&self.0) as _
    }

    /// How many requests a month may have, if that was [set](crate::QrTigerBuilder::monthly_quota).
    pub fn limit(&self) -> Option<u32> {
        self.0.limit
    }

    /// The month that requests count in now.
    pub fn month(&self) -> QuotaMonth {
        self.0.state().month
    }

    /// When the next month begins.
    pub fn renews_at(&self) -> chrono::DateTime<chrono::Utc> {
        self.month().end()
    }

    /// How many requests were sent this month, those that are about to be sent included.
    pub async fn used(&self) -> Result<u64> {
        let month = self.month();
        let stored = self.0.store.used(month).await?;
        let state = self.0.state();
        // The month may have ended meanwhile.
        let (owed, spare) = if state.month == month { (state.owed, state.spare) } else { (0, 0) };
        Ok(stored.saturating_add(owed.into()).saturating_sub(spare.into()))
    }

    /// How many requests may still be sent this month; `None` where no limit is set.
    pub async fn left(&self) -> Result<Option<u64>> {
        let used = self.used().await?;
        Ok(self.limit().map(|limit| u64::from(limit).saturating_sub(used)))
    }

    /// Fails with [`QuotaExhausted`](ErrorKind::QuotaExhausted) unless this many requests may still be sent this month.
    /// They are not reserved: whatever else the client does meanwhile takes from the same.
    pub async fn check(&self, requests: u64) -> Result<()> {
        match (self.left().await?, self.limit()) {
            (Some(left), Some(limit)) if left < requests => {
                let message =
                    format!("{requests} requests are needed, and of the month's {limit} only {left} are left");
                Err(self.0.exhausted(message))
            }
            _ => Ok(()),
        }
    }

    /// Why something is not sent.
    pub(crate) fn exhausted(&self) -> Error {
        self.0.used_up()
    }
}

impl fmt::Debug for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Quota").field("limit", &self.0.limit).field("store", &self.0.store).finish_non_exhaustive()
    }
}

/// What the clones of a client share.
#[derive(Debug)]
struct Counter {
    limit: Option<u32>,
    store: Arc<dyn QuotaStore>,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

/// What the store does not know.
#[derive(Debug)]
struct State {
    month: QuotaMonth,
    /// Counted for requests that are about to enter.
    granted: u32,
    under_way: u32,
    /// Counted for requests that were never sent: the next ones need not be counted.
    spare: u32,
    /// Under way when the month began, so counted in the last one alone: to be counted before anything else.
    owed: u32,
}

impl State {
    fn new(month: QuotaMonth) -> Self {
        Self { month, granted: 0, under_way: 0, spare: 0, owed: 0 }
    }
}

impl Counter {
    /// The state as it is this month. A clock that is set back does not bring an old month back.
    fn state(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let month = QuotaMonth::of(self.clock.now_utc());
        if month > state.month {
            // In which of the two the provider counts what is under way, nobody can tell: it counts in both.
            state.owed = state.under_way.saturating_add(state.granted);
            (state.month, state.spare) = (month, 0);
        }
        state
    }

    /// Counts a request before it is sent. What the store cannot count is not sent.
    async fn reserve(&self) -> Result<()> {
        loop {
            let (month, owed) = {
                let mut state = self.state();
                (state.month, Owed { counter: self, month: state.month, requests: std::mem::take(&mut state.owed) })
            };
            if owed.requests > 0 {
                self.store.count(month, owed.requests, None).await?;
            }
            owed.settle();
            if !self.store.count(month, 1, self.limit).await? {
                return Err(self.used_up());
            }
            let mut state = self.state();
            if state.month == month {
                state.granted += 1;
                return Ok(());
            }
        }
    }

    fn used_up(&self) -> Error {
        self.exhausted(format!("the month's {} requests are used up", self.limit.unwrap_or_default()))
    }

    fn exhausted(&self, message: String) -> Error {
        let renews_at = self.state().month.end();
        let until = (renews_at - self.clock.now_utc()).to_std().unwrap_or_default();
        Error::new(ErrorKind::QuotaExhausted, message)
            .with_retryable(false)
            .with_retry_after(until)
            .with_hint(format!("wait for {}, or set what your plan allows", renews_at.date_naive()))
    }
}

/// Requests to be counted, which stay owed until they are.
struct Owed<'a> {
    counter: &'a Counter,
    month: QuotaMonth,
    requests: u32,
}

impl Owed<'_> {
    fn settle(mut self) {
        self.requests = 0;
    }
}

impl Drop for Owed<'_> {
    fn drop(&mut self) {
        let mut state = self.counter.state();
        if state.month == self.month {
            state.owed = state.owed.saturating_add(self.requests);
        }
    }
}

impl Gate for Counter {
    fn prepare(self: Arc<Self>, _: &Core, _: &'static Operation) -> Option<BoxFuture<Result<()>>> {
        {
            let mut state = self.state();
            if state.spare > 0 {
                (state.spare, state.granted) = (state.spare - 1, state.granted + 1);
                return None;
            }
        }
        Some(Box::pin(async move { self.reserve().await }))
    }

    fn enter(&self, _: &'static Operation) -> Result<()> {
        let mut state = self.state();
        let Some(granted) = state.granted.checked_sub(1) else {
            drop(state);
            return Err(self.exhausted("the request was not counted".to_owned()));
        };
        (state.granted, state.under_way) = (granted, state.under_way + 1);
        Ok(())
    }

    fn leave(&self, _: &'static Operation, passed: Passed) {
        let mut state = self.state();
        state.under_way = state.under_way.saturating_sub(1);
        if passed == Passed::Unsent {
            if state.owed > 0 {
                state.owed -= 1;
            } else {
                state.spare += 1;
            }
        }
    }
}
