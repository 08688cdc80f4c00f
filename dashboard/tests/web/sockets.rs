//! A hundred browsers over sockets, while a thousand syncs go by.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use connectors_core::ErrorKind;
use connectors_dashboard::{Dashboard, IntegrationHub, Provider};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;

use crate::site::quick;

const STREAMS: usize = 100;
const SYNCS: usize = 1000;

/// So many syncs begin before all streams have to have seen the last of them.
const AT_A_TIME: usize = 100;

async fn served() -> (IntegrationHub, SocketAddr) {
    let hub = quick().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, router) = (listener.local_addr().unwrap(), Dashboard::new(hub.clone()).router());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (hub, address)
}

/// A session of its own.
async fn cookie(address: SocketAddr) -> String {
    let mut socket = TcpStream::connect(address).await.unwrap();
    let request = format!("GET /api/session HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

async fn stream(address: SocketAddr, last: Option<&str>) -> TcpStream {
    let (mut socket, cookie) = (TcpStream::connect(address).await.unwrap(), cookie(address).await);
    let last = last.map(|last| format!("last-event-id: {last}\r\n")).unwrap_or_default();
    let request = format!("GET /api/stream HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\n{last}\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    socket
}

/// What one stream has seen.
struct Watcher {
    lines: Lines<BufReader<TcpStream>>,
    last: Option<u64>,
    activity: Option<i64>,
    event: String,
    data: Option<Value>,
    /// Syncs whose end it was told.
    ended: Vec<i64>,
}

impl Watcher {
    async fn begin(address: SocketAddr) -> Self {
        let lines = BufReader::new(stream(address, None).await).lines();
        let mut watcher =
            Self { lines, last: None, activity: None, event: String::new(), data: None, ended: Vec::new() };
        while watcher.last.is_none() {
            watcher.line().await;
        }
        watcher
    }

    /// Reads a line, and checks what it ends.
    async fn line(&mut self) {
        let line = self.lines.next_line().await.unwrap().expect("the stream goes on");
        if let Some(event) = line.strip_prefix("event: ") {
            assert_ne!(event, "reset", "it was left behind");
            event.clone_into(&mut self.event);
        } else if let Some(data) = line.strip_prefix("data: ") {
            // The rest is not looked at, and takes its time.
            if ["activity", "sync"].contains(&self.event.as_str()) {
                self.data = Some(serde_json::from_str(data).unwrap());
            }
        } else if let Some(id) = line.strip_prefix("id: ") {
            let number: u64 = id.split_once('.').unwrap().1.parse().unwrap();
            if let Some(last) = self.last {
                assert_eq!(number, last + 1, "none is lost, none comes twice");
            }
            self.last = Some(number);
            let Some(data) = self.data.take() else { return };
            let data = &data["data"];
            let id = data["id"].as_i64().unwrap();
            if self.event == "activity" {
                assert_eq!(id, self.activity.map_or(id, |last| last + 1), "activities have no gap");
                self.activity = Some(id);
            } else if !data["endedAt"].is_null() {
                self.ended.push(id);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_streams_see_a_thousand_syncs_without_a_loss_or_a_double() {
    let (hub, address) = served().await;
    let mut watching = Vec::new();
    let seen: Arc<Vec<AtomicU64>> = Arc::new((0..STREAMS).map(|_| AtomicU64::new(0)).collect());
    for number in 0..STREAMS {
        let (mut watcher, seen) = (Watcher::begin(address).await, Arc::clone(&seen));
        watching.push(tokio::spawn(async move {
            while watcher.ended.len() < SYNCS {
                watcher.line().await;
                seen[number].store(watcher.ended.len() as u64, Ordering::Relaxed);
            }
            watcher.ended
        }));
    }
    // Those who come, do not read, and go in between do not matter to the others.
    let (mut idle, mut begun) = (Vec::new(), 0);
    while begun < SYNCS {
        idle.push(stream(address, None).await);
        drop(stream(address, Some("1.1")).await);
        for _ in 0..AT_A_TIME / 4 {
            for provider in Provider::ALL {
                // The one before may just be about to leave.
                let sync = loop {
                    match hub.sync(provider.id).await {
                        Err(busy) if busy.kind() == ErrorKind::Conflict => tokio::task::yield_now().await,
                        begun => break begun.unwrap(),
                    }
                };
                while hub.sync_status(sync.id).await.unwrap().ended_at.is_none() {
                    tokio::task::yield_now().await;
                }
                begun += 1;
            }
        }
        while seen.iter().any(|seen| seen.load(Ordering::Relaxed) < begun as u64) {
            assert!(
                watching.iter().all(|watching| !watching.is_finished() || begun == SYNCS),
                "a stream has ended early"
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    let syncs: Vec<_> = (1..=i64::try_from(SYNCS).unwrap()).collect();
    for watching in watching {
        let mut ended = watching.await.unwrap();
        ended.sort_unstable();
        assert_eq!(ended, syncs);
    }
    // Whoever has slept all the time is told so, or gets everything: one of both.
    for socket in idle {
        let mut lines = BufReader::new(socket).lines();
        let mut last: Option<u64> = None;
        loop {
            let line = lines.next_line().await.unwrap().unwrap();
            if line == "event: reset" {
                break;
            }
            if let Some(id) = line.strip_prefix("id: ") {
                let number = id.split_once('.').unwrap().1.parse().unwrap();
                assert!(last.is_none_or(|last| number == last + 1));
                last = Some(number);
            }
            if line.starts_with("data: ") && line.contains(&format!("sync {SYNCS} done")) {
                break;
            }
        }
    }
}
