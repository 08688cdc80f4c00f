//! Discussions on sheets and rows.

use connectors_core::provider::{Call, Operation};
use connectors_core::{Request, open_enum};
use http::Method;

use crate::client::SmartsheetClient;
use crate::files::FileExt as _;
use crate::model::{Discussion, DiscussionId, NewDiscussion, OffsetPage, RowId, SheetId};
use crate::request::{CallExt, done, offset_pages, operation, resource, written};

static LIST: Operation = operation(Method::GET, "discussions.list", "/sheets/{sheetId}/discussions");
static CREATE_ON_SHEET: Operation =
    operation(Method::POST, "discussions.create_on_sheet", "/sheets/{sheetId}/discussions");
static GET: Operation = operation(Method::GET, "discussions.get", "/sheets/{sheetId}/discussions/{discussionId}");
static DELETE: Operation =
    operation(Method::DELETE, "discussions.delete", "/sheets/{sheetId}/discussions/{discussionId}");
static OF_ROW: Operation = operation(Method::GET, "discussions.of_row", "/sheets/{sheetId}/rows/{rowId}/discussions");
static CREATE_ON_ROW: Operation =
    operation(Method::POST, "discussions.create_on_row", "/sheets/{sheetId}/rows/{rowId}/discussions");

open_enum! {
    /// What a list of discussions is read with.
    pub enum DiscussionInclude {
        /// What is attached to the comments.
        "attachments" => Attachments,
        /// The comments.
        "comments" => Comments,
    }
}

resource! {
    /// The endpoints of discussions: [`SmartsheetClient::discussions`](crate::SmartsheetClient::discussions). What they
    /// are made of are [`Comments`](crate::Comments).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{DiscussionInclude, NewComment, NewDiscussion, NewFile};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, sheet) = (mock.client().clone(), mock.store_list_id());
    /// # let row = mock.fake().rows(sheet)[2].id;
    /// let discussions = smartsheet.discussions();
    /// let map = NewFile::new("map.svg", "<svg/>");
    /// let first = NewComment::new("Where do we stand?").file(map);
    /// let open = discussions.create_on_row(sheet, row, NewDiscussion::new(first).title("Place")).await?;
    /// smartsheet.comments().add(sheet, open.id, "Left of the gate").await?;
    /// assert_eq!(discussions.get(sheet, open.id).await?.comments[1].text, "Left of the gate");
    ///
    /// discussions.create_on_sheet(sheet, NewDiscussion::new("Who has the keys?")).await?;
    /// let of_row = discussions.of_row(sheet, row).include([DiscussionInclude::Attachments]).await?;
    /// assert_eq!(of_row.data[0].comment_attachments[0].name, "map.svg");
    /// discussions.delete(sheet, open.id).await?;
    /// let left = discussions.list(sheet).include([DiscussionInclude::Comments]).pager().collect_all().await?;
    /// assert_eq!(left.last().map(|talk| talk.comments[0].text.as_str()), Some("Who has the keys?"));
    /// # Ok(())
    /// # }
    /// ```
    pub struct Discussions;
}

impl Discussions {
    /// All discussions of a sheet and its rows.
    pub fn list(&self, sheet: SheetId) -> ListDiscussions {
        ListDiscussions::new(self.client.call(&LIST).id("sheetId", sheet.get()))
    }

    /// The discussions of a row.
    pub fn of_row(&self, sheet: SheetId, row: RowId) -> ListDiscussions {
        ListDiscussions::new(self.client.call(&OF_ROW).id("sheetId", sheet.get()).id("rowId", row.get()))
    }

    /// One discussion with its comments.
    pub fn get(&self, sheet: SheetId, discussion: DiscussionId) -> Request<Discussion> {
        let call = self.client.call(&GET).id("sheetId", sheet.get());
        Request::new(call.id("discussionId", discussion.get()))
    }

    /// Begins a discussion on a sheet.
    pub fn create_on_sheet(&self, sheet: SheetId, discussion: NewDiscussion) -> Request<Discussion> {
        create(begin(&self.client, &CREATE_ON_SHEET, &discussion).write_to(sheet), discussion)
    }

    /// Begins a discussion on a row.
    pub fn create_on_row(&self, sheet: SheetId, row: RowId, discussion: NewDiscussion) -> Request<Discussion> {
        let call = begin(&self.client, &CREATE_ON_ROW, &discussion).write_to(sheet);
        create(call.id("rowId", row.get()), discussion)
    }

    /// Deletes a discussion with its comments and what is attached to them.
    pub fn delete(&self, sheet: SheetId, discussion: DiscussionId) -> Request<()> {
        done(self.client.call(&DELETE).write_to(sheet).id("discussionId", discussion.get()))
    }
}

/// The call to begin it by. A file takes its time.
pub(crate) fn begin(client: &SmartsheetClient, operation: &'static Operation, discussion: &NewDiscussion) -> Call {
    if discussion.comment.file.is_some() { client.long_call(operation) } else { client.call(operation) }
}

/// Begins it by this call.
pub(crate) fn create(call: Call, mut discussion: NewDiscussion) -> Request<Discussion> {
    let refused = discussion.check();
    let call = match discussion.comment.file.take() {
        Some(file) => file.beside(call, "discussion", &discussion),
        None => call.json(&discussion),
    };
    written(call).check(refused)
}

connectors_core::request! {
    /// Lists discussions: [`Discussions::list`], [`Discussions::of_row`],
    /// [`Proofs::discussions`](crate::Proofs::discussions). Awaiting it gives one page; [`pager`](Self::pager) gives all.
    pub struct ListDiscussions => OffsetPage<Discussion>;
    /// Adds to what is sent.
    list include: DiscussionInclude = "include";
}
offset_pages!(ListDiscussions => Discussion);

impl ListDiscussions {
    pub(crate) fn new(call: Call) -> Self {
        Self(Request::new(call))
    }
}
