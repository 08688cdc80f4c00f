//! The face with sockets: any client in any language can talk to the fakes over HTTP.

mod connection;
mod cut;
mod mounts;
mod received;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;

use self::mounts::Mounts;
use crate::backend::Backend;
use crate::control::Control;
use crate::deliver;

/// So many connections are served at once; others wait for one of them to end.
const CONNECTIONS: usize = 4096;

/// How many of those that wait the system keeps.
const WAITING: u32 = 4096;

/// How long to wait when no connection can be accepted, most likely because there are too many open files.
const BREATH: Duration = Duration::from_millis(50);

/// What is under way in memory between the two ends of a conversation without a socket.
const PIPE: usize = 64 << 10;

/// Fakes behind one port of this machine, each below its own path prefix. Stops when it is dropped.
///
/// Below `/__mock` it has an API to look into the fakes and control them from outside, and a page for people: see
/// [`Control`]. Where no fake has the root, the page is there, too.
///
/// Speaks HTTP/1.1 and 1.0. It serves 4096 connections at once, and others after them. Whatever comes is answered, as far
/// as it can be: what is no HTTP by 400, a head beyond some 400 KiB or 100 headers by 431, a body beyond 64 MiB by 413, one
/// that takes longer than a minute by 408, a defect of a fake by a 500 that says so (see
/// [`panics`](Backend::panics)). A connection on which nothing is asked for a minute is closed.
///
/// Webhooks of the fakes are called over http, at addresses of this machine alone.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use connectors_mock::{MockQrTiger, MockServer};
///
/// let mock = MockQrTiger::new();
/// let server = MockServer::start([("/qrtiger", mock.backend().clone())]).await?;
/// assert!(server.url("/qrtiger").starts_with("http://127.0.0.1:"));
/// server.stop().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct MockServer {
    address: SocketAddr,
    end: Arc<Notify>,
    listening: JoinSet<()>,
    _delivering: JoinSet<()>,
}

impl MockServer {
    /// Serves each backend below its prefix (`"/smartsheet"`; `""` takes everything else) on a free port.
    pub async fn start<'a>(mounts: impl IntoIterator<Item = (&'a str, Backend)>) -> io::Result<Self> {
        Self::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), mounts).await
    }

    /// The same on an address of choice. The fakes check keys but guard nothing: stay on loopback.
    pub async fn bind<'a>(
        address: SocketAddr,
        mounts: impl IntoIterator<Item = (&'a str, Backend)>,
    ) -> io::Result<Self> {
        Self::bind_with(address, mounts, &Control::new()).await
    }

    /// The same, as one of several servers that have this control in common.
    #[expect(clippy::unused_async, reason = "it has to be called on a runtime")]
    pub async fn bind_with<'a>(
        address: SocketAddr,
        mounts: impl IntoIterator<Item = (&'a str, Backend)>,
        control: &Control,
    ) -> io::Result<Self> {
        let listener = bound(address)?;
        let address = listener.local_addr()?;
        let mounts = Mounts::new(mounts).controlled(control, address).map_err(io::Error::other)?;
        let (end, mut listening, mut delivering) = (Arc::new(Notify::new()), JoinSet::new(), JoinSet::new());
        for backend in mounts.backends() {
            delivering.spawn(deliver::deliver(backend.clone()));
        }
        listening.spawn(listen(listener, Arc::new(mounts), Arc::clone(&end)));
        Ok(Self { address, end, listening, _delivering: delivering })
    }

    /// What the server sends on one connection on which it receives this, byte by byte and without any socket: to see how
    /// a client's own idea of HTTP fares. There is no control API, and webhooks are not called. It ends when the server closes the connection, at the
    /// latest soon after the end of what is sent.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// use connectors_mock::{MockQrTiger, MockServer};
    /// use futures_util::stream;
    ///
    /// let mock = MockQrTiger::new();
    /// let sent = ["GET /api/campaign HTTP/1.1\r\nAccept: */*\r\n", "Authorization: Bearer mock-key\r\n\r\n"];
    /// let answer = MockServer::converse([("", mock.backend().clone())], stream::iter(sent.map(Into::into))).await;
    /// assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
    /// # }
    /// ```
    pub async fn converse<'a>(
        mounts: impl IntoIterator<Item = (&'a str, Backend)>,
        sent: impl Stream<Item = Bytes>,
    ) -> Bytes {
        let (ours, theirs) = tokio::io::duplex(PIPE);
        let (mut reads, mut writes) = tokio::io::split(theirs);
        let sending = async {
            let mut sent = pin!(sent);
            while let Some(bytes) = sent.next().await {
                // The server may have heard enough.
                if writes.write_all(&bytes).await.is_err() {
                    break;
                }
            }
            let _ = writes.shutdown().await;
            std::future::pending::<()>().await;
        };
        let serving = connection::serve(ours, Arc::new(Mounts::new(mounts)));
        let mut answer = Vec::new();
        let receiving = async {
            // An end is an end.
            let _ = reads.read_to_end(&mut answer).await;
        };
        tokio::select! {
            () = sending => {}
            ((), ()) = async { tokio::join!(serving, receiving) } => {}
        }
        answer.into()
    }

    /// Stops, as when it is dropped, and waits for what is being carried out: nothing changes any more after it.
    pub async fn stop(mut self) {
        self.end.notify_one();
        while self.listening.join_next().await.is_some() {}
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL of the fake below `prefix`.
    pub fn url(&self, prefix: &str) -> String {
        format!("http://{}{prefix}", self.address)
    }
}

fn bound(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // On Windows this would let two servers have the same port.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

async fn listen(listener: TcpListener, mounts: Arc<Mounts>, end: Arc<Notify>) {
    // Connections end with the server: the set aborts them when this task is dropped.
    let mut connections = JoinSet::new();
    tokio::select! {
        () = end.notified() => {}
        () = take(&listener, &mounts, &mut connections) => {}
    }
    connections.shutdown().await;
}

async fn take(listener: &TcpListener, mounts: &Arc<Mounts>, connections: &mut JoinSet<()>) {
    let free = Arc::new(Semaphore::new(CONNECTIONS));
    while let Ok(place) = Arc::clone(&free).acquire_owned().await {
        let (stream, mounts) = (accept(listener).await, Arc::clone(mounts));
        while connections.try_join_next().is_some() {}
        connections.spawn(async move {
            // Answers are written in one piece, or are too long for a wait to be of use.
            let _ = stream.set_nodelay(true);
            connection::serve(stream, mounts).await;
            drop(place);
        });
    }
}

async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            // Whoever has gone again says nothing of the next.
            Err(gone) if [io::ErrorKind::ConnectionAborted, io::ErrorKind::ConnectionReset].contains(&gone.kind()) => {}
            Err(_) => tokio::time::sleep(BREATH).await,
        }
    }
}
