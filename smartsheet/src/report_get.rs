//! Reading a report.

use connectors_core::provider::Operation;
use connectors_core::{Cursor, Error, Page, Pager, Request, Result, open_enum};
use http::Method;

use crate::client::SmartsheetClient;
use crate::model::{Report, ReportId, Row};
use crate::reports::RICH_LEVEL;
use crate::request::{CallExt, at_least_one, operation, page_number};

static GET: Operation = operation(Method::GET, "reports.get", "/reports/{reportId}");

/// Ten thousand rows of a wide report.
const BODY_CAP: usize = 256 << 20;

/// How many rows a page may hold.
const MAX_ROWS: u32 = 10_000;

/// How many rows a pager asks for at a time: a tenth of the requests that the default would take twice over, and still
/// few enough to hold.
const PAGER_ROWS: u32 = 2_500;

open_enum! {
    /// What a report is read with, besides its columns and rows.
    pub enum ReportInclude {
        /// The metadata of attachments.
        "attachments" => Attachments,
        /// The metadata of discussions.
        "discussions" => Discussions,
        /// Proofs.
        "proofs" => Proofs,
        /// Formats of cells, rows and columns.
        "format" => Format,
        /// Typed values. Needs a level as well: ask for rich values instead.
        "objectValue" => ObjectValue,
        /// The sheets and workspaces it is about.
        "scope" => Scope,
        /// What it was made from.
        "source" => Source,
        /// The sheets that its rows are of.
        "sourceSheets" => SourceSheets,
    }
}

open_enum! {
    /// What a report is read without.
    pub enum ReportExclude {
        /// Where the values of linked cells come from.
        "linkInFromCellDetails" => LinkInFromCellDetails,
        /// Where the values of cells are linked to.
        "linksOutToCellsDetails" => LinksOutToCellsDetails,
    }
}

connectors_core::request! {
    /// Reads a report: [`Reports::get`](crate::Reports::get). Awaiting it gives the report with one page of rows, 100 of
    /// them unless told otherwise; [`rows`](Self::rows) gives all rows.
    pub struct GetReport => Report;
    /// Adds to what is sent.
    list include: ReportInclude = "include";
    /// Leaves out of what is sent.
    list exclude: ReportExclude = "exclude";
    /// The level of detail, for what [`rich_values`](Self::rich_values) does not cover.
    set level: u8 = "level";
}

impl GetReport {
    pub(crate) fn new(client: &SmartsheetClient, report: ReportId) -> Self {
        Self(Request::new(client.call(&GET).id("reportId", report.get()).body_cap(BODY_CAP)))
    }

    /// Typed values beside the plain ones: contacts, several picklist values, dates, durations, predecessors.
    pub fn rich_values(self) -> Self {
        self.include([ReportInclude::ObjectValue]).level(RICH_LEVEL)
    }

    /// The page to begin with, from 1. A page past the end may repeat the last one: stop by
    /// [`Report::total_row_count`].
    pub fn page(self, number: u32) -> Self {
        Self(self.0.check(at_least_one("page", number)).set("page", number))
    }

    /// How many rows a page holds: 100 by default, at most 10 000.
    pub fn page_size(self, rows: u32) -> Self {
        let problem = || Error::invalid("pageSize", format!("must be from 1 to {MAX_ROWS}, not {rows}"));
        let check = if (1..=MAX_ROWS).contains(&rows) { Ok(()) } else { Err(problem().with_code(1229)) };
        Self(self.0.check(check).set("pageSize", rows))
    }

    /// All rows, page by page: a stream. Its cursors are page numbers. Rows that come and go meanwhile may be passed
    /// over or come twice.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let smartsheet = mock.client().clone();
    /// let report = smartsheet.reports().list().await?.data[0].id;
    /// let rows = smartsheet.reports().get(report).page_size(2).rows().collect_all().await?;
    /// assert_eq!(rows.len(), 4);
    /// assert!(rows.iter().all(|row| row.sheet_id.is_some()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn rows(self) -> Pager<Row> {
        let first = self.0.parameter("page").map(Cursor::new);
        let asked = self.0.parameter("pageSize").and_then(|size| size.parse().ok());
        let size = asked.unwrap_or(PAGER_ROWS);
        // What was asked for stays as it is, so that what is wrong with it is still refused.
        let get = if asked.is_some() { self } else { self.page_size(size) };
        Pager::new(first, move |cursor| {
            let get = get.clone();
            async move { page(get, page_number(cursor.as_ref())?, size).await }
        })
    }
}

async fn page(get: GetReport, number: u32, size: u32) -> Result<Page<Row>> {
    let report = get.page(number).await?;
    let so_far = u64::from(number).saturating_mul(u64::from(size));
    // Not by an empty page: past the end, the last one may come again.
    let full = u64::try_from(report.rows.len()).is_ok_and(|rows| rows >= u64::from(size));
    let more = report.total_row_count.map_or(full, |total| so_far < total);
    Ok(Page::new(report.rows, more.then(|| Cursor::new((number + 1).to_string()))))
}
