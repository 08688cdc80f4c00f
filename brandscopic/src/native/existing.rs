//! Events that are there already: left by a create that broke off, or made by somebody by hand.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::NaiveDateTime;
use connectors_core::provider::{Lookup, Remote};
use connectors_core::{CampaignEvent, DateRange, Error, ErrorKind, LinkKey, Result};

use super::places::same;
use super::sync::{Wanted, ZONE, is_at};
use super::{Activity, Native, PlaceReference, RemoteCampaignId, RemoteEvent, RemoteEventId, campaign_id};
use crate::PROVIDER;
use crate::model::BulkSync;

/// When the events start that bulk work may find made by hand.
pub(super) type Starts = Arc<HashSet<NaiveDateTime>>;

/// What an event of ours is looked for by.
pub(super) struct Sought<'a> {
    pub(super) key: &'a LinkKey,
    pub(super) campaign: RemoteCampaignId,
    pub(super) place: &'a PlaceReference,
    pub(super) wanted: &'a Wanted<'a>,
    pub(super) event: &'a CampaignEvent,
}

impl Native {
    /// Looks for an event that an earlier create may have left. Only one that carries our name is taken for it: another
    /// may be ours, renamed, or somebody else's.
    pub(super) async fn look_for_event(&self, sought: &Sought<'_>) -> Result<Lookup> {
        let there = self.candidates(sought).await?;
        let named: Vec<_> = there.iter().filter(|found| sought.is_named(found)).collect();
        Ok(match (there.as_slice(), named.as_slice()) {
            ([], _) => Lookup::Absent,
            (_, [one]) => Lookup::Found(sought.remote(one)),
            _ => Lookup::Unavailable,
        })
    }

    /// Looks for an event that can be taken over.
    pub(super) async fn adoptable(&self, sought: &Sought<'_>) -> Result<Option<Remote>> {
        if self.starts.as_ref().is_some_and(|starts| !starts.contains(&sought.wanted.start)) {
            return Ok(None);
        }
        let mut there = self.candidates(sought).await?;
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
    async fn candidates(&self, sought: &Sought<'_>) -> Result<Vec<RemoteEvent>> {
        let list = self.events().list().campaigns([sought.campaign]).on(sought.wanted.start.date());
        let mut there = match sought.place.place_id() {
            Some(id) => list.places([id]).pager(),
            None => list.pager(),
        };
        let mut candidates = Vec::new();
        while let Some(found) = there.next().await.transpose()? {
            let at_the_place = sought.place.place_id().is_some() || is_at(&found, &sought.event.venue);
            if found.start == sought.wanted.start && at_the_place && self.is_free(sought.key, found.id).await? {
                // Only a single event tells what it is called.
                candidates.push(self.events().get(found.id).await?);
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
    fn is_named(&self, found: &RemoteEvent) -> bool {
        found.description.as_deref().is_some_and(|name| same(name, self.wanted.name))
    }

    fn remote(&self, found: &RemoteEvent) -> Remote {
        Remote::new(found.id.to_string()).with(ZONE, self.wanted.zone.name())
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
