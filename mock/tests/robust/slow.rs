//! Clients that take their time. No socket, so that no time passes.

use std::time::Duration;

use bytes::Bytes;
use connectors_mock::{MockQrTiger, MockServer};
use futures_util::{Stream, stream};
use tokio::time::Instant;

use super::raw::{CODE, CREATE, LIST, statuses};

/// Each piece after a pause, then a silence without an end.
fn drip(pieces: Vec<String>, pause: Duration) -> impl Stream<Item = Bytes> {
    stream::unfold(pieces.into_iter(), move |mut pieces| async move {
        tokio::time::sleep(pause).await;
        match pieces.next() {
            Some(piece) => Some((piece.into(), pieces)),
            None => std::future::pending().await,
        }
    })
}

fn letters(text: &str) -> Vec<String> {
    text.chars().map(String::from).collect()
}

async fn told(sent: impl Stream<Item = Bytes>) -> (String, Duration) {
    let started = Instant::now();
    let answer = MockServer::converse([("", MockQrTiger::new().backend().clone())], sent).await;
    (String::from_utf8_lossy(&answer).into_owned(), started.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_head_in_drips_ends() {
    let (answer, took) = told(drip(letters(&format!("{LIST}\r\n")), Duration::from_secs(5))).await;
    assert_eq!(answer, "");
    assert!(took < Duration::from_secs(90), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_body_in_drips_ends() {
    let head = format!("{CREATE}Content-Length: {}\r\n\r\n", CODE.len());
    let pieces = [vec![head], letters(CODE)].concat();
    let (answer, took) = told(drip(pieces, Duration::from_secs(5))).await;
    assert_eq!(statuses(&answer), [408], "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    assert!(took < Duration::from_secs(90), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn who_asks_nothing_more_is_let_go() {
    let (answer, took) = told(drip(vec![format!("{LIST}\r\n")], Duration::from_secs(50))).await;
    assert_eq!(statuses(&answer), [200]);
    assert!((Duration::from_secs(100)..Duration::from_secs(130)).contains(&took), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn slow_but_steady_is_served() {
    let pieces = vec![format!("{LIST}\r\n"); 5];
    let (answer, _) = told(drip(pieces, Duration::from_secs(50))).await;
    assert_eq!(statuses(&answer), [200; 5]);
}
