//! What is kept over restarts: one SQLite file, used by one process.

use std::fmt;
use std::path::Path;
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

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// The database. Clones are handles to the same one; it is closed with the last of them.
///
/// Work is done by one thread, in the order in which it came, also when whoever asked for it has gone.
#[derive(Clone)]
pub struct Store(mpsc::Sender<Job>);

impl Store {
    /// Opens the database in this file, made if it is not there. Only its owner can read a new one.
    ///
    /// Fails with [`Storage`](ErrorKind::Storage) when another process has it open, or it is none of ours.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let named = |error: &rusqlite::Error| storage(error).with_field(path.display().to_string());
        private(path)
            .map_err(|error| Error::new(ErrorKind::Storage, format!("{} cannot be made: {error}", path.display())))?;
        let connection = Connection::open(path).map_err(|error| named(&error))?;
        Self::over(connection).map_err(|error| {
            let hint = "end the other dashboard that uses this file, or name another file";
            if in_use(&error) { storage(&error).with_hint(hint) } else { named(&error) }
        })
    }

    /// A database that ends with the program.
    pub fn in_memory() -> Result<Self> {
        Connection::open_in_memory().and_then(Self::over).map_err(|error| storage(&error))
    }

    fn over(mut connection: Connection) -> rusqlite::Result<Self> {
        connection.busy_timeout(Duration::from_secs(2))?;
        // Nobody else may work on the same syncs. Links are written with `FULL`, see `SqliteLinkStore`.
        connection.execute_batch(
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
             PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; BEGIN EXCLUSIVE; COMMIT;",
        )?;
        let version: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if version == 0 {
            let change = connection.transaction()?;
            change.execute_batch(include_str!("store/schema.sql"))?;
            change.pragma_update(None, "user_version", 1)?;
            change.commit()?;
        }
        let (jobs, mut queue) = mpsc::channel::<Job>(QUEUE);
        thread::spawn(move || {
            while let Some(job) = queue.blocking_recv() {
                job(&mut connection);
            }
        });
        Ok(Self(jobs))
    }

    /// Does `work` when its turn has come.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let gone = || Error::new(ErrorKind::Storage, "the database has been closed");
        let (done, result) = oneshot::channel();
        // Nobody may be waiting any more; the work is done all the same.
        let job: Job = Box::new(move |connection| drop(done.send(work(connection))));
        self.0.send(job).await.map_err(|_| gone())?;
        result.await.map_err(|_| gone())?.map_err(|error| storage(&error))
    }

    /// The same, without waiting for it; left out if too much is waiting already.
    #[cfg(feature = "sample")]
    pub(crate) fn run_soon(&self, work: impl FnOnce(&mut Connection) + Send + 'static) {
        let _ = self.0.try_send(Box::new(work));
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

fn storage(error: &rusqlite::Error) -> Error {
    let message = if in_use(error) {
        "another process uses the database".to_owned()
    } else {
        format!("the database fails: {error}")
    };
    Error::new(ErrorKind::Storage, message)
}
