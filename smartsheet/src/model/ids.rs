//! Ids: 64-bit integers, 16 digits as a rule. On the wire they are numbers; numeric strings are read as well.

pub(crate) use connectors_core::provider::positive;
use connectors_core::{id_newtype, string_id};

id_newtype! {
    /// A sheet, or a template that sheets are made from.
    pub struct SheetId;
}
id_newtype! {
    /// A row. Unique in the whole account, not only in its sheet.
    pub struct RowId;
}
id_newtype! {
    /// A column. Unique in the whole account, not only in its sheet.
    pub struct ColumnId;
}
id_newtype! {
    /// A folder.
    pub struct FolderId;
}
id_newtype! {
    /// A workspace.
    pub struct WorkspaceId;
}
id_newtype! {
    /// A report.
    pub struct ReportId;
}
id_newtype! {
    /// A dashboard, which the API calls a sight.
    pub struct SightId;
}
id_newtype! {
    /// A user.
    pub struct UserId;
}

id_newtype! {
    /// An attachment.
    pub struct AttachmentId;
}
id_newtype! {
    /// A discussion.
    pub struct DiscussionId;
}
id_newtype! {
    /// A comment of a discussion.
    pub struct CommentId;
}
id_newtype! {
    /// A version of a proof.
    pub struct ProofId;
}
id_newtype! {
    /// A request to look at a proof.
    pub struct ProofRequestId;
}
id_newtype! {
    /// A webhook.
    pub struct WebhookId;
}
id_newtype! {
    /// A request to update rows, as it was set up.
    pub struct UpdateRequestId;
}
id_newtype! {
    /// A request to update rows, as it was sent.
    pub struct SentUpdateRequestId;
}
id_newtype! {
    /// An automation rule.
    pub struct AutomationRuleId;
}
id_newtype! {
    /// A reference from the formulas of one sheet to another.
    pub struct CrossSheetReferenceId;
}
id_newtype! {
    /// A group of users.
    pub struct GroupId;
}
id_newtype! {
    /// A further e-mail address of a user.
    pub struct AlternateEmailId;
}
id_newtype! {
    /// A plan, which users have seats in.
    pub struct PlanId;
}
id_newtype! {
    /// A filter of a sheet.
    pub struct FilterId;
}
id_newtype! {
    /// A field of a sheet summary.
    pub struct SummaryFieldId;
}
id_newtype! {
    /// A column of a report, which stands for columns of sheets.
    pub struct VirtualColumnId;
}
id_newtype! {
    /// A template.
    pub struct TemplateId;
}
id_newtype! {
    /// A widget of a dashboard.
    pub struct WidgetId;
}
string_id! {
    /// A share: who may do what with one thing.
    pub struct ShareId("shareId");
}
string_id! {
    /// A contact of the user.
    pub struct ContactId("contactId");
}
string_id! {
    /// An image in a cell, summary field or profile.
    pub struct ImageId("imageId");
}
string_id! {
    /// A label that says how confidential something is.
    pub struct ClassificationLabelId("labelId");
}
