//! Uploads over real sockets: what the provider gets to see of them.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use connectors_core::provider::{Core, Defaults};
use connectors_core::{Error, ErrorKind, Upload};
use futures_util::{Stream, StreamExt, stream};
use http::HeaderValue;

use super::{Deed, Seen, Server, answer, core_with, nobody_listens, unshared};
use crate::common::{CREATE, PUT};

const BINARY: HeaderValue = HeaderValue::from_static("application/octet-stream");

fn pieces(count: usize) -> impl Stream<Item = io::Result<Bytes>> + Send {
    stream::iter(0..count).map(|_| Ok(Bytes::from(vec![b'x'; 64 << 10])))
}

fn broken() -> impl Stream<Item = io::Result<Bytes>> + Send {
    pieces(2).chain(stream::iter([Err(io::Error::other("the disk is gone"))]))
}

async fn create(core: &Core, upload: Upload) -> Result<u32, Error> {
    let call = core.call(&CREATE).path("id", 1).upload(BINARY, upload);
    call.send_bytes().await.map(|answer| answer.meta().attempts)
}

fn ok() -> Deed {
    Deed::Write(answer("200 OK", "{}"))
}

/// A client whose requests have 300 ms.
fn hasty(server: &Server) -> Core {
    let mut defaults = Defaults::default();
    defaults.attempt_timeout = Duration::from_millis(300);
    core_with(&format!("http://{}", server.address), defaults)
}

#[tokio::test]
async fn a_known_length_is_stated_and_an_unknown_one_is_sent_in_chunks() {
    for (upload, stated, size) in [
        (Upload::from("12345"), "content-length: 5\r\n", 5),
        (Upload::from(""), "content-length: 0\r\n", 0),
        (Upload::stream(|| pieces(5)).length(5 << 16), "content-length: 327680\r\n", 5 << 16),
        (Upload::once(pieces(5)), "transfer-encoding: chunked\r\n", 5 << 16),
    ] {
        let server = Server::start([ok()]).await;
        assert_eq!(create(&server.core(), upload).await.unwrap(), 1);
        let Seen { head, body, complete } = server.requests().pop().unwrap();
        assert!(head.contains(stated) && head.contains("content-type: application/octet-stream\r\n"), "{head}");
        assert_eq!((body.len(), complete), (size, true));
    }
}

#[tokio::test]
async fn a_file_is_read_again_for_the_next_attempt() {
    let path = std::env::temp_dir().join(format!("upload-wire-{}.bin", std::process::id()));
    let content: Vec<u8> = (0..200_000_u32).map(|i| i.to_le_bytes()[0]).collect();
    std::fs::write(&path, &content).unwrap();
    let server = Server::start([Deed::Write(answer("503 Service Unavailable", "")), ok()]).await;
    let call = server.core().call(&PUT).path("id", 1).upload(BINARY, Upload::file(&path));
    assert_eq!(call.send_bytes().await.unwrap().meta().attempts, 2);
    let requests = server.requests();
    assert!(requests.iter().all(|seen| seen.head.contains("content-length: 200000\r\n")));
    assert!(requests.iter().all(|seen| seen.complete && seen.body == content));
    assert_eq!(requests.len(), 2);
    std::fs::remove_file(path).unwrap();
}

#[tokio::test]
async fn a_source_that_fails_or_lies_never_completes_a_request() {
    for upload in [
        Upload::stream(broken),
        Upload::stream(broken).length(2 << 16),
        Upload::stream(broken).length(3 << 16),
        Upload::stream(|| pieces(3)).length(2 << 16),
        Upload::stream(|| pieces(2)).length(3 << 16),
    ] {
        let server = Server::start([ok()]).await;
        let error = create(&server.core(), upload.clone()).await.unwrap_err();
        assert_eq!((error.kind(), error.maybe_applied(), error.attempts()), (ErrorKind::Storage, false, 1));
        assert!(!error.is_retryable() && error.to_string().contains("cannot be read: "), "{error}");
        server.over().await;
        assert!(server.requests().iter().all(|seen| !seen.complete), "{upload:?}");
    }
}

#[tokio::test]
async fn a_create_that_reached_nobody_is_tried_again_even_from_a_one_shot_source() {
    let core = core_with(&format!("http://{}", nobody_listens().await), Defaults::default());
    let error = create(&core, Upload::once(pieces(1))).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.maybe_applied()), (ErrorKind::Connect, 2, false));
}

/// Counts its bytes, and holds `open` for as long as it may be read.
fn endless(read: Arc<AtomicU64>, open: Arc<()>) -> impl Stream<Item = io::Result<Bytes>> + Send {
    pieces(usize::MAX).inspect(move |piece| {
        let _ = &open;
        read.fetch_add(piece.as_ref().unwrap().len() as u64, Ordering::Relaxed);
    })
}

#[tokio::test]
async fn a_server_that_does_not_read_holds_the_source_back_until_the_deadline_drops_it() {
    let server = Server::start([Deed::Ignore]).await;
    let (read, open) = (Arc::new(AtomicU64::new(0)), Arc::new(()));
    let upload = Upload::once(endless(Arc::clone(&read), Arc::clone(&open)));
    let error = create(&hasty(&server), upload).await.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied()), (ErrorKind::Timeout, true));
    assert!(read.load(Ordering::Relaxed) < 64 << 20, "beyond what sockets buffer, nothing is read ahead");
    unshared(&open).await;
}

#[tokio::test]
async fn an_answer_that_comes_early_ends_the_upload() {
    for (status, kind) in [("413 Payload Too Large", ErrorKind::InvalidRequest), ("401 Unauthorized", ErrorKind::Auth)]
    {
        let server = Server::start([Deed::WriteEarly(answer(status, "{}"))]).await;
        let (read, open) = (Arc::default(), Arc::new(()));
        let stalled = endless(read, Arc::clone(&open)).take(3).chain(stream::pending());
        let error = create(&server.core(), Upload::once(stalled)).await.unwrap_err();
        assert_eq!((error.kind(), error.maybe_applied(), error.attempts()), (kind, false, 1));
        unshared(&open).await;
        server.over().await;
        assert!(!server.requests()[0].complete);
    }
}
