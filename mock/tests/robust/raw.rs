//! Requests as bytes, and what comes back.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use connectors_mock::{MockQrTiger, MockServer};
use futures_util::stream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A read that succeeds, without the empty line that ends its head.
pub const LIST: &str =
    "GET /api/campaign HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nAuthorization: Bearer mock-key\r\n";

/// The beginning of a write.
pub const CREATE: &str = "POST /api/campaign HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\
                          Authorization: Bearer mock-key\r\nContent-Type: application/json\r\n";

/// A body for it.
pub const CODE: &str = r#"{"qr":{"size":500},"qrCategory":"url","qrType":"qr2","qrUrl":"https://example.com"}"#;

/// How long nothing takes that does not hang.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What a server in front of `mock` sends on one connection.
pub async fn told(mock: &MockQrTiger, sent: impl Into<Vec<u8>>) -> String {
    let sent = stream::iter([Bytes::from(sent.into())]);
    let answer = MockServer::converse([("", mock.backend().clone())], sent).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// What a new one does.
pub async fn answer(sent: impl Into<Vec<u8>>) -> String {
    told(&MockQrTiger::new(), sent).await
}

pub async fn serve(mock: &MockQrTiger) -> MockServer {
    MockServer::start([("", mock.backend().clone())]).await.unwrap()
}

/// One answer with its body, on a connection that stays open.
pub async fn ask(stream: &mut TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    loop {
        let read = tokio::time::timeout(PATIENCE, stream.read_buf(&mut answer)).await.expect("an answer");
        let text = String::from_utf8_lossy(&answer).into_owned();
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            length.is_none_or(|length| body.len() >= length.parse().unwrap())
        });
        if whole || read.unwrap_or_default() == 0 {
            return text;
        }
    }
}

/// All that comes back on a connection of its own, once everything is sent.
pub async fn exchange(address: SocketAddr, sent: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may have heard enough.
    let _ = stream.write_all(sent).await;
    let mut answer = Vec::new();
    let reading = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer));
    let _ = reading.await.expect("the connection ends");
    String::from_utf8_lossy(&answer).into_owned()
}

/// The statuses of the answers in `text`, in their order.
pub fn statuses(text: &str) -> Vec<u16> {
    let heads = text.match_indices("HTTP/1.").map(|(at, _)| &text[at..]);
    heads.filter_map(|head| head.split(' ').nth(1)?.parse().ok()).collect()
}
