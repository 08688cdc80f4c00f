//! Latency, quotas, chaos and the clock: all of it in virtual time.

use std::sync::Arc;
use std::time::Duration;

use connectors_core::testing::VirtualClock;
use connectors_core::{DateRange, ErrorKind, RateLimits, SystemClock};
use connectors_mock::{Chaos, InProcess, Latency, MockPlacer, MockQrTiger, ShiftedClock};
use connectors_placer::Granularity;
use connectors_qrtiger::QrTigerClient;
use futures_util::future::join_all;

use crate::in_process;

const MS: fn(u64) -> Duration = Duration::from_millis;

#[tokio::test]
async fn answers_take_as_long_as_they_are_to_in_virtual_time() {
    let clock = VirtualClock::default();
    let mock = MockQrTiger::builder().clock(Arc::new(clock.clone())).build().unwrap();
    let client = in_process(&mock);
    for (latency, low, high) in [
        (Latency::fixed(MS(80)), 80, 80),
        (Latency::between(MS(50), MS(150)), 50, 150),
        (Latency::between(MS(150), MS(50)), 150, 150),
        ("10ms..20ms".parse().unwrap(), 10, 20),
        (Latency::mobile(), 100, 5000),
    ] {
        mock.backend().latency(latency);
        for _ in 0..40 {
            let before = clock.elapsed();
            client.campaigns().page(1).await.unwrap();
            let entry = mock.backend().journal().last().unwrap().clone();
            assert!((MS(low)..=MS(high)).contains(&entry.delay), "{latency:?}: {:?}", entry.delay);
            assert!(clock.elapsed().checked_sub(before).unwrap() >= entry.delay, "{latency:?}");
        }
    }
}

/// A client that does not keep to any limit by itself.
fn unlimited(mock: &MockQrTiger) -> QrTigerClient {
    let transport = Arc::new(InProcess::new(mock.backend().clone()));
    crate::once(mock.backend()).transport(transport).limits(RateLimits::none()).build().unwrap()
}

#[tokio::test]
async fn no_more_is_under_way_than_the_cap_allows() {
    let mock = MockQrTiger::new();
    mock.backend().quotas(RateLimits::none().in_flight(2)).latency(MS(100));
    let client = unlimited(&mock);
    let outcomes = join_all((1..=5).map(|_| async { client.campaigns().page(1).await.err().map(|e| e.kind()) })).await;
    let refused = outcomes.iter().filter(|kind| **kind == Some(ErrorKind::RateLimited)).count();
    assert_eq!((refused, outcomes.iter().flatten().count()), (3, 3), "{outcomes:?}");
    assert!(client.campaigns().page(1).await.is_ok(), "once they are answered");
}

#[tokio::test]
async fn a_quota_is_enforced_over_its_window() {
    let clock = VirtualClock::default();
    let mock = MockQrTiger::builder().clock(Arc::new(clock.clone())).build().unwrap();
    mock.backend().quotas(RateLimits::none().window("*", 3, Duration::from_secs(60)));
    let client = unlimited(&mock);
    let mut kinds = Vec::new();
    for _ in 0..5 {
        kinds.push(client.campaigns().page(1).await.err().map(|error| error.kind()));
    }
    assert_eq!(kinds, [None, None, None, Some(ErrorKind::RateLimited), Some(ErrorKind::RateLimited)]);
    assert!(mock.backend().advance(Duration::from_secs(61)));
    assert!(client.campaigns().page(1).await.is_ok());
}

#[tokio::test]
async fn the_clock_moves_on_where_it_can() {
    let mock = MockQrTiger::new();
    let before = mock.backend().clock().now_utc();
    assert!(mock.backend().advance(Duration::from_secs(86_400)));
    assert_eq!(mock.backend().clock().now_utc() - before, chrono::TimeDelta::days(1));
    let shifted = MockQrTiger::builder().clock(Arc::new(ShiftedClock::new())).build().unwrap();
    let before = shifted.backend().clock().now_utc();
    assert!(shifted.backend().advance(Duration::from_secs(86_400)));
    assert!(shifted.backend().clock().now_utc() - before >= chrono::TimeDelta::days(1));
    let real = MockQrTiger::builder().clock(Arc::new(SystemClock)).build().unwrap();
    assert!(!real.backend().advance(Duration::from_secs(1)), "the machine's time cannot be moved");
}

#[tokio::test]
async fn chaos_is_as_much_as_was_asked_for_and_the_same_for_a_seed() {
    let disturbed = async |chaos: Chaos| {
        let mock = MockQrTiger::new();
        mock.backend().chaos(chaos);
        let client = in_process(&mock);
        for _ in 0..300 {
            let _ = client.campaigns().page(1).await;
        }
        let journal = mock.backend().journal();
        journal.iter().map(|entry| entry.fault).collect::<Vec<_>>()
    };
    let count = |faults: &[Option<_>]| faults.iter().flatten().count();
    let some = disturbed(Chaos::new(3).ratio(0.1)).await;
    assert!((20..=45).contains(&count(&some)), "{}", count(&some));
    assert_eq!(disturbed(Chaos::new(3).ratio(0.1)).await, some);
    assert_ne!(disturbed(Chaos::new(4).ratio(0.1)).await, some);
    assert_eq!(count(&disturbed(Chaos::new(3).ratio(0.0)).await), 0);
    assert_eq!(count(&disturbed(Chaos::new(3).ratio(1.0)).await), 300);
}

#[tokio::test]
async fn a_provider_that_caps_what_is_under_way_is_kept_to_by_its_client() {
    let mock = MockPlacer::new();
    mock.backend().latency(MS(700));
    let days = DateRange::last_days(7, "2026-02-20".parse().unwrap()).unwrap();
    let visits = mock.client().reports().visits();
    let calls = MockPlacer::venue_ids().into_iter().map(|venue| visits.trends([venue], days, Granularity::Day));
    for outcome in join_all(calls.map(IntoFuture::into_future)).await {
        outcome.unwrap();
    }
    assert!(mock.backend().journal().iter().all(|entry| entry.status.unwrap() != 429), "none is one too many");
}
