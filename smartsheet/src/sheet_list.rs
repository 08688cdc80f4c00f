//! Listing sheets.

use connectors_core::provider::Operation;
use http::Method;

use crate::model::{OffsetPage, SheetSummary};
use crate::query::SheetInclude;
use crate::request::{offset_pages, operation};

pub(crate) static LIST: Operation = operation(Method::GET, "sheets.list", "/sheets");

connectors_core::request! {
    /// Lists sheets: [`Sheets::list`](crate::Sheets::list). Awaiting it gives one page; [`pager`](Self::pager) gives
    /// all.
    pub struct ListSheets => OffsetPage<SheetSummary>;
    /// Adds to what is sent: [`SheetInclude::Source`], [`SheetInclude::OwnerInfo`], or
    /// [`SheetInclude::SheetVersion`], which Smartsheet does not answer in pages.
    list include: SheetInclude = "include";
    /// All sheets in one answer, instead of pages.
    flag include_all = "includeAll";
    /// Only sheets that were changed since.
    time modified_since = "modifiedSince";
}
offset_pages!(ListSheets => SheetSummary);

impl ListSheets {
    pub(crate) fn new(call: connectors_core::provider::Call) -> Self {
        Self(connectors_core::Request::new(call))
    }
}
