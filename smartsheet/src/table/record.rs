//! A record of a table, and what became of it.

use std::collections::HashSet;

use connectors_core::{Error, EventId, Result};

use crate::model::{CellInput, RowId};

/// What the row with a key is to hold.
///
/// ```
/// use connectors_smartsheet::Record;
///
/// let store = Record::new("Alexa").set("City", "Berlin").set("Area (m²)", 56_200);
/// # let _ = store;
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Record {
    /// What the key column says, and of no other row.
    pub key: String,
    /// Titles of columns, and what to write there. Other cells stay as they are.
    pub cells: Vec<(String, CellInput)>,
}

impl Record {
    /// The row with this key, with nothing to write yet but the key.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), cells: Vec::new() }
    }

    /// Writes `value` into the column with this title. A later value for the same column counts.
    pub fn set(mut self, title: impl Into<String>, value: impl Into<CellInput>) -> Self {
        let (title, value) = (title.into(), value.into());
        self.cells.retain(|(earlier, _)| *earlier != title);
        self.cells.push((title, value));
        self
    }

    pub(crate) fn check(&self, key_column: &str) -> Result<()> {
        let mut seen = HashSet::with_capacity(self.cells.len());
        for (title, input) in &self.cells {
            if !seen.insert(title) {
                return Err(Error::invalid(title, "is given two values for one row"));
            }
            if title == key_column {
                return Err(Error::invalid(title, "is the column of keys, which is written by itself"));
            }
            if input.is_link() {
                return Err(Error::invalid(title, "links to other sheets cannot be written together with values")
                    .with_hint("write them with rows().update()"));
            }
            if let Some((_, code, problem)) = input.problem() {
                return Err(Error::invalid(title, problem).with_code(code));
            }
        }
        Ok(())
    }
}

/// Where a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct RowRef {
    /// The row.
    pub row_id: RowId,
    /// Its position in the sheet, from 1.
    pub row_number: u32,
}

/// What became of one record.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum UpsertOutcome {
    /// Its row was added.
    Created(RowRef),
    /// Cells of its row differed and were written.
    Updated(RowRef),
    /// Its row holds everything already; nothing was written.
    Unchanged(RowRef),
    /// Nothing was written, for this reason.
    Failed(Error),
    /// It may have been written. Calling again finds out, without writing it twice.
    Unknown(Error),
}

impl UpsertOutcome {
    /// The row, if the record is known to have one.
    pub fn row(&self) -> Option<RowRef> {
        match self {
            Self::Created(row) | Self::Updated(row) | Self::Unchanged(row) => Some(*row),
            Self::Failed(_) | Self::Unknown(_) => None,
        }
    }

    /// Why it failed, or why it is not known whether it did.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Failed(error) | Self::Unknown(error) => Some(error),
            _ => None,
        }
    }
}

/// One record of a bulk call.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct UpsertItem<K = EventId> {
    /// Its key: the id of the event, where rows are found by events.
    pub key: K,
    /// What became of it.
    pub outcome: UpsertOutcome,
}

/// What became of all of them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct UpsertReport<K = EventId> {
    /// The records, in the order of the call.
    pub items: Vec<UpsertItem<K>>,
}

impl<K> UpsertReport<K> {
    pub(crate) fn new(keys: impl IntoIterator<Item = K>, outcomes: Vec<UpsertOutcome>) -> Self {
        Self { items: keys.into_iter().zip(outcomes).map(|(key, outcome)| UpsertItem { key, outcome }).collect() }
    }

    /// How many rows were added.
    pub fn created(&self) -> usize {
        self.count(|outcome| matches!(outcome, UpsertOutcome::Created(_)))
    }

    /// How many rows were changed.
    pub fn updated(&self) -> usize {
        self.count(|outcome| matches!(outcome, UpsertOutcome::Updated(_)))
    }

    /// How many rows were right already.
    pub fn unchanged(&self) -> usize {
        self.count(|outcome| matches!(outcome, UpsertOutcome::Unchanged(_)))
    }

    /// The records that failed, or may have.
    pub fn failures(&self) -> impl Iterator<Item = (&K, &Error)> {
        self.items.iter().filter_map(|item| Some((&item.key, item.outcome.error()?)))
    }

    /// Whether every record has its row.
    pub fn is_complete(&self) -> bool {
        self.failures().next().is_none()
    }

    fn count(&self, is: impl Fn(&UpsertOutcome) -> bool) -> usize {
        self.items.iter().filter(|item| is(&item.outcome)).count()
    }
}
