//! What is known, read.

use connectors_core::Result;

use super::{Inner, IntegrationHub, PAGE};
use crate::desk::{Desk, Health};
use crate::model::{Activity, Card, Charts, DayValue, Failure};
use crate::provider::Provider;
use crate::run::Chart;

/// So many errors stand on a card.
const CARD_ERRORS: u32 = 10;

/// So many syncs stand in the chart.
const CHART_SYNCS: u32 = 30;

impl IntegrationHub {
    /// The cards of all integrations, in the order to show them.
    pub async fn cards(&self) -> Result<Vec<Card>> {
        let mut cards = Vec::new();
        for desk in &self.0.desks {
            cards.push(self.0.card(desk).await?);
        }
        Ok(cards)
    }

    /// The card of one integration.
    pub async fn card(&self, integration: &str) -> Result<Card> {
        self.0.card(self.0.desk(integration)?).await
    }

    /// Errors of an integration, the newest first: before that number, 200 at the most.
    pub async fn failures(&self, integration: &str, before: Option<i64>, limit: u32) -> Result<Vec<Failure>> {
        let desk = self.0.desk(integration)?;
        self.0.failures(desk.provider, before, limit.min(PAGE)).await
    }

    /// What happened, the newest first: before and after those numbers, 200 at the most.
    pub async fn activity(
        &self,
        integration: Option<&str>,
        before: Option<i64>,
        after: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Activity>> {
        let integration = integration.map(|id| self.0.desk(id)).transpose()?.map(|desk| desk.provider.id);
        let kept = self.0.store.activities(integration, before, after, limit.min(PAGE)).await?;
        Ok(kept.into_iter().filter_map(|(id, of, text)| Activity::parsed(id, of.as_deref(), &text).ok()).collect())
    }

    /// The figures behind the charts.
    pub async fn charts(&self) -> Result<Charts> {
        let store = &self.0.store;
        let days = |values: Vec<(String, u64)>| {
            let day = |(x, value): (String, u64)| Some(DayValue::new(x.parse().ok()?, value));
            values.into_iter().filter_map(day).collect()
        };
        let hours = store.series(Chart::FootfallByHour.name()).await?;
        let mut footfall_by_hour = vec![0; if hours.is_empty() { 0 } else { 24 }];
        for (hour, visits) in hours {
            if let Some(sum) = hour.parse().ok().and_then(|hour: usize| footfall_by_hour.get_mut(hour)) {
                *sum = visits;
            }
        }
        let mut syncs = store.syncs(None, None, true, CHART_SYNCS).await?;
        syncs.reverse();
        Ok(Charts {
            footfall_by_day: days(store.series(Chart::FootfallByDay.name()).await?),
            footfall_by_hour,
            scans_by_day: days(store.series(Chart::ScansByDay.name()).await?),
            syncs,
        })
    }
}

impl Inner {
    pub(super) async fn card(&self, desk: &Desk) -> Result<Card> {
        let provider = desk.provider;
        let running = desk.state().running.as_ref().and_then(|running| running.sync);
        let running = match running {
            // It may have ended since, and is told by whoever ended it.
            Some(sync) => self.store.sync(sync).await?.filter(|sync| sync.ended_at.is_none()),
            None => None,
        };
        let last_sync = self.store.syncs(Some(provider.id), None, true, 1).await?.pop();
        let errors = self.failures(provider, None, CARD_ERRORS).await?;
        let state = desk.state();
        let Health { status, reason, hint } = state.judged(last_sync.as_ref());
        let mut quotas = desk.meter.quotas();
        quotas.extend(state.long_quotas.iter().cloned());
        Ok(Card {
            id: provider.id,
            name: provider.name,
            status,
            reason,
            hint,
            source: state.source,
            contract: state.contract,
            identity: state.standing.identity.clone(),
            tested_at: state.standing.tested_at,
            counts: state.standing.counts.clone(),
            counted_at: state.standing.counted_at,
            running,
            last_sync,
            errors,
            traffic: desk.meter.traffic(),
            quotas,
        })
    }

    async fn failures(&self, provider: &'static Provider, before: Option<i64>, limit: u32) -> Result<Vec<Failure>> {
        let kept = self.store.failures(provider.id, before, limit).await?;
        // What another version wrote, and this one cannot read, is no reason to show nothing.
        Ok(kept.into_iter().filter_map(|(id, text)| Failure::parsed(id, provider, &text).ok()).collect())
    }
}
