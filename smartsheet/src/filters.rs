//! Filters.

use connectors_core::Request;
use connectors_core::provider::Operation;
use http::Method;

use crate::model::{FilterId, OffsetPage, SheetFilter, SheetId};
use crate::request::{CallExt, done, offset_pages, operation, resource};

static LIST: Operation = operation(Method::GET, "filters.list", "/sheets/{sheetId}/filters");
static GET: Operation = operation(Method::GET, "filters.get", "/sheets/{sheetId}/filters/{filterId}");
static DELETE: Operation = operation(Method::DELETE, "filters.delete", "/sheets/{sheetId}/filters/{filterId}");

resource! {
    /// The endpoints of filters: [`SmartsheetClient::filters`](crate::SmartsheetClient::filters). They are made in the
    /// browser; the API reads and deletes them.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::FilterOperator;
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, sheet) = (mock.client().clone(), mock.store_list_id());
    /// let filters = smartsheet.filters();
    /// let all = filters.list(sheet).await?.data;
    /// let berlin = filters.get(sheet, all[0].id).await?;
    /// let query = berlin.query.expect("a filter has conditions");
    /// assert_eq!(query.criteria[0].operator, FilterOperator::Equal);
    /// assert_eq!(query.criteria[0].values[0].to_string(), "Berlin");
    ///
    /// filters.delete(sheet, berlin.id).await?;
    /// assert_eq!(filters.list(sheet).await?.data.len(), all.len() - 1);
    /// # Ok(())
    /// # }
    /// ```
    pub struct Filters;
}

impl Filters {
    /// The filters of a sheet that the caller sees.
    pub fn list(&self, sheet: SheetId) -> ListFilters {
        ListFilters(Request::new(self.client.call(&LIST).id("sheetId", sheet.get())))
    }

    /// One filter.
    pub fn get(&self, sheet: SheetId, filter: FilterId) -> Request<SheetFilter> {
        Request::new(self.client.call(&GET).id("sheetId", sheet.get()).id("filterId", filter.get()))
    }

    /// Deletes a filter. Only admins delete shared ones (code 1181).
    pub fn delete(&self, sheet: SheetId, filter: FilterId) -> Request<()> {
        done(self.client.call(&DELETE).write_to(sheet).id("filterId", filter.get()))
    }
}

connectors_core::request! {
    /// Lists filters: [`Filters::list`]. Awaiting it gives one page; [`pager`](Self::pager) gives all.
    pub struct ListFilters => OffsetPage<SheetFilter>;
    /// All of them in one answer.
    flag include_all = "includeAll";
}
offset_pages!(ListFilters => SheetFilter);
