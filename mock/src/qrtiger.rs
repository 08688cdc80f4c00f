//! QR TIGER, offline.

mod answers;
mod fake;
mod fields;
mod image;
mod operations;
mod scans;
mod state;
mod uploads;
mod visits;

use std::fmt;
use std::sync::Arc;

use connectors_core::testing::VirtualClock;
use connectors_core::{Clock, ConnectionReport, LinkStore, Result, ServiceSummary};
use connectors_qrtiger::{
    GenerateQrCode, ListQrCodes, QrCode, QrTigerBuilder, QrTigerClient, QrTigerService, ScanStats, ScanStatsRequest,
    UpdateQrCode,
};

pub use self::fake::FakeQrTiger;
pub use self::state::FakeCode;
pub use self::uploads::FakeUpload;
pub use self::visits::{Landing, ScanContext};
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
    /// A mock with an empty account, seed 7, on a clock of its own.
    pub fn new() -> Self {
        Self::builder().build().unwrap_or_else(|error| unreachable!("the mock's own settings are refused: {error}"))
    }

    /// A mock to be set up.
    pub fn builder() -> MockQrTigerBuilder {
        let mut client = QrTigerClient::builder().api_key(API_KEY).api_url(API_URL);
        if let (Ok(paused), Ok(archived)) = (PAUSED_PAGE.parse(), ARCHIVED_PAGE.parse()) {
            client = client.paused_page(paused).archived_page(archived);
        }
        MockQrTigerBuilder { seed: 7, legacy: false, clock: None, client }
    }

    /// The client, for its native API.
    pub fn client(&self) -> &QrTigerClient {
        &self.client
    }

    /// The journal, the faults, the latency.
    pub fn backend(&self) -> &Backend {
        &self.backend
    }

    /// What the provider holds, and what people do to it in the dashboard.
    pub fn fake(&self) -> &FakeQrTiger {
        &self.fake
    }
}

impl Default for MockQrTiger {
    fn default() -> Self {
        Self::new()
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

/// Sets up a [`MockQrTiger`].
#[must_use = "a builder does nothing until it builds"]
pub struct MockQrTigerBuilder {
    seed: u64,
    legacy: bool,
    clock: Option<Arc<dyn Clock>>,
    client: QrTigerBuilder,
}

impl MockQrTigerBuilder {
    /// Other ids, scans and habits of answering.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The host of old instead of the current one, with the client set to it.
    pub fn legacy_host(mut self) -> Self {
        self.legacy = true;
        self.client = self.client.legacy_host();
        self
    }

    /// Runs on this clock instead of a virtual one of its own.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Keeps in this store which code belongs to which event.
    pub fn link_store(mut self, store: Arc<dyn LinkStore>) -> Self {
        self.client = self.client.link_store(store);
        self
    }

    /// Changes the settings of the client: `.client(|client| client.monthly_quota(500))`. Its transport, clock and
    /// seed are the mock's; what else it sets comes first.
    pub fn client(mut self, change: impl FnOnce(QrTigerBuilder) -> QrTigerBuilder) -> Self {
        self.client = change(self.client);
        self
    }

    /// The mock; fails as the client's builder does.
    pub fn build(self) -> Result<MockQrTiger> {
        let clock = self.clock.unwrap_or_else(|| Arc::new(VirtualClock::default()));
        let fake = Arc::new(FakeQrTiger::new(self.seed, self.legacy));
        let backend = Backend::new(Arc::clone(&fake) as _, Arc::clone(&clock));
        let transport = Arc::new(InProcess::new(backend.clone()));
        let client = self.client.transport(transport).clock(clock).seed(self.seed).build()?;
        Ok(MockQrTiger { client, backend, fake })
    }
}

impl fmt::Debug for MockQrTigerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockQrTigerBuilder")
            .field("seed", &self.seed)
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}
