//! Sends what the fakes have to send to others.

use std::net::Ipv4Addr;
use std::time::Duration;

use bytes::Bytes;
use connectors_core::HttpRequest;
use http::{HeaderValue, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use url::{Host, Url};

use crate::backend::Backend;
use crate::fake::Reply;
use crate::outgoing::Outgoing;

/// How long a receiver may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The largest answer of a receiver that is read.
const MAX_ANSWER: usize = 64 << 10;

/// Sends what the fake has to send, for as long as it is polled.
pub(crate) async fn deliver(backend: Backend) {
    let mut under_way = JoinSet::new();
    loop {
        for outgoing in backend.outgoing() {
            let backend = backend.clone();
            under_way.spawn(async move { send(&backend, outgoing).await });
        }
        tokio::select! {
            // What is next may have waited for this.
            Some(_) = under_way.join_next() => {}
            () = backend.wait_for_outgoing() => {}
        }
    }
}

/// Sends one request, and tells the fake what came of it.
pub(crate) async fn send(backend: &Backend, outgoing: Outgoing) {
    let answer = tokio::time::timeout(PATIENCE, exchange(outgoing.request)).await;
    backend.answered(outgoing.id, answer.ok().flatten().as_ref());
}

/// Over http, and on this machine alone: a fake has no business elsewhere.
async fn exchange(mut request: HttpRequest) -> Option<Reply> {
    let url = Url::parse(&request.uri().to_string()).ok().filter(|url| url.scheme() == "http")?;
    let port = url.port_or_known_default()?;
    let stream = match url.host()? {
        Host::Domain("localhost") => TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await,
        Host::Ipv4(address) if address.is_loopback() => TcpStream::connect((address, port)).await,
        Host::Ipv6(address) if address.is_loopback() => TcpStream::connect((address, port)).await,
        _ => return None,
    };
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream.ok()?)).await.ok()?;
    let connection = tokio::spawn(connection);
    let host = HeaderValue::from_str(request.uri().authority()?.as_str()).ok()?;
    request.headers_mut().insert(header::HOST, host);
    *request.uri_mut() = request.uri().path_and_query()?.as_str().parse::<Uri>().ok()?;
    let answer = sender.send_request(request.map(Full::<Bytes>::new)).await;
    let reply = match answer {
        Ok(answer) => {
            let (head, body) = answer.into_parts();
            let body = Limited::new(body, MAX_ANSWER).collect().await.ok();
            body.map(|body| Reply::from_parts(head, body.to_bytes()))
        }
        Err(_) => None,
    };
    connection.abort();
    reply
}
