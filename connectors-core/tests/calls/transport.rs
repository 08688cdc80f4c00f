//! The default transport over real sockets: what each real failure comes to.

use std::collections::VecDeque;
use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use connectors_core::provider::{ApiKey, ClientOptions, Core, Defaults, base_url};
use connectors_core::{
    Error, ErrorKind, HttpRequest, ReqwestTransport, Response, RetryPolicy, Transport, TransportErrorKind,
};
use flate2::Compression;
use flate2::write::GzEncoder;
use http::HeaderName;
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

use crate::common::{CREATE, Judge, PUT, READ};

/// What the server does with a request.
#[derive(Clone)]
enum Deed {
    /// Writes these bytes and waits for the next request.
    Write(Vec<u8>),
    /// Writes these bytes and closes the connection.
    WriteAndClose(&'static str),
    /// Closes the connection while a part of the request is unread, which resets it.
    Reset,
    /// Begins an answer and never ends it.
    Trickle,
}

/// Speaks just enough HTTP to get it wrong. Does its deeds in turn, the last one again and again.
struct Server {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    async fn start(deeds: impl IntoIterator<Item = Deed>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (requests, connections) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let deeds: Arc<Mutex<VecDeque<Deed>>> = Arc::new(Mutex::new(deeds.into_iter().collect()));
        let (asked, accepted) = (Arc::clone(&requests), Arc::clone(&connections));
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                accepted.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(converse(connection, Arc::clone(&deeds), Arc::clone(&asked)));
            }
        });
        Self { address, requests, connections }
    }

    fn core(&self) -> Core {
        core(&format!("http://{}", self.address))
    }

    fn seen(&self) -> (usize, usize) {
        (self.requests.load(Ordering::Relaxed), self.connections.load(Ordering::Relaxed))
    }
}

async fn converse(mut connection: TcpStream, deeds: Arc<Mutex<VecDeque<Deed>>>, asked: Arc<AtomicUsize>) {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let Ok(byte) = connection.read_u8().await else { return };
            head.push(byte);
        }
        asked.fetch_add(1, Ordering::Relaxed);
        let deed = {
            let mut deeds = deeds.lock().unwrap();
            if deeds.len() > 1 { deeds.pop_front().unwrap() } else { deeds.front().cloned().unwrap() }
        };
        if matches!(deed, Deed::Reset) {
            return;
        }
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        connection.read_exact(&mut body).await.unwrap();
        match deed {
            Deed::Write(bytes) if connection.write_all(&bytes).await.is_ok() => {}
            Deed::WriteAndClose(text) => return connection.write_all(text.as_bytes()).await.unwrap_or_default(),
            Deed::Trickle => {
                let mut next = "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n".as_bytes();
                while connection.write_all(next).await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    next = b" ";
                }
                return;
            }
            _ => return,
        }
    }
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
    let mut options = ClientOptions::default();
    options.transport = Some(Arc::new(reqwest()));
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

#[tokio::test]
async fn a_refused_connection_has_sent_nothing_so_a_create_is_tried_again() {
    let error = create(&core(&format!("http://{}", nobody_listens().await))).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 2));
    assert!(!error.maybe_applied() && error.is_retryable());
}

#[tokio::test]
async fn a_name_without_an_address_is_told_apart_from_a_host_that_is_down() {
    for (url, kind) in [
        ("http://something.invalid/".to_owned(), TransportErrorKind::Dns),
        (format!("http://{}/", nobody_listens().await), TransportErrorKind::Connect),
    ] {
        let request = HttpRequest::new(bytes::Bytes::new());
        let (mut head, body) = request.into_parts();
        head.uri = url.parse().unwrap();
        let error = reqwest().send(HttpRequest::from_parts(head, body)).await.unwrap_err();
        assert_eq!((error.kind, error.sent), (kind, false), "{error:?}");
    }
}

#[tokio::test]
async fn a_connection_lost_after_the_request_leaves_a_create_in_doubt_and_unrepeated() {
    for lost in [Deed::Reset, Deed::WriteAndClose(""), Deed::WriteAndClose("HTTP/1.1 200")] {
        let server = Server::start([lost.clone()]).await;
        let error = create(&server.core()).await.unwrap_err();
        assert_eq!((error.kind(), error.maybe_applied(), server.seen().0), (ErrorKind::Interrupted, true, 1));

        let server = Server::start([lost, Deed::Write(answer("200 OK", "{}"))]).await;
        assert_eq!(server.core().call(&PUT).path("id", 1).json(&[1]).send_bytes().await.unwrap().meta().attempts, 2);
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_not_taken_for_whole() {
    for cut in [
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n",
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nhello",
    ] {
        let server = Server::start([Deed::WriteAndClose(cut)]).await;
        let error = create(&server.core()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.maybe_applied(), server.seen().0),
            (ErrorKind::Interrupted, true, 1),
            "{cut:?}"
        );
        assert_eq!((read(&server.core()).await.unwrap_err().attempts(), server.seen().0), (2, 3), "{cut:?}");
    }
}

#[tokio::test]
async fn a_web_page_is_no_answer_whatever_its_status() {
    for status in ["200 OK", "502 Bad Gateway"] {
        let page = Deed::Write(answer(status, "<!doctype html><html><title>Sign in</title></html>"));
        let error = create(&Server::start([page]).await.core()).await.unwrap_err();
        assert_eq!((error.kind(), error.maybe_applied(), error.attempts()), (ErrorKind::Server, true, 1));
        assert_eq!(error.body_snippet(), Some("HTML page: Sign in"));
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_key_stays_home() {
    let elsewhere = MockServer::start().await;
    let home = MockServer::start().await;
    for status in [301, 302, 303, 307, 308] {
        home.reset().await;
        let redirect = ResponseTemplate::new(status).insert_header("location", elsewhere.uri());
        Mock::given(matchers::header("x-api-key", "s3cret")).respond_with(redirect).expect(1).mount(&home).await;
        let error = read(&core(&home.uri())).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Config, 1), "{status}");
    }
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_cap_holds_for_the_body_as_it_is_after_decompression() {
    let gzip = |body: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(body).unwrap();
        encoder.finish().unwrap()
    };
    let (fits, bomb) = (gzip(br#"{"ok":true}"#), gzip(&vec![b' '; 8 << 20]));
    let mut defaults = Defaults::default();
    defaults.body_cap = 64 << 10;
    assert!(bomb.len() < defaults.body_cap, "what is on the wire is below the cap");
    let server = MockServer::start().await;
    for body in [fits, bomb] {
        let template = ResponseTemplate::new(200).insert_header("content-encoding", "gzip").set_body_bytes(body);
        Mock::given(matchers::any()).respond_with(template).up_to_n_times(1).mount(&server).await;
    }
    let core = core_with(&server.uri(), defaults);
    assert_eq!(read(&core).await.unwrap()["ok"], true);
    let error = create(&core).await.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::BodyTooLarge, true));
}

#[tokio::test]
async fn an_error_page_is_read_so_that_its_connection_can_be_used_again() {
    for (size, connections) in [(100, 1), (60 << 10, 1), (1 << 20, 2)] {
        let failure = Deed::Write(answer("503 Service Unavailable", &"x".repeat(size)));
        let server = Server::start([failure, Deed::Write(answer("200 OK", "{}"))]).await;
        let core = server.core();
        assert_eq!(read(&core).await.unwrap().meta().attempts, 2);
        assert_eq!(read(&core).await.unwrap().meta().attempts, 1);
        assert_eq!(server.seen(), (3, connections), "{size} bytes");
    }
}

#[tokio::test]
async fn an_answer_that_trickles_in_ends_at_the_request_deadline() {
    let server = Server::start([Deed::Trickle]).await;
    let mut defaults = Defaults::default();
    defaults.attempt_timeout = Duration::from_millis(300);
    let core = core_with(&format!("http://{}", server.address), defaults);
    let error = create(&core).await.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied(), server.seen().0), (ErrorKind::Timeout, true, 1));
    assert_eq!((read(&core).await.unwrap_err().attempts(), server.seen().0), (2, 3));
}

/// Answers the first bytes of each connection with these, in plain text, and hangs up.
async fn without_tls(reply: &'static [u8]) -> Core {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let _ = connection.read(&mut [0; 4096]).await;
            let _ = connection.write_all(reply).await;
        }
    });
    core(&format!("https://{address}"))
}

#[tokio::test]
async fn a_server_without_tls_is_a_mistake_that_is_not_repeated() {
    let error = create(&without_tls(b"HTTP/1.1 400 Bad Request\r\n\r\n").await).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 1), "{error:?}");
    assert!(!error.maybe_applied() && !error.is_retryable());
}

#[tokio::test]
async fn a_server_that_hangs_up_on_the_handshake_is_tried_again() {
    let error = create(&without_tls(b"").await).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 2), "{error:?}");
    assert!(!error.maybe_applied() && error.is_retryable());
}
