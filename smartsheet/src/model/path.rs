//! Where things are: the folders and workspaces around them.

use std::iter;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::access::AccessLevel;
use super::time;

/// The way to a thing, from the outermost workspace or folder around it: each holds the next one.
///
/// ```
/// use connectors_smartsheet::PathNode;
///
/// let json = r#"{"id":1,"name":"Marketing","folders":[{"id":2,"name":"Tours","sheets":[{"id":3,"name":"Summer"}]}]}"#;
/// let path: PathNode = serde_json::from_str(json)?;
/// assert_eq!(path.to_path(), "/Marketing/Tours/Summer");
/// assert_eq!(path.leaf().id, 3);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PathNode {
    /// The id, of a kind that depends on what it is.
    #[serde(deserialize_with = "connectors_core::wire::lenient::number")]
    pub id: i64,
    /// The name.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub name: String,
    /// Its page.
    pub permalink: Option<String>,
    /// What the caller may do with it.
    pub access_level: Option<AccessLevel>,
    /// When it was created. Only of the thing itself.
    #[serde(default, deserialize_with = "time::opt")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was changed last. Only of the thing itself.
    #[serde(default, deserialize_with = "time::opt")]
    pub modified_at: Option<DateTime<Utc>>,
    /// The next one, if it is a folder.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub folders: Vec<PathNode>,
    /// The next one, if it is a sheet.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub sheets: Vec<PathNode>,
    /// The next one, if it is a report.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub reports: Vec<PathNode>,
    /// The next one, if it is a dashboard.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub sights: Vec<PathNode>,
}

impl PathNode {
    /// What it holds on the way.
    pub fn next(&self) -> Option<&Self> {
        self.folders.iter().chain(&self.sheets).chain(&self.reports).chain(&self.sights).next()
    }

    /// All of them, from this one inwards.
    pub fn nodes(&self) -> impl Iterator<Item = &Self> {
        iter::successors(Some(self), |node| node.next())
    }

    /// The thing itself, which the way leads to.
    pub fn leaf(&self) -> &Self {
        self.nodes().last().unwrap_or(self)
    }

    /// The names on the way, as in `/Marketing/Tours/Summer`. Slashes within names stay as they are.
    pub fn to_path(&self) -> String {
        self.nodes().fold(String::new(), |path, node| path + "/" + &node.name)
    }
}
