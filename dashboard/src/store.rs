//! What is kept over restarts: one file of `SQLite`, used by one process.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use connectors_core::{Error, ErrorKind, Result};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

mod links;
mod log;
mod series;
mod settings;
mod standing;
mod syncs;

pub use links::SqliteLinkStore;
pub(crate) use log::{json, parsed};
pub(crate) use syncs::NewSync;

/// How many pieces of work wait for the database before whoever comes next has to wait in line.
const QUEUE: usize = 256;

/// Says in the file that it is ours: `CxDb`.
const APPLICATION: i32 = 0x4378_4462;

/// The version of the tables.
const VERSION: i32 = 1;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// The database. Clones are handles to the same one; it is closed with the last of them.
///
/// Work is done by one thread, in the order in which it came, also when whoever asked for it has gone.
#[derive(Clone)]
pub struct Store {
    jobs: mpsc::Sender<Job>,
    #[cfg_attr(not(feature = "sample"), expect(dead_code, reason = "only fakes cannot wait"))]
    soon: Soon,
}

/// What is done before the next piece of work, however many wait in line: the last of each name.
type Soon = Arc<Mutex<BTreeMap<String, Job>>>;

impl Store {
    /// Opens the database in this file, made if it is not there. Only its owner can read a new one.
    ///
    /// Fails with [`Storage`](ErrorKind::Storage), naming the file, when somebody else has it open, when it is none of
    /// ours, or damaged, or that of a later version. Such a file stays as it is.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let file = path.display();
        private(path).map_err(|error| Error::new(ErrorKind::Storage, format!("{file} cannot be made: {error}")))?;
        let opened = Connection::open(path).map_err(Refused::Sqlite).and_then(Self::over);
        opened.map_err(|refused| {
            let (what, hint) = match &refused {
                Refused::Sqlite(error) if in_use(error) => {
                    ("is used by another process", "end the other dashboard that uses it, or name another file")
                }
                Refused::Sqlite(error) if damaged(error) => {
                    ("is no database, or a damaged one", "bring back a copy of it, or name another file")
                }
                Refused::Sqlite(_) => {
                    ("cannot be opened", "see to it that it can be read and written, or name another file")
                }
                Refused::Foreign => ("is the database of another program", "name another file"),
                Refused::NoThread => ("has no thread to work on it", "see to the limits of the system"),
                Refused::Later => ("is of a later version of the dashboard", "use that version, or name another file"),
            };
            let error = Error::new(ErrorKind::Storage, format!("{file} {what}")).with_hint(hint);
            if let Refused::Sqlite(source) = refused { error.with_source(source) } else { error }
        })
    }

    /// A database that ends with the program.
    pub fn in_memory() -> Result<Self> {
        let opened = Connection::open_in_memory().map_err(Refused::Sqlite).and_then(Self::over);
        opened.map_err(|_| Error::new(ErrorKind::Storage, "no database can be made in memory"))
    }

    fn over(mut connection: Connection) -> std::result::Result<Self, Refused> {
        connection.busy_timeout(Duration::from_secs(2))?;
        // Nobody else may work on the same syncs. Nothing is written before it is known whose file it is.
        connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE; PRAGMA trusted_schema = OFF;")?;
        let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
        let (application, version) = (pragma("application_id")?, pragma("user_version")?);
        let empty = connection.query_row("SELECT COUNT(*) = 0 FROM sqlite_schema", [], |row| row.get::<_, bool>(0))?;
        if !empty && application != APPLICATION {
            return Err(Refused::Foreign);
        }
        if version > VERSION {
            return Err(Refused::Later);
        }
        // Links are written with `FULL`, see `SqliteLinkStore`.
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;
             BEGIN EXCLUSIVE; COMMIT;",
        )?;
        if empty {
            let change = connection.transaction()?;
            change.execute_batch(include_str!("store/schema.sql"))?;
            change.pragma_update(None, "application_id", APPLICATION)?;
            change.pragma_update(None, "user_version", VERSION)?;
            change.commit()?;
        }
        let (jobs, mut queue) = mpsc::channel::<Job>(QUEUE);
        let soon = Soon::default();
        let first = Arc::clone(&soon);
        let work = move || {
            while let Some(job) = queue.blocking_recv() {
                let first = std::mem::take(&mut *first.lock().unwrap_or_else(PoisonError::into_inner));
                for job in first.into_values().chain([job]) {
                    // A defect in one piece of work is not the end of all others. What it had changed is rolled back.
                    if catch_unwind(AssertUnwindSafe(|| job(&mut connection))).is_err() {
                        tracing::error!("something that was to be kept has broken down: it has a defect");
                    }
                }
            }
        };
        thread::Builder::new().name("dashboard-store".to_owned()).spawn(work).map_err(|_| Refused::NoThread)?;
        Ok(Self { jobs, soon })
    }

    /// Does `work` when its turn has come.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let gone = |why| Error::new(ErrorKind::Storage, why);
        let (done, result) = oneshot::channel();
        // Nobody may be waiting any more; the work is done all the same.
        let job: Job = Box::new(move |connection| drop(done.send(work(connection))));
        self.jobs.send(job).await.map_err(|_| gone("the database has been closed"))?;
        result.await.map_err(|_| gone("the database did not do it: there is a defect"))?.map_err(storage)
    }

    /// The same, without waiting for it, but before anything that is asked for later; of the same name, only the last.
    #[cfg(feature = "sample")]
    fn run_soon(&self, name: String, work: impl FnOnce(&mut Connection) + Send + 'static) {
        self.soon.lock().unwrap_or_else(PoisonError::into_inner).insert(name, Box::new(work));
        // Where the line is full, whoever is next in it does as well.
        let _ = self.jobs.try_send(Box::new(|_| ()));
    }
}

/// Why a database is not used.
enum Refused {
    Sqlite(rusqlite::Error),
    Foreign,
    Later,
    NoThread,
}

impl From<rusqlite::Error> for Refused {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

/// Makes the file, for its owner alone; one that is there stays as it is.
fn private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn in_use(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked))
}

fn damaged(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt))
}

fn storage(error: rusqlite::Error) -> Error {
    Error::new(ErrorKind::Storage, format!("the database fails: {error}")).with_source(error)
}
