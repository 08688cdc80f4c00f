//! Sorting a sheet.

use connectors_core::provider::{Call, Operation, Safety};
use connectors_core::{Error, Request, Result};
use http::Method;
use serde::Serialize;

use crate::model::{ColumnId, RowId, Sheet, SortCriterion};
use crate::query::{SheetExclude, SheetInclude};
use crate::request::{at_least_one, count, operation};
use crate::sheet_get::{BODY_CAP, RICH_LEVEL};

// Done twice, it leaves the same order.
pub(crate) static SORT: Operation =
    operation(Method::POST, "sheets.sort", "/sheets/{sheetId}/sort").safety(Safety::Idempotent);

connectors_core::request! {
    /// Sorts a sheet: [`Sheets::sort`](crate::Sheets::sort). The answer is the sheet in its new order, all of it unless
    /// a part is asked for.
    pub struct SortSheet => Sheet;
    /// Adds to what is sent back.
    list include: SheetInclude = "include";
    /// Leaves out of what is sent back.
    list exclude: SheetExclude = "exclude";
    /// Sends only these columns back.
    list column_ids: ColumnId = "columnIds";
    /// Sends only these rows back.
    list row_ids: RowId = "rowIds";
    /// The level of detail, for what [`rich_values`](Self::rich_values) does not cover.
    set level: u8 = "level";
}

impl SortSheet {
    pub(crate) fn new(call: Call, criteria: Vec<SortCriterion>) -> Self {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct By {
            sort_criteria: Vec<SortCriterion>,
        }
        let checked = check(&criteria);
        let call = call.json(&By { sort_criteria: criteria }).body_cap(BODY_CAP);
        Self(Request::new(call).check(checked))
    }

    /// Sends typed values back beside the plain ones.
    pub fn rich_values(self) -> Self {
        self.include([SheetInclude::ObjectValue]).level(RICH_LEVEL)
    }

    /// Sends one page of rows back, from 1, with `size` rows.
    pub fn page(self, page: u32, size: u32) -> Self {
        let checked = at_least_one("page", page).and_then(|()| at_least_one("pageSize", size));
        Self(self.0.check(checked).set("page", page).set("pageSize", size))
    }
}

fn check(criteria: &[SortCriterion]) -> Result<()> {
    count("sortCriteria", criteria.len(), usize::MAX)?;
    let twice = |(index, by): (usize, &SortCriterion)| {
        criteria.iter().take(index).any(|earlier| earlier.column_id == by.column_id).then_some(index)
    };
    match criteria.iter().enumerate().find_map(twice) {
        Some(index) => Err(Error::invalid(format!("sortCriteria[{index}].columnId"), "is sorted by already")),
        None => Ok(()),
    }
}
