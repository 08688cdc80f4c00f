//! Reports in a file.

#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "also the helpers of the tests are tests")]

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use connectors_core::{DateRange, ErrorKind};
use connectors_mock::MockPlacer;
use connectors_placer::{AggregateRequest, FileReportStore, PlacerService, ReportStore, StoreKey, StoredReport};

/// A path of its own, whose file goes with it.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("placer-{name}-{}.redb", std::process::id()));
        let _ = std::fs::remove_file(&path);
        Self(path)
    }

    fn open(&self, capacity: u64) -> FileReportStore {
        FileReportStore::open(&self.0, capacity).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn key(number: usize) -> StoreKey {
    format!("{number:064x}").parse().unwrap()
}

fn report(size: usize, at: DateTime<Utc>, seconds: i64) -> StoredReport {
    StoredReport::new("x".repeat(size), at, at + TimeDelta::seconds(seconds))
}

#[tokio::test]
async fn another_process_asks_for_nothing() {
    let scratch = Scratch::new("process");
    let week = DateRange::last_days(7, "2026-02-26".parse().unwrap()).unwrap();
    for calls in [1_u8, 0] {
        let store = Arc::new(scratch.open(1 << 20));
        let mock = MockPlacer::builder().polls(0).client(|client| client.report_store(store)).build().unwrap();
        let venues = MockPlacer::venue_ids().into_iter().take(10).collect::<Vec<_>>();
        let all = mock.aggregate_footfall(AggregateRequest::new(venues, week)).await.unwrap();
        assert_eq!((all.failures.len(), all.cost.calls), (0, u32::from(calls)));
        assert_eq!(mock.backend().journal().len(), usize::from(calls));
        assert!(all.by_venue.iter().all(|footfall| footfall.rows.len() == 7));
    }
}

#[tokio::test]
async fn the_file_is_bounded_private_and_survives() {
    let (scratch, now) = (Scratch::new("bounds"), DateTime::UNIX_EPOCH + TimeDelta::days(20_000));
    {
        let store = scratch.open(10_000);
        for number in 0..40 {
            let seconds = if number == 39 { 5 } else { 1000 };
            store.put(&key(number), report(936, now, seconds)).await.unwrap();
            store.put(&key(number), report(936, now, seconds)).await.unwrap();
        }
        assert!(store.get(&key(29)).await.unwrap().is_none(), "the oldest left");
        assert_eq!(store.get(&key(30)).await.unwrap(), Some(report(936, now, 1000)));
        store.put(&key(50), report(20_000, now, 1000)).await.unwrap();
        assert!(store.get(&key(50)).await.unwrap().is_none() && store.get(&key(30)).await.unwrap().is_some());
        let error = FileReportStore::open(&scratch.0, 10_000).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Storage, "one program at a time");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&scratch.0).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let store = scratch.open(10_000);
    assert!(store.get(&key(39)).await.unwrap().is_some());
    store.put(&key(60), report(936, now + TimeDelta::seconds(6), 1000)).await.unwrap();
    assert!(store.get(&key(39)).await.unwrap().is_none(), "it had expired");
    assert!(store.get(&key(30)).await.unwrap().is_some(), "so that no other had to leave");
    store.remove(&key(30)).await.unwrap();
    assert!(store.get(&key(30)).await.unwrap().is_none());
    drop(store);
    let smaller = scratch.open(3_000);
    assert!(smaller.get(&key(36)).await.unwrap().is_none() && smaller.get(&key(60)).await.unwrap().is_some());
    smaller.clear().await.unwrap();
    assert!(smaller.get(&key(60)).await.unwrap().is_none());
    smaller.put(&key(1), report(10, now, 1)).await.unwrap();
}

#[test]
fn what_is_no_store_is_refused() {
    let scratch = Scratch::new("other");
    std::fs::write(&scratch.0, "something else").unwrap();
    assert_eq!(FileReportStore::open(&scratch.0, 1000).unwrap_err().kind(), ErrorKind::Storage);
}

#[tokio::test]
async fn a_damaged_file_costs_calls_at_most() {
    let (scratch, now) = (Scratch::new("damage"), DateTime::UNIX_EPOCH + TimeDelta::days(20_000));
    let store = scratch.open(1 << 20);
    for number in 0..40 {
        store.put(&key(number), report(936, now, 1000)).await.unwrap();
    }
    drop(store);
    let sound = std::fs::read(&scratch.0).unwrap();
    // Another letter in a report is the worst: it could be read as if nothing were wrong.
    let inside = sound.windows(200).rposition(|bytes| bytes.iter().all(|byte| *byte == b'x')).unwrap();
    for at in (0..sound.len()).step_by((sound.len() / 40).max(64)).chain([inside]) {
        let mut damaged = sound.clone();
        damaged[at..(at + 40).min(sound.len())].fill(if at == inside { b'y' } else { 0xa5 });
        std::fs::write(&scratch.0, &damaged).unwrap();
        match FileReportStore::open(&scratch.0, 1 << 20) {
            Ok(store) => {
                for number in 0..40 {
                    let found = store.get(&key(number)).await.ok().flatten();
                    assert!(
                        found.is_none_or(|found| found == report(936, now, 1000)),
                        "another report, damaged at {at}"
                    );
                }
                let _ = store.put(&key(50), report(936, now, 1000)).await;
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::Storage, "{error}"),
        }
    }
}
