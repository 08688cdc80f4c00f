//! Events that are there already: left by a create that broke off, or made by somebody by hand.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDateTime;
use connectors_core::provider::{Lookup, Remote};
use connectors_core::{DateRange, Error, ErrorKind, LinkKey, Result, Venue};

use super::places::same;
use super::sync::{Wanted, ZONE, is_at};
use super::{Activity, Native, PlaceReference, RemoteCampaignId, RemoteEvent, RemoteEventId, campaign_id};
use crate::PROVIDER;
use crate::model::BulkSync;

/// When the events start that bulk work may find made by hand.
pub(super) type Starts = Arc<HashSet<NaiveDateTime>>;

/// What an intent keeps of the create that it is for.
const START: &str = "start";
const PLACE: &str = "place";
const NAME: &str = "name";

/// What an event of ours is looked for by.
#[derive(Clone)]
pub(super) struct Sought<'a> {
    pub(super) key: &'a LinkKey,
    pub(super) campaign: RemoteCampaignId,
    pub(super) place: PlaceReference,
    pub(super) start: NaiveDateTime,
    pub(super) name: String,
    pub(super) venue: &'a Venue,
    pub(super) zone: &'static str,
}

/// Events that may be the one that is looked for.
#[derive(Default)]
struct Candidates {
    /// Those at its place and time.
    there: Vec<RemoteEvent>,
    /// Whether one of its name starts at its time where nobody can tell whether that is its place.
    namesake: bool,
}

impl Native {
    /// Looks for an event that an earlier create may have left. Only one that carries our name is taken for it: another
    /// may be ours, renamed, or somebody else's.
    pub(super) async fn look_for_event(&self, sought: &Sought<'_>) -> Result<Lookup> {
        let Candidates { there, namesake } = self.candidates(sought).await?;
        let named: Vec<_> = there.iter().filter(|found| sought.is_named(found)).collect();
        Ok(match (there.as_slice(), named.as_slice()) {
            ([], _) if !namesake => Lookup::Absent,
            (_, [one]) => Lookup::Found(sought.remote(one)),
            _ => Lookup::Unavailable,
        })
    }

    /// Looks for an event that can be taken over.
    pub(super) async fn adoptable(&self, sought: &Sought<'_>) -> Result<Option<Remote>> {
        if self.starts.as_ref().is_some_and(|starts| !starts.contains(&sought.start)) {
            return Ok(None);
        }
        let mut there = self.candidates(sought).await?.there;
        there.retain(|found| found.status == Activity::Active);
        let named: Vec<_> = there.iter().filter(|found| sought.is_named(found)).collect();
        match (named.as_slice(), there.as_slice()) {
            ([one], _) => Ok(Some(sought.remote(one))),
            ([], [one]) => Ok(Some(sought.remote(one))),
            ([], []) => Ok(None),
            _ => Err(several(&there)),
        }
    }

    /// The events of this campaign, at this place and time, that are not known to be others of ours.
    async fn candidates(&self, sought: &Sought<'_>) -> Result<Candidates> {
        let list = self.events().list().campaigns([sought.campaign]).on(sought.start.date());
        let mut listed = match sought.place.place_id() {
            Some(id) => list.places([id]).pager(),
            None => list.pager(),
        };
        let mut candidates = Candidates::default();
        while let Some(found) = listed.next().await.transpose()? {
            if found.start != sought.start || !self.is_free(sought.key, found.id).await? {
                continue;
            }
            // Only a single event tells what it is called.
            let found = self.events().get(found.id).await?;
            // Of a place of Google nobody knows what it is called once it is one of Brandscopic.
            if sought.place.place_id().is_some() || is_at(&found, sought.venue) {
                candidates.there.push(found);
            } else {
                candidates.namesake |= sought.is_named(&found);
            }
        }
        Ok(candidates)
    }

    /// Whether no other event of ours is linked to this one of theirs.
    async fn is_free(&self, key: &LinkKey, id: RemoteEventId) -> Result<bool> {
        let linked = self.core.links().linked_to(PROVIDER, &key.kind, &key.scope, &id.to_string()).await?;
        Ok(linked.iter().all(|other| other == key))
    }

    /// When the events start that somebody may have made by hand, of those that the work may come upon: what is linked
    /// is not among them.
    pub(super) async fn starts(&self, request: &BulkSync) -> Result<Starts> {
        let campaign = campaign_id(&request.project)?;
        // One whose times cannot be written fails by itself, later.
        let wanted = request.events.iter().filter_map(|event| Wanted::new(event, self.zone).ok());
        let days = wanted.map(|wanted| wanted.start.date());
        let (Some(first), Some(last)) = (days.clone().min(), days.max()) else { return Ok(Starts::default()) };
        let Some(any) = request.events.first() else { return Ok(Starts::default()) };
        let key = crate::dialect::Dialect::event_key(self, &request.project, &any.id).await?;
        let links = self.core.links().list(PROVIDER, &key.kind, &key.scope).await?;
        let linked: HashSet<_> = links.into_iter().filter_map(|(_, link)| link.remote_id).collect();
        let of_campaign = self.events().list().campaigns([campaign]).between(DateRange::new(first, last)?);
        let mut there = of_campaign.status([Activity::Active]).pager();
        let mut found_at = HashSet::new();
        while let Some(found) = there.next().await.transpose()? {
            if !linked.contains(&found.id.to_string()) {
                found_at.insert(found.start);
            }
        }
        Ok(Arc::new(found_at))
    }
}

impl Sought<'_> {
    /// What the intent of its create is to keep.
    pub(super) fn notes(&self) -> BTreeMap<String, String> {
        let notes = [
            (START, self.start.format("%Y-%m-%dT%H:%M:%S").to_string()),
            (PLACE, self.place.to_string()),
            (NAME, self.name.clone()),
        ];
        notes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The same event as an earlier create was sent: since then it may have been moved or renamed.
    pub(super) fn as_noted(&self, notes: &BTreeMap<String, String>) -> Self {
        let start = notes.get(START).and_then(|start| start.parse().ok());
        Self {
            place: notes.get(PLACE).map_or_else(|| self.place.clone(), |place| PlaceReference::new(place)),
            start: start.unwrap_or(self.start),
            name: notes.get(NAME).unwrap_or(&self.name).clone(),
            ..self.clone()
        }
    }

    /// Where and when it is.
    pub(super) fn slot(&self) -> String {
        format!("{} {} {}", self.campaign, self.start, self.place)
    }

    fn is_named(&self, found: &RemoteEvent) -> bool {
        found.description.as_deref().is_some_and(|name| same(name, &self.name))
    }

    fn remote(&self, found: &RemoteEvent) -> Remote {
        Remote::new(found.id.to_string()).with(ZONE, self.zone)
    }
}

fn several(there: &[RemoteEvent]) -> Error {
    let shown = |found: &RemoteEvent| format!("{} (`{}`)", found.id, found.description.as_deref().unwrap_or_default());
    let shown: Vec<_> = there.iter().map(shown).collect();
    let message = format!("{} events are at this place and time already: {}", there.len(), shown.join(", "));
    Error::new(ErrorKind::Ambiguous, message)
        .with_field("event")
        .with_hint("`record` the link to the one that is meant, or deactivate the others in Brandscopic")
}
