//! The virtual clock on all kinds of runtimes, and beside sockets.

#![allow(clippy::unwrap_used, reason = "also the helpers of the tests are tests")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use connectors_core::Clock;
use connectors_core::testing::VirtualClock;
use futures_util::future::{join_all, select};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const SECOND: Duration = Duration::from_secs(1);

/// Sleeps for each of `seconds` in a task of its own; returns who woke when.
async fn sleepers(clock: &VirtualClock, seconds: &[u32]) -> Vec<(usize, u64)> {
    let woken = Arc::new(Mutex::new(Vec::new()));
    let tasks = seconds.iter().enumerate().map(|(i, &n)| {
        let (clock, woken) = (clock.clone(), Arc::clone(&woken));
        let sleep = clock.sleep(SECOND * n);
        tokio::spawn(async move {
            sleep.await;
            woken.lock().unwrap().push((i, clock.elapsed().as_secs()));
        })
    });
    join_all(tasks).await;
    woken.lock().unwrap().clone()
}

#[tokio::test]
async fn sleepers_wake_in_order_at_their_time() {
    let clock = VirtualClock::default();
    assert_eq!(sleepers(&clock, &[10, 1, 5, 1]).await, [(1, 1), (3, 1), (2, 5), (0, 10)]);
    assert_eq!(clock.now_utc() - VirtualClock::default().now_utc(), TimeDelta::seconds(10));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn also_on_several_threads() {
    assert_eq!(sleepers(&VirtualClock::default(), &[10, 1, 5]).await, [(1, 1), (2, 5), (0, 10)]);
}

#[tokio::test(start_paused = true)]
async fn also_in_one_task_under_paused_tokio_time() {
    let clock = VirtualClock::default();
    let sleep = async |n: u32| {
        clock.sleep(SECOND * n).await;
        clock.elapsed().as_secs()
    };
    assert_eq!(join_all([sleep(10), sleep(1), sleep(10)]).await, [10, 1, 10]);
}

#[tokio::test]
async fn time_stands_still_while_thousands_of_tasks_can_go_on() {
    let clock = VirtualClock::default();
    let busy = join_all((0..5000).map(|_| {
        let clock = clock.clone();
        tokio::spawn(async move {
            for _ in 0..5 {
                tokio::task::yield_now().await;
            }
            clock.elapsed()
        })
    }));
    let (busy, ()) = tokio::join!(busy, clock.sleep(SECOND));
    assert!(busy.into_iter().all(|elapsed| elapsed.unwrap() == Duration::ZERO));
}

#[tokio::test]
async fn a_deadline_passes_only_when_somebody_sleeps() {
    let clock = VirtualClock::default();
    let start = clock.now();
    let late = async {
        clock.deadline(start + SECOND).await;
        let noticed = clock.elapsed();
        // What follows from it happens before the longer sleep ends.
        clock.sleep(SECOND).await;
        (noticed, clock.elapsed())
    };
    let (times, ()) = tokio::join!(late, clock.sleep(5 * SECOND));
    assert_eq!(times, (SECOND, 2 * SECOND));
}

#[tokio::test]
async fn a_dropped_timer_moves_nothing() {
    let clock = VirtualClock::default();
    select(clock.sleep(60 * SECOND), clock.sleep(SECOND)).await;
    clock.sleep(SECOND).await;
    assert_eq!(clock.elapsed(), 2 * SECOND);
}

#[tokio::test]
async fn a_sleeper_that_looks_away_stops_nobody() {
    let clock = VirtualClock::default();
    let mut first = clock.sleep(SECOND);
    select(&mut first, std::future::ready(())).await;
    clock.sleep(3 * SECOND).await;
    first.await;
    assert_eq!(clock.elapsed(), 3 * SECOND);
}

#[tokio::test]
async fn advance_wakes_what_is_due() {
    let clock = VirtualClock::default();
    let mut late = clock.deadline(clock.now() + SECOND);
    select(&mut late, std::future::ready(())).await;
    clock.advance(2 * SECOND);
    late.await;
    assert_eq!(clock.elapsed(), 2 * SECOND);
}

#[test]
fn sleepers_outlive_the_runtime_that_drove_them() {
    let clock = VirtualClock::default();
    let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut sleep = clock.sleep(SECOND);
    runtime().block_on(async { select(&mut sleep, std::future::ready(())).await });
    runtime().block_on(sleep);
    assert_eq!(clock.elapsed(), SECOND);
}

/// Ten exchanges with a server that takes a second for each, under a deadline and beside another sleep.
async fn exchanges_over_a_socket(beside: Duration) {
    let clock = VirtualClock::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = clock.clone();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let clock = server.clone();
            tokio::spawn(async move {
                let byte = socket.read_u8().await.unwrap();
                clock.sleep(SECOND).await;
                socket.write_u8(byte).await.unwrap();
            });
        }
    });
    let client = async {
        for n in 0..10 {
            let exchange = async {
                let mut socket = TcpStream::connect(address).await.unwrap();
                socket.write_u8(n).await.unwrap();
                socket.read_u8().await.unwrap()
            };
            let late = clock.deadline(clock.now() + 2 * SECOND);
            tokio::select! {
                echo = exchange => assert_eq!(echo, n),
                () = late => panic!("overtaken by the clock"),
            }
        }
        clock.elapsed()
    };
    let (elapsed, ()) = tokio::join!(client, clock.sleep(beside));
    assert_eq!(elapsed, 10 * SECOND);
}

#[tokio::test]
async fn sockets_are_waited_for() {
    exchanges_over_a_socket(3600 * SECOND).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_work_on_several_threads() {
    exchanges_over_a_socket(Duration::ZERO).await;
}
