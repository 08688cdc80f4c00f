//! Every request that a fake received, for tests to look at.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use connectors_core::{Error, Result};
use http::{HeaderMap, Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde::ser::{SerializeMap, Serializer};

use crate::fault::Fault;
use crate::operations;

/// So many of the last requests are kept.
const ENTRIES: usize = 10_000;

/// And fewer, where they are larger than this together.
const BYTES: usize = 64 << 20;

/// What is said of a body at most, where it is told to others.
const SHOWN: usize = 16 << 10;

/// One request and what became of it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Entry {
    /// Which request it was, from 1; it goes on counting when the fake is reset.
    pub number: u64,
    /// When it came, by the mock's clock.
    pub at: DateTime<Utc>,
    /// The method.
    pub method: Method,
    /// The path, percent-encoded as it came.
    pub path: String,
    /// The query, as it came.
    pub query: Option<String>,
    /// The headers. `Debug` and `Serialize` do not show them.
    pub headers: HeaderMap,
    /// The body. `Debug` does not show it.
    pub body: Bytes,
    /// The operation's name in the client; `None` when the provider has no such endpoint.
    pub operation: Option<&'static str>,
    /// Whether it changes anything when it is carried out.
    pub write: bool,
    /// Whether it was carried out.
    pub applied: bool,
    /// The status of the answer; `None` when the connection broke first.
    pub status: Option<StatusCode>,
    /// How long the answer took on purpose.
    pub delay: Duration,
    /// What was made to go wrong.
    pub fault: Option<Fault>,
}

impl Entry {
    /// The body as a value of this type, such as `serde_json::Value`; an error says where it does not fit.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body)
            .map_err(|problem| Error::invalid("body", format!("of {self:?} does not fit: {problem}")))
    }

    /// What came in it, in bytes.
    fn bytes(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>();
        self.path.len() + self.query.as_ref().map_or(0, String::len) + headers + self.body.len()
    }

    /// The body as a value of this type.
    ///
    /// # Panics
    ///
    /// If it does not fit.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        self.body().unwrap_or_else(|problem| fail(&problem.to_string()))
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.at.format("%FT%T%.3fZ"), self.method, self.path)?;
        if let Some(query) = &self.query {
            write!(f, "?{query}")?;
        }
        match self.status {
            Some(status) => write!(f, " -> {}", status.as_u16())?,
            None => f.write_str(" -> no answer")?,
        }
        self.fault.map_or(Ok(()), |fault| write!(f, " [{}]", fault.name()))
    }
}

/// Without headers, and with the beginning of the body as text.
impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("number", &self.number)?;
        map.serialize_entry("at", &self.at)?;
        map.serialize_entry("method", self.method.as_str())?;
        map.serialize_entry("path", &self.path)?;
        map.serialize_entry("query", &self.query)?;
        map.serialize_entry("operation", &self.operation)?;
        map.serialize_entry("write", &self.write)?;
        map.serialize_entry("applied", &self.applied)?;
        map.serialize_entry("status", &self.status.map(|status| status.as_u16()))?;
        map.serialize_entry("delay_ms", &u64::try_from(self.delay.as_millis()).unwrap_or(u64::MAX))?;
        map.serialize_entry("fault", &self.fault.map(Fault::name))?;
        let shown = self.body.get(..SHOWN).unwrap_or(&self.body);
        map.serialize_entry("body_bytes", &self.body.len())?;
        map.serialize_entry("body", &String::from_utf8_lossy(shown))?;
        map.end()
    }
}

/// How often an operation was asked for, all in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct Count {
    /// Requests.
    pub requests: u64,
    /// Those that were carried out.
    pub applied: u64,
    /// Those that went wrong on purpose.
    pub faults: u64,
}

/// The last 10 000 requests (fewer, where they are larger than 64 MiB together), the oldest first, and counts of
/// all. A copy: what comes later is not in it.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// use connectors_mock::MockSmartsheet;
/// use serde::Deserialize;
///
/// #[derive(Debug, PartialEq, Deserialize)]
/// struct Folder {
///     name: String,
/// }
///
/// let mock = MockSmartsheet::new();
/// mock.client().folders().create_in_folder(mock.folder_id(), "Photos").await?;
/// mock.client().folders().metadata(mock.folder_id()).await?;
///
/// let journal = mock.backend().journal();
/// journal.assert_called("folders.create_in_folder");
/// journal.assert_count("folders.*", 2);
/// journal.assert_order(["folders.create_in_folder", "folders.metadata"]);
/// assert_eq!(journal.bodies::<Folder>("folders.create_in_folder"), [Folder { name: "Photos".to_owned() }]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Journal {
    entries: Vec<Arc<Entry>>,
    counts: BTreeMap<&'static str, Count>,
    unknown: Count,
    known: Vec<&'static str>,
}

impl Journal {
    /// How often each operation was asked for, all in all.
    pub fn counts(&self) -> &BTreeMap<&'static str, Count> {
        &self.counts
    }

    /// How many requests there were, all in all.
    pub fn total(&self) -> u64 {
        self.unknown.requests + self.counts.values().map(|count| count.requests).sum::<u64>()
    }

    /// How many requests there were to operations like this (`"rows.update"`, `"rows.*"`, `"*"`), all in all.
    ///
    /// # Panics
    ///
    /// If the provider has no such operation.
    #[track_caller]
    pub fn count(&self, operation: &str) -> u64 {
        self.check(operation);
        requests(&self.counts, self.unknown, operation)
    }

    /// Those of the kept requests that were to operations like this.
    ///
    /// # Panics
    ///
    /// If the provider has no such operation.
    #[track_caller]
    pub fn of(&self, operation: &str) -> Vec<Arc<Entry>> {
        self.check(operation);
        let asked = |entry: &&Arc<Entry>| entry.operation.is_some_and(|name| operations::is_like(name, operation));
        self.entries.iter().filter(asked).cloned().collect()
    }

    /// The bodies of those requests, each as a value of this type.
    ///
    /// # Panics
    ///
    /// If one does not fit, or the provider has no such operation.
    #[track_caller]
    pub fn bodies<T: DeserializeOwned>(&self, operation: &str) -> Vec<T> {
        let mut bodies = Vec::new();
        for entry in self.of(operation) {
            bodies.push(entry.json());
        }
        bodies
    }

    /// There was a request to an operation like this.
    ///
    /// # Panics
    ///
    /// If there was none, or the provider has no such operation.
    #[track_caller]
    pub fn assert_called(&self, operation: &str) {
        if self.count(operation) == 0 {
            self.disappoint(&format!("{operation} was never called"));
        }
    }

    /// There was no request to an operation like this.
    ///
    /// # Panics
    ///
    /// If there was one, or the provider has no such operation.
    #[track_caller]
    pub fn assert_not_called(&self, operation: &str) {
        self.assert_count(operation, 0);
    }

    /// There were so many requests to operations like this.
    ///
    /// # Panics
    ///
    /// If there were more or fewer, or the provider has no such operation.
    #[track_caller]
    pub fn assert_count(&self, operation: &str, requests: u64) {
        let count = self.count(operation);
        if count != requests {
            self.disappoint(&format!("{operation} was called {count} times, not {requests}"));
        }
    }

    /// There were requests like these, one after the other; others may have come in between.
    ///
    /// # Panics
    ///
    /// If there were not, or the provider has no such operation.
    #[track_caller]
    pub fn assert_order<'a>(&self, operations: impl IntoIterator<Item = &'a str>) {
        let mut names = self.entries.iter().filter_map(|entry| entry.operation);
        for operation in operations {
            self.check(operation);
            if !names.any(|name| operations::is_like(name, operation)) {
                self.disappoint(&format!("{operation} was not called, or not in this place of the order"));
            }
        }
    }

    #[track_caller]
    fn check(&self, operation: &str) {
        if let Err(problem) = operations::check(&self.known, operation) {
            fail(&problem.to_string());
        }
    }

    #[track_caller]
    fn disappoint(&self, what: &str) {
        let first = self.entries.len().saturating_sub(50);
        let lines: Vec<_> = self.entries.iter().skip(first).map(|entry| format!("  {entry:?}")).collect();
        fail(&format!("{what}; the last of {} requests were:\n{}", self.total(), lines.join("\n")))
    }
}

/// How many requests there were to operations like this.
fn requests(counts: &BTreeMap<&'static str, Count>, unknown: Count, operation: &str) -> u64 {
    let like = counts.iter().filter(|(name, _)| operations::is_like(name, operation));
    let unknown = if operation == "*" { unknown.requests } else { 0 };
    unknown + like.map(|(_, count)| count.requests).sum::<u64>()
}

/// The end of a test.
#[track_caller]
#[expect(clippy::panic, reason = "this is how assertions fail")]
pub(crate) fn fail(problem: &str) -> ! {
    panic!("{problem}")
}

impl Deref for Journal {
    type Target = [Arc<Entry>];

    fn deref(&self) -> &Self::Target {
        &self.entries
    }
}

impl IntoIterator for Journal {
    type Item = Arc<Entry>;
    type IntoIter = std::vec::IntoIter<Arc<Entry>>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<'a> IntoIterator for &'a Journal {
    type Item = &'a Arc<Entry>;
    type IntoIter = std::slice::Iter<'a, Arc<Entry>>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.entries).finish()
    }
}

/// A journal that is being written.
#[derive(Default)]
pub(crate) struct Log {
    ring: VecDeque<Arc<Entry>>,
    /// What the entries hold together.
    bytes: usize,
    counts: BTreeMap<&'static str, Count>,
    unknown: Count,
    /// The number of the last request.
    last: u64,
    /// And of the last one of which nothing is known any more but to those who read on from it.
    forgotten: u64,
}

impl Log {
    /// Nothing is known any more. Numbers go on, and what is in the ring stays there, for those who read on from one.
    pub(crate) fn renew(&mut self) {
        (self.counts, self.unknown, self.forgotten) = (BTreeMap::new(), Count::default(), self.last);
    }

    pub(crate) fn last(&self) -> u64 {
        self.last
    }

    pub(crate) fn total(&self) -> u64 {
        self.unknown.requests + self.counts.values().map(|count| count.requests).sum::<u64>()
    }

    pub(crate) fn note(&mut self, mut entry: Entry) -> Arc<Entry> {
        let count = match entry.operation {
            Some(operation) => self.counts.entry(operation).or_default(),
            None => &mut self.unknown,
        };
        count.requests += 1;
        count.applied += u64::from(entry.applied);
        count.faults += u64::from(entry.fault.is_some());
        self.last += 1;
        entry.number = self.last;
        self.bytes += entry.bytes();
        let entry = Arc::new(entry);
        self.ring.push_back(Arc::clone(&entry));
        while self.ring.len() > ENTRIES || (self.bytes > BYTES && self.ring.len() > 1) {
            self.bytes -= self.ring.pop_front().map_or(0, |gone| gone.bytes());
        }
        entry
    }

    pub(crate) fn count(&self, operation: &str) -> u64 {
        requests(&self.counts, self.unknown, operation)
    }

    pub(crate) fn read(&self, known: Vec<&'static str>) -> Journal {
        let entries = self.since(self.forgotten + 1).cloned().collect();
        Journal { entries, counts: self.counts.clone(), unknown: self.unknown, known }
    }

    /// The kept requests from this number on, known or not.
    pub(crate) fn since(&self, number: u64) -> impl DoubleEndedIterator<Item = &Arc<Entry>> {
        self.ring.range(self.ring.partition_point(|entry| entry.number < number)..)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(body: Bytes) -> Entry {
        Entry {
            number: 0,
            at: DateTime::UNIX_EPOCH,
            method: Method::GET,
            path: "/".to_owned(),
            query: None,
            headers: HeaderMap::new(),
            body,
            operation: Some("rows.get"),
            write: false,
            applied: true,
            status: Some(StatusCode::OK),
            delay: Duration::ZERO,
            fault: None,
        }
    }

    #[test]
    fn keeps_the_last_and_counts_all() {
        let mut log = Log::default();
        for _ in 0..ENTRIES + 5 {
            log.note(entry(Bytes::new()));
        }
        let journal = log.read(Vec::new());
        assert_eq!((journal.len(), journal.total()), (ENTRIES, ENTRIES as u64 + 5));
        assert_eq!(journal.first().map(|first| first.number), Some(6));
        assert_eq!(log.since(ENTRIES as u64 + 4).count(), 2);
        log.renew();
        log.note(entry(Bytes::new()));
        let journal = log.read(Vec::new());
        assert_eq!((journal.len(), journal.total(), journal.count("*")), (1, 1, 1));
        assert_eq!(log.since(ENTRIES as u64 + 4).count(), 3, "whoever follows loses none");
    }

    #[test]
    fn what_is_large_does_not_fill_the_memory() {
        let large = " ".repeat(BYTES / 4 - 1000);
        let with_body = entry(large.clone().into());
        let with_path = Entry { path: large.clone(), ..entry(Bytes::new()) };
        let mut with_header = entry(Bytes::new());
        with_header.headers.insert("x-large", large.parse().unwrap());
        for entry in [with_body, with_path, with_header] {
            let mut log = Log::default();
            for _ in 0..20 {
                log.note(entry.clone());
            }
            assert_eq!(log.read(Vec::new()).len(), 4);
        }
    }
}
