//! A sync under way, as an integration sees it.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use connectors_core::ErrorKind::{
    Auth, Config, Connect, Interrupted, QuotaExhausted, RateLimited, Server, Storage, Timeout,
};
use connectors_core::{Campaign, CampaignEvent, Clock, Error, EventId, Result};
use futures_util::{StreamExt, stream};
use tokio_util::sync::CancellationToken;

use crate::hub::Inner;
use crate::model::{Item, ItemState};
use crate::provider::Provider;
use crate::told;

/// What was found out or made for an event.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Done {
    /// What it took.
    pub change: Change,
    /// The provider's id of it.
    pub remote_id: Option<String>,
    /// What the syncs of other integrations may want to know, by name.
    pub facts: BTreeMap<String, String>,
    /// What could not be done besides.
    pub trouble: Option<Error>,
}

/// What it took to bring an event up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// It was created.
    Created,
    /// It was changed.
    Updated,
    /// Nothing: it was right, or is only read.
    Unchanged,
}

impl Done {
    /// This is what it took.
    pub fn new(change: Change) -> Self {
        Self { change, remote_id: None, facts: BTreeMap::new(), trouble: None }
    }

    /// The provider's id of it.
    #[expect(clippy::needless_pass_by_value, reason = "ids and numbers are given as they are")]
    pub fn remote_id(mut self, id: impl ToString) -> Self {
        self.remote_id = Some(id.to_string());
        self
    }

    /// Something that other integrations may want to know.
    #[expect(clippy::needless_pass_by_value, reason = "ids and numbers are given as they are")]
    pub fn fact(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.facts.insert(name.into(), value.to_string());
        self
    }

    /// Something besides could not be done. It is told, and left to the next sync: the event itself is as it should be.
    pub fn trouble(mut self, error: Error) -> Self {
        self.trouble = Some(error);
        self
    }
}

/// A sync under way. Whatever is settled is kept at once, so that a sync that breaks off can be resumed.
#[derive(Debug)]
pub struct Run {
    pub(crate) hub: Arc<Inner>,
    pub(crate) provider: &'static Provider,
    pub(crate) id: i64,
    pub(crate) campaign: Campaign,
    pub(crate) cancelled: CancellationToken,
    pub(crate) progress: Mutex<Progress>,
}

/// How far a run has come.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    items: HashMap<EventId, ItemState>,
    /// So many events in a row had no answer.
    unanswered: u32,
    /// Whether what stops the sync has been told, with the event that met it.
    stopped: bool,
}

impl Progress {
    pub(crate) fn new(items: HashMap<EventId, ItemState>) -> Self {
        Self { items, ..Self::default() }
    }

    /// What this outcome says of all that is left: the error that stops it.
    fn weigh(&mut self, error: Option<&Error>) -> Option<Error> {
        self.unanswered = if error.is_some_and(is_unanswered) { self.unanswered + 1 } else { 0 };
        let stop = error.filter(|error| stops_all(error) || self.unanswered >= GIVE_UP);
        self.stopped |= stop.is_some();
        stop.cloned()
    }
}

impl Run {
    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The campaign.
    pub fn campaign(&self) -> &Campaign {
        &self.campaign
    }

    /// The time.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.hub.clock
    }

    /// The events whose turn has not come yet, in the order of the campaign.
    pub fn pending(&self) -> Vec<&CampaignEvent> {
        let progress = self.progress();
        let pending = |event: &&CampaignEvent| progress.items.get(&event.id) == Some(&ItemState::Pending);
        self.campaign.events.iter().filter(pending).collect()
    }

    /// Whether it was stopped by an error that is told already.
    pub(crate) fn is_stopped(&self) -> bool {
        self.progress().stopped
    }

    /// Whether the sync was told to stop: begin nothing more, and bring what is under way to its end.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.is_cancelled()
    }

    /// Does `work` for each pending event, so many at a time, until all are done or the sync is told to stop. What it
    /// gives is [settled](Self::settle). An error that would meet every other event as well ends it.
    pub async fn each<F>(&self, at_a_time: usize, work: impl Fn(CampaignEvent) -> F + Send + Sync) -> Result<()>
    where
        F: Future<Output = Result<Done>> + Send,
    {
        let (work, stop) = (&work, &self.cancelled.child_token());
        let one = |event: CampaignEvent| async move {
            let id = event.id.clone();
            self.begin([id.clone()]).await?;
            let done = work(event).await;
            self.settle([(id, done)]).await
        };
        let pending: Vec<CampaignEvent> = self.pending().into_iter().cloned().collect();
        let mut running = stream::iter(pending)
            .take_while(|_| std::future::ready(!stop.is_cancelled()))
            .map(one)
            .buffer_unordered(at_a_time.max(1));
        let mut stopped: Result<()> = Ok(());
        while let Some(ended) = running.next().await {
            if let Err(error) = ended {
                // What is under way comes to its end; nothing more begins.
                stop.cancel();
                stopped = stopped.and(Err(error));
            }
        }
        stopped
    }

    /// Notes that something about these events is about to be sent.
    pub async fn begin(&self, events: impl IntoIterator<Item = EventId>) -> Result<()> {
        let events: Vec<EventId> = events.into_iter().collect();
        self.hub.store.begin_items(self.id, events.clone(), self.hub.clock.now_utc()).await?;
        self.progress().items.extend(events.into_iter().map(|event| (event, ItemState::Running)));
        Ok(())
    }

    /// Notes what became of events, each of which was [begun](Self::begin). Fails with an error among them that would
    /// meet every other event as well, such as a rejected key, a used-up quota, or a provider that does not answer any
    /// more: then nothing more should be begun.
    pub async fn settle(&self, outcomes: impl IntoIterator<Item = (EventId, Result<Done>)>) -> Result<()> {
        let (now, mut items, mut errors) = (self.hub.clock.now_utc(), Vec::new(), Vec::new());
        for (event, outcome) in outcomes {
            let failed = |error: &Error| {
                if self.provider.writes && error.maybe_applied() { ItemState::Unknown } else { ItemState::Failed }
            };
            let (state, remote_id, facts, error) = match outcome {
                Ok(Done { change, remote_id, facts, trouble }) => (change.into(), remote_id, facts, trouble),
                Err(error) => (failed(&error), None, BTreeMap::new(), Some(error)),
            };
            let (message, hint) = match &error {
                Some(error) => (Some(told::line(error)), error.hint().map(str::to_owned)),
                None => (None, None),
            };
            errors.push(error);
            items.push((Item { event, name: String::new(), state, remote_id, message, hint, at: Some(now) }, facts));
        }
        let states: Vec<_> = items.iter().map(|(item, _)| (item.event.clone(), item.state)).collect();
        self.hub.store.settle_items(self.id, items).await?;
        let mut stop = None;
        {
            let mut progress = self.progress();
            progress.items.extend(states.iter().cloned());
            for error in &errors {
                stop = progress.weigh(error.as_ref()).or(stop);
            }
        }
        self.hub.beat.notify_one();
        let failed = states.into_iter().zip(errors).filter_map(|((event, _), error)| Some((event, error?)));
        for (event, error) in failed.take(TOLD) {
            self.hub.failed(self.provider, &error, Some(event.to_string()), now).await?;
        }
        stop.map_or(Ok(()), Err)
    }

    /// What the syncs of another integration found out about the events of this campaign: by event, by name.
    /// What fakes made up is not told to a real provider.
    pub async fn facts(&self, of: &'static Provider) -> Result<BTreeMap<String, BTreeMap<String, String>>> {
        let store = &self.hub.store;
        if store.of_the_sample(of.id).await? && !store.of_the_sample(self.provider.id).await? {
            return Ok(BTreeMap::new());
        }
        store.facts(of.id, &self.campaign.id).await
    }

    /// Keeps the figures of a chart about one thing (a venue, a code), in place of those there were.
    pub async fn chart(
        &self,
        chart: Chart,
        about: impl Into<String>,
        values: impl IntoIterator<Item = (String, u64)>,
    ) -> Result<()> {
        self.hub.store.keep_series(self.id, chart.name(), about.into(), values.into_iter().collect()).await
    }
}

/// A chart of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Chart {
    /// Visits by day (`2026-06-15`), about a venue.
    FootfallByDay,
    /// Visits by hour of the day (`07`), about a venue.
    FootfallByHour,
    /// Scans by day, about a code.
    ScansByDay,
}

impl Chart {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::FootfallByDay => "footfall_by_day",
            Self::FootfallByHour => "footfall_by_hour",
            Self::ScansByDay => "scans_by_day",
        }
    }
}

/// So many events in a row without an answer are enough: the others would have to wait as long for none.
const GIVE_UP: u32 = 10;

/// So many errors of those that come at once are told one by one. What became of each event is noted in any case.
const TOLD: usize = 10;

/// Whether an error would meet every other event as well.
fn stops_all(error: &Error) -> bool {
    matches!(error.kind(), Auth | Config | QuotaExhausted | Storage)
}

/// Whether there was no answer to what was asked.
fn is_unanswered(error: &Error) -> bool {
    matches!(error.kind(), Connect | Interrupted | RateLimited | Server | Timeout)
}

impl From<Change> for ItemState {
    fn from(change: Change) -> Self {
        match change {
            Change::Created => Self::Created,
            Change::Updated => Self::Updated,
            Change::Unchanged => Self::Unchanged,
        }
    }
}
