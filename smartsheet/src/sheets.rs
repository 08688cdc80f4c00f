//! Sheets.

use connectors_core::provider::Operation;
use connectors_core::{Error, RequestOptions, Response, Result, request_options};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::client::SmartsheetClient;
use crate::model::ids::positive;
use crate::model::{FolderId, NewColumn, NewSheet, SheetId, SheetSummary, WorkspaceId, WriteResult};
use crate::query::{self, CopyInclude};
use crate::sheet_get::GetSheet;
use crate::sheet_list::ListSheets;
use crate::{PROVIDER, checked};

static VERSION: Operation = Operation::new(PROVIDER, "sheets.version", Method::GET, "/sheets/{sheetId}/version");
static DELETE: Operation = Operation::new(PROVIDER, "sheets.delete", Method::DELETE, "/sheets/{sheetId}");
static COPY: Operation = Operation::new(PROVIDER, "sheets.copy", Method::POST, "/sheets/{sheetId}/copy").cost(10);
static CREATE_IN_FOLDER: Operation =
    Operation::new(PROVIDER, "sheets.create", Method::POST, "/folders/{containerId}/sheets");
static CREATE_IN_WORKSPACE: Operation =
    Operation::new(PROVIDER, "sheets.create", Method::POST, "/workspaces/{containerId}/sheets");

/// Where a sheet is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Destination {
    /// Into a folder.
    Folder(FolderId),
    /// Into a workspace, outside of its folders.
    Workspace(WorkspaceId),
}

impl Destination {
    /// What it is in the API's words, and which one.
    pub(crate) fn parts(self) -> (&'static str, i64) {
        match self {
            Self::Folder(id) => ("folder", id.get()),
            Self::Workspace(id) => ("workspace", id.get()),
        }
    }
}

impl From<FolderId> for Destination {
    fn from(id: FolderId) -> Self {
        Self::Folder(id)
    }
}

impl From<WorkspaceId> for Destination {
    fn from(id: WorkspaceId) -> Self {
        Self::Workspace(id)
    }
}

/// The endpoints of sheets: [`SmartsheetClient::sheets`].
#[derive(Debug, Clone)]
pub struct Sheets {
    client: SmartsheetClient,
}

impl Sheets {
    pub(crate) fn new(client: SmartsheetClient) -> Self {
        Self { client }
    }

    /// A sheet with its columns and rows, all of them unless a part is asked for.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::SheetExclude;
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, id) = (mock.client().clone(), mock.template_id());
    /// let sheet = smartsheet.sheets().get(id).rich_values().exclude([SheetExclude::NonexistentCells]).await?;
    /// println!("{} has {} rows", sheet.name, sheet.rows.len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn get(&self, id: SheetId) -> GetSheet {
        GetSheet::new(self.client.clone(), id)
    }

    /// All sheets that the token can see.
    pub fn list(&self) -> ListSheets {
        ListSheets::new(self.client.clone())
    }

    /// A new sheet in a folder, from a template or from columns. Not remembered: a second call makes a second sheet,
    /// other than [`create_sheet`](crate::SmartsheetService::create_sheet).
    pub fn create_in_folder(&self, folder: FolderId, sheet: NewSheet) -> CreateNewSheet {
        self.create(folder.into(), sheet)
    }

    /// As [`create_in_folder`](Self::create_in_folder), in a workspace.
    pub fn create_in_workspace(&self, workspace: WorkspaceId, sheet: NewSheet) -> CreateNewSheet {
        self.create(workspace.into(), sheet)
    }

    pub(crate) fn create(&self, destination: Destination, sheet: NewSheet) -> CreateNewSheet {
        let (client, options) = (self.client.clone(), RequestOptions::default());
        CreateNewSheet { client, destination, sheet, include: Vec::new(), options }
    }

    /// A copy of a sheet in a folder or workspace, under a new name. Counts as ten requests.
    pub fn copy(&self, id: SheetId, destination: impl Into<Destination>, name: impl Into<String>) -> CopySheet {
        let (client, destination, name) = (self.client.clone(), destination.into(), name.into());
        CopySheet { client, id, destination, name, include: Vec::new(), options: RequestOptions::default() }
    }

    /// The version of a sheet, which goes up with every change: the cheapest way to see that nothing has changed.
    pub async fn version(&self, id: SheetId) -> Result<u64> {
        #[derive(Deserialize)]
        struct Version {
            #[serde(deserialize_with = "connectors_core::wire::lenient::number")]
            version: u64,
        }
        let call = self.client.call(&VERSION, RequestOptions::default());
        let answer = call.check(positive("sheetId", id.get())).path("sheetId", id).send::<Version>().await?;
        Ok(answer.version)
    }

    /// Deletes a sheet.
    pub async fn delete(&self, id: SheetId) -> Result<()> {
        let call = self.client.call(&DELETE, RequestOptions::default());
        call.check(positive("sheetId", id.get())).path("sheetId", id).send_bytes().await?;
        Ok(())
    }
}

/// Creates a sheet: [`Sheets::create_in_folder`] and [`Sheets::create_in_workspace`].
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct CreateNewSheet {
    client: SmartsheetClient,
    destination: Destination,
    sheet: NewSheet,
    include: Vec<CopyInclude>,
    options: RequestOptions,
}

impl CreateNewSheet {
    /// Takes these over from the template, besides its structure.
    pub fn include(mut self, what: impl IntoIterator<Item = CopyInclude>) -> Self {
        self.include.extend(what);
        self
    }

    /// Sends it. The columns are in the answer only if they were in the request.
    pub async fn send(self) -> Result<Response<WriteResult<SheetSummary>>> {
        let (container, id) = self.destination.parts();
        let operation = match self.destination {
            Destination::Folder(_) => &CREATE_IN_FOLDER,
            Destination::Workspace(_) => &CREATE_IN_WORKSPACE,
        };
        let call = self.client.call(operation, self.options.clone());
        let call = call.check(positive(&format!("{container}Id"), id));
        let call = call.check(checked(&self.options, || check_new_sheet(&self.sheet)));
        let call = call.path("containerId", id).query_opt("include", query::list(&self.include));
        call.json(&self.sheet).send().await
    }
}

request_options!(CreateNewSheet => WriteResult<SheetSummary>);

fn check_new_sheet(sheet: &NewSheet) -> Result<()> {
    if sheet.name.trim().is_empty() {
        return Err(Error::invalid("name", "must not be blank"));
    }
    match (&sheet.columns, sheet.from_id) {
        (Some(columns), None) => check_columns(columns),
        (None, Some(id)) => positive("template", id.get()),
        _ => Err(Error::invalid("template", "must be either columns or a template")),
    }
}

/// Refuses columns that Smartsheet would refuse.
pub(crate) fn check_columns(columns: &[NewColumn]) -> Result<()> {
    if columns.iter().filter(|column| column.primary == Some(true)).count() != 1 {
        return Err(Error::invalid("columns", "must hold exactly one primary column"));
    }
    for (index, column) in columns.iter().enumerate() {
        let problem = if column.title.trim().is_empty() {
            "must not be blank"
        } else if columns.iter().take(index).any(|earlier| earlier.title == column.title) {
            "is the title of an earlier column"
        } else {
            continue;
        };
        return Err(Error::invalid(format!("columns[{index}].title"), problem));
    }
    Ok(())
}

/// Copies a sheet: [`Sheets::copy`].
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct CopySheet {
    client: SmartsheetClient,
    id: SheetId,
    destination: Destination,
    name: String,
    include: Vec<CopyInclude>,
    options: RequestOptions,
}

impl CopySheet {
    /// Takes these over, besides the structure.
    pub fn include(mut self, what: impl IntoIterator<Item = CopyInclude>) -> Self {
        self.include.extend(what);
        self
    }

    /// Sends it.
    pub async fn send(self) -> Result<Response<WriteResult<SheetSummary>>> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct To<'a> {
            destination_type: &'static str,
            destination_id: i64,
            new_name: &'a str,
        }
        let (destination_type, destination_id) = self.destination.parts();
        let named =
            || if self.name.trim().is_empty() { Err(Error::invalid("name", "must not be blank")) } else { Ok(()) };
        let call = self.client.call(&COPY, self.options.clone());
        let call = call.check(positive("sheetId", self.id.get())).check(checked(&self.options, named));
        let call = call.path("sheetId", self.id).query_opt("include", query::list(&self.include));
        call.json(&To { destination_type, destination_id, new_name: &self.name }).send().await
    }
}

request_options!(CopySheet => WriteResult<SheetSummary>);
