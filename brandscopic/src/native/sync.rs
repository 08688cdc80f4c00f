//! The service on the native contract.

use std::collections::HashSet;
use std::time::Duration;

use async_trait::async_trait;
use chrono::NaiveDateTime;
use connectors_core::provider::{Core, Ensured, Lookup, Remote};
use connectors_core::{CampaignEvent, Error, ErrorKind, Link, LinkKey, Result, ServiceSummary, TimeZone, Venue};

use super::events::ignored;
use super::login::EMAIL_HEADER;
use super::places::same;
use super::{
    EventDraft, LocalTimes, Native, PlaceReference, RemoteCampaignId, RemoteEvent, RemoteEventId, campaign_id, dates,
    status,
};
use crate::dialect::{Dialect, outcome};
use crate::model::{
    CreateProject, EventStatusReport, EventStatusRequest, Project, ProjectId, SyncEvent, SyncOutcome, SyncedEvent,
};
use crate::{Contract, PROVIDER};

/// The attribute of an event's link that tells in which zone its times were written.
const ZONE: &str = "timeZone";

/// How long one create waits for others of the same campaign and time.
const TURN: Duration = Duration::from_secs(600);

#[async_trait]
impl Dialect for Native {
    fn core(&self) -> &Core {
        &self.core
    }

    fn bulk(&self) -> Box<dyn Dialect> {
        Box::new(Self { core: self.core.bulk(), ..self.clone() })
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
        let name = request.name.trim();
        let find = || async move {
            let found = self.campaigns().find(name).await?;
            found.map(|campaign| Remote::new(campaign.id.to_string())).ok_or_else(|| cannot_create(name))
        };
        // Nothing is created, so nothing can have been.
        let linked = self.core.links().ensure(&key, find, || async { Ok(Lookup::Absent) }).await?;
        let id = ProjectId::new(linked.remote_id())?;
        Ok(Project { id, campaign: request.campaign, name: request.name, status: None, is_new: false })
    }

    async fn sync_event(&self, request: &SyncEvent) -> Result<SyncedEvent> {
        let campaign = campaign_id(&request.project)?;
        let key = self.event_key(&request.project, &request.event.id).await?;
        let wanted = Wanted::new(&request.event, self.zone)?;
        let link = self.core.links().get(&key).await?.filter(Link::is_linked);
        let ensured = match link {
            Some(link) => Ensured::Existing(link),
            None => self.create(campaign, &request.event, &key, &wanted).await?,
        };
        let mut outcome = outcome(&ensured);
        if outcome == SyncOutcome::Unchanged {
            outcome = self.bring_up_to_date(&request.event, ensured.link(), &key, &wanted).await?;
        }
        let remote_id = ensured.remote_id().to_owned();
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
    async fn create(
        &self,
        campaign: RemoteCampaignId,
        event: &CampaignEvent,
        key: &LinkKey,
        wanted: &Wanted<'_>,
    ) -> Result<Ensured> {
        let place = self.place(&self.scope().await?, &event.venue).await.map_err(harmless)?;
        let draft = EventDraft::new(campaign, wanted.start, wanted.end).place(place.clone()).description(wanted.name);
        let clock = self.core.clock();
        let slot = format!("{campaign} {}", wanted.start);
        let _turn = self.slots.lock(&slot, &**clock, clock.now() + TURN).await?;
        let create = || async {
            let created = self.events().create(&draft).await?;
            Ok(Remote::new(created.id.to_string()).with(ZONE, wanted.zone.name()))
        };
        self.core.links().ensure(key, create, || self.look_for_event(key, campaign, &place, wanted, event)).await
    }

    /// Looks for an event that an earlier create may have left: of this campaign, at this place and time, and not
    /// known to be another of ours. Only one that carries our name is taken for it.
    async fn look_for_event(
        &self,
        key: &LinkKey,
        campaign: RemoteCampaignId,
        place: &PlaceReference,
        wanted: &Wanted<'_>,
        event: &CampaignEvent,
    ) -> Result<Lookup> {
        let links = self.core.links().list(PROVIDER, &key.kind, &key.scope).await?;
        let others: HashSet<_> =
            links.into_iter().filter(|(other, _)| other != key).filter_map(|(_, l)| l.remote_id).collect();
        let list = self.events().list().campaigns([campaign]).on(wanted.start.date());
        let mut there = match place.place_id() {
            Some(id) => list.places([id]).pager(),
            None => list.pager(),
        };
        let mut candidates = Vec::new();
        while let Some(found) = there.next().await.transpose()? {
            let at_the_place = place.place_id().is_some() || is_at(&found, &event.venue);
            if found.start == wanted.start && at_the_place && !others.contains(&found.id.to_string()) {
                candidates.push(found.id);
            }
        }
        if candidates.is_empty() {
            return Ok(Lookup::Absent);
        }
        let mut named = Vec::new();
        for id in candidates {
            let found = self.events().get(id).await?;
            if found.description.as_deref().is_some_and(|name| name.trim() == wanted.name) {
                named.push(id);
            }
        }
        Ok(match named.as_slice() {
            [id] => Lookup::Found(Remote::new(id.to_string()).with(ZONE, wanted.zone.name())),
            _ => Lookup::Unavailable,
        })
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
        if !is_at(&there, &event.venue) {
            let place = self.place(&self.scope().await?, &event.venue).await.map_err(harmless)?;
            let current = there.place.as_ref().and_then(|place| place.place_id);
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
struct Wanted<'a> {
    name: &'a str,
    start: NaiveDateTime,
    end: NaiveDateTime,
    zone: TimeZone,
}

impl<'a> Wanted<'a> {
    /// Without a zone of the user, times are written as the clocks at the venue show them.
    fn new(event: &'a CampaignEvent, users: Option<TimeZone>) -> Result<Self> {
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
fn is_at(there: &RemoteEvent, venue: &Venue) -> bool {
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
        format!("no active campaign is called `{name}`, and the native contract cannot create one"),
    )
    .with_field("name")
    .with_hint("create the campaign in Brandscopic under exactly this name, then try again")
}
