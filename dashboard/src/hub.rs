//! The hub: everything that the page and the API do.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use chrono::{DateTime, Utc};
use connectors_core::provider::Vars;
use connectors_core::{Clock, Error, ErrorKind, LinkStore, Observer, Result, SystemClock};
use secrecy::ExposeSecret;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::campaigns::CampaignSource;
use crate::desk::{Desk, Health, Standing};
use crate::feed::{Feed, Watch};
use crate::meter::Meter;
use crate::model::{Activity, Card, Charts, Count, DayValue, Failure, Level, Settings, Source, TestReport, Update};
use crate::provider::{Integration, Parts, Provider};
use crate::run::Chart;
use crate::settings::{SettingsChange, Values};
use crate::store::{self, SqliteLinkStore, Store};
use crate::vault::Vault;

/// What was counted is told this often at the most.
const BEAT: Duration = Duration::from_millis(200);

/// So many errors stand on a card.
const CARD_ERRORS: u32 = 10;

/// So many syncs stand in the chart.
const CHART_SYNCS: u32 = 30;

/// The most that a list gives at a time.
pub(crate) const PAGE: u32 = 200;

type Lookup = Arc<dyn Fn(&str) -> Option<String> + Send + std::marker::Sync>;

/// Offers an integration for a provider that has no settings: sample data, for instance.
type Fallback = Arc<
    dyn Fn(&'static Provider, Arc<dyn Observer>, Arc<dyn LinkStore>) -> Option<Arc<dyn Integration>>
        + Send
        + std::marker::Sync,
>;

/// Everything that the page shows and does. Clones are handles to the same hub.
#[derive(Clone)]
pub struct IntegrationHub(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) store: Store,
    /// Rung when there is something to tell.
    pub(crate) beat: Arc<Notify>,
    vault: Vault,
    pub(crate) feed: Arc<Feed>,
    links: Arc<dyn LinkStore>,
    pub(crate) campaigns: Arc<dyn CampaignSource>,
    vars: Option<Lookup>,
    fallback: Option<Fallback>,
    pub(crate) desks: Vec<Desk>,
    pub(crate) tasks: TaskTracker,
    pub(crate) closing: CancellationToken,
    /// One change of settings at a time.
    changing: tokio::sync::Mutex<()>,
}

/// Sets up an [`IntegrationHub`].
pub struct HubBuilder {
    store: Store,
    campaigns: Arc<dyn CampaignSource>,
    clock: Arc<dyn Clock>,
    vault: Option<Vault>,
    vars: Option<Lookup>,
    fallback: Option<Fallback>,
    given: Mutex<BTreeMap<&'static str, Arc<dyn Integration>>>,
    meters: BTreeMap<&'static str, Arc<Meter>>,
    beat: Arc<Notify>,
    links: Arc<dyn LinkStore>,
}

impl HubBuilder {
    /// Takes the time from this clock. Before anything else: what watches the clients takes it, too.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.meters = meters(&clock, &self.beat);
        self.clock = clock;
        self
    }

    /// Seals settings with this key; without it, those entered are forgotten with the program.
    pub fn vault(mut self, vault: Vault) -> Self {
        self.vault = Some(vault);
        self
    }

    /// Looks up settings that nobody has entered: `|name| std::env::var(name).ok()`.
    pub fn vars(mut self, lookup: impl Fn(&str) -> Option<String> + Send + std::marker::Sync + 'static) -> Self {
        self.vars = Some(Arc::new(lookup));
        self
    }

    /// Offers sample data for what is not set up.
    pub fn fallback(
        mut self,
        make: impl Fn(&'static Provider, Arc<dyn Observer>, Arc<dyn LinkStore>) -> Option<Arc<dyn Integration>>
        + Send
        + std::marker::Sync
        + 'static,
    ) -> Self {
        self.fallback = Some(Arc::new(make));
        self
    }

    /// Uses what the application has made itself. Its settings cannot be changed on the page.
    pub fn integration(self, integration: Arc<dyn Integration>) -> Self {
        if let Ok(mut given) = self.given.lock() {
            given.insert(integration.provider().id, integration);
        }
        self
    }

    /// The observer for the clients of a provider that the application makes itself: for their builder.
    pub fn observer(&self, provider: &'static Provider) -> Arc<dyn Observer> {
        match self.meters.get(provider.id) {
            Some(meter) => Arc::clone(meter) as _,
            None => Arc::new(Meter::new(Arc::clone(&self.clock), Arc::clone(&self.beat))),
        }
    }

    /// The link store for clients that the application makes itself.
    pub fn link_store(&self) -> Arc<dyn LinkStore> {
        Arc::clone(&self.links)
    }

    /// The hub. What a program before this one left undone is noted as interrupted. Needs a tokio runtime.
    pub async fn build(self) -> Result<IntegrationHub> {
        let Self { store, campaigns, clock, vault, vars, fallback, given, meters, beat, links } = self;
        let vault = vault.map_or_else(Vault::ephemeral, Ok)?;
        let mut given = given.into_inner().unwrap_or_default();
        let mut desks = Vec::new();
        for provider in Provider::ALL {
            let standing: Standing = store.standing(provider.id.to_owned()).await?.unwrap_or_default();
            let Some(meter) = meters.get(provider.id) else { continue };
            meter.begin_with(standing.traffic);
            desks.push(Desk::new(provider, Arc::clone(meter), standing));
        }
        let epoch = u64::try_from(clock.now_utc().timestamp_micros()).unwrap_or_default();
        let inner = Arc::new(Inner {
            feed: Arc::new(Feed::new(epoch)),
            tasks: TaskTracker::new(),
            closing: CancellationToken::new(),
            changing: tokio::sync::Mutex::default(),
            clock,
            store,
            beat,
            vault,
            links,
            campaigns,
            vars,
            fallback,
            desks,
        });
        for desk in &inner.desks {
            if let Some(integration) = given.remove(desk.provider.id) {
                desk.state().take(Some(integration), Source::Application, None);
            } else {
                inner.connect(desk).await;
            }
        }
        let writes = Provider::ALL.into_iter().filter(|provider| provider.writes).map(|provider| provider.id);
        for sync in inner.store.interrupt_syncs(writes.collect()).await? {
            if let Some(sync) = inner.store.sync(sync).await? {
                let desk = inner.desk(sync.integration)?;
                let message = format!("sync {} was interrupted: the program ended before it did", sync.id);
                inner.note(Some(desk.provider), Level::Warning, message, None, Some(sync.id)).await?;
            }
        }
        inner.tasks.spawn(pulse(Arc::downgrade(&inner), Arc::clone(&inner.beat), inner.closing.clone()));
        Ok(IntegrationHub(inner))
    }
}

fn meters(clock: &Arc<dyn Clock>, beat: &Arc<Notify>) -> BTreeMap<&'static str, Arc<Meter>> {
    let meter = || Arc::new(Meter::new(Arc::clone(clock), Arc::clone(beat)));
    Provider::ALL.into_iter().map(|provider| (provider.id, meter())).collect()
}

impl fmt::Debug for HubBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HubBuilder").finish_non_exhaustive()
    }
}

impl IntegrationHub {
    /// A hub that keeps what it knows in `store`, and syncs the campaign of `campaigns`.
    pub fn builder(store: Store, campaigns: Arc<dyn CampaignSource>) -> HubBuilder {
        let (clock, beat): (Arc<dyn Clock>, _) = (Arc::new(SystemClock), Arc::new(Notify::new()));
        HubBuilder {
            links: Arc::new(SqliteLinkStore::new(store.clone())),
            store,
            campaigns,
            meters: meters(&clock, &beat),
            clock,
            vault: None,
            vars: None,
            fallback: None,
            given: Mutex::default(),
            beat,
        }
    }

    /// The cards of all integrations, in the order to show them.
    pub async fn cards(&self) -> Result<Vec<Card>> {
        let mut cards = Vec::new();
        for desk in &self.0.desks {
            cards.push(self.0.card(desk).await?);
        }
        Ok(cards)
    }

    /// The card of one integration.
    pub async fn card(&self, integration: &str) -> Result<Card> {
        self.0.card(self.0.desk(integration)?).await
    }

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

    /// Errors of an integration, the newest first: before that number, 200 at the most.
    pub async fn failures(&self, integration: &str, before: Option<i64>, limit: u32) -> Result<Vec<Failure>> {
        let desk = self.0.desk(integration)?;
        self.0.failures(desk.provider, before, limit.min(PAGE)).await
    }

    /// What happened, the newest first: before and after those numbers, 200 at the most.
    pub async fn activity(
        &self,
        integration: Option<&str>,
        before: Option<i64>,
        after: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Activity>> {
        let integration = integration.map(|id| self.0.desk(id)).transpose()?.map(|desk| desk.provider.id);
        let kept = self.0.store.activities(integration, before, after, limit.min(PAGE)).await?;
        kept.into_iter().map(|(id, of, text)| Activity::parsed(id, of.as_deref(), &text)).collect()
    }

    /// The figures behind the charts.
    pub async fn charts(&self) -> Result<Charts> {
        let store = &self.0.store;
        let days = |values: Vec<(String, u64)>| {
            let day = |(x, value): (String, u64)| Some(DayValue::new(x.parse().ok()?, value));
            values.into_iter().filter_map(day).collect()
        };
        let hours = store.series(Chart::FootfallByHour.name()).await?;
        let mut footfall_by_hour = vec![0; if hours.is_empty() { 0 } else { 24 }];
        for (hour, visits) in hours {
            if let Some(sum) = hour.parse().ok().and_then(|hour: usize| footfall_by_hour.get_mut(hour)) {
                *sum = visits;
            }
        }
        let mut syncs = store.syncs(None, None, true, CHART_SYNCS).await?;
        syncs.reverse();
        Ok(Charts {
            footfall_by_day: days(store.series(Chart::FootfallByDay.name()).await?),
            footfall_by_hour,
            scans_by_day: days(store.series(Chart::ScansByDay.name()).await?),
            syncs,
        })
    }

    /// Watches what changes: from now on, or from after the update with this epoch and number.
    pub fn watch(&self, last: Option<(u64, u64)>) -> Watch {
        self.0.feed.watch(last)
    }

    /// Tells all syncs to stop, and waits until what is under way has come to its end.
    pub async fn close(&self) {
        self.0.closing.cancel();
        for desk in &self.0.desks {
            if let Some(running) = &desk.state().running {
                running.cancelled.cancel();
            }
        }
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }
}

impl fmt::Debug for IntegrationHub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IntegrationHub")
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Inner")
    }
}

impl Inner {
    pub(crate) fn desk(&self, integration: &str) -> Result<&Desk> {
        let known = || self.desks.iter().map(|desk| desk.provider.id).collect::<Vec<_>>().join(", ");
        self.desks.iter().find(|desk| desk.provider.id == integration).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, "there is no such integration").with_hint(format!("there are {}", known()))
        })
    }

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
    async fn connect(&self, desk: &Desk) {
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

    async fn card(&self, desk: &Desk) -> Result<Card> {
        let provider = desk.provider;
        let running = desk.state().running.as_ref().and_then(|running| running.sync);
        let running = match running {
            Some(sync) => self.store.sync(sync).await?,
            None => None,
        };
        let last_sync = self.store.syncs(Some(provider.id), None, true, 1).await?.pop();
        let errors = self.failures(provider, None, CARD_ERRORS).await?;
        let state = desk.state();
        let Health { status, reason, hint } = state.judged(last_sync.as_ref());
        let mut quotas = desk.meter.quotas();
        quotas.extend(state.long_quotas.iter().cloned());
        Ok(Card {
            id: provider.id,
            name: provider.name,
            status,
            reason,
            hint,
            source: state.source,
            identity: state.standing.identity.clone(),
            tested_at: state.standing.tested_at,
            counts: state.standing.counts.clone(),
            counted_at: state.standing.counted_at,
            running,
            last_sync,
            errors,
            traffic: desk.meter.traffic(),
            quotas,
        })
    }

    async fn failures(&self, provider: &'static Provider, before: Option<i64>, limit: u32) -> Result<Vec<Failure>> {
        let kept = self.store.failures(provider.id, before, limit).await?;
        kept.into_iter().map(|(id, text)| Failure::parsed(id, provider, &text)).collect()
    }

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
async fn pulse(hub: Weak<Inner>, beat: Arc<Notify>, closing: CancellationToken) {
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
