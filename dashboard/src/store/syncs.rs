//! Syncs and what became of their events.

use chrono::{DateTime, Utc};
use connectors_core::{Campaign, CampaignId, EventId, Result};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Store, log};
use crate::model::{Item, ItemState, Sync, SyncState};
use crate::provider::Provider;

/// How many syncs of an integration are kept.
const SYNCS: u32 = 500;

const COLUMNS: &str = "id, integration, campaign_id, campaign_name, state, started_at, ended_at, worked_ms, message,
    campaign IS NOT NULL AND id = (SELECT MAX(id) FROM syncs later WHERE later.integration = syncs.integration)";

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
            let sql = "INSERT INTO syncs (integration, campaign_id, campaign_name, campaign, state, started_at)
                VALUES (?1, ?2, ?3, ?4, 'running', ?5)";
            change.execute(sql, params![integration, campaign.id.as_str(), campaign.name, text, at])?;
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

    /// Syncs that a program before this one did not end have been interrupted. What it was about to send may have been
    /// sent, unless the integration only reads.
    pub(crate) async fn interrupt_syncs(&self, writes: Vec<&'static str>) -> Result<Vec<i64>> {
        self.run(move |database| {
            let change = database.transaction()?;
            let running: Vec<(i64, String)> = {
                let sql = "SELECT id, integration FROM syncs WHERE state IN ('running', 'cancelling') ORDER BY id";
                let mut query = change.prepare(sql)?;
                query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?
            };
            for (sync, integration) in &running {
                let (state, message) = if writes.contains(&integration.as_str()) {
                    ("unknown", Some("the program ended while this was under way; resuming the sync looks it up"))
                } else {
                    ("pending", None)
                };
                change.execute(
                    "UPDATE items SET state = ?2, message = ?3 WHERE sync = ?1 AND state = 'running'",
                    params![sync, state, message],
                )?;
                // When it ended is not known; the last that is known of it is that something was noted.
                change.execute(
                    "UPDATE syncs SET state = 'interrupted', message = 'the program ended before the sync did',
                     ended_at = COALESCE((SELECT MAX(at) FROM items WHERE sync = ?1), started_at) WHERE id = ?1",
                    [sync],
                )?;
            }
            change.commit()?;
            Ok(running.into_iter().map(|(sync, _)| sync).collect())
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

    /// Notes that nobody works on the events of a sync any more, whatever they were at.
    pub(crate) async fn close_items(&self, sync: i64, state: ItemState, at: DateTime<Utc>) -> Result<()> {
        self.run(move |database| {
            let sql = "UPDATE items SET state = ?2, at = ?3, message = 'it was given up half-way'
                WHERE sync = ?1 AND state = 'running'";
            database.execute(sql, params![sync, word(&state)?, at]).map(drop)
        })
        .await
    }

    /// Notes how a sync ended.
    pub(crate) async fn end_sync(
        &self,
        sync: i64,
        state: SyncState,
        message: Option<String>,
        at: DateTime<Utc>,
        worked_ms: u64,
    ) -> Result<()> {
        self.run(move |database| {
            let worked = i64::try_from(worked_ms).unwrap_or(i64::MAX);
            let sql = "UPDATE syncs SET state = ?2, message = ?3, ended_at = ?4, worked_ms = worked_ms + ?5,
                campaign = CASE WHEN ?2 = 'succeeded' THEN NULL ELSE campaign END WHERE id = ?1";
            database.execute(sql, params![sync, word(&state)?, message, at, worked]).map(drop)
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
        self.run(move |database| {
            let sql = format!("SELECT {COLUMNS} FROM syncs WHERE id = ?1");
            let head = database.prepare_cached(&sql)?.query_row([sync], head).optional()?;
            head.flatten().map(|sync| counted(database, sync)).transpose()
        })
        .await
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
            heads.into_iter().flatten().map(|sync| counted(database, sync)).collect()
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

    /// Notes what became of events.
    pub(crate) async fn settle_items(&self, sync: i64, items: Vec<Item>) -> Result<()> {
        self.run(move |database| {
            let change = database.transaction()?;
            for Item { event, state, remote_id, message, hint, at, .. } in items {
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

/// A sync without its counts; none if its integration is not known any more.
fn head(row: &Row<'_>) -> rusqlite::Result<Option<Sync>> {
    let Some(provider) = Provider::of(&row.get::<_, String>(1)?) else { return Ok(None) };
    let state: SyncState = worded(row, 4)?;
    let going_on = matches!(state, SyncState::Running | SyncState::Cancelling);
    Ok(Some(Sync {
        id: row.get(0)?,
        integration: provider.id,
        campaign: CampaignId::new(row.get::<_, String>(2)?).map_err(|error| unreadable(2, error))?,
        campaign_name: row.get(3)?,
        state,
        started_at: row.get(5)?,
        ended_at: row.get(6)?,
        worked_ms: row.get::<_, i64>(7)?.unsigned_abs(),
        total: 0,
        created: 0,
        updated: 0,
        unchanged: 0,
        failed: 0,
        unknown: 0,
        pending: 0,
        message: row.get(8)?,
        resumable: row.get::<_, bool>(9)? && !going_on,
    }))
}

fn counted(database: &Connection, mut sync: Sync) -> rusqlite::Result<Sync> {
    let mut query = database.prepare_cached("SELECT state, COUNT(*) FROM items WHERE sync = ?1 GROUP BY state")?;
    let mut rows = query.query([sync.id])?;
    while let Some(row) = rows.next()? {
        let events = row.get::<_, i64>(1)?.unsigned_abs();
        sync.total += events;
        *match worded::<ItemState>(row, 0)? {
            ItemState::Created => &mut sync.created,
            ItemState::Updated => &mut sync.updated,
            ItemState::Unchanged => &mut sync.unchanged,
            ItemState::Failed => &mut sync.failed,
            ItemState::Unknown => &mut sync.unknown,
            ItemState::Pending | ItemState::Running => &mut sync.pending,
        } += events;
    }
    Ok(sync)
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
