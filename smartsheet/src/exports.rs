//! Sheets and reports as files.

use connectors_core::provider::{Call, Operation};
use connectors_core::{Download, Error, Result};
use http::{HeaderValue, Method, header};

use crate::model::{PaperSize, ReportId, SheetId};
use crate::reports::Reports;
use crate::request::{CallExt, operation};
use crate::sheets::Sheets;

static SHEET: Operation = operation(Method::GET, "sheets.get", "/sheets/{sheetId}");
static REPORT: Operation = operation(Method::GET, "reports.get", "/reports/{reportId}");

/// What kind of file a sheet or report is exported to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExportFormat {
    /// Values separated by commas, in UTF-8.
    Csv,
    /// A workbook.
    Excel,
    /// A PDF on paper of this size. Sheets only.
    Pdf(PaperSize),
}

impl ExportFormat {
    fn media_type(&self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Csv => "text/csv",
            Self::Excel => "application/vnd.ms-excel",
            Self::Pdf(_) => "application/pdf",
        })
    }

    fn check(&self, of_report: bool) -> Result<()> {
        match self {
            Self::Pdf(_) if of_report => {
                Err(Error::invalid("format", "must be CSV or Excel for a report").with_code(1052))
            }
            _ => Ok(()),
        }
    }

    fn of(self, call: Call) -> Call {
        let call = call.header(header::ACCEPT, self.media_type());
        match self {
            Self::Pdf(size) => call.query("paperSize", size),
            _ => call,
        }
    }
}

impl Sheets {
    /// A sheet as a file, with all of its rows.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{ExportFormat, PaperSize};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, sheet) = (mock.client().clone(), mock.store_list_id());
    /// let csv = smartsheet.sheets().export(sheet, ExportFormat::Csv).bytes().await?;
    /// assert!(csv.starts_with(b"Store,City,"));
    ///
    /// let mut file = Vec::new(); // or std::fs::File::create("stores.pdf")?
    /// smartsheet.sheets().export(sheet, ExportFormat::Pdf(PaperSize::A4)).write_to(&mut file).await?;
    /// assert!(file.starts_with(b"%PDF-"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn export(&self, sheet: SheetId, format: ExportFormat) -> Download {
        let call = self.client.long_call(&SHEET).id("sheetId", sheet.get());
        let refused = format.check(false);
        Download::new(format.of(call)).check(refused)
    }
}

impl Reports {
    /// A report as a CSV or Excel file.
    pub fn export(&self, report: ReportId, format: ExportFormat) -> Download {
        let call = self.client.long_call(&REPORT).id("reportId", report.get());
        let refused = format.check(true);
        Download::new(format.of(call)).check(refused)
    }
}
