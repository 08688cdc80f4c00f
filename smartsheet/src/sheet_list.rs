//! Listing sheets.

use chrono::{DateTime, SecondsFormat, Utc};
use connectors_core::provider::Operation;
use connectors_core::{Cursor, Error, Page, Pager, RequestOptions, Response, Result, request_options};
use http::Method;

use crate::PROVIDER;
use crate::client::SmartsheetClient;
use crate::model::{OffsetPage, SheetSummary};
use crate::query::{self, SheetInclude};

static LIST: Operation = Operation::new(PROVIDER, "sheets.list", Method::GET, "/sheets");

/// Lists sheets: [`Sheets::list`](crate::Sheets::list). Awaiting it gives one page; [`pager`](Self::pager) gives all.
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ListSheets {
    client: SmartsheetClient,
    include: Vec<SheetInclude>,
    modified_since: Option<DateTime<Utc>>,
    page: Option<u32>,
    page_size: Option<u32>,
    options: RequestOptions,
}

impl ListSheets {
    pub(crate) fn new(client: SmartsheetClient) -> Self {
        let options = RequestOptions::default();
        Self { client, include: Vec::new(), modified_since: None, page: None, page_size: None, options }
    }

    /// Adds to what is sent: [`SheetInclude::Source`], [`SheetInclude::OwnerInfo`], or
    /// [`SheetInclude::SheetVersion`], which Smartsheet does not answer in pages.
    pub fn include(mut self, what: impl IntoIterator<Item = SheetInclude>) -> Self {
        self.include.extend(what);
        self
    }

    /// Only sheets that were changed since.
    pub fn modified_since(mut self, since: DateTime<Utc>) -> Self {
        self.modified_since = Some(since);
        self
    }

    /// The page to begin with, from 1.
    pub fn page(mut self, page: u32) -> Self {
        self.page = Some(page);
        self
    }

    /// How many sheets a page holds; 100 by default.
    pub fn page_size(mut self, size: u32) -> Self {
        self.page_size = Some(size);
        self
    }

    /// Sends it.
    pub async fn send(self) -> Result<Response<OffsetPage<SheetSummary>>> {
        let since = self.modified_since.map(|t| t.to_rfc3339_opts(SecondsFormat::Secs, true));
        let call = self.client.call(&LIST, self.options).query_opt("include", query::list(&self.include));
        call.query_opt("modifiedSince", since)
            .query_opt("page", self.page)
            .query_opt("pageSize", self.page_size)
            .send()
            .await
    }

    /// All sheets, page by page. Its cursors are page numbers.
    pub fn pager(self) -> Pager<SheetSummary> {
        let first = self.page.map(|page| Cursor::new(page.to_string()));
        Pager::new(first, move |cursor| {
            let list = self.clone();
            async move {
                let number = cursor.map(|c| c.as_str().parse::<u32>()).transpose();
                let number = number.map_err(|_| Error::invalid("cursor", "must be a page number"))?.unwrap_or(1);
                let page = list.page(number).await?;
                // Not by an empty page: past the end, the last one may come again.
                let more = page.total_pages.is_some_and(|total| i64::from(number) < total);
                let next = more.then(|| Cursor::new((number + 1).to_string()));
                Ok(Page::new(page.data, next))
            }
        })
    }
}

request_options!(ListSheets => OffsetPage<SheetSummary>);
