//! Shares: who may do what with one thing.

use chrono::{DateTime, Utc};
use connectors_core::{Error, Result, open_enum};
use serde::{Deserialize, Serialize, Serializer};

use super::access::AccessLevel;
use super::ids::{GroupId, ReportId, ShareId, SheetId, SightId, UserId, WorkspaceId, positive};
use super::time;
use crate::request::email_address;

/// What is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Asset {
    /// A sheet.
    Sheet(SheetId),
    /// A report.
    Report(ReportId),
    /// A dashboard.
    Dashboard(SightId),
    /// A workspace, and all that is in it.
    Workspace(WorkspaceId),
    /// A collection, by its number.
    Collection(i64),
    /// A file, by its number.
    File(i64),
}

impl Asset {
    /// What it is in the API's words, and which one.
    pub(crate) fn parts(self) -> (&'static str, i64) {
        match self {
            Self::Sheet(id) => ("sheet", id.get()),
            Self::Report(id) => ("report", id.get()),
            Self::Dashboard(id) => ("sight", id.get()),
            Self::Workspace(id) => ("workspace", id.get()),
            Self::Collection(id) => ("collection", id),
            Self::File(id) => ("file", id),
        }
    }
}

impl From<SheetId> for Asset {
    fn from(id: SheetId) -> Self {
        Self::Sheet(id)
    }
}

impl From<ReportId> for Asset {
    fn from(id: ReportId) -> Self {
        Self::Report(id)
    }
}

impl From<SightId> for Asset {
    fn from(id: SightId) -> Self {
        Self::Dashboard(id)
    }
}

impl From<WorkspaceId> for Asset {
    fn from(id: WorkspaceId) -> Self {
        Self::Workspace(id)
    }
}

open_enum! {
    /// With whom something is shared.
    pub enum ShareType {
        /// With a person.
        "USER" => User,
        /// With the members of a group.
        "GROUP" => Group,
    }
}

open_enum! {
    /// Where a share was given.
    pub enum ShareScope {
        /// On the thing itself.
        "ITEM" => Item,
        /// On the workspace that it is in: there it can be changed, not here.
        "WORKSPACE" => Workspace,
    }
}

/// Who may do what with one thing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Share {
    /// The id.
    pub id: ShareId,
    /// With whom.
    #[serde(rename = "type")]
    pub share_type: Option<ShareType>,
    /// The user, if they have an account.
    pub user_id: Option<UserId>,
    /// The group.
    pub group_id: Option<GroupId>,
    /// The person's e-mail address.
    pub email: Option<String>,
    /// The name of the person or group.
    pub name: Option<String>,
    /// What they may do.
    pub access_level: Option<AccessLevel>,
    /// Where it was given.
    pub scope: Option<ShareScope>,
    /// When it was given.
    #[serde(default, deserialize_with = "time::opt")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was changed last.
    #[serde(default, deserialize_with = "time::opt")]
    pub modified_at: Option<DateTime<Utc>>,
}

/// A share to be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewShare {
    /// The person's e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The group.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    pub group_id: Option<GroupId>,
    /// What they may do.
    pub access_level: AccessLevel,
    /// The subject of the e-mail that tells them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The text of the e-mail that tells them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Whether the sender gets a copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cc_me: Option<bool>,
}

/// Ids of groups are texts here, and here alone.
#[expect(clippy::ref_option, reason = "the signature that serde wants")]
fn as_text<S: Serializer>(id: &Option<GroupId>, target: S) -> std::result::Result<S::Ok, S::Error> {
    id.map(|id| id.to_string()).serialize(target)
}

impl NewShare {
    fn with(access_level: AccessLevel) -> Self {
        Self { email: None, group_id: None, access_level, subject: None, message: None, cc_me: None }
    }

    /// The person with this e-mail address may do that. They need not be in the account.
    pub fn user(email: impl Into<String>, access_level: AccessLevel) -> Self {
        Self { email: Some(email.into()), ..Self::with(access_level) }
    }

    /// The members of this group may do that.
    pub fn group(group: GroupId, access_level: AccessLevel) -> Self {
        Self { group_id: Some(group), ..Self::with(access_level) }
    }

    /// The subject of the e-mail that tells them.
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// The text of the e-mail that tells them.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Whether the sender gets a copy of the e-mail.
    pub fn cc_me(mut self, copy: bool) -> Self {
        self.cc_me = Some(copy);
        self
    }

    pub(crate) fn check(&self, field: &str) -> Result<()> {
        match (&self.email, self.group_id) {
            (Some(email), None) => email_address(&format!("{field}.email"), email)?,
            (None, Some(group)) => positive(&format!("{field}.groupId"), group.get())?,
            _ => return Err(Error::invalid(field, "must be either with an e-mail address or with a group")),
        }
        check_level(&format!("{field}.accessLevel"), &self.access_level)
    }
}

/// There is one owner, who is not made by sharing.
pub(crate) fn check_level(field: &str, level: &AccessLevel) -> Result<()> {
    if *level == AccessLevel::Owner {
        return Err(Error::invalid(field, "must be less than OWNER: a thing has one owner"));
    }
    Ok(())
}
