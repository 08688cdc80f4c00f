//! The default transport over real sockets: a server that speaks just enough HTTP to get it wrong, and a client of it.

mod failures;
mod pool;
mod proxy;
mod tls;
mod upload;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use connectors_core::provider::{ApiKey, ClientOptions, Core, Defaults, base_url};
use connectors_core::{Error, ReqwestTransport, Response, RetryPolicy, Transport};
use http::HeaderName;
use secrecy::SecretString;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::common::{CREATE, Judge, READ};

/// What the server does with a request.
#[derive(Clone)]
enum Deed {
    /// Writes these bytes and waits for the next request.
    Write(Vec<u8>),
    /// Writes these bytes and closes the connection.
    WriteAndClose(&'static str),
    /// Writes these bytes before it has read the body, and goes on reading.
    WriteEarly(Vec<u8>),
    /// Closes the connection while a part of the request is unread, which resets it.
    Reset,
    /// Begins an answer with these bytes and never ends it.
    Trickle(&'static str),
    /// Reads nothing beyond the head.
    Ignore,
}

/// A request as the server saw it.
#[derive(Clone, Default, Debug)]
struct Seen {
    /// In lower case.
    head: String,
    body: Vec<u8>,
    complete: bool,
}

/// Does its deeds in turn, the last one again and again.
struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<AtomicUsize>,
    conversations: Arc<()>,
}

impl Server {
    async fn start(deeds: impl IntoIterator<Item = Deed>) -> Self {
        Self::start_with(None, deeds).await
    }

    async fn start_with(tls: Option<TlsAcceptor>, deeds: impl IntoIterator<Item = Deed>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::<Mutex<Vec<Seen>>>::default();
        let connections = Arc::<AtomicUsize>::default();
        let deeds: Arc<Mutex<VecDeque<Deed>>> = Arc::new(Mutex::new(deeds.into_iter().collect()));
        let (asked, accepted) = (Arc::clone(&requests), Arc::clone(&connections));
        let conversations = Arc::new(());
        let open = Arc::downgrade(&conversations);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                accepted.fetch_add(1, Ordering::Relaxed);
                let (deeds, asked, tls, open) = (Arc::clone(&deeds), Arc::clone(&asked), tls.clone(), open.upgrade());
                tokio::spawn(async move {
                    match tls {
                        None => converse(connection, deeds, asked).await,
                        Some(tls) => match tls.accept(connection).await {
                            Ok(connection) => converse(connection, deeds, asked).await,
                            Err(_refused) => {}
                        },
                    }
                    drop(open);
                });
            }
        });
        Self { address, requests, connections, conversations }
    }

    fn core(&self) -> Core {
        core(&format!("http://{}", self.address))
    }

    /// How many requests, over how many connections.
    fn seen(&self) -> (usize, usize) {
        (self.requests.lock().unwrap().len(), self.connections.load(Ordering::Relaxed))
    }

    /// Waits until all connections are closed.
    async fn over(&self) {
        unshared(&self.conversations).await;
    }

    fn requests(&self) -> Vec<Seen> {
        self.requests.lock().unwrap().clone()
    }
}

async fn converse(
    mut connection: impl AsyncRead + AsyncWrite + Unpin,
    deeds: Arc<Mutex<VecDeque<Deed>>>,
    requests: Arc<Mutex<Vec<Seen>>>,
) {
    loop {
        let Some(head) = read_head(&mut connection).await else { return };
        let number = {
            let mut requests = requests.lock().unwrap();
            requests.push(Seen { head: head.clone(), ..Seen::default() });
            requests.len() - 1
        };
        let deed = {
            let mut deeds = deeds.lock().unwrap();
            if deeds.len() > 1 { deeds.pop_front().unwrap() } else { deeds.front().cloned().unwrap() }
        };
        match &deed {
            Deed::Reset => return,
            Deed::Ignore => return std::future::pending().await,
            Deed::WriteEarly(bytes) => connection.write_all(bytes).await.unwrap(),
            _ => {}
        }
        let mut body = Vec::new();
        let complete = read_body(&mut connection, &head, &mut body).await.is_some();
        *requests.lock().unwrap().get_mut(number).unwrap() = Seen { head, body, complete };
        if !complete {
            return;
        }
        match deed {
            Deed::Write(bytes) if connection.write_all(&bytes).await.is_ok() => {}
            Deed::WriteAndClose(text) => return connection.write_all(text.as_bytes()).await.unwrap_or_default(),
            Deed::Trickle(start) => {
                let mut next = start.as_bytes();
                while connection.write_all(next).await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    next = b" ";
                }
                return;
            }
            Deed::WriteEarly(_) => {}
            _ => return,
        }
    }
}

/// Waits until nobody else holds it.
async fn unshared(held: &Arc<()>) {
    for _ in 0..500 {
        if Arc::strong_count(held) == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(Arc::strong_count(held), 1, "somebody still holds it");
}

/// Up to and including the empty line, in lower case.
async fn read_head(connection: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(connection.read_u8().await.ok()?);
    }
    Some(String::from_utf8(head).unwrap().to_ascii_lowercase())
}

/// `None` when the connection ends before the body does.
async fn read_body(connection: &mut (impl AsyncRead + Unpin), head: &str, body: &mut Vec<u8>) -> Option<()> {
    if head.contains("transfer-encoding: chunked") {
        loop {
            let size = read_line(connection).await?;
            let size = u64::from_str_radix(&size, 16).unwrap();
            read_exactly(connection, size, body).await?;
            read_line(connection).await?;
            if size == 0 {
                return Some(());
            }
        }
    }
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
    read_exactly(connection, length.map_or(0, |length| length.parse().unwrap()), body).await
}

async fn read_line(connection: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut line = String::new();
    while !line.ends_with("\r\n") {
        line.push(connection.read_u8().await.ok()?.into());
    }
    Some(line.trim_end().to_owned())
}

async fn read_exactly(connection: &mut (impl AsyncRead + Unpin), size: u64, body: &mut Vec<u8>) -> Option<()> {
    let read = connection.take(size).read_to_end(body).await;
    (read.ok()? as u64 == size).then_some(())
}

fn answer(status: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn reqwest() -> ReqwestTransport {
    ReqwestTransport::builder().no_proxy().build().unwrap()
}

/// A client that sends a request at most twice, a moment apart.
fn core(base: &str) -> Core {
    core_with(base, Defaults::default())
}

fn core_with(base: &str, defaults: Defaults) -> Core {
    core_over(reqwest(), base, defaults)
}

fn core_over(transport: impl Transport, base: &str, defaults: Defaults) -> Core {
    let mut options = ClientOptions::default();
    options.transport = Some(Arc::new(transport));
    options.retry =
        Some(RetryPolicy::default().attempts(2).backoff(Duration::from_millis(1), Duration::from_millis(1)));
    let key = ApiKey::header("key", HeaderName::from_static("x-api-key"), &SecretString::from("s3cret")).unwrap();
    let base = base_url("api_url", base, true).unwrap();
    Core::new("scripted", &base, Some(Arc::new(key)), Judge, defaults, &options).unwrap()
}

async fn create(core: &Core) -> Result<Response<serde_json::Value>, Error> {
    core.call(&CREATE).path("id", 1).json(&["something"]).send().await
}

async fn read(core: &Core) -> Result<Response<serde_json::Value>, Error> {
    core.call(&READ).path("id", 1).send().await
}

async fn nobody_listens() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}
