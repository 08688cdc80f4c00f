//! Links: which thing of ours is which thing of theirs.
//!
//! A [`Link`] ties one of our ids (a campaign, an event) to the id a provider gave to what was created for it (a
//! project, a sheet, a row, a code). [`Links::ensure`] creates through it, so that nothing is created twice;
//! a [`LinkStore`] keeps it: [`MemoryLinkStore`], [`FileLinkStore`], or your database.

use std::collections::BTreeMap;
use std::fmt::{self, Debug};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::Result;

mod ensure;
mod file;
mod journal;
mod memory;
mod turns;

pub use ensure::{Ensured, Links, Lookup};
pub use file::FileLinkStore;
pub use memory::MemoryLinkStore;

/// What a link is found by.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LinkKey {
    /// The provider, such as `smartsheet`.
    pub provider: String,
    /// What was created there: `project`, `event`, `sheet`, `row`, `code`.
    pub kind: String,
    /// The account or campaign it belongs to; keeps tenants and campaigns apart.
    pub scope: String,
    /// Our id, unique within provider, kind and scope.
    pub id: String,
}

impl LinkKey {
    /// The key of our `id` as a `kind` of `provider`, within `scope`.
    pub fn new(
        provider: impl Into<String>,
        kind: impl Into<String>,
        scope: impl Into<String>,
        id: impl Into<String>,
    ) -> Self {
        Self { provider: provider.into(), kind: kind.into(), scope: scope.into(), id: id.into() }
    }
}

impl fmt::Display for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { provider, kind, scope, id } = self;
        write!(f, "{provider} {kind} for `{id}` in `{scope}`")
    }
}

/// How far the creation of the remote thing got.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// A create was about to be sent; its outcome is not recorded.
    Intended,
    /// The remote thing exists, and its id is known.
    Linked,
}

/// What is known about the remote thing of one [`LinkKey`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Link {
    /// How far its creation got.
    pub state: LinkState,
    /// The provider's id of it; present when linked.
    pub remote_id: Option<String>,
    /// What else is worth keeping: short link, permalink, original destination. With an intent, what the thing is to be
    /// created with.
    pub attributes: BTreeMap<String, String>,
    /// When this state was recorded.
    pub at: DateTime<Utc>,
}

impl Link {
    /// A create is about to be sent.
    pub fn intended(at: DateTime<Utc>) -> Self {
        Self { state: LinkState::Intended, remote_id: None, attributes: BTreeMap::new(), at }
    }

    /// The remote thing exists.
    pub fn linked(remote: Remote, at: DateTime<Utc>) -> Self {
        Self { state: LinkState::Linked, remote_id: Some(remote.id), attributes: remote.attributes, at }
    }

    /// Whether the remote thing is known to exist. A linked link without an id, as only a foreign store could
    /// make it, is worth no more than an intent.
    pub fn is_linked(&self) -> bool {
        self.state == LinkState::Linked && self.remote_id.is_some()
    }
}

/// A thing that exists at a provider.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Remote {
    /// The provider's id of it.
    pub id: String,
    /// What else is worth keeping, for [`Link::attributes`].
    pub attributes: BTreeMap<String, String>,
}

impl Remote {
    /// The thing with this id, without attributes.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), attributes: BTreeMap::new() }
    }

    /// Adds an attribute, or replaces it.
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.attributes.insert(name.into(), value.into());
        self
    }
}

/// Where links are kept.
///
/// An implementation over a database must guarantee that
/// * `put` and `remove` are durable when they return `Ok`: the create is sent, or given up, on that word;
/// * each of them is all or nothing, and replaces what was there before;
/// * `get` and `list` see every `put` and `remove` that has returned, from whatever connection;
/// * a dropped call leaves the link as it was or as it should become, and never comes into effect after a later
///   call for the same key has returned.
///
/// [`Links`] does not call it for one key twice at a time; for different keys it does.
/// Failures are [`ErrorKind::Storage`](crate::error::ErrorKind::Storage).
#[async_trait]
pub trait LinkStore: Debug + Send + Sync {
    /// The link of this key, if there is one.
    async fn get(&self, key: &LinkKey) -> Result<Option<Link>>;

    /// Records a link in place of what was there.
    async fn put(&self, key: &LinkKey, link: Link) -> Result<()>;

    /// Forgets a link; one that is not there counts as forgotten.
    async fn remove(&self, key: &LinkKey) -> Result<()>;

    /// All links of a provider, kind and scope, in the order of our ids.
    async fn list(&self, provider: &str, kind: &str, scope: &str) -> Result<Vec<(LinkKey, Link)>>;

    /// The keys of a provider, kind and scope that are linked to this remote id: one, unless somebody recorded more.
    ///
    /// Goes through the list unless it is implemented, which pays where there are many.
    async fn linked_to(&self, provider: &str, kind: &str, scope: &str, remote_id: &str) -> Result<Vec<LinkKey>> {
        let links = self.list(provider, kind, scope).await?;
        let linked = |link: &Link| link.remote_id.as_deref() == Some(remote_id);
        Ok(links.into_iter().filter(|(_, link)| linked(link)).map(|(key, _)| key).collect())
    }
}

/// Links in memory: what [`MemoryLinkStore`] holds, and what a journal is replayed into.
#[derive(Default)]
struct Table(BTreeMap<LinkKey, Link>);

impl Table {
    fn of<'a>(&'a self, provider: &str, kind: &str, scope: &str) -> impl Iterator<Item = (&'a LinkKey, &'a Link)> {
        // The empty id sorts before every other one of the same provider, kind and scope.
        let first = LinkKey::new(provider, kind, scope, "");
        let wanted = first.clone();
        let same = move |key: &LinkKey| {
            key.scope == wanted.scope && key.kind == wanted.kind && key.provider == wanted.provider
        };
        self.0.range(first..).take_while(move |(key, _)| same(key))
    }

    fn list(&self, provider: &str, kind: &str, scope: &str) -> Vec<(LinkKey, Link)> {
        self.of(provider, kind, scope).map(|(key, link)| (key.clone(), link.clone())).collect()
    }

    fn linked_to(&self, provider: &str, kind: &str, scope: &str, remote_id: &str) -> Vec<LinkKey> {
        let linked = |link: &Link| link.remote_id.as_deref() == Some(remote_id);
        self.of(provider, kind, scope).filter(|(_, link)| linked(link)).map(|(key, _)| key.clone()).collect()
    }
}
