//! Groups of users.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ids::{GroupId, UserId};
use super::time;
use crate::users::Address;

/// A group of users.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Group {
    /// The id.
    pub id: GroupId,
    /// The name, which no other group of the account has.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The owner's e-mail address.
    pub owner: Option<String>,
    /// The owner.
    pub owner_id: Option<UserId>,
    /// When it was created.
    #[serde(default, deserialize_with = "time::opt")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was changed last.
    #[serde(default, deserialize_with = "time::opt")]
    pub modified_at: Option<DateTime<Utc>>,
    /// Who is in it. Not in lists.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub members: Vec<GroupMember>,
}

/// Somebody in a group.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GroupMember {
    /// The user.
    pub id: UserId,
    /// The e-mail address.
    pub email: Option<String>,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// First and last name.
    pub name: Option<String>,
}

/// A group to be created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewGroup {
    /// The name, which no other group of the account has.
    pub name: String,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) members: Vec<Address>,
}

impl NewGroup {
    /// A group of this name, without members.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), description: None, members: Vec::new() }
    }

    /// What it is for.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// The users with these e-mail addresses are in it.
    pub fn members<E: Into<String>>(mut self, emails: impl IntoIterator<Item = E>) -> Self {
        self.members.extend(emails.into_iter().map(|email| Address { email: email.into() }));
        self
    }
}

/// What changes about a group; what is not said stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GroupUpdate {
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The owner, who has to be a group admin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<UserId>,
}

impl GroupUpdate {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// What it is for.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// The owner, who has to be a group admin.
    pub fn owner(mut self, owner: UserId) -> Self {
        self.owner_id = Some(owner);
        self
    }
}
