//! Bytes that nobody thought of: the seeds of the fuzz target `server`, damaged at random.

use std::fs;
use std::path::Path;

use bytes::Bytes;
use connectors_core::RateLimits;
use connectors_mock::{Backend, MockBrandscopic, MockPlacer, MockQrTiger, MockServer, MockSmartsheet};
use futures_util::stream;

use super::raw::PATIENCE;

fn damaged(seed: &[u8], random: &mut fastrand::Rng) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..random.usize(1..6) {
        let at = random.usize(..bytes.len());
        match random.u8(..5) {
            0 => bytes[at] = random.u8(..),
            1 => bytes.truncate(at.max(1)),
            2 => bytes.insert(at, *random.choice(b"\r\n\0 :%/?0\xff\x80").unwrap()),
            3 => drop(bytes.remove(at)),
            _ => bytes.extend_from_within(at..),
        }
        if bytes.is_empty() || bytes.len() > 1 << 16 {
            return seed.to_vec();
        }
    }
    bytes
}

#[tokio::test]
async fn damaged_requests_are_answered_or_end() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus/server");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mocks = (MockBrandscopic::new(), MockPlacer::new(), MockQrTiger::new(), MockSmartsheet::new());
    let backend = |chosen: u8| -> Backend {
        match chosen.to_ascii_lowercase() {
            b'b' => mocks.0.backend().clone(),
            b'p' => mocks.1.backend().clone(),
            b'q' => mocks.2.backend().clone(),
            _ => mocks.3.backend().clone(),
        }
    };
    let rounds = std::env::var("ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(40);
    let mut random = fastrand::Rng::with_seed(7);
    for file in files {
        let seed = fs::read(&file).unwrap();
        for _ in 0..rounds {
            let bytes = damaged(&seed, &mut random);
            let backend = backend(bytes[0]);
            backend.quotas(RateLimits::none());
            let pieces: Vec<_> = bytes[1..].split(|byte| *byte == 0xff).map(Bytes::copy_from_slice).collect();
            let prefix = if bytes[0].is_ascii_uppercase() { "/api" } else { "" };
            let conversation = MockServer::converse([(prefix, backend.clone())], stream::iter(pieces));
            let answer = tokio::time::timeout(PATIENCE, conversation).await;
            let answer = answer.unwrap_or_else(|_| panic!("no end: {:?}", String::from_utf8_lossy(&bytes)));
            let shown =
                || (String::from_utf8_lossy(&bytes).into_owned(), String::from_utf8_lossy(&answer).into_owned());
            assert!(answer.is_empty() || answer.starts_with(b"HTTP/1."), "{:?}", shown());
            assert_eq!(backend.panics(), 0, "{:?}", shown());
        }
    }
}
