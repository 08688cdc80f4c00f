//! The client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use connectors_core::provider::{Call, Core, KeyedLocks, Operation};
use connectors_core::{Links, RateLimits, RequestOptions, Result};
use http::{HeaderMap, Method};
use secrecy::SecretString;

use crate::builder::{SmartsheetBuilder, credential};
use crate::columns::Columns;
use crate::folders::Folders;
use crate::rows::Rows;
use crate::sheets::Sheets;
use crate::users::Users;
use crate::workspaces::Workspaces;

/// A typed client of Smartsheet's API 2.0.
///
/// A clone is another handle to the same connections, quota and memory. The native API is grouped by resource:
/// [`sheets`](Self::sheets), [`rows`](Self::rows), [`columns`](Self::columns), [`folders`](Self::folders),
/// [`workspaces`](Self::workspaces), [`users`](Self::users); what has no method yet goes through
/// [`request`](Self::request). The jobs of field marketing are the methods of
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

    /// Sheets: read, create, copy, list, delete.
    pub fn sheets(&self) -> Sheets {
        Sheets::new(self.clone())
    }

    /// Rows: add, update, delete, read.
    pub fn rows(&self) -> Rows {
        Rows::new(self.clone())
    }

    /// Columns: list, read, update.
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

    /// Users: who the token belongs to.
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

    pub(crate) fn call(&self, operation: &'static Operation, options: RequestOptions) -> Call {
        self.prepared(self.core.call(operation)).options(options)
    }

    /// As [`call`](Self::call), for what may take minutes.
    pub(crate) fn long_call(&self, operation: &'static Operation, mut options: RequestOptions) -> Call {
        options.timeout = options.timeout.or(self.shared.long_call);
        self.call(operation, options)
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
