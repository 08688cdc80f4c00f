//! Ten thousand events, and a program that dies half-way.

use std::collections::HashMap;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use connectors_core::testing::VirtualClock;
use connectors_core::{BulkOptions, CampaignId, Clock, EventId, MemoryLinkStore, RateLimits, Result};
use connectors_mock::MockQrTiger;
use connectors_qrtiger::{CodeOutcome, CreateMany, NewCode};

use crate::url;

const CONCURRENCY: usize = 16;
const LATENCY: Duration = Duration::from_millis(50);

struct Stage {
    mock: MockQrTiger,
    clock: VirtualClock,
}

impl Stage {
    fn new() -> Self {
        let clock = VirtualClock::default();
        let builder =
            MockQrTiger::builder().clock(Arc::new(clock.clone())).link_store(Arc::new(MemoryLinkStore::default()));
        let mock = builder.client(|client| client.limits(RateLimits::none())).build().unwrap();
        mock.backend().latency(LATENCY);
        // To make up a month of scans for each code takes longer than all the rest.
        mock.fake().be_quiet();
        Self { mock, clock }
    }

    fn work(&self, events: usize) -> CreateMany {
        let summer = CampaignId::new("summer").unwrap();
        let code = |n: usize| {
            let event = EventId::new(format!("e{n}")).unwrap();
            NewCode::link(url(&format!("https://example.com/{n}"))).event(&summer, &event)
        };
        let options = BulkOptions::default().concurrency(CONCURRENCY);
        self.mock.client().campaigns().create_many((0..events).map(code)).options(options)
    }

    /// Every event has one code, with its name.
    fn assert_complete(&self, events: usize) {
        let codes = self.mock.fake().codes();
        let names: HashMap<_, _> = codes.iter().map(|code| (&code.name, &code.destination)).collect();
        assert_eq!((codes.len(), names.len()), (events, events));
        assert!(names.keys().all(|name| name.starts_with("event:e")));
    }
}

#[tokio::test]
async fn ten_thousand_events_take_as_long_as_their_requests() -> Result<()> {
    let stage = Stage::new();
    let outcomes = stage.work(10_000).await?;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, CodeOutcome::Done(_))));
    stage.assert_complete(10_000);
    let floor = LATENCY * 2 * 10_000 / u32::try_from(CONCURRENCY).unwrap();
    let ratio = stage.clock.elapsed().as_secs_f64() / floor.as_secs_f64();
    assert!(ratio <= 1.05, "{:?} instead of {floor:?}", stage.clock.elapsed());
    Ok(())
}

#[tokio::test]
async fn a_run_that_dies_half_way_is_completed_by_the_next() -> Result<()> {
    const EVENTS: usize = 500;
    let stage = Stage::new();
    let half = LATENCY * 2 * 250 / u32::try_from(CONCURRENCY).unwrap() + LATENCY / 2;
    let killed = futures_util::future::select(stage.work(EVENTS).into_future(), stage.clock.sleep(half)).await;
    assert!(matches!(killed, futures_util::future::Either::Right(_)), "it was not killed");
    drop(killed);
    let made = stage.mock.fake().codes().len();
    assert!((200..EVENTS - 100).contains(&made), "{made}");
    let outcomes = stage.work(EVENTS).await?;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, CodeOutcome::Done(_))), "{outcomes:?}");
    stage.assert_complete(EVENTS);
    Ok(())
}
