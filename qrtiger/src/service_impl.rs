//! The service, on top of the provider's native calls.

use async_trait::async_trait;
use connectors_core::{ConnectionReport, Error, ErrorKind, Result, ServiceSummary};

use crate::model::sum;
use crate::{
    Campaign, GenerateQrCode, ListQrCodes, PROVIDER, QrCode, QrId, QrTigerClient, QrTigerService, ScanStats,
    ScanStatsRequest, UpdateQrCode,
};

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl QrTigerService for QrTigerClient {
    async fn generate_qr_code(&self, request: GenerateQrCode) -> Result<QrCode> {
        self.generate(&request).await.map_err(|error| error.with_origin(PROVIDER, "generate_qr_code"))
    }

    async fn scan_stats(&self, request: ScanStatsRequest) -> Result<ScanStats> {
        self.stats(request).await.map_err(|error| error.with_origin(PROVIDER, "scan_stats"))
    }

    async fn update_qr_code(&self, request: UpdateQrCode) -> Result<QrCode> {
        self.set_status(&request).await.map_err(|error| error.with_origin(PROVIDER, "update_qr_code"))
    }

    async fn list_qr_codes(&self, request: ListQrCodes) -> Result<Vec<QrCode>> {
        let campaigns = self.bulk().campaigns().list().collect_all().await?;
        let codes = campaigns.into_iter().map(|campaign| self.code(campaign));
        Ok(codes.filter(|code| request.status.is_none_or(|status| code.status == status)).collect())
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        let clock = self.core().clock();
        let started = clock.now();
        let outcome = self.campaigns().page(1).limit(1).await;
        let elapsed = clock.now().saturating_duration_since(started);
        // There is no call that says whose key it is; codes do.
        let identity = outcome.map(|page| match page.items.into_iter().find_map(|campaign| campaign.owner) {
            Some(owner) => format!("the QR TIGER account {owner}"),
            None => "a QR TIGER account".to_owned(),
        });
        Ok(ConnectionReport::new(PROVIDER, elapsed, identity))
    }

    async fn summary(&self) -> Result<ServiceSummary> {
        let campaigns = self.bulk().campaigns().list().collect_all().await?;
        let scans = sum(campaigns.iter().map(|campaign| campaign.scans));
        Ok(ServiceSummary::new([("codes", campaigns.len() as u64), ("scans", scans)]))
    }
}

impl QrTigerClient {
    /// A code as the provider holds it now.
    pub(crate) async fn campaign(&self, id: &QrId) -> Result<Campaign> {
        let missing =
            || Error::new(ErrorKind::Decode, "the answer does not carry the code").with_json_path("data.campaign");
        self.tracking().data(id).await?.campaign.ok_or_else(missing)
    }

    pub(crate) fn code(&self, campaign: Campaign) -> QrCode {
        let standing = self.pages().read(&campaign, self.core().clock().now_utc());
        QrCode {
            id: campaign.id,
            name: campaign.name,
            short_url: campaign.short_url,
            image: campaign.image,
            destination: standing.destination,
            status: standing.status,
            scans: campaign.scans,
            created_at: campaign.created_at,
            is_new: false,
        }
    }
}
