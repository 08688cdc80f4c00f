//! The quotas of a week.

use std::sync::Arc;
use std::time::Duration;

use connectors_core::testing::VirtualClock;
use connectors_core::{Clock, ErrorKind};
use connectors_mock::placer::Oddity;
use connectors_mock::{Fault, MockPlacer, MockPlacerBuilder};
use connectors_placer::{AggregateRequest, Contract, PlacerClient, PlacerService, VenueId, WeeklyQuota, quota_renewal};
use futures_util::future::join_all;
use http::Method;

use super::{builder, id, last_days, venue, week_at};

const METRICS: &str = "reports.visits.metrics";
const HOURS: &str = "reports.visits.hours";
const USAGE: &str = "account.usage_status";

fn stores(count: usize) -> Vec<VenueId> {
    (1..=count).map(|n| id(&format!("venue:{n:024x}"))).collect()
}

fn guarded(quota: WeeklyQuota) -> MockPlacerBuilder {
    MockPlacer::builder().polls(0).corner_stores(60).client(|client| client.weekly_quota(quota))
}

/// Another program with the same key.
fn other(mock: &MockPlacer, quota: WeeklyQuota) -> PlacerClient {
    let client = PlacerClient::builder()
        .api_key(connectors_mock::FakePlacer::KEY)
        .transport(Arc::new(connectors_mock::InProcess::new(mock.backend().clone())))
        .clock(mock.backend().clock().clone());
    client.weekly_quota(quota).build().unwrap()
}

#[tokio::test]
async fn after_a_refusal_only_new_places_are_refused_until_sunday() {
    let clock = VirtualClock::default();
    let mock = MockPlacer::builder().polls(0).poi_quota(2).clock(Arc::new(clock.clone())).build().unwrap();
    let hours = |number| mock.client().reports().visits().hours(venue(number), last_days(7)).send();
    hours(0).await.unwrap();
    hours(1).await.unwrap();
    assert_eq!(hours(2).await.unwrap_err().attempts(), 1, "Placer says so");
    let error = hours(3).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.is_retryable()), (ErrorKind::QuotaExhausted, 0, false));
    assert_eq!(clock.now_utc() + error.retry_after().unwrap(), quota_renewal(clock.now_utc()));
    assert_eq!(mock.backend().count(HOURS), 3);
    let metrics = mock.client().reports().visits().metrics([venue(3), venue(0), venue(4), venue(1)], last_days(7));
    let metrics = metrics.await.unwrap();
    let found: Vec<_> = metrics.found.iter().map(|metrics| metrics.venue.clone()).collect();
    assert_eq!((found, metrics.failures.len()), (vec![venue(0), venue(1)], 2), "known places go on");
    assert_eq!(mock.backend().count(METRICS), 1, "without the new ones");
    assert_eq!(mock.client().quota().await.unwrap().places_left, Some(0));
    clock.advance(error.retry_after().unwrap());
    hours(2).await.unwrap();
    assert_eq!(mock.client().quota().await.unwrap().places_left, None);
}

#[tokio::test]
async fn known_places_and_those_that_still_fit_are_told_from_the_others() {
    let mock = MockPlacer::builder().polls(0).poi_quota(8).corner_stores(40).build().unwrap();
    let stores = stores(40);
    mock.client().reports().visits().metrics(stores[..3].to_vec(), last_days(7)).await.unwrap();
    let all = mock.client().reports().visits().metrics(stores.clone(), last_days(28)).await.unwrap();
    assert_eq!((all.found.len(), all.failures.len()), (8, 32), "three known and the five that there was room for");
    assert!(all.failures.iter().all(|failure| failure.error.kind() == ErrorKind::QuotaExhausted));
    assert_eq!(mock.fake().queried_places(), 8, "the quota is used to its end");
    let counted = mock.backend().journal().iter().filter(|entry| entry.status.is_some_and(|s| s == 200)).count();
    assert!(mock.backend().count(METRICS) < 20 && counted < 8, "and refusals are free");
}

#[tokio::test]
async fn what_would_exceed_the_calls_is_not_sent() {
    let mock = guarded(WeeklyQuota::new().calls(5)).build().unwrap();
    let visits = mock.client().reports().visits();
    for number in 0..4 {
        visits.hours(venue(number), last_days(7)).await.unwrap();
    }
    let status = mock.client().quota().await.unwrap();
    assert_eq!((status.calls_used, status.calls_left), (5, Some(0)), "the question about it was one");
    assert_eq!((status.places_used, status.places_left), (4, None));
    let error = visits.hours(venue(4), last_days(7)).await.unwrap_err();
    assert_eq!((error.kind(), error.operation(), error.attempts()), (ErrorKind::QuotaExhausted, HOURS, 0));
    assert!(error.message().contains("5 calls") && error.retry_after().is_some(), "{error}");
    let search = mock.client().pois().search().query("Market").await.unwrap_err();
    let raw = mock.client().request(&Method::GET, "/v1/poi/my-properties").send_bytes().await.unwrap_err();
    assert_eq!((search.kind(), raw.kind()), (ErrorKind::QuotaExhausted, ErrorKind::QuotaExhausted));
    assert_eq!(mock.fake().used_quota(), 5);
    assert!(mock.client().account().usage_status().await.is_ok(), "never refused");
    visits.hours(venue(0), last_days(7)).await.unwrap();
}

#[tokio::test]
async fn many_at_a_time_never_exceed_it_and_polls_are_free() {
    let mock = guarded(WeeklyQuota::new().calls(20).places(15)).polls(2).build().unwrap();
    mock.backend().latency(Duration::from_millis(80));
    let calls = stores(60).into_iter().map(|store| {
        let request = mock.client().clone().reports().visits().hours(store, last_days(7));
        tokio::spawn(async move { request.timeout(Duration::from_secs(600)).await })
    });
    let outcomes = join_all(calls).await;
    let well = outcomes.iter().filter(|outcome| outcome.as_ref().unwrap().is_ok()).count();
    assert_eq!((well, mock.fake().queried_places()), (15, 15), "as many as there are places");
    for outcome in outcomes {
        let Err(error) = outcome.unwrap() else { continue };
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::QuotaExhausted, 0), "{error}");
    }
    assert!(mock.fake().used_quota() <= 20);
    let more = stores(15).into_iter().map(|store| mock.client().reports().visits().days(store, last_days(7)).send());
    let well = join_all(more).await.into_iter().flatten().count();
    assert_eq!(mock.fake().used_quota(), 20, "and calls to the last");
    assert!(well >= 3, "{well}");
}

#[tokio::test]
async fn what_was_used_before_is_asked_for_once() {
    let first = MockPlacer::builder().polls(0).corner_stores(60).build().unwrap();
    first.client().reports().visits().metrics(stores(30), last_days(7)).await.unwrap();
    for number in 0..6 {
        first.client().reports().visits().hours(venue(number), last_days(7)).await.unwrap();
    }
    let second = other(&first, WeeklyQuota::new().calls(100).places(38));
    let report = second.reports().visits().metrics(stores(60).split_off(30), last_days(7)).await.unwrap();
    assert_eq!((report.found.len(), report.failures.len()), (2, 28), "36 of 38 were used");
    second.reports().visits().days(stores(31).pop().unwrap(), last_days(7)).await.unwrap();
    assert_eq!(first.backend().count(USAGE), 1);
    let status = second.quota().await.unwrap();
    assert_eq!(
        (status.calls_used, status.calls_left),
        (first.fake().used_quota(), Some(100 - first.fake().used_quota()))
    );
    assert_eq!((status.places_used, status.places_left), (38, Some(0)));
    assert!(status.told_at.is_some());
}

#[tokio::test]
async fn whoever_comes_while_that_is_asked_for_waits_for_it() {
    let mock = guarded(WeeklyQuota::new().places(38)).build().unwrap();
    let first = other(&mock, WeeklyQuota::new());
    first.reports().visits().metrics(stores(36), last_days(7)).await.unwrap();
    mock.backend().latency(Duration::from_millis(80));
    let hours = stores(60).split_off(40).into_iter().map(|store| {
        let hours = mock.client().reports().visits().hours(store, last_days(7));
        tokio::spawn(hours.into_future())
    });
    let well = join_all(hours).await.into_iter().filter(|hours| hours.as_ref().unwrap().is_ok()).count();
    assert_eq!((well, mock.backend().count(USAGE)), (2, 1));
}

#[tokio::test]
async fn whoever_does_not_wait_for_it_leaves_it_to_the_next() {
    let clock = VirtualClock::default();
    let mock = guarded(WeeklyQuota::new().calls(100)).clock(Arc::new(clock.clone())).build().unwrap();
    mock.backend().script(USAGE, [Fault::Slow(Duration::from_secs(14))]);
    // A deadline alone does not make the virtual time pass.
    let ticking = tokio::spawn({
        let clock = clock.clone();
        async move {
            loop {
                clock.sleep(Duration::from_millis(500)).await;
            }
        }
    });
    let hours = |number| mock.client().reports().visits().hours(venue(number), last_days(7));
    let error = hours(0).timeout(Duration::from_secs(2)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0));
    assert!(clock.elapsed() <= Duration::from_secs(3), "{:?}", clock.elapsed());
    ticking.abort();
    hours(0).await.unwrap();
    assert_eq!(mock.backend().count(USAGE), 1, "not at once");
    clock.advance(Duration::from_secs(60));
    hours(1).await.unwrap();
    assert_eq!(mock.backend().count(USAGE), 2);
}

#[tokio::test]
async fn a_clock_slightly_ahead_of_placers_does_not_cost_the_week() {
    let clock = VirtualClock::default();
    let mock = MockPlacer::builder().polls(0).clock(Arc::new(clock.clone())).build().unwrap();
    clock.advance((quota_renewal(clock.now_utc()) - clock.now_utc()).to_std().unwrap());
    mock.fake().oddities(HOURS, [Oddity::Refused(connectors_placer::PlacerCode::LimitExceeded)]);
    let hours = |number| mock.client().reports().visits().hours(venue(number), last_days(7)).send();
    assert_eq!(hours(0).await.unwrap_err().kind(), ErrorKind::QuotaExhausted);
    hours(0).await.unwrap();
}

#[tokio::test]
async fn not_knowing_what_was_used_is_no_failure() {
    let mock = guarded(WeeklyQuota::new().calls(100)).build().unwrap();
    mock.backend().script(USAGE, [Fault::Status(500); 4]);
    mock.footfall(week_at(0)).await.unwrap();
    mock.footfall(week_at(1)).await.unwrap();
    assert_eq!(mock.backend().count(USAGE), 2, "tried twice, not again with each call");
    let status = mock.client().quota().await.unwrap();
    assert_eq!((status.calls_used, status.told_at), (2, None));
}

#[tokio::test]
async fn it_is_compared_now_and_then_and_begins_anew_on_sunday() {
    let clock = VirtualClock::default();
    let mock = guarded(WeeklyQuota::new().calls(3)).clock(Arc::new(clock.clone())).build().unwrap();
    let hours = |number| mock.client().reports().visits().hours(venue(number), last_days(7)).send();
    hours(0).await.unwrap();
    clock.advance(Duration::from_secs(2 * 3600));
    hours(1).await.unwrap_err();
    assert_eq!(mock.backend().count(USAGE), 2, "an hour later, and it was a call of its own");
    let sunday = quota_renewal(clock.now_utc());
    clock.advance((sunday - clock.now_utc()).to_std().unwrap());
    hours(1).await.unwrap();
    let status = mock.client().quota().await.unwrap();
    assert_eq!((status.calls_used, status.renews_at), (2, quota_renewal(sunday)));
}

#[tokio::test]
async fn free_answers_are_not_counted_and_another_key_has_its_own() {
    let mock = MockPlacer::builder().polls(3).build().unwrap();
    mock.backend().script(HOURS, [Fault::Throttle(None), Fault::Status(500)]);
    mock.client().reports().visits().hours(venue(0), last_days(7)).await.unwrap();
    mock.fake().oddities(METRICS, [Oddity::Refused(connectors_placer::PlacerCode::BadRequest)]);
    mock.client().reports().visits().metrics([venue(0)], last_days(7)).await.unwrap();
    let status = mock.client().quota().await.unwrap();
    assert_eq!((status.calls_used, mock.fake().used_quota()), (3, 3), "an answer, a refusal and the question");
    mock.client().replace_api_key("other").unwrap();
    assert_eq!(mock.client().quota().await.unwrap().calls_used, 1, "of another account: the question, refused");
}

#[tokio::test]
async fn composite_calls_tell_of_each_venue_whether_it_fitted() {
    let mock = guarded(WeeklyQuota::new().places(4)).build().unwrap();
    mock.backend().latency(Duration::from_millis(10));
    let all = mock.aggregate_footfall(AggregateRequest::new(stores(6), last_days(7))).await.unwrap();
    assert_eq!((all.by_venue.len(), all.failures.len()), (4, 2));
    assert!(all.failures.iter().all(|failure| failure.error.kind() == ErrorKind::QuotaExhausted));
}

#[test]
fn a_gateway_has_no_such_quotas() {
    let client = builder(Contract::Gateway).client(|client| client.weekly_quota(WeeklyQuota::new().calls(1)));
    let error = client.build().unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some("weekly_quota")));
    let gateway = builder(Contract::Gateway).build().unwrap();
    let quota = futures_util::FutureExt::now_or_never(gateway.client().quota()).unwrap();
    assert_eq!(quota.unwrap_err().kind(), ErrorKind::Unsupported);
}
