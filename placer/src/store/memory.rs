//! A store in memory.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use connectors_core::Result;

use super::{ReportStore, StoreKey, StoredReport};

/// Keeps reports for as long as the process lives: for several clients with one key, and for tests. Clones share them.
#[derive(Clone)]
pub struct MemoryReportStore(Arc<Inner>);

struct Inner {
    capacity: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    reports: HashMap<StoreKey, (u64, StoredReport)>,
    by_age: BTreeMap<u64, StoreKey>,
    bytes: usize,
    next: u64,
}

impl MemoryReportStore {
    /// A store for so many bytes of reports. The oldest leave first.
    pub fn new(capacity_bytes: usize) -> Self {
        Self(Arc::new(Inner { capacity: capacity_bytes, state: Mutex::default() }))
    }

    /// How many reports it holds.
    pub fn len(&self) -> usize {
        self.state().reports.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn remove(&mut self, key: &StoreKey) {
        if let Some((number, report)) = self.reports.remove(key) {
            self.by_age.remove(&number);
            self.bytes -= weight(key, &report);
        }
    }
}

fn weight(key: &StoreKey, report: &StoredReport) -> usize {
    key.as_str().len() + report.json.len()
}

#[async_trait]
impl ReportStore for MemoryReportStore {
    async fn get(&self, key: &StoreKey) -> Result<Option<StoredReport>> {
        Ok(self.state().reports.get(key).map(|(_, report)| report.clone()))
    }

    async fn put(&self, key: &StoreKey, report: StoredReport) -> Result<()> {
        let mut state = self.state();
        state.remove(key);
        let weight = weight(key, &report);
        if weight > self.0.capacity {
            return Ok(());
        }
        while state.bytes + weight > self.0.capacity {
            let Some((_, oldest)) = state.by_age.pop_first() else { break };
            state.remove(&oldest);
        }
        let number = state.next;
        state.next += 1;
        state.bytes += weight;
        state.by_age.insert(number, key.clone());
        state.reports.insert(key.clone(), (number, report));
        Ok(())
    }

    async fn remove(&self, key: &StoreKey) -> Result<()> {
        self.state().remove(key);
        Ok(())
    }

    async fn clear(&self) -> Result<()> {
        *self.state() = State::default();
        Ok(())
    }
}

impl fmt::Debug for MemoryReportStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryReportStore").field("reports", &self.len()).finish_non_exhaustive()
    }
}
