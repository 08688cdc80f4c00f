//! Reports that outlive the client.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use connectors_core::testing::VirtualClock;
use connectors_core::{CacheOutcome, CachePolicy, Clock, Error, ErrorKind, Result};
use connectors_mock::placer::{FakeVenue, Oddity, Standing};
use connectors_mock::{Backend, FakePlacer, InProcess, MockPlacer};
use connectors_placer::{
    AggregateRequest, CustomPoiArea, CustomPoiUpdate, MemoryReportStore, NewCustomPoi, PlacerBuilder, PlacerClient,
    PlacerService, Point, ReportStore, StoreKey, StoredReport,
};

use super::{id, last_days, venue, week_at_all};

const METRICS: &str = "reports.visits.metrics";

/// Another client of the same provider, as a program that is started later.
fn client(backend: &Backend, change: impl FnOnce(PlacerBuilder) -> PlacerBuilder) -> PlacerClient {
    let builder = PlacerClient::builder()
        .api_key(FakePlacer::KEY)
        .api_url("https://placer.test")
        .transport(Arc::new(InProcess::new(backend.clone())))
        .clock(backend.clock().clone());
    change(builder).build().unwrap()
}

fn memory() -> Arc<MemoryReportStore> {
    Arc::new(MemoryReportStore::new(1 << 20))
}

#[tokio::test]
async fn a_second_client_asks_for_nothing() {
    let store = memory();
    let mock = MockPlacer::builder().client(|client| client.report_store(store.clone())).build().unwrap();
    let first = mock.aggregate_footfall(week_at_all()).await.unwrap();
    let sent = mock.backend().journal().len();
    mock.backend().advance(Duration::from_secs(600));
    let second = client(mock.backend(), |client| client.report_store(store.clone()));
    assert_eq!(second.estimate(&week_at_all()).await.unwrap().calls, 0);
    let answer = second.aggregate_footfall(week_at_all()).await.unwrap();
    assert_eq!((answer.cost.calls, answer.cost.cached, mock.backend().journal().len()), (0, 10, sent));
    assert_eq!(answer.by_venue[3].rows, first.by_venue[3].rows);
    let trends = second.reports().visits().hours(venue(0), last_days(28)).send_once().await.unwrap();
    assert!(trends.ready().is_none(), "what was not asked for is not there");
}

#[tokio::test]
async fn a_stored_report_is_as_old_as_it_is() {
    let (store, clock) = (memory(), VirtualClock::default());
    let mock = MockPlacer::builder().polls(0).clock(Arc::new(clock.clone())).build().unwrap();
    let new_client = || client(mock.backend(), |client| client.report_store(store.clone()));
    let hours = |client: PlacerClient| client.reports().visits().hours(venue(0), last_days(7)).send();
    hours(new_client()).await.unwrap();
    clock.advance(Duration::from_secs(3000));
    let answer = hours(new_client()).await.unwrap();
    let meta = answer.meta();
    assert_eq!((meta.attempts, meta.cache, meta.age.as_secs()), (0, Some(CacheOutcome::Hit), 3000));
    let second = new_client();
    hours(second.clone()).await.unwrap();
    clock.advance(Duration::from_secs(700));
    assert_eq!(hours(second).await.unwrap().meta().attempts, 1, "the cache does not make it younger");
    assert_eq!(hours(new_client()).await.unwrap().meta().attempts, 0);
    clock.advance(Duration::from_secs(3700));
    assert_eq!(hours(new_client()).await.unwrap().meta().attempts, 1);
}

#[tokio::test]
async fn only_complete_reports_are_kept() {
    let store = memory();
    let quiet = "venue:0000000000000000000000aa";
    let mock = MockPlacer::builder()
        .polls(0)
        .venue(FakeVenue::new(quiet, "Quiet").standing(Standing::NoData))
        .client(|client| client.report_store(store.clone()).timeout(Duration::from_secs(5)))
        .build()
        .unwrap();
    mock.fake().oddities(METRICS, [Oddity::PartlyPending; 20]);
    let venues = [venue(0), venue(1), id(quiet), id("venue:0000000000000000000fffff")];
    let report = mock.client().reports().visits().metrics(venues, last_days(7)).await.unwrap();
    assert_eq!((report.found.len(), store.len()), (1, 1), "{report:?}");
    let bypass = mock.client().reports().visits().days(venue(0), last_days(7)).cache(CachePolicy::Bypass);
    bypass.await.unwrap();
    mock.client().reports().visits().days(venue(0), last_days(7)).ttl(Duration::ZERO).await.unwrap();
    assert_eq!(store.len(), 1);
    mock.client().reports().visits().days(venue(0), last_days(7)).cache(CachePolicy::Refresh).await.unwrap();
    assert_eq!(store.len(), 2);
}

#[tokio::test]
async fn accounts_do_not_mix_and_no_key_is_told() {
    let store = memory();
    let spy = Arc::new(Spy::default());
    let mock = MockPlacer::builder().polls(0).build().unwrap();
    let first = client(mock.backend(), |client| client.report_store(store.clone()));
    first.reports().visits().hours(venue(0), last_days(7)).await.unwrap();
    let other = client(mock.backend(), |client| client.api_key("another-key").report_store(store.clone()));
    let error = other.reports().visits().hours(venue(0), last_days(7)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth, "it is not given what the first one paid for");
    let elsewhere = client(mock.backend(), |client| client.api_url("https://other.test").report_store(store.clone()));
    elsewhere.reports().visits().hours(venue(0), last_days(7)).await.unwrap();
    assert_eq!((mock.backend().journal().len(), store.len()), (3, 2));
    first.replace_api_key("another-key").unwrap();
    first.clear_cache();
    assert!(first.reports().visits().hours(venue(0), last_days(7)).await.is_err());

    let spied = client(mock.backend(), |client| client.report_store(spy.clone()));
    spied.reports().visits().hours(venue(0), last_days(7)).await.unwrap();
    let seen = spy.seen.lock().unwrap().join(" ");
    assert!(!seen.contains(FakePlacer::KEY) && !seen.contains(venue(0).as_str()), "{seen}");
    assert!(format!("{spied:?}").contains("Spy") && !format!("{spied:?}").contains(FakePlacer::KEY));
}

/// Fails, or hangs, and remembers the keys.
#[derive(Debug, Default)]
struct Spy {
    hangs: AtomicBool,
    seen: Mutex<Vec<String>>,
}

impl Spy {
    async fn fail<T>(&self, key: &StoreKey) -> Result<T> {
        self.seen.lock().unwrap().push(key.to_string());
        if self.hangs.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        Err(Error::new(ErrorKind::Storage, "the disk is full"))
    }
}

#[async_trait]
impl ReportStore for Spy {
    async fn get(&self, key: &StoreKey) -> Result<Option<StoredReport>> {
        self.fail(key).await
    }

    async fn put(&self, key: &StoreKey, _: StoredReport) -> Result<()> {
        self.fail(key).await
    }

    async fn remove(&self, key: &StoreKey) -> Result<()> {
        self.fail(key).await
    }

    async fn clear(&self) -> Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_sick_store_costs_calls_and_no_answers() {
    for hangs in [false, true] {
        let spy = Arc::new(Spy::default());
        spy.hangs.store(hangs, Ordering::Relaxed);
        let mock = MockPlacer::builder().polls(0).client(|client| client.report_store(spy.clone())).build().unwrap();
        // A deadline alone does not make the virtual time pass.
        let clock = mock.backend().clock().clone();
        let ticking = tokio::spawn(async move {
            loop {
                clock.sleep(Duration::from_secs(1)).await;
            }
        });
        let request = AggregateRequest::new(vec![venue(0), venue(1)], last_days(7));
        let all = mock.aggregate_footfall(request).await.unwrap();
        assert_eq!((all.by_venue.len(), all.cost.calls), (2, 1), "{hangs}");
        assert_eq!(spy.seen.lock().unwrap().len(), 4);
        ticking.abort();
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_asked_for_again() {
    let store = memory();
    let mock = MockPlacer::builder().polls(0).client(|client| client.report_store(store.clone())).build().unwrap();
    let spy = Arc::new(Spy::default());
    mock.client().reports().visits().hours(venue(0), last_days(7)).await.unwrap();
    let same = client(mock.backend(), |client| client.report_store(spy.clone()));
    same.reports().visits().hours(venue(0), last_days(7)).await.unwrap();
    let now = mock.backend().clock().now_utc();
    let damaged = StoredReport::new(r#"{"venue":7}"#, now, now + Duration::from_secs(60));
    let key = find_key(&store, &spy).await;
    store.put(&key, damaged).await.unwrap();
    let third = client(mock.backend(), |client| client.report_store(store.clone()));
    assert_eq!(third.reports().visits().hours(venue(0), last_days(7)).send().await.unwrap().meta().attempts, 1);
    assert!(store.get(&key).await.unwrap().is_some_and(|report| report.json.contains("hours")), "and put in its place");
}

/// The key under which the store has what the spy was asked for.
async fn find_key(store: &MemoryReportStore, spy: &Spy) -> StoreKey {
    let seen = spy.seen.lock().unwrap().clone();
    for text in seen {
        let key: StoreKey = text.parse().unwrap();
        if store.get(&key).await.unwrap().is_some() {
            return key;
        }
    }
    panic!("the keys differ");
}

#[tokio::test]
async fn a_store_in_memory_is_bounded() {
    let store = MemoryReportStore::new(1000);
    let now = VirtualClock::default().now_utc();
    let key = |n: usize| format!("{n:064x}").parse::<StoreKey>().unwrap();
    for n in 0..20 {
        store.put(&key(n), StoredReport::new("x".repeat(136), now, now)).await.unwrap();
        store.put(&key(n), StoredReport::new("y".repeat(136), now, now)).await.unwrap();
    }
    assert_eq!(store.len(), 5);
    assert!(store.get(&key(14)).await.unwrap().is_none() && store.get(&key(15)).await.unwrap().is_some());
    store.put(&key(99), StoredReport::new("z".repeat(2000), now, now)).await.unwrap();
    store.remove(&key(15)).await.unwrap();
    assert_eq!(store.len(), 4);
    store.clear().await.unwrap();
    assert!(store.is_empty());
}

#[tokio::test]
async fn a_store_that_hangs_is_waited_for_once() {
    let (spy, clock) = (Arc::new(Spy::default()), VirtualClock::default());
    spy.hangs.store(true, Ordering::Relaxed);
    let mock = MockPlacer::builder().polls(0).corner_stores(60).clock(Arc::new(clock.clone()));
    let mock = mock.client(|client| client.report_store(spy.clone())).build().unwrap();
    let ticking = tokio::spawn({
        let clock = clock.clone();
        async move {
            loop {
                clock.sleep(Duration::from_secs(1)).await;
            }
        }
    });
    let stores: Vec<_> = (1..=60).map(|n| id(&format!("venue:{n:024x}"))).collect();
    let report = mock.client().reports().visits().metrics(stores, last_days(7)).await.unwrap();
    assert_eq!((report.found.len(), mock.backend().journal().len()), (60, 1));
    assert!(clock.elapsed() < Duration::from_secs(13), "{:?}", clock.elapsed());
    ticking.abort();
}

#[tokio::test]
async fn what_was_kept_of_a_place_is_gone_with_its_area() {
    let (store, clock) = (memory(), VirtualClock::default());
    let mock = MockPlacer::builder().polls(0).clock(Arc::new(clock.clone())).build().unwrap();
    let new_client = || client(mock.backend(), |client| client.report_store(store.clone()));
    let attempts = async |client: &PlacerClient, place: &connectors_placer::VenueId| {
        clock.advance(Duration::from_secs(1));
        let days = client.reports().visits().days(place.clone(), last_days(7)).send().await.unwrap();
        days.meta().attempts
    };
    let first = new_client();
    let area = |radius| CustomPoiArea::circle(Point::new(42.3554, -71.0466), radius);
    let place = first.custom_pois().create(NewCustomPoi::new("Pier 4", "Plaza", area(0.1))).await.unwrap().api_id;
    assert_eq!((attempts(&first, &place).await, attempts(&new_client(), &place).await), (1, 0));
    first.custom_pois().update(&place, CustomPoiUpdate::new().area(area(0.2))).await.unwrap();
    assert_eq!(attempts(&new_client(), &place).await, 1, "that was another area");
    assert_eq!((attempts(&first, &place).await, attempts(&new_client(), &place).await), (0, 0));
}

#[tokio::test]
async fn a_refreshed_report_that_is_no_more_is_not_kept() {
    let store = memory();
    let mock = MockPlacer::builder().polls(0).client(|client| client.report_store(store.clone())).build().unwrap();
    let hours = || mock.client().reports().visits().hours(venue(0), last_days(7));
    assert!(hours().await.unwrap().found().is_some());
    mock.fake().oddities("reports.visits.hours", [Oddity::NoContent; 2]);
    assert!(hours().cache(CachePolicy::Refresh).await.unwrap().found().is_none());
    assert!(store.is_empty());
}
