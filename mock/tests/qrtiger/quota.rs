//! The requests of a month.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use connectors_core::provider::run_bounded;
use connectors_core::testing::VirtualClock;
use connectors_core::{Clock, Error, ErrorKind, RateLimits, Result};
use connectors_mock::{Fault, MockQrTiger};
use connectors_qrtiger::{FileQuotaStore, MemoryQuotaStore, QrTigerService, QuotaMonth, QuotaStore};

/// What the provider got to see.
fn sent(mock: &MockQrTiger) -> usize {
    mock.backend().journal().iter().filter(|entry| entry.fault != Some(Fault::Refused)).count()
}

fn limited(requests: u32) -> MockQrTiger {
    MockQrTiger::builder().client(|client| client.monthly_quota(requests)).build().unwrap()
}

#[tokio::test]
async fn never_one_more_is_sent_whatever_goes_wrong() -> Result<()> {
    for seed in 1..=10 {
        let mock = limited(30);
        mock.backend().chaos(seed).script("campaigns.list", [Fault::Refused; 7]);
        let outcomes = run_bounded((0..60).collect(), 16, None, |_, _: u32| {
            let campaigns = mock.client().clone().campaigns();
            async move { campaigns.page(1).await }
        })
        .await;
        assert_eq!((sent(&mock), mock.client().quota().used().await?), (30, 30), "seed {seed}");
        let refused: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
        assert!(refused.iter().any(|error| error.kind() == ErrorKind::QuotaExhausted && error.attempts() == 0));
        assert_eq!(mock.client().quota().left().await?, Some(0));
    }
    Ok(())
}

#[tokio::test]
async fn what_was_never_sent_is_given_back() -> Result<()> {
    let mock = limited(5);
    let quota = mock.client().quota();
    mock.backend().script("campaigns.list", [Fault::Refused; 4]);
    mock.client().campaigns().page(1).await.unwrap_err();
    assert_eq!((quota.used().await?, quota.left().await?), (0, Some(5)));

    // What waits for its turn is counted, and given back when it is dropped.
    let slow = MockQrTiger::builder()
        .client(|client| client.monthly_quota(5).limits(RateLimits::none().in_flight(1)))
        .build()?;
    let campaigns = slow.client().campaigns();
    slow.backend().latency(Duration::from_secs(10));
    let first = campaigns.page(1).into_future();
    let second = campaigns.page(1).timeout(Duration::from_secs(1)).into_future();
    let (first, second) = futures_util::future::join(first, second).await;
    assert_eq!((first.is_ok(), second.unwrap_err().attempts()), (true, 0));
    assert_eq!((slow.client().quota().used().await?, sent(&slow)), (1, 1));
    Ok(())
}

#[tokio::test]
async fn a_month_ends_and_what_is_under_way_counts_in_both() -> Result<()> {
    let clock = VirtualClock::default();
    let mock =
        MockQrTiger::builder().clock(Arc::new(clock.clone())).client(|client| client.monthly_quota(2)).build()?;
    let (quota, campaigns) = (mock.client().quota(), mock.client().campaigns());
    let ends_in = (quota.renews_at() - clock.now_utc()).to_std().unwrap();
    clock.advance(ends_in.saturating_sub(Duration::from_secs(5)));
    campaigns.page(1).await?;
    mock.backend().latency(Duration::from_secs(10));
    campaigns.page(1).await?;
    assert_eq!(quota.used().await?, 1, "of the new month");
    campaigns.page(1).await?;
    let error = campaigns.page(1).await.unwrap_err();
    assert_eq!((error.kind(), quota.used().await?), (ErrorKind::QuotaExhausted, 2));
    let renewal = error.retry_after().unwrap();
    assert!(!error.is_retryable() && renewal > Duration::from_secs(27 * 86_400), "{error:?}");
    clock.advance(renewal);
    assert_eq!(quota.left().await?, Some(2));
    campaigns.page(1).await?;
    Ok(())
}

#[tokio::test]
async fn a_file_keeps_the_count_and_nothing_is_sent_when_it_is_lost() -> Result<()> {
    let directory = std::env::temp_dir().join(format!("quota-{}", std::process::id()));
    std::fs::create_dir(&directory).unwrap();
    let path = directory.join("quota.json");
    let mock = || {
        let store = Arc::new(FileQuotaStore::open(&path).unwrap());
        MockQrTiger::builder().client(|client| client.monthly_quota(4).quota_store(store)).build().unwrap()
    };
    let first = mock();
    first.client().campaigns().page(1).await?;
    let also = Arc::new(FileQuotaStore::open(directory.join(".").join("quota.json"))?);
    let second = MockQrTiger::builder().client(|client| client.monthly_quota(4).quota_store(also)).build()?;
    second.client().campaigns().page(1).await?;
    assert_eq!(first.client().quota().used().await?, 2, "one count for both");
    drop((first, second));

    let third = mock();
    assert_eq!(third.client().quota().left().await?, Some(2), "after a restart");
    let outcomes = run_bounded((0..8).collect(), 8, None, |_, _: u32| third.client().campaigns().page(1).into_future());
    assert_eq!(outcomes.await.iter().filter(|outcome| outcome.is_ok()).count(), 2);
    for damage in ["", "{", r#"{"2026-03":-1}"#, r#"{"March":1}"#, "{}"] {
        std::fs::write(&path, damage).unwrap();
        let error = third.client().campaigns().page(1).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Storage, 0), "{damage:?}");
    }
    std::fs::remove_file(&path).unwrap();
    assert_eq!(third.client().quota().used().await.unwrap_err().kind(), ErrorKind::Storage, "it has gone");
    assert_eq!(sent(&third), 2);
    std::fs::write(&path, "[]").unwrap();
    drop(third);
    let error = FileQuotaStore::open(&path).unwrap_err();
    assert!(error.kind() == ErrorKind::Storage && error.message().contains("quota.json"), "{error}");
    assert!(FileQuotaStore::open(directory.join("missing").join("quota.json")).is_err());
    std::fs::remove_dir_all(&directory).unwrap();
    Ok(())
}

/// Fails while it is told to.
#[derive(Debug, Default)]
struct Shaky {
    counts: MemoryQuotaStore,
    fails: AtomicBool,
}

impl Shaky {
    fn stand(&self) -> Result<()> {
        let fails = self.fails.load(Ordering::SeqCst);
        if fails { Err(Error::new(ErrorKind::Storage, "the database is away")) } else { Ok(()) }
    }
}

#[async_trait]
impl QuotaStore for Shaky {
    async fn used(&self, month: QuotaMonth) -> Result<u64> {
        self.stand()?;
        self.counts.used(month).await
    }

    async fn count(&self, month: QuotaMonth, requests: u32, limit: Option<u32>) -> Result<bool> {
        self.stand()?;
        self.counts.count(month, requests, limit).await
    }
}

#[tokio::test]
async fn what_cannot_be_counted_is_not_sent_and_nothing_of_the_count_is_lost() -> Result<()> {
    let store = Arc::new(Shaky::default());
    let clock = VirtualClock::default();
    let kept: Arc<dyn QuotaStore> = store.clone();
    let mock = MockQrTiger::builder()
        .clock(Arc::new(clock.clone()))
        .client(|client| client.monthly_quota(9).quota_store(kept))
        .build()?;
    let (quota, campaigns) = (mock.client().quota(), mock.client().campaigns());
    // One request is under way when the month ends.
    clock.advance((quota.renews_at() - clock.now_utc()).to_std().unwrap().saturating_sub(Duration::from_secs(1)));
    mock.backend().latency(Duration::from_secs(2));
    campaigns.page(1).await?;
    store.fails.store(true, Ordering::SeqCst);
    for _ in 0..3 {
        let error = campaigns.page(1).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts(), error.maybe_applied()), (ErrorKind::Storage, 0, false));
    }
    assert_eq!((quota.used().await.unwrap_err().kind(), sent(&mock)), (ErrorKind::Storage, 1));
    store.fails.store(false, Ordering::SeqCst);
    campaigns.page(1).await?;
    assert_eq!((quota.used().await?, store.counts.used(quota.month()).await?), (2, 2));
    Ok(())
}

#[tokio::test]
async fn without_a_limit_requests_are_counted_all_the_same() -> Result<()> {
    let mock = MockQrTiger::new();
    mock.backend().script("campaigns.list", [Fault::Status(503), Fault::ResetAfter, Fault::Throttle(None)]);
    mock.summary().await?;
    let quota = mock.client().quota();
    assert_eq!((quota.limit(), quota.used().await?, quota.left().await?), (None, 4, None));
    quota.check(1_000_000).await
}
