//! Requests to people to update rows, by e-mail and by schedule.

use chrono::{DateTime, Utc};
use connectors_core::{Error, Result, open_enum};
use serde::{Deserialize, Serialize};

use super::access::Person;
use super::email::{Email, Recipient};
use super::ids::{ColumnId, RowId, SentUpdateRequestId, UpdateRequestId};
use super::row_email::{RowEmail, RowLayout};
use super::time;

open_enum! {
    /// How often an update request is sent.
    pub enum ScheduleType {
        /// Once.
        "ONCE" => Once,
        /// Every so many days.
        "DAILY" => Daily,
        /// On some days of every so many weeks.
        "WEEKLY" => Weekly,
        /// On a day of every so many months.
        "MONTHLY" => Monthly,
        /// On a day of every so many years.
        "YEARLY" => Yearly,
    }
}

open_enum! {
    /// A day of the week, or a kind of days.
    pub enum DayDescriptor {
        /// Any day.
        "DAY" => Day,
        /// Monday to Friday.
        "WEEKDAY" => Weekday,
        /// Saturday and Sunday.
        "WEEKEND" => Weekend,
        /// Sunday.
        "SUNDAY" => Sunday,
        /// Monday.
        "MONDAY" => Monday,
        /// Tuesday.
        "TUESDAY" => Tuesday,
        /// Wednesday.
        "WEDNESDAY" => Wednesday,
        /// Thursday.
        "THURSDAY" => Thursday,
        /// Friday.
        "FRIDAY" => Friday,
        /// Saturday.
        "SATURDAY" => Saturday,
    }
}

open_enum! {
    /// Which of the days of a month.
    pub enum DayOrdinal {
        /// The first.
        "FIRST" => First,
        /// The second.
        "SECOND" => Second,
        /// The third.
        "THIRD" => Third,
        /// The fourth.
        "FOURTH" => Fourth,
        /// The last.
        "LAST" => Last,
    }
}

open_enum! {
    /// What became of a request that was sent.
    pub enum SentUpdateRequestStatus {
        /// Nobody has answered yet.
        "PENDING" => Pending,
        /// It was answered.
        "COMPLETE" => Complete,
        /// It was taken back.
        "CANCELED" => Canceled,
    }
}

/// When an update request is sent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Schedule {
    /// How often.
    #[serde(rename = "type")]
    pub kind: Option<ScheduleType>,
    /// From when on.
    #[serde(default, deserialize_with = "time::opt")]
    pub start_at: Option<DateTime<Utc>>,
    /// Until when.
    #[serde(default, deserialize_with = "time::opt")]
    pub end_at: Option<DateTime<Utc>>,
    /// Every how many days, weeks, months or years.
    pub repeat_every: Option<u32>,
    /// On which days.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub day_descriptors: Vec<DayDescriptor>,
    /// On which day of the month, from 1.
    pub day_of_month: Option<u32>,
    /// Which of those days of the month.
    pub day_ordinal: Option<DayOrdinal>,
    /// When it was sent last.
    #[serde(default, deserialize_with = "time::opt")]
    pub last_sent_at: Option<DateTime<Utc>>,
    /// When it will be sent next.
    #[serde(default, deserialize_with = "time::opt")]
    pub next_send_at: Option<DateTime<Utc>>,
}

/// When a new update request is to be sent.
///
/// ```
/// use connectors_smartsheet::{DayDescriptor, DayOrdinal, NewSchedule};
///
/// # let start = "2026-06-05T08:00:00Z".parse().unwrap();
/// let standup = NewSchedule::weekly(start, 1, [DayDescriptor::Monday, DayDescriptor::Thursday]);
/// let report = NewSchedule::monthly_on(start, 1, DayOrdinal::Last, DayDescriptor::Weekday);
/// # let _ = (standup, report);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewSchedule {
    /// How often.
    #[serde(rename = "type")]
    pub kind: ScheduleType,
    /// From when on.
    pub start_at: DateTime<Utc>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_at: Option<DateTime<Utc>>,
    /// Every how many days, weeks, months or years.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeat_every: Option<u32>,
    /// On which days.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub day_descriptors: Vec<DayDescriptor>,
    /// On which day of the month, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_of_month: Option<u32>,
    /// Which of those days of the month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_ordinal: Option<DayOrdinal>,
}

impl NewSchedule {
    fn new(kind: ScheduleType, start: DateTime<Utc>, every: Option<u32>) -> Self {
        Self {
            kind,
            start_at: start,
            end_at: None,
            repeat_every: every,
            day_descriptors: Vec::new(),
            day_of_month: None,
            day_ordinal: None,
        }
    }

    /// Once, at this time.
    pub fn once(at: DateTime<Utc>) -> Self {
        Self::new(ScheduleType::Once, at, None)
    }

    /// Every so many days.
    pub fn daily(start: DateTime<Utc>, every: u32) -> Self {
        Self::new(ScheduleType::Daily, start, Some(every))
    }

    /// On these days of every so many weeks.
    pub fn weekly(start: DateTime<Utc>, every: u32, days: impl IntoIterator<Item = DayDescriptor>) -> Self {
        let weekly = Self::new(ScheduleType::Weekly, start, Some(every));
        Self { day_descriptors: days.into_iter().collect(), ..weekly }
    }

    /// On this day, from 1, of every so many months.
    pub fn monthly(start: DateTime<Utc>, every: u32, day: u32) -> Self {
        Self { day_of_month: Some(day), ..Self::new(ScheduleType::Monthly, start, Some(every)) }
    }

    /// On the first, second or last of such days of every so many months.
    pub fn monthly_on(start: DateTime<Utc>, every: u32, which: DayOrdinal, of: DayDescriptor) -> Self {
        let monthly = Self::new(ScheduleType::Monthly, start, Some(every));
        Self { day_ordinal: Some(which), day_descriptors: vec![of], ..monthly }
    }

    /// On this day of the month that it starts in, every so many years.
    pub fn yearly(start: DateTime<Utc>, every: u32, day: u32) -> Self {
        Self { day_of_month: Some(day), ..Self::new(ScheduleType::Yearly, start, Some(every)) }
    }

    /// Not later than this.
    pub fn until(mut self, end: DateTime<Utc>) -> Self {
        self.end_at = Some(end);
        self
    }

    fn check(&self) -> Result<()> {
        if self.end_at.is_some_and(|end| end < self.start_at) {
            return Err(Error::invalid("schedule.endAt", "must not be before it starts").with_code(1179));
        }
        if self.repeat_every == Some(0) {
            return Err(Error::invalid("schedule.repeatEvery", "must be at least 1"));
        }
        if self.day_of_month.is_some_and(|day| !(1..=31).contains(&day)) {
            return Err(Error::invalid("schedule.dayOfMonth", "must be from 1 to 31"));
        }
        if self.kind == ScheduleType::Weekly && self.day_descriptors.is_empty() {
            return Err(Error::invalid("schedule.dayDescriptors", "must name at least one day").with_code(1012));
        }
        Ok(())
    }
}

/// A request to people to update rows, as it was set up.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UpdateRequest {
    /// The id.
    pub id: UpdateRequestId,
    /// Who is asked.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub send_to: Vec<Recipient>,
    /// The subject of the e-mail.
    pub subject: Option<String>,
    /// The text of the e-mail.
    pub message: Option<String>,
    /// Whether the sender gets a copy.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub cc_me: bool,
    /// The rows. Not in lists.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub row_ids: Vec<RowId>,
    /// The columns that are shown. Not in lists.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub column_ids: Vec<ColumnId>,
    /// Whether attachments are shown.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub include_attachments: bool,
    /// Whether discussions are shown.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub include_discussions: bool,
    /// How the rows are shown.
    pub layout: Option<RowLayout>,
    /// When it is sent.
    pub schedule: Option<Schedule>,
    /// Who asks.
    pub sent_by: Option<Person>,
    /// When it was set up.
    #[serde(default, deserialize_with = "time::opt")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was changed last.
    #[serde(default, deserialize_with = "time::opt")]
    pub modified_at: Option<DateTime<Utc>>,
}

/// A request to people to update rows, as it was sent to one of them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SentUpdateRequest {
    /// The id.
    pub id: SentUpdateRequestId,
    /// What it was sent for.
    pub update_request_id: Option<UpdateRequestId>,
    /// What became of it.
    pub status: Option<SentUpdateRequestStatus>,
    /// When it was sent.
    #[serde(default, deserialize_with = "time::opt")]
    pub sent_at: Option<DateTime<Utc>>,
    /// Who asks.
    pub sent_by: Option<Person>,
    /// Who is asked.
    pub sent_to: Option<Recipient>,
    /// The subject of the e-mail.
    pub subject: Option<String>,
    /// The text of the e-mail.
    pub message: Option<String>,
    /// The rows.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub row_ids: Vec<RowId>,
    /// The columns that were shown.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub column_ids: Vec<ColumnId>,
    /// Whether attachments were shown.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub include_attachments: bool,
    /// Whether discussions were shown.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub include_discussions: bool,
}

/// An update request to be set up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewUpdateRequest {
    /// To whom, what it says, and which rows.
    #[serde(flatten)]
    pub email: RowEmail,
    /// When it is sent; at once if there is no schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<NewSchedule>,
}

impl NewUpdateRequest {
    /// A request that is sent at once.
    pub fn new(email: RowEmail) -> Self {
        Self { email, schedule: None }
    }

    /// Sends it by this schedule.
    pub fn schedule(mut self, schedule: NewSchedule) -> Self {
        self.schedule = Some(schedule);
        self
    }

    pub(crate) fn check(&self) -> Result<()> {
        self.email.email.check()?;
        if self.email.row_ids.is_empty() {
            return Err(Error::invalid("rowIds", "must not be empty").with_code(1012));
        }
        self.schedule.as_ref().map_or(Ok(()), NewSchedule::check)
    }
}

/// A change of an update request. What is not set stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UpdateRequestUpdate {
    /// Who is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_to: Option<Vec<Recipient>>,
    /// The subject of the e-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The text of the e-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Whether the sender gets a copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cc_me: Option<bool>,
    /// The rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row_ids: Option<Vec<RowId>>,
    /// The columns that are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column_ids: Option<Vec<ColumnId>>,
    /// Whether attachments are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_attachments: Option<bool>,
    /// Whether discussions are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_discussions: Option<bool>,
    /// When it is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<NewSchedule>,
}

impl UpdateRequestUpdate {
    /// No change yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Who is asked, and what the e-mail says, as far as it says something.
    pub fn email(mut self, email: Email) -> Self {
        self.send_to = Some(email.send_to);
        self.subject = email.subject.or(self.subject);
        self.message = email.message.or(self.message);
        self.cc_me = email.cc_me.or(self.cc_me);
        self
    }

    /// The rows.
    pub fn rows(mut self, rows: impl IntoIterator<Item = RowId>) -> Self {
        self.row_ids = Some(rows.into_iter().collect());
        self
    }

    /// The columns that are shown.
    pub fn columns(mut self, columns: impl IntoIterator<Item = ColumnId>) -> Self {
        self.column_ids = Some(columns.into_iter().collect());
        self
    }

    /// Whether attachments are shown.
    pub fn include_attachments(mut self, include: bool) -> Self {
        self.include_attachments = Some(include);
        self
    }

    /// Whether discussions are shown.
    pub fn include_discussions(mut self, include: bool) -> Self {
        self.include_discussions = Some(include);
        self
    }

    /// Sends it by this schedule.
    pub fn schedule(mut self, schedule: NewSchedule) -> Self {
        self.schedule = Some(schedule);
        self
    }

    pub(crate) fn check(&self) -> Result<()> {
        if *self == Self::default() {
            return Err(Error::invalid("update", "changes nothing"));
        }
        if self.send_to.as_ref().is_some_and(Vec::is_empty) {
            return Err(Error::invalid("sendTo", "must name at least one recipient"));
        }
        if self.row_ids.as_ref().is_some_and(Vec::is_empty) {
            return Err(Error::invalid("rowIds", "must not be empty").with_code(1012));
        }
        self.schedule.as_ref().map_or(Ok(()), NewSchedule::check)
    }
}
