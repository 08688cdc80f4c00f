//! Uploads, over transports that cannot stream: what is sent, and when it is sent again.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use connectors_core::{
    Error, ErrorKind, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind, Upload, UploadRequest,
};
use futures_util::{Stream, StreamExt, stream};
use http::HeaderValue;
use proptest::prelude::*;

use crate::common::{CREATE, OK, PUT, Script, Step, bench, bench_with, status};

const TEXT: HeaderValue = HeaderValue::from_static("text/plain");

fn lines(lines: &[&'static str]) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
    stream::iter(lines.to_vec()).map(|line| Ok(Bytes::from(line)))
}

/// What came of uploading it to `script` as a create, after how many requests.
async fn create(script: &Arc<Script>, upload: Upload) -> Result<u32, Error> {
    let call = bench(script, None).core.call(&CREATE).path("id", 1).upload(TEXT, upload);
    call.send_bytes().await.map(|answer| answer.meta().attempts)
}

#[tokio::test]
async fn bytes_files_and_streams_arrive_whole_with_their_content_type() {
    let path = std::env::temp_dir().join(format!("upload-{}.txt", std::process::id()));
    std::fs::write(&path, "one\ntwo\n").unwrap();
    for upload in [
        Upload::from("one\ntwo\n"),
        Upload::file(&path),
        Upload::stream(|| lines(&["one\n", "", "two\n"])),
        Upload::stream(|| lines(&["one\n", "two\n"])).length(8),
        Upload::once(lines(&["one\ntwo\n", ""])).length(8),
    ] {
        let script = Script::new([OK]);
        assert_eq!(create(&script, upload.clone()).await.unwrap(), 1, "{upload:?}");
        let sent = script.sent.lock().unwrap();
        assert_eq!((sent[0].body(), &sent[0].headers()["content-type"]), (&Bytes::from("one\ntwo\n"), &TEXT));
    }
    std::fs::remove_file(path).unwrap();
}

#[tokio::test]
async fn each_attempt_reads_a_source_from_its_start() {
    let opened = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&opened);
    let upload = Upload::stream(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        lines(&["all ", "of it"])
    });
    let script = Script::new([Step::Break(TransportErrorKind::Closed, true), status(503), OK]);
    let call = bench(&script, None).core.call(&PUT).path("id", 1).upload(TEXT, upload);
    assert_eq!(call.send_bytes().await.unwrap().meta().attempts, 3);
    assert_eq!(opened.load(Ordering::Relaxed), 3);
    assert!(script.sent.lock().unwrap().iter().all(|request| request.body() == "all of it"));
}

#[tokio::test]
async fn what_can_be_read_only_once_is_sent_only_once() {
    for step in [status(429), Step::Break(TransportErrorKind::Closed, true), status(401)] {
        let script = Script::new([step, OK]);
        let call = bench(&script, None).core.call(&PUT).path("id", 1).upload(TEXT, Upload::once(lines(&["all"])));
        let again = call.clone();
        let error = call.send_bytes().await.unwrap_err();
        assert_ne!(error.kind(), ErrorKind::Storage, "it ends with the failure it had");
        assert_eq!((error.attempts(), script.requests()), (1, 1));
        assert_eq!(again.send_bytes().await.unwrap_err().kind(), ErrorKind::Storage);
        assert_eq!(script.requests(), 1);
    }
}

/// Finds nobody at first, then reads what it is sent.
#[derive(Debug)]
struct LateStart(Mutex<bool>, Arc<Script>);

#[async_trait]
impl Transport for LateStart {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.1.send(request).await
    }

    async fn upload(&self, request: UploadRequest) -> Result<HttpResponse, TransportError> {
        if !std::mem::replace(&mut *self.0.lock().unwrap(), true) {
            return Err(TransportError::new(TransportErrorKind::Connect, false));
        }
        let (head, body) = request.into_parts();
        self.send(HttpRequest::from_parts(head, body.collect(100).await?)).await
    }
}

#[tokio::test]
async fn a_one_shot_source_that_nobody_began_to_read_can_be_sent_again() {
    let script = Script::new([OK]);
    let transport = Arc::new(LateStart(Mutex::default(), Arc::clone(&script)));
    let bench = bench_with(&script, None, |options| options.transport = Some(transport));
    let call = bench.core.call(&CREATE).path("id", 1).upload(TEXT, Upload::once(lines(&["all"])));
    assert_eq!(call.send_bytes().await.unwrap().meta().attempts, 2);
    assert_eq!(script.sent.lock().unwrap()[0].body(), "all");
}

#[tokio::test]
async fn a_source_that_fails_or_lies_is_a_local_error_and_nothing_is_applied() {
    let broken = || lines(&["half"]).chain(stream::iter([Err(io::Error::other("the disk is gone"))]));
    let folder = std::env::temp_dir();
    let missing = folder.join("not-there.txt");
    for (upload, says) in [
        (Upload::stream(broken), "the disk is gone"),
        (Upload::stream(broken).length(8), "the disk is gone"),
        (Upload::stream(broken).length(4), "the disk is gone"),
        (Upload::from("12345").length(4), "more than the stated 4"),
        (Upload::from("12345").length(6), "fewer than the stated 6"),
        (Upload::from("12345").length(0), "more than the stated 0"),
        (Upload::file(&missing), "not-there.txt"),
        (Upload::file(&folder), "not a regular file"),
    ] {
        let script = Script::new([OK]);
        let error = create(&script, upload.clone()).await.unwrap_err();
        assert_eq!((error.kind(), error.maybe_applied(), script.requests()), (ErrorKind::Storage, false, 0));
        assert!(error.to_string().contains(says) && !error.is_retryable(), "{upload:?}: {error}");
    }
}

#[tokio::test]
async fn more_than_a_transport_holds_is_refused_before_it_is_read() {
    let read = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&read);
    let megabyte = Bytes::from(vec![0; 1 << 20]);
    let endless = Upload::stream(move || {
        let (counted, megabyte) = (Arc::clone(&counted), megabyte.clone());
        stream::repeat_with(move || {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok(megabyte.clone())
        })
    });
    let script = Script::new([OK]);
    let error = create(&script, endless).await.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied(), script.requests()), (ErrorKind::InvalidRequest, false, 0));
    assert_eq!(read.load(Ordering::Relaxed), 65);
}

proptest! {
    /// The bytes that come before an error are never all that was stated, so that no request with it is complete.
    #[test]
    fn a_body_is_as_long_as_it_says_or_incomplete(
        pieces in prop::collection::vec(0_usize..5, 0..6),
        stated in 0_u64..20,
        fails in any::<bool>(),
    ) {
        let held: u64 = pieces.iter().map(|&size| size as u64).sum();
        let upload = Upload::stream(move || {
            let failure = fails.then(|| Err(io::Error::other("failed")));
            stream::iter(pieces.clone()).map(|size| Ok(Bytes::from(vec![b'x'; size]))).chain(stream::iter(failure))
        });
        let (sent, end) = futures_util::future::FutureExt::now_or_never(async {
            let mut body = match upload.length(stated).open().await {
                Ok(body) => body,
                Err(error) => return (0, Err(error.kind)),
            };
            let mut sent = 0;
            while let Some(piece) = body.next().await {
                match piece {
                    Ok(piece) => sent += piece.len() as u64,
                    Err(error) => return (sent, Err(error.kind)),
                }
            }
            (sent, Ok(()))
        }).unwrap();
        if held == stated && !fails {
            prop_assert_eq!((sent, end), (stated, Ok(())));
        } else {
            prop_assert_eq!(end, Err(TransportErrorKind::Source));
            prop_assert!(sent < stated || stated == 0);
        }
    }
}

#[tokio::test]
async fn a_reader_is_read_in_pieces_anew_for_each_request() {
    let opened = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&opened);
    let zeros = Upload::reader(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok(io::Read::take(io::repeat(0), 150_000))
    });
    let mut body = zeros.open().await.unwrap();
    let mut pieces = Vec::new();
    while let Some(piece) = body.next().await {
        pieces.push(piece.unwrap().len());
    }
    assert_eq!(pieces, [65_536, 65_536, 18_928]);
    let script = Script::new([status(503), OK]);
    let call = bench(&script, None).core.call(&PUT).path("id", 1).upload(TEXT, zeros.clone().length(150_000));
    assert_eq!(call.send_bytes().await.unwrap().meta().attempts, 2);
    assert_eq!((opened.load(Ordering::Relaxed), script.sent.lock().unwrap()[1].body().len()), (3, 150_000));

    let script = Script::new([OK]);
    let error = create(&script, Upload::reader(|| Err::<io::Empty, _>(io::ErrorKind::NotFound.into()))).await;
    assert_eq!((error.unwrap_err().kind(), script.requests()), (ErrorKind::Storage, 0));
}

#[tokio::test]
async fn what_is_framed_keeps_the_nature_of_what_is_inside() {
    let file = std::env::temp_dir().join(format!("framed-{}.txt", std::process::id()));
    std::fs::write(&file, "inside").unwrap();
    for (inside, length) in [
        (Upload::from("inside"), Some(8)),
        (Upload::file(&file), Some(8)),
        (Upload::once(lines(&["in", "side"])), None),
        (Upload::stream(|| lines(&["in", "side"])).length(6), Some(8)),
    ] {
        let framed = inside.framed("<", ">");
        assert_eq!(framed.known_length().unwrap(), length, "{framed:?}");
        let script = Script::new([OK]);
        create(&script, framed).await.unwrap();
        assert_eq!(script.sent.lock().unwrap()[0].body(), "<inside>");
    }
    std::fs::remove_file(&file).unwrap();
    let script = Script::new([OK]);
    let error = create(&script, Upload::file(&file).framed("<", ">")).await.unwrap_err();
    assert!(error.message().contains("framed-"), "{error}");
    let error = create(&script, Upload::from("ab").length(3).framed("<", ">")).await.unwrap_err();
    assert_eq!((error.kind(), script.requests()), (ErrorKind::Storage, 0), "a length that is wrong inside is wrong");
    let script = Script::new([status(503), OK]);
    let once = Upload::once(lines(&["in"])).framed("<", ">");
    let call = bench(&script, None).core.call(&PUT).path("id", 1).upload(TEXT, once);
    assert_eq!(call.send_bytes().await.unwrap_err().kind(), ErrorKind::Server, "there is nothing left to send again");
    assert_eq!(script.requests(), 1);
}
