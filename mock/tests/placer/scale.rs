//! A thousand reports as fast as the quotas permit, and not one of them twice.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use connectors_core::testing::VirtualClock;
use connectors_core::{BoxFuture, RateLimits};
use connectors_mock::{Fault, MockPlacer, MockPlacerBuilder};
use connectors_placer::{Granularity, PlacerClient, Reports, VenueId, WeeklyQuota, strict_limits};
use futures_util::future::join_all;
use futures_util::{StreamExt, stream};

use super::{id, last_days};

const HOURS: &str = "reports.visits.hours";
const DAYS: &str = "reports.visits.days";
const DWELL: &str = "reports.visits.dwell_time";
const SINGLE: &str = "reports.visits.trends_single";
const LOYALTY: &str = "reports.loyalty.visits_frequency";
const METRICS: &str = "reports.visits.metrics";
const TRENDS: &str = "reports.visits.trends";

/// Enough to use up the quota while others are computed.
const AT_A_TIME: usize = 60;

/// Longer than the quotas need for all of it.
const PATIENCE: Duration = Duration::from_secs(24 * 3600);

fn stores(count: usize) -> Vec<VenueId> {
    (1..=count).map(|n| id(&format!("venue:{n:024x}"))).collect()
}

struct Run {
    mock: MockPlacer,
    clock: VirtualClock,
}

impl Run {
    fn new(change: impl FnOnce(MockPlacerBuilder) -> MockPlacerBuilder) -> Self {
        let clock = VirtualClock::default();
        let builder = MockPlacer::builder().corner_stores(200).clock(Arc::new(clock.clone()));
        Self { mock: change(builder).build().unwrap(), clock }
    }

    /// One of five kinds of report on each of 200 places.
    async fn singles(&self) {
        let reports = self.mock.client().reports();
        let kinds: [fn(&Reports, VenueId) -> BoxFuture<bool>; 5] = [
            |reports, store| {
                let report = reports.visits().hours(store, last_days(28)).timeout(PATIENCE);
                Box::pin(async move { report.await.unwrap().found().is_some() })
            },
            |reports, store| {
                let report = reports.visits().days(store, last_days(28)).timeout(PATIENCE);
                Box::pin(async move { report.await.unwrap().found().is_some() })
            },
            |reports, store| {
                let report = reports.visits().dwell_time(store, last_days(28)).timeout(PATIENCE);
                Box::pin(async move { report.await.unwrap().found().is_some() })
            },
            |reports, store| {
                let report = reports.visits().trends_single(store, last_days(28), Granularity::Day).timeout(PATIENCE);
                Box::pin(async move { report.await.unwrap().found().is_some() })
            },
            |reports, store| {
                let report = reports.loyalty().visits_frequency(store, last_days(28)).timeout(PATIENCE);
                Box::pin(async move { report.await.unwrap().found().is_some() })
            },
        ];
        let all = stores(200).into_iter().flat_map(|store| kinds.map(|kind| kind(&reports, store.clone())));
        let found: Vec<bool> = stream::iter(all).buffer_unordered(AT_A_TIME).collect().await;
        assert_eq!(found.into_iter().filter(|found| *found).count(), 1000);
    }

    /// Nothing was refused, and each place stands in one finished report of each kind.
    fn assert_once(&self, kinds: [&str; 5]) {
        let mut finished = BTreeMap::<(&str, String), u32>::new();
        for entry in self.mock.backend().journal() {
            let status = entry.status.unwrap();
            assert!(status == 200 || status == 202, "{status}");
            let body = entry.json::<serde_json::Value>();
            let ids = body["apiIds"].as_array().cloned().unwrap_or_else(|| vec![body["apiId"].clone()]);
            for id in ids.into_iter().filter(|_| status == 200) {
                *finished.entry((entry.operation.unwrap(), id.as_str().unwrap().to_owned())).or_default() += 1;
            }
        }
        assert!(finished.values().all(|count| *count == 1), "some report was fetched twice");
        for kind in kinds {
            assert_eq!(finished.keys().filter(|(operation, _)| *operation == kind).count(), 200, "{kind}");
        }
    }

    /// Against the earliest time at which the windows of these limits permit as many requests, the polls among them.
    fn assert_fast(&self, limits: &RateLimits, latency: Duration) {
        let requests = u32::try_from(self.mock.backend().journal().len()).unwrap();
        let floors = limits.windows().map(|window| window.per * (requests.div_ceil(window.limit) - 1));
        let floor = floors.max().unwrap() + latency;
        let ratio = self.clock.elapsed().as_secs_f64() / floor.as_secs_f64();
        assert!(ratio <= 1.02, "{requests} requests took {:?} instead of {floor:?}", self.clock.elapsed());
    }
}

/// What the fake enforces on reports.
fn enforced() -> RateLimits {
    RateLimits::none().window("*", 10, Duration::from_secs(1)).window("reports", 5000, Duration::from_secs(3600))
}

#[tokio::test]
async fn a_thousand_reports_take_as_long_as_the_quotas_demand() {
    let run = Run::new(|mock| mock.polls(1));
    run.mock.backend().latency(Duration::from_millis(120));
    run.singles().await;
    run.assert_once([HOURS, DAYS, DWELL, SINGLE, LOYALTY]);
    assert_eq!(run.mock.backend().journal().len(), 2000);
    run.assert_fast(&enforced(), Duration::from_millis(120));
}

#[tokio::test]
async fn nor_does_jitter_cost_time_or_refusals() {
    let run = Run::new(|mock| mock.polls(1));
    let mut random = fastrand::Rng::with_seed(5);
    for operation in [HOURS, DAYS, DWELL, SINGLE, LOYALTY] {
        let slow = (0..400).map(|_| Fault::Slow(Duration::from_millis(random.u64(40..350))));
        run.mock.backend().script(operation, slow.collect::<Vec<_>>());
    }
    run.singles().await;
    run.assert_once([HOURS, DAYS, DWELL, SINGLE, LOYALTY]);
    run.assert_fast(&enforced(), Duration::from_millis(40));
}

#[tokio::test]
async fn published_times_of_computing_cost_polls_and_no_more() {
    let run = Run::new(MockPlacerBuilder::compute_times);
    run.mock.backend().latency(Duration::from_millis(80));
    run.singles().await;
    run.assert_once([HOURS, DAYS, DWELL, SINGLE, LOYALTY]);
    run.assert_fast(&enforced(), Duration::from_millis(80));
    assert_eq!(run.mock.backend().journal().len(), 2000, "computed meanwhile: nobody polls in vain");
}

#[tokio::test]
async fn bulk_reports_need_a_fraction_of_the_requests() {
    let run = Run::new(|mock| mock.polls(1));
    run.mock.backend().latency(Duration::from_millis(120));
    let visits = run.mock.client().reports().visits();
    let singles = stores(200).into_iter().map(|store| {
        let hours = visits.hours(store.clone(), last_days(28)).timeout(PATIENCE).send();
        let days = visits.days(store.clone(), last_days(28)).timeout(PATIENCE).send();
        let dwell = visits.dwell_time(store, last_days(28)).timeout(PATIENCE).send();
        async move {
            let (hours, days, dwell) = tokio::join!(hours, days, dwell);
            hours.is_ok() && days.is_ok() && dwell.is_ok()
        }
    });
    let (metrics, trends, singles) = tokio::join!(
        visits.metrics(stores(200), last_days(28)),
        visits.trends(stores(200), last_days(28), Granularity::Day),
        join_all(singles)
    );
    assert_eq!((metrics.unwrap().found.len(), trends.unwrap().found.len()), (200, 200));
    assert!(singles.into_iter().all(|well| well));
    run.assert_once([METRICS, TRENDS, HOURS, DAYS, DWELL]);
    assert_eq!(run.mock.backend().journal().len(), 2 * (2 + 10 + 600));
    run.assert_fast(&enforced(), Duration::from_millis(120));
}

#[tokio::test]
async fn stricter_contracts_are_kept_as_well() {
    let quota = WeeklyQuota::new().calls(10_000).places(250);
    let run = Run::new(|mock| mock.polls(1).client(|client| client.limits(strict_limits()).weekly_quota(quota)));
    run.mock.backend().quotas(strict_limits());
    run.mock.backend().latency(Duration::from_millis(120));
    let client: &PlacerClient = run.mock.client();
    let hours = stores(60)
        .into_iter()
        .map(|store| client.reports().visits().hours(store, last_days(28)).timeout(PATIENCE).send());
    assert!(join_all(hours).await.into_iter().all(|hours| hours.is_ok()));
    let journal = run.mock.backend().journal();
    assert!(journal.iter().all(|entry| entry.status.is_some_and(|status| status != 429)));
    assert_eq!(journal.len(), 121, "two for each, and one for how much is left");
    run.assert_fast(&strict_limits(), Duration::from_millis(120));
}
