//! Syncs and what became of their events.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use connectors_core::{Campaign, CampaignId, EventId, Result};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Store, log};
use crate::model::{Item, Sync, SyncState};
use crate::provider::Provider;

/// How many syncs of an integration are kept, and of how many of them what became of each event.
const SYNCS: u32 = 500;
const SYNCS_WITH_ITEMS: u32 = 20;

const COLUMNS: &str = "id, integration, campaign_id, campaign_name, state, started_at, ended_at, worked_ms, message,
    campaign IS NOT NULL AND id = (SELECT MAX(id) FROM syncs later WHERE later.integration = syncs.integration),
    total, created, updated, unchanged, failed, unknown";

/// What a sync begins with.
#[derive(Debug)]
pub(crate) struct NewSync {
    pub(crate) integration: &'static str,
    pub(crate) campaign: Campaign,
    pub(crate) at: DateTime<Utc>,
}

impl Store {
    /// Begins a sync of all events of the campaign.
    pub(crate) async fn begin_sync(&self, new: NewSync) -> Result<i64> {
        let NewSync { integration, campaign, at } = new;
        let text = log::json(&campaign)?;
        self.run(move |database| {
            let change = database.transaction()?;
            let sql = "INSERT INTO syncs (integration, campaign_id, campaign_name, campaign, state, started_at, total)
                VALUES (?1, ?2, ?3, ?4, 'running', ?5, ?6)";
            let total = i64::try_from(campaign.events.len()).unwrap_or(i64::MAX);
            change.execute(sql, params![integration, campaign.id.as_str(), campaign.name, text, at, total])?;
            let id = change.last_insert_rowid();
            {
                let sql = "INSERT INTO items (sync, position, event, name) VALUES (?1, ?2, ?3, ?4)";
                let mut insert = change.prepare_cached(sql)?;
                for (position, event) in (0_i64..).zip(&campaign.events) {
                    insert.execute(params![id, position, event.id.as_str(), event.name])?;
                }
            }
            // Only the last one can be resumed.
            change.execute(
                "UPDATE syncs SET campaign = NULL WHERE integration = ?1 AND id < ?2",
                params![integration, id],
            )?;
            let sql = "DELETE FROM syncs WHERE integration = ?1 AND id <= (
                SELECT id FROM syncs WHERE integration = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)";
            change.execute(sql, params![integration, SYNCS])?;
            let sql = "DELETE FROM items WHERE sync IN (
                SELECT id FROM syncs WHERE integration = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)";
            change.execute(sql, params![integration, SYNCS_WITH_ITEMS])?;
            change.commit()?;
            Ok(id)
        })
        .await
    }

    /// Lets a sync that has ended go on: the events that are not as they should be wait for their turn again.
    pub(crate) async fn resume_sync(&self, sync: i64) -> Result<()> {
        self.run(move |database| {
            let change = database.transaction()?;
            change.execute(
                "UPDATE items SET state = 'pending', message = NULL, hint = NULL, at = NULL
                 WHERE sync = ?1 AND state IN ('failed', 'unknown', 'running')",
                [sync],
            )?;
            change
                .execute("UPDATE syncs SET state = 'running', ended_at = NULL, message = NULL WHERE id = ?1", [sync])?;
            change.commit()
        })
        .await
    }

    /// Syncs of this integration that nobody has ended, although nobody works on them any more, have been interrupted.
    pub(crate) async fn interrupt_syncs(&self, provider: &'static Provider) -> Result<Vec<i64>> {
        self.run(move |database| {
            let change = database.transaction()?;
            let running: Vec<i64> = {
                let sql = "SELECT id FROM syncs WHERE integration = ?1 AND state IN ('running', 'cancelling')";
                let mut query = change.prepare_cached(sql)?;
                query.query_map([provider.id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?
            };
            for sync in &running {
                give_up(&change, provider, *sync, "its sync was interrupted")?;
                // When it ended is not known; the last that is known of it is that something was noted.
                change.execute(
                    "UPDATE syncs SET state = 'interrupted', message = 'it was interrupted before its end',
                     ended_at = COALESCE((SELECT MAX(at) FROM items WHERE sync = ?1), started_at) WHERE id = ?1",
                    [sync],
                )?;
            }
            change.commit()?;
            Ok(running)
        })
        .await
    }

    /// Notes that a sync was told to stop.
    pub(crate) async fn cancel_sync(&self, sync: i64) -> Result<()> {
        self.run(move |database| {
            let sql = "UPDATE syncs SET state = 'cancelling' WHERE id = ?1 AND state = 'running'";
            database.execute(sql, [sync]).map(drop)
        })
        .await
    }

    /// Notes that nobody works on a sync any more, and tells how it stands then.
    pub(crate) async fn close_sync(&self, provider: &'static Provider, sync: i64) -> Result<Option<Sync>> {
        self.run(move |database| give_up(database, provider, sync, "it was given up half-way")).await?;
        self.sync(sync).await
    }

    /// Notes how a sync ended. One that looked at every event has found out all there is: what was found out by those
    /// before it, about what is gone by now, is forgotten. `held` is let go of before anybody can see the end. Tells how
    /// the sync stands then: somebody else may have resumed it when this returns.
    pub(crate) async fn end_sync(
        &self,
        sync: i64,
        state: SyncState,
        message: Option<String>,
        at: DateTime<Utc>,
        worked_ms: u64,
        held: impl Send + 'static,
    ) -> Result<Option<Sync>> {
        self.run(move |database| {
            let change = database.transaction()?;
            let worked = i64::try_from(worked_ms).unwrap_or(i64::MAX);
            let sql = "UPDATE syncs SET state = ?2, message = ?3, ended_at = ?4, worked_ms = worked_ms + ?5,
                campaign = CASE WHEN ?2 = 'succeeded' THEN NULL ELSE campaign END WHERE id = ?1";
            change.execute(sql, params![sync, word(&state)?, message, at, worked])?;
            if matches!(state, SyncState::Succeeded | SyncState::Partial) {
                super::series::forget_what_is_gone(&change, sync)?;
            }
            let ended = read(&change, sync)?;
            change.commit()?;
            drop(held);
            Ok(ended)
        })
        .await
    }

    /// The campaign of a sync that can be resumed.
    pub(crate) async fn campaign_of(&self, sync: i64) -> Result<Option<Campaign>> {
        let text = self
            .run(move |database| {
                let sql = "SELECT campaign FROM syncs WHERE id = ?1";
                database.query_row(sql, [sync], |row| row.get::<_, Option<String>>(0)).optional()
            })
            .await?;
        text.flatten().map(|text| log::parsed(&text)).transpose()
    }

    /// A sync, by its number.
    pub(crate) async fn sync(&self, sync: i64) -> Result<Option<Sync>> {
        self.run(move |database| read(database, sync)).await
    }

    /// Up to `limit` syncs, the newest first, of those before `before`: of one integration, or of all; those that have
    /// ended, or all.
    pub(crate) async fn syncs(
        &self,
        integration: Option<&'static str>,
        before: Option<i64>,
        ended: bool,
        limit: u32,
    ) -> Result<Vec<Sync>> {
        self.run(move |database| {
            let sql = format!(
                "SELECT {COLUMNS} FROM syncs WHERE (?1 IS NULL OR integration = ?1) AND id < ?2
                 AND (NOT ?3 OR ended_at IS NOT NULL) ORDER BY id DESC LIMIT ?4"
            );
            let heads: Vec<Option<Sync>> = database
                .prepare_cached(&sql)?
                .query_map(params![integration, before.unwrap_or(i64::MAX), ended, limit], head)?
                .collect::<rusqlite::Result<_>>()?;
            Ok(heads.into_iter().flatten().collect())
        })
        .await
    }

    /// What became of the events of a sync, in the order of the campaign.
    pub(crate) async fn items(&self, sync: i64) -> Result<Vec<Item>> {
        self.run(move |database| {
            let sql =
                "SELECT event, name, state, remote_id, message, hint, at FROM items WHERE sync = ?1 ORDER BY position";
            let mut query = database.prepare_cached(sql)?;
            query
                .query_map([sync], |row| {
                    Ok(Item {
                        event: EventId::new(row.get::<_, String>(0)?).map_err(|error| unreadable(0, error))?,
                        name: row.get(1)?,
                        state: worded(row, 2)?,
                        remote_id: row.get(3)?,
                        message: row.get(4)?,
                        hint: row.get(5)?,
                        at: row.get(6)?,
                    })
                })?
                .collect()
        })
        .await
    }

    /// Notes that the turn of these events has come, before anything about them is sent.
    pub(crate) async fn begin_items(&self, sync: i64, events: Vec<EventId>, at: DateTime<Utc>) -> Result<()> {
        self.run(move |database| {
            let change = database.transaction()?;
            for event in events {
                let sql = "UPDATE items SET state = 'running', at = ?3 WHERE sync = ?1 AND event = ?2";
                change.prepare_cached(sql)?.execute(params![sync, event.as_str(), at])?;
            }
            change.commit()
        })
        .await
    }

    /// Notes what became of events, and what was found out about them.
    pub(crate) async fn settle_items(&self, sync: i64, items: Vec<(Item, BTreeMap<String, String>)>) -> Result<()> {
        self.run(move |database| {
            let change = database.transaction()?;
            for (Item { event, state, remote_id, message, hint, at, .. }, facts) in items {
                super::series::keep_facts(&change, sync, &event, facts)?;
                let sql = "UPDATE items SET state = ?3, remote_id = COALESCE(?4, remote_id), message = ?5, hint = ?6,
                    at = ?7 WHERE sync = ?1 AND event = ?2";
                let row = params![sync, event.as_str(), word(&state)?, remote_id, message, hint, at];
                change.prepare_cached(sql)?.execute(row)?;
            }
            change.commit()
        })
        .await
    }
}

/// Nobody works on the events of a sync any more. What was begun may have been sent, unless the integration only reads.
fn give_up(database: &Connection, provider: &Provider, sync: i64, why: &str) -> rusqlite::Result<()> {
    let (state, message, hint) = if provider.writes {
        ("unknown", Some(format!("{why} while this was under way")), Some("resume it: that looks for what was made"))
    } else {
        ("pending", None, None)
    };
    let sql = "UPDATE items SET state = ?2, message = ?3, hint = ?4 WHERE sync = ?1 AND state = 'running'";
    database.execute(sql, params![sync, state, message, hint]).map(drop)
}

fn read(database: &Connection, sync: i64) -> rusqlite::Result<Option<Sync>> {
    let sql = format!("SELECT {COLUMNS} FROM syncs WHERE id = ?1");
    Ok(database.prepare_cached(&sql)?.query_row([sync], head).optional()?.flatten())
}

/// A sync; none if its integration is not known any more.
fn head(row: &Row<'_>) -> rusqlite::Result<Option<Sync>> {
    let Some(provider) = Provider::of(&row.get::<_, String>(1)?) else { return Ok(None) };
    let state: SyncState = worded(row, 4)?;
    let going_on = matches!(state, SyncState::Running | SyncState::Cancelling);
    let count = |column| Ok::<_, rusqlite::Error>(row.get::<_, i64>(column)?.unsigned_abs());
    let (total, created, updated) = (count(10)?, count(11)?, count(12)?);
    let (unchanged, failed, unknown) = (count(13)?, count(14)?, count(15)?);
    Ok(Some(Sync {
        id: row.get(0)?,
        integration: provider.id,
        campaign: CampaignId::new(row.get::<_, String>(2)?).map_err(|error| unreadable(2, error))?,
        campaign_name: row.get(3)?,
        state,
        started_at: row.get(5)?,
        ended_at: row.get(6)?,
        worked_ms: count(7)?,
        total,
        created,
        updated,
        unchanged,
        failed,
        unknown,
        pending: total.saturating_sub(created + updated + unchanged + failed + unknown),
        message: row.get(8)?,
        resumable: row.get::<_, bool>(9)? && !going_on,
    }))
}

/// The word that stands for a state, in the database as in JSON.
fn word(state: &impl Serialize) -> rusqlite::Result<String> {
    match serde_json::to_value(state) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        other => Err(rusqlite::Error::ToSqlConversionFailure(format!("{other:?} is no word").into())),
    }
}

fn worded<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    serde_json::from_value(serde_json::Value::String(row.get(column)?)).map_err(|error| unreadable(column, error))
}

fn unreadable(column: usize, error: impl std::error::Error + Send + std::marker::Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}
