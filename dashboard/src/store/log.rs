//! What happened, and what went wrong.

use connectors_core::{Error, ErrorKind, Result};
use rusqlite::params;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Store;

/// How many activities are kept, and how many failures of each integration.
const ACTIVITIES: i64 = 10_000;
const FAILURES: i64 = 1_000;

/// So many are forgotten at a time.
const FORGET_EVERY: i64 = 100;

impl Store {
    /// Keeps an activity, and tells its number to `told`, before anything else is kept.
    pub(crate) async fn keep_activity(
        &self,
        integration: Option<&'static str>,
        activity: String,
        told: impl FnOnce(i64) + Send + 'static,
    ) -> Result<()> {
        self.run(move |database| {
            let change = database.transaction()?;
            change
                .prepare_cached("INSERT INTO activity (integration, activity) VALUES (?1, ?2)")?
                .execute(params![integration, activity])?;
            let id = change.last_insert_rowid();
            if id % FORGET_EVERY == 0 {
                change.execute("DELETE FROM activity WHERE id <= ?1", [id - ACTIVITIES])?;
            }
            change.commit()?;
            told(id);
            Ok(())
        })
        .await
    }

    /// Up to `limit` activities, the newest first, of those before `before` and after `after`.
    pub(crate) async fn activities(
        &self,
        integration: Option<&'static str>,
        before: Option<i64>,
        after: Option<i64>,
        limit: u32,
    ) -> Result<Vec<(i64, Option<String>, String)>> {
        self.run(move |database| {
            let sql = "SELECT id, integration, activity FROM activity
                WHERE (?1 IS NULL OR integration = ?1) AND id < ?2 AND id > ?3 ORDER BY id DESC LIMIT ?4";
            let mut query = database.prepare_cached(sql)?;
            let (before, after) = (before.unwrap_or(i64::MAX), after.unwrap_or(i64::MIN));
            query
                .query_map(params![integration, before, after, limit], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?
                .collect()
        })
        .await
    }

    /// Keeps a failure.
    pub(crate) async fn keep_failure(&self, integration: &'static str, failure: String) -> Result<()> {
        self.run(move |database| {
            let change = database.transaction()?;
            change
                .prepare_cached("INSERT INTO failures (integration, failure) VALUES (?1, ?2)")?
                .execute(params![integration, failure])?;
            let id = change.last_insert_rowid();
            if id % FORGET_EVERY == 0 {
                let sql = "DELETE FROM failures WHERE id IN (SELECT id FROM (
                    SELECT id, ROW_NUMBER() OVER (PARTITION BY integration ORDER BY id DESC) AS place FROM failures)
                    WHERE place > ?1)";
                change.execute(sql, [FAILURES])?;
            }
            change.commit()
        })
        .await
    }

    /// Up to `limit` failures of an integration, the newest first, of those before `before`.
    pub(crate) async fn failures(
        &self,
        integration: &'static str,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<(i64, String)>> {
        self.run(move |database| {
            let sql = "SELECT id, failure FROM failures WHERE integration = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3";
            let mut query = database.prepare_cached(sql)?;
            query
                .query_map(params![integration, before.unwrap_or(i64::MAX), limit], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?
                .collect()
        })
        .await
    }
}

pub(crate) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::new(ErrorKind::Storage, format!("cannot be kept: {error}")))
}

pub(crate) fn parsed<T: DeserializeOwned>(value: &str) -> Result<T> {
    serde_json::from_str(value).map_err(|error| Error::new(ErrorKind::Storage, format!("cannot be read: {error}")))
}
