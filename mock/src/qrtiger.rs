//! QR TIGER, offline.

mod answers;
mod fake;
mod fields;
mod image;
mod operations;
mod scans;
mod setup;
mod state;
mod uploads;
mod visits;

use std::sync::Arc;

use connectors_core::{ConnectionReport, Result, ServiceSummary};
use connectors_qrtiger::{
    GenerateQrCode, ListQrCodes, QrCode, QrTigerBuilder, QrTigerClient, QrTigerService, ScanStats, ScanStatsRequest,
    UpdateQrCode,
};

pub use self::fake::FakeQrTiger;
pub use self::setup::{CodeSetup, QrTigerSetup};
pub use self::state::FakeCode;
pub use self::uploads::FakeUpload;
pub use self::visits::{Landing, ScanContext};
use crate::face::{Settings, face, initial};
use crate::{Backend, InProcess};

const API_KEY: &str = "mock-key";

/// A host that does not exist, so that links made here are never taken for those of the real service.
const API_URL: &str = "https://qrtiger.test";

const PAUSED_PAGE: &str = "https://pages.test/paused";
const ARCHIVED_PAGE: &str = "https://pages.test/archived";

/// The real QR TIGER client, connected to a [`FakeQrTiger`] in this process.
///
/// It has the client's own limits and retries, and pages for paused and archived codes at `https://pages.test`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use connectors_core::{CampaignId, EventId};
/// use connectors_mock::{Fault, MockQrTiger};
/// use connectors_qrtiger::{GenerateQrCode, QrTigerService};
///
/// let mock = MockQrTiger::new();
/// mock.backend().script("campaigns.create", [Fault::ResetAfter]);
/// let request = GenerateQrCode::new(&CampaignId::new("summer")?, &EventId::new("e1")?, "https://example.com/".parse()?);
/// let code = mock.generate_qr_code(request).await?;
/// assert_eq!(mock.fake().codes().len(), 1, "the answer was lost, but the code was found");
/// assert_eq!(mock.fake().codes()[0].id, code.id.as_str());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct MockQrTiger {
    client: QrTigerClient,
    backend: Backend,
    fake: Arc<FakeQrTiger>,
}

impl MockQrTiger {
    /// A mock to be set up.
    pub fn builder() -> MockQrTigerBuilder {
        let mut client = QrTigerClient::builder().api_key(API_KEY).api_url(API_URL);
        if let (Ok(paused), Ok(archived)) = (PAUSED_PAGE.parse(), ARCHIVED_PAGE.parse()) {
            client = client.paused_page(paused).archived_page(archived);
        }
        MockQrTigerBuilder { legacy: false, settings: Settings::new(client) }
    }
}

connectors_core::forward_service!(QrTigerService for MockQrTiger, by client {
    generate_qr_code(request: GenerateQrCode) -> QrCode;
    scan_stats(request: ScanStatsRequest) -> ScanStats;
    update_qr_code(request: UpdateQrCode) -> QrCode;
    list_qr_codes(request: ListQrCodes) -> Vec<QrCode>;
    test_connection() -> ConnectionReport;
    summary() -> ServiceSummary;
});

face!(MockQrTiger: QrTigerClient, FakeQrTiger; MockQrTigerBuilder: QrTigerBuilder);
initial!(MockQrTigerBuilder: QrTigerSetup);

/// Sets up a [`MockQrTiger`].
#[must_use = "a builder does nothing until it builds"]
pub struct MockQrTigerBuilder {
    legacy: bool,
    settings: Settings<QrTigerBuilder, QrTigerSetup>,
}

impl MockQrTigerBuilder {
    /// The host of old instead of the current one, with the client set to it.
    pub fn legacy_host(mut self) -> Self {
        self.legacy = true;
        self.settings.client = self.settings.client.legacy_host();
        self
    }

    /// The mock; fails as the client's builder does, and on an [initial](Self::initial) setup that makes no sense.
    pub fn build(self) -> Result<MockQrTiger> {
        let clock = self.settings.clock();
        let fake = Arc::new(FakeQrTiger::new(self.settings.seed, self.legacy, self.settings.initial, clock.now_utc())?);
        let backend = Backend::new(Arc::clone(&fake) as _, Arc::clone(&clock));
        let transport = Arc::new(InProcess::new(backend.clone()));
        let client = self.settings.client.transport(transport).clock(clock).seed(self.settings.seed).build()?;
        Ok(MockQrTiger { client, backend, fake })
    }
}
