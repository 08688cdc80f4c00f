//! Facts about events, and the figures behind the charts.

use std::collections::BTreeMap;

use connectors_core::{CampaignId, EventId, Result};
use rusqlite::{Connection, params};

use super::Store;

impl Store {
    /// What the last sync of an integration found out about the events of a campaign.
    pub(crate) async fn facts(
        &self,
        integration: &'static str,
        campaign: &CampaignId,
    ) -> Result<BTreeMap<String, BTreeMap<String, String>>> {
        let campaign = campaign.to_string();
        self.run(move |database| {
            let sql = "SELECT event, name, value FROM facts WHERE integration = ?1 AND campaign = ?2";
            let mut query = database.prepare_cached(sql)?;
            let mut rows = query.query(params![integration, campaign])?;
            let mut facts = BTreeMap::<String, BTreeMap<String, String>>::new();
            while let Some(row) = rows.next()? {
                facts.entry(row.get(0)?).or_default().insert(row.get(1)?, row.get(2)?);
            }
            Ok(facts)
        })
        .await
    }

    /// The sums of a chart over all that it is about, by day or hour.
    pub(crate) async fn series(&self, chart: &'static str) -> Result<Vec<(String, u64)>> {
        self.run(move |database| {
            let sql = "SELECT x, SUM(value) FROM series WHERE chart = ?1 GROUP BY x ORDER BY x";
            let mut query = database.prepare_cached(sql)?;
            query.query_map([chart], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?.collect()
        })
        .await
    }

    /// How many things a chart has figures about.
    pub(crate) async fn series_about(&self, chart: &'static str) -> Result<u64> {
        self.run(move |database| {
            let sql = "SELECT COUNT(DISTINCT about) FROM series WHERE chart = ?1 AND value > 0";
            database.prepare_cached(sql)?.query_row([chart], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs)
        })
        .await
    }

    /// Keeps the figures of a chart about one thing in place of those there were.
    pub(crate) async fn keep_series(
        &self,
        sync: i64,
        chart: &'static str,
        about: String,
        values: Vec<(String, u64)>,
    ) -> Result<()> {
        self.run(move |database| {
            let change = database.transaction()?;
            let sql = "DELETE FROM series WHERE chart = ?1 AND about = ?2";
            change.prepare_cached(sql)?.execute(params![chart, about])?;
            for (x, value) in values {
                let value = i64::try_from(value).unwrap_or(i64::MAX);
                let sql = "INSERT OR REPLACE INTO series (chart, about, x, value, sync) VALUES (?1, ?2, ?3, ?4, ?5)";
                change.prepare_cached(sql)?.execute(params![chart, about, x, value, sync])?;
            }
            change.commit()
        })
        .await
    }
}

/// Keeps what was found out about an event besides what is known; of the same name, the latter counts.
pub(super) fn keep_facts(
    database: &Connection,
    sync: i64,
    event: &EventId,
    facts: BTreeMap<String, String>,
) -> rusqlite::Result<()> {
    for (name, value) in facts {
        let sql = "INSERT OR REPLACE INTO facts (integration, campaign, event, name, value)
            SELECT integration, campaign_id, ?2, ?3, ?4 FROM syncs WHERE id = ?1";
        database.prepare_cached(sql)?.execute(params![sync, event.as_str(), name, value])?;
    }
    Ok(())
}

/// Forgets facts about events that are not in the campaign of this sync any more, and figures that syncs of its
/// integration before it have found.
pub(super) fn forget_what_is_gone(database: &Connection, sync: i64) -> rusqlite::Result<()> {
    database.execute(
        "DELETE FROM facts WHERE (integration, campaign) = (SELECT integration, campaign_id FROM syncs WHERE id = ?1)
         AND event NOT IN (SELECT event FROM items WHERE sync = ?1)",
        [sync],
    )?;
    database.execute(
        "DELETE FROM series WHERE sync < ?1
         AND chart IN (SELECT DISTINCT chart FROM series WHERE sync = ?1)",
        [sync],
    )?;
    Ok(())
}
