//! A server on loopback that answers every request with the same page, on a thread of its own.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use connectors_benches::page;
use http::{Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::oneshot;
use tokio::time::sleep;
use url::Url;

use crate::Outcome;

/// How it treats a request, by the number of those before it.
type Manner = fn(u64) -> (StatusCode, Duration);

/// Serves until it is dropped.
pub struct Server {
    address: SocketAddr,
    requests: Arc<AtomicU64>,
    _stop: oneshot::Sender<()>,
}

impl Server {
    /// Answers at once.
    pub fn prompt() -> Outcome<Self> {
        Self::start(|_| (StatusCode::OK, Duration::ZERO))
    }

    /// Answers at once, with this.
    pub fn of(body: impl Into<Bytes>) -> Outcome<Self> {
        Self::serving(body.into(), |_| (StatusCode::OK, Duration::ZERO))
    }

    pub fn start(manner: Manner) -> Outcome<Self> {
        Self::serving(Bytes::from(page(5)?), manner)
    }

    fn serving(body: Bytes, manner: Manner) -> Outcome<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let requests = Arc::new(AtomicU64::new(0));
        let (stop, stopped) = oneshot::channel();
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let counter = Arc::clone(&requests);
        thread::Builder::new().name("server".into()).spawn(move || {
            runtime.block_on(async {
                tokio::spawn(serve(listener, body, counter, manner));
                // Ends when the server is dropped, which sends nothing.
                let _ = stopped.await;
            });
        })?;
        Ok(Self { address, requests, _stop: stop })
    }

    /// Where it is.
    pub fn url(&self) -> Outcome<Url> {
        Ok(format!("http://{}/2.0", self.address).parse()?)
    }

    /// How many requests came.
    pub fn requests(&self) -> u64 {
        self.requests.load(Relaxed)
    }
}

async fn serve(
    listener: std::net::TcpListener,
    body: Bytes,
    requests: Arc<AtomicU64>,
    manner: Manner,
) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (socket, _) = listener.accept().await?;
        socket.set_nodelay(true)?;
        let (body, requests) = (body.clone(), Arc::clone(&requests));
        let answer = service_fn(move |_: Request<Incoming>| {
            let (body, (status, delay)) = (body.clone(), manner(requests.fetch_add(1, Relaxed)));
            async move {
                if !delay.is_zero() {
                    sleep(delay).await;
                }
                let answer = Response::builder().status(status).header(header::CONTENT_TYPE, "application/json");
                answer.body(Full::new(body))
            }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(socket), answer));
    }
}
