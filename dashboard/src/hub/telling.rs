//! What happens, kept and told.

use std::sync::{Arc, Weak};
use std::time::Duration;

use chrono::{DateTime, Utc};
use connectors_core::{Error, Result};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::Inner;
use crate::desk::{Desk, Health};
use crate::model::{Activity, Failure, Level, Update};
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
        Ok(())
    }

    /// Notes that something happened, and tells those who watch.
    pub(crate) async fn note(
        &self,
        provider: Option<&'static Provider>,
        level: Level,
        message: String,
        entity: Option<String>,
        sync: Option<i64>,
    ) -> Result<()> {
        let integration = provider.map(|provider| provider.id);
        let mut activity = Activity { id: 0, at: self.clock.now_utc(), integration, level, message, entity, sync };
        let text = store::json(&activity)?;
        activity.id = self.store.keep_activity(integration, text).await?;
        self.feed.tell(&Update::Activity(activity));
        Ok(())
    }

    /// Tells what has changed since the last beat.
    async fn tell(&self) -> Result<()> {
        for desk in &self.desks {
            if let Some(reading) = desk.meter.read() {
                {
                    let mut state = desk.state();
                    state.stale = true;
                    if let Some(last) = reading.last {
                        state.standing.health = Some(Health::of(desk.provider, last.as_ref()));
                    }
                }
                for (error, at) in reading.failures {
                    self.failed(desk.provider, &error, None, at).await?;
                }
                self.keep_standing(desk).await?;
            }
            let running = desk.state().running.is_some();
            if std::mem::take(&mut desk.state().stale) || running {
                let card = self.card(desk).await?;
                if let Some(sync) = card.running.clone() {
                    self.feed.tell(&Update::Sync(Box::new(sync)));
                }
                self.feed.tell(&Update::Integration(Box::new(card)));
            }
        }
        Ok(())
    }
}

/// Tells what has changed, at most once in a beat, for as long as there is a hub.
pub(super) async fn pulse(hub: Weak<Inner>, beat: Arc<Notify>, closing: CancellationToken) {
    loop {
        tokio::select! {
            () = beat.notified() => {}
            () = closing.cancelled() => {}
        }
        let Some(hub) = hub.upgrade() else { return };
        if let Err(error) = hub.tell().await {
            tracing::warn!(%error, "the dashboard cannot keep what happened");
        }
        if closing.is_cancelled() {
            return;
        }
        drop(hub);
        tokio::time::sleep(BEAT).await;
    }
}
