//! A sync from the button to its end: one at a time for each integration.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use connectors_core::{Campaign, Error, ErrorKind, Result};
use tokio_util::sync::CancellationToken;

use crate::desk::{Desk, Running};
use crate::hub::{Inner, IntegrationHub, PAGE};
use crate::model::{Item, ItemState, Level, Sync, SyncState, Update};
use crate::provider::{Integration, Provider};
use crate::run::Run;
use crate::store::NewSync;

impl IntegrationHub {
    /// Begins a sync of an integration: the campaign as it is now, all of its events. Fails with
    /// [`Conflict`](ErrorKind::Conflict) while one is under way.
    pub async fn sync(&self, integration: &str) -> Result<Sync> {
        let desk = self.0.desk(integration)?;
        let slot = Slot::take(&self.0, desk)?;
        let campaign = self.0.campaigns.campaign().await?;
        let problems = campaign.validate();
        if let Some(problem) = problems.first() {
            let message = format!("the campaign has {} problems; the first: {problem}", problems.len());
            return Err(Error::invalid("campaign", message));
        }
        let new = NewSync { integration: desk.provider.id, campaign: campaign.clone(), at: self.0.clock.now_utc() };
        let id = self.0.store.begin_sync(new).await?;
        slot.start(id, campaign, "began").await
    }

    /// Begins a sync of every integration that is set up. Each of the others tells why not.
    pub async fn sync_all(&self) -> Vec<(&'static str, Result<Sync>)> {
        let mut begun = Vec::new();
        for desk in &self.0.desks {
            begun.push((desk.provider.id, self.sync(desk.provider.id).await));
        }
        begun
    }

    /// Lets a sync go on with what is left of it: the events that failed, are unknown, or whose turn never came. Only
    /// the last sync of an integration can be resumed; others are a [`Conflict`](ErrorKind::Conflict).
    pub async fn resume(&self, sync: i64) -> Result<Sync> {
        let known = self.sync_status(sync).await?;
        let slot = Slot::take(&self.0, self.0.desk(known.integration)?)?;
        // Nothing can have begun since.
        let known = self.sync_status(sync).await?;
        let campaign = if known.resumable { self.0.store.campaign_of(sync).await? } else { None };
        let conflict = || {
            Error::new(ErrorKind::Conflict, format!("sync {sync} cannot be resumed"))
                .with_hint("begin a new one: what is done already is not done twice")
        };
        let campaign = campaign.ok_or_else(conflict)?;
        self.0.store.resume_sync(sync).await?;
        slot.start(sync, campaign, "was resumed").await
    }

    /// Tells a sync to stop. What is under way comes to its end; the rest stays pending, to be resumed.
    pub async fn cancel(&self, sync: i64) -> Result<Sync> {
        let known = self.sync_status(sync).await?;
        let running = self.0.desk(known.integration)?.state().running.clone();
        let running = running
            .filter(|running| running.sync == Some(sync))
            .ok_or_else(|| Error::new(ErrorKind::Conflict, format!("sync {sync} is not under way")))?;
        self.0.store.cancel_sync(sync).await?;
        running.cancelled.cancel();
        self.0.tell_sync(sync).await?;
        self.sync_status(sync).await
    }

    /// How far a sync has come.
    pub async fn sync_status(&self, sync: i64) -> Result<Sync> {
        let missing = || Error::new(ErrorKind::NotFound, format!("there is no sync {sync}"));
        self.0.store.sync(sync).await?.ok_or_else(missing)
    }

    /// What became of each event of a sync, in the order of the campaign.
    pub async fn items(&self, sync: i64) -> Result<Vec<Item>> {
        self.sync_status(sync).await?;
        self.0.store.items(sync).await
    }

    /// Syncs, the newest first: of one integration or all, before that number, 200 at the most.
    pub async fn syncs(&self, integration: Option<&str>, before: Option<i64>, limit: u32) -> Result<Vec<Sync>> {
        let integration = integration.map(|id| self.0.desk(id)).transpose()?.map(|desk| desk.provider.id);
        self.0.store.syncs(integration, before, false, limit.min(PAGE)).await
    }
}

/// A desk, taken for a sync: nobody else begins one until it is over, or given up.
struct Slot {
    hub: Arc<Inner>,
    provider: &'static Provider,
    integration: Arc<dyn Integration>,
    cancelled: CancellationToken,
}

impl Slot {
    fn take(hub: &Arc<Inner>, desk: &Desk) -> Result<Self> {
        let cancelled = hub.closing.child_token();
        let mut state = desk.state();
        if let Some(running) = &state.running {
            let which = running.sync.map_or_else(|| "a sync".to_owned(), |sync| format!("sync {sync}"));
            return Err(Error::new(ErrorKind::Conflict, format!("{which} of {} is under way", desk.provider.name))
                .with_hint("wait for its end, or cancel it"));
        }
        if state.changing {
            return Err(Error::new(
                ErrorKind::Conflict,
                format!("the settings of {} are being changed", desk.provider.name),
            )
            .with_hint("try again in a moment"));
        }
        if hub.closing.is_cancelled() {
            return Err(Error::new(ErrorKind::Conflict, "the dashboard is being closed"));
        }
        let integration = state.integration(desk.provider)?;
        state.running = Some(Running { sync: None, cancelled: cancelled.clone() });
        Ok(Self { hub: Arc::clone(hub), provider: desk.provider, integration, cancelled })
    }

    fn desk(&self) -> Option<&Desk> {
        self.hub.desk(self.provider.id).ok()
    }

    /// Sets to work on the pending events of a sync, and tells how it stands.
    async fn start(self, sync: i64, campaign: Campaign, began: &str) -> Result<Sync> {
        if let Some(desk) = self.desk() {
            desk.state().running = Some(Running { sync: Some(sync), cancelled: self.cancelled.clone() });
        }
        let hub = Arc::clone(&self.hub);
        let items = hub.store.items(sync).await?;
        let state = items.into_iter().map(|item| (item.event, item.state)).collect();
        let run = Run {
            hub: Arc::clone(&hub),
            provider: self.provider,
            id: sync,
            campaign,
            cancelled: self.cancelled.clone(),
            state: Mutex::new(state),
        };
        let message = format!("sync {sync} {began}");
        hub.note(Some(self.provider), Level::Info, message, None, Some(sync)).await?;
        let begun = hub.store.sync(sync).await?;
        hub.tasks.spawn(self.work(run));
        hub.beat.notify_one();
        begun.ok_or_else(|| Error::new(ErrorKind::Storage, format!("sync {sync} is not kept")))
    }

    async fn work(self, run: Run) {
        let (hub, provider, sync) = (Arc::clone(&self.hub), self.provider, run.id);
        let started = hub.clock.now();
        let outcome = {
            let _in_a_sync = self.desk().map(|desk| desk.meter.in_a_sync());
            self.integration.sync(&run).await
        };
        let worked = hub.clock.now().saturating_duration_since(started);
        if let Err(error) = self.end(&run, outcome, worked).await {
            tracing::error!(%error, provider = provider.id, sync, "the end of a sync cannot be kept");
        }
    }

    /// Notes how the sync ended, and tells those who watch.
    async fn end(self, run: &Run, outcome: Result<()>, worked: Duration) -> Result<()> {
        let (hub, provider) = (Arc::clone(&self.hub), self.provider);
        let (sync, now) = (run.id, hub.clock.now_utc());
        let desk = hub.desk(provider.id)?;
        if let Err(error) = &outcome {
            // What met an event first is told already.
            let said = error.to_string();
            if !hub.store.items(sync).await?.iter().any(|item| item.message.as_ref() == Some(&said)) {
                hub.failed(provider, error, None, now).await?;
            }
        }
        hub.count(desk, &self.integration).await;
        // What was begun and never settled may have been sent.
        let open = if provider.writes { ItemState::Unknown } else { ItemState::Pending };
        hub.store.close_items(sync, open, now).await?;
        let known = hub.store.sync(sync).await?;
        let known = known.ok_or_else(|| Error::new(ErrorKind::Storage, format!("sync {sync} is not kept")))?;
        let wrong = known.failed + known.unknown;
        let (state, message) = match outcome {
            Err(error) => (SyncState::Failed, Some(error.to_string())),
            Ok(()) if known.pending > 0 => (SyncState::Cancelled, None),
            Ok(()) if wrong == 0 => (SyncState::Succeeded, None),
            Ok(()) if wrong == known.total => (SyncState::Failed, None),
            Ok(()) => (SyncState::Partial, None),
        };
        let worked = u64::try_from(worked.as_millis()).unwrap_or(u64::MAX);
        hub.store.end_sync(sync, state, message, now, worked).await?;
        // From here on the next one may begin.
        drop(self);
        hub.keep_standing(desk).await?;
        if let Some(ended) = hub.tell_sync(sync).await? {
            let (level, message) = ended.told();
            hub.note(Some(provider), level, message, None, Some(sync)).await?;
        }
        hub.feed.tell(&Update::Charts);
        Ok(())
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Some(desk) = self.desk() {
            desk.state().running = None;
        }
    }
}
