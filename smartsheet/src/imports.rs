//! Sheets made from files.

use connectors_core::NewFile;
use connectors_core::provider::{Call, Operation};
use connectors_core::{Error, Request};
use http::Method;

use crate::files::FileExt as _;
use crate::model::{FolderId, SheetSummary, WorkspaceId, WriteResult};
use crate::request::{CallExt, not_blank, operation};
use crate::sheets::Sheets;

static INTO_FOLDER: Operation =
    operation(Method::POST, "sheets.import_into_folder", "/folders/{folderId}/sheets/import");
static INTO_WORKSPACE: Operation =
    operation(Method::POST, "sheets.import_into_workspace", "/workspaces/{workspaceId}/sheets/import");
static AT_HOME: Operation = operation(Method::POST, "sheets.import_at_home", "/sheets/import");

impl Sheets {
    /// A new sheet in a folder, from a CSV or XLSX file: its type says which.
    ///
    /// Unless a row is named that holds them, the columns are called `Column1`, `Column2` and so on, and the first one
    /// is the primary one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::NewFile;
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, folder, workspace) = (mock.client().clone(), mock.folder_id(), mock.workspace_id());
    /// let sheets = smartsheet.sheets();
    /// let file = || NewFile::new("tour.csv", "City,Visitors\nBerlin,1250\nHamburg,900\n");
    /// let new = sheets.import_into_folder(folder, "Tour", file()).header_row(0).primary_column(0).await?.result;
    /// let sheet = sheets.get(new.id).await?;
    /// assert_eq!((sheet.columns[1].title.as_str(), sheet.rows.len()), ("Visitors", 2));
    ///
    /// sheets.import_into_workspace(workspace, "Tour, as it is", file()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn import_into_folder(&self, folder: FolderId, name: impl Into<String>, file: NewFile) -> ImportSheet {
        ImportSheet::new(self.client.long_call(&INTO_FOLDER).id("folderId", folder.get()), &name.into(), file)
    }

    /// As [`import_into_folder`](Self::import_into_folder), in a workspace.
    pub fn import_into_workspace(&self, workspace: WorkspaceId, name: impl Into<String>, file: NewFile) -> ImportSheet {
        let call = self.client.long_call(&INTO_WORKSPACE).id("workspaceId", workspace.get());
        ImportSheet::new(call, &name.into(), file)
    }

    /// As [`import_into_folder`](Self::import_into_folder), in the user's own sheets.
    ///
    /// ```
    /// # #![allow(deprecated)]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # use connectors_smartsheet::NewFile;
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let smartsheet = mock.client().clone();
    /// let sheets = smartsheet.sheets();
    /// let new = sheets.import_at_home("Tour, of my own", NewFile::new("tour.csv", "Berlin\nHamburg\n")).await?.result;
    /// assert_eq!(sheets.get(new.id).await?.rows.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    #[deprecated(note = "Smartsheet gives the home folder up: use import_into_workspace or import_into_folder")]
    pub fn import_at_home(&self, name: impl Into<String>, file: NewFile) -> ImportSheet {
        ImportSheet::new(self.client.long_call(&AT_HOME), &name.into(), file)
    }
}

connectors_core::request! {
    /// Makes a sheet from a file: [`Sheets::import_into_folder`] and its neighbours.
    pub struct ImportSheet => WriteResult<SheetSummary>;
    /// The row that holds the titles of the columns, from 0. What stands above it is left out.
    set header_row: u32 = "headerRowIndex";
    /// The column that names the rows, from 0.
    set primary_column: u32 = "primaryColumnIndex";
}

impl ImportSheet {
    fn new(call: Call, name: &str, file: NewFile) -> Self {
        let table = if file.is_table() {
            Ok(())
        } else {
            Err(Error::invalid("file", "must be a CSV or XLSX file")
                .with_code(1124)
                .with_hint("name it so, or set its content type; XLS is not read by Smartsheet"))
        };
        let refused = file.check();
        let request = Request::new(file.alone(call)).set("sheetName", name);
        Self(request.check(not_blank("sheetName", name)).check(refused).check(table))
    }
}
