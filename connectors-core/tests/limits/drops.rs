//! Futures that are dropped.

use std::pin::pin;
use std::time::Duration;

use connectors_core::{Priority, RateLimits};
use futures_util::future::join_all;

use crate::{MINUTE, Rig, SECOND, abandon_after, poll_once};

#[tokio::test]
async fn a_wait_dropped_at_any_point_leaves_nothing_behind() {
    for polls in 0..5 {
        for victims in 1..4 {
            let rig = Rig::new(&RateLimits::none().in_flight(2).window("*", 2, SECOND).window("reads", 2, 3 * SECOND));
            let dropped = join_all((0..victims).map(|i| {
                let latency = SECOND * i;
                abandon_after(polls, rig.call("victim", "reads", 1, Priority::Interactive, latency))
            }));
            let others = join_all((0..4).map(|i| rig.call(i, "reads", 1, Priority::Interactive, SECOND)));
            tokio::join!(rig.calls(2, "reads", 1, SECOND), dropped, others);
            let finished = rig.order().iter().filter(|name| *name != "victim").count();
            assert_eq!(finished, 6, "{victims} dropped after {polls} polls");
            rig.assert_idle();
        }
    }
}

#[tokio::test]
async fn a_turn_that_nobody_picks_up_is_given_back() {
    let rig = Rig::new(&RateLimits::none().in_flight(1).window("*", 2, MINUTE));
    let busy = rig.acquire("reads", 1).await.unwrap();
    {
        let mut waiting = pin!(rig.acquire("reads", 1));
        assert!(poll_once(waiting.as_mut()).is_pending());
        drop(busy);
        assert_eq!(rig.limiter.state("*").in_flight, 1, "the turn is the waiter's");
    }
    rig.assert_idle();
    drop(rig.acquire("reads", 1).await.unwrap());
    assert_eq!(rig.clock.elapsed(), Duration::ZERO, "an unsent request takes no place of the window");
}

#[tokio::test]
async fn the_next_in_line_takes_over_when_the_first_leaves() {
    let rig = Rig::new(&RateLimits::none().window("*", 1, SECOND));
    drop(rig.acquire("reads", 1).await.unwrap());
    let mut first = Box::pin(rig.acquire("reads", 1));
    assert!(poll_once(first.as_mut()).is_pending());
    let leave = async { drop(first) };
    tokio::join!(rig.calls(1, "reads", 1, Duration::ZERO), leave);
    assert_eq!(rig.at(), [1000]);
}

#[tokio::test]
async fn nothing_is_counted_of_calls_that_were_dropped_unsent() {
    let limits = RateLimits::none().in_flight(1).window("*", 9, MINUTE).window("reads", 5, MINUTE);
    let rig = Rig::new(&limits);
    let sent = rig.acquire("reads", 2).await.unwrap();
    let mut waiting: Vec<_> = ["reads", "reports"].into_iter().map(|group| Box::pin(rig.acquire(group, 3))).collect();
    assert!(waiting.iter_mut().all(|waiting| poll_once(waiting.as_mut()).is_pending()));
    let queued = |group| rig.limiter.state(group).queued;
    assert_eq!((queued("reads"), queued("reports"), queued("*")), (1, 1, 2));
    drop(waiting);
    assert_eq!((queued("reads"), queued("reports"), queued("*")), (0, 0, 0));
    drop(sent);
    let used = |group| (rig.limiter.state(group).used, rig.limiter.state(group).limit);
    assert_eq!((used("reads"), used("reports")), ((2, 5), (2, 9)));
    rig.assert_idle();
}

#[tokio::test]
async fn a_wait_that_is_held_but_not_polled_does_not_stall_the_others() {
    let rig = Rig::new(&RateLimits::none().window("*", 1, SECOND));
    drop(rig.acquire("reads", 1).await.unwrap());
    let mut held = Box::pin(rig.acquire("reads", 1));
    assert!(poll_once(held.as_mut()).is_pending());
    rig.calls(3, "reads", 1, Duration::ZERO).await;
    // It gets its turn all the same, which nobody uses.
    assert!(rig.clock.elapsed() < 5 * SECOND, "{:?}", rig.clock.elapsed());
    drop(held);
    rig.assert_idle();
}
