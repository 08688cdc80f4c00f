//! The face that applications code against, and swap for the mock.

mod create_sheet;
mod event_row;
mod event_rows;
mod sheet_data;
mod update;
mod upsert;

use async_trait::async_trait;
use connectors_core::{ConnectionReport, Error, Result, ServiceSummary};

use crate::client::SmartsheetClient;
use crate::{PROVIDER, UpsertReport, UserProfile};

pub use create_sheet::{CreateSheet, CreatedSheet, Template};
pub use event_row::{UpdateEventRow, UpdatedRow};
pub use event_rows::{EventRow, UpsertEventRows};
pub use sheet_data::{SheetData, SheetDataRequest};

fn unsupported<T>(operation: &'static str) -> Result<T> {
    Err(Error::unsupported(PROVIDER, operation, "this implementation does not have it"))
}

/// Campaigns tracked in sheets, one row per event.
///
/// Sheets are remembered in the client's link store, rows are found by their event id: doing anything here twice creates
/// nothing twice. Every method fails with [`Unsupported`](connectors_core::ErrorKind::Unsupported) unless it is
/// implemented.
#[async_trait]
pub trait SmartsheetService: Send + Sync {
    /// The tracker of a campaign in a folder or workspace: the linked one, or a new one from a template or columns.
    ///
    /// A template or destination that does not exist is [`NotFound`](connectors_core::ErrorKind::NotFound), one
    /// without a column for event ids is [`InvalidRequest`](connectors_core::ErrorKind::InvalidRequest).
    async fn create_sheet(&self, request: CreateSheet) -> Result<CreatedSheet> {
        let _ = request;
        unsupported("create_sheet")
    }

    /// Writes cells of the row of an event, those that differ.
    ///
    /// No such row is [`NotFound`](connectors_core::ErrorKind::NotFound), several are
    /// [`Ambiguous`](connectors_core::ErrorKind::Ambiguous), a column that does not exist is
    /// [`InvalidRequest`](connectors_core::ErrorKind::InvalidRequest) and names its title. Nothing is written then.
    async fn update_event_row(&self, request: UpdateEventRow) -> Result<UpdatedRow> {
        let _ = request;
        unsupported("update_event_row")
    }

    /// Brings the rows of many events up to date: adds those that are missing, changes what differs.
    ///
    /// Its requests let those of other calls go first where the quota is scarce.
    ///
    /// One row that fails does not stop the others. The call fails as a whole, before anything is written, if an event
    /// id comes twice, a column does not exist, or the sheet cannot be read.
    ///
    /// Calls through one client (and its clones) take turns per sheet. Other programs that add the same event at
    /// the same moment cannot be seen: Smartsheet has no unique columns.
    async fn upsert_event_rows(&self, request: UpsertEventRows) -> Result<UpsertReport> {
        let _ = request;
        unsupported("upsert_event_rows")
    }

    /// All rows of a sheet, with typed cells.
    async fn sheet_data(&self, request: SheetDataRequest) -> Result<SheetData> {
        let _ = request;
        unsupported("sheet_data")
    }

    /// Whether Smartsheet can be reached and accepts the token, by the cheapest authenticated call.
    async fn test_connection(&self) -> Result<ConnectionReport> {
        unsupported("test_connection")
    }

    /// How many `sheets` and `workspaces` the token can see.
    async fn summary(&self) -> Result<ServiceSummary> {
        unsupported("summary")
    }
}

connectors_core::forward_service!(SmartsheetService {
    create_sheet(request: CreateSheet) -> CreatedSheet;
    update_event_row(request: UpdateEventRow) -> UpdatedRow;
    upsert_event_rows(request: UpsertEventRows) -> UpsertReport;
    sheet_data(request: SheetDataRequest) -> SheetData;
    test_connection() -> ConnectionReport;
    summary() -> ServiceSummary;
});

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl SmartsheetService for SmartsheetClient {
    async fn create_sheet(&self, request: CreateSheet) -> Result<CreatedSheet> {
        create_sheet::create_sheet(self, &request).await.map_err(|e| e.with_origin(PROVIDER, "create_sheet"))
    }

    async fn update_event_row(&self, request: UpdateEventRow) -> Result<UpdatedRow> {
        update::update_event_row(self, request).await.map_err(|e| e.with_origin(PROVIDER, "update_event_row"))
    }

    async fn upsert_event_rows(&self, request: UpsertEventRows) -> Result<UpsertReport> {
        upsert::upsert_event_rows(&self.bulk(), request).await.map_err(|e| e.with_origin(PROVIDER, "upsert_event_rows"))
    }

    async fn sheet_data(&self, request: SheetDataRequest) -> Result<SheetData> {
        crate::model::ids::positive("sheet", request.sheet.get()).map_err(|e| e.with_origin(PROVIDER, "sheet_data"))?;
        Ok(self.sheets().get(request.sheet).rich_values().await.map_err(crate::table::index::no_such_sheet)?.into())
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        let clock = self.core().clock();
        let started = clock.now();
        let outcome = self.users().me().await.map(|user| identity(&user));
        Ok(ConnectionReport::new(PROVIDER, clock.now().saturating_duration_since(started), outcome))
    }

    async fn summary(&self) -> Result<ServiceSummary> {
        let sheets = self.sheets().list().page_size(1).await?.total_count;
        let workspaces = self.workspaces().list().pager().collect_all().await?.len();
        let counts = [sheets.and_then(|n| u64::try_from(n).ok()), u64::try_from(workspaces).ok()];
        Ok(ServiceSummary::new(["sheets", "workspaces"].into_iter().zip(counts.map(Option::unwrap_or_default))))
    }
}

/// The user's name, and of the e-mail address the domain: enough to tell accounts apart on a status card.
fn identity(user: &UserProfile) -> String {
    let domain = user.email.as_deref().and_then(|email| email.split_once('@')).map(|(_, domain)| domain);
    match (user.name(), domain) {
        (name, Some(domain)) if !name.is_empty() => format!("{name} ({domain})"),
        (name, None) if !name.is_empty() => name,
        (_, Some(domain)) => format!("user {} ({domain})", user.id),
        (_, None) => format!("user {}", user.id),
    }
}
