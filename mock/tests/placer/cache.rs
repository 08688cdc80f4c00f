use std::sync::{Arc, Mutex};
use std::time::Duration;

use connectors_core::testing::VirtualClock;
use connectors_core::{CacheOutcome, CachePolicy, ErrorKind, Event, Observer};
use connectors_mock::placer::{FakeVenue, Standing};
use connectors_mock::{Fault, MockPlacer};
use connectors_placer::{AggregateRequest, FootfallRequest, MovementRequest, PlacerService};
use http::{HeaderName, HeaderValue};

use super::{BOTH, builder, id, last_days, venue, week_at};

fn asked(mock: &MockPlacer, number: usize) -> Vec<String> {
    let body = mock.backend().journal()[number].json::<serde_json::Value>();
    body["apiIds"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_answer_is_good_for_an_hour() {
    for contract in BOTH {
        let clock = VirtualClock::default();
        let mock = builder(contract).clock(Arc::new(clock.clone())).polls(0).build().unwrap();
        let calls = async || mock.footfall(week_at(0)).await.unwrap().cost.calls;
        assert_eq!(calls().await, 1);
        clock.advance(Duration::from_secs(3590));
        assert_eq!(calls().await, 0);
        clock.advance(Duration::from_secs(20));
        assert_eq!(calls().await, 1);
        mock.client().clear_cache();
        assert_eq!(calls().await, 1);
    }
}

#[tokio::test]
async fn the_time_can_be_chosen_by_client_and_by_call() {
    let clock = VirtualClock::default();
    let minute = Duration::from_secs(60);
    let mock = MockPlacer::builder().clock(Arc::new(clock.clone())).client(|c| c.cache_ttl(minute)).build().unwrap();
    mock.footfall(week_at(0)).await.unwrap();
    mock.footfall(week_at(1).ttl(minute * 10)).await.unwrap();
    clock.advance(minute * 2);
    assert_eq!(mock.footfall(week_at(0)).await.unwrap().cost.calls, 1);
    assert_eq!(mock.footfall(week_at(1)).await.unwrap().cost.calls, 0);
}

#[tokio::test]
async fn bulk_asks_only_for_what_is_missing() {
    let mock = MockPlacer::builder().polls(0).build().unwrap();
    mock.footfall(week_at(1)).await.unwrap();
    let request = AggregateRequest::new(vec![venue(2), venue(1), venue(0), venue(2)], last_days(7));
    let all = mock.aggregate_footfall(request).await.unwrap();
    assert_eq!((all.cost.calls, all.cost.cached, all.by_venue.len()), (1, 1, 3));
    assert_eq!(asked(&mock, 1), [venue(2).as_str(), venue(0).as_str()]);
}

#[tokio::test]
async fn no_data_is_believed_for_five_minutes() {
    let quiet = "venue:0000000000000000000000aa";
    let clock = VirtualClock::default();
    let place = FakeVenue::new(quiet, "Quiet").standing(Standing::NoData);
    let mock = MockPlacer::builder().clock(Arc::new(clock.clone())).polls(0).venue(place).build().unwrap();
    let request = || FootfallRequest::new(id(quiet), last_days(7));
    assert_eq!(mock.footfall(request()).await.unwrap().cost.calls, 1);
    clock.advance(Duration::from_secs(290));
    assert_eq!(mock.footfall(request()).await.unwrap().cost.calls, 0);
    clock.advance(Duration::from_secs(20));
    assert_eq!(mock.footfall(request()).await.unwrap().cost.calls, 1);
}

#[tokio::test]
async fn errors_are_not_kept() {
    let mock = MockPlacer::builder().client(|c| c.retry(connectors_core::RetryPolicy::never())).build().unwrap();
    mock.backend().script("reports.visits.trends", [Fault::Status(500)]);
    assert_eq!(mock.footfall(week_at(0)).await.unwrap_err().kind(), ErrorKind::Server);
    assert_eq!(mock.footfall(week_at(0)).await.unwrap().rows.len(), 7);
}

#[tokio::test]
async fn the_cache_can_be_refreshed_and_passed_by() {
    for contract in BOTH {
        let mock = builder(contract).polls(0).build().unwrap();
        for (policy, calls) in
            [(CachePolicy::Use, 1), (CachePolicy::Use, 0), (CachePolicy::Refresh, 1), (CachePolicy::Bypass, 1)]
        {
            assert_eq!(mock.footfall(week_at(0).cache(policy)).await.unwrap().cost.calls, calls, "{policy:?}");
        }
    }
}

#[tokio::test]
async fn a_thousand_callers_of_one_answer_are_one_request() {
    let mock = MockPlacer::builder().polls(2).build().unwrap();
    mock.backend().latency(Duration::from_millis(200));
    let callers = (0..1000).map(|_| {
        let mock = mock.clone();
        tokio::spawn(async move { mock.movement(MovementRequest::new(venue(0))).await.unwrap().peak_hours })
    });
    let mut answers = Vec::new();
    for caller in callers.collect::<Vec<_>>() {
        answers.push(caller.await.unwrap());
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(mock.backend().count("reports.visits.hours"), 3, "two polls and the answer");
}

#[tokio::test]
async fn a_thousand_callers_of_overlapping_venues_fetch_each_report_once() {
    let mock = MockPlacer::builder().polls(2).corner_stores(120).build().unwrap();
    mock.backend().latency(Duration::from_millis(200));
    let stores: Vec<_> = (1..=120).map(|n| id(&format!("venue:{n:024x}"))).collect();
    let mut random = fastrand::Rng::with_seed(3);
    let callers: Vec<_> = (0..1000)
        .map(|number| {
            let (first, count) = (random.usize(0..100), random.usize(1..20));
            let venues = stores[first..first + count].to_vec();
            let visits = mock.client().reports().visits();
            let patience = Duration::from_secs(3600);
            tokio::spawn(async move {
                if number % 2 == 0 {
                    let report = visits.metrics(venues.clone(), last_days(28)).timeout(patience).await.unwrap();
                    assert_eq!((report.found.len(), report.failures.len()), (venues.len(), 0));
                } else {
                    let hours = visits.hours(venues[0].clone(), last_days(28)).timeout(patience).await.unwrap();
                    assert_eq!(hours.found().unwrap().venue, venues[0]);
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    let mut finished = std::collections::BTreeMap::<_, u32>::new();
    for entry in mock.backend().journal().into_iter().filter(|entry| entry.status.is_some_and(|s| s == 200)) {
        let body = entry.json::<serde_json::Value>();
        let ids = body["apiIds"].as_array().cloned().unwrap_or_else(|| vec![body["apiId"].clone()]);
        for id in ids {
            *finished.entry((entry.operation, id.to_string())).or_default() += 1;
        }
    }
    assert!(finished.len() > 150 && finished.values().all(|count| *count == 1), "{finished:?}");
}

#[tokio::test]
async fn reports_on_closed_periods_are_kept_longer() {
    let clock = VirtualClock::default();
    let built = |hours: u64, change: fn(connectors_placer::PlacerBuilder) -> connectors_placer::PlacerBuilder| {
        let mock = MockPlacer::builder().clock(Arc::new(clock.clone())).polls(0).client(change).build().unwrap();
        (mock, hours)
    };
    let hour = Duration::from_secs(3600);
    let closed = last_days(60).days().take(30).collect::<Vec<_>>();
    let closed = connectors_core::DateRange::new(closed[0], closed[29]).unwrap();
    for (mock, hours) in [
        built(24, |client| client),
        built(72, |client| client.closed_ttl(Duration::from_secs(72 * 3600))),
        built(48, |client| client.cache_ttl(Duration::from_secs(48 * 3600))),
        built(0, |client| client.cache_ttl(Duration::ZERO)),
    ] {
        let attempts =
            async |range| mock.client().reports().visits().hours(venue(0), range).send().await.unwrap().meta().attempts;
        assert_eq!((attempts(closed).await, attempts(last_days(7)).await), (1, 1));
        let kept = hour * u32::try_from(hours).unwrap();
        if hours == 0 {
            assert_eq!(attempts(closed).await, 1, "none is kept");
            continue;
        }
        clock.advance(kept.saturating_sub(Duration::from_secs(60)));
        assert_eq!(attempts(closed).await, 0, "{hours}");
        assert_eq!(attempts(last_days(7)).await, u32::from(hours != 48), "{hours}");
        clock.advance(Duration::from_secs(120));
        assert_eq!(attempts(closed).await, 1, "{hours}");
    }
}

#[tokio::test]
async fn overlapping_questions_share_what_they_have_in_common() {
    let mock = MockPlacer::builder().build().unwrap();
    mock.backend().latency(Duration::from_millis(200));
    let first = AggregateRequest::new(vec![venue(0), venue(1)], last_days(7));
    let second = AggregateRequest::new(vec![venue(1), venue(2)], last_days(7));
    let (first, second) = tokio::join!(mock.aggregate_footfall(first), mock.aggregate_footfall(second));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!((first.by_venue.len(), second.by_venue.len(), second.cost.cached), (2, 2, 1));
    let mut venues: Vec<String> =
        mock.backend().journal().iter().enumerate().flat_map(|(number, _)| asked(&mock, number)).collect();
    venues.sort_unstable();
    venues.dedup();
    let bodies: std::collections::HashSet<_> =
        mock.backend().journal().iter().map(|entry| entry.body.clone()).collect();
    assert_eq!((venues.len(), bodies.len()), (3, 2), "every venue is asked for in one request");
}

#[tokio::test]
async fn a_caller_that_gives_up_wastes_nothing() {
    let mock = MockPlacer::new();
    let impatient = tokio::spawn({
        let mock = mock.clone();
        async move { mock.footfall(week_at(0)).await }
    });
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
    impatient.abort();
    let footfall = mock.footfall(week_at(0)).await.unwrap();
    assert_eq!(footfall.rows.len(), 7);
    assert_eq!(mock.backend().count("reports.visits.trends"), 2);
}

#[derive(Debug, Default)]
struct Sources(Mutex<Vec<(String, CacheOutcome)>>);

impl Observer for Sources {
    fn on_event(&self, event: &Event<'_>) {
        if let Event::Cache { resource, outcome, .. } = event {
            self.0.lock().unwrap().push(((*resource).to_owned(), *outcome));
        }
    }
}

#[tokio::test]
async fn whoever_watches_sees_where_answers_come_from() {
    use CacheOutcome::{Hit, Miss, Shared};
    for contract in BOTH {
        let sources = Arc::new(Sources::default());
        let mock = builder(contract).client(|client| client.observer(sources.clone())).build().unwrap();
        let (first, second) = tokio::join!(mock.footfall(week_at(0)), mock.footfall(week_at(0)));
        first.unwrap();
        second.unwrap();
        mock.footfall(week_at(0)).await.unwrap();
        let told = sources.0.lock().unwrap().clone();
        assert_eq!(told, [Miss, Shared, Hit].map(|outcome| (venue(0).as_str().to_owned(), outcome)), "{contract:?}");
        let stats = mock.client().cache_stats();
        assert_eq!((stats.misses, stats.shared, stats.hits), (1, 1, 1), "{contract:?}");
    }
}

#[tokio::test]
async fn callers_with_other_headers_never_share_answers() {
    let mock = MockPlacer::builder().polls(0).build().unwrap();
    let of = |tenant: &'static str| {
        let report = mock.client().reports().visits().hours(venue(0), last_days(7));
        report.header(HeaderName::from_static("x-tenant"), HeaderValue::from_static(tenant)).send()
    };
    for (tenant, attempts) in [("one", 1), ("two", 1), ("one", 0)] {
        assert_eq!(of(tenant).await.unwrap().meta().attempts, attempts, "{tenant}");
    }
}

#[tokio::test]
async fn two_clients_never_share_answers() {
    let mock = MockPlacer::builder().polls(0).build().unwrap();
    let other = connectors_placer::PlacerClient::builder()
        .api_key(connectors_mock::FakePlacer::KEY)
        .transport(Arc::new(connectors_mock::InProcess::new(mock.backend().clone())))
        .clock(mock.backend().clock().clone())
        .build()
        .unwrap();
    mock.footfall(week_at(0)).await.unwrap();
    assert_eq!(other.footfall(week_at(0)).await.unwrap().cost.calls, 1);
}
