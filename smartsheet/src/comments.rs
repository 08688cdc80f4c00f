//! Comments of discussions.

use connectors_core::Request;
use connectors_core::provider::Operation;
use http::Method;

use crate::files::FileExt as _;
use crate::model::discussion::check_text;
use crate::model::{Comment, CommentId, DiscussionId, NewComment, SheetId};
use crate::request::{CallExt, done, operation, resource, written};

static GET: Operation = operation(Method::GET, "comments.get", "/sheets/{sheetId}/comments/{commentId}");
static UPDATE: Operation = operation(Method::PUT, "comments.update", "/sheets/{sheetId}/comments/{commentId}");
static DELETE: Operation = operation(Method::DELETE, "comments.delete", "/sheets/{sheetId}/comments/{commentId}");
static ADD: Operation =
    operation(Method::POST, "comments.add", "/sheets/{sheetId}/discussions/{discussionId}/comments");

resource! {
    /// The endpoints of comments: [`SmartsheetClient::comments`](crate::SmartsheetClient::comments). The first comment
    /// comes with its discussion: see [`Discussions`](crate::Discussions).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{NewComment, NewDiscussion, NewFile};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, sheet) = (mock.client().clone(), mock.store_list_id());
    /// let open = smartsheet.discussions().create_on_sheet(sheet, NewDiscussion::new("Which colour?")).await?;
    /// let comments = smartsheet.comments();
    /// let photo = NewFile::new("tent.jpg", &b"\xff\xd8\xff"[..]);
    /// let answer = comments.add(sheet, open.id, NewComment::new("Green").file(photo)).await?;
    /// assert_eq!(answer.attachments[0].name, "tent.jpg");
    /// comments.update(sheet, answer.id, "Green, as ever").await?;
    /// assert_eq!(comments.get(sheet, answer.id).await?.text, "Green, as ever");
    /// comments.delete(sheet, answer.id).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub struct Comments;
}

impl Comments {
    /// One comment.
    pub fn get(&self, sheet: SheetId, comment: CommentId) -> Request<Comment> {
        Request::new(self.client.call(&GET).id("sheetId", sheet.get()).id("commentId", comment.get()))
    }

    /// Adds a comment to a discussion.
    pub fn add(&self, sheet: SheetId, discussion: DiscussionId, comment: impl Into<NewComment>) -> Request<Comment> {
        let mut comment = comment.into();
        let refused = comment.check("text");
        // A file takes its time.
        let call = if comment.file.is_some() { self.client.long_call(&ADD) } else { self.client.call(&ADD) };
        let call = call.write_to(sheet).id("discussionId", discussion.get());
        let call = match comment.file.take() {
            Some(file) => file.beside(call, "comment", &comment),
            None => call.json(&comment),
        };
        written(call).check(refused)
    }

    /// Lets a comment say something else. Only who made it may do so.
    pub fn update(&self, sheet: SheetId, comment: CommentId, text: impl Into<String>) -> Request<Comment> {
        let comment_now = NewComment::new(text);
        let call = self.client.call(&UPDATE).write_to(sheet).id("commentId", comment.get());
        written(call.json(&comment_now)).check(check_text("text", &comment_now.text))
    }

    /// Deletes a comment and what is attached to it.
    pub fn delete(&self, sheet: SheetId, comment: CommentId) -> Request<()> {
        done(self.client.call(&DELETE).write_to(sheet).id("commentId", comment.get()))
    }
}
