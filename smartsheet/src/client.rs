//! The client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use connectors_core::provider::{Call, Core, KeyedLocks, Operation};
use connectors_core::{Links, RateLimits, Result};
use http::{HeaderMap, Method};
use secrecy::SecretString;

use crate::attachments::Attachments;
use crate::automation_rules::AutomationRules;
use crate::builder::{SmartsheetBuilder, credential};
use crate::cells::Cells;
use crate::columns::Columns;
use crate::comments::Comments;
use crate::contacts::Contacts;
use crate::cross_sheet_references::CrossSheetReferences;
use crate::dashboards::Dashboards;
use crate::discussions::Discussions;
use crate::events::Events;
use crate::favorites::Favorites;
use crate::filters::Filters;
use crate::folders::Folders;
use crate::governance::Governance;
use crate::groups::Groups;
use crate::home::Home;
use crate::images::Images;
use crate::proofs::Proofs;
use crate::reports::Reports;
use crate::rows::Rows;
use crate::search::Search;
use crate::shares::Shares;
use crate::sheets::Sheets;
use crate::summaries::Summaries;
use crate::tokens::Tokens;
use crate::update_requests::UpdateRequests;
use crate::users::Users;
use crate::webhooks::Webhooks;
use crate::workspaces::Workspaces;

/// A typed client of Smartsheet's API 2.0.
///
/// A clone is another handle to the same connections, quota and memory. The native API is all there, grouped by
/// resource: [`sheets`](Self::sheets), [`rows`](Self::rows), [`workspaces`](Self::workspaces) and so on, one method
/// each; what Smartsheet adds goes through [`request`](Self::request). A [`table`](Self::table) is a sheet by the titles
/// of its columns. The jobs of field marketing are the methods of
/// [`SmartsheetService`](crate::SmartsheetService).
///
/// Build it inside the runtime that it is used on.
#[derive(Clone)]
pub struct SmartsheetClient {
    core: Core,
    shared: Arc<Shared>,
}

struct Shared {
    /// Sent with every request.
    headers: HeaderMap,
    /// The deadline of calls that may take minutes, unless the user set one for all.
    long_call: Option<Duration>,
    /// Held from the look at a sheet's rows to the last write that follows from it.
    turns: KeyedLocks,
}

impl SmartsheetClient {
    pub(crate) fn new(core: Core, headers: HeaderMap, long_call: Option<Duration>) -> Self {
        Self { core, shared: Arc::new(Shared { headers, long_call, turns: KeyedLocks::default() }) }
    }

    /// Sets up a client.
    pub fn builder() -> SmartsheetBuilder {
        SmartsheetBuilder::default()
    }

    /// A client by the environment: `SMARTSHEET_ACCESS_TOKEN`, and `SMARTSHEET_API_URL` for another region.
    pub fn from_env() -> Result<Self> {
        SmartsheetBuilder::from_env()?.build()
    }

    /// As [`SmartsheetClient::from_env`], from any lookup of variables.
    pub fn from_vars(lookup: impl Fn(&str) -> Option<String>) -> Result<Self> {
        SmartsheetBuilder::from_vars(lookup)?.build()
    }

    /// Sheets: read, create, import, export, copy, move, publish, list, delete.
    pub fn sheets(&self) -> Sheets {
        Sheets::new(self.clone())
    }

    /// Rows: add, update, delete, copy, move, send, read.
    pub fn rows(&self) -> Rows {
        Rows::new(self.clone())
    }

    /// Columns: list, read, add, update, delete.
    pub fn columns(&self) -> Columns {
        Columns::new(self.clone())
    }

    /// Folders, and what is in them.
    pub fn folders(&self) -> Folders {
        Folders::new(self.clone())
    }

    /// Workspaces, and what is in them.
    pub fn workspaces(&self) -> Workspaces {
        Workspaces::new(self.clone())
    }

    /// Attachments: list, read, upload, download, versions.
    pub fn attachments(&self) -> Attachments {
        Attachments::new(self.clone())
    }

    /// Automation rules.
    pub fn automation_rules(&self) -> AutomationRules {
        AutomationRules::new(self.clone())
    }

    /// Cells: history and images.
    pub fn cells(&self) -> Cells {
        Cells::new(self.clone())
    }

    /// Comments of discussions.
    pub fn comments(&self) -> Comments {
        Comments::new(self.clone())
    }

    /// Contacts of the user.
    pub fn contacts(&self) -> Contacts {
        Contacts::new(self.clone())
    }

    /// References from formulas to other sheets.
    pub fn cross_sheet_references(&self) -> CrossSheetReferences {
        CrossSheetReferences::new(self.clone())
    }

    /// Dashboards, which the API calls sights.
    pub fn dashboards(&self) -> Dashboards {
        Dashboards::new(self.clone())
    }

    /// Discussions on sheets and rows.
    pub fn discussions(&self) -> Discussions {
        Discussions::new(self.clone())
    }

    /// Events: who did what in the account.
    pub fn events(&self) -> Events {
        Events::new(self.clone())
    }

    /// Favorites of the user.
    pub fn favorites(&self) -> Favorites {
        Favorites::new(self.clone())
    }

    /// Filters of sheets.
    pub fn filters(&self) -> Filters {
        Filters::new(self.clone())
    }

    /// Governance: data classification.
    pub fn governance(&self) -> Governance {
        Governance::new(self.clone())
    }

    /// Groups of users.
    pub fn groups(&self) -> Groups {
        Groups::new(self.clone())
    }

    /// The home folder.
    pub fn home(&self) -> Home {
        Home::new(self.clone())
    }

    /// Images: their addresses.
    pub fn images(&self) -> Images {
        Images::new(self.clone())
    }

    /// Proofs.
    pub fn proofs(&self) -> Proofs {
        Proofs::new(self.clone())
    }

    /// Reports.
    pub fn reports(&self) -> Reports {
        Reports::new(self.clone())
    }

    /// Search, everywhere or in one sheet.
    pub fn search(&self) -> Search {
        Search::new(self.clone())
    }

    /// Shares: who may do what with sheets, reports, dashboards and workspaces.
    pub fn shares(&self) -> Shares {
        Shares::new(self.clone())
    }

    /// Sheet summaries.
    pub fn summaries(&self) -> Summaries {
        Summaries::new(self.clone())
    }

    /// Tokens: revocation.
    pub fn tokens(&self) -> Tokens {
        Tokens::new(self.clone())
    }

    /// Update requests.
    pub fn update_requests(&self) -> UpdateRequests {
        UpdateRequests::new(self.clone())
    }

    /// Webhooks: set up, switch on, list, delete.
    pub fn webhooks(&self) -> Webhooks {
        Webhooks::new(self.clone())
    }

    /// Uses another access token from now on, for all clones of the client. Calls that have begun keep the old one
    /// until they end, so let it live on for as long as the deadline of a call.
    ///
    /// Fails with [`Config`](connectors_core::ErrorKind::Config) on a token that cannot be one; the old one stays then.
    pub fn replace_access_token(&self, token: impl Into<SecretString>) -> Result<()> {
        self.core().replace_credential(credential(&token.into())?);
        Ok(())
    }

    /// The quotas in force.
    pub fn limits(&self) -> &RateLimits {
        self.core().limits()
    }

    /// Users of the account, and who the token belongs to.
    pub fn users(&self) -> Users {
        Users::new(self.clone())
    }

    /// A call of an endpoint that has no method yet, with the same credential, quota, retries and caps. `path` is below
    /// the base URL and may carry a query.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use http::Method;
    /// use serde::Deserialize;
    ///
    /// #[derive(Deserialize)]
    /// struct Version {
    ///     version: u64,
    /// }
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (client, sheet) = (mock.client().clone(), mock.template_id());
    /// let path = format!("/sheets/{sheet}/version");
    /// let answer = client.request(&Method::GET, &path).send::<Version>().await?;
    /// assert_eq!(answer.version, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: &Method, path: &str) -> Call {
        self.prepared(self.core.request(method, path))
    }

    /// What was created, by our ids.
    pub fn links(&self) -> &Links {
        self.core.links()
    }

    pub(crate) fn core(&self) -> &Core {
        &self.core
    }

    /// The same client for work of many calls, which lets single ones go first.
    pub(crate) fn bulk(&self) -> Self {
        Self { core: self.core.bulk(), shared: Arc::clone(&self.shared) }
    }

    pub(crate) fn turns(&self) -> &KeyedLocks {
        &self.shared.turns
    }

    pub(crate) fn call(&self, operation: &'static Operation) -> Call {
        self.prepared(self.core.call(operation))
    }

    /// As [`call`](Self::call), for what may take minutes.
    pub(crate) fn long_call(&self, operation: &'static Operation) -> Call {
        self.call(operation).timeout(self.shared.long_call)
    }

    fn prepared(&self, call: Call) -> Call {
        self.shared.headers.iter().fold(call, |call, (name, value)| call.header(name.clone(), value.clone()))
    }
}

impl fmt::Debug for SmartsheetClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmartsheetClient").field("base", &self.core.base()).finish_non_exhaustive()
    }
}
