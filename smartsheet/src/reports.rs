//! Reports.

use connectors_core::provider::{Operation, Safety};
use connectors_core::{Request, Result};
use http::Method;

use crate::model::report::{check_columns, check_scope};
use crate::model::{
    NewReport, NewReportColumn, OffsetPage, PathNode, ReportColumn, ReportColumnUpdate, ReportDefinition,
    ReportDefinitionUpdate, ReportId, ReportPublish, ReportPublishUpdate, ReportScope, ReportSummary, SheetEmail,
    TokenPage, VirtualColumnId,
};
use crate::report_get::GetReport;
use crate::request::{CallExt, done, offset_pages, operation, resource, token_pages, written};

static LIST: Operation = operation(Method::GET, "reports.list", "/reports");
static CREATE: Operation = operation(Method::POST, "reports.create", "/reports");
static DELETE: Operation = operation(Method::DELETE, "reports.delete", "/reports/{reportId}");
static SEND: Operation = operation(Method::POST, "reports.send", "/reports/{reportId}/emails");
static PUBLISH_STATUS: Operation = operation(Method::GET, "reports.publish_status", "/reports/{reportId}/publish");
static PUBLISH: Operation = operation(Method::PUT, "reports.publish", "/reports/{reportId}/publish").cost(10);
static PATH: Operation = operation(Method::GET, "reports.path", "/reports/{reportId}/path");
static SCOPE: Operation = operation(Method::GET, "reports.scope", "/reports/{reportId}/scope");
// A report is about a thing or it is not: adding it twice adds it once.
static ADD_SCOPE: Operation =
    operation(Method::POST, "reports.add_scope", "/reports/{reportId}/scope").safety(Safety::Idempotent);
static REMOVE_SCOPE: Operation = operation(Method::DELETE, "reports.remove_scope", "/reports/{reportId}/scope");
static COLUMNS: Operation = operation(Method::GET, "reports.columns", "/reports/{reportId}/columns");
static ADD_COLUMNS: Operation = operation(Method::POST, "reports.add_columns", "/reports/{reportId}/columns");
static COLUMN: Operation = operation(Method::GET, "reports.column", "/reports/{reportId}/columns/{columnVirtualId}");
static UPDATE_COLUMN: Operation =
    operation(Method::PUT, "reports.update_column", "/reports/{reportId}/columns/{columnVirtualId}");
static DELETE_COLUMN: Operation =
    operation(Method::DELETE, "reports.delete_column", "/reports/{reportId}/columns/{columnVirtualId}");
static DEFINITION: Operation = operation(Method::GET, "reports.definition", "/reports/{reportId}/definition");
static UPDATE_DEFINITION: Operation =
    operation(DEFINITION_METHOD, "reports.update_definition", "/reports/{reportId}/definition")
        .safety(Safety::Idempotent);

/// Smartsheet's own words are of PATCH, and some of its SDKs send PUT.
const DEFINITION_METHOD: Method = Method::PATCH;

/// The level at which reports tell columns of several contacts and picklist values from plain ones.
pub(crate) const RICH_LEVEL: u8 = 3;

resource! {
    /// The endpoints of reports: [`SmartsheetClient::reports`](crate::SmartsheetClient::reports).
    ///
    /// A report shows rows of many sheets. Its columns are virtual: each stands for the columns of the sheets that have
    /// its title and type.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{
    ///     ColumnType, FilterOperator, NewReport, NewReportColumn, ReportColumnRef, ReportCriterion,
    ///     ReportDefinitionUpdate, ReportFilter, ReportSorting, SortingDirection,
    /// };
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, folder, stores) = (mock.client().clone(), mock.folder_id(), mock.store_list_id());
    /// let reports = smartsheet.reports();
    /// let columns = [NewReportColumn::primary("Store"), NewReportColumn::new("City", ColumnType::Picklist)];
    /// let report = reports.create(NewReport::new("Stores by city", folder, columns, [stores])).await?.id;
    ///
    /// let city = || ReportColumnRef::new("City", ColumnType::Picklist);
    /// let berlin = ReportCriterion::new(city(), FilterOperator::Equal).values(["Berlin"]);
    /// let shown = ReportDefinitionUpdate::new()
    ///     .filter(ReportFilter::all([berlin]))
    ///     .sort_by([ReportSorting::by(city(), SortingDirection::Ascending)]);
    /// reports.update_definition(report, shown).await?;
    /// assert_eq!(reports.definition(report).await?.sorting_criteria.len(), 1);
    ///
    /// let read = reports.get(report).rich_values().await?;
    /// let names: Vec<_> = read.rows.iter().filter_map(|row| read.cell(row, "Store")?.value.as_str()).collect();
    /// assert_eq!(names, ["Alexa", "Mall of Berlin"]);
    /// assert!(reports.list().await?.data.iter().any(|listed| listed.id == report));
    /// reports.delete(report).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub struct Reports;
}

impl Reports {
    /// All reports that the token can see.
    pub fn list(&self) -> ListReports {
        ListReports(Request::new(self.client.call(&LIST)))
    }

    /// A report with its columns, and a page of its rows.
    pub fn get(&self, report: ReportId) -> GetReport {
        GetReport::new(&self.client, report)
    }

    /// Creates a report.
    pub fn create(&self, report: NewReport) -> Request<ReportSummary> {
        written(self.client.call(&CREATE).json(&report)).check(report.check())
    }

    /// Deletes a report. The rows stay in their sheets.
    pub fn delete(&self, report: ReportId) -> Request<()> {
        done(self.client.call(&DELETE).id("reportId", report.get()))
    }

    /// Sends a report by e-mail.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{Email, ReportPublishUpdate, SheetEmail};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let smartsheet = mock.client().clone();
    /// let reports = smartsheet.reports();
    /// let report = reports.list().await?.data[0].id;
    /// reports.send(report, SheetEmail::excel(Email::to(["crew@example.com"]))).await?;
    ///
    /// reports.publish(report, ReportPublishUpdate::new().read_only_full_enabled(true)).await?;
    /// assert!(reports.publish_status(report).await?.read_only_full_url.is_some());
    /// assert_eq!(reports.path(report).await?.to_path(), "/Operations/Stores with power");
    /// # Ok(())
    /// # }
    /// ```
    pub fn send(&self, report: ReportId, email: SheetEmail) -> Request<()> {
        done(self.client.call(&SEND).id("reportId", report.get()).json(&email)).check(email.check())
    }

    /// How a report is published on the web.
    pub fn publish_status(&self, report: ReportId) -> Request<ReportPublish> {
        Request::new(self.client.call(&PUBLISH_STATUS).id("reportId", report.get()))
    }

    /// Publishes a report on the web, or takes that back. Counts as ten calls.
    pub fn publish(&self, report: ReportId, how: ReportPublishUpdate) -> Request<ReportPublish> {
        written(self.client.call(&PUBLISH).id("reportId", report.get()).json(&how))
    }

    /// Where a report is: the workspace and folders around it.
    pub fn path(&self, report: ReportId) -> Request<PathNode> {
        Request::new(self.client.call(&PATH).id("reportId", report.get()))
    }

    /// The sheets and workspaces that a report is about.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{ColumnType, NewReportColumn, ReportColumnUpdate};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, events) = (mock.client().clone(), mock.template_id());
    /// let reports = smartsheet.reports();
    /// let report = reports.list().await?.data[0].id;
    /// reports.add_scope(report, [events]).await?;
    /// assert_eq!(reports.scope(report).await?.data.len(), 2);
    /// reports.remove_scope(report, [events]).await?;
    ///
    /// let opened = NewReportColumn::new("Opened", ColumnType::Date);
    /// let opened = reports.add_columns(report, 1, [opened]).await?[0].virtual_id;
    /// reports.update_column(report, opened, ReportColumnUpdate::new().width(90)).await?;
    /// assert_eq!(reports.column(report, opened).await?.width, Some(90));
    /// reports.delete_column(report, opened).await?;
    /// assert!(reports.columns(report).await?.data.iter().all(|column| column.title != "Opened"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn scope(&self, report: ReportId) -> ListReportScope {
        ListReportScope(Request::new(self.client.call(&SCOPE).id("reportId", report.get())))
    }

    /// Adds sheets and workspaces to what a report is about: at most 100 at once, and altogether.
    pub fn add_scope<S: Into<ReportScope>>(&self, report: ReportId, scope: impl IntoIterator<Item = S>) -> Request<()> {
        self.change_scope(&ADD_SCOPE, report, scope.into_iter().map(Into::into).collect())
    }

    /// Takes sheets and workspaces out of what a report is about.
    pub fn remove_scope<S: Into<ReportScope>>(
        &self,
        report: ReportId,
        scope: impl IntoIterator<Item = S>,
    ) -> Request<()> {
        self.change_scope(&REMOVE_SCOPE, report, scope.into_iter().map(Into::into).collect())
    }

    fn change_scope(&self, operation: &'static Operation, report: ReportId, scope: Vec<ReportScope>) -> Request<()> {
        done(self.client.call(operation).id("reportId", report.get()).json(&scope)).check(check_scope(&scope))
    }

    /// The columns of a report, with their true types.
    pub fn columns(&self, report: ReportId) -> ListReportColumns {
        let call = self.client.call(&COLUMNS).id("reportId", report.get());
        ListReportColumns(Request::new(call.query("level", RICH_LEVEL)))
    }

    /// Adds columns at this position, from 0, in their order.
    pub fn add_columns(
        &self,
        report: ReportId,
        index: u32,
        columns: impl IntoIterator<Item = NewReportColumn>,
    ) -> Request<Vec<ReportColumn>> {
        // Smartsheet wants all columns of a request to have the same index.
        let columns: Vec<_> =
            columns.into_iter().map(|column| NewReportColumn { index: Some(index), ..column }).collect();
        let call = self.client.call(&ADD_COLUMNS).id("reportId", report.get());
        Request::mapped::<Added>(call.json(&columns)).check(check_columns(&columns))
    }

    /// One column, with its true type.
    pub fn column(&self, report: ReportId, column: VirtualColumnId) -> Request<ReportColumn> {
        let call = self.client.call(&COLUMN).id("reportId", report.get()).id("columnVirtualId", column.get());
        Request::new(call.query("level", RICH_LEVEL))
    }

    /// Changes how a column looks and where it is.
    pub fn update_column(
        &self,
        report: ReportId,
        column: VirtualColumnId,
        update: ReportColumnUpdate,
    ) -> Request<ReportColumn> {
        let call = self.client.call(&UPDATE_COLUMN).id("reportId", report.get()).id("columnVirtualId", column.get());
        written(call.json(&update)).check(update.check())
    }

    /// Takes a column out of a report. The columns of the sheets stay.
    pub fn delete_column(&self, report: ReportId, column: VirtualColumnId) -> Request<()> {
        let call = self.client.call(&DELETE_COLUMN).id("reportId", report.get());
        done(call.id("columnVirtualId", column.get()))
    }

    /// What a report shows of its sheets: filters, groups, summaries, order.
    pub fn definition(&self, report: ReportId) -> Request<ReportDefinition> {
        Request::new(self.client.call(&DEFINITION).id("reportId", report.get()))
    }

    /// Changes what a report shows of its sheets. What is not set stays.
    pub fn update_definition(&self, report: ReportId, update: ReportDefinitionUpdate) -> Request<ReportDefinition> {
        let check = || -> Result<()> {
            if update == ReportDefinitionUpdate::default() {
                return Err(connectors_core::Error::invalid("update", "changes nothing"));
            }
            update.check("")
        };
        written(self.client.call(&UPDATE_DEFINITION).id("reportId", report.get()).json(&update)).check(check())
    }
}

/// The answer to added columns; it is not documented to hold them.
#[derive(serde::Deserialize)]
struct Added {
    #[serde(default, alias = "data")]
    result: Vec<ReportColumn>,
}

impl From<Added> for Vec<ReportColumn> {
    fn from(added: Added) -> Self {
        added.result
    }
}

connectors_core::request! {
    /// Lists reports: [`Reports::list`]. Awaiting it gives one page; [`pager`](Self::pager) gives all.
    pub struct ListReports => OffsetPage<ReportSummary>;
    /// Only reports that were changed since.
    time modified_since = "modifiedSince";
    /// All of them in one answer.
    flag include_all = "includeAll";
}
offset_pages!(ListReports => ReportSummary);

connectors_core::request! {
    /// Lists what a report is about: [`Reports::scope`]. Awaiting it gives one page; [`pager`](Self::pager) gives all.
    pub struct ListReportScope => TokenPage<ReportScope>;
}
token_pages!(ListReportScope => ReportScope);

connectors_core::request! {
    /// Lists the columns of a report: [`Reports::columns`]. Awaiting it gives one page; [`pager`](Self::pager) gives
    /// all.
    pub struct ListReportColumns => TokenPage<ReportColumn>;
}
token_pages!(ListReportColumns => ReportColumn);
