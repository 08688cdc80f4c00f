//! Brandscopic: the campaign's project and its events.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use connectors_brandscopic::{
    BrandscopicBuilder, BrandscopicService, CreateProject, EventStatusRequest, SyncEvent, SyncOutcome,
};
use connectors_core::{ConnectionReport, Result};

use crate::model::{Choice, Count};
use crate::provider::{Field, FieldKind, Integration, Parts, Provider};
use crate::run::{Change, Done, Run};

const NATIVE: Option<&str> = Some("native");
const GATEWAY: Option<&str> = Some("gateway");

/// Brandscopic, as the dashboard knows it.
pub static BRANDSCOPIC: Provider = Provider {
    id: "brandscopic",
    name: "Brandscopic",
    contracts: &[
        Choice { value: "gateway", label: "an integration gateway" },
        Choice { value: "native", label: "Brandscopic's own hosts" },
    ],
    contract_var: None,
    fields: &[
        Field {
            name: "BRANDSCOPIC_API_KEY",
            label: "API key",
            help: "of the gateway",
            kind: FieldKind::Key,
            required: true,
            contract: GATEWAY,
            default: None,
        },
        Field {
            name: "BRANDSCOPIC_API_URL",
            label: "Base URL",
            help: "where the gateway is",
            kind: FieldKind::Address,
            required: false,
            contract: GATEWAY,
            default: Some("https://api.brandscopic.com/v1"),
        },
        Field {
            name: "BRANDSCOPIC_TENANT_ID",
            label: "Tenant",
            help: "where the gateway serves several",
            kind: FieldKind::Plain,
            required: false,
            contract: GATEWAY,
            default: None,
        },
        Field {
            name: "BRANDSCOPIC_HOST",
            label: "Host",
            help: "the address of your Brandscopic",
            kind: FieldKind::Address,
            required: true,
            contract: NATIVE,
            default: None,
        },
        Field {
            name: "BRANDSCOPIC_EMAIL",
            label: "E-mail",
            help: "whom to log in as",
            kind: FieldKind::Plain,
            required: true,
            contract: NATIVE,
            default: None,
        },
        Field {
            name: "BRANDSCOPIC_PASSWORD",
            label: "Password",
            help: "of this user",
            kind: FieldKind::Password,
            required: true,
            contract: NATIVE,
            default: None,
        },
        Field {
            name: "BRANDSCOPIC_COMPANY_ID",
            label: "Company",
            help: "its number, where the user has several",
            kind: FieldKind::Plain,
            required: false,
            contract: NATIVE,
            default: None,
        },
        Field {
            name: "BRANDSCOPIC_TIME_ZONE",
            label: "Time zone",
            help: "of the user's profile, such as America/New_York",
            kind: FieldKind::Plain,
            required: false,
            contract: NATIVE,
            default: None,
        },
    ],
    writes: true,
    connect: |Parts { vars, observer, links, .. }| {
        let builder = BrandscopicBuilder::from_vars(|name| vars.get(name))?;
        let client = builder.observer(Arc::clone(observer)).link_store(Arc::clone(links)).build()?;
        Ok(Arc::new(BrandscopicIntegration::new(Arc::new(client))))
    },
};

/// How many events are worked on at a time.
const AT_A_TIME: usize = 4;

/// A Brandscopic service at work for the dashboard.
#[derive(Clone)]
pub struct BrandscopicIntegration(Arc<dyn BrandscopicService>);

impl BrandscopicIntegration {
    /// This service.
    pub fn new(service: Arc<dyn BrandscopicService>) -> Self {
        Self(service)
    }
}

impl fmt::Debug for BrandscopicIntegration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BrandscopicIntegration")
    }
}

#[async_trait]
impl Integration for BrandscopicIntegration {
    fn provider(&self) -> &'static Provider {
        &BRANDSCOPIC
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        self.0.test_connection().await
    }

    async fn counts(&self) -> Result<Vec<Count>> {
        let summary = self.0.summary().await?;
        let events = summary.counts.into_iter().filter(|(label, _)| *label == "events");
        Ok(events.map(|(label, value)| Count::new(label, value)).collect())
    }

    async fn sync(&self, run: &Run) -> Result<()> {
        if run.pending().is_empty() {
            return Ok(());
        }
        let project = &self.0.create_project(CreateProject::new(run.campaign())).await?;
        run.each(AT_A_TIME, |event| async move {
            let status = EventStatusRequest::new(project, event.id.clone());
            let synced = self.0.sync_event(SyncEvent::new(project, event)).await?;
            let change = match synced.outcome {
                // Recovered is what a sync made whose answer, or whose program, was lost.
                SyncOutcome::Created | SyncOutcome::Recovered => Change::Created,
                SyncOutcome::Updated => Change::Updated,
                _ => Change::Unchanged,
            };
            let done = Done::new(change).remote_id(&synced.remote_id);
            Ok(match self.0.event_status(status).await {
                Ok(report) => done.fact("status", report.raw),
                Err(error) => done.trouble(error),
            })
        })
        .await
    }
}
