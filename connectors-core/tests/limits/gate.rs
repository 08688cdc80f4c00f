//! Pauses, and what the provider says about its quota.

use std::time::Duration;

use connectors_core::{Clock, Priority, RateLimits};
use http::{HeaderMap, HeaderName};

use crate::{MINUTE, Rig, SECOND};

#[tokio::test]
async fn a_pause_holds_back_the_group_and_is_never_shortened() {
    let rig = Rig::new(&RateLimits::none());
    let now = rig.clock.now();
    rig.limiter.pause("reads", now + 10 * SECOND);
    rig.limiter.pause("reads", now + 2 * SECOND);
    rig.limiter.pause("*", now + 3 * SECOND);
    assert_eq!(rig.limiter.state("reads").paused_for, 10 * SECOND);
    tokio::join!(
        rig.call("paused", "reads", 1, Priority::Interactive, Duration::ZERO),
        rig.call("other", "writes", 1, Priority::Interactive, Duration::ZERO),
    );
    assert_eq!(rig.order(), ["other", "paused"]);
    assert_eq!(rig.at(), [3000, 10_000]);
}

#[tokio::test]
async fn a_pause_reaches_calls_that_wait_already() {
    let rig = Rig::new(&RateLimits::none().window("*", 1, SECOND));
    drop(rig.acquire("reads", 1).await.unwrap());
    let pause = async { rig.limiter.pause("*", rig.clock.now() + 5 * SECOND) };
    tokio::join!(rig.calls(1, "reads", 1, Duration::ZERO), pause);
    assert_eq!(rig.at(), [5000]);
}

#[tokio::test]
async fn nobody_watches_the_time_while_only_an_answer_can_help() {
    let rig = Rig::new(&RateLimits::none().in_flight(1));
    rig.limiter.pause("reports", rig.clock.now() + MINUTE);
    let busy = async {
        let permit = rig.acquire("reads", 1).await.unwrap();
        for _ in 0..500 {
            tokio::task::yield_now().await;
        }
        drop(permit);
        rig.clock.elapsed()
    };
    let ((), elapsed) = tokio::join!(rig.calls(1, "reports", 1, Duration::ZERO), busy);
    assert_eq!(elapsed, Duration::ZERO);
    assert_eq!(rig.at(), [60_000]);
}

#[tokio::test]
async fn a_place_that_becomes_free_during_a_pause_is_given_after_it() {
    let rig = Rig::new(&RateLimits::none().in_flight(1));
    let pause = async { rig.limiter.pause("*", rig.clock.now() + 5 * SECOND) };
    tokio::join!(rig.calls(3, "reads", 1, SECOND), pause);
    assert_eq!(rig.at(), [0, 5000, 6000]);
}

#[tokio::test]
async fn a_throttle_pauses_every_group() {
    let rig = Rig::new(&RateLimits::none());
    let now = rig.clock.now();
    rig.limiter.throttled("reports", now, now + 3 * SECOND);
    assert_eq!(rig.limiter.state("reads").paused_for, 3 * SECOND);
    rig.calls(1, "reads", 1, Duration::ZERO).await;
    assert_eq!(rig.at(), [3000]);
}

#[tokio::test]
async fn a_quota_that_the_provider_calls_used_up_pauses_its_group() {
    let rig = Rig::new(&RateLimits::none());
    let headers = |value: &str| HeaderMap::from_iter([(HeaderName::from_static("ratelimit"), value.parse().unwrap())]);
    rig.limiter.heed("reports", &headers(r#""default";r=1;t=30"#), rig.clock.now_utc());
    assert_eq!(rig.limiter.state("reports").paused_for, Duration::ZERO);
    rig.limiter.heed("reports", &headers(r#""default";r=0;t=30"#), rig.clock.now_utc());
    assert_eq!(rig.limiter.state("reports").paused_for, 30 * SECOND);
    assert_eq!(rig.limiter.state("reads").paused_for, Duration::ZERO);
}
