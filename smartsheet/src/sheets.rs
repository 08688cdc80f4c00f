//! Sheets.

use connectors_core::provider::{Call, Operation};
use connectors_core::{Error, Request, Result};
use http::Method;

use crate::destination::{Destination, To};
use crate::model::ids::positive;
use crate::model::{FolderId, NewSheet, SheetId, SheetSummary, WorkspaceId, WriteResult};
use crate::query::CopyInclude;
use crate::request::{CallExt, done, mapped, not_blank, operation, resource};
use crate::sheet_get::GetSheet;
use crate::sheet_list::{self, ListSheets};

static VERSION: Operation = operation(Method::GET, "sheets.version", "/sheets/{sheetId}/version");
static DELETE: Operation = operation(Method::DELETE, "sheets.delete", "/sheets/{sheetId}");
static COPY: Operation = operation(Method::POST, "sheets.copy", "/sheets/{sheetId}/copy").cost(10);
static CREATE_IN_FOLDER: Operation = operation(Method::POST, "sheets.create_in_folder", "/folders/{folderId}/sheets");
static CREATE_AT_HOME: Operation = operation(Method::POST, "sheets.create_at_home", "/sheets");
static CREATE_IN_WORKSPACE: Operation =
    operation(Method::POST, "sheets.create_in_workspace", "/workspaces/{workspaceId}/sheets");

resource! {
    /// The endpoints of sheets: [`SmartsheetClient::sheets`](crate::SmartsheetClient::sheets).
    pub struct Sheets;
}

impl Sheets {
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
        ListSheets::new(self.client.call(&sheet_list::LIST))
    }

    /// A new sheet in a folder, from a template or from columns. Not remembered: a second call makes a second sheet,
    /// other than [`create_sheet`](crate::SmartsheetService::create_sheet).
    pub fn create_in_folder(&self, folder: FolderId, sheet: NewSheet) -> CreateNewSheet {
        CreateNewSheet::new(self.client.call(&CREATE_IN_FOLDER).id("folderId", folder.get()), &sheet)
    }

    /// As [`create_in_folder`](Self::create_in_folder), in a workspace.
    pub fn create_in_workspace(&self, workspace: WorkspaceId, sheet: NewSheet) -> CreateNewSheet {
        CreateNewSheet::new(self.client.call(&CREATE_IN_WORKSPACE).id("workspaceId", workspace.get()), &sheet)
    }

    /// As [`create_in_folder`](Self::create_in_folder), in the user's own sheets.
    #[deprecated(note = "Smartsheet gives the home folder up: use create_in_workspace or create_in_folder")]
    pub fn create_at_home(&self, sheet: NewSheet) -> CreateNewSheet {
        CreateNewSheet::new(self.client.call(&CREATE_AT_HOME), &sheet)
    }

    pub(crate) fn create(&self, destination: Destination, sheet: NewSheet) -> CreateNewSheet {
        match destination {
            Destination::Folder(folder) => self.create_in_folder(folder, sheet),
            Destination::Workspace(workspace) => self.create_in_workspace(workspace, sheet),
            #[expect(deprecated, reason = "what callers may give is served")]
            Destination::Home => self.create_at_home(sheet),
        }
    }

    /// A copy of a sheet in a folder or workspace, under a new name. Counts as ten requests.
    pub fn copy(&self, id: SheetId, destination: impl Into<Destination>, name: impl Into<String>) -> CopySheet {
        let to = To::copy(destination, name);
        let call = self.client.long_call(&COPY).id("sheetId", id.get());
        CopySheet(Request::new(call.json(&to)).check(to.check()))
    }

    /// The version of a sheet, which goes up with every change: the cheapest way to see that nothing has changed.
    pub fn version(&self, id: SheetId) -> Request<u64> {
        mapped::<Version, _>(self.client.call(&VERSION).id("sheetId", id.get()))
    }

    /// Deletes a sheet.
    pub fn delete(&self, id: SheetId) -> Request<()> {
        done(self.client.call(&DELETE).id("sheetId", id.get()))
    }
}

#[derive(serde::Deserialize)]
struct Version {
    #[serde(deserialize_with = "connectors_core::wire::lenient::number")]
    version: u64,
}

impl From<Version> for u64 {
    fn from(answer: Version) -> Self {
        answer.version
    }
}

connectors_core::request! {
    /// Creates a sheet: [`Sheets::create_in_folder`] and [`Sheets::create_in_workspace`]. The columns are in the
    /// answer only if they were in the request.
    pub struct CreateNewSheet => WriteResult<SheetSummary>;
    /// Takes these over from the template, besides its structure.
    list include: CopyInclude = "include";
}

impl CreateNewSheet {
    fn new(call: Call, sheet: &NewSheet) -> Self {
        Self(Request::new(call.json(sheet)).check(check_new_sheet(sheet)))
    }
}

connectors_core::request! {
    /// Copies a sheet: [`Sheets::copy`].
    pub struct CopySheet => WriteResult<SheetSummary>;
    /// Takes these over, besides the structure.
    list include: CopyInclude = "include";
}

fn check_new_sheet(sheet: &NewSheet) -> Result<()> {
    not_blank("name", &sheet.name)?;
    match (&sheet.columns, sheet.from_id) {
        (Some(columns), None) => crate::columns::check_columns(columns),
        (None, Some(id)) => positive("template", id.get()),
        _ => Err(Error::invalid("template", "must be either columns or a template")),
    }
}
