//! Cross-sheet references.

use connectors_core::provider::Operation;
use connectors_core::{Error, Request, Result};
use http::Method;

use crate::model::ids::positive;
use crate::model::{CrossSheetReference, CrossSheetReferenceId, NewCrossSheetReference, OffsetPage, SheetId};
use crate::request::{CallExt, not_blank, offset_pages, operation, resource, written};

static LIST: Operation =
    operation(Method::GET, "cross_sheet_references.list", "/sheets/{sheetId}/crosssheetreferences");
static CREATE: Operation =
    operation(Method::POST, "cross_sheet_references.create", "/sheets/{sheetId}/crosssheetreferences");
static GET: Operation = operation(
    Method::GET,
    "cross_sheet_references.get",
    "/sheets/{sheetId}/crosssheetreferences/{crossSheetReferenceId}",
);

resource! {
    /// The endpoints of cross-sheet references:
    /// [`SmartsheetClient::cross_sheet_references`](crate::SmartsheetClient::cross_sheet_references).
    ///
    /// A reference is what the formulas of one sheet call a part of another by. Smartsheet deletes those that no
    /// formula has used two hours after they were made.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::NewCrossSheetReference;
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, events, stores) = (mock.client().clone(), mock.template_id(), mock.store_list_id());
    /// let area = smartsheet.columns().list(stores).await?[3].id;
    /// let areas = NewCrossSheetReference::columns("Store areas", stores, area, area);
    /// let areas = smartsheet.cross_sheet_references().create(events, areas).await?;
    /// // Formulas of the events can now say `=SUM({Store areas})`.
    /// let read = smartsheet.cross_sheet_references().get(events, areas.id).await?;
    /// assert_eq!(read.source_sheet_id, Some(stores));
    /// assert_eq!(smartsheet.cross_sheet_references().list(events).await?.data, [read]);
    /// # Ok(())
    /// # }
    /// ```
    pub struct CrossSheetReferences;
}

impl CrossSheetReferences {
    /// The references that the formulas of a sheet can use.
    pub fn list(&self, sheet: SheetId) -> ListCrossSheetReferences {
        ListCrossSheetReferences(Request::new(self.client.call(&LIST).id("sheetId", sheet.get())))
    }

    /// One reference.
    pub fn get(&self, sheet: SheetId, reference: CrossSheetReferenceId) -> Request<CrossSheetReference> {
        let call = self.client.call(&GET).id("sheetId", sheet.get());
        Request::new(call.id("crossSheetReferenceId", reference.get()))
    }

    /// Creates a reference for the formulas of `sheet`.
    pub fn create(&self, sheet: SheetId, reference: NewCrossSheetReference) -> Request<CrossSheetReference> {
        let call = self.client.call(&CREATE).write_to(sheet);
        written(call.json(&reference)).check(check(sheet, &reference))
    }
}

connectors_core::request! {
    /// Lists cross-sheet references: [`CrossSheetReferences::list`]. Awaiting it gives one page;
    /// [`pager`](Self::pager) gives all.
    pub struct ListCrossSheetReferences => OffsetPage<CrossSheetReference>;
    /// All of them in one answer.
    flag include_all = "includeAll";
}
offset_pages!(ListCrossSheetReferences => CrossSheetReference);

fn check(sheet: SheetId, reference: &NewCrossSheetReference) -> Result<()> {
    not_blank("name", &reference.name)?;
    positive("sourceSheetId", reference.source_sheet_id.get())?;
    if reference.source_sheet_id == sheet {
        return Err(Error::invalid("sourceSheetId", "must be another sheet"));
    }
    let pairs = |start: bool, end: bool, what: &str| {
        if start == end { Ok(()) } else { Err(Error::invalid(what, "must have both ends").with_code(1012)) }
    };
    let (column, row) = (reference.start_column_id.is_some(), reference.start_row_id.is_some());
    pairs(column, reference.end_column_id.is_some(), "endColumnId")?;
    pairs(row, reference.end_row_id.is_some(), "endRowId")?;
    if column || row { Ok(()) } else { Err(Error::invalid("startColumnId", "must name columns, rows or both")) }
}
