//! Users: who is in the account, and how.

use std::fmt;

use chrono::{DateTime, Utc};
use connectors_core::{Error, Result, open_enum};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::group::Group;
use super::ids::{AlternateEmailId, ImageId, PlanId, UserId};
use super::time;

open_enum! {
    /// Whether a user takes part.
    pub enum UserStatus {
        /// They do.
        "ACTIVE" => Active,
        /// They were invited and have not answered.
        "PENDING" => Pending,
        /// They were invited and said no.
        "DECLINED" => Declined,
        /// They cannot sign in any more; what they own stays.
        "DEACTIVATED" => Deactivated,
    }
}

open_enum! {
    /// What a user may do in a plan, which is what is paid for.
    pub enum SeatType {
        /// Create and own things.
        "MEMBER" => Member,
        /// As a member, until somebody decides.
        "PROVISIONAL_MEMBER" => ProvisionalMember,
        /// Work on what others share, from outside of the organisation.
        "GUEST" => Guest,
        /// Read what others share.
        "VIEWER" => Viewer,
        /// Work on what others share. Told as another type unless contributors are asked for.
        "CONTRIBUTOR" => Contributor,
    }
}

/// The picture of a user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProfileImage {
    /// The image: [`Images::urls`](crate::Images) tells where it is.
    #[serde(alias = "id")]
    pub image_id: ImageId,
    /// In pixels.
    pub height: Option<u32>,
    /// In pixels.
    pub width: Option<u32>,
}

/// A user of the account, as lists have them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct User {
    /// The id.
    pub id: UserId,
    /// The e-mail address.
    pub email: Option<String>,
    /// First and last name.
    pub name: Option<String>,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// Whether they take part.
    pub status: Option<UserStatus>,
    /// Whether they are a system admin.
    pub admin: Option<bool>,
    /// Whether they may create sheets.
    pub licensed_sheet_creator: Option<bool>,
    /// Whether they may create groups.
    pub group_admin: Option<bool>,
    /// Whether they see who works on what.
    pub resource_viewer: Option<bool>,
    /// Whether they belong to the organisation of the plan.
    pub is_internal: Option<bool>,
    /// Their seat.
    pub seat_type: Option<SeatType>,
    /// When their seat was changed last.
    #[serde(default, deserialize_with = "time::opt")]
    pub seat_type_last_changed_at: Option<DateTime<Utc>>,
    /// When a provisional seat ends.
    #[serde(default, deserialize_with = "time::opt")]
    pub provisional_expiration_date: Option<DateTime<Utc>>,
    /// How many sheets they own; -1 where that was not counted.
    pub sheet_count: Option<i64>,
    /// When they were here last. Only where asked for.
    #[serde(default, deserialize_with = "time::opt")]
    pub last_login: Option<DateTime<Utc>>,
    /// When they saw the account's welcome screen.
    #[serde(default, deserialize_with = "time::opt")]
    pub custom_welcome_screen_viewed: Option<DateTime<Utc>>,
    /// Their picture.
    pub profile_image: Option<ProfileImage>,
}

/// A user with their account, as they see themselves.
#[expect(clippy::struct_excessive_bools, reason = "each is a right of its own")]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserProfile {
    /// The user's id.
    pub id: UserId,
    /// The e-mail address.
    pub email: Option<String>,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// The account.
    pub account: Option<Account>,
    /// Whether they take part.
    pub status: Option<UserStatus>,
    /// Whether the user is a system admin.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub admin: bool,
    /// Whether the user may create sheets.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub licensed_sheet_creator: bool,
    /// Whether the user may create groups.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub group_admin: bool,
    /// Whether the user sees who works on what.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub resource_viewer: bool,
    /// Whether the user manages the connection to Jira.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub jira_admin: bool,
    /// Whether the user manages the connection to Salesforce.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub salesforce_admin: bool,
    /// Whether the user may use the connection to Salesforce.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub salesforce_user: bool,
    /// The locale in which lenient writes are interpreted, such as `en_US`.
    pub locale: Option<String>,
    /// The time zone, such as `US/Pacific`.
    pub time_zone: Option<String>,
    /// The company.
    pub company: Option<String>,
    /// The department.
    pub department: Option<String>,
    /// What the user does.
    pub role: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// The telephone number at work.
    pub work_phone: Option<String>,
    /// The number of the mobile phone.
    pub mobile_phone: Option<String>,
    /// Further e-mail addresses.
    #[serde(default, deserialize_with = "one_or_many")]
    pub alternate_emails: Vec<AlternateEmail>,
    /// The picture.
    pub profile_image: Option<ProfileImage>,
    /// How many sheets the user owns; -1 where that was not counted.
    pub sheet_count: Option<i64>,
    /// When the user was here last.
    #[serde(default, deserialize_with = "time::opt")]
    pub last_login: Option<DateTime<Utc>>,
    /// When the user saw the account's welcome screen.
    #[serde(default, deserialize_with = "time::opt")]
    pub custom_welcome_screen_viewed: Option<DateTime<Utc>>,
    /// The groups that the user is in. Only where asked for.
    #[serde(default, rename = "data")]
    pub groups: Vec<Group>,
}

impl UserProfile {
    /// First and last name, as far as they are known.
    pub fn name(&self) -> String {
        let parts = [&self.first_name, &self.last_name].into_iter().flatten().map(|part| part.trim());
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// The documentation says an object, the service sends a list.
fn one_or_many<'de, D: Deserializer<'de>>(source: D) -> std::result::Result<Vec<AlternateEmail>, D::Error> {
    struct Either;
    impl<'de> Visitor<'de> for Either {
        type Value = Vec<AlternateEmail>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object or a list of them")
        }

        fn visit_unit<E>(self) -> std::result::Result<Self::Value, E> {
            Ok(Vec::new())
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<Self::Value, A::Error> {
            Ok(vec![AlternateEmail::deserialize(MapAccessDeserializer::new(map))?])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> std::result::Result<Self::Value, A::Error> {
            Vec::deserialize(SeqAccessDeserializer::new(list))
        }
    }
    source.deserialize_any(Either)
}

/// The account of a user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Account {
    /// The id.
    pub id: Option<i64>,
    /// The name.
    pub name: Option<String>,
}

/// A further e-mail address of a user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AlternateEmail {
    /// The id.
    pub id: AlternateEmailId,
    /// The address.
    pub email: Option<String>,
    /// Whether the user has confirmed that it is theirs.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub confirmed: bool,
}

/// A user's seat in a plan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserPlan {
    /// The plan.
    pub plan_id: PlanId,
    /// Its name. Only where asked for.
    pub plan_name: Option<String>,
    /// The seat.
    pub seat_type: Option<SeatType>,
    /// When it was changed last.
    #[serde(default, deserialize_with = "time::opt")]
    pub seat_type_last_changed_at: Option<DateTime<Utc>>,
    /// Whether the user belongs to the organisation of the plan.
    pub is_internal: Option<bool>,
    /// When a provisional seat ends.
    #[serde(default, deserialize_with = "time::opt")]
    pub provisional_expiration_date: Option<DateTime<Utc>>,
}

/// Somebody to be added to the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewUser {
    /// The e-mail address.
    pub email: String,
    /// What else is known of them, and what they may do.
    #[serde(flatten)]
    pub more: UserUpdate,
}

impl NewUser {
    /// The person with this e-mail address.
    pub fn new(email: impl Into<String>) -> Self {
        Self { email: email.into(), more: UserUpdate::default() }
    }

    /// What else is known of them, and what they may do. On plans by seats, everybody may create sheets, whatever is
    /// said here.
    pub fn with(mut self, more: UserUpdate) -> Self {
        self.more = more;
        self
    }
}

/// What changes about a user; what is not said stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserUpdate {
    /// The first name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Whether they are a system admin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admin: Option<bool>,
    /// Whether they may create sheets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licensed_sheet_creator: Option<bool>,
    /// Whether they may create groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_admin: Option<bool>,
    /// Whether they see who works on what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_viewer: Option<bool>,
}

impl UserUpdate {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// First and last name.
    pub fn name(mut self, first: impl Into<String>, last: impl Into<String>) -> Self {
        (self.first_name, self.last_name) = (Some(first.into()), Some(last.into()));
        self
    }

    /// Whether they are a system admin.
    pub fn admin(mut self, admin: bool) -> Self {
        self.admin = Some(admin);
        self
    }

    /// Whether they may create sheets.
    pub fn licensed_sheet_creator(mut self, licensed: bool) -> Self {
        self.licensed_sheet_creator = Some(licensed);
        self
    }

    /// Whether they may create groups.
    pub fn group_admin(mut self, admin: bool) -> Self {
        self.group_admin = Some(admin);
        self
    }

    /// Whether they see who works on what.
    pub fn resource_viewer(mut self, viewer: bool) -> Self {
        self.resource_viewer = Some(viewer);
        self
    }
}

/// What becomes of the things of a user who is removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserRemoval {
    /// Who gets the groups that they own, and the sheets where those are transferred.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transfer_to: Option<UserId>,
    /// Whether the sheets that they own are transferred.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub transfer_sheets: bool,
    /// Whether things that others own are shared with them no longer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub remove_from_sharing: bool,
}

impl UserRemoval {
    /// Everything stays as it is.
    pub fn new() -> Self {
        Self::default()
    }

    /// This user gets the groups that they own.
    pub fn transfer_groups_to(mut self, user: UserId) -> Self {
        self.transfer_to = Some(user);
        self
    }

    /// This user gets the groups and sheets that they own.
    pub fn transfer_to(mut self, user: UserId) -> Self {
        (self.transfer_to, self.transfer_sheets) = (Some(user), true);
        self
    }

    /// Things that others own are shared with them no longer.
    pub fn remove_from_sharing(mut self) -> Self {
        self.remove_from_sharing = true;
        self
    }

    pub(crate) fn check(&self, removed: UserId) -> Result<()> {
        match self.transfer_to {
            None if self.transfer_sheets => Err(Error::invalid("transferTo", "must name who gets the sheets")),
            Some(to) if to == removed => Err(Error::invalid("transferTo", "must be another user than the removed one")),
            _ => Ok(()),
        }
    }
}
