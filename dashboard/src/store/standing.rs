//! How things stand, as JSON by name.

use connectors_core::Result;
use rusqlite::{OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Store;

impl Store {
    /// What is kept under this name; what cannot be read any more counts as nothing.
    pub(crate) async fn standing<T: DeserializeOwned + Send + 'static>(&self, name: String) -> Result<Option<T>> {
        self.run(move |database| {
            let sql = "SELECT value FROM standing WHERE name = ?1";
            let found = database.prepare_cached(sql)?.query_row([name], |row| row.get::<_, String>(0)).optional()?;
            Ok(found.and_then(|value| serde_json::from_str(&value).ok()))
        })
        .await
    }

    /// Keeps this under this name.
    pub(crate) async fn keep_standing(&self, name: String, value: &impl Serialize) -> Result<()> {
        let value = super::log::json(value)?;
        self.run(move |database| {
            let sql = "INSERT OR REPLACE INTO standing (name, value) VALUES (?1, ?2)";
            database.prepare_cached(sql)?.execute(params![name, value]).map(drop)
        })
        .await
    }

    /// The same, without waiting for it, but before anything that is asked for later. For whoever cannot wait.
    #[cfg(feature = "sample")]
    pub(crate) fn keep_standing_soon(&self, name: String, value: &impl Serialize) {
        let Ok(value) = super::log::json(value) else { return };
        self.run_soon(move |database| {
            let sql = "INSERT OR REPLACE INTO standing (name, value) VALUES (?1, ?2)";
            drop(database.prepare_cached(sql).and_then(|mut insert| insert.execute(params![name, value])));
        });
    }
}
