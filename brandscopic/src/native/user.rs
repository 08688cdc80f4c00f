//! What a user is.

use std::fmt;

use connectors_core::wire::lenient;
use connectors_core::{Error, Result, open_enum};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

use super::request::{email_address, not_blank};
use super::{CompanyUserId, RemoteCampaignId, RemoteEventId, RoleId, TaskId, TeamId, UserId};

/// A user of the company. What is personal about them is not shown by `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct User {
    /// What they go by within the company; not the id of the person.
    pub id: CompanyUserId,
    /// The first name.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub first_name: Option<String>,
    /// The last name.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub last_name: Option<String>,
    /// First and last name.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub full_name: Option<String>,
    /// The e-mail address.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub email: Option<String>,
    /// The telephone number.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub phone_number: Option<String>,
    /// House number and street.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub street_address: Option<String>,
    /// The flat.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub unit_number: Option<String>,
    /// The city.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub city: Option<String>,
    /// The state or region.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub state: Option<String>,
    /// The postal code.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub zip_code: Option<String>,
    /// The name of the country; contacts have its code instead.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub country: Option<String>,
    /// The time zone that all times are told in to this user, under a name such as `Pacific Time (US & Canada)`.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub time_zone: Option<String>,
    /// The role. Lists tell no more than its name: see [`role_name`](Self::role_name).
    #[serde(default)]
    pub role: Option<Role>,
    #[serde(default, rename = "role_name", deserialize_with = "lenient::opt_string")]
    listed_role: Option<String>,
    /// The teams. Lists do not tell them.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub teams: Vec<Team>,
}

impl User {
    /// The name of the role.
    pub fn role_name(&self) -> Option<&str> {
        self.role.as_ref().map(|role| role.name.as_str()).or(self.listed_role.as_deref())
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("id", &self.id)
            .field("role", &self.role_name())
            .field("teams", &self.teams)
            .finish_non_exhaustive()
    }
}

/// A role: what a user may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
}

/// A team of users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
    /// What it is. Users do not tell it.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub description: Option<String>,
}

/// What is to change about a user.
#[derive(Debug, Clone, Default, Serialize)]
#[must_use]
pub struct UserUpdate {
    #[serde(rename = "user_attributes", skip_serializing_if = "Option::is_none")]
    profile: Option<Profile>,
    #[serde(rename = "team_ids", skip_serializing_if = "Option::is_none")]
    teams: Option<Vec<TeamId>>,
    #[serde(rename = "role_id", skip_serializing_if = "Option::is_none")]
    role: Option<RoleId>,
}

impl UserUpdate {
    /// An update that changes nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Changes who they are and where they live.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = Some(profile);
        self
    }

    /// Puts them into these teams, and takes them out of all others.
    pub fn teams(mut self, teams: impl IntoIterator<Item = TeamId>) -> Self {
        self.teams = Some(teams.into_iter().collect());
        self
    }

    /// Gives them this role.
    pub fn role(mut self, role: RoleId) -> Self {
        self.role = Some(role);
        self
    }

    pub(super) fn check(&self) -> Result<()> {
        match self {
            Self { profile: Some(profile), .. } => profile.check(),
            Self { teams: None, role: None, .. } => Err(Error::invalid("update", "changes nothing")),
            _ => Ok(()),
        }
    }
}

macro_rules! setters {
    ($($(#[$meta:meta])+ $name:ident),+ $(,)?) => {$(
        $(#[$meta])+
        pub fn $name(mut self, value: impl Into<String>) -> Self {
            self.$name = Some(value.into());
            self
        }
    )+};
}
pub(super) use setters;

/// What is to change about a person. `Debug` shows whom it is about, and no more.
#[derive(Clone, Serialize)]
#[must_use]
pub struct Profile {
    id: UserId,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    street_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zip_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_zone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "exposed")]
    password: Option<SecretString>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "exposed")]
    password_confirmation: Option<SecretString>,
}

#[expect(clippy::ref_option, reason = "the form that serde asks for")]
fn exposed<S: Serializer>(secret: &Option<SecretString>, target: S) -> std::result::Result<S::Ok, S::Error> {
    secret.as_ref().map(ExposeSecret::expose_secret).serialize(target)
}

impl Profile {
    /// Changes nothing yet about this person: the user of [`Users::update`](super::Users::update), by the id that
    /// comments name their authors with.
    pub fn new(person: UserId) -> Self {
        Self {
            id: person,
            first_name: None,
            last_name: None,
            email: None,
            phone_number: None,
            street_address: None,
            unit_number: None,
            country: None,
            state: None,
            city: None,
            zip_code: None,
            time_zone: None,
            password: None,
            password_confirmation: None,
        }
    }

    setters! {
        /// The first name.
        first_name,
        /// The last name.
        last_name,
        /// The e-mail address: what they log in by.
        email,
        /// The telephone number.
        phone_number,
        /// House number and street.
        street_address,
        /// The flat. An empty one takes it away.
        unit_number,
        /// The country.
        country,
        /// The state or region.
        state,
        /// The city.
        city,
        /// The postal code.
        zip_code,
        /// The time zone, under a name such as `Pacific Time (US & Canada)`.
        time_zone,
    }

    /// A new password.
    pub fn password(mut self, password: impl Into<SecretString>) -> Self {
        let password = password.into();
        self.password_confirmation = Some(password.clone());
        self.password = Some(password);
        self
    }

    /// What there must be of a person, and how it is called on the wire.
    fn required(&self) -> [(&'static str, Option<&str>); 11] {
        let password = self.password.as_ref().map(ExposeSecret::expose_secret);
        [
            ("first_name", self.first_name.as_deref()),
            ("last_name", self.last_name.as_deref()),
            ("email", self.email.as_deref()),
            ("phone_number", self.phone_number.as_deref()),
            ("street_address", self.street_address.as_deref()),
            ("country", self.country.as_deref()),
            ("state", self.state.as_deref()),
            ("city", self.city.as_deref()),
            ("zip_code", self.zip_code.as_deref()),
            ("time_zone", self.time_zone.as_deref()),
            ("password", password),
        ]
    }

    fn check(&self) -> Result<()> {
        let given: Vec<_> = self.required().into_iter().filter_map(|(name, text)| Some((name, text?))).collect();
        if self.id.get() <= 0 {
            return Err(Error::invalid("user_attributes.id", "must be a positive number"));
        }
        if given.is_empty() && self.unit_number.is_none() {
            return Err(Error::invalid("user_attributes", "changes nothing"));
        }
        given.into_iter().try_for_each(|(name, text)| not_blank(name, text))?;
        self.email.as_deref().map_or(Ok(()), |email| email_address("email", email))
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile").field("id", &self.id).finish_non_exhaustive()
    }
}

open_enum! {
    /// The colour that a notification is shown in.
    pub enum NotificationLevel {
        /// Red.
        "red" => Red,
        /// Blue.
        "blue" => Blue,
        /// Grey.
        "grey" => Grey,
    }
}

open_enum! {
    /// What a notification is about.
    pub enum NotificationKind {
        /// Recaps to be handed in.
        "event_recaps_due" => EventRecapsDue,
        /// Recaps that should have been handed in.
        "event_recaps_late" => EventRecapsLate,
        /// Recaps that wait for approval.
        "event_recaps_pending" => EventRecapsPending,
        /// Recaps to be reworked.
        "event_recaps_rejected" => EventRecapsRejected,
        /// Tasks of the user's teams that are late.
        "team_tasks_late" => TeamTasksLate,
        /// Tasks of the user that are late.
        "user_tasks_late" => UserTasksLate,
        /// Comments on a task of the user.
        "user_task_comments" => UserTaskComments,
        /// Comments on a task of the user's teams.
        "team_task_comments" => TeamTaskComments,
        /// A new event of the user. Getting the event takes it away.
        "new_event" => NewEvent,
        /// A new event of the user's teams.
        "new_team_event" => NewTeamEvent,
        /// A new campaign.
        "new_campaign" => NewCampaign,
        /// A new task of the user.
        "new_task" => NewTask,
        /// A new task of the user's teams.
        "new_team_task" => NewTeamTask,
    }
}

/// Something new for the user, or due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Notification {
    /// What it is about.
    #[serde(rename = "type")]
    pub kind: NotificationKind,
    /// Its colour.
    pub level: NotificationLevel,
    /// It, in words.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub message: String,
    /// The name of a picture for it.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub icon: Option<String>,
    /// The event, if it is about one.
    #[serde(default)]
    pub event_id: Option<RemoteEventId>,
    /// The campaign, if it is about one.
    #[serde(default)]
    pub campaign_id: Option<RemoteCampaignId>,
    /// The task, if it is about one.
    #[serde(default)]
    pub task_id: Option<TaskId>,
}
