//! The mock's server under any bytes on a connection: nothing panics, nothing hangs, and it goes on working afterwards.
#![no_main]

use bytes::Bytes;
use connectors_fuzz::parts;
use connectors_mock::{Backend, MockBrandscopic, MockPlacer, MockQrTiger, MockServer, MockSmartsheet};
use futures_util::stream;
use libfuzzer_sys::fuzz_target;
use tokio::runtime::{Builder, Runtime};

// The first byte chooses the fake, which is below `/api` for capitals and everywhere else; each part that follows is what
// comes in one piece.
fuzz_target!(|data: &[u8]| {
    thread_local! {
        static RUNTIME: Runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
    }
    let Some((&chosen, sent)) = data.split_first() else { return };
    let backend = backend(chosen);
    let prefix = if chosen.is_ascii_uppercase() { "/api" } else { "" };
    let pieces: Vec<_> = parts(sent).map(Bytes::copy_from_slice).collect();
    let ask = |pieces: Vec<Bytes>| {
        let answering = MockServer::converse([(prefix, backend.clone())], stream::iter(pieces));
        RUNTIME.with(|runtime| runtime.block_on(answering))
    };
    let answer = ask(pieces);
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1."), "{:?}", String::from_utf8_lossy(&answer));
    let whole = b"GET /api/nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let next = ask(vec![Bytes::from_static(whole)]);
    assert!(next.starts_with(b"HTTP/1.1 4"), "{:?}", String::from_utf8_lossy(&next));
    assert_eq!(backend.panics(), 0, "{:?}", backend.journal());
});

fn backend(chosen: u8) -> Backend {
    match chosen.to_ascii_lowercase() {
        b'b' => MockBrandscopic::new().backend().clone(),
        b'p' => MockPlacer::new().backend().clone(),
        b'q' => MockQrTiger::new().backend().clone(),
        _ => MockSmartsheet::new().backend().clone(),
    }
}
