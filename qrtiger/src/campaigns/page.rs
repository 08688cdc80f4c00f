//! Codes that are listed.

use connectors_core::provider::Operation;
use connectors_core::{Cursor, Error, Page, RequestOptions, Response, Result};
use http::Method;

use crate::model::CampaignList;
use crate::{Campaign, PROVIDER, QrTigerClient};

static LIST: Operation = Operation::new(PROVIDER, "campaigns.list", Method::GET, "/api/campaign");

/// The page size of lists. 100 and 200 are in use; the limit is not documented.
const PAGE_SIZE: u32 = 100;

/// One page of the list: [`Campaigns::page`](crate::Campaigns::page). Await it for the [`Page`].
///
/// The provider may have a largest page of its own, so a page that is not full need not be the last one: every page that
/// brings anything names a next one, which may turn out to be empty.
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct CampaignPage {
    client: QrTigerClient,
    options: RequestOptions,
    number: u32,
    limit: u32,
}

impl CampaignPage {
    pub(super) fn new(client: QrTigerClient, number: u32) -> Self {
        Self { client, options: RequestOptions::default(), number, limit: PAGE_SIZE }
    }

    /// How many codes a page has at most; 100 unless set.
    pub fn limit(mut self, codes: u32) -> Self {
        self.limit = codes;
        self
    }

    /// Gets the page.
    pub async fn send(self) -> Result<Response<Page<Campaign>>> {
        let number = self.number;
        Ok(self.received().await?.map(|list| {
            let next = number.checked_add(1).filter(|_| list.received > 0);
            Page::new(list.campaigns, next.map(|next| Cursor::new(next.to_string())))
        }))
    }

    /// The page as it came.
    pub(super) async fn received(self) -> Result<Response<CampaignList>> {
        let Self { client, options, number, limit } = self;
        let checked = match (number, limit) {
            _ if options.skip_validation => Ok(()),
            (0, _) => Err(Error::invalid("page", "is counted from 1")),
            (_, 0) => Err(Error::invalid("limit", "must be at least 1")),
            _ => Ok(()),
        };
        let call =
            client.core().call(&LIST).check(checked).options(options).query("limit", limit).query("page", number);
        call.send().await
    }
}

connectors_core::request_options!(CampaignPage => Page<Campaign>);
