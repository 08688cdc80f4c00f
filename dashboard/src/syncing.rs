//! A sync from the button to its end: one at a time for each integration.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use connectors_core::{Campaign, Error, ErrorKind, Result};
use futures_util::FutureExt;
use tokio_util::sync::CancellationToken;

use crate::desk::{Desk, Running};
use crate::hub::{Inner, IntegrationHub, PAGE};
use crate::model::{Item, Level, Source, Sync, SyncState, Update};
use crate::provider::{Integration, Provider};
use crate::run::{Progress, Run};
use crate::store::NewSync;

/// How long to wait for the campaign.
const CAMPAIGN: Duration = Duration::from_secs(30);

/// How long what is under way may take to come to its end, once the sync was told to stop.
const GRACE: Duration = Duration::from_secs(600);

impl IntegrationHub {
    /// Begins a sync of an integration: the campaign as it is now, all of its events. Fails with
    /// [`Conflict`](ErrorKind::Conflict) while one is under way, and as the campaign does; nothing has begun then.
    pub async fn sync(&self, integration: &str) -> Result<Sync> {
        let slot = Slot::take(&self.0, self.0.desk(integration)?)?;
        self.0.carried_out(slot.begin()).await
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
        self.0.carried_out(slot.resume(sync)).await
    }

    /// Tells a sync to stop. What is under way comes to its end; the rest stays pending, to be resumed.
    pub async fn cancel(&self, sync: i64) -> Result<Sync> {
        let known = self.sync_status(sync).await?;
        let running = self.0.desk(known.integration)?.state().running.clone();
        let running = running
            .filter(|running| running.sync == Some(sync))
            .ok_or_else(|| Error::new(ErrorKind::Conflict, format!("sync {sync} is not under way")))?;
        running.cancelled.cancel();
        self.0.store.cancel_sync(sync).await?;
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

impl Inner {
    /// Carries this out also when whoever asked for it does not wait for it.
    async fn carried_out(&self, work: impl Future<Output = Result<Sync>> + Send + 'static) -> Result<Sync> {
        let broken = |_| Error::new(ErrorKind::Cancelled, "the sync could not be begun: something broke down");
        self.tasks.spawn(work).await.map_err(broken)?
    }

    /// Notes that syncs have been interrupted which nobody works on any more: the program before this one ended, or
    /// their end could not be kept.
    pub(crate) async fn interrupt(&self, provider: &'static Provider) -> Result<()> {
        for sync in self.store.interrupt_syncs(provider).await? {
            let message = format!("sync {sync} was interrupted before its end");
            self.note(Some(provider), Level::Warning, message, None, Some(sync)).await?;
        }
        Ok(())
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

    async fn begin(self) -> Result<Sync> {
        let hub = Arc::clone(&self.hub);
        hub.interrupt(self.provider).await?;
        let source = hub.desk(self.provider.id)?.state().source;
        if hub.campaigns.is_sample() && matches!(source, Source::Environment | Source::Stored) {
            let message = format!("the sample campaign does not go to the real {}", self.provider.name);
            return Err(Error::config("campaign", message).with_hint("start the dashboard with --campaign FILE"));
        }
        let late = |_| Error::new(ErrorKind::Timeout, "the campaign did not come in time");
        let campaign = tokio::time::timeout(CAMPAIGN, hub.campaigns.campaign()).await.map_err(late)??;
        let problems = campaign.validate();
        if let Some(problem) = problems.first() {
            let others = problems.len() - 1;
            let besides = if others > 0 { format!(", and {others} more") } else { String::new() };
            let message = format!("the campaign cannot be synced: {problem}{besides}");
            return Err(Error::invalid("campaign", message));
        }
        let new = NewSync { integration: self.provider.id, campaign: campaign.clone(), at: hub.clock.now_utc() };
        let id = hub.store.begin_sync(new).await?;
        self.start(id, campaign, "began").await
    }

    async fn resume(self, sync: i64) -> Result<Sync> {
        let hub = Arc::clone(&self.hub);
        hub.interrupt(self.provider).await?;
        let can_go_on = hub.store.sync(sync).await?.is_some_and(|known| known.resumable);
        let campaign = if can_go_on { hub.store.campaign_of(sync).await? } else { None };
        let campaign = campaign.ok_or_else(|| {
            Error::new(ErrorKind::Conflict, format!("sync {sync} cannot be resumed"))
                .with_hint("begin a new one: what is done already is not done twice")
        })?;
        hub.store.resume_sync(sync).await?;
        self.start(sync, campaign, "was resumed").await
    }

    /// Sets to work on the pending events of a sync, and tells how it stands.
    async fn start(self, sync: i64, campaign: Campaign, began: &str) -> Result<Sync> {
        let hub = Arc::clone(&self.hub);
        hub.desk(self.provider.id)?.state().running =
            Some(Running { sync: Some(sync), cancelled: self.cancelled.clone() });
        let items = hub.store.items(sync).await?.into_iter().map(|item| (item.event, item.state)).collect();
        let run = Run {
            hub: Arc::clone(&hub),
            provider: self.provider,
            id: sync,
            campaign,
            cancelled: self.cancelled.clone(),
            progress: Mutex::new(Progress::new(items)),
        };
        hub.note(Some(self.provider), Level::Info, format!("sync {sync} {began}"), None, Some(sync)).await?;
        let told = hub.tell_sync(sync).await?;
        let told = told.ok_or_else(|| Error::new(ErrorKind::Storage, format!("sync {sync} is not kept")))?;
        hub.tasks.spawn(self.work(run));
        hub.beat.notify_one();
        Ok(told)
    }

    async fn work(self, run: Run) {
        let (hub, provider, sync) = (Arc::clone(&self.hub), self.provider, run.id);
        let started = hub.clock.now();
        let outcome = self.outcome(&run).await;
        let worked = hub.clock.now().saturating_duration_since(started);
        if let Err(error) = self.end(&run, outcome, worked).await {
            tracing::error!(%error, provider = provider.id, sync, "the end of a sync cannot be kept");
        }
    }

    /// What the integration makes of it, also if it breaks down, or does not stop when it is told to.
    async fn outcome(&self, run: &Run) -> Result<()> {
        let clock = &self.hub.clock;
        let overdue = async {
            self.cancelled.cancelled().await;
            clock.deadline(clock.now() + GRACE).await;
        };
        let _in_a_sync = self.hub.desk(self.provider.id)?.meter.in_a_sync();
        tokio::select! {
            done = AssertUnwindSafe(self.integration.sync(run)).catch_unwind() => done.unwrap_or_else(|_| {
                Err(Error::new(ErrorKind::Cancelled, "the integration broke down: it has a defect"))
            }),
            () = overdue => Err(Error::new(ErrorKind::Cancelled, "it was told to stop, and did not in time")),
        }
    }

    /// Notes how the sync ended, and tells those who watch.
    async fn end(self, run: &Run, outcome: Result<()>, worked: Duration) -> Result<()> {
        let (hub, provider, integration) = (Arc::clone(&self.hub), self.provider, Arc::clone(&self.integration));
        let (sync, now) = (run.id, hub.clock.now_utc());
        let (desk, told_to_stop) = (hub.desk(provider.id)?, self.cancelled.is_cancelled());
        let known = hub.store.close_sync(provider, sync).await?;
        let known = known.ok_or_else(|| Error::new(ErrorKind::Storage, format!("sync {sync} is not kept")))?;
        let wrong = known.failed + known.unknown;
        let (state, message) = match &outcome {
            Err(error) => (SyncState::Failed, Some(error.to_string())),
            Ok(()) if known.pending > 0 && told_to_stop => {
                let closed = hub.closing.is_cancelled().then(|| "the dashboard was closed".to_owned());
                (SyncState::Cancelled, closed)
            }
            Ok(()) if known.pending > 0 => (SyncState::Failed, Some(format!("{} events were left out", known.pending))),
            Ok(()) if wrong == 0 => (SyncState::Succeeded, None),
            Ok(()) if wrong == known.total => (SyncState::Failed, None),
            Ok(()) => (SyncState::Partial, None),
        };
        let untold = outcome.err().filter(|_| !run.is_stopped());
        let worked = u64::try_from(worked.as_millis()).unwrap_or(u64::MAX);
        // Whoever sees that it has ended may begin the next one.
        let ended = hub.store.end_sync(sync, state, message, now, worked, self).await?;
        if let Some(error) = untold {
            hub.failed(provider, &error, Some(run.campaign.id.to_string()), now).await?;
        }
        hub.tell_sync(sync).await?;
        if let Some(ended) = ended {
            let (level, message) = ended.told();
            hub.note(Some(provider), level, message, None, Some(sync)).await?;
        }
        hub.feed.tell(&Update::Charts);
        if state != SyncState::Failed && !hub.closing.is_cancelled() {
            hub.count(desk, &integration).await;
        }
        hub.keep_standing(desk).await
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Ok(desk) = self.hub.desk(self.provider.id) {
            desk.state().running = None;
        }
    }
}
