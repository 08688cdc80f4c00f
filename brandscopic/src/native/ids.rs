//! Ids. They are never mixed up: places and venues, and people and members of a company, are counted apart.

use connectors_core::id_newtype;

id_newtype! {
    /// An activity: something done at an event or a venue.
    pub struct ActivityId;
}

id_newtype! {
    /// A kind of activities.
    pub struct ActivityTypeId;
}

id_newtype! {
    /// An area: a group of places.
    pub struct AreaId;
}

id_newtype! {
    /// An uploaded file: a photo, a document or a receipt.
    pub struct AssetId;
}

id_newtype! {
    /// A brand.
    pub struct BrandId;
}

id_newtype! {
    /// A city of an area.
    pub struct CityId;
}

id_newtype! {
    /// A comment.
    pub struct CommentId;
}

id_newtype! {
    /// A company: Brandscopic's tenant.
    pub struct CompanyId;
}

id_newtype! {
    /// A user within a company. Nearly everything that is about people has this id.
    pub struct CompanyUserId;
}

id_newtype! {
    /// A contact of the company's address book.
    pub struct ContactId;
}

id_newtype! {
    /// An expense.
    pub struct ExpenseId;
}

id_newtype! {
    /// A field of a form, the same for all events of a campaign.
    pub struct FieldId;
}

id_newtype! {
    /// A folder of documents.
    pub struct FolderId;
}

id_newtype! {
    /// An invite.
    pub struct InviteId;
}

id_newtype! {
    /// A figure that a field is bound to.
    pub struct KpiId;
}

id_newtype! {
    /// A marque of a brand.
    pub struct MarqueId;
}

id_newtype! {
    /// One of the answers that a field offers.
    pub struct OptionId;
}

id_newtype! {
    /// A place: an address known to Brandscopic, shared by all companies.
    pub struct PlaceId;
}

id_newtype! {
    /// A campaign of Brandscopic.
    pub struct RemoteCampaignId;
}

id_newtype! {
    /// An event of Brandscopic.
    pub struct RemoteEventId;
}

id_newtype! {
    /// A field of one event: what its value is written under.
    pub struct ResultId;
}

id_newtype! {
    /// A role of users.
    pub struct RoleId;
}

id_newtype! {
    /// What a Likert scale has rated.
    pub struct StatementId;
}

id_newtype! {
    /// One answer of a survey.
    pub struct SurveyAnswerId;
}

id_newtype! {
    /// A survey.
    pub struct SurveyId;
}

id_newtype! {
    /// A task.
    pub struct TaskId;
}

id_newtype! {
    /// A team of users.
    pub struct TeamId;
}

id_newtype! {
    /// A person, in whatever companies; not what the members of a company go by.
    pub struct UserId;
}

id_newtype! {
    /// A venue: a place within a company, with its statistics.
    pub struct VenueId;
}

id_newtype! {
    /// A visit of brand ambassadors.
    pub struct VisitId;
}
