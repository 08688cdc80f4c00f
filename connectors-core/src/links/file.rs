//! Links that outlive the program.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use async_trait::async_trait;
use tokio::runtime::Handle;

use super::journal::{self, Journal, Record, storage};
use super::{Link, LinkKey, LinkStore};
use crate::error::{Error, ErrorKind, Result};

/// The journals open in this process: a second one on the same file would overwrite the first.
static OPEN: Mutex<BTreeMap<PathBuf, Weak<Shared>>> = Mutex::new(BTreeMap::new());

/// What all handles on one path share.
struct Shared {
    /// The lock is an async one and fair: writes reach the file in the order of the calls.
    journal: Arc<tokio::sync::Mutex<Journal>>,
    /// What is to be written next, in the order of the calls. Whoever gets hold of the journal writes all of it: the
    /// disk is slow, and one wait for it does for many.
    waiting: Mutex<Vec<Arc<Ticket>>>,
}

/// A write on its way to the disk.
struct Ticket(Mutex<Stage>);

enum Stage {
    Waiting(Record),
    /// Somebody writes it, or its caller has given it up.
    Taken,
    Written(Result<()>),
}

/// Keeps links in a file, for programs that run on one machine.
///
/// The file is a journal of JSON lines, on disk before a write returns, readable by its owner alone (on unix), and
/// rewritten without its dead lines when it is opened and more than half are dead. All links are held in memory too.
/// A last line torn by a crash is dropped; any other damage is an error that names the line.
///
/// Handles of one process on one path share their state. Of several processes only one at a time may use the file:
/// there is no lock, but a write that finds the file changed by another process fails.
#[derive(Clone)]
pub struct FileLinkStore {
    path: PathBuf,
    shared: Arc<Shared>,
}

impl FileLinkStore {
    /// Opens the file at `path`, or creates it in its existing directory. Reads all of it, so call it at the start.
    ///
    /// Fails with [`ErrorKind::Storage`] if the file cannot be read or written, or is damaged.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let failed = |error| storage(path.as_ref(), "cannot open", error);
        // Only a file that exists has the one true path to be known by.
        journal::create(path.as_ref()).map_err(failed)?;
        let path = path.as_ref().canonicalize().map_err(failed)?;
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, shared| shared.strong_count() > 0);
        if let Some(shared) = open.get(&path).and_then(Weak::upgrade) {
            return Ok(Self { path, shared });
        }
        let journal = Arc::new(tokio::sync::Mutex::new(Journal::open(path.clone())?));
        let shared = Arc::new(Shared { journal, waiting: Mutex::default() });
        open.insert(path.clone(), Arc::downgrade(&shared));
        Ok(Self { path, shared })
    }

    async fn append(&self, record: Record) -> Result<()> {
        let runtime =
            Handle::try_current().map_err(|error| interrupted("it needs a tokio runtime").with_source(error))?;
        let ticket = self.shared.queue(record);
        let given_up = GiveUp(&ticket);
        // The lock goes along with the write: if this call is dropped, what is under way still comes before everything
        // asked for later.
        let mut journal = Arc::clone(&self.shared.journal).lock_owned().await;
        if let Some(written) = ticket.written() {
            return written;
        }
        let (tickets, records) = self.shared.take();
        drop(given_up);
        // As long as this write is under way, whoever opens the file shares its journal.
        let shared = Arc::clone(&self.shared);
        // Waiting for the disk takes milliseconds, too long for a thread that serves other tasks.
        let writing = runtime.spawn_blocking(move || {
            let _shared = shared;
            let written = journal.append(records);
            for ticket in &tickets {
                ticket.finish(written.clone());
            }
        });
        writing.await.map_err(|error| interrupted("the write was given up").with_source(error))?;
        ticket.written().unwrap_or_else(|| Err(interrupted("the write was given up")))
    }
}

impl Shared {
    fn queue(&self, record: Record) -> Arc<Ticket> {
        let ticket = Arc::new(Ticket(Mutex::new(Stage::Waiting(record))));
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&ticket));
        ticket
    }

    /// Everything that waits, but for what was given up.
    fn take(&self) -> (Vec<Arc<Ticket>>, Vec<Record>) {
        let waiting = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        waiting.into_iter().filter_map(|ticket| ticket.take().map(|record| (ticket, record))).unzip()
    }
}

impl Ticket {
    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn finish(&self, written: Result<()>) {
        *self.stage() = Stage::Written(written);
    }

    /// The record, if it is still waiting.
    fn take(&self) -> Option<Record> {
        let mut stage = self.stage();
        if !matches!(*stage, Stage::Waiting(_)) {
            return None;
        }
        match std::mem::replace(&mut *stage, Stage::Taken) {
            Stage::Waiting(record) => Some(record),
            Stage::Taken | Stage::Written(_) => None,
        }
    }

    /// What became of it, if another's write has taken it along.
    fn written(&self) -> Option<Result<()>> {
        match &*self.stage() {
            Stage::Waiting(_) => None,
            Stage::Taken => Some(Err(interrupted("the write was given up"))),
            Stage::Written(written) => Some(written.clone()),
        }
    }
}

/// Takes back what nobody writes yet, when its caller goes away.
struct GiveUp<'a>(&'a Ticket);

impl Drop for GiveUp<'_> {
    fn drop(&mut self) {
        drop(self.0.take());
    }
}

fn interrupted(why: &str) -> Error {
    Error::new(ErrorKind::Storage, format!("cannot write to the link file: {why}"))
}

impl fmt::Debug for FileLinkStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileLinkStore").field("path", &self.path).finish_non_exhaustive()
    }
}

#[async_trait]
impl LinkStore for FileLinkStore {
    async fn get(&self, key: &LinkKey) -> Result<Option<Link>> {
        Ok(self.shared.journal.lock().await.table.0.get(key).cloned())
    }

    async fn put(&self, key: &LinkKey, link: Link) -> Result<()> {
        self.append(Record::Put { key: key.clone(), link }).await
    }

    async fn remove(&self, key: &LinkKey) -> Result<()> {
        self.append(Record::Remove { key: key.clone() }).await
    }

    async fn list(&self, provider: &str, kind: &str, scope: &str) -> Result<Vec<(LinkKey, Link)>> {
        Ok(self.shared.journal.lock().await.table.list(provider, kind, scope))
    }

    async fn linked_to(&self, provider: &str, kind: &str, scope: &str, remote_id: &str) -> Result<Vec<LinkKey>> {
        Ok(self.shared.journal.lock().await.table.linked_to(provider, kind, scope, remote_id))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use chrono::DateTime;

    use super::*;
    use crate::links::{LinkState, Remote};

    /// A directory of the test's own, gone when it ends.
    struct Directory(PathBuf);

    impl Directory {
        fn new() -> Self {
            static COUNT: AtomicUsize = AtomicUsize::new(0);
            let name = format!("links-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
            let path = std::env::temp_dir().join(name);
            fs::create_dir(&path).unwrap();
            Self(path)
        }

        fn file(&self) -> PathBuf {
            self.0.join("links.jsonl")
        }
    }

    impl Drop for Directory {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    fn key(id: &str) -> LinkKey {
        LinkKey::new("smartsheet", "row", "sheet-1", id)
    }

    fn link(remote_id: &str) -> Link {
        Link::linked(Remote::new(remote_id).with("permalink", "https://example.com/\n\"1\""), DateTime::UNIX_EPOCH)
    }

    fn lines(path: &Path) -> usize {
        fs::read_to_string(path).unwrap().lines().count()
    }

    #[tokio::test]
    async fn links_outlive_the_store() {
        let directory = Directory::new();
        let store = FileLinkStore::open(directory.file()).unwrap();
        store.put(&key("a"), Link::intended(DateTime::UNIX_EPOCH)).await.unwrap();
        store.put(&key("a"), link("1")).await.unwrap();
        store.put(&key("b"), link("2")).await.unwrap();
        store.put(&key("c"), Link::intended(DateTime::UNIX_EPOCH)).await.unwrap();
        store.remove(&key("b")).await.unwrap();
        drop(store);

        let store = FileLinkStore::open(directory.file()).unwrap();
        assert_eq!(store.get(&key("a")).await.unwrap(), Some(link("1")));
        assert_eq!(store.get(&key("b")).await.unwrap(), None);
        assert_eq!(store.get(&key("c")).await.unwrap().unwrap().state, LinkState::Intended);
        let listed = store.list("smartsheet", "row", "sheet-1").await.unwrap();
        assert_eq!(listed.into_iter().map(|(key, _)| key).collect::<Vec<_>>(), [key("a"), key("c")]);
    }

    #[tokio::test]
    async fn a_mostly_dead_file_is_rewritten_when_it_is_opened() {
        let directory = Directory::new();
        let store = FileLinkStore::open(directory.file()).unwrap();
        for remote_id in ["1", "2", "3"] {
            store.put(&key("a"), link(remote_id)).await.unwrap();
        }
        assert_eq!(lines(&directory.file()), 3);
        drop(store);

        let store = FileLinkStore::open(directory.file()).unwrap();
        assert_eq!(lines(&directory.file()), 1);
        store.put(&key("b"), link("4")).await.unwrap();
        drop(store);
        let store = FileLinkStore::open(directory.file()).unwrap();
        assert_eq!(store.get(&key("a")).await.unwrap(), Some(link("3")));
        assert_eq!(store.get(&key("b")).await.unwrap(), Some(link("4")));
    }

    #[tokio::test]
    async fn a_torn_last_line_is_dropped_and_an_unended_whole_one_kept() {
        let directory = Directory::new();
        let store = FileLinkStore::open(directory.file()).unwrap();
        store.put(&key("a"), link("1")).await.unwrap();
        store.put(&key("b"), link("2")).await.unwrap();
        drop(store);
        let text = fs::read_to_string(directory.file()).unwrap();
        for (cut, survives) in [(1, true), (2, false), (40, false)] {
            fs::write(directory.file(), &text[..text.len() - cut]).unwrap();
            let store = FileLinkStore::open(directory.file()).unwrap();
            assert_eq!(store.get(&key("b")).await.unwrap().is_some(), survives);
            store.put(&key("c"), link("3")).await.unwrap();
            drop(store);
            let store = FileLinkStore::open(directory.file()).unwrap();
            assert_eq!(store.get(&key("a")).await.unwrap(), Some(link("1")));
            assert_eq!(store.get(&key("c")).await.unwrap(), Some(link("3")));
        }
    }

    #[tokio::test]
    async fn a_damaged_line_is_named() {
        let directory = Directory::new();
        let store = FileLinkStore::open(directory.file()).unwrap();
        store.put(&key("a"), link("1")).await.unwrap();
        drop(store);
        let text = fs::read_to_string(directory.file()).unwrap();
        fs::write(directory.file(), format!("{text}{{\"put\":\n{text}")).unwrap();
        let error = FileLinkStore::open(directory.file()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Storage);
        assert!(error.message().contains("line 2") && error.message().contains("links.jsonl"), "{error}");
    }

    #[tokio::test]
    async fn handles_on_one_path_share_their_state() {
        let directory = Directory::new();
        let one = FileLinkStore::open(directory.file()).unwrap();
        let other = FileLinkStore::open(directory.0.join(".").join("links.jsonl")).unwrap();
        one.put(&key("a"), link("1")).await.unwrap();
        other.put(&key("b"), link("2")).await.unwrap();
        assert_eq!(other.get(&key("a")).await.unwrap(), Some(link("1")));
        assert_eq!(one.get(&key("b")).await.unwrap(), Some(link("2")));
    }

    #[tokio::test]
    async fn a_write_is_refused_when_another_process_has_written() {
        let directory = Directory::new();
        let store = FileLinkStore::open(directory.file()).unwrap();
        store.put(&key("a"), link("1")).await.unwrap();
        let text = fs::read_to_string(directory.file()).unwrap();
        fs::write(directory.file(), format!("{text}{text}")).unwrap();
        let error = store.put(&key("b"), link("2")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Storage);
        assert!(error.message().contains("another process"), "{error}");
        assert_eq!(store.get(&key("b")).await.unwrap(), None, "what is not on disk is not true");
    }

    #[tokio::test]
    async fn a_dropped_write_comes_before_what_is_asked_for_later() {
        let directory = Directory::new();
        let store = FileLinkStore::open(directory.file()).unwrap();
        let put = futures_util::FutureExt::now_or_never(store.put(&key("a"), link("1")));
        assert!(put.is_none());
        store.remove(&key("a")).await.unwrap();
        assert_eq!(store.get(&key("a")).await.unwrap(), None);
        assert_eq!(lines(&directory.file()), 2);
    }

    #[tokio::test]
    async fn a_file_that_is_still_written_is_not_opened_beside_the_write() {
        let directory = Directory::new();
        let store = FileLinkStore::open(directory.file()).unwrap();
        let journal = Arc::downgrade(&store.shared.journal);
        let put = futures_util::FutureExt::now_or_never(store.put(&key("a"), link("1")));
        assert!(put.is_none());
        drop(store);
        let reopened = FileLinkStore::open(directory.file()).unwrap();
        let same = journal.upgrade().is_none_or(|journal| Arc::ptr_eq(&journal, &reopened.shared.journal));
        assert!(same, "it is either done, or shared");
        reopened.put(&key("b"), link("2")).await.unwrap();
        assert_eq!(reopened.get(&key("a")).await.unwrap(), Some(link("1")));
    }

    #[tokio::test]
    async fn one_wait_for_the_disk_does_for_many_writes() {
        let directory = Directory::new();
        let store = FileLinkStore::open(directory.file()).unwrap();
        // While the journal is held, all of them queue up; one is given up.
        let held = Arc::clone(&store.shared.journal).lock_owned().await;
        let mut puts: Vec<_> = (0..20)
            .map(|n| {
                let store = store.clone();
                tokio::spawn(async move { store.put(&key(&format!("{n:02}")), link("1")).await })
            })
            .collect();
        while store.shared.waiting.lock().unwrap().len() < 20 {
            tokio::task::yield_now().await;
        }
        let given_up = puts.remove(7);
        given_up.abort();
        assert!(given_up.await.unwrap_err().is_cancelled());
        drop(held);
        for put in puts {
            put.await.unwrap().unwrap();
        }
        let writes = store.shared.journal.lock().await.writes;
        assert_eq!((writes, lines(&directory.file())), (1, 19));
        assert_eq!(store.get(&key("07")).await.unwrap(), None);
        assert_eq!(store.linked_to("smartsheet", "row", "sheet-1", "1").await.unwrap().len(), 19);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn only_its_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let directory = Directory::new();
        let mode = || fs::metadata(directory.file()).unwrap().permissions().mode() & 0o777;
        fs::write(directory.file(), "").unwrap();
        fs::set_permissions(directory.file(), PermissionsExt::from_mode(0o644)).unwrap();
        let store = FileLinkStore::open(directory.file()).unwrap();
        assert_eq!(mode(), 0o600);
        store.put(&key("a"), link("1")).await.unwrap();
        store.put(&key("a"), link("2")).await.unwrap();
        store.put(&key("a"), link("3")).await.unwrap();
        drop(store);
        FileLinkStore::open(directory.file()).unwrap();
        assert_eq!(mode(), 0o600, "also once it is rewritten");
    }

    #[test]
    fn a_missing_directory_is_a_storage_error_that_names_the_path() {
        let directory = Directory::new();
        let error = FileLinkStore::open(directory.0.join("missing").join("links.jsonl")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Storage);
        assert!(error.message().contains("missing"), "{error}");
    }
}
