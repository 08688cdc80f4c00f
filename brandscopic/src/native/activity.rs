//! An activity as Brandscopic tells it, and what to write of one.

use chrono::NaiveDate;
use connectors_core::wire::lenient;
use connectors_core::{Error, Result};
use serde::{Deserialize, Serialize};

use super::answer::{self, Form, WireAnswer};
use super::request::{nameless, positive};
use super::{
    ActivityId, ActivityType, ActivityTypeId, CompanyUserId, Field, RemoteCampaign, RemoteCampaignId, RemoteEventId,
    ResultAnswer, VenueId, wire,
};

/// An activity. Lists leave some members out; what only [`get`](super::Activities::get) tells is marked.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct RemoteActivity {
    /// Its id.
    pub id: ActivityId,
    /// When it was done, in the time zone of the user's profile.
    #[serde(default, deserialize_with = "wire::opt_day::deserialize")]
    pub activity_date: Option<NaiveDate>,
    /// What kind it is of.
    pub activity_type: ActivityType,
    /// Who did it.
    #[serde(default)]
    pub company_user: Option<ActivityUser>,
    /// The campaign that it was for. Only from `get`.
    #[serde(default)]
    pub campaign: Option<RemoteCampaign>,
    /// Where it was done. Only from `get`.
    #[serde(default, rename = "activitable")]
    pub subject: Option<ActivitySubject>,
    /// Its form, with what was answered. Only from `get`.
    #[serde(default, rename = "data", deserialize_with = "lenient::or_default")]
    pub fields: Vec<Field>,
}

/// The form of an activity that is yet to be made.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct BlankActivity {
    /// The day that it would be of.
    #[serde(default, deserialize_with = "wire::opt_day::deserialize")]
    pub activity_date: Option<NaiveDate>,
    /// What kind it would be of.
    pub activity_type: ActivityType,
    /// Who would have done it: the user of this client.
    #[serde(default)]
    pub company_user: Option<ActivityUser>,
    /// What it asks.
    #[serde(default, rename = "data", deserialize_with = "lenient::or_default")]
    pub fields: Vec<Field>,
}

impl BlankActivity {
    /// The activity that this is the form of; `None` if the server left something out, or it is no activity.
    pub fn draft(&self) -> Option<ActivityDraft> {
        let user = self.company_user.as_ref()?;
        Some(ActivityDraft::new(self.activity_type.id.type_id()?, self.activity_date?, user.id))
    }

    /// The first field with this name, white space around it aside.
    pub fn named(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name.trim() == name.trim())
    }
}

impl RemoteActivity {
    /// The first field with this name, white space around it aside.
    pub fn named(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name.trim() == name.trim())
    }
}

/// Who did an activity. `Debug` does not show the name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ActivityUser {
    /// The user.
    pub id: CompanyUserId,
    /// First and last name.
    #[serde(default, rename = "full_name", alias = "name", deserialize_with = "lenient::opt_string")]
    pub name: Option<String>,
}

nameless!(ActivityUser);

/// What an activity was done at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(from = "WireSubject")]
#[non_exhaustive]
pub enum ActivitySubject {
    /// An event.
    Event(RemoteEventId),
    /// A venue.
    Venue(VenueId),
    /// Something that this version does not know, with its id.
    Unknown(i64),
}

#[derive(Deserialize)]
struct WireSubject {
    #[serde(deserialize_with = "lenient::number")]
    id: i64,
    #[serde(default, rename = "type", deserialize_with = "lenient::or_default")]
    kind: String,
}

impl From<WireSubject> for ActivitySubject {
    fn from(wire: WireSubject) -> Self {
        match wire.kind.as_str() {
            "Event" => Self::Event(wire.id.into()),
            "Venue" => Self::Venue(wire.id.into()),
            _ => Self::Unknown(wire.id),
        }
    }
}

/// An activity to make. [`blank`](super::Activities::blank) has the fields to answer.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ActivityDraft {
    /// What kind it is of.
    pub activity_type: ActivityTypeId,
    /// When it was done, in the time zone of the user's profile.
    pub activity_date: NaiveDate,
    /// Who did it.
    pub company_user: CompanyUserId,
    /// What was answered.
    pub answers: Vec<ResultAnswer>,
}

impl ActivityDraft {
    /// An activity of this kind, done by this user on this day.
    pub fn new(activity_type: ActivityTypeId, activity_date: NaiveDate, company_user: CompanyUserId) -> Self {
        Self { activity_type, activity_date, company_user, answers: Vec::new() }
    }

    /// Answers a field.
    pub fn answer(mut self, answer: ResultAnswer) -> Self {
        self.answers.push(answer);
        self
    }

    pub(super) fn check(&self) -> Result<()> {
        positive("activity_type_id", self.activity_type.get())?;
        positive("company_user_id", self.company_user.get())?;
        answer::check(&self.answers, Form::New)
    }

    pub(super) fn to_wire(&self, campaign: Option<RemoteCampaignId>) -> WireActivity<'_> {
        WireActivity {
            activity_type_id: Some(self.activity_type),
            activity_date: Some(self.activity_date),
            campaign_id: campaign,
            company_user_id: Some(self.company_user),
            results_attributes: answer::to_wire(&self.answers, Form::New),
        }
    }
}

/// What to change of an activity; the rest stays. Its answers come from the fields of
/// [`get`](super::Activities::get).
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct ActivityChange {
    /// When it was done, in the time zone of the user's profile.
    pub activity_date: Option<NaiveDate>,
    /// Who did it.
    pub company_user: Option<CompanyUserId>,
    /// What was answered.
    pub answers: Vec<ResultAnswer>,
}

impl ActivityChange {
    /// A change that changes nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// When it was done, in the time zone of the user's profile.
    pub fn activity_date(mut self, day: NaiveDate) -> Self {
        self.activity_date = Some(day);
        self
    }

    /// Who did it.
    pub fn company_user(mut self, user: CompanyUserId) -> Self {
        self.company_user = Some(user);
        self
    }

    /// Answers a field.
    pub fn answer(mut self, answer: ResultAnswer) -> Self {
        self.answers.push(answer);
        self
    }

    pub(super) fn check(&self) -> Result<()> {
        if *self == Self::default() {
            return Err(Error::invalid("activity", "changes nothing"));
        }
        if let Some(user) = self.company_user {
            positive("company_user_id", user.get())?;
        }
        answer::check(&self.answers, Form::Begun)
    }

    pub(super) fn to_wire(&self) -> WireActivity<'_> {
        WireActivity {
            activity_type_id: None,
            activity_date: self.activity_date,
            campaign_id: None,
            company_user_id: self.company_user,
            results_attributes: answer::to_wire(&self.answers, Form::Begun),
        }
    }
}

#[derive(Serialize)]
pub(super) struct WireActivity<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    activity_type_id: Option<ActivityTypeId>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "wire::opt_day::serialize")]
    activity_date: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    campaign_id: Option<RemoteCampaignId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company_user_id: Option<CompanyUserId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    results_attributes: Vec<WireAnswer<'a>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_stays_the_one_that_the_users_calendar_shows() {
        for at in ["2026-06-05T00:00:00.000-07:00", "2026-06-05T00:00:00.000+09:00", "06/05/2026", "2026-06-05"] {
            let json = format!(
                r#"{{"id":1,"activity_date":"{at}","activity_type":{{"id":7,"name":"Bar Spend"}},
                    "company_user":{{"id":3,"full_name":"Ann Field"}},"activitable":{{"id":9,"type":"Venue"}}}}"#
            );
            let activity: RemoteActivity = serde_json::from_str(&json).unwrap();
            assert!(!format!("{activity:?}").contains("Ann Field"), "{activity:?}");
            assert_eq!(activity.activity_date, "2026-06-05".parse().ok());
            assert_eq!(activity.subject, Some(ActivitySubject::Venue(VenueId::new(9))));
        }
    }
}
