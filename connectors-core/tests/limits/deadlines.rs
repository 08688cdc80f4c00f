//! Waits that end in vain.

use std::time::Duration;

use connectors_core::{Clock, ErrorKind, Priority, RateLimits, Result};
use futures_util::future::join_all;

use crate::{MINUTE, Rig, SECOND};

#[tokio::test]
async fn a_wait_past_the_deadline_fails_at_once_and_says_how_long_it_is() {
    let rig = Rig::new(&RateLimits::none().window("*", 10, SECOND));
    let far = rig.far();
    let short = rig.clock.now() + 2 * SECOND;
    let queue = join_all((0..30).map(|_| rig.limiter.acquire("reads", 1, Priority::Interactive, far)));
    let late = async {
        // The thirty ahead take the seconds 0, 1 and 2.
        let error = rig.limiter.acquire("reads", 1, Priority::Interactive, short).await.unwrap_err();
        assert_eq!(rig.clock.elapsed(), Duration::ZERO);
        error
    };
    let (permits, error) = tokio::join!(queue, late);
    assert!(permits.iter().all(Result::is_ok));
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after(), Some(3 * SECOND));
    assert!(!error.maybe_applied());
}

#[tokio::test]
async fn a_turn_at_the_very_deadline_is_in_time() {
    let rig = Rig::new(&RateLimits::none().window("*", 1, SECOND));
    drop(rig.acquire("reads", 1).await.unwrap());
    let permit = rig.limiter.acquire("reads", 1, Priority::Interactive, rig.clock.now() + SECOND).await.unwrap();
    assert_eq!(permit.waited(), SECOND);
}

#[tokio::test]
async fn waiters_for_a_slot_give_up_at_their_deadline() {
    let rig = Rig::new(&RateLimits::none().in_flight(1));
    let deadline = rig.clock.now() + SECOND;
    let hog = rig.call("hog", "reads", 1, Priority::Interactive, MINUTE);
    let waiter = async {
        let error = rig.limiter.acquire("reads", 1, Priority::Interactive, deadline).await.unwrap_err();
        (error.kind(), rig.clock.elapsed())
    };
    assert_eq!(tokio::join!(hog, waiter).1, (ErrorKind::RateLimited, SECOND));
    rig.assert_idle();
}

#[tokio::test]
async fn a_pause_past_the_deadline_ends_the_wait_at_once() {
    let rig = Rig::new(&RateLimits::none().window("*", 1, SECOND));
    drop(rig.acquire("reads", 1).await.unwrap());
    let deadline = rig.clock.now() + MINUTE;
    let waiters = join_all((0..3).map(|_| rig.limiter.acquire("reads", 1, Priority::Interactive, deadline)));
    let pause = async { rig.limiter.pause("reads", deadline + MINUTE) };
    let (results, ()) = tokio::join!(waiters, pause);
    assert!(results.iter().all(|result| result.as_ref().is_err_and(|e| e.retry_after() == Some(2 * MINUTE))));
    assert_eq!(rig.clock.elapsed(), Duration::ZERO);
    rig.assert_idle();
}

#[tokio::test]
async fn the_wait_of_a_call_counts_what_is_ahead_of_it_place_by_place() {
    let rig = Rig::new(&RateLimits::none().window("*", 2, SECOND));
    drop(rig.acquire("reads", 1).await.unwrap());
    rig.clock.advance(SECOND / 4);
    drop(rig.acquire("reads", 1).await.unwrap());
    let (far, short) = (rig.far(), rig.clock.now() + SECOND * 3 / 2);
    let queue = join_all((0..2).map(|_| rig.limiter.acquire("reads", 1, Priority::Interactive, far)));
    let late = rig.limiter.acquire("reads", 1, Priority::Interactive, short);
    // The two ahead take the places that become free after 3/4 and 4/4 of a second; the first of them comes back next.
    assert_eq!(tokio::join!(queue, late).1.unwrap_err().retry_after(), Some(SECOND * 7 / 4));
}
