//! Search, everywhere or in one sheet.

use connectors_core::provider::Operation;
use connectors_core::{Request, open_enum};
use http::Method;

use crate::model::{SearchResult, SheetId};
use crate::request::{CallExt, not_blank, operation, resource};

static EVERYWHERE: Operation = operation(Method::GET, "search.everywhere", "/search");
static IN_SHEET: Operation = operation(Method::GET, "search.in_sheet", "/search/sheets/{sheetId}");

resource! {
    /// The endpoints of search: [`SmartsheetClient::search`](crate::SmartsheetClient::search).
    ///
    /// What was just written is not found at once, and for an account that was not searched for long it may take a day.
    /// Take what is found for a hint, and read it.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::SearchScope;
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, stores) = (mock.client().clone(), mock.store_list_id());
    /// let search = smartsheet.search();
    /// let found = search.in_sheet(stores, "Skyline Plaza").exact().await?;
    /// let Some(row) = found.results[0].row_id() else { panic!("not a row") };
    /// assert_eq!(smartsheet.rows().get(stores, row).await?.id, row);
    ///
    /// let found = search.everywhere("store").scopes([SearchScope::SheetNames]).await?;
    /// assert_eq!(found.results[0].sheet_id(), Some(stores));
    /// # Ok(())
    /// # }
    /// ```
    pub struct Search;
}

impl Search {
    /// Looks through all that the token can see for things with this text.
    pub fn everywhere(&self, text: impl Into<String>) -> SearchEverywhere {
        let text = text.into();
        let request = Request::new(self.client.call(&EVERYWHERE)).check(not_blank("query", &text));
        SearchEverywhere(request.set("query", text))
    }

    /// Looks through one sheet: its cells, discussions, attachments and summary.
    pub fn in_sheet(&self, sheet: SheetId, text: impl Into<String>) -> SearchSheet {
        let text = text.into();
        let call = self.client.call(&IN_SHEET).id("sheetId", sheet.get());
        SearchSheet(Request::new(call).check(not_blank("query", &text)).set("query", text))
    }
}

open_enum! {
    /// What is looked through.
    pub enum SearchScope {
        /// The names of attachments.
        "attachments" => Attachments,
        /// Cells.
        "cellData" => CellData,
        /// Comments.
        "comments" => Comments,
        /// The names of folders.
        "folderNames" => FolderNames,
        /// The names of reports.
        "reportNames" => ReportNames,
        /// The names of sheets.
        "sheetNames" => SheetNames,
        /// The names of dashboards.
        "sightNames" => SightNames,
        /// The fields of sheet summaries.
        "summaryFields" => SummaryFields,
        /// The names of templates.
        "templateNames" => TemplateNames,
        /// The names of workspaces.
        "workspaceNames" => WorkspaceNames,
    }
}

open_enum! {
    /// What is added to what was found.
    pub enum SearchInclude {
        /// Whether it is a favorite.
        "favoriteFlag" => FavoriteFlag,
    }
}

open_enum! {
    /// Where is looked.
    pub enum SearchLocation {
        /// Outside of workspaces only.
        "personalWorkspace" => PersonalWorkspace,
    }
}

connectors_core::request! {
    /// Searches everywhere: [`Search::everywhere`].
    pub struct SearchEverywhere => SearchResult;
    /// Looks through these only.
    list scopes: SearchScope = "scopes";
    /// Only what was changed since.
    time modified_since = "modifiedSince";
    /// Adds to what is sent.
    list include: SearchInclude = "include";
    /// Looks here only.
    set location: SearchLocation = "location";
}

connectors_core::request! {
    /// Searches a sheet: [`Search::in_sheet`].
    pub struct SearchSheet => SearchResult;
}

impl SearchEverywhere {
    /// Looks for exactly this text, not for its words.
    pub fn exact(self) -> Self {
        Self(quoted(self.0))
    }
}

impl SearchSheet {
    /// Looks for exactly this text, not for its words.
    pub fn exact(self) -> Self {
        Self(quoted(self.0))
    }
}

fn quoted(request: Request<SearchResult>) -> Request<SearchResult> {
    let text = request.parameter("query").unwrap_or_default().trim_matches('"');
    let quoted = format!("\"{text}\"");
    request.set("query", quoted)
}
