//! The link file: whatever it holds, it is read or refused, and what was written is there afterwards.
#![no_main]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use chrono::DateTime;
use connectors_core::{ErrorKind, FileLinkStore, Link, LinkKey, LinkStore, Remote};
use connectors_fuzz::{block_on, check_error, parts};
use libfuzzer_sys::fuzz_target;

/// In memory where the system has it: the file is synchronised after each write.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = Path::new("/dev/shm");
    let directory = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    directory.join(format!("connectors-fuzz-{}.links.jsonl", std::process::id()))
});

// What the file holds, then for each further part a link that is written, kept or removed.
fuzz_target!(|data: &[u8]| {
    let mut parts = parts(data);
    let content = parts.next().unwrap_or_default();
    fs::write(&*FILE, content).expect("a file");
    block_on(use_it(content, parts.take(4)));
    fs::remove_file(&*FILE).expect("the file is still there");
});

async fn use_it(content: &[u8], changes: impl Iterator<Item = &[u8]>) {
    let store = match FileLinkStore::open(&*FILE) {
        Ok(store) => store,
        Err(error) => {
            check_error(&error);
            assert_eq!(error.kind(), ErrorKind::Storage);
            assert!(error.message().contains("line "), "{error}");
            assert_eq!(fs::read(&*FILE).expect("a file"), content, "a damaged file is left as it is");
            return;
        }
    };
    let mut expected = known(&store).await;
    for change in changes {
        let (first, text) = change.split_first().unwrap_or((&0, &[]));
        let text = String::from_utf8_lossy(text);
        let key = LinkKey::new("smartsheet", "row", if first & 1 == 0 { "sheet-1" } else { &text }, text.clone());
        let link = Link::linked(Remote::new(text.clone()).with(text.clone(), text), DateTime::UNIX_EPOCH);
        expected.retain(|(known, _)| *known != key);
        if first & 2 == 0 {
            store.put(&key, link.clone()).await.expect("nobody else writes");
            assert_eq!(store.get(&key).await.expect("it is in memory"), Some(link.clone()));
            expected.push((key, link));
        } else {
            store.remove(&key).await.expect("nobody else writes");
            assert_eq!(store.get(&key).await.expect("it is in memory"), None);
        }
    }
    drop(store);
    reopened(&expected).await;
    // A crash in the middle of one more write.
    let store = FileLinkStore::open(&*FILE).expect("it was written by the store");
    let before = fs::metadata(&*FILE).expect("a file").len();
    let torn = LinkKey::new("smartsheet", "row", "sheet-1", "torn by a crash");
    store.put(&torn, Link::intended(DateTime::UNIX_EPOCH)).await.expect("nobody else writes");
    drop(store);
    let file = fs::OpenOptions::new().write(true).open(&*FILE).expect("a file");
    let after = file.metadata().expect("a file").len();
    let cut = before + content.len() as u64 % (after - before - 1);
    file.set_len(cut).expect("it can be cut");
    expected.retain(|(key, _)| *key != torn);
    reopened(&expected).await;
}

async fn reopened(expected: &[(LinkKey, Link)]) {
    let store = FileLinkStore::open(&*FILE).expect("it was written by the store");
    for (key, link) in expected {
        assert_eq!(store.get(key).await.expect("it is in memory").as_ref(), Some(link), "{key}");
    }
}

/// The links that seeds are made of, besides those of the changes.
async fn known(store: &FileLinkStore) -> Vec<(LinkKey, Link)> {
    store.list("smartsheet", "row", "sheet-1").await.expect("it is in memory")
}
