//! Sheets.

use connectors_core::provider::{Call, Operation, Safety};
use connectors_core::{Error, Request, Result};
use http::Method;

use crate::destination::{Destination, To};
use crate::model::ids::positive;
use crate::model::{
    FolderId, NewSheet, PathNode, Sheet, SheetEmail, SheetId, SheetPublish, SheetPublishUpdate, SheetSummary,
    SheetUpdate, SortCriterion, WorkspaceId, WriteResult,
};
use crate::query::{CopyExclude, CopyInclude};
use crate::request::{CallExt, done, not_blank, operation, resource, written};
use crate::sheet_get::GetSheet;
use crate::sheet_list::{self, ListSheets};
use crate::sheet_sort::{self, SortSheet};

static VERSION: Operation = operation(Method::GET, "sheets.version", "/sheets/{sheetId}/version");
static PATH: Operation = operation(Method::GET, "sheets.path", "/sheets/{sheetId}/path");
static UPDATE: Operation = operation(Method::PUT, "sheets.update", "/sheets/{sheetId}");
static DELETE: Operation = operation(Method::DELETE, "sheets.delete", "/sheets/{sheetId}");
static SEND: Operation = operation(Method::POST, "sheets.send", "/sheets/{sheetId}/emails");
static COPY: Operation = operation(Method::POST, "sheets.copy", "/sheets/{sheetId}/copy").cost(10);
// Where it is already, it stays.
static MOVE: Operation = operation(Method::POST, "sheets.move_to", "/sheets/{sheetId}/move").safety(Safety::Idempotent);
static PUBLISH_STATUS: Operation = operation(Method::GET, "sheets.publish_status", "/sheets/{sheetId}/publish");
static PUBLISH: Operation = operation(Method::PUT, "sheets.publish", "/sheets/{sheetId}/publish").cost(10);
static CREATE_IN_FOLDER: Operation = operation(Method::POST, "sheets.create_in_folder", "/folders/{folderId}/sheets");
static CREATE_AT_HOME: Operation = operation(Method::POST, "sheets.create_at_home", "/sheets");
static CREATE_IN_WORKSPACE: Operation =
    operation(Method::POST, "sheets.create_in_workspace", "/workspaces/{workspaceId}/sheets");

resource! {
    /// The endpoints of sheets: [`SmartsheetClient::sheets`](crate::SmartsheetClient::sheets).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{CopyInclude, Email, NewSheet, PaperSize, SheetEmail, SheetPublishUpdate};
    /// use connectors_smartsheet::{SheetUpdate, SortCriterion, tracker};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, workspace, folder) = (mock.client().clone(), mock.workspace_id(), mock.folder_id());
    /// # let stores = mock.store_list_id();
    /// let sheets = smartsheet.sheets();
    /// let plan = sheets.create_in_workspace(workspace, NewSheet::with_columns("Plan", tracker::columns())).await?.result;
    /// let next = sheets.create_in_folder(folder, NewSheet::from_template("Next plan", plan.id)).await?.result;
    /// sheets.update(next.id, SheetUpdate::new().name("Plan for 2027")).await?;
    /// sheets.move_to(next.id, workspace).await?;
    /// assert_eq!(sheets.path(next.id).await?.to_path(), "/Field marketing/Plan for 2027");
    ///
    /// let copy = sheets.copy(stores, folder, "Stores by city").include([CopyInclude::Data]).await?.result;
    /// let city = smartsheet.columns().list(copy.id).await?[1].id;
    /// let sorted = sheets.sort(copy.id, [SortCriterion::descending(city)]).await?;
    /// assert_eq!(sorted.rows[0].cell(city).and_then(|cell| cell.value.as_str()), Some("Munich"));
    /// sheets.send(copy.id, SheetEmail::pdf(Email::to(["crew@example.com"]), PaperSize::A4)).await?;
    ///
    /// let published = sheets.publish(copy.id, SheetPublishUpdate::new().read_only_full_enabled(true)).await?;
    /// assert_eq!(sheets.publish_status(copy.id).await?, published);
    /// assert!(sheets.list().pager().collect_all().await?.iter().any(|sheet| sheet.id == copy.id));
    /// assert!(sheets.version(copy.id).await? > 1);
    /// sheets.delete(copy.id).await?;
    /// # Ok(())
    /// # }
    /// ```
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
    ///
    /// ```
    /// # #![allow(deprecated)]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # use connectors_smartsheet::{NewSheet, tracker};
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let smartsheet = mock.client().clone();
    /// let sheet = NewSheet::with_columns("Scratch", tracker::columns());
    /// let sheet = smartsheet.sheets().create_at_home(sheet).await?.result;
    /// assert_eq!(smartsheet.sheets().path(sheet.id).await?.to_path(), "/Scratch");
    /// # Ok(())
    /// # }
    /// ```
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

    /// Puts a sheet elsewhere. Its id, its permalink and whom it is shared with itself stay.
    pub fn move_to(&self, id: SheetId, destination: impl Into<Destination>) -> Request<SheetSummary> {
        let to = To::moved(destination);
        written(self.client.call(&MOVE).write_to(id).json(&to)).check(to.check())
    }

    /// Renames a sheet, or changes its settings. The answer is without columns and rows.
    pub fn update(&self, id: SheetId, update: SheetUpdate) -> Request<Sheet> {
        written(self.client.call(&UPDATE).write_to(id).json(&update)).check(update.check())
    }

    /// Sorts the rows by one or more columns, children below their parents. The answer is the sheet.
    pub fn sort(&self, id: SheetId, by: impl IntoIterator<Item = SortCriterion>) -> SortSheet {
        SortSheet::new(self.client.long_call(&sheet_sort::SORT).write_to(id), by.into_iter().collect())
    }

    /// Sends a sheet by e-mail, as PDF or Excel file.
    pub fn send(&self, id: SheetId, email: SheetEmail) -> Request<()> {
        done(self.client.call(&SEND).id("sheetId", id.get()).json(&email)).check(email.check())
    }

    /// Whether and how a sheet is published.
    pub fn publish_status(&self, id: SheetId) -> Request<SheetPublish> {
        Request::new(self.client.call(&PUBLISH_STATUS).id("sheetId", id.get()))
    }

    /// Publishes a sheet, or takes it back. Counts as ten requests.
    pub fn publish(&self, id: SheetId, update: SheetPublishUpdate) -> Request<SheetPublish> {
        let changes = update != SheetPublishUpdate::default();
        let checked = if changes { Ok(()) } else { Err(Error::invalid("update", "changes nothing")) };
        written(self.client.call(&PUBLISH).write_to(id).json(&update)).check(checked)
    }

    /// The workspace and folders that a sheet is in.
    pub fn path(&self, id: SheetId) -> Request<PathNode> {
        Request::new(self.client.call(&PATH).id("sheetId", id.get()))
    }

    /// The version of a sheet, which goes up with every change: the cheapest way to see that nothing has changed.
    pub fn version(&self, id: SheetId) -> Request<u64> {
        Request::mapped::<Version>(self.client.call(&VERSION).id("sheetId", id.get()))
    }

    /// Deletes a sheet: it goes to the deleted items of its owner.
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
    /// Leaves these out.
    list exclude: CopyExclude = "exclude";
}

fn check_new_sheet(sheet: &NewSheet) -> Result<()> {
    not_blank("name", &sheet.name)?;
    match (&sheet.columns, sheet.from_id) {
        (Some(columns), None) => crate::columns::check_columns(columns),
        (None, Some(id)) => positive("template", id.get()),
        _ => Err(Error::invalid("template", "must be either columns or a template")),
    }
}
