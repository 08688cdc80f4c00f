//! The face with sockets: any client in any language can talk to the fakes over HTTP.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response, StatusCode, Uri, header};
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::backend::{Backend, Outcome};
use crate::control::{Control, Entrance};
use crate::deliver;
use crate::fake::{self, MountedAt};

/// Fakes behind one port of this machine, each below its own path prefix. Stops when it is dropped.
///
/// Below `/__mock` it has an API to look into the fakes and control them from outside, and a page for people: see
/// [`Control`]. Where no fake has the root, the page is there, too.
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
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct MockServer {
    address: SocketAddr,
    _running: JoinSet<()>,
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
    pub async fn bind_with<'a>(
        address: SocketAddr,
        mounts: impl IntoIterator<Item = (&'a str, Backend)>,
        control: &Control,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let mut mounts: Vec<_> = mounts.into_iter().map(|(prefix, backend)| (prefix.to_owned(), backend)).collect();
        mounts.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        let own = mounts.iter().map(|(prefix, backend)| (prefix.as_str(), backend));
        let entrance = Arc::new(control.entrance(address, own).map_err(io::Error::other)?);
        let mut running = JoinSet::new();
        for (_, backend) in &mounts {
            running.spawn(deliver::deliver(backend.clone()));
        }
        running.spawn(listen(listener, Arc::new(mounts), entrance));
        Ok(Self { address, _running: running })
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

type Mounts = Arc<Vec<(String, Backend)>>;

async fn listen(listener: TcpListener, mounts: Mounts, entrance: Arc<Entrance>) {
    // Connections end with the server: the set aborts them when this task is dropped.
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        connections.spawn(converse(stream, Arc::clone(&mounts), Arc::clone(&entrance)));
    }
}

async fn converse(stream: TcpStream, mounts: Mounts, entrance: Arc<Entrance>) {
    let service = service_fn(move |request| answer(request, Arc::clone(&mounts), Arc::clone(&entrance)));
    // A connection that a fault breaks ends in an error: that is its purpose.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// Makes hyper close the connection without an answer.
#[derive(Debug)]
struct Broken;

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("broken on purpose")
    }
}

impl std::error::Error for Broken {}

async fn answer(request: Request<Incoming>, mounts: Mounts, entrance: Arc<Entrance>) -> Result<Response<Cut>, Broken> {
    if entrance.claims(request.uri().path()) {
        return Ok(entrance.answer(request).await.map(Cut::whole));
    }
    let (mut head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Broken)?.to_bytes();
    let path = head.uri.path_and_query().map_or("/", |p| p.as_str());
    let found =
        mounts.iter().find_map(|(prefix, backend)| Some((prefix, backend, path.strip_prefix(prefix.as_str())?)));
    let Some((prefix, backend, below)) = found else {
        entrance.stray(&head.method, path);
        let nothing =
            fake::json(StatusCode::NOT_FOUND, &serde_json::json!({"message": "no fake is mounted at this path"}));
        return Ok(nothing.map(Cut::whole));
    };
    let below = if below.starts_with('/') { below.to_owned() } else { format!("/{below}") };
    let host = head.headers.get(header::HOST).and_then(|host| host.to_str().ok());
    if let Some(mounted) = host.map(|host| MountedAt(format!("http://{host}{prefix}"))) {
        head.extensions.insert(mounted);
    }
    head.uri = below.parse::<Uri>().map_err(|_| Broken)?;
    let request = Request::from_parts(head, body);
    for first in backend.before(&request) {
        deliver::send(backend, first).await;
    }
    match backend.accept(request) {
        Outcome::Refused | Outcome::Reset => Err(Broken),
        Outcome::Answer { mut reply, delay, cut } => {
            if !delay.is_zero() {
                backend.clock().sleep(delay).await;
            }
            reply.headers_mut().remove(header::CONTENT_LENGTH);
            Ok(reply.map(|body| if cut { Cut::in_half(&body) } else { Cut::whole(body) }))
        }
    }
}

/// A body that may break off: it promises its whole length and ends in an error halfway.
struct Cut {
    data: Option<Bytes>,
    promised: u64,
    breaks: bool,
}

impl Cut {
    fn whole(data: Bytes) -> Self {
        Self { promised: data.len() as u64, data: Some(data), breaks: false }
    }

    fn in_half(data: &Bytes) -> Self {
        Self { promised: data.len() as u64, data: Some(data.slice(..data.len() / 2)), breaks: true }
    }
}

impl Body for Cut {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        Poll::Ready(match self.data.take() {
            Some(data) if !data.is_empty() => Some(Ok(Frame::data(data))),
            _ if std::mem::take(&mut self.breaks) => Some(Err(Broken)),
            _ => None,
        })
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised)
    }
}
