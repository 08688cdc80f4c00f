//! What the dashboard knows, as its API and its page are told. All of it serialises to camelCase JSON; none of it holds a
//! secret.

use chrono::{DateTime, NaiveDate, Utc};
use connectors_core::{CampaignId, ConnectionStatus, EventId};
use serde::{Deserialize, Serialize};

/// Everything that the card of an integration shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Card {
    /// The provider, such as `smartsheet`.
    pub id: &'static str,
    /// Its name, such as `Smartsheet`.
    pub name: &'static str,
    /// How it stands.
    pub status: Status,
    /// Why, in one line; always there unless it is connected.
    pub reason: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// Where its settings come from.
    pub source: Source,
    /// What people call the contract in force, where there are several.
    pub contract: Option<&'static str>,
    /// Who we are to the provider, when it was last asked.
    pub identity: Option<String>,
    /// When the connection was tested last.
    pub tested_at: Option<DateTime<Utc>>,
    /// The counts, in the order to show them: events, venues with data, sheets, active codes, total scans.
    pub counts: Vec<Count>,
    /// When they were counted.
    pub counted_at: Option<DateTime<Utc>>,
    /// The sync that is under way.
    pub running: Option<Sync>,
    /// The last sync that ended.
    pub last_sync: Option<Sync>,
    /// The last ten errors, the newest first.
    pub errors: Vec<Failure>,
    /// What was sent, since the integration was set up.
    pub traffic: Traffic,
    /// What is left of the quotas.
    pub quotas: Vec<Quota>,
}

/// How an integration stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Status {
    /// It is set up, and was not asked yet.
    Unknown,
    /// It works.
    Connected,
    /// It works, but not all of it: throttled, or the last sync left something undone.
    Degraded,
    /// Nothing works.
    Failing,
    /// There is no key.
    NotConfigured,
}

/// Where the settings of an integration come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Source {
    /// Nowhere.
    None,
    /// It is a fake with sample data.
    Sample,
    /// From environment variables.
    Environment,
    /// From the dashboard's own store.
    Stored,
    /// The application made the service itself.
    Application,
}

/// A figure with its label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Count {
    /// What is counted, in the plural.
    pub label: String,
    /// How many.
    pub value: u64,
}

impl Count {
    /// So many of these.
    pub fn new(label: impl Into<String>, value: u64) -> Self {
        Self { label: label.into(), value }
    }
}

/// What a client has sent, and what came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Traffic {
    /// Calls that ended.
    pub calls: u64,
    /// Those of them that failed.
    pub failed: u64,
    /// Requests, repeated ones included.
    pub requests: u64,
    /// Requests that were repeats of failed ones.
    pub retries: u64,
    /// Answers that said: too many requests.
    pub throttles: u64,
    /// Time spent waiting for quotas, turns and retries, in milliseconds.
    pub waited_ms: u64,
    /// Values that the cache had.
    pub cache_hits: u64,
    /// Values that it had not.
    pub cache_misses: u64,
}

/// How much of a quota is used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Quota {
    /// What is limited, and in what span: `requests per minute`.
    pub label: String,
    /// How much is used.
    pub used: u64,
    /// How much there is; `None` where no limit is known.
    pub limit: Option<u64>,
    /// When it was so.
    pub at: DateTime<Utc>,
    /// When it begins anew, or at the latest is whole again.
    pub renews_at: Option<DateTime<Utc>>,
}

impl Quota {
    /// So much of so much, now.
    pub fn new(label: impl Into<String>, used: u64, limit: Option<u64>, at: DateTime<Utc>) -> Self {
        Self { label: label.into(), used, limit, at, renews_at: None }
    }

    /// When it begins anew.
    pub fn renews_at(mut self, at: DateTime<Utc>) -> Self {
        self.renews_at = Some(at);
        self
    }
}

/// One sync of one integration. Every event of the campaign is in exactly one of `created`, `updated`, `unchanged`,
/// `failed`, `unknown` and `pending`, which add up to `total`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Sync {
    /// Its number; later syncs have higher ones.
    pub id: i64,
    /// The integration.
    pub integration: &'static str,
    /// The campaign.
    pub campaign: CampaignId,
    /// Its name.
    pub campaign_name: String,
    /// How far it has come.
    pub state: SyncState,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// How long it has been at work, in milliseconds; time between an interruption and a resumption does not count.
    pub worked_ms: u64,
    /// How many events there are.
    pub total: u64,
    /// Events that were created at the provider.
    pub created: u64,
    /// Events that were changed there.
    pub updated: u64,
    /// Events that were right already, or are only read.
    pub unchanged: u64,
    /// Events that could not be synced: nothing was created.
    pub failed: u64,
    /// Events of which it is not known whether they were created: look there before another sync.
    pub unknown: u64,
    /// Events whose turn has not come, or never came.
    pub pending: u64,
    /// What stopped it as a whole, in one line.
    pub message: Option<String>,
    /// Whether it can be resumed.
    pub resumable: bool,
}

/// How far a sync has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum SyncState {
    /// At work.
    Running,
    /// Told to stop; what is under way comes to its end.
    Cancelling,
    /// Every event is as it should be.
    Succeeded,
    /// It came to its end, and some events failed or are unknown.
    Partial,
    /// It could not be done: none of the events is as it should be, or all of them stopped at one error.
    Failed,
    /// It was told to stop before its end.
    Cancelled,
    /// The program ended before the sync did.
    Interrupted,
}

/// What became of one event in a sync.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Item {
    /// The event.
    pub event: EventId,
    /// Its name.
    pub name: String,
    /// How it stands.
    pub state: ItemState,
    /// The provider's id of it.
    pub remote_id: Option<String>,
    /// What is wrong with it.
    pub message: Option<String>,
    /// What to do about that.
    pub hint: Option<String>,
    /// When this was noted.
    pub at: Option<DateTime<Utc>>,
}

/// How an event of a sync stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ItemState {
    /// Its turn has not come.
    Pending,
    /// Something about it was about to be sent. After an interruption: nobody knows yet whether it was.
    Running,
    /// It was created.
    Created,
    /// It was changed.
    Updated,
    /// It was right already, or only read.
    Unchanged,
    /// It failed, and nothing was created.
    Failed,
    /// It may have been created.
    Unknown,
}

/// An error that was met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Failure {
    /// Its number.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The integration.
    #[serde(skip_deserializing)]
    pub integration: &'static str,
    /// What was tried, such as `events.create`.
    pub operation: String,
    /// The kind of error, such as `rate_limited`.
    pub kind: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// What it is about: an event, a venue, a setting.
    pub entity: Option<String>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// The provider's own id of the request.
    pub request_id: Option<String>,
    /// Whether trying again may help.
    pub retryable: bool,
    /// Whether it may have been carried out all the same.
    pub maybe_applied: bool,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Activity {
    /// Its number: one more than that of the activity before, over restarts too.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The integration, unless it is about none.
    #[serde(skip_deserializing)]
    pub integration: Option<&'static str>,
    /// How grave it is.
    pub level: Level,
    /// What happened, in one line.
    pub message: String,
    /// What it is about: an event, a setting.
    pub entity: Option<String>,
    /// The sync that it belongs to.
    pub sync: Option<i64>,
}

/// How grave an activity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Level {
    /// For the record.
    Info,
    /// As it should be, at last.
    Success,
    /// Not quite as it should be.
    Warning,
    /// Somebody has to do something.
    Error,
}

/// The settings of an integration: what can be set, and what is, with secrets masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Settings {
    /// The integration.
    pub integration: &'static str,
    /// Where they come from.
    pub source: Source,
    /// Whether they can be changed here.
    pub editable: bool,
    /// What can be chosen for the contract; empty where there is but one.
    pub contracts: Vec<Choice>,
    /// The contract.
    pub contract: Option<&'static str>,
    /// The values, in the order to show them.
    pub fields: Vec<FieldValue>,
}

/// One of several things to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Choice {
    /// What stands for it in a request.
    pub value: &'static str,
    /// What people call it.
    pub label: &'static str,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FieldValue {
    /// Its name: that of the environment variable.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What to know about it.
    pub help: &'static str,
    /// Whether it is a secret: then `value` shows no more than its last four characters.
    pub secret: bool,
    /// Whether the integration cannot do without.
    pub required: bool,
    /// The contract that it belongs to, unless it belongs to all.
    pub contract: Option<&'static str>,
    /// What holds when nothing is set.
    pub default: Option<&'static str>,
    /// What is set, secrets as `••••` and their last four characters.
    pub value: Option<String>,
}

/// How a connection test went, explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TestReport {
    /// The integration.
    pub integration: &'static str,
    /// How it went.
    pub status: ConnectionStatus,
    /// Whether it can be used.
    pub connected: bool,
    /// What that means, in a sentence for people.
    pub explanation: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Who we are to the provider.
    pub identity: Option<String>,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
}

/// Figures that people would rather look at than read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Charts {
    /// Visits to all venues, by day.
    pub footfall_by_day: Vec<DayValue>,
    /// Visits to all venues, by the hour of the day: 24 values, or none.
    pub footfall_by_hour: Vec<u64>,
    /// Scans of all codes, by day.
    pub scans_by_day: Vec<DayValue>,
    /// The last syncs that ended, up to 30, the oldest first.
    pub syncs: Vec<Sync>,
}

/// The value of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DayValue {
    /// The day.
    pub date: NaiveDate,
    /// Its value.
    pub value: u64,
}

impl DayValue {
    /// So many on this day.
    pub fn new(date: NaiveDate, value: u64) -> Self {
        Self { date, value }
    }
}

/// What changed, for whoever watches.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", content = "data", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Update {
    /// A card shows something else.
    Integration(Box<Card>),
    /// A sync has come further.
    Sync(Box<Sync>),
    /// Something happened.
    Activity(Activity),
    /// The figures behind the charts are others: fetch them.
    Charts,
}

impl Update {
    /// The name of its kind, as in its JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Integration(_) => "integration",
            Self::Sync(_) => "sync",
            Self::Activity(_) => "activity",
            Self::Charts => "charts",
        }
    }
}
