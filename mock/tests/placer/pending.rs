//! Reports that are not there yet, as jobs to come back to.

use std::time::Duration;

use connectors_core::{CachePolicy, ErrorKind};
use connectors_mock::MockPlacer;
use connectors_mock::placer::{FakeVenue, Oddity, Standing};
use connectors_placer::{HoursRequest, NoData, Pending, PlacerErrorExt, Progress};

use super::{id, last_days, venue};

const TRENDS: &str = "reports.visits.trends";
const HOURS: &str = "reports.visits.hours";

fn hours(mock: &MockPlacer, number: usize) -> HoursRequest {
    mock.client().reports().visits().hours(venue(number), last_days(28))
}

fn pending<T, Q>(progress: Progress<T, Q>) -> Pending<T, Q> {
    match progress {
        Progress::Pending(pending) => *pending,
        Progress::Ready(_) => panic!("it is there"),
    }
}

#[tokio::test]
async fn a_job_is_kept_and_continued() {
    let mock = MockPlacer::builder().polls(2).build().unwrap();
    let first = pending(hours(&mock, 0).send_once().await.unwrap());
    assert_eq!((mock.backend().count(HOURS), first.polls(), first.elapsed()), (1, 1, Duration::ZERO));
    assert!(first.request_id().is_some_and(|id| id.starts_with("mock-")) && first.retry_after() > Duration::ZERO);
    assert!(first.so_far().is_none());
    let job = tokio::spawn(async move { first });
    mock.backend().advance(Duration::from_secs(60));
    let second = pending(job.await.unwrap().resume().send_once().await.unwrap());
    assert_eq!((second.polls(), second.elapsed().as_secs()), (2, 60), "of the whole job");
    assert!(second.retry_after() < Duration::from_secs(4));
    let answer = second.resume().send_once().await.unwrap().ready().unwrap();
    assert_eq!((answer.meta().attempts, mock.backend().count(HOURS), mock.fake().used_quota()), (1, 3, 1));
    let again = hours(&mock, 0).send_once().await.unwrap().ready().unwrap();
    assert_eq!((again.meta().attempts, mock.backend().count(HOURS)), (0, 3), "it was cached");
}

#[tokio::test]
async fn a_job_may_be_awaited_and_takes_what_the_cache_got_meanwhile() {
    let mock = MockPlacer::builder().polls(2).build().unwrap();
    for policy in [CachePolicy::Use, CachePolicy::Refresh] {
        let range = if policy == CachePolicy::Use { last_days(28) } else { last_days(27) };
        let request = || mock.client().reports().visits().hours(venue(1), range);
        let job = pending(request().cache(policy).send_once().await.unwrap());
        let clone = job.clone();
        assert!(clone.resume().await.unwrap().found().is_some());
        let sent = mock.backend().count(HOURS);
        assert!(job.resume().await.unwrap().found().is_some());
        assert_eq!(mock.backend().count(HOURS), sent, "{policy:?}: somebody else's answer will do");
    }
}

#[tokio::test]
async fn a_job_about_many_venues_loses_nothing() {
    let mock = MockPlacer::builder().polls(0).build().unwrap();
    mock.fake().oddities("reports.visits.metrics", [Oddity::PartlyPending, Oddity::PartlyPending]);
    let places = || vec![venue(0), venue(1), venue(2), venue(3)];
    // Past the cache, so that nothing but the job itself can hold what is ready.
    let request = mock.client().reports().visits().metrics(places(), last_days(7)).cache(CachePolicy::Bypass);
    let first = pending(request.send_once().await.unwrap());
    let so_far = first.so_far().unwrap();
    assert_eq!((so_far.found.len(), so_far.pending().count()), (2, 2));
    let second = pending(first.resume().send_once().await.unwrap());
    assert_eq!(second.so_far().unwrap().found.len(), 3, "half of the rest");
    let all = second.resume().send_once().await.unwrap().ready().unwrap();
    let found: Vec<_> = all.found.iter().map(|metrics| metrics.venue.clone()).collect();
    assert_eq!((found, all.failures.len()), (places(), 0));
    let sizes = mock.backend().journal().into_iter().map(|entry| {
        let body = entry.json::<serde_json::Value>();
        body["apiIds"].as_array().unwrap().len()
    });
    assert_eq!(sizes.collect::<Vec<_>>(), [4, 2, 1], "each time only what was missing");
}

#[tokio::test]
async fn asking_once_believes_no_content_the_second_time() {
    let quiet = "venue:0000000000000000000000aa";
    let mock = MockPlacer::builder()
        .polls(0)
        .venue(FakeVenue::new(quiet, "Quiet").standing(Standing::NoData))
        .build()
        .unwrap();
    let request = mock.client().reports().visits().hours(id(quiet), last_days(7));
    let job = pending(request.send_once().await.unwrap());
    let outcome = job.resume().send_once().await.unwrap().ready().unwrap().into_inner();
    assert_eq!(outcome.no_data(), Some(&NoData::NoContent));
}

#[tokio::test]
async fn the_error_at_the_deadline_tells_the_same() {
    let mock = MockPlacer::builder().polls(9).client(|client| client.timeout(Duration::from_secs(5))).build().unwrap();
    let error = hours(&mock, 0).await.unwrap_err();
    let report = error.pending().unwrap();
    assert_eq!((error.kind(), report.polls), (ErrorKind::Pending, error.attempts()));
    assert!(report.polls > 1 && report.elapsed > Duration::from_secs(1) && report.retry_after > Duration::ZERO);
    assert!(report.request_id.is_some());
    mock.fake().oddities(TRENDS, [Oddity::PartlyPending; 20]);
    let mock = MockPlacer::builder().polls(0).client(|client| client.timeout(Duration::from_secs(5))).build().unwrap();
    mock.fake().oddities("reports.visits.metrics", [Oddity::PartlyPending; 20]);
    let bulk = mock.client().reports().visits().metrics([venue(0), venue(1)], last_days(7)).await.unwrap();
    let report = bulk.failures[0].error.pending().unwrap();
    assert!(report.request_id.is_some(), "read from the answer that holds the others: {report:?}");
    assert!(mock.client().account().usage_status().await.is_ok());
    assert!(connectors_core::Error::new(ErrorKind::Pending, "of somebody else").pending().is_none());
}

#[tokio::test]
async fn what_is_refused_is_refused_at_once() {
    let mock = MockPlacer::new();
    let error = mock.client().reports().visits().hours(id("abc"), last_days(7)).send_once().await.unwrap_err();
    assert_eq!((error.field(), error.attempts()), (Some("venueId"), 0));
    assert!(mock.backend().journal().is_empty());
}
