//! Links that live as long as the program.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::{Link, LinkKey, LinkStore, Table};
use crate::error::Result;

/// Keeps links in memory: enough for tests, and for programs that create nothing they will meet again.
/// A clone is another handle to the same links.
#[derive(Clone, Default)]
pub struct MemoryLinkStore(Arc<Mutex<Table>>);

impl MemoryLinkStore {
    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemoryLinkStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryLinkStore").field("links", &self.table().0.len()).finish()
    }
}

#[async_trait]
impl LinkStore for MemoryLinkStore {
    async fn get(&self, key: &LinkKey) -> Result<Option<Link>> {
        Ok(self.table().0.get(key).cloned())
    }

    async fn put(&self, key: &LinkKey, link: Link) -> Result<()> {
        self.table().0.insert(key.clone(), link);
        Ok(())
    }

    async fn remove(&self, key: &LinkKey) -> Result<()> {
        self.table().0.remove(key);
        Ok(())
    }

    async fn list(&self, provider: &str, kind: &str, scope: &str) -> Result<Vec<(LinkKey, Link)>> {
        Ok(self.table().list(provider, kind, scope))
    }

    async fn linked_to(&self, provider: &str, kind: &str, scope: &str, remote_id: &str) -> Result<Vec<LinkKey>> {
        Ok(self.table().linked_to(provider, kind, scope, remote_id))
    }
}
