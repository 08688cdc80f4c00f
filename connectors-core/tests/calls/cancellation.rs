//! Calls that are dropped at every one of their await points: nothing is stuck, nothing leaks, nothing goes on.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use connectors_core::provider::{
    AuthHeaders, CacheKey, Cached, ClientOptions, Core, Credential, Defaults, Fetched, next_partition,
};
use connectors_core::testing::VirtualClock;
use connectors_core::{
    CacheOutcome, CachePolicy, Clock, Error, HttpRequest, HttpResponse, RateLimits, Response, Result, Transport,
    TransportError,
};
use url::Url;

use crate::common::{Judge, UPSERT};

const LONG: Duration = Duration::from_secs(3600);
const LOGIN: Duration = Duration::from_millis(50);
const LATENCY: Duration = Duration::from_millis(100);
const RETRY_AFTER: Duration = Duration::from_secs(2);
/// Two requests in five seconds.
const WINDOW: (u32, Duration) = (2, Duration::from_secs(5));
/// What a window counts a request for longer at most, for its own sake and for that of the one before.
const MARGIN: Duration = Duration::from_millis(160);

/// Everything that a call can wait for: throttled, failed, not ready, and then an answer.
const EVENTFUL: [u16; 4] = [429, 503, 202, 200];

/// Answers with these statuses, then with 200, each after the latency.
#[derive(Debug)]
struct Provider {
    clock: VirtualClock,
    statuses: Mutex<VecDeque<u16>>,
    /// When requests came, and what for.
    sent: Mutex<Vec<(Duration, String)>>,
    paused_until: Mutex<Duration>,
}

#[async_trait]
impl Transport for Provider {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let status = self.statuses.lock().unwrap().pop_front().unwrap_or(200);
        self.sent.lock().unwrap().push((self.clock.elapsed(), request.uri().path().to_owned()));
        self.clock.sleep(LATENCY).await;
        let mut answer = http::Response::builder().status(status);
        if status == 429 {
            *self.paused_until.lock().unwrap() = self.clock.elapsed() + RETRY_AFTER;
            answer = answer.header("retry-after", RETRY_AFTER.as_secs());
        }
        Ok(answer.body(Bytes::from_static(b"{}").into()).unwrap())
    }
}

/// A credential that takes time.
#[derive(Debug)]
struct Login(VirtualClock);

#[async_trait]
impl Credential for Login {
    async fn headers(&self) -> Result<Arc<AuthHeaders>> {
        self.0.sleep(LOGIN).await;
        AuthHeaders::new("key", [(http::header::AUTHORIZATION, "Bearer key")]).map(Arc::new)
    }

    async fn rejected(&self, _: &AuthHeaders) -> Result<bool> {
        Ok(false)
    }

    fn partition(&self) -> u64 {
        next_partition()
    }
}

struct Rig {
    clock: VirtualClock,
    provider: Arc<Provider>,
    core: Core,
}

impl Rig {
    fn new() -> Self {
        let clock = VirtualClock::default();
        let provider = Arc::new(Provider {
            clock: clock.clone(),
            statuses: Mutex::new(EVENTFUL.into()),
            sent: Mutex::default(),
            paused_until: Mutex::default(),
        });
        let mut options = ClientOptions::default();
        options.transport = Some(Arc::clone(&provider) as Arc<dyn Transport>);
        options.clock = Some(Arc::new(clock.clone()) as Arc<dyn Clock>);
        options.limits = Some(RateLimits::none().in_flight(1).window("*", WINDOW.0, WINDOW.1));
        options.seed = Some(7);
        let base = Url::parse("https://scripted.example").unwrap();
        let login = Arc::new(Login(clock.clone()));
        let core = Core::new("scripted", &base, Some(login), Judge, Defaults::default(), &options).unwrap();
        Self { clock, provider, core }
    }

    /// A write of the thing that all write.
    async fn call(&self, caller: &str) -> Result<Response<Bytes>> {
        self.core.call(&UPSERT).path("id", caller).lock("thing").send_bytes().await
    }

    async fn cached(&self) -> Result<Cached<Bytes>> {
        let (core, key) = (self.core.clone(), CacheKey::new(0, "thing", b""));
        let fetch = async move {
            let value = core.call(&UPSERT).path("id", "cached").lock("thing").send_bytes().await?.into_inner();
            Ok::<_, Error>(Fetched { value, bytes: 2, ttl: 2 * LONG })
        };
        self.core.cache().get_or_fetch(key, CachePolicy::Use, self.clock.now() + LONG, fetch).await
    }

    fn requests(&self, caller: &str) -> usize {
        self.provider.sent.lock().unwrap().iter().filter(|(_, path)| path.ends_with(caller)).count()
    }

    /// The next call goes through as early as what was sent before permits, and finds nobody else at work.
    async fn assert_free(&self, context: &str) {
        self.provider.statuses.lock().unwrap().clear();
        let (places, per) = (usize::try_from(WINDOW.0).unwrap(), WINDOW.1);
        let window = self.provider.sent.lock().unwrap().iter().rev().nth(places - 1).map(|(sent, _)| *sent + per);
        let paused = *self.provider.paused_until.lock().unwrap();
        let earliest = (self.clock.elapsed() + LOGIN).max(paused).max(window.unwrap_or_default()) + LATENCY;
        let answer = self.call("next").await.unwrap();
        let end = self.clock.elapsed();
        assert!((earliest..=earliest + MARGIN).contains(&end), "{context}: {end:?} instead of {earliest:?}");
        assert_eq!(answer.meta().attempts, 1, "{context}");
        let rate = answer.meta().rate.clone().unwrap();
        assert_eq!((rate.in_flight, rate.queued), (0, 0), "{context}");
    }
}

/// What `work` comes to within so many polls.
pub async fn polled<F: Future>(work: F, polls: usize) -> Option<F::Output> {
    let (mut work, mut left) = (pin!(work), polls);
    poll_fn(|cx| {
        let polled = work.as_mut().poll(cx).map(Some);
        left -= 1;
        if left == 0 && polled.is_pending() { Poll::Ready(None) } else { polled }
    })
    .await
}

#[tokio::test]
async fn a_call_dropped_anywhere_leaves_nothing_behind() {
    for polls in 1.. {
        let rig = Rig::new();
        let outcome = polled(rig.call("victim"), polls).await;
        let sent = rig.requests("victim");
        let context = format!("dropped after {polls} polls and {sent} requests");
        rig.assert_free(&context).await;
        rig.clock.sleep(LONG).await;
        assert_eq!(rig.requests("victim"), sent, "{context}");
        if let Some(outcome) = outcome {
            assert_eq!(outcome.unwrap().meta().attempts, 4);
            assert!(polls > 10, "there are waits to be dropped in");
            return;
        }
    }
}

#[tokio::test]
async fn a_call_dropped_anywhere_does_not_hold_up_its_competitor() {
    for polls in 1.. {
        let rig = Rig::new();
        let victim = async {
            let outcome = polled(rig.call("victim"), polls).await;
            (outcome, rig.requests("victim"))
        };
        let ((outcome, sent), competitor) = tokio::join!(victim, rig.call("competitor"));
        let context = format!("dropped after {polls} polls and {sent} requests");
        assert!(competitor.is_ok(), "{context}");
        // Each of them needs two windows for its requests and their waits at most.
        assert!(rig.clock.elapsed() < 4 * WINDOW.1, "{context}: {:?}", rig.clock.elapsed());
        rig.assert_free(&context).await;
        rig.clock.sleep(LONG).await;
        assert_eq!(rig.requests("victim"), sent, "{context}");
        if outcome.is_some() {
            assert!(polls > 10, "there are waits to be dropped in");
            return;
        }
    }
}

#[tokio::test]
async fn a_fetch_for_the_cache_goes_on_when_its_callers_are_gone() {
    for polls in 1.. {
        let rig = Rig::new();
        let (first, second) = tokio::join!(polled(rig.cached(), polls), polled(rig.cached(), polls));
        rig.clock.sleep(LONG).await;
        assert_eq!(rig.requests("cached"), EVENTFUL.len(), "dropped after {polls} polls");
        let stored = rig.cached().await.unwrap();
        assert_eq!(stored.outcome, CacheOutcome::Hit, "dropped after {polls} polls");
        assert!(stored.age > LONG / 2);
        rig.assert_free("after the fill").await;
        if let (Some(first), Some(second)) = (first, second) {
            assert_eq!((first.unwrap().outcome, second.unwrap().outcome), (CacheOutcome::Miss, CacheOutcome::Shared));
            return;
        }
    }
}
