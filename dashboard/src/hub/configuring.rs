//! Settings and connection of an integration.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use connectors_core::provider::Vars;
use connectors_core::{Error, ErrorKind, Observer, Result};
use secrecy::ExposeSecret;
use tracing::Instrument;

use super::{Inner, IntegrationHub};
use crate::desk::{Desk, Health, Standing};
use crate::model::{Count, Level, Settings, Source, TestReport, Update};
use crate::provider::{Integration, Parts, Provider};
use crate::run::Chart;
use crate::settings::{SettingsChange, Values};

impl IntegrationHub {
    /// The settings of an integration, secrets masked. Those that cannot be opened with this key are shown as not set.
    pub async fn settings(&self, integration: &str) -> Result<Settings> {
        self.0.settings(self.0.desk(integration)?).await
    }

    /// Changes the settings of an integration, and connects it by the new ones. Fails with
    /// [`InvalidRequest`](ErrorKind::InvalidRequest) or [`Config`](ErrorKind::Config) for what cannot be right, and
    /// keeps nothing then; with [`Conflict`](ErrorKind::Conflict) while a sync is under way, or where the application
    /// has made it. A key that is kept is not sent to another address: who changes the address gives the key again.
    ///
    /// Goes on to its end, also if nobody waits for it any more.
    pub async fn configure(&self, integration: &str, change: SettingsChange) -> Result<Settings> {
        let provider = self.0.desk(integration)?.provider;
        self.to_the_end(move |hub| async move { hub.configure(hub.desk(provider.id)?, change).await }).await
    }

    /// Forgets what was entered for an integration: what the environment sets holds again, or the sample data. Fails
    /// with [`Conflict`](ErrorKind::Conflict) while a sync is under way, or where the application has made it.
    pub async fn forget(&self, integration: &str) -> Result<Settings> {
        let provider = self.0.desk(integration)?.provider;
        self.to_the_end(move |hub| async move { hub.forget(hub.desk(provider.id)?).await }).await
    }

    /// Tests the connection, and counts what there is if it works. Fails where there is nothing to test: without a key,
    /// or with settings that cannot be used. That it does not connect is in the report.
    pub async fn test(&self, integration: &str) -> Result<TestReport> {
        let provider = self.0.desk(integration)?.provider;
        self.to_the_end(move |hub| async move { hub.test(hub.desk(provider.id)?).await }).await
    }

    /// What is begun comes to its end, whether or not somebody still waits for it.
    async fn to_the_end<T, F>(&self, work: impl FnOnce(Arc<Inner>) -> F) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let work = self.0.tasks.spawn(work(Arc::clone(&self.0)).in_current_span());
        work.await.map_err(|error| Error::new(ErrorKind::Cancelled, "it was given up").with_source(error))?
    }
}

impl Inner {
    async fn settings(&self, desk: &Desk) -> Result<Settings> {
        let source = desk.state().source;
        let values = match self.values(desk.provider).await? {
            // What else is set is not in force then.
            Ok((values, _)) if source != Source::Application => values,
            _ => Values::default(),
        };
        Ok(values.shown(desk.provider, source))
    }

    async fn configure(&self, desk: &Desk, change: SettingsChange) -> Result<Settings> {
        let _turn = self.changing.lock().await;
        let _hold = desk.hold()?;
        // What comes from the environment stays there: it is not mixed with what is entered. What cannot be opened is
        // as good as gone.
        let old = match self.values(desk.provider).await? {
            Ok((values, Source::Stored)) => values,
            _ => Values::default(),
        };
        let values = old.changed(desk.provider, change)?;
        // Refused before it is kept.
        if !values.is_empty() {
            self.connected(desk, &values, desk.meter.watcher())?;
        }
        self.keep(desk, &values).await?;
        self.note(Some(desk.provider), Level::Info, "settings changed".to_owned(), None, None).await?;
        self.settings(desk).await
    }

    async fn forget(&self, desk: &Desk) -> Result<Settings> {
        let _turn = self.changing.lock().await;
        let _hold = desk.hold()?;
        self.keep(desk, &Values::default()).await?;
        self.note(Some(desk.provider), Level::Info, "settings removed".to_owned(), None, None).await?;
        self.settings(desk).await
    }

    async fn test(&self, desk: &Desk) -> Result<TestReport> {
        let connected = desk.state().integration(desk.provider)?;
        let report = connected.test_connection().await?;
        let (level, message) = match &report.identity {
            Some(identity) => (Level::Success, format!("connection tested: works, as {identity}")),
            None => (Level::Error, format!("connection tested: {}", report.message.as_deref().unwrap_or("fails"))),
        };
        self.note(Some(desk.provider), level, message, None, None).await?;
        {
            let mut state = desk.state();
            // Other settings may have come into force meanwhile.
            if state.uses(&connected) {
                state.standing.tested_at = Some(self.clock.now_utc());
                state.standing.identity.clone_from(&report.identity);
                state.standing.health = Some(Health::tested(&report));
            }
        }
        if report.is_connected() {
            self.count(desk, &connected).await;
        }
        self.keep_standing(desk).await?;
        Ok(TestReport::new(desk.provider, &report))
    }

    /// The settings in force, and where they come from; or why those that are kept cannot be opened.
    async fn values(&self, provider: &'static Provider) -> Result<Result<(Values, Source)>> {
        let sealed = self.store.settings(provider.id).await?;
        if !sealed.is_empty() {
            let open = |(name, value): (String, Vec<u8>)| {
                let text = self.vault.open(&place(provider, &name), &value)?;
                Ok((name, text))
            };
            let opened: Result<BTreeMap<_, _>> = sealed.into_iter().map(open).collect();
            return Ok(opened.map(|opened| (Values::from_kept(provider, opened), Source::Stored)));
        }
        let values = self.vars.as_ref().map(|vars| Values::from_vars(provider, Vars::new(&**vars)));
        Ok(Ok(match values {
            Some(values) if values.names_a_secret(provider) => (values, Source::Environment),
            _ => (Values::default(), Source::None),
        }))
    }

    /// Keeps these settings, and begins anew with them.
    async fn keep(&self, desk: &Desk, values: &Values) -> Result<()> {
        let mut sealed = BTreeMap::new();
        if !values.is_empty() {
            for (name, value) in values.to_keep() {
                let value = self.vault.seal(&place(desk.provider, &name), value.expose_secret())?;
                sealed.insert(name, value);
            }
        }
        self.store.keep_settings(desk.provider.id, sealed).await?;
        self.connect(desk, true).await?;
        self.keep_standing(desk).await
    }

    fn connected(&self, desk: &Desk, values: &Values, observer: Arc<dyn Observer>) -> Result<Arc<dyn Integration>> {
        let lookup = |name: &str| values.get(desk.provider, name);
        let parts = Parts { vars: Vars::new(&lookup), observer, links: Arc::clone(&self.links) };
        (desk.provider.connect)(&parts).map_err(|error| named(desk.provider, error))
    }

    /// Connects a desk by the settings in force. What is wrong with them stands on its card. What was counted with
    /// others is forgotten, as it is for whoever wants to begin anew.
    pub(super) async fn connect(&self, desk: &Desk, anew: bool) -> Result<()> {
        desk.meter.turn_over();
        let values = self.values(desk.provider).await?;
        let known = values.as_ref().ok().filter(|(_, source)| *source != Source::None);
        let contract = known.and_then(|(values, _)| values.contract_label(desk.provider));
        let (integration, source, refused, account) = match values {
            Ok((values, Source::None)) => {
                let links = Arc::clone(&self.sample_links);
                let sample = self.fallback.as_ref().and_then(|make| make(desk.provider, desk.meter.watcher(), links));
                let source = if sample.is_some() { Source::Sample } else { Source::None };
                (sample, source, None, Some(values.account(desk.provider, source)))
            }
            Ok((values, source)) => {
                let account = Some(values.account(desk.provider, source));
                match self.connected(desk, &values, desk.meter.watcher()) {
                    Ok(integration) => (Some(integration), source, None, account),
                    Err(error) => (None, source, Some(error), account),
                }
            }
            // With the right key, everything is there again.
            Err(error) => (None, Source::Stored, Some(error), None),
        };
        if let Some(account) = account {
            self.begin_account(desk, account, anew);
        }
        if integration.is_some() && self.store.keep_world(desk.provider.id, source == Source::Sample).await? {
            self.feed.tell(&Update::Charts);
        }
        {
            let mut state = desk.state();
            state.take(integration, source, refused);
            state.contract = contract;
        }
        self.beat.notify_one();
        Ok(())
    }

    /// What is known of another account is forgotten.
    pub(super) fn begin_account(&self, desk: &Desk, account: String, anew: bool) {
        let mut state = desk.state();
        if anew || account != state.standing.account {
            desk.meter.clear();
            state.standing = Standing { account, since: Some(self.clock.now_utc()), ..Standing::default() };
            state.long_quotas.clear();
        }
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
        if !state.uses(integration) {
            return;
        }
        if let Ok(quotas) = quotas {
            state.long_quotas = quotas;
        }
        if let Ok(counts) = counted {
            state.standing.counts = with_data.into_iter().chain(counts).collect();
            state.standing.counted_at = Some(self.clock.now_utc());
        }
    }
}

/// What a sealed value is sealed as.
fn place(provider: &Provider, name: &str) -> String {
    format!("{}/{name}", provider.id)
}

/// A builder calls settings by the names of its methods, and advises who calls them; people see names of variables.
fn named(provider: &Provider, error: Error) -> Error {
    let method = error.field().map(|field| format!("_{field}"));
    let field = method
        .and_then(|method| provider.fields.iter().find(|field| field.name.to_ascii_lowercase().ends_with(&method)));
    let error = match field {
        Some(field) => error.with_field(field.name),
        None => error,
    };
    if error.hint().is_some_and(|hint| hint.contains("allow_insecure_http")) {
        return error.with_hint("use https; plain http is for this machine alone");
    }
    error
}
