//! Cells: history and images.

use connectors_core::NewFile;
use connectors_core::provider::Operation;
use connectors_core::{Request, open_enum};
use http::Method;

use crate::files::FileExt as _;
use crate::images::check_alt_text;
use crate::model::{CellHistory, ColumnId, OffsetPage, Row, RowId, SheetId, WriteResult};
use crate::request::{CallExt, offset_pages, operation, resource};
use crate::sheet_get::RICH_LEVEL;

static HISTORY: Operation =
    operation(Method::GET, "cells.history", "/sheets/{sheetId}/rows/{rowId}/columns/{columnId}/history").cost(10);

static ADD_IMAGE: Operation =
    operation(Method::POST, "cells.add_image", "/sheets/{sheetId}/rows/{rowId}/columns/{columnId}/cellimages").cost(10);

resource! {
    /// The endpoints of cells: [`SmartsheetClient::cells`](crate::SmartsheetClient::cells).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{CellWrite, NewFile, RowUpdate};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, sheet) = (mock.client().clone(), mock.store_list_id());
    /// # let held = smartsheet.sheets().get(sheet).await?;
    /// # let (row, column) = (held.rows[0].id, held.columns[0].id);
    /// smartsheet.rows().update(sheet, [RowUpdate::new(row, [CellWrite::value(column, "Alexa II")])]).await?;
    /// let history = smartsheet.cells().history(sheet, row, column).await?;
    /// let held: Vec<_> = history.data.iter().map(|then| then.cell.to_string()).collect();
    /// assert_eq!(held, ["Alexa II", "Alexa"]);
    ///
    /// let photo = NewFile::path("shop.jpg");
    /// # let photo = NewFile::new("shop.jpg", &b"\xff\xd8\xff"[..]);
    /// let written = smartsheet.cells().add_image(sheet, row, column, photo).alt_text("The shop").await?;
    /// let image = written.result.cell(column).and_then(|cell| cell.image());
    /// assert_eq!(image.and_then(|image| image.alt_text.as_deref()), Some("The shop"));
    /// # Ok(())
    /// # }
    /// ```
    pub struct Cells;
}

impl Cells {
    /// What a cell held, the latest first. Counts as ten requests.
    pub fn history(&self, sheet: SheetId, row: RowId, column: ColumnId) -> ListCellHistory {
        let call = self.client.call(&HISTORY).id("sheetId", sheet.get()).id("rowId", row.get());
        ListCellHistory(Request::new(call.id("columnId", column.get())))
    }

    /// Puts an image into a cell, in place of its value. Counts as ten requests. What is in it can be had by
    /// [`Images::download`](crate::Images::download).
    pub fn add_image(&self, sheet: SheetId, row: RowId, column: ColumnId, image: NewFile) -> AddCellImage {
        let refused = image.check();
        let call = self.client.long_call(&ADD_IMAGE).write_to(sheet);
        let call = call.id("rowId", row.get()).id("columnId", column.get());
        AddCellImage(Request::new(image.alone(call)).check(refused))
    }
}

open_enum! {
    /// What the history of a cell is read with.
    pub enum HistoryInclude {
        /// The column's type.
        "columnType" => ColumnType,
        /// Typed values. Needs a level as well: ask for rich values instead.
        "objectValue" => ObjectValue,
    }
}

connectors_core::request! {
    /// Reads what a cell held: [`Cells::history`]. Awaiting it gives one page; [`pager`](Self::pager) gives all.
    pub struct ListCellHistory => OffsetPage<CellHistory>;
    /// Adds to what is sent.
    list include: HistoryInclude = "include";
    /// The level of detail, for what [`rich_values`](Self::rich_values) does not cover.
    set level: u8 = "level";
}
offset_pages!(ListCellHistory => CellHistory);

impl ListCellHistory {
    /// Typed values beside the plain ones.
    pub fn rich_values(self) -> Self {
        self.include([HistoryInclude::ObjectValue]).level(RICH_LEVEL)
    }
}

connectors_core::request! {
    /// Puts an image into a cell: [`Cells::add_image`].
    pub struct AddCellImage => WriteResult<Row>;
    /// Writes it although the column's validation would refuse it. Needs an admin.
    flag override_validation = "overrideValidation";
}

impl AddCellImage {
    /// What is shown to those who do not see it: at most 100 characters.
    pub fn alt_text(self, text: &str) -> Self {
        Self(self.0.check(check_alt_text(text)).set("altText", text))
    }
}
