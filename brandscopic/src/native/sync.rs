//! The service on the native contract.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use async_trait::async_trait;
use chrono::NaiveDateTime;
use connectors_core::provider::{Core, Ensured, Remote};
use connectors_core::{CampaignEvent, Error, ErrorKind, Link, LinkKey, Result, ServiceSummary, TimeZone, Venue};

use super::events::ignored;
use super::existing::Sought;
use super::login::EMAIL_HEADER;
use super::places::same;
use super::{
    EventDraft, LocalTimes, Native, PlaceReference, RemoteCampaignId, RemoteEvent, RemoteEventId, campaign_id, dates,
    status,
};
use crate::dialect::{Dialect, outcome};
use crate::model::{
    BulkSync, CreateProject, EventStatusReport, EventStatusRequest, Project, ProjectId, SyncEvent, SyncOutcome,
    SyncedEvent,
};
use crate::{Capabilities, Capability, Contract, EventStatus, PROVIDER};

/// The attribute of an event's link that tells in which zone its times were written.
pub(super) const ZONE: &str = "timeZone";

const CANNOT_CREATE: &str = "the native contract cannot create campaigns";

/// What the contract has not, and why.
const DENIED: [(Capability, &str); 3] = [
    (Capability::CreateProjects, CANNOT_CREATE),
    (Capability::ExternalIds, "Brandscopic has no room for ids of ours"),
    (Capability::Health, "Brandscopic tells nothing without a login"),
];

const WORDS: [(&str, EventStatus); 8] = [
    ("Scheduled", EventStatus::Pending),
    ("Executed", EventStatus::Active),
    ("Due", EventStatus::Active),
    ("Late", EventStatus::Active),
    ("Rejected", EventStatus::Active),
    ("Submitted", EventStatus::Completed),
    ("Approved", EventStatus::Completed),
    ("Inactive", EventStatus::Cancelled),
];

/// How long one create waits for others of the same campaign, place and time.
const TURN: Duration = Duration::from_secs(600);

#[async_trait]
impl Dialect for Native {
    fn core(&self) -> &Core {
        &self.core
    }

    async fn bulk(&self, request: &BulkSync) -> Result<Box<dyn Dialect>> {
        let mut bulk = Self { core: self.core.bulk(), ..self.clone() };
        if request.adopt_existing {
            bulk.starts = Some(bulk.starts(request).await?);
        }
        Ok(Box::new(bulk))
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::all_but(DENIED).with_words(&WORDS)
    }

    fn contract(&self) -> Contract {
        Contract::Native
    }

    fn native(&self) -> Option<&Native> {
        Some(self)
    }

    async fn scope(&self) -> Result<String> {
        Ok(format!("{}/{}", self.core.site(), self.company_id().await?))
    }

    async fn create_project(&self, request: CreateProject) -> Result<Project> {
        let key = self.project_key(&request.campaign).await?;
        // Nothing is created, so there is no intent to record.
        let linked = self.core.links().get(&key).await?.filter(Link::is_linked);
        let link = if let Some(link) = linked {
            link
        } else {
            let name = request.name.trim();
            let found = self.campaigns().find(name).await?.ok_or_else(|| cannot_create(name))?;
            self.core.links().record(&key, Remote::new(found.id.to_string())).await.map_err(harmless)?
        };
        let id = ProjectId::new(link.remote_id.unwrap_or_default())?;
        Ok(Project { id, campaign: request.campaign, name: request.name, status: None, is_new: false })
    }

    async fn sync_event(&self, request: &SyncEvent) -> Result<SyncedEvent> {
        let campaign = campaign_id(&request.project)?;
        let key = self.event_key(&request.project, &request.event.id).await?;
        let wanted = Wanted::new(&request.event, self.zone)?;
        let link = self.core.links().get(&key).await?.filter(Link::is_linked);
        let (link, outcome) = match link {
            Some(link) => (link, SyncOutcome::Unchanged),
            None => self.link(campaign, request, &key, &wanted).await?,
        };
        let remote_id = link.remote_id.clone().unwrap_or_default();
        // What was created just now is as it should be.
        let outcome = match outcome {
            SyncOutcome::Unchanged => self.bring_up_to_date(&request.event, &link, &key, &wanted).await?,
            // It may have changed since it was created.
            SyncOutcome::Adopted | SyncOutcome::Recovered => {
                self.bring_up_to_date(&request.event, &link, &key, &wanted).await?;
                outcome
            }
            outcome => outcome,
        };
        Ok(SyncedEvent { event_id: request.event.id.clone(), remote_id, outcome })
    }

    async fn event_status(&self, request: &EventStatusRequest) -> Result<EventStatusReport> {
        let link = self.linked_event(&request.project, &request.event).await?;
        let event = self.events().get(remote_id(&link)?).await.map_err(gone)?;
        let written_in = link.attributes.get(ZONE).and_then(|name| TimeZone::new(name).ok());
        let (status, raw) = status::status(&event, self.zone.or(written_in), self.core.clock().now_utc());
        Ok(EventStatusReport { event_id: request.event.clone(), remote_id: event.id.to_string(), status, raw })
    }

    async fn identity(&self) -> Result<String> {
        let companies = self.companies().list().await?;
        let id = self.company_id().await?;
        let company = companies.into_iter().find(|company| company.id == id).map_or_else(|| id.to_string(), |c| c.name);
        Ok(format!("{} of {company}", self.session_header(&EMAIL_HEADER).await?))
    }

    async fn summary(&self) -> Result<ServiceSummary> {
        let campaigns = self.campaigns().all().await?.len() as u64;
        let events = self.events().list().await?.total;
        Ok(ServiceSummary::new([("campaigns", campaigns), ("events", events)]))
    }
}

impl Native {
    /// Links an event to one that is there, else creates it.
    async fn link(
        &self,
        campaign: RemoteCampaignId,
        request: &SyncEvent,
        key: &LinkKey,
        wanted: &Wanted<'_>,
    ) -> Result<(Link, SyncOutcome)> {
        let (links, event) = (self.core.links(), &request.event);
        let place = self.place(&event.venue).await.map_err(harmless)?;
        let (start, name, zone) = (wanted.start, wanted.name.to_owned(), wanted.zone.name());
        let sought = Sought { key, campaign, place, start, name, venue: &event.venue, zone };
        let known = links.get(key).await?;
        let before = sought.as_noted(known.as_ref().map_or(&BTreeMap::new(), |known| &known.attributes));
        // Of those at one place and time, which of theirs is whose could not be told.
        let clock = self.core.clock();
        let mut turns = Vec::new();
        // In the order of their names, so that nobody waits for somebody who waits for them.
        for slot in BTreeSet::from([before.slot(), sought.slot()]) {
            turns.push(self.slots.lock(&slot, &**clock, clock.now() + TURN).await?);
        }

        // One that an earlier create may have left elsewhere is looked for there first.
        if request.adopt_existing && before.slot() == sought.slot() {
            let known = links.get(key).await?;
            if !known.as_ref().is_some_and(Link::is_linked)
                // What an earlier create may have left can be taken over too.
                && let Some(remote) = self.adoptable(&sought).await?
            {
                return Ok((links.record(key, remote).await?, SyncOutcome::Adopted));
            }
        }
        let draft =
            EventDraft::new(campaign, wanted.start, wanted.end).place(sought.place.clone()).description(wanted.name);
        let create = || async {
            let created = self.events().create(&draft).await?;
            self.remember_place(&event.venue, &sought.place, &created).await;
            Ok(Remote::new(created.id.to_string()).with(ZONE, zone))
        };
        let sought = &sought;
        let lookup = |notes| async move { self.look_for_event(&sought.as_noted(&notes)).await };
        let ensured = links.ensure_noted(key, sought.notes(), create, lookup).await?;
        let outcome = outcome(&ensured);
        let (Ensured::Existing(link) | Ensured::Created(link) | Ensured::Recovered(link)) = ensured;
        Ok((link, outcome))
    }

    async fn bring_up_to_date(
        &self,
        event: &CampaignEvent,
        link: &Link,
        key: &LinkKey,
        wanted: &Wanted<'_>,
    ) -> Result<SyncOutcome> {
        let id = remote_id(link)?;
        let there = self.events().get(id).await.map_err(gone)?;
        let mut change = wanted.change(&there);
        let current = there.place.as_ref().and_then(|place| place.place_id);
        let in_place = match self.chosen_place(&event.venue).await? {
            Some(chosen) => current == Some(chosen),
            None => is_at(&there, &event.venue),
        };
        if !in_place {
            let place = self.place(&event.venue).await.map_err(harmless)?;
            if current.is_none() || place.place_id() != current {
                change = change.place(place);
            }
        }
        let outcome = if change.is_empty() { SyncOutcome::Unchanged } else { SyncOutcome::Updated };
        if outcome == SyncOutcome::Updated {
            self.update(id, &change, wanted).await?;
        }
        if link.attributes.get(ZONE).map(String::as_str) != Some(wanted.zone.name()) {
            let zone = wanted.zone.name().to_owned();
            self.core.links().update(key, |attributes| drop(attributes.insert(ZONE.to_owned(), zone))).await?;
        }
        Ok(outcome)
    }

    /// Changes an event, and makes sure that the server did not ignore the change.
    async fn update(&self, id: RemoteEventId, change: &EventDraft, wanted: &Wanted<'_>) -> Result<()> {
        let changed = self.events().update(id, change).await.map_err(harmless)?;
        let asked = change.place.as_ref().and_then(PlaceReference::place_id);
        let there = changed.place.as_ref().and_then(|place| place.place_id);
        let stayed = asked.zip(there).is_some_and(|(asked, there)| asked != there);
        if stayed || !wanted.change(&changed).is_empty() {
            return Err(ignored());
        }
        Ok(())
    }
}

/// An event as it should be, in Brandscopic's terms.
pub(super) struct Wanted<'a> {
    pub(super) name: &'a str,
    pub(super) start: NaiveDateTime,
    end: NaiveDateTime,
    pub(super) zone: TimeZone,
}

impl<'a> Wanted<'a> {
    /// Without a zone of the user, times are written as the clocks at the venue show them.
    pub(super) fn new(event: &'a CampaignEvent, users: Option<TimeZone>) -> Result<Self> {
        let zone = users.unwrap_or(event.time_zone);
        let (start, end) = match users {
            Some(zone) => LocalTimes::new(event.starts_at, event.ends_at, event.time_zone).in_zone(zone)?,
            None => (dates::to_the_minute(event.starts_at), dates::to_the_minute(event.ends_at)),
        };
        Ok(Self { name: event.name.trim(), start, end, zone })
    }

    /// What has to change about an event, its place aside.
    fn change(&self, there: &RemoteEvent) -> EventDraft {
        let mut change = EventDraft::change();
        if (there.start, there.end) != (self.start, self.end) {
            change = change.times(self.start, self.end);
        }
        if there.description.as_deref().map(str::trim) != Some(self.name) {
            change = change.description(self.name);
        }
        change
    }
}

/// Whether an event is at the venue of ours, by the names of both.
pub(super) fn is_at(there: &RemoteEvent, venue: &Venue) -> bool {
    let is = |theirs: &Option<String>, ours: &str| theirs.as_deref().is_some_and(|theirs| same(theirs, ours));
    there.place.as_ref().is_some_and(|place| is(&place.name, &venue.name) && is(&place.city, &venue.city))
}

fn remote_id(link: &Link) -> Result<RemoteEventId> {
    link.remote_id.as_deref().unwrap_or_default().parse()
}

/// For a write that the next sync looks at before it repeats it, whatever became of it.
fn harmless(error: Error) -> Error {
    error.with_maybe_applied(false)
}

fn gone(error: Error) -> Error {
    match error.kind() {
        ErrorKind::NotFound => error
            .with_hint("it is not there any more, or belongs to another company: `forget` its link to create it anew"),
        _ => error,
    }
}

fn cannot_create(name: &str) -> Error {
    Error::unsupported(
        PROVIDER,
        "create_project",
        format!("no active campaign is called `{name}`, and {CANNOT_CREATE}"),
    )
    .with_field("name")
    .with_hint("create the campaign in Brandscopic under exactly this name, then try again")
}
