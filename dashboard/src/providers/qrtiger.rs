//! QR TIGER: a code per event, and its scans.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::Utc;
use connectors_core::{ConnectionReport, Result};
use connectors_qrtiger::{
    GenerateQrCode, ListQrCodes, Period, QrStatus, QrTigerBuilder, QrTigerService, ScanStatsRequest,
};

use crate::model::{Count, Quota};
use crate::provider::{Field, FieldKind, Integration, Parts, Provider};
use crate::run::{Change, Chart, Done, Run};

/// QR TIGER, as the dashboard knows it.
pub static QRTIGER: Provider = Provider {
    id: "qrtiger",
    name: "QR TIGER",
    contracts: &[],
    contract_var: None,
    fields: &[
        Field {
            name: "QRTIGER_API_KEY",
            label: "API key",
            help: "from the account's settings at QR TIGER",
            kind: FieldKind::Key,
            required: true,
            contract: None,
            default: None,
        },
        Field {
            name: "QRTIGER_API_URL",
            label: "Base URL",
            help: "where the API is",
            kind: FieldKind::Address,
            required: false,
            contract: None,
            default: Some("https://api.qrtiger.com"),
        },
    ],
    writes: true,
    connect: |Parts { vars, observer, links, .. }| {
        let builder = QrTigerBuilder::from_vars(|name| vars.get(name))?;
        let client = builder.observer(Arc::clone(observer)).link_store(Arc::clone(links)).build()?;
        let quota = client.quota();
        Ok(Arc::new(QrTigerIntegration::new(Arc::new(client)).quota(quota)))
    },
};

/// How many codes are worked on at a time.
const AT_A_TIME: usize = 4;

/// How many days of scans are drawn.
const DAYS: u32 = 28;

/// A QR TIGER service at work for the dashboard.
#[derive(Clone)]
pub struct QrTigerIntegration {
    service: Arc<dyn QrTigerService>,
    quota: Option<connectors_qrtiger::Quota>,
}

impl QrTigerIntegration {
    /// This service.
    pub fn new(service: Arc<dyn QrTigerService>) -> Self {
        Self { service, quota: None }
    }

    /// Tells how much of the month's requests is used, too: [`connectors_qrtiger::QrTigerClient::quota`].
    pub fn quota(mut self, quota: connectors_qrtiger::Quota) -> Self {
        self.quota = Some(quota);
        self
    }
}

impl fmt::Debug for QrTigerIntegration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("QrTigerIntegration")
    }
}

#[async_trait]
impl Integration for QrTigerIntegration {
    fn provider(&self) -> &'static Provider {
        &QRTIGER
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        self.service.test_connection().await
    }

    async fn counts(&self) -> Result<Vec<Count>> {
        let codes = self.service.list_qr_codes(ListQrCodes::new()).await?;
        let active = codes.iter().filter(|code| code.status == QrStatus::Active).count();
        let scans = codes.iter().map(|code| code.scans).sum();
        Ok(vec![Count::new("active codes", active as u64), Count::new("total scans", scans)])
    }

    async fn quotas(&self) -> Result<Vec<Quota>> {
        let Some(quota) = &self.quota else { return Ok(Vec::new()) };
        let used = quota.used().await?;
        let month = Quota::new("requests per month", used, quota.limit().map(u64::from), Utc::now());
        Ok(vec![month.renews_at(quota.renews_at())])
    }

    async fn sync(&self, run: &Run) -> Result<()> {
        run.each(AT_A_TIME, |event| async move {
            let request = GenerateQrCode::new(&run.campaign().id, &event.id, event.destination.clone());
            let code = self.service.generate_qr_code(request).await?;
            let change = if code.is_new { Change::Created } else { Change::Unchanged };
            let done = Done::new(change).remote_id(&code.id).fact("short_url", &code.short_url);
            let request = ScanStatsRequest::new(code.id.clone(), Period::LastDays(DAYS)).time_zone(event.time_zone);
            match self.service.scan_stats(request).await {
                Ok(scans) => {
                    let days = scans.by_day.iter().map(|day| (day.date.to_string(), day.scans));
                    run.chart(Chart::ScansByDay, code.id.to_string(), days).await?;
                    Ok(done.fact("scans", scans.total_scans))
                }
                // The code is there all the same.
                Err(error) => Ok(done.trouble(error)),
            }
        })
        .await
    }
}
