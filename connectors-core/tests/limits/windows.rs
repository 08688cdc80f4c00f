//! What fits into a window, and for how long it counts.

use std::time::Duration;

use connectors_core::{Clock, ErrorKind, RateLimits};

use crate::{MINUTE, Rig, SECOND};

const HOUR: Duration = Duration::from_secs(3600);

/// One call in 6.4 seconds, so that the margin for jitter is a tenth of a second.
fn one_in_6400() -> Rig {
    Rig::new(&RateLimits::none().window("*", 1, Duration::from_millis(6400)))
}

#[tokio::test]
async fn ten_a_second_lets_a_hundred_calls_through_in_nine_seconds() {
    let rig = Rig::new(&RateLimits::none().window("*", 10, SECOND));
    rig.calls(100, "reads", 1, Duration::ZERO).await;
    let expected: Vec<u128> = (0..100).map(|i| i / 10 * 1000).collect();
    assert_eq!(rig.at(), expected);
    assert_eq!(rig.order(), (0..100).map(|i| i.to_string()).collect::<Vec<_>>());
    rig.assert_idle();
}

#[tokio::test]
async fn a_call_of_weight_ten_takes_ten_places_of_the_minute() {
    let rig = Rig::new(&RateLimits::none().window("*", 300, MINUTE));
    rig.calls(100, "sheets", 10, Duration::ZERO).await;
    assert_eq!(rig.clock.elapsed(), 3 * MINUTE);
}

#[tokio::test]
async fn all_windows_of_a_call_must_have_room() {
    let rig = Rig::new(&RateLimits::none().window("*", 2, SECOND).window("reports", 3, 10 * SECOND));
    rig.calls(7, "reports", 1, Duration::ZERO).await;
    assert_eq!(rig.at(), [0, 0, 1000, 10_000, 10_000, 11_000, 20_000]);
}

#[tokio::test]
async fn what_the_limits_never_allow_is_a_configuration_error() {
    let rig = Rig::new(&RateLimits::none().window("reports", 5, SECOND));
    assert_eq!(rig.acquire("reports", 6).await.unwrap_err().kind(), ErrorKind::Config);
    assert!(rig.acquire("reads", 6).await.is_ok());
    let none = Rig::new(&RateLimits::none().in_flight(0));
    assert_eq!(none.acquire("reads", 1).await.unwrap_err().kind(), ErrorKind::Config);
}

#[tokio::test]
async fn with_constant_latency_a_request_counts_from_its_send() {
    assert_eq!(one_in_6400().answered_after(&[200, 200, 200]).await, [0, 6400, 12_800]);
}

#[tokio::test]
async fn a_slower_answer_counts_for_as_much_longer_up_to_a_64th_of_the_window() {
    let starts = one_in_6400().answered_after(&[100, 150, 900, 100]).await;
    assert_eq!(starts, [0, 6400, 6400 + 6450, 6400 + 6450 + 6500]);
}

#[tokio::test]
async fn a_request_that_outlives_its_window_counts_as_if_it_were_answered_now() {
    assert_eq!(one_in_6400().answered_after(&[100, 60_000, 100, 100]).await, [0, 6400, 12_900, 19_300]);
    // Where every answer takes longer than the window, that is no sign of jitter. The first one cannot know.
    assert_eq!(one_in_6400().answered_after(&[8000, 8000, 8000]).await, [0, 6500, 12_900]);
}

#[tokio::test]
async fn a_request_given_up_teaches_nothing_about_latency() {
    let rig = one_in_6400();
    drop(rig.acquire("reads", 1).await.unwrap());
    assert_eq!(rig.answered_after(&[150, 150, 150]).await, [6400, 12_800, 19_200]);
}

#[tokio::test]
async fn a_lucky_answer_is_forgotten_after_128_others() {
    let mut latencies = vec![150; 130];
    latencies[0] = 100;
    let starts = one_in_6400().answered_after(&latencies).await;
    assert_eq!((starts[2] - starts[1], starts[129] - starts[128]), (6450, 6400));
}

#[tokio::test]
async fn after_one_throttle_all_of_the_jitter_counts() {
    let rig = one_in_6400();
    let now = rig.clock.now();
    rig.limiter.throttled("reads", now, now);
    assert_eq!(rig.answered_after(&[100, 900, 9000, 100]).await, [0, 6400, 13_600, 28_900]);
}

#[tokio::test]
async fn after_two_throttles_a_request_counts_from_its_answer_for_an_hour() {
    let rig = one_in_6400();
    for _ in 0..2 {
        let now = rig.clock.now();
        rig.limiter.throttled("reads", now, now);
        rig.clock.advance(SECOND);
    }
    let start = 2000;
    assert_eq!(rig.answered_after(&[200, 8000, 200]).await, [start, start + 6600, start + 6600 + 14_400]);
    rig.clock.advance(HOUR);
    let starts = rig.answered_after(&[200, 200]).await;
    assert_eq!(starts[4] - starts[3], 6400);
}

#[tokio::test]
async fn requests_sent_before_a_lesson_was_learnt_are_not_another_one() {
    let rig = one_in_6400();
    let sent = rig.clock.now();
    rig.clock.advance(SECOND);
    for _ in 0..10 {
        rig.limiter.throttled("reads", sent, rig.clock.now());
    }
    rig.limiter.throttled("reads", rig.clock.now(), rig.clock.now());
    // After one lesson, constant latency still costs nothing.
    assert_eq!(rig.answered_after(&[200, 200]).await, [1000, 7400]);
}

#[tokio::test]
async fn a_throttle_teaches_the_windows_of_its_group_only() {
    let window = Duration::from_millis(6400);
    let rig = Rig::new(&RateLimits::none().window("reports", 1, window).window("reads", 1, window));
    for _ in 0..2 {
        let now = rig.clock.now();
        rig.limiter.throttled("reports", now, now);
        rig.clock.advance(SECOND);
    }
    assert_eq!(rig.answered_after(&[200, 200]).await, [2000, 8400]);
}

#[tokio::test]
async fn a_large_call_waits_until_all_of_it_fits() {
    let rig = Rig::new(&RateLimits::none().window("*", 10, SECOND));
    drop(rig.acquire("reads", 4).await.unwrap());
    rig.clock.advance(SECOND / 4);
    drop(rig.acquire("reads", 4).await.unwrap());
    assert_eq!(rig.acquire("reads", 6).await.unwrap().waited(), SECOND * 3 / 4);
    assert_eq!(rig.acquire("reads", 1).await.unwrap().waited(), SECOND / 4);
}

#[tokio::test]
async fn a_window_of_no_length_limits_nothing_and_one_of_no_room_everything() {
    let rig = Rig::new(&RateLimits::none().window("*", 1, Duration::ZERO).window("reports", 0, SECOND));
    let both = (rig.acquire("reads", 5).await, rig.acquire("reads", 5).await);
    assert!(both.0.is_ok() && both.1.is_ok());
    assert_eq!(rig.acquire("reports", 1).await.unwrap_err().kind(), ErrorKind::Config);
    drop(both);
    assert_eq!(rig.clock.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn the_largest_costs_and_windows_overflow_nothing() {
    let rig = Rig::new(&RateLimits::none().window("*", u32::MAX, Duration::MAX).window("*", u32::MAX, 20 * HOUR));
    drop(rig.acquire("reads", u32::MAX).await.unwrap());
    let now = rig.clock.now();
    rig.limiter.throttled("reads", now, now);
    let error = rig.acquire("reads", u32::MAX).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert!(error.retry_after().is_some_and(|wait| wait > 20 * HOUR));
    assert_eq!(rig.limiter.state("reads").used, u64::from(u32::MAX));
}
