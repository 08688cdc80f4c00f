//! What callers of the cache notice when values come in bulk.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "also the helpers of the tests are tests")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use connectors_core::provider::{Cache, CacheKey, Cached, Fetched};
use connectors_core::testing::VirtualClock;
use connectors_core::{CacheOutcome, CachePolicy, Clock, Error, ErrorKind, Result};

/// Doubles what it is asked for, but fails on 13; remembers what it was asked for, request by request.
#[derive(Clone)]
struct Upstream {
    cache: Cache,
    clock: VirtualClock,
    asked: Arc<Mutex<Vec<Vec<u32>>>>,
}

impl Upstream {
    fn new() -> Self {
        let clock = VirtualClock::default();
        Self { cache: Cache::new(1 << 20, Arc::new(clock.clone())), clock, asked: Arc::default() }
    }

    async fn get(&self, wanted: &[u32], policy: CachePolicy) -> Vec<Result<Cached<u32>>> {
        let keys = wanted.iter().map(|n| CacheKey::new(0, "numbers", &n.to_be_bytes())).collect();
        let fetch = |missing: Vec<usize>| {
            let missing: Vec<u32> = missing.into_iter().map(|position| wanted[position]).collect();
            let this = self.clone();
            async move {
                this.asked.lock().unwrap().push(missing.clone());
                this.clock.sleep(Duration::from_secs(1)).await;
                let double = |n| match n {
                    13 => Err(Error::new(ErrorKind::Server, "unlucky")),
                    n => Ok(Fetched { value: n * 2, bytes: 4, ttl: Duration::from_secs(60) }),
                };
                missing.into_iter().map(double).collect()
            }
        };
        self.cache.get_or_fetch_many(keys, policy, self.clock.now() + Duration::from_secs(3600), fetch).await
    }

    async fn values(&self, wanted: &[u32]) -> Vec<Option<u32>> {
        self.get(wanted, CachePolicy::Use)
            .await
            .into_iter()
            .map(|value| value.ok().map(|cached| *cached.value))
            .collect()
    }

    fn asked(&self) -> Vec<Vec<u32>> {
        self.asked.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn only_what_is_missing_is_fetched_and_in_one_go() {
    let upstream = Upstream::new();
    assert_eq!(upstream.values(&[1, 2]).await, [Some(2), Some(4)]);
    assert_eq!(upstream.values(&[3, 2, 1, 4]).await, [Some(6), Some(4), Some(2), Some(8)]);
    assert_eq!(upstream.values(&[4, 3]).await, [Some(8), Some(6)]);
    assert!(upstream.values(&[]).await.is_empty());
    assert_eq!(upstream.asked(), [vec![1, 2], vec![3, 4]]);
}

#[tokio::test]
async fn one_that_fails_fails_alone_and_is_not_kept() {
    let upstream = Upstream::new();
    assert_eq!(upstream.values(&[1, 13, 2]).await, [Some(2), None, Some(4)]);
    assert_eq!(upstream.values(&[1, 13, 2]).await, [Some(2), None, Some(4)]);
    assert_eq!(upstream.asked(), [vec![1, 13, 2], vec![13]]);
}

#[tokio::test]
async fn calls_that_overlap_share_what_they_have_in_common() {
    let upstream = Upstream::new();
    let (first, second) =
        tokio::join!(upstream.get(&[1, 2], CachePolicy::Use), upstream.get(&[2, 3, 3], CachePolicy::Use));
    let outcomes =
        |values: Vec<Result<Cached<u32>>>| -> Vec<_> { values.into_iter().map(|v| v.unwrap().outcome).collect() };
    assert_eq!(outcomes(first), [CacheOutcome::Miss, CacheOutcome::Miss]);
    assert_eq!(outcomes(second), [CacheOutcome::Shared, CacheOutcome::Miss, CacheOutcome::Shared]);
    assert_eq!(upstream.asked(), [vec![1, 2], vec![3]]);
}

#[tokio::test]
async fn the_policies_hold() {
    let upstream = Upstream::new();
    upstream.values(&[1, 2]).await;
    upstream.get(&[1, 2], CachePolicy::Refresh).await;
    let bypassed = upstream.get(&[2, 1], CachePolicy::Bypass).await;
    assert!(bypassed.into_iter().all(|value| value.unwrap().outcome == CacheOutcome::Bypassed));
    assert_eq!(upstream.asked(), [vec![1, 2], vec![1, 2], vec![2, 1]]);
}

#[tokio::test]
async fn a_fetch_that_dies_is_an_error_and_not_a_hang() {
    let clock = VirtualClock::default();
    let (cache, far) = (Cache::new(1 << 20, Arc::new(clock.clone())), clock.now() + Duration::from_secs(3600));
    let keys = || (0..2_u8).map(|n| CacheKey::new(0, "numbers", &[n])).collect();
    let too_few = async |_| vec![Ok::<_, Error>(Fetched { value: 7_u32, bytes: 4, ttl: Duration::from_secs(60) })];
    let values = cache.get_or_fetch_many(keys(), CachePolicy::Use, far, too_few).await;
    assert_eq!(*values[0].as_ref().unwrap().value, 7);
    assert_eq!(values[1].as_ref().unwrap_err().kind(), ErrorKind::Cancelled);
}
