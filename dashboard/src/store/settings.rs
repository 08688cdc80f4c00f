//! Settings, sealed.

use std::collections::BTreeMap;

use connectors_core::Result;
use rusqlite::params;

use super::Store;

impl Store {
    /// What is kept of the settings of an integration, sealed.
    pub(crate) async fn settings(&self, integration: &'static str) -> Result<BTreeMap<String, Vec<u8>>> {
        self.run(move |database| {
            let mut query = database.prepare_cached("SELECT name, value FROM settings WHERE integration = ?1")?;
            query.query_map([integration], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        })
        .await
    }

    /// Keeps these settings of an integration in place of all that it had.
    pub(crate) async fn keep_settings(&self, integration: &'static str, all: BTreeMap<String, Vec<u8>>) -> Result<()> {
        self.run(move |database| {
            let change = database.transaction()?;
            change.execute("DELETE FROM settings WHERE integration = ?1", [integration])?;
            for (name, value) in all {
                let sql = "INSERT INTO settings (integration, name, value) VALUES (?1, ?2, ?3)";
                change.execute(sql, params![integration, name, value])?;
            }
            change.commit()
        })
        .await
    }
}
