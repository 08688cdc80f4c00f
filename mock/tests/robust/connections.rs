//! Many connections, and those that end early.

use std::io::{BufRead, BufReader};
use std::net::{Shutdown, SocketAddr};
use std::process::{Command, Stdio};
use std::time::Duration;

use connectors_core::{RateLimits, SystemClock};
use connectors_mock::MockQrTiger;
use futures_util::future::join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::raw::{LIST, PATIENCE, ask, serve, statuses};

async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_at_once() {
    let mock = MockQrTiger::new();
    mock.backend().quotas(RateLimits::none());
    let server = serve(&mock).await;
    let mut streams = join_all((0..1000).map(|_| connect(server.address()))).await;
    for _ in 0..2 {
        let list = format!("{LIST}\r\n");
        let told = join_all(streams.iter_mut().map(|stream| ask(stream, &list))).await;
        assert!(told.iter().all(|answer| answer.starts_with("HTTP/1.1 200 ")));
    }
    assert_eq!(mock.backend().journal().total(), 2000);
}

#[tokio::test]
async fn who_has_said_everything_still_gets_an_answer() {
    let mock = MockQrTiger::builder().clock(std::sync::Arc::new(SystemClock)).build().unwrap();
    mock.backend().latency(Duration::from_millis(30));
    let server = serve(&mock).await;
    let mut stream = connect(server.address()).await;
    stream.write_all(format!("{LIST}\r\n").as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert_eq!(statuses(&answer), [200]);
}

#[tokio::test]
async fn half_of_nothing_is_no_answer() {
    let mock = MockQrTiger::new();
    mock.backend().on("campaigns.list").text("").truncate();
    let server = serve(&mock).await;
    let mut stream = connect(server.address()).await;
    assert_eq!(ask(&mut stream, &format!("{LIST}\r\n")).await, "");
}

#[tokio::test]
async fn connections_end_with_the_server() {
    let mock = MockQrTiger::new();
    let server = serve(&mock).await;
    let address = server.address();
    let mut stream = connect(address).await;
    assert_eq!(statuses(&ask(&mut stream, &format!("{LIST}\r\n")).await), [200]);
    drop(server);
    let end = tokio::time::timeout(PATIENCE, stream.read(&mut [0; 8])).await.expect("an end");
    assert!(end.is_err() || end.is_ok_and(|length| length == 0));
    assert!(TcpStream::connect(address).await.is_err(), "the port is free again");
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_file_left_connections_wait() {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    let script = "ulimit -n 40; exec \"$0\" serve --qrtiger 0 --no-quotas";
    let program = env!("CARGO_BIN_EXE_connectors-mock");
    let mut child =
        Command::new("sh").args(["-c", script, program]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address: SocketAddr =
        lines.find_map(|line| line.unwrap().strip_prefix("http://")?.parse().ok()).expect("it tells where it listens");
    let connect = || {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    };
    let mut waiting: Vec<_> = (0..60).map(|_| connect()).collect();
    // Those that were taken end, and make room for the others.
    for mut stream in waiting.drain(..) {
        stream.write_all(format!("{LIST}\r\n").as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert_eq!(statuses(&answer), [200]);
    }
    assert!(child.try_wait().unwrap().is_none(), "it serves on");
    child.kill().unwrap();
    child.wait().unwrap();
}
