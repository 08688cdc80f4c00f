//! What callers of the cache notice: freshness, one fetch for many, bounds, invalidation.

#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "also the helpers of the tests are tests")]

use std::future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use connectors_core::provider::{Cache, CacheKey, Cached, Failed, Fetched};
use connectors_core::testing::VirtualClock;
use connectors_core::{CacheOutcome, CachePolicy, Clock, Error, ErrorKind, Result, Sleep};
use tokio::sync::Notify;

const TTL: Duration = Duration::from_secs(60);
const ALMOST_TTL: Duration = Duration::from_secs(59);

/// A clock that stands still until it is told to go on.
#[derive(Debug)]
struct HandClock {
    start: Instant,
    elapsed: Mutex<Duration>,
}

impl HandClock {
    fn new() -> Arc<Self> {
        Arc::new(Self { start: Instant::now(), elapsed: Mutex::default() })
    }

    fn advance(&self, by: Duration) {
        *self.elapsed.lock().unwrap() += by;
    }
}

impl Clock for HandClock {
    fn now(&self) -> Instant {
        self.start + *self.elapsed.lock().unwrap()
    }

    fn now_utc(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + *self.elapsed.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.advance(duration);
        Box::pin(future::ready(()))
    }

    fn deadline(&self, _at: Instant) -> Sleep {
        Box::pin(future::pending())
    }
}

/// Serves the number of the fetch, and counts them.
#[derive(Clone)]
struct Upstream {
    fetches: Arc<AtomicUsize>,
    /// Fetches wait for this to be notified, once each.
    gate: Option<Arc<Notify>>,
}

impl Upstream {
    fn open() -> Self {
        Self { fetches: Arc::default(), gate: None }
    }

    fn gated() -> Self {
        Self { fetches: Arc::default(), gate: Some(Arc::default()) }
    }

    fn let_one_through(&self) {
        self.gate.as_ref().unwrap().notify_one();
    }

    fn fetches(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }

    async fn fetch(self) -> Result<Fetched<usize>> {
        let number = self.fetches.fetch_add(1, Ordering::SeqCst) + 1;
        if let Some(gate) = &self.gate {
            gate.notified().await;
        }
        Ok(Fetched { value: number, bytes: 8, ttl: TTL })
    }
}

fn cache(capacity: usize) -> (Cache, Arc<HandClock>) {
    let clock = HandClock::new();
    (Cache::new(capacity, clock.clone()), clock)
}

fn far() -> Instant {
    Instant::now() + Duration::from_secs(86_400)
}

fn key(id: u8) -> CacheKey {
    CacheKey::new(1, "sheet/7", &[id])
}

async fn ask(cache: &Cache, policy: CachePolicy, upstream: &Upstream) -> Cached<usize> {
    cache.get_or_fetch(key(1), policy, far(), upstream.clone().fetch()).await.unwrap()
}

/// Lets every task run until it waits.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_value_is_served_until_its_time_is_up() {
    let (cache, clock) = cache(10_000);
    let upstream = Upstream::open();
    assert_eq!(ask(&cache, CachePolicy::Use, &upstream).await.outcome, CacheOutcome::Miss);

    clock.advance(ALMOST_TTL);
    let hit = ask(&cache, CachePolicy::Use, &upstream).await;
    assert_eq!((*hit.value, hit.age, hit.outcome), (1, ALMOST_TTL, CacheOutcome::Hit));

    let stats = cache.stats();
    assert!(cache.holds::<usize>(&key(1)) && !cache.holds::<String>(&key(1)) && !cache.holds::<usize>(&key(2)));
    assert_eq!(cache.stats(), stats, "looking is no use");
    clock.advance(Duration::from_secs(1));
    assert!(!cache.holds::<usize>(&key(1)));
    assert!(cache.get::<usize>(&key(1)).is_none());
    assert_eq!(cache.stats().entries, 0, "an expired value is dropped when met");
    assert_eq!(*ask(&cache, CachePolicy::Use, &upstream).await.value, 2);
}

#[tokio::test]
async fn ten_thousand_callers_of_an_expired_value_cause_one_fetch() {
    let (cache, clock) = cache(10_000);
    let upstream = Upstream::gated();
    upstream.let_one_through();
    ask(&cache, CachePolicy::Use, &upstream).await;
    clock.advance(TTL);

    let callers: Vec<_> = (0..10_000)
        .map(|_| {
            let (cache, upstream) = (cache.clone(), upstream.clone());
            tokio::spawn(async move { ask(&cache, CachePolicy::Use, &upstream).await })
        })
        .collect();
    settle().await;
    upstream.let_one_through();
    let mut leaders = 0;
    for caller in callers {
        let cached = caller.await.unwrap();
        assert_eq!(*cached.value, 2);
        leaders += usize::from(cached.outcome == CacheOutcome::Miss);
    }
    assert_eq!((leaders, upstream.fetches()), (1, 2));
    assert_eq!(cache.stats().shared, 9_999);
}

#[tokio::test]
async fn an_error_reaches_all_who_wait_and_is_not_stored() {
    let (cache, _) = cache(10_000);
    let fetches = Arc::new(AtomicUsize::new(0));
    let failing = |fetches: Arc<AtomicUsize>| async move {
        fetches.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        Err::<Fetched<usize>, _>(Error::new(ErrorKind::Server, "out of order"))
    };
    let call = || cache.get_or_fetch(key(1), CachePolicy::Use, far(), failing(fetches.clone()));
    let (first, second) = tokio::join!(call(), call());
    assert_eq!(first.unwrap_err().message(), "out of order");
    assert_eq!(second.unwrap_err().kind(), ErrorKind::Server);
    assert_eq!(fetches.load(Ordering::SeqCst), 1);
    assert_eq!(*ask(&cache, CachePolicy::Use, &Upstream::open()).await.value, 1);
}

#[tokio::test]
async fn a_failure_is_stored_for_as_long_as_its_fetch_says() {
    let (cache, clock) = cache(10_000);
    let fetches = Arc::new(AtomicUsize::new(0));
    let missing = |ttl: Duration| {
        let fetches = Arc::clone(&fetches);
        async move {
            fetches.fetch_add(1, Ordering::SeqCst);
            let error = Error::new(ErrorKind::NotFound, "there is no such sheet");
            Err::<Fetched<usize>, _>(Failed { error, ttl })
        }
    };
    let call = async |policy| cache.get_or_fetch(key(1), policy, far(), missing(TTL)).await.unwrap_err();
    assert_eq!(call(CachePolicy::Use).await.kind(), ErrorKind::NotFound);
    clock.advance(ALMOST_TTL);
    assert_eq!((call(CachePolicy::Use).await.message(), fetches.load(Ordering::SeqCst)), ("there is no such sheet", 1));
    assert!(cache.get::<usize>(&key(1)).is_none(), "it is not there, so there is nothing to get");
    assert_eq!((cache.stats().entries, cache.stats().hits), (1, 2));

    call(CachePolicy::Refresh).await;
    assert_eq!(fetches.load(Ordering::SeqCst), 2, "a refresh asks again");
    cache.invalidate(&key(1));
    call(CachePolicy::Use).await;
    clock.advance(TTL);
    call(CachePolicy::Use).await;
    assert_eq!(fetches.load(Ordering::SeqCst), 4, "so does a call after an invalidation, and one after its time");

    cache.invalidate(&key(1));
    assert_eq!(*ask(&cache, CachePolicy::Use, &Upstream::open()).await.value, 1);
    cache.get_or_fetch(key(1), CachePolicy::Refresh, far(), missing(Duration::ZERO)).await.unwrap_err();
    assert_eq!(ask(&cache, CachePolicy::Use, &Upstream::open()).await.outcome, CacheOutcome::Hit, "the value is good");
}

#[tokio::test]
async fn who_joins_a_fetch_waits_no_longer_than_until_its_own_deadline() {
    let clock = VirtualClock::default();
    let cache = Cache::new(10_000, Arc::new(clock.clone()));
    let upstream = {
        let clock = clock.clone();
        async move {
            clock.sleep(Duration::from_secs(50)).await;
            Ok::<_, Error>(Fetched { value: 1_usize, bytes: 8, ttl: TTL })
        }
    };
    let unused = || async { Ok::<_, Error>(Fetched { value: 2_usize, bytes: 8, ttl: TTL }) };
    let at = |seconds| clock.now() + Duration::from_secs(seconds);
    let join = |seconds| cache.get_or_fetch(key(1), CachePolicy::Use, at(seconds), unused());
    let leader = cache.get_or_fetch(key(1), CachePolicy::Use, at(10), upstream);
    let impatient = async { (join(20).await, clock.elapsed()) };
    let (leader, (impatient, after), patient) = tokio::join!(leader, impatient, join(60));
    let error = impatient.unwrap_err();
    assert_eq!((error.kind(), after), (ErrorKind::Timeout, Duration::from_secs(20)));
    assert!(!error.maybe_applied());
    assert_eq!((*leader.unwrap().value, *patient.unwrap().value), (1, 1), "whose fetch it is is bounded by the fetch");
}

#[tokio::test]
async fn the_hit_ratio_counts_who_caused_no_fetch() {
    let (cache, _) = cache(10_000);
    assert_eq!(cache.stats().hit_ratio(), 0.0);
    let upstream = Upstream::open();
    for _ in 0..3 {
        tokio::join!(ask(&cache, CachePolicy::Use, &upstream), ask(&cache, CachePolicy::Use, &upstream));
    }
    let stats = cache.stats();
    assert_eq!((stats.hits, stats.shared, stats.misses), (4, 1, 1));
    assert!((stats.hit_ratio() - 5.0 / 6.0).abs() < 1e-9);
    assert!(cache.get::<usize>(&key(1)).is_some() && cache.get::<usize>(&key(2)).is_none());
    assert_eq!((cache.stats().hits, cache.stats().misses), (5, 2), "a look that finds nothing is a miss");
    let shown = format!("{cache:?}");
    assert!(shown.contains("capacity: 10000") && shown.contains("hits: 5"), "{shown}");
}

#[tokio::test]
async fn a_caller_that_gives_up_does_not_waste_the_fetch() {
    let (cache, _) = cache(10_000);
    let upstream = Upstream::gated();
    let spawn = || {
        let (cache, upstream) = (cache.clone(), upstream.clone());
        tokio::spawn(async move { ask(&cache, CachePolicy::Use, &upstream).await })
    };
    let leader = spawn();
    settle().await;
    let follower = spawn();
    settle().await;
    leader.abort();
    settle().await;
    upstream.let_one_through();
    let cached = follower.await.unwrap();
    assert_eq!((*cached.value, cached.outcome), (1, CacheOutcome::Shared));
    assert_eq!(ask(&cache, CachePolicy::Use, &upstream).await.outcome, CacheOutcome::Hit);
    assert_eq!(upstream.fetches(), 1);
}

#[tokio::test]
async fn a_panicking_fetch_is_an_error_for_its_callers_and_no_obstacle_for_the_next() {
    let (cache, _) = cache(10_000);
    let panicking = future::poll_fn(|_| -> Poll<Result<Fetched<usize>>> { panic!("the fetch has a bug") });
    let error = cache.get_or_fetch(key(1), CachePolicy::Use, far(), panicking).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert_eq!(ask(&cache, CachePolicy::Use, &Upstream::open()).await.outcome, CacheOutcome::Miss);
}

#[test]
fn a_runtime_that_shuts_down_leaves_the_cache_usable_on_another() {
    let (cache, _) = cache(10_000);
    let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
    let stuck = Upstream::gated();
    let first = runtime();
    let mut waiting = Box::pin(cache.get_or_fetch(key(1), CachePolicy::Use, far(), stuck.fetch()));
    first.block_on(async {
        tokio::select! { biased; _ = &mut waiting => unreachable!("nobody opens the gate"), () = settle() => {} }
    });
    drop(first);
    assert_eq!(runtime().block_on(waiting).unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(*runtime().block_on(ask(&cache, CachePolicy::Use, &Upstream::open())).value, 1);
}

#[test]
fn without_a_runtime_a_miss_is_a_configuration_error() {
    let (cache, _) = cache(10_000);
    let call = cache.get_or_fetch(key(1), CachePolicy::Use, far(), Upstream::open().fetch());
    let error = futures_util::FutureExt::now_or_never(call).unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
}

#[tokio::test]
async fn refresh_fetches_and_stores_and_bypass_does_neither_read_nor_store() {
    let (cache, _) = cache(10_000);
    let upstream = Upstream::open();
    ask(&cache, CachePolicy::Use, &upstream).await;

    let bypassed = ask(&cache, CachePolicy::Bypass, &upstream).await;
    assert_eq!((*bypassed.value, bypassed.outcome), (2, CacheOutcome::Bypassed));
    assert_eq!(*ask(&cache, CachePolicy::Use, &upstream).await.value, 1);

    let (one, other) =
        tokio::join!(ask(&cache, CachePolicy::Refresh, &upstream), ask(&cache, CachePolicy::Refresh, &upstream));
    assert_eq!((*one.value, *other.value, other.outcome), (3, 3, CacheOutcome::Shared));
    assert_eq!(*ask(&cache, CachePolicy::Use, &upstream).await.value, 3);
}

#[tokio::test]
async fn the_least_recently_used_value_makes_room() {
    let (cache, _) = cache(3_000);
    let kilobyte = |value: u8| Fetched { value, bytes: 800, ttl: TTL };
    for id in 1..=3 {
        cache.insert(key(id), kilobyte(id));
    }
    assert!(cache.get::<u8>(&key(1)).is_some());
    cache.insert(key(4), kilobyte(4));
    let kept: Vec<_> = (1..=4).filter(|id| cache.get::<u8>(&key(*id)).is_some()).collect();
    assert_eq!(kept, [1, 3, 4]);
    assert!(cache.stats().bytes <= 3_000);
}

#[tokio::test]
async fn keys_weigh_too_and_what_fits_exactly_is_kept() {
    let long = |id: u8| CacheKey::new(1, "r".repeat(1_000), &[id; 4_000]);
    let fill = |cache: &Cache, id| cache.insert(long(id), Fetched { value: id, bytes: 100, ttl: TTL });
    let (roomy, _) = cache(1 << 20);
    fill(&roomy, 1);
    let weight = roomy.stats().bytes;
    assert!((5_100..6_000).contains(&weight), "{weight}");
    for (capacity, kept) in [(weight - 1, 0), (weight, 1), (2 * weight - 1, 1), (2 * weight, 2)] {
        let (cache, _) = cache(capacity);
        (1..=3).for_each(|id| fill(&cache, id));
        assert_eq!(cache.stats().entries, kept, "{capacity}");
    }
}

#[tokio::test]
async fn a_flood_of_weightless_values_is_bounded_too() {
    let (cache, _) = cache(10_000);
    for id in 0..10_000_u32 {
        cache.insert(CacheKey::new(1, "venues", &id.to_be_bytes()), Fetched { value: (), bytes: 0, ttl: TTL });
    }
    assert!(cache.stats().entries < 200, "{:?}", cache.stats());
}

#[tokio::test]
async fn a_value_that_is_too_large_or_has_no_time_is_returned_and_not_stored() {
    let (cache, _) = cache(1_000);
    for (bytes, ttl) in [(2_000, TTL), (8, Duration::ZERO)] {
        let fetch = future::ready(Ok::<_, Error>(Fetched { value: 5_usize, bytes, ttl }));
        let cached = cache.get_or_fetch(key(1), CachePolicy::Use, far(), fetch).await.unwrap();
        assert_eq!((*cached.value, cache.stats().entries, cache.stats().bytes), (5, 0, 0));
    }
}

#[tokio::test]
async fn what_is_fetched_anew_takes_the_place_of_what_was_there() {
    let missing = Failed { error: Error::new(ErrorKind::NotFound, "it is gone"), ttl: TTL };
    for (anew, kept) in [(Ok(Fetched { value: 2_usize, bytes: 8, ttl: Duration::ZERO }), 0), (Err(missing), 1)] {
        let (cache, _) = cache(10_000);
        ask(&cache, CachePolicy::Use, &Upstream::open()).await;
        let _ = cache.get_or_fetch(key(1), CachePolicy::Refresh, far(), future::ready(anew)).await;
        assert!(cache.get::<usize>(&key(1)).is_none());
        assert_eq!(cache.stats().entries, kept);
        cache.clear();
        assert_eq!((cache.stats().entries, cache.stats().bytes), (0, 0), "no weight is left behind");
    }
}

#[tokio::test]
async fn an_invalidation_during_a_fetch_keeps_its_answer_out_of_the_cache() {
    type Invalidate = fn(&Cache);
    let ways: [Invalidate; 3] =
        [|cache| cache.invalidate(&key(1)), |cache| cache.invalidate_resource(1, "sheet/7"), Cache::clear];
    for invalidate in ways {
        let (cache, _) = cache(10_000);
        let upstream = Upstream::gated();
        let old = tokio::spawn({
            let (cache, upstream) = (cache.clone(), upstream.clone());
            async move { ask(&cache, CachePolicy::Use, &upstream).await }
        });
        settle().await;
        invalidate(&cache);
        upstream.let_one_through();
        assert_eq!(*old.await.unwrap().value, 1, "who waited is answered");
        upstream.let_one_through();
        assert_eq!(*ask(&cache, CachePolicy::Use, &upstream).await.value, 2, "who asks later gets what is there now");
    }
}

#[tokio::test]
async fn an_invalidated_fetch_does_not_pass_for_the_one_after_it() {
    let (cache, _) = cache(10_000);
    let (old, new) = (Upstream::gated(), Upstream::gated());
    let spawn = |upstream: &Upstream| {
        let (cache, upstream) = (cache.clone(), upstream.clone());
        tokio::spawn(async move { ask(&cache, CachePolicy::Use, &upstream).await })
    };
    let first = spawn(&old);
    settle().await;
    cache.invalidate(&key(1));
    let second = spawn(&new);
    settle().await;
    old.let_one_through();
    first.await.unwrap();
    assert!(cache.get::<usize>(&key(1)).is_none(), "what was there before is not stored");
    let third = spawn(&old);
    settle().await;
    assert_eq!((old.fetches(), new.fetches()), (1, 1), "the second fetch is still the one to join");
    new.let_one_through();
    assert_eq!(second.await.unwrap().outcome, CacheOutcome::Miss);
    assert_eq!(third.await.unwrap().outcome, CacheOutcome::Shared);
    assert!(cache.get::<usize>(&key(1)).is_some());
}

#[tokio::test]
async fn a_resource_is_invalidated_within_its_partition_only() {
    let (cache, _) = cache(10_000);
    let keys = [
        CacheKey::new(1, "sheet/7", b"rows"),
        CacheKey::new(1, "sheet/7", b"columns"),
        CacheKey::new(1, "sheet/77", b"rows"),
        CacheKey::new(2, "sheet/7", b"rows"),
    ];
    for key in keys.clone() {
        cache.insert(key, Fetched { value: 1_u8, bytes: 8, ttl: TTL });
    }
    cache.invalidate_resource(1, "sheet/7");
    assert_eq!(keys.map(|key| cache.get::<u8>(&key).is_some()), [false, false, true, true]);
}

#[tokio::test]
async fn a_value_of_another_type_counts_as_absent() {
    let (cache, _) = cache(10_000);
    cache.insert(key(1), Fetched { value: "text".to_owned(), bytes: 8, ttl: TTL });
    assert!(cache.get::<usize>(&key(1)).is_none());
    assert_eq!(ask(&cache, CachePolicy::Use, &Upstream::open()).await.outcome, CacheOutcome::Miss);
    assert!(cache.get::<usize>(&key(1)).is_some());
}

#[test]
fn debug_does_not_show_what_was_asked() {
    let key = CacheKey::new(77, "sheet/7", b"filter=secret");
    assert_eq!(format!("{key:?}"), r#"CacheKey { resource: "sheet/7", .. }"#);
}
