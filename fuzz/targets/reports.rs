//! The file of reports: whatever became of it, it is opened or refused, and gives what was put there or nothing.
#![no_main]

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::panic;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Once};

use chrono::{DateTime, TimeDelta};
use connectors_core::{Error, ErrorKind};
use connectors_fuzz::{block_on, check_error};
use connectors_placer::{FileReportStore, ReportStore, StoreKey, StoredReport};
use libfuzzer_sys::fuzz_target;

/// In memory where the system has it.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = Path::new("/dev/shm");
    let directory = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    directory.join(format!("connectors-fuzz-{}.redb", std::process::id()))
});

/// What a file holds after a day's work.
static WHOLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let _ = fs::remove_file(&*FILE);
    block_on(async {
        let store = FileReportStore::open(&*FILE, 1 << 20).expect("a new file");
        for number in 0..KEYS {
            store.put(&key(number), report(number)).await.expect("it has room");
        }
        store.remove(&key(3)).await.expect("it is there");
    });
    fs::read(&*FILE).expect("a file")
});

const KEYS: u8 = 24;

/// Where the header says how the file is divided. The database believes it, and may take a minute to find out that it
/// is not so.
const SIZES: Range<usize> = 12..32;

fn key(number: u8) -> StoreKey {
    format!("{number:064x}").parse().expect("a key")
}

fn report(number: u8) -> StoredReport {
    let json = format!(r#"{{"visits":[{}]}}"#, "1250,".repeat(usize::from(number) * 20) + &number.to_string());
    let expires = DateTime::UNIX_EPOCH + TimeDelta::days(i64::from(number) + 1);
    StoredReport::new(json, DateTime::UNIX_EPOCH, expires)
}

// Four bytes for each change of the file: two for the place, where an odd one counts from the end, one for what is
// changed, and one for how: a bit, a byte, a page or the rest of the file.
fuzz_target!(|data: &[u8]| {
    // The database has assertions of its own, which the store catches: only what it lets through is a finding.
    static OURS: Once = Once::new();
    OURS.call_once(|| {
        panic::set_hook(Box::new(|panic| {
            if panic.location().is_some_and(|at| !at.file().contains("redb")) {
                eprintln!("{panic}");
            }
        }));
    });
    let changed = data.chunks_exact(4).take(16).fold(WHOLE.clone(), change);
    fs::write(&*FILE, changed).expect("a file");
    block_on(use_it());
    fs::remove_file(&*FILE).expect("the file is still there");
});

fn change(mut file: Vec<u8>, edit: &[u8]) -> Vec<u8> {
    let &[high, low, value, how] = edit else { return file };
    let at = (usize::from(high) << 8 | usize::from(low)) * 4 + usize::from(how >> 6);
    let at = if how & 32 == 0 { at } else { file.len().saturating_sub(at) };
    let at = at.min(file.len().saturating_sub(1));
    if SIZES.contains(&at) {
        return file;
    }
    match (how & 7, file.get_mut(at)) {
        (0..=2, Some(byte)) => *byte ^= 1 << (value & 7),
        (3 | 4, Some(byte)) => *byte = value,
        (5, Some(_)) => {
            let (from, to) = (usize::from(value) * 4096 % file.len(), at / 4096 * 4096);
            let page = file.get(from..from + 4096).map(<[u8]>::to_vec).unwrap_or_default();
            file.get_mut(to..to + page.len()).into_iter().for_each(|place| place.copy_from_slice(&page));
        }
        (6, Some(_)) => file.truncate(at),
        (_, Some(_)) => file.extend(vec![value; at % 10_000]),
        (_, None) => {}
    }
    file
}

fn refused(error: &Error) {
    check_error(error);
    assert_eq!(error.kind(), ErrorKind::Storage);
}

async fn use_it() {
    let store = match FileReportStore::open(&*FILE, 1 << 20) {
        Ok(store) => store,
        Err(error) => return refused(&error),
    };
    let mut expected: BTreeMap<u8, StoredReport> = (0..KEYS).map(|number| (number, report(number))).collect();
    read(&store, &expected).await;
    for number in [1, 7, KEYS] {
        let other = StoredReport::new("{}", DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH + TimeDelta::days(90));
        match store.put(&key(number), other.clone()).await {
            Ok(()) => drop(expected.insert(number, other)),
            Err(error) => refused(&error),
        }
    }
    store.remove(&key(2)).await.unwrap_or_else(|error| refused(&error));
    read(&store, &expected).await;
    store.clear().await.unwrap_or_else(|error| refused(&error));
}

async fn read(store: &FileReportStore, expected: &BTreeMap<u8, StoredReport>) {
    for (number, report) in expected {
        match store.get(&key(*number)).await {
            Ok(found) => assert!(found.is_none_or(|found| found == *report), "another report: {number}"),
            Err(error) => refused(&error),
        }
    }
}
