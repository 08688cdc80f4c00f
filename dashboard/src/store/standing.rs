//! How things stand, as JSON by name.

use connectors_core::Result;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Store;

impl Store {
    /// What is kept under this name; what cannot be read any more counts as nothing.
    pub(crate) async fn standing<T: DeserializeOwned + Send + 'static>(&self, name: String) -> Result<Option<T>> {
        self.run(move |database| read(database, &name)).await
    }

    /// Whether what is known of an integration is of the sample data.
    pub(crate) async fn of_the_sample(&self, integration: &'static str) -> Result<bool> {
        Ok(self.standing(world(integration)).await?.unwrap_or_default())
    }

    /// Notes whether an integration works on sample data now, and tells whether that is new. Then what its syncs found
    /// out is forgotten, and none of them is resumed: fakes know nothing of the provider, nor the other way about.
    pub(crate) async fn keep_world(&self, integration: &'static str, sample: bool) -> Result<bool> {
        self.run(move |database| {
            let change = database.transaction()?;
            let before = read::<bool>(&change, &world(integration))?;
            let is_new = before.is_some_and(|before| before != sample);
            if is_new {
                change.execute("DELETE FROM facts WHERE integration = ?1", [integration])?;
                let sql = "DELETE FROM series WHERE sync IN (SELECT id FROM syncs WHERE integration = ?1)";
                change.execute(sql, [integration])?;
                change.execute("UPDATE syncs SET campaign = NULL WHERE integration = ?1", [integration])?;
            }
            let sql = "INSERT OR REPLACE INTO standing (name, value) VALUES (?1, ?2)";
            change.execute(sql, params![world(integration), sample.to_string()])?;
            change.commit()?;
            Ok(is_new)
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

    /// Keeps what `value` gives then, without waiting for it, but before anything that is asked for later. For whoever
    /// cannot wait.
    #[cfg(feature = "sample")]
    pub(crate) fn keep_standing_soon<T: Serialize>(
        &self,
        name: String,
        value: impl FnOnce() -> Result<T> + Send + 'static,
    ) {
        self.run_soon(name.clone(), move |database| {
            let Ok(value) = value().and_then(|value| super::log::json(&value)) else { return };
            let sql = "INSERT OR REPLACE INTO standing (name, value) VALUES (?1, ?2)";
            drop(database.prepare_cached(sql).and_then(|mut insert| insert.execute(params![name, value])));
        });
    }
}

fn world(integration: &str) -> String {
    format!("of the sample/{integration}")
}

fn read<T: DeserializeOwned>(database: &Connection, name: &str) -> rusqlite::Result<Option<T>> {
    let sql = "SELECT value FROM standing WHERE name = ?1";
    let found = database.prepare_cached(sql)?.query_row([name], |row| row.get::<_, String>(0)).optional()?;
    Ok(found.and_then(|value| serde_json::from_str(&value).ok()))
}
