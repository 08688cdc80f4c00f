//! What each real failure comes to.

use std::io::Write as _;
use std::time::Duration;

use connectors_core::provider::{Core, Defaults};
use connectors_core::{ErrorKind, HttpRequest, Transport, TransportErrorKind};
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

use super::{Deed, Server, answer, core, core_with, create, nobody_listens, read, reqwest};
use crate::common::PUT;

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
    for start in ["HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n", "HTTP/1.1 200 OK\r\nx-slow:"] {
        let server = Server::start([Deed::Trickle(start)]).await;
        let mut defaults = Defaults::default();
        defaults.attempt_timeout = Duration::from_millis(300);
        let core = core_with(&format!("http://{}", server.address), defaults);
        let error = create(&core).await.unwrap_err();
        assert_eq!((error.kind(), error.maybe_applied(), server.seen().0), (ErrorKind::Timeout, true, 1), "{start:?}");
        assert_eq!((read(&core).await.unwrap_err().attempts(), server.seen().0), (2, 3), "{start:?}");
    }
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
