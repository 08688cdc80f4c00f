//! A sync under way, as an integration sees it.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use connectors_core::{Campaign, CampaignEvent, Clock, Error, EventId, Result};
use futures_util::{StreamExt, stream};
use tokio_util::sync::CancellationToken;

use crate::hub::Inner;
use crate::model::{Item, ItemState};
use crate::provider::Provider;

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
        Self { change, remote_id: None, facts: BTreeMap::new() }
    }

    /// The provider's id of it.
    pub fn remote_id(mut self, id: impl ToString) -> Self {
        self.remote_id = Some(id.to_string());
        self
    }

    /// Something that other integrations may want to know.
    pub fn fact(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.facts.insert(name.into(), value.to_string());
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
    pub(crate) state: Mutex<HashMap<EventId, ItemState>>,
}

impl Run {
    fn state(&self) -> MutexGuard<'_, HashMap<EventId, ItemState>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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
        let state = self.state();
        let pending = |event: &&CampaignEvent| state.get(&event.id) == Some(&ItemState::Pending);
        self.campaign.events.iter().filter(pending).collect()
    }

    /// Whether the sync was told to stop: begin nothing more, and bring what is under way to its end.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.is_cancelled()
    }

    /// Does `work` for each pending event, so many at a time, until all are done or the sync is told to stop. What it
    /// gives is settled. An error that would meet every other event as well ends it: a rejected key, a used-up quota.
    pub async fn each<F>(&self, at_a_time: usize, work: impl Fn(CampaignEvent) -> F + Send + Sync) -> Result<()>
    where
        F: Future<Output = Result<Done>> + Send,
    {
        let work = &work;
        let one = |event: CampaignEvent| async move {
            let id = event.id.clone();
            self.begin([id.clone()]).await?;
            let done = work(event).await;
            let stop = done.as_ref().err().filter(|error| stops_all(error)).cloned();
            self.settle([(id, done)]).await?;
            stop.map_or(Ok(()), Err)
        };
        let pending: Vec<CampaignEvent> = self.pending().into_iter().cloned().collect();
        let mut running = stream::iter(pending)
            .take_while(|_| std::future::ready(!self.is_cancelled()))
            .map(one)
            .buffer_unordered(at_a_time.max(1));
        let mut stopped: Result<()> = Ok(());
        while let Some(ended) = running.next().await {
            if let Err(error) = ended {
                // What is under way comes to its end; nothing more begins.
                self.cancelled.cancel();
                stopped = stopped.and(Err(error));
            }
        }
        stopped
    }

    /// Notes that something about these events is about to be sent.
    pub async fn begin(&self, events: impl IntoIterator<Item = EventId>) -> Result<()> {
        let events: Vec<EventId> = events.into_iter().collect();
        self.hub.store.begin_items(self.id, events.clone(), self.hub.clock.now_utc()).await?;
        self.state().extend(events.into_iter().map(|event| (event, ItemState::Running)));
        Ok(())
    }

    /// Notes what became of events, each of which was [begun](Self::begin).
    pub async fn settle(&self, outcomes: impl IntoIterator<Item = (EventId, Result<Done>)>) -> Result<()> {
        let (now, mut items) = (self.hub.clock.now_utc(), Vec::new());
        for (event, outcome) in outcomes {
            let item = |state| Item {
                event: event.clone(),
                name: String::new(),
                state,
                remote_id: None,
                message: None,
                hint: None,
                at: Some(now),
            };
            items.push(match outcome {
                Ok(Done { change, remote_id, facts }) => {
                    if !facts.is_empty() {
                        self.hub.store.keep_facts(self.provider.id, &self.campaign.id, &event, facts).await?;
                    }
                    let state = match change {
                        Change::Created => ItemState::Created,
                        Change::Updated => ItemState::Updated,
                        Change::Unchanged => ItemState::Unchanged,
                    };
                    Item { remote_id, ..item(state) }
                }
                Err(error) => {
                    self.hub.failed(self.provider, &error, Some(event.to_string()), now).await?;
                    let state = if error.maybe_applied() { ItemState::Unknown } else { ItemState::Failed };
                    let hint = error.hint().map(str::to_owned);
                    Item { message: Some(error.to_string()), hint, ..item(state) }
                }
            });
        }
        let states: Vec<_> = items.iter().map(|item| (item.event.clone(), item.state)).collect();
        self.hub.store.settle_items(self.id, items).await?;
        self.state().extend(states);
        self.hub.beat.notify_one();
        Ok(())
    }

    /// What the syncs of another integration found out about the events of this campaign: by event, by name.
    pub async fn facts(&self, of: &'static Provider) -> Result<BTreeMap<String, BTreeMap<String, String>>> {
        self.hub.store.facts(of.id, &self.campaign.id).await
    }

    /// Keeps the figures of a chart about one thing (a venue, a code), in place of those there were.
    pub async fn chart(
        &self,
        chart: Chart,
        about: impl Into<String>,
        values: impl IntoIterator<Item = (String, u64)>,
    ) -> Result<()> {
        self.hub.store.keep_series(chart.name(), about.into(), values.into_iter().collect()).await
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

/// Whether an error would meet every other event as well.
fn stops_all(error: &Error) -> bool {
    use connectors_core::ErrorKind::{Auth, Config, QuotaExhausted, Storage};
    matches!(error.kind(), Auth | Config | QuotaExhausted | Storage)
}
