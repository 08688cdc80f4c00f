//! Files: from the provider and from elsewhere, whole or not at all.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use connectors_core::provider::{ApiKey, Core, Credential};
use connectors_core::{BoxFuture, Download, ErrorKind, RateLimits, Result, TransportErrorKind};
use http::{HeaderName, HeaderValue, Method};
use secrecy::SecretString;
use serde::Deserialize;

use crate::common::{Bench, OK, READ, Script, Step, bench_with, status};

const FILE: Step = Step::Answer(200, &[("content-length", "5"), ("content-type", "text/html")], "hello");
const PLACE: Step = Step::Answer(200, &[], r#"{"url":"https://files.example/a?Signature=swordfish"}"#);

static FETCH: connectors_core::provider::Operation =
    connectors_core::provider::Operation::new("scripted", "files.download", Method::GET, "");

fn find(call: connectors_core::provider::Call) -> BoxFuture<Result<SecretString>> {
    #[derive(Deserialize)]
    struct Place {
        url: String,
    }
    Box::pin(async move { Ok(call.send::<Place>().await?.into_inner().url.into()) })
}

fn of(core: &Core) -> Download {
    Download::at(core.call(&READ).path("id", 1), &FETCH, find)
}

fn keyed(script: &Arc<Script>) -> Bench {
    let key = ApiKey::bearer("key", &SecretString::from("sk_live_9f8e7d6c5b4a3f2e1d0c")).unwrap();
    let key: Arc<dyn Credential> = Arc::new(key);
    bench_with(script, Some(key), |options| {
        options.user_agent = Some("fizz".into());
        options.limits = Some(RateLimits::none().window("*", 1, Duration::from_secs(3600)));
    })
}

#[tokio::test]
async fn elsewhere_nothing_is_sent_of_what_is_meant_for_the_provider() {
    let script = Script::new([PLACE, status(503), FILE]);
    let bench = keyed(&script);
    let note = (HeaderName::from_static("x-note"), HeaderValue::from_static("for the provider"));
    let mut file = Vec::new();
    let download = of(&bench.core).header(note.0, note.1);
    assert!(!format!("{download:?}").contains("for the provider"));
    assert_eq!(download.write_to(&mut file).await.unwrap(), 5);
    assert_eq!(file, b"hello", "an HTML page may be the file");
    let sent = script.sent.lock().unwrap();
    assert!(sent[0].headers().contains_key("authorization") && sent[0].headers().contains_key("x-note"));
    for fetched in &sent[1..] {
        assert_eq!(fetched.uri(), "https://files.example/a?Signature=swordfish");
        assert!(fetched.headers().is_empty(), "{:?}", fetched.headers());
    }
    assert!(bench.clock.elapsed() < Duration::from_secs(60), "a quota of one request an hour is not touched");
}

#[tokio::test]
async fn an_address_is_not_told_by_what_fails() {
    for (step, kind) in [
        (Step::Answer(403, &[], "<Error><Message>swordfish</Message></Error>"), ErrorKind::NotFound),
        (Step::Answer(302, &[("location", "https://other.example/?swordfish")], "swordfish"), ErrorKind::Server),
        (Step::Answer(401, &[], "swordfish"), ErrorKind::NotFound),
        (Step::Answer(429, &[("retry-after", "86400")], "swordfish"), ErrorKind::Server),
        (Step::Break(TransportErrorKind::Closed, true), ErrorKind::Interrupted),
        (Step::Hang, ErrorKind::Timeout),
    ] {
        let script = Script::new([PLACE, step]);
        let bench = keyed(&script);
        let error = of(&bench.core).bytes().await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (kind, "files.download"), "{error}");
        let told = format!("{error:?} {error:#} {:?}", std::error::Error::source(&error));
        assert!(!told.contains("swordfish") && !told.contains("files.example"), "{told}");
        assert!(!error.maybe_applied());
    }
    for place in [
        r#"{"url":"http://files.example/swordfish"}"#,
        r#"{"url":"http://localhost/swordfish"}"#,
        r#"{"url":"swordfish"}"#,
    ] {
        let script = Script::new([Step::Answer(200, &[], place)]);
        let error = of(&keyed(&script).core).bytes().await.unwrap_err();
        assert_eq!((error.kind(), script.requests()), (ErrorKind::Decode, 1), "nothing is sent there");
        assert!(!format!("{error:?}").contains("swordfish"), "{error:?}");
    }
}

#[tokio::test]
async fn one_deadline_covers_the_address_and_the_file() {
    let script = Script::new([PLACE, Step::Hang]);
    let bench = keyed(&script);
    let error = of(&bench.core).timeout(Duration::from_secs(7)).stream().await.unwrap_err();
    assert_eq!((error.kind(), bench.clock.elapsed()), (ErrorKind::Timeout, Duration::from_secs(7)));
}

/// Takes three bytes.
struct Full(Vec<u8>);

impl Write for Full {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let room = 3 - self.0.len();
        if room == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let taken = piece.get(..room).unwrap_or(piece);
        self.0.extend_from_slice(taken);
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_file_is_whole_or_an_error() {
    let short = Step::Answer(200, &[("content-length", "6")], "hello");
    for (step, kind, kept) in [(Step::Truncate, ErrorKind::Interrupted, 3), (short, ErrorKind::Interrupted, 5)] {
        let bench = bench_with(&Script::new([step]), None, |_| ());
        let mut file = Vec::new();
        let download = Download::new(bench.core.call(&READ).path("id", 1));
        let error = download.clone().write_to(&mut file).await.unwrap_err();
        assert_eq!((error.kind(), error.operation(), file.len()), (kind, "read", kept));
        assert_eq!(download.bytes().await.unwrap_err().kind(), kind);
    }
    let bench = bench_with(&Script::new([Step::Answer(200, &[], "hello")]), None, |_| ());
    let file = || Download::new(bench.core.call(&READ).path("id", 1));
    let mut full = Full(Vec::new());
    let error = file().write_to(&mut full).await.unwrap_err();
    assert_eq!((error.kind(), full.0.as_slice()), (ErrorKind::Storage, &b"hel"[..]));
    assert_eq!(file().max_bytes(4).bytes().await.unwrap_err().kind(), ErrorKind::BodyTooLarge);
    assert_eq!(file().max_bytes(5).bytes().await.unwrap(), "hello");
    let bench = bench_with(&Script::new([OK]), None, |_| ());
    let refused = Download::new(bench.core.call(&READ)).bytes().await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidRequest, "mistakes are told before anything is sent");
}
