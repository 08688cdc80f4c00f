//! Placer.ai: what footfall the venues have. It is only read.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{Datelike, Utc};
use connectors_core::{CampaignEvent, ConnectionReport, DateRange, Error, ErrorKind, Result};
use connectors_placer::{
    Footfall, FootfallRequest, MovementRequest, PlacerBuilder, PlacerClient, PlacerService, VenueId, hour_label,
    latest_complete_day,
};

use crate::model::{Choice, Count, Quota};
use crate::provider::{Field, FieldKind, Integration, Parts, Provider};
use crate::run::{Change, Chart, Done, Run};

/// Placer.ai, as the dashboard knows it.
pub static PLACER: Provider = Provider {
    id: "placer",
    name: "Placer.ai",
    contracts: &[
        Choice { value: "native", label: "Placer.ai's own API" },
        Choice { value: "gateway", label: "an integration gateway" },
    ],
    contract_var: Some("PLACER_API_CONTRACT"),
    fields: &[
        Field {
            name: "PLACER_API_KEY",
            label: "API key",
            help: "from your account manager at Placer.ai, or of the gateway",
            kind: FieldKind::Key,
            required: true,
            contract: None,
            default: None,
        },
        Field {
            name: "PLACER_API_URL",
            label: "Base URL",
            help: "where the API or the gateway is",
            kind: FieldKind::Address,
            required: false,
            contract: None,
            default: Some("https://papi.placer.ai"),
        },
    ],
    writes: false,
    connect: |Parts { vars, observer, .. }| {
        let builder = PlacerBuilder::from_vars(|name| vars.get(name))?;
        let client = builder.observer(Arc::clone(observer)).build()?;
        Ok(Arc::new(PlacerIntegration::new(Arc::new(client.clone())).quota_of(client)))
    },
};

/// How many venues are asked about at a time.
const AT_A_TIME: usize = 4;

/// How far back footfall is looked at.
const DAYS: u32 = 28;

/// A Placer.ai service at work for the dashboard.
#[derive(Clone)]
pub struct PlacerIntegration {
    service: Arc<dyn PlacerService>,
    quota_of: Option<PlacerClient>,
}

impl PlacerIntegration {
    /// This service.
    pub fn new(service: Arc<dyn PlacerService>) -> Self {
        Self { service, quota_of: None }
    }

    /// Tells how much of the week's calls and places is used, too, by what this client [knows](PlacerClient::quota).
    pub fn quota_of(mut self, client: PlacerClient) -> Self {
        self.quota_of = Some(client);
        self
    }
}

impl fmt::Debug for PlacerIntegration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlacerIntegration")
    }
}

#[async_trait]
impl Integration for PlacerIntegration {
    fn provider(&self) -> &'static Provider {
        &PLACER
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        self.service.test_connection().await
    }

    /// How many venues have data is seen in what the syncs have kept.
    async fn counts(&self) -> Result<Vec<Count>> {
        Ok(Vec::new())
    }

    async fn quotas(&self) -> Result<Vec<Quota>> {
        let quota = match &self.quota_of {
            Some(client) => client.quota().await,
            None => return Ok(Vec::new()),
        };
        let quota = match quota {
            // The gateway contract knows of none.
            Err(error) if error.kind() == ErrorKind::Unsupported => return Ok(Vec::new()),
            quota => quota?,
        };
        let of_the_week = |label: &str, used: u64, left: Option<u64>| {
            let limit = left.map(|left| used.saturating_add(left));
            Quota::new(label, used, limit, quota.told_at.unwrap_or_else(Utc::now)).renews_at(quota.renews_at)
        };
        Ok(vec![
            of_the_week("calls per week", quota.calls_used, quota.calls_left),
            of_the_week("places per week", quota.places_used, quota.places_left),
        ])
    }

    /// Events that share a venue share its answers: the client's cache sees to it.
    async fn sync(&self, run: &Run) -> Result<()> {
        let range = DateRange::last_days(DAYS, latest_complete_day(run.clock().now_utc().date_naive()))?;
        let range = &range;
        run.each(AT_A_TIME, |event| async move {
            let venue = event.venue.placer_id.as_deref().ok_or_else(|| {
                Error::invalid("placerId", format!("the venue {} has none", event.venue.id))
                    .with_hint("add it to the venue in the campaign")
            })?;
            let venue = VenueId::new(venue)?;
            let footfall = self.service.footfall(FootfallRequest::new(venue.clone(), *range)).await?;
            let days = footfall.rows.iter().map(|row| (row.date.to_string(), row.visits));
            run.chart(Chart::FootfallByDay, venue.as_str(), days).await?;
            let mut done = Done::new(Change::Unchanged).remote_id(&venue);
            if let Some(visits) = expected(&footfall, &event) {
                done = done.fact("expected_footfall", visits);
            }
            let movement = self.service.movement(MovementRequest::new(venue.clone()).range(*range)).await?;
            let hours = (0..).zip(movement.hourly).map(|(hour, visits): (u8, u64)| (format!("{hour:02}"), visits));
            run.chart(Chart::FootfallByHour, venue.as_str(), hours).await?;
            let peaks: Vec<_> = movement.peak_hours.iter().map(|hour| hour_label(*hour)).collect();
            Ok(done.fact("peak_hours", peaks.join(", ")))
        })
        .await
    }
}

/// What to expect: the mean of the same weekdays.
fn expected(footfall: &Footfall, event: &CampaignEvent) -> Option<u64> {
    let weekday = event.starts_at.weekday();
    let alike: Vec<u64> =
        footfall.rows.iter().filter(|row| row.date.weekday() == weekday).map(|row| row.visits).collect();
    let days = u64::try_from(alike.len()).ok().filter(|n| *n > 0)?;
    Some((alike.iter().sum::<u64>() + days / 2) / days)
}
