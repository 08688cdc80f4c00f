//! Settings and connection of an integration.

use std::collections::BTreeMap;
use std::sync::Arc;

use connectors_core::provider::Vars;
use connectors_core::{Error, ErrorKind, Result};
use secrecy::ExposeSecret;

use super::{Inner, IntegrationHub};
use crate::desk::{Desk, Health, Standing};
use crate::model::{Count, Level, Settings, Source, TestReport};
use crate::provider::{Integration, Parts, Provider};
use crate::run::Chart;
use crate::settings::{SettingsChange, Values};

impl IntegrationHub {
    /// The settings of an integration, secrets masked.
    pub async fn settings(&self, integration: &str) -> Result<Settings> {
        let desk = self.0.desk(integration)?;
        let source = desk.state().source;
        Ok(self.0.values(desk.provider).await?.0.shown(desk.provider, source))
    }

    /// Changes the settings of an integration, and connects it by the new ones. Fails with
    /// [`InvalidRequest`](ErrorKind::InvalidRequest) for what cannot be right, and keeps nothing then; with
    /// [`Conflict`](ErrorKind::Conflict) while a sync is under way, or where the application has made it.
    pub async fn configure(&self, integration: &str, change: SettingsChange) -> Result<Settings> {
        let (desk, _turn) = (self.0.desk(integration)?, self.0.changing.lock().await);
        self.0.changeable(desk)?;
        let (old, source) = self.0.values(desk.provider).await?;
        // What comes from the environment stays there: it is not mixed with what is entered.
        let old = if source == Source::Stored { old } else { Values::default() };
        let values = old.changed(desk.provider, change)?;
        // Refused before it is kept.
        if !values.is_empty() {
            self.0.connected(desk, &values)?;
        }
        self.0.keep(desk, &values).await?;
        self.0.note(Some(desk.provider), Level::Info, "settings changed".to_owned(), None, None).await?;
        self.settings(integration).await
    }

    /// Forgets what was entered for an integration: what the environment sets holds again, or the sample data.
    pub async fn forget(&self, integration: &str) -> Result<Settings> {
        let (desk, _turn) = (self.0.desk(integration)?, self.0.changing.lock().await);
        self.0.changeable(desk)?;
        self.0.keep(desk, &Values::default()).await?;
        self.0.note(Some(desk.provider), Level::Info, "settings removed".to_owned(), None, None).await?;
        self.settings(integration).await
    }

    /// Tests the connection, and counts what there is if it works.
    pub async fn test(&self, integration: &str) -> Result<TestReport> {
        let desk = self.0.desk(integration)?;
        let connected = self.0.integration(desk)?;
        let report = connected.test_connection().await?;
        let health = Health::tested(&report);
        {
            let mut state = desk.state();
            state.standing.tested_at = Some(self.0.clock.now_utc());
            state.standing.identity.clone_from(&report.identity);
            state.standing.health = Some(health);
        }
        if report.is_connected() {
            self.0.count(desk, &connected).await;
        }
        self.0.keep_standing(desk).await?;
        let (level, message) = match &report.identity {
            Some(identity) => (Level::Success, format!("connection tested: works, as {identity}")),
            None => (Level::Error, format!("connection tested: {}", report.message.as_deref().unwrap_or("fails"))),
        };
        self.0.note(Some(desk.provider), level, message, None, None).await?;
        Ok(TestReport::new(desk.provider, &report))
    }
}

impl Inner {
    pub(crate) fn integration(&self, desk: &Desk) -> Result<Arc<dyn Integration>> {
        let state = desk.state();
        if let Some(error) = &state.refused {
            return Err(error.clone());
        }
        state
            .integration
            .clone()
            .ok_or_else(|| Error::config(desk.provider.id, "is not set up").with_hint("enter a key in its settings"))
    }

    fn changeable(&self, desk: &Desk) -> Result<()> {
        let conflict = |message: &str| Err(Error::new(ErrorKind::Conflict, message.to_owned()));
        let state = desk.state();
        match (state.source, &state.running) {
            (Source::Application, _) => conflict("the application sets this integration up; change it there"),
            (_, Some(_)) => conflict("a sync is under way; wait for its end, or cancel it"),
            _ => Ok(()),
        }
    }

    /// The settings in force, and where they come from.
    async fn values(&self, provider: &'static Provider) -> Result<(Values, Source)> {
        let sealed = self.store.settings(provider.id).await?;
        if !sealed.is_empty() {
            let mut opened = BTreeMap::new();
            for (name, value) in sealed {
                let text = self.vault.open(&format!("{}/{name}", provider.id), &value)?;
                opened.insert(name, text);
            }
            return Ok((Values::from_kept(provider, opened), Source::Stored));
        }
        let values = self.vars.as_ref().map(|vars| Values::from_vars(provider, Vars::new(&**vars)));
        match values {
            Some(values) if values.names_a_secret(provider) => Ok((values, Source::Environment)),
            _ => Ok((Values::default(), Source::None)),
        }
    }

    async fn keep(&self, desk: &Desk, values: &Values) -> Result<()> {
        let mut sealed = BTreeMap::new();
        if !values.is_empty() {
            for (name, value) in values.to_keep() {
                let value = self.vault.seal(&format!("{}/{name}", desk.provider.id), value.expose_secret())?;
                sealed.insert(name, value);
            }
        }
        self.store.keep_settings(desk.provider.id, sealed).await?;
        desk.meter.reset();
        desk.state().standing = Standing::default();
        self.connect(desk).await;
        self.keep_standing(desk).await
    }

    fn connected(&self, desk: &Desk, values: &Values) -> Result<Arc<dyn Integration>> {
        let lookup = |name: &str| values.get(desk.provider, name);
        (desk.provider.connect)(&Parts {
            vars: Vars::new(&lookup),
            observer: Arc::clone(&desk.meter) as _,
            links: Arc::clone(&self.links),
        })
    }

    /// Connects a desk by the settings in force. What is wrong with them stands on its card.
    pub(super) async fn connect(&self, desk: &Desk) {
        let (integration, source, refused) = match self.values(desk.provider).await {
            Ok((_, Source::None)) => {
                let sample = self.fallback.as_ref();
                let sample =
                    sample.and_then(|make| make(desk.provider, Arc::clone(&desk.meter) as _, Arc::clone(&self.links)));
                let source = if sample.is_some() { Source::Sample } else { Source::None };
                (sample, source, None)
            }
            Ok((values, source)) => match self.connected(desk, &values) {
                Ok(integration) => (Some(integration), source, None),
                Err(error) => (None, source, Some(error)),
            },
            Err(error) => (None, Source::Stored, Some(error)),
        };
        desk.state().take(integration, source, refused);
        self.beat.notify_one();
    }

    /// Counts what there is; that it fails is an error on the card, and no more.
    pub(crate) async fn count(&self, desk: &Desk, integration: &Arc<dyn Integration>) {
        let counted = integration.counts().await;
        let quotas = integration.quotas().await;
        let with_data = match self.store.series_about(Chart::FootfallByDay.name()).await {
            Ok(venues) if desk.provider.id == crate::PLACER.id => Some(Count::new("venues with data", venues)),
            _ => None,
        };
        let mut state = desk.state();
        if let Ok(quotas) = quotas {
            state.long_quotas = quotas;
        }
        if let Ok(counts) = counted {
            state.standing.counts = with_data.into_iter().chain(counts).collect();
            state.standing.counted_at = Some(self.clock.now_utc());
        }
    }
}
