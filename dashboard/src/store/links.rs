//! Links in the database.

use async_trait::async_trait;
use connectors_core::{Link, LinkKey, LinkStore, Result};
use rusqlite::{Connection, OptionalExtension, params};

use super::Store;

/// Keeps links next to the rest of what the dashboard keeps. They are on the disk when a call returns, also if the
/// power fails then.
#[derive(Debug, Clone)]
pub struct SqliteLinkStore {
    store: Store,
    /// What stands before the name of the provider: links of fakes are kept apart.
    world: &'static str,
}

impl SqliteLinkStore {
    /// Links in this database.
    pub fn new(store: Store) -> Self {
        Self { store, world: "" }
    }

    /// Those of the sample data: what a fake has made is none of what the provider has.
    pub(crate) fn of_the_sample(self) -> Self {
        Self { world: "sample/", ..self }
    }

    fn of(&self, provider: &str) -> String {
        format!("{}{provider}", self.world)
    }

    fn kept(&self, key: &LinkKey) -> LinkKey {
        LinkKey::new(self.of(&key.provider), &key.kind, &key.scope, &key.id)
    }
}

#[async_trait]
impl LinkStore for SqliteLinkStore {
    async fn get(&self, key: &LinkKey) -> Result<Option<Link>> {
        let key = self.kept(key);
        self.store
            .run(move |database| {
                let sql = "SELECT link FROM links WHERE provider = ?1 AND kind = ?2 AND scope = ?3 AND id = ?4";
                let found = database
                    .prepare_cached(sql)?
                    .query_row(params![key.provider, key.kind, key.scope, key.id], |row| row.get::<_, String>(0))
                    .optional()?;
                found.map(|link| parsed(&link)).transpose()
            })
            .await
    }

    async fn put(&self, key: &LinkKey, link: Link) -> Result<()> {
        let key = self.kept(key);
        self.store
            .run(move |database| {
                let link =
                    serde_json::to_string(&link).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
                let sql = "INSERT OR REPLACE INTO links (provider, kind, scope, id, link) VALUES (?1, ?2, ?3, ?4, ?5)";
                durably(database, |database| {
                    database.prepare_cached(sql)?.execute(params![key.provider, key.kind, key.scope, key.id, link])
                })
            })
            .await
    }

    async fn remove(&self, key: &LinkKey) -> Result<()> {
        let key = self.kept(key);
        self.store
            .run(move |database| {
                let sql = "DELETE FROM links WHERE provider = ?1 AND kind = ?2 AND scope = ?3 AND id = ?4";
                durably(database, |database| {
                    database.prepare_cached(sql)?.execute(params![key.provider, key.kind, key.scope, key.id])
                })
            })
            .await
    }

    async fn list(&self, provider: &str, kind: &str, scope: &str) -> Result<Vec<(LinkKey, Link)>> {
        let (kept, provider, kind, scope) = (self.of(provider), provider.to_owned(), kind.to_owned(), scope.to_owned());
        self.store
            .run(move |database| {
                let sql = "SELECT id, link FROM links WHERE provider = ?1 AND kind = ?2 AND scope = ?3 ORDER BY id";
                let mut query = database.prepare_cached(sql)?;
                let mut rows = query.query(params![kept, kind, scope])?;
                let mut links = Vec::new();
                while let Some(row) = rows.next()? {
                    let key = LinkKey::new(&provider, &kind, &scope, row.get::<_, String>(0)?);
                    links.push((key, parsed(&row.get::<_, String>(1)?)?));
                }
                Ok(links)
            })
            .await
    }
}

fn parsed(link: &str) -> rusqlite::Result<Link> {
    serde_json::from_str(link)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into()))
}

/// The create is sent on the word that its intent is kept.
fn durably(
    database: &mut Connection,
    change: impl FnOnce(&mut Connection) -> rusqlite::Result<usize>,
) -> rusqlite::Result<()> {
    database.execute_batch("PRAGMA synchronous = FULL")?;
    let changed = change(database).map(drop);
    database.execute_batch("PRAGMA synchronous = NORMAL")?;
    changed
}
