//! Smartsheet, offline.

mod asked;
mod attachments;
mod automation_rules;
mod callbacks;
mod cell_history;
mod cells;
mod columns;
mod contacts;
mod containers;
mod cross_sheet_references;
mod dashboards;
mod discussions;
mod events;
mod exports;
mod fake;
mod favorites;
mod files;
mod filters;
mod governance;
mod groups;
mod images;
mod imports;
mod inspection;
mod lists;
mod multipart;
mod operations;
mod people;
mod placed;
mod placing;
mod problem;
mod proofs;
mod query;
mod render;
mod report_rows;
mod reports;
mod rows;
mod schedule;
mod search;
mod seed;
mod server_info;
mod setup;
mod shares;
mod sheet_settings;
mod sheets;
mod sort;
mod state;
mod summaries;
mod tokens;
mod update_requests;
mod users;
mod webhooks;

use std::sync::Arc;

use connectors_core::{ConnectionReport, Result, ServiceSummary};
use connectors_smartsheet::{
    CreateSheet, CreatedSheet, FolderId, SheetData, SheetDataRequest, SheetId, SmartsheetBuilder, SmartsheetClient,
    SmartsheetService, UpdateEventRow, UpdatedRow, UpsertEventRows, UpsertReport, WorkspaceId,
};

pub use self::callbacks::DeliveredCallback;
pub use self::fake::FakeSmartsheet;
pub use self::inspection::{FakeAttachment, FakeDiscussion, FakeRow, FakeSheet, FakeUser, FakeWebhook};
pub use self::setup::{FolderSetup, GroupSetup, PersonSetup, RowSetup, SheetSetup, SmartsheetSetup, WorkspaceSetup};
use crate::face::{Settings, face, initial};
use crate::{Backend, InProcess};

const API_KEY: &str = "mock-key";

/// A host that does not exist, so that sheets made here are never taken for those of the real service.
const API_URL: &str = "https://api.smartsheet.test/2.0";

/// The real Smartsheet client, connected to a [`FakeSmartsheet`] in this process.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// use connectors_mock::{Fault, MockSmartsheet};
/// use connectors_smartsheet::{EventRow, SmartsheetService, UpsertEventRows, tracker};
///
/// let mock = MockSmartsheet::new();
/// mock.backend().script("rows.add", [Fault::ResetAfter]);
/// let row = EventRow::new("fizz-berlin-1".parse()?).set(tracker::VENUE, "Alexanderplatz");
/// let report = mock.upsert_event_rows(UpsertEventRows::new(mock.template_id(), vec![row])).await?;
/// assert!(report.is_complete());
/// assert_eq!(mock.fake().rows(mock.template_id()).len(), 1, "the answer was lost, but the row was found");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct MockSmartsheet {
    client: SmartsheetClient,
    backend: Backend,
    fake: Arc<FakeSmartsheet>,
}

impl MockSmartsheet {
    /// A mock to be set up.
    pub fn builder() -> MockSmartsheetBuilder {
        let client = SmartsheetClient::builder().access_token(API_KEY).api_url(API_URL);
        MockSmartsheetBuilder { settings: Settings::new(client) }
    }

    /// Sends the callbacks that are due by now to the receivers that
    /// [`FakeSmartsheet::receive_callbacks`] knows, and gives what they answered. Over HTTP, [`MockServer`] does so by
    /// itself.
    ///
    /// [`MockServer`]: crate::MockServer
    pub fn deliver_callbacks(&self) -> Vec<DeliveredCallback> {
        self.fake.deliver_callbacks(self.backend.clock().now_utc())
    }

    /// A workspace to create sheets in.
    pub fn workspace_id(&self) -> WorkspaceId {
        self.fake.workspace_id()
    }

    /// A folder of that workspace.
    pub fn folder_id(&self) -> FolderId {
        self.fake.folder_id()
    }

    /// A sheet of everyday work: stores with contacts, dates, checkboxes and picklists.
    pub fn store_list_id(&self) -> SheetId {
        self.fake.store_list_id()
    }

    /// A sheet with the columns of the tracker and no rows.
    pub fn template_id(&self) -> SheetId {
        self.fake.template_id()
    }
}

connectors_core::forward_service!(SmartsheetService for MockSmartsheet, by client {
    create_sheet(request: CreateSheet) -> CreatedSheet;
    update_event_row(request: UpdateEventRow) -> UpdatedRow;
    upsert_event_rows(request: UpsertEventRows) -> UpsertReport;
    sheet_data(request: SheetDataRequest) -> SheetData;
    test_connection() -> ConnectionReport;
    summary() -> ServiceSummary;
});

face!(MockSmartsheet: SmartsheetClient, FakeSmartsheet; MockSmartsheetBuilder: SmartsheetBuilder);
initial!(MockSmartsheetBuilder: SmartsheetSetup);

/// Sets up a [`MockSmartsheet`].
#[must_use = "a builder does nothing until it builds"]
pub struct MockSmartsheetBuilder {
    settings: Settings<SmartsheetBuilder, SmartsheetSetup>,
}

impl MockSmartsheetBuilder {
    /// The mock; fails on a setting that cannot be right, and on an [initial](Self::initial) setup that the API would
    /// refuse.
    pub fn build(self) -> Result<MockSmartsheet> {
        let clock = self.settings.clock();
        let fake = Arc::new(FakeSmartsheet::with(self.settings.initial, self.settings.seed, clock.now_utc())?);
        let backend = Backend::new(Arc::clone(&fake) as Arc<_>, Arc::clone(&clock));
        let transport = Arc::new(InProcess::new(backend.clone()));
        let client = self.settings.client.transport(transport).clock(clock).seed(self.settings.seed).build()?;
        Ok(MockSmartsheet { client, backend, fake })
    }
}
