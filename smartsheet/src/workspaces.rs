//! Workspaces.

use connectors_core::provider::Operation;
use connectors_core::{Cursor, Pager, RequestOptions, Response, Result, request_options};
use http::Method;

use crate::children::{ListChildren, check_max_items, into_page};
use crate::client::SmartsheetClient;
use crate::model::ids::positive;
use crate::model::{TokenPage, Workspace, WorkspaceId};
use crate::{PROVIDER, checked};

static LIST: Operation = Operation::new(PROVIDER, "workspaces.list", Method::GET, "/workspaces");
static METADATA: Operation =
    Operation::new(PROVIDER, "workspaces.metadata", Method::GET, "/workspaces/{workspaceId}/metadata");

/// The endpoints of workspaces: [`SmartsheetClient::workspaces`].
#[derive(Debug, Clone)]
pub struct Workspaces {
    client: SmartsheetClient,
}

impl Workspaces {
    pub(crate) fn new(client: SmartsheetClient) -> Self {
        Self { client }
    }

    /// All workspaces that the token can see.
    pub fn list(&self) -> ListWorkspaces {
        ListWorkspaces { client: self.client.clone(), max_items: None, from: None, options: RequestOptions::default() }
    }

    /// What is in a workspace.
    pub fn children(&self, workspace: WorkspaceId) -> ListChildren {
        ListChildren::new(self.client.clone(), workspace.into())
    }

    /// The workspace itself.
    pub async fn metadata(&self, workspace: WorkspaceId) -> Result<Workspace> {
        let call = self.client.call(&METADATA, RequestOptions::default());
        let call = call.check(positive("workspaceId", workspace.get())).path("workspaceId", workspace);
        Ok(call.send::<Workspace>().await?.into_inner())
    }
}

/// Lists workspaces: [`Workspaces::list`]. Awaiting it gives one page; [`pager`](Self::pager) gives all.
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ListWorkspaces {
    client: SmartsheetClient,
    max_items: Option<u32>,
    from: Option<Cursor>,
    options: RequestOptions,
}

impl ListWorkspaces {
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
    pub async fn send(self) -> Result<Response<TokenPage<Workspace>>> {
        let valid = checked(&self.options, || check_max_items(self.max_items));
        let call = self.client.call(&LIST, self.options).check(valid);
        // Unless asked for tokens, which a number of items does, Smartsheet pages this list by number, without a key:
        // a pager would take the first page for all there is.
        let call = call.query_opt("paginationType", self.max_items.is_none().then_some("token"));
        call.query_opt("maxItems", self.max_items).query_opt("lastKey", self.from).send().await
    }

    /// All workspaces, page by page.
    pub fn pager(self) -> Pager<Workspace> {
        Pager::new(self.from.clone(), move |from| {
            let page = Self { from, ..self.clone() };
            async move { page.await.map(into_page) }
        })
    }
}

request_options!(ListWorkspaces => TokenPage<Workspace>);
