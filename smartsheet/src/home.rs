//! The home folder, which Smartsheet gives up: what is outside of workspaces.

use connectors_core::provider::Operation;
use connectors_core::{Request, open_enum};
use http::Method;

use crate::model::{Folder, HomeContents, OffsetPage};
use crate::request::{Named, offset_pages, operation, resource, written};

static GET: Operation = operation(Method::GET, "home.get", "/folders/personal");
static FOLDERS: Operation = operation(Method::GET, "home.folders", "/home/folders");
static CREATE_FOLDER: Operation = operation(Method::POST, "home.create_folder", "/home/folders");

resource! {
    /// The endpoints of the home folder: [`SmartsheetClient::home`](crate::SmartsheetClient::home). They still answer,
    /// but Smartsheet has announced their end.
    ///
    /// ```
    /// # #![allow(deprecated)]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let smartsheet = mock.client().clone();
    /// let home = smartsheet.home();
    /// let drafts = home.create_folder("Drafts").await?;
    /// assert!(home.folders().pager().collect_all().await?.iter().any(|folder| folder.id == drafts.id));
    /// assert!(home.get().await?.folders.iter().any(|folder| folder.id == drafts.id));
    /// # Ok(())
    /// # }
    /// ```
    pub struct Home;
}

impl Home {
    /// What is at home, with what is in its folders.
    #[deprecated(note = "Smartsheet gives the home folder up: use workspaces().children() or folders().children()")]
    pub fn get(&self) -> GetHome {
        GetHome(Request::new(self.client.call(&GET)))
    }

    /// The folders at home.
    #[deprecated(note = "Smartsheet gives the home folder up: use workspaces().children()")]
    pub fn folders(&self) -> ListHomeFolders {
        ListHomeFolders(Request::new(self.client.call(&FOLDERS)))
    }

    /// A new folder at home.
    #[deprecated(note = "Smartsheet gives the home folder up: use folders().create_in_workspace()")]
    pub fn create_folder(&self, name: impl Into<String>) -> Request<Folder> {
        let named = Named::new(name);
        written(self.client.call(&CREATE_FOLDER).json(&named)).check(named.check())
    }
}

open_enum! {
    /// What the home folder is read with.
    pub enum HomeInclude {
        /// What things were made from.
        "source" => Source,
        /// Where those who follow a published link are sent.
        "distributionLink" => DistributionLink,
        /// Who owns them.
        "ownerInfo" => OwnerInfo,
        /// The versions of sheets.
        "sheetVersion" => SheetVersion,
        /// The pages of things.
        "permalinks" => Permalinks,
    }
}

connectors_core::request! {
    /// Reads the home folder: [`Home::get`].
    pub struct GetHome => HomeContents;
    /// Adds to what is sent.
    list include: HomeInclude = "include";
}

connectors_core::request! {
    /// Lists the folders at home: [`Home::folders`]. Awaiting it gives one page; [`pager`](Self::pager) gives all.
    pub struct ListHomeFolders => OffsetPage<Folder>;
    /// All folders in one answer, instead of pages.
    flag include_all = "includeAll";
}
offset_pages!(ListHomeFolders => Folder);
