//! The router on a socket, with bounds on what each connection may take.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::{Request, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::impatient::Impatient;

/// So many connections are served at once; others wait for one of them to end.
const CONNECTIONS: usize = 1024;

/// How long the head of a request may take, and a connection be idle.
const HEAD: Duration = Duration::from_secs(30);

/// The most that the head of a request may hold, in bytes and in headers.
const HEAD_BYTES: usize = 64 << 10;
const HEADERS: usize = 100;

/// How long requests under way may take to end.
const STOPPING: Duration = Duration::from_secs(5);

/// How long to wait when no connection can be accepted, most likely because there are too many open files.
const BREATH: Duration = Duration::from_millis(50);

/// The router on a socket.
pub struct Server {
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Server {
    /// Serves from now on.
    pub fn start(listener: TcpListener, router: Router) -> Self {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        tasks.spawn(serve(listener, router, stop.clone()));
        tasks.close();
        Self { stop, tasks }
    }

    /// Takes nothing new, and waits a while for what is under way.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.wait().await;
    }
}

async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    let (free, graceful) = (Arc::new(Semaphore::new(CONNECTIONS)), GracefulShutdown::new());
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(HEAD_BYTES).max_headers(HEADERS);
    loop {
        let accepted = async { (Arc::clone(&free).acquire_owned().await, accept(&listener).await) };
        let (place, (stream, from)) = tokio::select! {
            () = stop.cancelled() => break,
            accepted = accepted => accepted,
        };
        // Events are small, and should not wait for more.
        let _ = stream.set_nodelay(true);
        let router = TowerToHyperService::new(router.clone());
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(from));
            hyper::service::Service::call(&router, request)
        });
        let connection = server.serve_connection(TokioIo::new(Impatient::new(stream)), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // However a connection ends, that is its own affair.
            let _ = connection.await;
            drop(place);
        });
    }
    let _ = tokio::time::timeout(STOPPING, graceful.shutdown()).await;
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            // Whoever has gone again says nothing of the next.
            Err(gone) if [io::ErrorKind::ConnectionAborted, io::ErrorKind::ConnectionReset].contains(&gone.kind()) => {}
            Err(_) => tokio::time::sleep(BREATH).await,
        }
    }
}
