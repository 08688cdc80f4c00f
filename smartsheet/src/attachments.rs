//! Attachments.

use connectors_core::NewFile;
use connectors_core::provider::{Call, Operation};
use connectors_core::{BoxFuture, Download, Error, ErrorKind, Request, Result};
use http::Method;
use secrecy::SecretString;

use crate::files::FileExt as _;
use crate::model::{
    Attachment, AttachmentId, AttachmentType, CommentId, DiscussionId, NewAttachment, OffsetPage, RowId, SecretUrl,
    SheetId,
};
use crate::request::{CallExt, done, offset_pages, operation, resource, written};

static LIST: Operation = operation(Method::GET, "attachments.list", "/sheets/{sheetId}/attachments");
static ATTACH_TO_SHEET: Operation =
    operation(Method::POST, "attachments.attach_to_sheet", "/sheets/{sheetId}/attachments").cost(10);
static GET: Operation = operation(Method::GET, "attachments.get", "/sheets/{sheetId}/attachments/{attachmentId}");
static DELETE: Operation =
    operation(Method::DELETE, "attachments.delete", "/sheets/{sheetId}/attachments/{attachmentId}");
static VERSIONS: Operation =
    operation(Method::GET, "attachments.versions", "/sheets/{sheetId}/attachments/{attachmentId}/versions");
static ADD_VERSION: Operation =
    operation(Method::POST, "attachments.add_version", "/sheets/{sheetId}/attachments/{attachmentId}/versions")
        .cost(10);
static DELETE_VERSIONS: Operation =
    operation(Method::DELETE, "attachments.delete_versions", "/sheets/{sheetId}/attachments/{attachmentId}/versions");
static ATTACH_TO_COMMENT: Operation =
    operation(Method::POST, "attachments.attach_to_comment", "/sheets/{sheetId}/comments/{commentId}/attachments")
        .cost(10);
static OF_DISCUSSION: Operation =
    operation(Method::GET, "attachments.of_discussion", "/sheets/{sheetId}/discussions/{discussionId}/attachments");
static OF_ROW: Operation = operation(Method::GET, "attachments.of_row", "/sheets/{sheetId}/rows/{rowId}/attachments");
static ATTACH_TO_ROW: Operation =
    operation(Method::POST, "attachments.attach_to_row", "/sheets/{sheetId}/rows/{rowId}/attachments").cost(10);
/// What is at the address of a file.
static DOWNLOAD: Operation = operation(Method::GET, "attachments.download", "");

resource! {
    /// The endpoints of attachments: [`SmartsheetClient::attachments`](crate::SmartsheetClient::attachments).
    ///
    /// To attach something counts as ten requests.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_smartsheet::{NewDiscussion, NewFile, NewLink};
    ///
    /// # let mock = connectors_mock::MockSmartsheet::new();
    /// # let (smartsheet, sheet) = (mock.client().clone(), mock.store_list_id());
    /// # let row = mock.fake().rows(sheet)[2].id;
    /// let attachments = smartsheet.attachments();
    /// let link = NewLink::new("Landing page", "https://fizz.example");
    /// attachments.attach_to_sheet(sheet, link).await?;
    /// let plan = attachments.attach_to_row(sheet, row, NewFile::new("plan.txt", "Tent left of the gate")).await?;
    /// let newer = attachments.add_version(sheet, plan.id, NewFile::new("plan.txt", "Tent right of it")).await?;
    /// assert_eq!(attachments.versions(sheet, newer.id).await?.data.len(), 2);
    /// assert_eq!(attachments.of_row(sheet, row).await?.data[0].id, newer.id, "the newest one stands for all");
    ///
    /// let mut file = Vec::new(); // or std::fs::File::create("plan.txt")?
    /// attachments.download(sheet, newer.id).write_to(&mut file).await?;
    /// assert_eq!(file, b"Tent right of it");
    ///
    /// let talk = smartsheet.discussions().create_on_row(sheet, row, NewDiscussion::new("Which gate?")).await?;
    /// attachments.attach_to_comment(sheet, talk.comments[0].id, NewFile::new("gate.png", &b"\x89PNG"[..])).await?;
    /// assert_eq!(attachments.of_discussion(sheet, talk.id).await?.data[0].name, "gate.png");
    ///
    /// attachments.delete(sheet, newer.id).await?;
    /// assert_eq!(attachments.get(sheet, plan.id).await?.size_in_kb, Some(1));
    /// attachments.delete_versions(sheet, plan.id).await?;
    /// let all = attachments.list(sheet).pager().collect_all().await?;
    /// assert!(all.iter().all(|attachment| attachment.name != "plan.txt"));
    /// # Ok(())
    /// # }
    /// ```
    pub struct Attachments;
}

impl Attachments {
    /// All attachments of a sheet: its own, and those of its rows and comments. Of a file, the newest version.
    pub fn list(&self, sheet: SheetId) -> ListAttachments {
        ListAttachments::new(self.client.call(&LIST).id("sheetId", sheet.get()))
    }

    /// The attachments of a row, those of its discussions among them.
    pub fn of_row(&self, sheet: SheetId, row: RowId) -> ListAttachments {
        ListAttachments::new(self.client.call(&OF_ROW).id("sheetId", sheet.get()).id("rowId", row.get()))
    }

    /// The attachments of the comments of a discussion.
    pub fn of_discussion(&self, sheet: SheetId, discussion: DiscussionId) -> ListAttachments {
        let call = self.client.call(&OF_DISCUSSION).id("sheetId", sheet.get());
        ListAttachments::new(call.id("discussionId", discussion.get()))
    }

    /// All versions of a file, the newest first.
    pub fn versions(&self, sheet: SheetId, attachment: AttachmentId) -> ListAttachments {
        let call = self.client.call(&VERSIONS).id("sheetId", sheet.get());
        ListAttachments::new(call.id("attachmentId", attachment.get()))
    }

    /// One attachment, with the address of what is attached: see [`download`](Self::download).
    pub fn get(&self, sheet: SheetId, attachment: AttachmentId) -> Request<Attachment> {
        Request::new(self.get_call(sheet, attachment))
    }

    /// What is in a file: its address is asked for, and the file fetched from there. The access token is not sent
    /// there. A link is [`Unsupported`](ErrorKind::Unsupported): what it leads to is not Smartsheet's to give.
    pub fn download(&self, sheet: SheetId, attachment: AttachmentId) -> Download {
        fn find(call: Call) -> BoxFuture<Result<SecretString>> {
            Box::pin(async move { file_address(&call.send::<Attachment>().await?.into_inner()) })
        }
        Download::at(self.get_call(sheet, attachment), &DOWNLOAD, find)
    }

    fn get_call(&self, sheet: SheetId, attachment: AttachmentId) -> Call {
        self.client.call(&GET).id("sheetId", sheet.get()).id("attachmentId", attachment.get())
    }

    /// Attaches a file or a link to a sheet.
    pub fn attach_to_sheet(&self, sheet: SheetId, attachment: impl Into<NewAttachment>) -> Request<Attachment> {
        attach(self.client.long_call(&ATTACH_TO_SHEET).write_to(sheet), attachment.into())
    }

    /// Attaches a file or a link to a row.
    pub fn attach_to_row(
        &self,
        sheet: SheetId,
        row: RowId,
        attachment: impl Into<NewAttachment>,
    ) -> Request<Attachment> {
        let call = self.client.long_call(&ATTACH_TO_ROW).write_to(sheet);
        attach(call.id("rowId", row.get()), attachment.into())
    }

    /// Attaches a file or a link to a comment.
    pub fn attach_to_comment(
        &self,
        sheet: SheetId,
        comment: CommentId,
        attachment: impl Into<NewAttachment>,
    ) -> Request<Attachment> {
        let call = self.client.long_call(&ATTACH_TO_COMMENT).write_to(sheet);
        attach(call.id("commentId", comment.get()), attachment.into())
    }

    /// A new version of a file of a sheet or row. Links have no versions, nor have files of comments: Smartsheet
    /// refuses them with 1100 and 1101.
    pub fn add_version(&self, sheet: SheetId, attachment: AttachmentId, file: NewFile) -> Request<Attachment> {
        let call = self.client.long_call(&ADD_VERSION).write_to(sheet);
        attach(call.id("attachmentId", attachment.get()), file.into())
    }

    /// Deletes an attachment; of a file with several versions only this one.
    pub fn delete(&self, sheet: SheetId, attachment: AttachmentId) -> Request<()> {
        done(self.client.call(&DELETE).write_to(sheet).id("attachmentId", attachment.get()))
    }

    /// Deletes a file with all of its versions.
    pub fn delete_versions(&self, sheet: SheetId, attachment: AttachmentId) -> Request<()> {
        done(self.client.call(&DELETE_VERSIONS).write_to(sheet).id("attachmentId", attachment.get()))
    }
}

/// Attaches it by this call.
pub(crate) fn attach(call: Call, attachment: NewAttachment) -> Request<Attachment> {
    let refused = attachment.check();
    written(carrying(call, attachment)).check(refused)
}

/// The call with what is attached in its body.
pub(crate) fn carrying(call: Call, attachment: NewAttachment) -> Call {
    match attachment {
        NewAttachment::File(file) => file.alone(call),
        NewAttachment::Link(link) => call.json(&link),
    }
}

fn file_address(attachment: &Attachment) -> Result<SecretString> {
    if attachment.attachment_type.as_ref().is_some_and(|kind| *kind != AttachmentType::File) {
        let error = Error::unsupported(crate::PROVIDER, DOWNLOAD.name, "the attachment is a link, not a file");
        return Err(error.with_hint("read the address with `attachments().get(..)`"));
    }
    address(attachment.url.as_ref())
}

pub(crate) fn address(url: Option<&SecretUrl>) -> Result<SecretString> {
    let missing = || Error::new(ErrorKind::Decode, "the answer has no address of the file").with_json_path("url");
    url.map(SecretUrl::secret).ok_or_else(missing)
}

connectors_core::request! {
    /// Lists attachments: [`Attachments::list`] and its neighbours, [`Proofs::attachments`](crate::Proofs::attachments).
    /// Awaiting it gives one page; [`pager`](Self::pager) gives all.
    pub struct ListAttachments => OffsetPage<Attachment>;
}
offset_pages!(ListAttachments => Attachment);

impl ListAttachments {
    pub(crate) fn new(call: Call) -> Self {
        Self(Request::new(call))
    }
}
