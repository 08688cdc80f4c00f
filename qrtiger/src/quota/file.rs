//! A count that outlives the program.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use async_trait::async_trait;
use connectors_core::provider::{Readers, off_thread, replace_file};
use connectors_core::{Error, ErrorKind, Result};

use super::store::Counts;
use super::{QuotaMonth, QuotaStore};

/// What the handles of one process on one file share: what they last knew.
type Shared = Arc<Mutex<Counts>>;

/// The files open in this process.
static OPEN: Mutex<BTreeMap<PathBuf, Weak<Mutex<Counts>>>> = Mutex::new(BTreeMap::new());

/// Counts in a file, for programs that run on one machine, one at a time: `{"2026-03": 412}`.
///
/// The file is on disk before a request is sent, readable by its owner alone (on unix), and replaced as a whole. One
/// that is damaged, has gone, or counts fewer than before is a [`Storage`](ErrorKind::Storage) error: nothing is sent
/// before somebody has looked. Handles of one process on one path share the count; several processes may lose counts
/// of each other. Needs a tokio runtime.
#[derive(Debug, Clone)]
pub struct FileQuotaStore {
    path: PathBuf,
    known: Shared,
}

impl FileQuotaStore {
    /// Counts in the file at `path`, in an existing directory. The file comes with the first request.
    ///
    /// Fails with [`Storage`](ErrorKind::Storage) if there is no such directory, or the file is damaged.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let failed = |error: io::Error| {
            let message = format!("cannot open the quota file {}: {error}", path.display());
            Error::new(ErrorKind::Storage, message).with_source(error)
        };
        let name = path.file_name().ok_or_else(|| failed(io::ErrorKind::IsADirectory.into()))?;
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // By its one true path, however it is spelled.
        let path_to = directory.canonicalize().map_err(failed)?.join(name);
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, shared| shared.strong_count() > 0);
        if let Some(known) = open.get(&path_to).and_then(Weak::upgrade) {
            return Ok(Self { path: path_to, known });
        }
        let known = Arc::new(Mutex::new(read(&path_to).map_err(failed)?));
        open.insert(path_to.clone(), Arc::downgrade(&known));
        Ok(Self { path: path_to, known })
    }

    /// Does `work` on what is in the file, and writes it back if it was changed. It is done as a whole, whether or not
    /// anybody waits for it.
    async fn with<T: Send + 'static>(&self, work: impl FnOnce(&mut Counts) -> T + Send + 'static) -> Result<T> {
        let known = Arc::clone(&self.known);
        let done = off_thread("count in the quota file", self.path.clone(), move |path| {
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            let mut counts = read(path)?;
            if known.0.iter().any(|(month, used)| counts.used(*month) < *used) {
                return Err(damaged("it counts fewer than before"));
            }
            let before = counts.clone();
            let outcome = work(&mut counts);
            if counts != before {
                replace_file(path, &written(&counts), Readers::Owner)?;
            }
            *known = counts;
            Ok(outcome)
        });
        done.await
    }
}

#[async_trait]
impl QuotaStore for FileQuotaStore {
    async fn used(&self, month: QuotaMonth) -> Result<u64> {
        self.with(move |counts| counts.used(month)).await
    }

    async fn count(&self, month: QuotaMonth, requests: u32, limit: Option<u32>) -> Result<bool> {
        self.with(move |counts| counts.count(month, requests, limit)).await
    }
}

fn read(path: &Path) -> io::Result<Counts> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Counts::default()),
        Err(error) => return Err(error),
    };
    let counts: BTreeMap<String, u64> = serde_json::from_slice(&text).map_err(|_| damaged("it is damaged"))?;
    let counts = counts.into_iter().map(|(month, used)| Some((month.parse().ok()?, used)));
    counts.collect::<Option<_>>().map(Counts).ok_or_else(|| damaged("it names something that is no month"))
}

fn written(counts: &Counts) -> Vec<u8> {
    let counts: serde_json::Map<_, _> =
        counts.0.iter().map(|(month, used)| (month.to_string(), (*used).into())).collect();
    serde_json::Value::Object(counts).to_string().into_bytes()
}

fn damaged(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}
