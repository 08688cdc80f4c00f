//! A credential that fetches its token, and renews it for all who use it.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt;
use futures_util::future::{Either, select};
use secrecy::ExposeSecret;
use tokio::sync::Mutex;

use super::{AuthHeaders, Credential, Token, TokenSource, TokenStore, next_partition};
use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::options::BoxFuture;

/// A token is renewed this long before its end, or when a tenth of its time is left if that is less.
const EARLY: TimeDelta = TimeDelta::minutes(5);

/// From the beginning of one early renewal to that of the next.
const EARLY_PAUSE: Duration = Duration::from_secs(10);

/// How long a call that renews early puts up with it before it goes on with the token that is still valid.
const EARLY_PATIENCE: Duration = Duration::from_secs(2);

/// A fetch that takes longer is given up.
const FETCH_LIMIT: Duration = Duration::from_secs(300);

/// A credential whose token is fetched on first use and renewed when a call finds that it is time; nothing runs in the
/// background.
///
/// * **In time.** A token with an end is renewed five minutes before it, or when a tenth of its time is left if that is
///   less. One call does it, the others go on with the valid token without waiting. So does that call too if the
///   renewal fails or takes longer than two seconds. Early renewals begin at least ten seconds apart.
/// * **Too late.** Once the token has ended or was rejected, all calls wait for one renewal, and share its failure if it
///   fails: a hundred calls with a wrong password are one login.
/// * **Nothing is lost.** When a call is given up in the middle of a renewal, the next one goes on from there, for up
///   to five minutes: the provider may have put a new refresh token in the place of the old one already.
/// * **Saved before use.** With a [`TokenStore`], a token is used only once it is saved. While saving fails, so do the
///   calls that need the new token, with the store's error; what was fetched is kept and saved by the next of them.
pub struct TokenCredential<S> {
    source: Arc<S>,
    store: Option<Arc<dyn TokenStore>>,
    clock: Arc<dyn Clock>,
    current: RwLock<Option<Held>>,
    renewal: Mutex<Renewal>,
    /// How many renewals have ended.
    renewals: AtomicU64,
    partition: u64,
}

/// The token in use.
#[derive(Debug, Clone)]
struct Held {
    token: Arc<Token>,
    headers: Arc<AuthHeaders>,
    /// From when on it is renewed although it is still valid.
    ages_at: Option<DateTime<Utc>>,
    rejected: bool,
}

/// The one renewal that may be under way.
#[derive(Default)]
struct Renewal {
    stage: Stage,
    /// What the last one came to, for those who waited for it.
    outcome: Option<Result<Arc<AuthHeaders>>>,
    /// When the next early one may begin.
    next_early: Option<Instant>,
}

/// How far a renewal has come. It belongs to no caller: whoever is dropped leaves it to the next one.
#[derive(Default)]
enum Stage {
    #[default]
    Idle,
    Fetching(BoxFuture<Result<Token>>),
    Fetched(Arc<Token>),
}

impl<S: TokenSource> TokenCredential<S> {
    /// A credential that has not fetched anything yet.
    pub fn new(source: S, clock: Arc<dyn Clock>) -> Self {
        Self {
            source: Arc::new(source),
            store: None,
            clock,
            current: RwLock::default(),
            renewal: Mutex::default(),
            renewals: AtomicU64::new(0),
            partition: next_partition(),
        }
    }

    /// Keeps the token in `store`, and begins with the one that is there if it is still good.
    pub fn with_store(mut self, store: Arc<dyn TokenStore>) -> Self {
        self.store = Some(store);
        self
    }

    fn held(&self) -> Option<Held> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn valid(&self) -> Option<Held> {
        let now = self.clock.now_utc();
        self.held().filter(|held| held.is_valid(now))
    }

    fn is_ageing(&self, held: &Held) -> bool {
        held.ages_at.is_some_and(|at| at <= self.clock.now_utc())
    }

    async fn renew_early(&self) {
        let Ok(mut renewal) = self.renewal.try_lock() else { return };
        let now = self.clock.now();
        // Asked again, because somebody may just have renewed it.
        if !self.valid().is_some_and(|held| self.is_ageing(&held)) || renewal.next_early.is_some_and(|at| now < at) {
            return;
        }
        renewal.next_early = Some(now + EARLY_PAUSE);
        select(pin!(self.conclude(&mut renewal)), self.clock.deadline(now + EARLY_PATIENCE)).await;
    }

    async fn renew(&self) -> Result<Arc<AuthHeaders>> {
        let before = self.renewals.load(Ordering::Acquire);
        let mut renewal = self.renewal.lock().await;
        if let Some(held) = self.valid() {
            return Ok(held.headers);
        }
        match &renewal.outcome {
            Some(outcome) if self.renewals.load(Ordering::Acquire) != before => outcome.clone(),
            _ => self.conclude(&mut renewal).await,
        }
    }

    async fn conclude(&self, renewal: &mut Renewal) -> Result<Arc<AuthHeaders>> {
        let outcome = self.obtain(&mut renewal.stage).await.map(|held| {
            let headers = Arc::clone(&held.headers);
            *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(held);
            headers
        });
        renewal.outcome = Some(outcome.clone());
        self.renewals.fetch_add(1, Ordering::Release);
        outcome
    }

    /// A token in place of the present one, saved where there is a store.
    async fn obtain(&self, stage: &mut Stage) -> Result<Held> {
        let mut begun = false;
        loop {
            match stage {
                Stage::Idle => {
                    let (held, stored) = (self.held().map(|held| held.token), self.stored().await?);
                    let newer =
                        stored.as_ref().filter(|stored| !held.as_ref().is_some_and(|held| held.is_same(stored)));
                    let newer = newer.and_then(|token| self.hold(token).ok());
                    if let Some(newer) = newer.filter(|newer| newer.is_valid(self.clock.now_utc())) {
                        return Ok(newer);
                    }
                    *stage = Stage::Fetching(self.fetch(stored.or(held)));
                    begun = true;
                }
                Stage::Fetching(fetch) => match fetch.await {
                    Ok(token) => *stage = Stage::Fetched(Arc::new(token)),
                    Err(error) => {
                        *stage = Stage::Idle;
                        // What a fetch fails with that was left alone says nothing about the next one.
                        if begun {
                            return Err(error);
                        }
                    }
                },
                Stage::Fetched(token) => {
                    if let Some(store) = &self.store {
                        store.save(token).await?;
                    }
                    let held = self.hold(token);
                    *stage = Stage::Idle;
                    return held;
                }
            }
        }
    }

    async fn stored(&self) -> Result<Option<Arc<Token>>> {
        let Some(store) = &self.store else { return Ok(None) };
        Ok(store.load().await?.map(Arc::new))
    }

    fn fetch(&self, last: Option<Arc<Token>>) -> BoxFuture<Result<Token>> {
        let source = Arc::clone(&self.source);
        let limit = self.clock.deadline(self.clock.now() + FETCH_LIMIT);
        Box::pin(async move {
            // A panic must not stay where every later call would find it.
            let fetch = AssertUnwindSafe(source.fetch(last.as_deref())).catch_unwind();
            match select(pin!(fetch), limit).await {
                Either::Left((fetched, _)) => fetched.unwrap_or_else(|_| Err(panicked())),
                Either::Right(_) => Err(Error::new(ErrorKind::Timeout, "the token was not there in time")),
            }
        })
    }

    fn hold(&self, token: &Arc<Token>) -> Result<Held> {
        let pairs = token.headers().iter().map(|(name, value)| (name.clone(), value.expose_secret()));
        let headers = Arc::new(AuthHeaders::new("token", pairs)?.renewed());
        let now = self.clock.now_utc();
        let ages_at = token.expires_at().map(|end| end - EARLY.min((end - now) / 10).max(TimeDelta::zero()));
        Ok(Held { token: Arc::clone(token), headers, ages_at, rejected: false })
    }
}

fn panicked() -> Error {
    Error::new(ErrorKind::Cancelled, "the token source panicked")
}

impl Held {
    fn is_valid(&self, now: DateTime<Utc>) -> bool {
        !self.rejected && self.token.expires_at().is_none_or(|end| now < end)
    }
}

#[async_trait]
impl<S: TokenSource> Credential for TokenCredential<S> {
    async fn headers(&self) -> Result<Arc<AuthHeaders>> {
        if let Some(held) = self.valid() {
            if !self.is_ageing(&held) {
                return Ok(held.headers);
            }
            self.renew_early().await;
        }
        match self.valid() {
            Some(held) => Ok(held.headers),
            None => self.renew().await,
        }
    }

    async fn rejected(&self, seen: &AuthHeaders) -> Result<bool> {
        if let Some(held) = self.current.write().unwrap_or_else(PoisonError::into_inner).as_mut()
            && held.headers.generation() == seen.generation()
        {
            held.rejected = true;
        }
        Ok(self.headers().await?.generation() > seen.generation())
    }

    fn partition(&self) -> u64 {
        self.partition
    }
}

impl<S: fmt::Debug> fmt::Debug for TokenCredential<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCredential")
            .field("source", &self.source)
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}
