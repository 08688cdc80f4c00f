//! What happens, kept and told.

use std::sync::{Arc, Weak};
use std::time::Duration;

use chrono::{DateTime, Utc};
use connectors_core::{Error, Result};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::Inner;
use crate::desk::{Desk, Health};
use crate::model::{Activity, Failure, Level, Sync, Update};
use crate::provider::Provider;
use crate::store;

/// What was counted is told this often at the most.
const BEAT: Duration = Duration::from_millis(200);

impl Inner {
    pub(crate) async fn keep_standing(&self, desk: &Desk) -> Result<()> {
        let standing = {
            let mut state = desk.state();
            state.stale = true;
            state.standing.traffic = desk.meter.traffic();
            state.standing.clone()
        };
        self.beat.notify_one();
        self.store.keep_standing(desk.provider.id.to_owned(), &standing).await
    }

    /// Notes an error.
    pub(crate) async fn failed(
        &self,
        provider: &'static Provider,
        error: &Error,
        entity: Option<String>,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let text = Failure::new(provider, error, entity, at).to_json()?;
        self.store.keep_failure(provider.id, text).await?;
        self.desk(provider.id)?.state().stale = true;
        self.beat.notify_one();
        Ok(())
    }

    /// Notes that something happened, and tells those who watch, in the order of the numbers.
    pub(crate) async fn note(
        &self,
        provider: Option<&'static Provider>,
        level: Level,
        message: String,
        entity: Option<String>,
        sync: Option<i64>,
    ) -> Result<()> {
        let integration = provider.map(|provider| provider.id);
        let activity = Activity { id: 0, at: self.clock.now_utc(), integration, level, message, entity, sync };
        let (text, feed) = (store::json(&activity)?, Arc::clone(&self.feed));
        let told = move |id| feed.tell(&Update::Activity(Activity { id, ..activity }));
        self.store.keep_activity(integration, text, told).await
    }

    /// Tells how a sync stands.
    pub(crate) async fn tell_sync(&self, sync: i64) -> Result<Option<Sync>> {
        let _turn = self.telling.lock().await;
        let sync = self.store.sync(sync).await?;
        if let Some(sync) = sync.clone() {
            self.feed.tell(&Update::Sync(Box::new(sync)));
        }
        Ok(sync)
    }

    /// Tells what has changed since the last beat.
    pub(super) async fn tell(&self) {
        for desk in &self.desks {
            if let Err(error) = self.tell_of(desk).await {
                desk.state().stale = true;
                tracing::warn!(%error, integration = desk.provider.id, "what happened cannot be kept");
            }
        }
    }

    async fn tell_of(&self, desk: &Desk) -> Result<()> {
        let read = {
            let mut state = desk.state();
            let read = desk.meter.read();
            if let Some(said) = read.as_ref().and_then(|reading| reading.said.as_ref()) {
                state.standing.health = Some(Health::said(desk.provider, said));
            }
            read
        };
        if let Some(reading) = read {
            for (error, at) in reading.failures {
                self.failed(desk.provider, &error, None, at).await?;
            }
            self.keep_standing(desk).await?;
        }
        let changed = {
            let mut state = desk.state();
            std::mem::take(&mut state.stale) || state.running.is_some()
        };
        if changed {
            let _turn = self.telling.lock().await;
            let card = self.card(desk).await?;
            if let Some(sync) = card.running.clone() {
                self.feed.tell(&Update::Sync(Box::new(sync)));
            }
            self.feed.tell(&Update::Integration(Box::new(card)));
        }
        Ok(())
    }
}

/// Tells what has changed, at most once in a beat, for as long as there is a hub.
pub(super) async fn pulse(hub: Weak<Inner>, beat: Arc<Notify>, closed: CancellationToken) {
    loop {
        tokio::select! {
            () = beat.notified() => {}
            () = closed.cancelled() => return,
        }
        let Some(hub) = hub.upgrade() else { return };
        hub.tell().await;
        drop(hub);
        let _ = tokio::time::timeout(BEAT, closed.cancelled()).await;
    }
}
