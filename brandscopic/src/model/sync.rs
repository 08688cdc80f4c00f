//! Many events in one call.

use connectors_core::{BulkOptions, CampaignEvent, Error, EventId};
use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::{Project, ProjectId, SyncedEvent};

/// Asks to bring many events of a project up to date.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BulkSync {
    /// The project.
    pub project: ProjectId,
    /// The events; each id at most once.
    pub events: Vec<CampaignEvent>,
    /// How many at a time (4 by default), and who is told about the progress.
    pub options: BulkOptions,
    /// Whether those that somebody made there by hand are taken over.
    pub adopt_existing: bool,
}

impl BulkSync {
    /// These events of this project.
    pub fn new(project: &Project, events: Vec<CampaignEvent>) -> Self {
        Self { project: project.id.clone(), events, options: BulkOptions::default(), adopt_existing: false }
    }

    /// How many at a time, and who is told about the progress.
    ///
    /// The client has four requests in flight at most, unless its
    /// [`limits`](crate::BrandscopicBuilder::limits) say otherwise. A higher concurrency than that only waits in the
    /// queue: set both.
    pub fn options(mut self, options: BulkOptions) -> Self {
        self.options = options;
        self
    }

    /// Takes over what somebody made by hand, as [`SyncEvent::adopt_existing`](crate::SyncEvent::adopt_existing) does.
    ///
    /// The campaign's events on the days in question are listed once, before the first is created; one made by hand
    /// while the work is under way is not seen.
    pub fn adopt_existing(mut self) -> Self {
        self.adopt_existing = true;
        self
    }
}

/// What became of each event, in the order in which they were given.
///
/// Serialises as `{success, syncedCount, failedCount, errors: [{eventId, message, unknown?}]}`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SyncReport {
    /// One item per event.
    pub items: Vec<SyncItem>,
}

/// What became of one event.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SyncItem {
    /// Our id of the event.
    pub event_id: EventId,
    /// What became of it.
    pub result: SyncResult,
}

/// What became of one event.
#[derive(Debug, Clone)]
pub enum SyncResult {
    /// It is as it should be.
    Done(SyncedEvent),
    /// It is not, and nothing was created. Another run may do better.
    Failed(Error),
    /// It may have been created, which cannot be found out here: look at the provider before another run.
    Unknown(Error),
}

impl SyncItem {
    /// Sorts an outcome by whether the provider may have carried out a create.
    pub(crate) fn new(event_id: EventId, outcome: Result<SyncedEvent, Error>) -> Self {
        let result = match outcome {
            Ok(event) => SyncResult::Done(event),
            Err(error) if error.maybe_applied() => SyncResult::Unknown(error),
            Err(error) => SyncResult::Failed(error),
        };
        Self { event_id, result }
    }

    /// The event, if all went well.
    pub fn synced(&self) -> Option<&SyncedEvent> {
        match &self.result {
            SyncResult::Done(event) => Some(event),
            SyncResult::Failed(_) | SyncResult::Unknown(_) => None,
        }
    }

    /// What went wrong.
    pub fn error(&self) -> Option<&Error> {
        match &self.result {
            SyncResult::Done(_) => None,
            SyncResult::Failed(error) | SyncResult::Unknown(error) => Some(error),
        }
    }
}

impl SyncReport {
    /// Whether every event is as it should be.
    pub fn is_success(&self) -> bool {
        self.failed_count() == 0
    }

    /// How many events are as they should be.
    pub fn synced_count(&self) -> usize {
        self.items.iter().filter(|item| item.synced().is_some()).count()
    }

    /// How many are not, those of unknown outcome among them.
    pub fn failed_count(&self) -> usize {
        self.items.len() - self.synced_count()
    }

    /// What went wrong, by event.
    pub fn errors(&self) -> impl Iterator<Item = (&EventId, &Error)> {
        self.items.iter().filter_map(|item| Some((&item.event_id, item.error()?)))
    }
}

impl Serialize for SyncReport {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Failure<'a> {
            event_id: &'a EventId,
            message: String,
            #[serde(skip_serializing_if = "std::ops::Not::not")]
            unknown: bool,
        }
        let failures = self.items.iter().filter_map(|item| {
            let unknown = matches!(item.result, SyncResult::Unknown(_));
            Some(Failure { event_id: &item.event_id, message: item.error()?.to_string(), unknown })
        });
        let mut report = target.serialize_struct("SyncReport", 4)?;
        report.serialize_field("success", &self.is_success())?;
        report.serialize_field("syncedCount", &self.synced_count())?;
        report.serialize_field("failedCount", &self.failed_count())?;
        report.serialize_field("errors", &failures.collect::<Vec<_>>())?;
        report.end()
    }
}
