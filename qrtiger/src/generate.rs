//! One code per event, however often it is asked for.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use connectors_core::provider::{Ensured, Lookup, Remote};
use connectors_core::{CampaignId, Error, ErrorKind, EventId, LinkKey, Result};

use crate::campaigns::{Unnamed, check_destination, check_name};
use crate::{Campaign, GenerateQrCode, PROVIDER, QrCode, QrId, QrTigerClient};

/// Attributes of a link: where the code was made to lead, and the name that it was given for sure.
const DESTINATION: &str = "destination";
const NAME: &str = "name";
const SHORT_URL: &str = "shortUrl";

/// How far the provider's clock may be behind ours.
const SKEW: TimeDelta = TimeDelta::minutes(10);

/// How long one waits for others who make a code for the same destination, or change the same code.
pub(crate) const TURN: Duration = Duration::from_secs(600);

impl QrTigerClient {
    pub(crate) async fn generate(&self, request: &GenerateQrCode) -> Result<QrCode> {
        check_destination("data", request.data.as_str())?;
        let GenerateQrCode { campaign, event, .. } = request;
        let name = request.name.clone().unwrap_or_else(|| format!("event:{event} campaign:{campaign}"));
        check_name(&name)?;

        let key = self.link_key(campaign, event);
        let (ensured, seen) = self.ensure(&key, request, &name).await?;
        let (recorded, is_new) = (&ensured.link().attributes, ensured.is_new());
        if let Some(old) = recorded.get(DESTINATION).filter(|old| **old != request.data.as_str()) {
            return Err(Error::new(ErrorKind::Conflict, format!("the event's code was made to lead to {old}"))
                .with_field("data")
                .with_hint("repoint it by `campaigns().edit(id)`, and set `destination` in its link to the new one"));
        }
        let id = QrId::new(ensured.remote_id())?;
        let mut current = match seen {
            Some(campaign) => campaign,
            None => self.campaign(&id).await.map_err(gone)?,
        };
        // A code that has a name already keeps it, unless another one is asked for.
        let unnamed_so_far = !recorded.contains_key(NAME);
        if recorded.get(NAME) != Some(&name) && (unnamed_so_far || request.name.is_some()) {
            // Not before the id is on record: if this fails, the next call finds the code and only names it.
            self.campaigns().edit(&id).name(&name).await.map_err(|error| unnamed(error, &current))?;
            self.links()
                .update(&key, |attributes| {
                    attributes.insert(NAME.to_owned(), name.clone());
                })
                .await?;
            current.name = name;
        }
        Ok(QrCode { is_new, ..self.code(current) })
    }

    /// How many requests a call for this event takes, unless something goes wrong.
    pub(crate) async fn generate_costs(
        &self,
        campaign: &CampaignId,
        event: &EventId,
        name: Option<&str>,
    ) -> Result<u64> {
        let Some(link) = self.links().get(&self.link_key(campaign, event)).await? else { return Ok(2) };
        let recorded = link.attributes.get(NAME).map(String::as_str);
        Ok(match (link.is_linked(), recorded) {
            // The list, two pages at least, then a create and its name.
            (false, _) => 4,
            (true, Some(recorded)) if name.is_none_or(|name| name == recorded) => 1,
            (true, _) => 2,
        })
    }

    /// The event's link, and its code where it was seen on the way.
    async fn ensure(&self, key: &LinkKey, request: &GenerateQrCode, name: &str) -> Result<(Ensured, Option<Campaign>)> {
        let clock = self.core().clock();
        // What is looked up is found by its destination, so those who share one must not create at the same time.
        let _turn = self.creating().lock(request.data.as_str(), &**clock, clock.now() + TURN).await?;
        let seen = Mutex::new(None);
        let keep = |campaign: Campaign| {
            let remote = remote(&campaign, request, name);
            *seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(campaign);
            remote
        };
        let create = || async {
            let design = request.design.clone().unwrap_or_default();
            Ok(keep(self.campaigns().create(request.data.as_str()).design(design).name(name).await?))
        };
        let lookup = || async {
            Ok(match self.find(key, request, name).await? {
                Found::One(campaign) => Lookup::Found(keep(*campaign)),
                Found::Nothing => Lookup::Absent,
                Found::Unclear => Lookup::Unavailable,
            })
        };
        let ensured = self.links().ensure(key, create, lookup).await?;
        let seen = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok((ensured, seen))
    }

    /// Looks for a code that an earlier create of `key` made: one with the destination, not older than the intent,
    /// that belongs to no other event and has no name or ours.
    async fn find(&self, key: &LinkKey, request: &GenerateQrCode, name: &str) -> Result<Found> {
        let since = self.links().get(key).await?.map(|link| link.at - SKEW);
        let others = self.links().list(PROVIDER, &key.kind, &key.scope).await?;
        let is_taken = |id: &QrId| others.iter().any(|(_, link)| link.remote_id.as_deref() == Some(id.as_str()));
        let is_older = |at| since.is_some_and(|since| at < since);
        let now = self.core().clock().now_utc();
        // One that somebody paused meanwhile leads there still.
        let leads_there =
            |campaign: &Campaign| self.pages().read(campaign, now).destination.as_ref() == Some(&request.data);
        let mut campaigns = self.campaigns().list().collect_all().await?;
        campaigns.retain(|campaign| {
            // One that the list does not say this of may be it: no reason to make another.
            (campaign.content.is_none() || leads_there(campaign))
                && !is_taken(&campaign.id)
                && !campaign.created_at.is_some_and(is_older)
        });
        Ok(match (campaigns.pop(), campaigns.is_empty()) {
            (None, _) => Found::Nothing,
            (Some(one), true) if one.content.is_some() && (one.name.is_empty() || one.name == name) => {
                Found::One(Box::new(one))
            }
            _ => Found::Unclear,
        })
    }
}

enum Found {
    One(Box<Campaign>),
    Nothing,
    Unclear,
}

fn remote(campaign: &Campaign, request: &GenerateQrCode, name: &str) -> Remote {
    let remote = Remote::new(campaign.id.as_str())
        .with(DESTINATION, request.data.as_str())
        .with(SHORT_URL, campaign.short_url.as_str());
    if campaign.name == name { remote.with(NAME, name) } else { remote }
}

fn gone(error: Error) -> Error {
    if error.kind() != ErrorKind::NotFound {
        return error;
    }
    error.with_hint("the code on record was deleted: `links().forget(&client.link_key(..))` to make another one")
}

fn unnamed(error: Error, code: &Campaign) -> Error {
    let hint = format!("the code {} exists and is on record: the same call again only names it", code.id);
    // Nothing is left open: what counts is that the code is on record.
    Unnamed::tell(error, code.clone()).with_maybe_applied(false).with_hint(hint)
}
