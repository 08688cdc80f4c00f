//! What the operations of Smartsheet are called with.

use std::collections::BTreeMap;

use chrono::DateTime;
use connectors_core::{Campaign, CampaignId, EventId, Token};
use connectors_smartsheet::{
    AlternateEmailId, AttachmentId, AutomationRuleId, CellWrite, ColumnId, ColumnType, CommentId, CreateSheet,
    DiscussionId, Email, EventRow, FilterOperator, FolderId, GroupId, NewDiscussion, NewFile, NewRow, NewSchedule,
    NewSheet, NewWebhook, PlanId, ProofId, ReportColumnRef, ReportCriterion, ReportDefinitionUpdate, ReportFilter,
    ReportId, RowEmail, RowId, RowUpdate, SheetId, SightId, SummaryFieldId, Template, UpdateRequestId, UpsertEventRows,
    UserId, VirtualColumnId, WebhookId, WorkspaceId, tracker,
};
use serde::de::DeserializeOwned;

use crate::KEY;

pub(crate) const SHEET: SheetId = SheetId::new(4_583_173_393_803_140);
pub(crate) const OTHER_SHEET: SheetId = SheetId::new(4_583_173_393_803_141);
pub(crate) const COLUMN: ColumnId = ColumnId::new(7_960_873_114_331_012);
pub(crate) const ROW: RowId = RowId::new(2_331_373_580_117_892);
pub(crate) const FOLDER: FolderId = FolderId::new(7_116_448_184_199_044);
pub(crate) const WORKSPACE: WorkspaceId = WorkspaceId::new(3_457_273_486_960_516);
pub(crate) const REPORT: ReportId = ReportId::new(1);
pub(crate) const SIGHT: SightId = SightId::new(2);
pub(crate) const USER: UserId = UserId::new(3);
pub(crate) const FILE: AttachmentId = AttachmentId::new(4);
pub(crate) const TALK: DiscussionId = DiscussionId::new(5);
pub(crate) const COMMENT: CommentId = CommentId::new(6);
pub(crate) const PROOF: ProofId = ProofId::new(7);
pub(crate) const FIELD: SummaryFieldId = SummaryFieldId::new(8);
pub(crate) const HOOK: WebhookId = WebhookId::new(9);
pub(crate) const EMAIL: AlternateEmailId = AlternateEmailId::new(10);
pub(crate) const PLAN: PlanId = PlanId::new(11);
pub(crate) const GROUP: GroupId = GroupId::new(12);
pub(crate) const RULE: AutomationRuleId = AutomationRuleId::new(13);
pub(crate) const VIRTUAL: VirtualColumnId = VirtualColumnId::new(14);
pub(crate) const ASKED: UpdateRequestId = UpdateRequestId::new(15);

pub(crate) type Record = BTreeMap<String, String>;

pub(crate) fn old_token() -> Token {
    Token::bearer(KEY, Some(DateTime::UNIX_EPOCH)).with_refresh_token(KEY)
}

pub(crate) fn event() -> EventId {
    EventId::new("e-1").expect("an id")
}

/// Of those kinds of ids that are texts.
pub(crate) fn text_id<T: DeserializeOwned>() -> T {
    serde_json::from_str("\"9Kp2\"").expect("an id")
}

pub(crate) fn new_sheet() -> NewSheet {
    NewSheet::with_columns("Summer Tour", tracker::columns())
}

pub(crate) fn new_row() -> NewRow {
    NewRow::new([CellWrite::value(COLUMN, "x")])
}

pub(crate) fn row_update() -> RowUpdate {
    RowUpdate::new(ROW, [CellWrite::value(COLUMN, 1)])
}

pub(crate) fn record() -> Record {
    Record::from([(tracker::EVENT_ID.to_owned(), "e-1".to_owned()), (tracker::VENUE.to_owned(), "Alexa".to_owned())])
}

pub(crate) fn text() -> NewFile {
    NewFile::new("a.txt", "what it says")
}

pub(crate) fn png() -> NewFile {
    NewFile::new("logo.png", b"\x89PNG\r\n\x1a\n".as_slice())
}

pub(crate) fn csv() -> NewFile {
    NewFile::new("tour.csv", "City,Visitors\nBerlin,1250\n")
}

pub(crate) fn talk() -> NewDiscussion {
    NewDiscussion::new("Who has the keys?")
}

pub(crate) fn email() -> Email {
    Email::to(["crew@example.com"])
}

pub(crate) fn row_email() -> RowEmail {
    RowEmail::new(email(), [ROW])
}

pub(crate) fn daily() -> NewSchedule {
    NewSchedule::daily(DateTime::from_timestamp(1_772_442_000, 0).unwrap_or_default(), 1)
}

pub(crate) fn webhook() -> NewWebhook {
    NewWebhook::sheet("Stores", "https://hooks.example.com/fuzz", SHEET)
}

pub(crate) fn definition() -> ReportDefinitionUpdate {
    let city = ReportColumnRef::new("City", ColumnType::Picklist);
    let berlin = ReportCriterion::new(city, FilterOperator::Equal).values(["Berlin"]);
    ReportDefinitionUpdate::new().filter(ReportFilter::all([berlin]))
}

pub(crate) fn create(template: Template) -> CreateSheet {
    let id = CampaignId::new("summer-26").expect("an id");
    CreateSheet::new(&Campaign::new(id, "Summer Tour", "Fizz", "DACH", Vec::new()), template, WORKSPACE)
}

pub(crate) fn upsert() -> UpsertEventRows {
    let other = EventId::new("e-2").expect("an id");
    let row = |event| EventRow::new(event).set(tracker::VENUE, "Alexanderplatz").set(tracker::SCANS, 7);
    UpsertEventRows::new(SHEET, vec![row(event()), row(other)])
}
