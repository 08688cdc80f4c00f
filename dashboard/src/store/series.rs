//! Facts about events, and the figures behind the charts.

use std::collections::BTreeMap;

use connectors_core::{CampaignId, EventId, Result};
use rusqlite::params;

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

    /// Keeps what was found out about an event in place of what was known.
    pub(crate) async fn keep_facts(
        &self,
        integration: &'static str,
        campaign: &CampaignId,
        event: &EventId,
        facts: BTreeMap<String, String>,
    ) -> Result<()> {
        let (campaign, event) = (campaign.to_string(), event.to_string());
        self.run(move |database| {
            let change = database.transaction()?;
            let sql = "DELETE FROM facts WHERE integration = ?1 AND campaign = ?2 AND event = ?3";
            change.execute(sql, params![integration, campaign, event])?;
            for (name, value) in facts {
                let sql = "INSERT INTO facts (integration, campaign, event, name, value) VALUES (?1, ?2, ?3, ?4, ?5)";
                change.execute(sql, params![integration, campaign, event, name, value])?;
            }
            change.commit()
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

    /// How many things a chart is about.
    pub(crate) async fn series_about(&self, chart: &'static str) -> Result<u64> {
        self.run(move |database| {
            let sql = "SELECT COUNT(DISTINCT about) FROM series WHERE chart = ?1";
            database.prepare_cached(sql)?.query_row([chart], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs)
        })
        .await
    }

    /// Keeps the figures of a chart about one thing in place of those there were.
    pub(crate) async fn keep_series(
        &self,
        chart: &'static str,
        about: String,
        values: Vec<(String, u64)>,
    ) -> Result<()> {
        self.run(move |database| {
            let change = database.transaction()?;
            change.execute("DELETE FROM series WHERE chart = ?1 AND about = ?2", params![chart, about])?;
            for (x, value) in values {
                let value = i64::try_from(value).unwrap_or(i64::MAX);
                let sql = "INSERT OR REPLACE INTO series (chart, about, x, value) VALUES (?1, ?2, ?3, ?4)";
                change.execute(sql, params![chart, about, x, value])?;
            }
            change.commit()
        })
        .await
    }
}
