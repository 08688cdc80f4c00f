//! Placer.ai: what footfall the venues have. It is only read.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::Datelike;
use connectors_core::{CampaignEvent, ConnectionReport, DateRange, Error, Result};
use connectors_placer::{
    Footfall, FootfallRequest, MovementRequest, PlacerBuilder, PlacerService, VenueId, hour_label, latest_complete_day,
};

use crate::model::{Choice, Count};
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
        Ok(Arc::new(PlacerIntegration::new(Arc::new(builder.observer(Arc::clone(observer)).build()?))))
    },
};

/// How many venues are asked about at a time.
const AT_A_TIME: usize = 4;

/// How far back footfall is looked at.
const DAYS: u32 = 28;

/// A Placer.ai service at work for the dashboard.
#[derive(Clone)]
pub struct PlacerIntegration(Arc<dyn PlacerService>);

impl PlacerIntegration {
    /// This service.
    pub fn new(service: Arc<dyn PlacerService>) -> Self {
        Self(service)
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
        self.0.test_connection().await
    }

    async fn counts(&self) -> Result<Vec<Count>> {
        let summary = self.0.summary().await?;
        Ok(summary.counts.into_iter().map(|(label, value)| Count::new(label, value)).collect())
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
            let footfall = self.0.footfall(FootfallRequest::new(venue.clone(), range.clone())).await?;
            let days = footfall.rows.iter().map(|row| (row.date.to_string(), row.visits));
            run.chart(Chart::FootfallByDay, venue.as_str(), days).await?;
            let mut done = Done::new(Change::Unchanged).remote_id(&venue);
            if let Some(visits) = expected(&footfall, &event) {
                done = done.fact("expected_footfall", visits);
            }
            let movement = self.0.movement(MovementRequest::new(venue.clone()).range(range.clone())).await?;
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
