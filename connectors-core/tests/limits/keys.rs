//! One at a time per key.

use std::pin::pin;
use std::sync::Mutex;

use connectors_core::provider::KeyedLocks;
use connectors_core::testing::VirtualClock;
use connectors_core::{Clock, ErrorKind};

use crate::{MINUTE, SECOND, poll_once};

#[tokio::test]
async fn a_key_is_handed_on_in_order_and_then_forgotten() {
    let (clock, locks) = (VirtualClock::default(), KeyedLocks::default());
    let order = Mutex::new(Vec::new());
    let far = clock.now() + MINUTE;
    let write = async |key: &str, n: usize| {
        let _guard = locks.lock(key, &clock, far).await.unwrap();
        order.lock().unwrap().push((n, clock.elapsed().as_secs()));
        clock.sleep(SECOND).await;
    };
    tokio::join!(write("a", 0), write("a", 1), write("b", 2), write("a", 3));
    assert_eq!(*order.lock().unwrap(), [(0, 0), (2, 0), (1, 1), (3, 2)]);
    assert!(locks.is_empty());
}

#[tokio::test]
async fn a_key_that_stays_locked_times_out_and_leaks_nothing() {
    let (clock, locks) = (VirtualClock::default(), KeyedLocks::default());
    let guard = locks.lock("a", &clock, clock.now()).await.unwrap();
    let deadline = clock.now() + SECOND;
    let hold = async {
        clock.sleep(MINUTE).await;
        drop(guard);
    };
    let (result, ()) = tokio::join!(locks.lock("a", &clock, deadline), hold);
    let error = result.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Timeout, false));
    assert!(locks.is_empty());
}

#[tokio::test]
async fn a_dropped_wait_for_a_key_lets_the_next_one_have_it() {
    let (clock, locks) = (VirtualClock::default(), KeyedLocks::default());
    let far = clock.now() + MINUTE;
    let guard = locks.lock("a", &clock, far).await.unwrap();
    let mut dropped = Box::pin(locks.lock("a", &clock, far));
    let mut next = pin!(locks.lock("a", &clock, far));
    assert!(poll_once(dropped.as_mut()).is_pending());
    assert!(poll_once(next.as_mut()).is_pending());
    drop(guard);
    drop(dropped);
    drop(next.await.unwrap());
    assert_eq!(locks.len(), 0);
}
