//! What is in folders and workspaces.

use connectors_core::provider::Operation;
use connectors_core::{Cursor, Error, Page, Pager, RequestOptions, Response, Result, request_options};
use http::Method;

use crate::client::SmartsheetClient;
use crate::model::ids::positive;
use crate::model::{Child, ResourceType, TokenPage};
use crate::sheets::Destination;
use crate::{PROVIDER, checked};

static OF_FOLDER: Operation =
    Operation::new(PROVIDER, "folders.children", Method::GET, "/folders/{containerId}/children");
static OF_WORKSPACE: Operation =
    Operation::new(PROVIDER, "workspaces.children", Method::GET, "/workspaces/{containerId}/children");

/// Lists what is in a folder or workspace: [`Folders::children`](crate::Folders::children) and
/// [`Workspaces::children`](crate::Workspaces::children). Awaiting it gives one page; [`pager`](Self::pager) gives all.
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ListChildren {
    client: SmartsheetClient,
    container: Destination,
    types: Vec<ResourceType>,
    max_items: Option<u32>,
    from: Option<Cursor>,
    options: RequestOptions,
}

impl ListChildren {
    pub(crate) fn new(client: SmartsheetClient, container: Destination) -> Self {
        Self { client, container, types: Vec::new(), max_items: None, from: None, options: RequestOptions::default() }
    }

    /// Only things of these types. Smartsheet gives templates only together with sheets.
    pub fn types(mut self, types: impl IntoIterator<Item = ResourceType>) -> Self {
        self.types.extend(types);
        self
    }

    /// How many items a page holds at most: a multiple of 100 up to 1000.
    pub fn max_items(mut self, max: u32) -> Self {
        self.max_items = Some(max);
        self
    }

    /// Begins with the page at this cursor.
    pub fn starting_at(mut self, cursor: Cursor) -> Self {
        self.from = Some(cursor);
        self
    }

    /// Sends it.
    pub async fn send(self) -> Result<Response<TokenPage<Child>>> {
        let (container, id) = self.container.parts();
        let operation = match self.container {
            Destination::Folder(_) => &OF_FOLDER,
            Destination::Workspace(_) => &OF_WORKSPACE,
        };
        let valid = checked(&self.options, || check_max_items(self.max_items));
        let plural: Vec<_> = self.types.iter().map(|kind| format!("{kind}s")).collect();
        let types = crate::query::list(&plural);
        let call =
            self.client.call(operation, self.options).check(positive(&format!("{container}Id"), id)).check(valid);
        let call = call.path("containerId", id).query_opt("childrenResourceTypes", types);
        call.query_opt("maxItems", self.max_items).query_opt("lastKey", self.from).send().await
    }

    /// Everything in it, page by page.
    pub fn pager(self) -> Pager<Child> {
        Pager::new(self.from.clone(), move |from| {
            let page = Self { from, ..self.clone() };
            async move { page.await.map(into_page) }
        })
    }
}

request_options!(ListChildren => TokenPage<Child>);

pub(crate) fn check_max_items(max: Option<u32>) -> Result<()> {
    match max {
        Some(max) if !(100..=1000).contains(&max) || !max.is_multiple_of(100) => {
            Err(Error::invalid("maxItems", format!("must be a multiple of 100 from 100 to 1000, not {max}")))
        }
        _ => Ok(()),
    }
}

/// Only a missing key ends the list, not a short page.
pub(crate) fn into_page<T>(page: TokenPage<T>) -> Page<T> {
    Page::new(page.data, page.last_key.map(Cursor::new))
}
