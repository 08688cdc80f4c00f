//! A dashboard to be tested, and integrations that do as they are told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use axum::Router;
use chrono::{DateTime, Utc};
use connectors_core::testing::VirtualClock;
use connectors_core::{Clock, ConnectionReport, Result, Sleep, SystemClock};
use connectors_dashboard::model::Count;
use connectors_dashboard::{Change, Dashboard, Done, HubBuilder, Integration, IntegrationHub, Provider, Run};
use connectors_dashboard::{SampleWorld, Store};
use secrecy::SecretString;

use crate::browser::Browser;

/// The token of dashboards that have one.
pub const TOKEN: &str = "correct horse battery staple";

/// A dashboard, not served yet.
pub struct Site {
    pub hub: IntegrationHub,
    pub clock: Arc<VirtualClock>,
    pub router: Router,
}

impl Site {
    /// Over sample data, in virtual time, for this machine alone.
    pub async fn local() -> Self {
        Self::with(|builder| builder, |dashboard| dashboard).await
    }

    /// The same, with a token.
    pub async fn guarded() -> Self {
        Self::with(|builder| builder, |dashboard| dashboard.token(&TOKEN.into()).unwrap()).await
    }

    /// Set up otherwise.
    pub async fn with(
        hub: impl FnOnce(HubBuilder) -> HubBuilder,
        dashboard: impl FnOnce(Dashboard) -> Dashboard,
    ) -> Self {
        let clock = Arc::new(VirtualClock::default());
        let hub = hub(builder(clock.clone()).await).build().await.unwrap();
        let router = dashboard(Dashboard::new(hub.clone())).router();
        Self { hub, clock, router }
    }

    /// Somebody who has not asked for anything yet.
    pub fn stranger(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// Somebody with a session.
    pub async fn visitor(&self) -> Browser {
        let mut browser = self.stranger();
        browser.enter().await;
        browser
    }

    /// Somebody who has logged in.
    pub async fn logged_in(&self) -> Browser {
        let mut browser = self.stranger();
        assert_eq!(browser.log_in(TOKEN).await.status, 200);
        browser
    }

    pub fn pass(&self, time: Duration) {
        self.clock.advance(time);
    }
}

/// Over sample data.
pub async fn builder(clock: Arc<dyn Clock>) -> HubBuilder {
    let store = Store::in_memory().unwrap();
    let world = SampleWorld::open(store.clone(), clock.clone(), Duration::ZERO).await.unwrap();
    let samples = world.clone();
    IntegrationHub::builder(store, Arc::new(world))
        .clock(clock)
        .fallback(move |provider, observer, links| Some(samples.integration(provider, observer, links).unwrap()))
}

/// A hub in real time whose syncs are over at once.
pub async fn quick() -> IntegrationHub {
    let builder = builder(Arc::new(SystemClock)).await;
    let builder = Provider::ALL
        .into_iter()
        .fold(builder, |builder, provider| builder.integration(Arc::new(Scripted { provider, test: Test::Connects })));
    builder.build().await.unwrap()
}

/// What becomes of a connection test.
#[derive(Debug, Clone, Copy)]
pub enum Test {
    Connects,
    Hangs,
}

/// An integration without any service behind it.
#[derive(Debug)]
pub struct Scripted {
    pub provider: &'static Provider,
    pub test: Test,
}

#[async_trait]
impl Integration for Scripted {
    fn provider(&self) -> &'static Provider {
        self.provider
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        match self.test {
            Test::Connects => Ok(ConnectionReport::new(self.provider.id, Duration::ZERO, Ok("me".to_owned()))),
            Test::Hangs => std::future::pending().await,
        }
    }

    async fn counts(&self) -> Result<Vec<Count>> {
        Ok(vec![Count::new("events", 24)])
    }

    async fn sync(&self, run: &Run) -> Result<()> {
        run.each(8, |_| async { Ok(Done::new(Change::Unchanged)) }).await
    }
}

/// A secret of a test.
pub fn secret(text: &str) -> SecretString {
    text.into()
}

/// A clock that tells the time until it is broken: a defect for whoever asks it then.
#[derive(Debug, Default)]
pub struct Fragile {
    clock: VirtualClock,
    pub broken: AtomicBool,
}

impl Clock for Fragile {
    fn now(&self) -> Instant {
        assert!(!self.broken.load(Ordering::Relaxed), "with {TOKEN}");
        self.clock.now()
    }

    fn now_utc(&self) -> DateTime<Utc> {
        self.clock.now_utc()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.clock.sleep(duration)
    }

    fn deadline(&self, at: Instant) -> Sleep {
        self.clock.deadline(at)
    }
}

/// Somebody whose next request meets a defect.
pub async fn unlucky() -> Browser {
    let clock = Arc::new(Fragile::default());
    let hub = builder(clock.clone()).await.build().await.unwrap();
    let mut browser = Browser::new(Dashboard::new(hub).router());
    browser.enter().await;
    clock.broken.store(true, Ordering::Relaxed);
    browser
}
