//! A store in a file.

#![expect(clippy::result_large_err, reason = "the errors of the database are as large as it wants")]

use std::fs::{File, OpenOptions};
use std::panic::catch_unwind;
use std::path::Path;
use std::sync::Arc;
use std::{fmt, io};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use connectors_core::{Error, ErrorKind, Result};
use redb::{Database, Durability, ReadableTable, TableDefinition, WriteTransaction};
use tokio::runtime::Handle;

use super::{ReportStore, StoreKey, StoredReport};

/// By key: when it was put (as a number that goes up), stored and expires, and the JSON.
const REPORTS: TableDefinition<'_, &str, (u64, i64, i64, &str)> = TableDefinition::new("reports");

/// The keys by age.
const BY_AGE: TableDefinition<'_, u64, &str> = TableDefinition::new("by age");

/// The keys by when they expire.
const BY_END: TableDefinition<'_, (i64, u64), &str> = TableDefinition::new("by end");

/// What is in it, in bytes, and the number of the next report.
const COUNTS: TableDefinition<'_, &str, u64> = TableDefinition::new("counts");

/// What is kept in memory of the file.
const PAGES: usize = 4 << 20;

/// Keeps reports in a file, for programs that run on one machine, one at a time.
///
/// The file is readable by its owner alone (on unix), not encrypted, and whole after a crash of the program; after one
/// of the machine it may lack the latest reports. Expired reports leave first, then the oldest. It holds up to the given
/// number of bytes of reports, and is up to about twice as large itself.
///
/// ```no_run
/// # fn main() -> connectors_core::Result<()> {
/// use std::sync::Arc;
/// use connectors_placer::{FileReportStore, PlacerBuilder};
///
/// let store = Arc::new(FileReportStore::open("reports.redb", 64 << 20)?);
/// let placer = PlacerBuilder::from_env()?.report_store(store).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct FileReportStore(Arc<Inner>);

struct Inner {
    database: Database,
    capacity: u64,
}

type Outcome<T> = std::result::Result<T, redb::Error>;

impl FileReportStore {
    /// The store in the file at `path`, which is made if there is none, for `capacity_bytes` of reports. Reads the file,
    /// so call it when the program starts.
    ///
    /// Fails with [`Storage`](ErrorKind::Storage) when another program has the file open, or it is no such
    /// store, or a damaged one: then delete it, which costs calls at most.
    pub fn open(path: impl AsRef<Path>, capacity_bytes: u64) -> Result<Self> {
        // The database panics over some damaged files.
        let path = path.as_ref();
        let opened = catch_unwind(|| Inner::open(path, capacity_bytes));
        let opened = opened.unwrap_or_else(|_| Err(redb::Error::Corrupted("the file is damaged".to_owned())));
        Ok(Self(Arc::new(opened.map_err(|error| failed("open", error))?)))
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        what: &'static str,
        work: impl FnOnce(&Inner) -> Outcome<T> + Send + 'static,
    ) -> Result<T> {
        let inner = Arc::clone(&self.0);
        let runtime = Handle::try_current().map_err(|error| failed(what, redb::Error::Io(io::Error::other(error))))?;
        let outcome = runtime.spawn_blocking(move || work(&inner)).await;
        outcome.unwrap_or_else(|error| Err(redb::Error::Io(io::Error::other(error)))).map_err(|e| failed(what, e))
    }
}

fn failed(what: &str, error: redb::Error) -> Error {
    Error::new(ErrorKind::Storage, format!("cannot {what} the report store")).with_source(error)
}

/// The file, readable by its owner alone from the beginning.
fn file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(file)
}

impl Inner {
    fn open(path: &Path, capacity: u64) -> Outcome<Self> {
        let file = file(path)?;
        let size = file.metadata().map_or(0, |metadata| metadata.len());
        let mut database = Database::builder().set_cache_size(PAGES).create_file(file)?;
        // Only here are the checksums of a file looked at that was closed as it should be.
        database.check_integrity()?;
        if size > capacity.saturating_mul(2).saturating_add(1 << 20) {
            database.compact()?;
        }
        let inner = Self { database, capacity };
        inner.write(|tables| tables.shrink(capacity))?;
        Ok(inner)
    }

    fn read(&self, key: &StoreKey) -> Outcome<Option<StoredReport>> {
        let transaction = self.database.begin_read()?;
        let reports = transaction.open_table(REPORTS)?;
        let Some(found) = reports.get(key.as_str())? else { return Ok(None) };
        let (_, stored, expires, json) = found.value();
        Ok(Some(StoredReport::new(json, time(stored), time(expires))))
    }

    /// All of it, or nothing.
    fn write(&self, work: impl FnOnce(&mut Tables<'_>) -> Outcome<()>) -> Outcome<()> {
        let mut transaction = self.database.begin_write()?;
        // A report that is lost with the machine can be asked for again.
        transaction.set_durability(Durability::Eventual);
        work(&mut Tables::open(&transaction)?)?;
        Ok(transaction.commit()?)
    }
}

fn time(milliseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(milliseconds).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

/// The tables while they are written.
struct Tables<'a> {
    reports: redb::Table<'a, &'static str, (u64, i64, i64, &'static str)>,
    by_age: redb::Table<'a, u64, &'static str>,
    by_end: redb::Table<'a, (i64, u64), &'static str>,
    counts: redb::Table<'a, &'static str, u64>,
}

impl<'a> Tables<'a> {
    fn open(transaction: &'a WriteTransaction) -> Outcome<Self> {
        Ok(Self {
            reports: transaction.open_table(REPORTS)?,
            by_age: transaction.open_table(BY_AGE)?,
            by_end: transaction.open_table(BY_END)?,
            counts: transaction.open_table(COUNTS)?,
        })
    }

    fn count(&self, name: &'static str) -> Outcome<u64> {
        Ok(self.counts.get(name)?.map_or(0, |count| count.value()))
    }

    fn put(&mut self, key: &str, report: &StoredReport, capacity: u64) -> Outcome<()> {
        self.remove(key)?;
        let weight = weight(key, &report.json);
        if weight > capacity {
            return Ok(());
        }
        self.expire(report.stored_at)?;
        self.shrink(capacity - weight)?;
        let number = self.count("next")?;
        let (stored, expires) = (report.stored_at.timestamp_millis(), report.expires_at.timestamp_millis());
        self.reports.insert(key, (number, stored, expires, report.json.as_str()))?;
        self.by_age.insert(number, key)?;
        self.by_end.insert((expires, number), key)?;
        self.counts.insert("next", number + 1)?;
        let bytes = self.count("bytes")? + weight;
        self.counts.insert("bytes", bytes)?;
        Ok(())
    }

    fn remove(&mut self, key: &str) -> Outcome<()> {
        let found = self.reports.remove(key)?.map(|found| {
            let (number, _, expires, json) = found.value();
            (number, expires, weight(key, json))
        });
        let Some((number, expires, weight)) = found else { return Ok(()) };
        self.by_age.remove(number)?;
        self.by_end.remove((expires, number))?;
        let bytes = self.count("bytes")?.saturating_sub(weight);
        self.counts.insert("bytes", bytes)?;
        Ok(())
    }

    /// Takes out what has expired by then.
    fn expire(&mut self, now: DateTime<Utc>) -> Outcome<()> {
        while let Some((expires, key)) = {
            let first = self.by_end.first()?;
            first.map(|(end, key)| (end.value().0, key.value().to_owned()))
        } {
            if expires > now.timestamp_millis() {
                break;
            }
            self.remove(&key)?;
        }
        Ok(())
    }

    /// Takes out the oldest until no more than so many bytes are left.
    fn shrink(&mut self, bytes: u64) -> Outcome<()> {
        while self.count("bytes")? > bytes {
            let Some(key) = self.by_age.first()?.map(|(_, key)| key.value().to_owned()) else { break };
            self.remove(&key)?;
        }
        Ok(())
    }
}

/// Takes out everything.
fn empty(tables: &mut Tables<'_>) -> Outcome<()> {
    tables.reports.retain(|_, _| false)?;
    tables.by_age.retain(|_, _| false)?;
    tables.by_end.retain(|_, _| false)?;
    tables.counts.insert("bytes", 0)?;
    Ok(())
}

fn weight(key: &str, json: &str) -> u64 {
    (key.len() + json.len()) as u64
}

#[async_trait]
impl ReportStore for FileReportStore {
    async fn get(&self, key: &StoreKey) -> Result<Option<StoredReport>> {
        let key = key.clone();
        self.off_thread("read", move |store| store.read(&key)).await
    }

    async fn put(&self, key: &StoreKey, report: StoredReport) -> Result<()> {
        let key = key.clone();
        let put = move |store: &Inner| store.write(|tables| tables.put(key.as_str(), &report, store.capacity));
        self.off_thread("write", put).await
    }

    async fn remove(&self, key: &StoreKey) -> Result<()> {
        let key = key.clone();
        self.off_thread("write", move |store| store.write(|tables| tables.remove(key.as_str()))).await
    }

    async fn clear(&self) -> Result<()> {
        self.off_thread("clear", |store| store.write(empty)).await
    }
}

impl fmt::Debug for FileReportStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileReportStore").field("capacity", &self.0.capacity).finish_non_exhaustive()
    }
}
