//! Whose turn it is.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use connectors_core::{Priority, RateLimits};
use futures_util::future::join_all;

use crate::{MINUTE, Rig, SECOND, poll_once};

#[tokio::test]
async fn no_more_requests_at_a_time_than_allowed() {
    let rig = Rig::new(&RateLimits::none().in_flight(5));
    rig.calls(20, "reads", 1, SECOND).await;
    assert_eq!(rig.at(), (0..20).map(|i| i / 5 * 1000).collect::<Vec<u128>>());
    rig.assert_idle();
}

#[tokio::test]
async fn a_full_window_holds_up_its_own_group_only() {
    let rig = Rig::new(&RateLimits::none().window("reports", 1, MINUTE));
    let _used = rig.acquire("reports", 1).await.unwrap();
    let mut waiting = pin!(rig.acquire("reports", 1));
    assert!(poll_once(waiting.as_mut()).is_pending());
    drop(rig.acquire("reads", 1).await.unwrap());
    assert_eq!(rig.clock.elapsed(), Duration::ZERO);
    let state = rig.limiter.state("reports");
    assert_eq!((state.queued, state.used, state.limit), (1, 1, 1));
}

#[tokio::test]
async fn small_calls_do_not_starve_a_large_one() {
    let rig = Rig::new(&RateLimits::none().window("*", 10, SECOND));
    drop(rig.acquire("reads", 5).await.unwrap());
    tokio::join!(
        rig.call("large", "reports", 10, Priority::Interactive, Duration::ZERO),
        rig.call("small", "reads", 1, Priority::Interactive, Duration::ZERO),
    );
    assert_eq!(rig.order(), ["large", "small"]);
    assert_eq!(rig.at(), [1000, 2000]);
}

#[tokio::test]
async fn bulk_work_gets_every_fourth_turn_and_the_leftovers() {
    let rig = Rig::new(&RateLimits::none().in_flight(1));
    let busy = rig.acquire("reads", 1).await.unwrap();
    let bulk = join_all((0..4).map(|_| rig.call("b", "reads", 1, Priority::Bulk, Duration::ZERO)));
    let users = join_all((0..6).map(|_| rig.call("u", "reads", 1, Priority::Interactive, Duration::ZERO)));
    let release = async { drop(busy) };
    tokio::join!(bulk, users, release);
    assert_eq!(rig.order().concat(), "uuubuuubbb");
}

#[tokio::test]
async fn bulk_work_of_another_group_gets_its_turn_too() {
    let rig = Rig::new(&RateLimits::none().window("*", 1, SECOND));
    drop(rig.acquire("reads", 1).await.unwrap());
    let users = join_all((0..6).map(|_| rig.call("u", "reads", 1, Priority::Interactive, Duration::ZERO)));
    let bulk = join_all((0..2).map(|_| rig.call("b", "reports", 1, Priority::Bulk, Duration::ZERO)));
    tokio::join!(users, bulk);
    assert_eq!(rig.order().concat(), "uuubuuub");
}

#[tokio::test]
async fn ten_thousand_waiters_keep_their_order() {
    let rig = Rig::new(&RateLimits::none().in_flight(50).window("*", 1000, SECOND));
    rig.calls(10_000, "reads", 1, Duration::ZERO).await;
    assert_eq!(rig.clock.elapsed(), 9 * SECOND);
    assert!(rig.order().iter().map(|name| name.parse::<usize>().unwrap()).is_sorted());
    rig.assert_idle();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spawned_calls_on_several_threads_keep_the_limit() {
    let rig = Arc::new(Rig::new(&RateLimits::none().in_flight(3).window("*", 10, SECOND)));
    let calls = (0..30).map(|i| {
        let rig = Arc::clone(&rig);
        tokio::spawn(async move { rig.call(i, "reads", 1, Priority::Interactive, Duration::ZERO).await })
    });
    for call in join_all(calls).await {
        call.unwrap();
    }
    let starts = rig.at();
    assert_eq!(starts.len(), 30);
    assert!(starts.windows(11).all(|eleven| eleven[10] - eleven[0] >= 1000));
    rig.assert_idle();
}

#[tokio::test]
async fn a_turn_picked_up_late_counts_from_then() {
    let rig = Rig::new(&RateLimits::none().window("*", 2, SECOND));
    drop((rig.acquire("reads", 1).await.unwrap(), rig.acquire("reads", 1).await.unwrap()));
    let (mut first, mut second) = (pin!(rig.acquire("reads", 1)), pin!(rig.acquire("reads", 1)));
    assert!(poll_once(first.as_mut()).is_pending() && poll_once(second.as_mut()).is_pending());
    rig.clock.advance(SECOND);
    drop(first.await.unwrap());
    rig.clock.advance(SECOND / 2);
    drop(second.await.unwrap());
    rig.clock.advance(SECOND / 2);
    assert_eq!(rig.limiter.state("*").used, 1);
    rig.clock.advance(SECOND / 2);
    assert_eq!(rig.limiter.state("*").used, 0);
}

#[tokio::test]
async fn an_answer_ends_the_counting_but_not_the_request() {
    let rig = Rig::new(&RateLimits::none().in_flight(1));
    let mut permit = rig.acquire("reads", 1).await.unwrap();
    permit.answered();
    permit.answered();
    assert_eq!(rig.limiter.state("*").in_flight, 1, "its body is still on the way");
    drop(permit);
    rig.assert_idle();
}
