use std::sync::Arc;
use std::time::Duration;

use connectors_core::testing::VirtualClock;
use connectors_core::{ErrorKind, PollPolicy};
use connectors_mock::placer::{FakeVenue, Oddity, Standing};
use connectors_mock::{Fault, MockPlacer};
use connectors_placer::{
    AggregateRequest, Contract, Fidelity, Granularity, MovementRequest, PlacerCode, PlacerErrorExt, PlacerService,
    VisitSegment,
};
use http::Method;

use super::{id, last_days, venue, week_at, week_at_all};

const TRENDS: &str = "reports.visits.trends";

#[tokio::test]
async fn a_report_is_asked_for_until_it_is_there() {
    let clock = VirtualClock::default();
    let mock = MockPlacer::builder().clock(Arc::new(clock.clone())).polls(3).build().unwrap();
    let footfall = mock.footfall(week_at(0)).await.unwrap();
    assert_eq!((footfall.rows.len(), footfall.cost.calls, footfall.cost.polls), (7, 1, 3));
    assert_eq!(mock.fake().used_quota(), 1, "what was answered by 202 is free");
    let bodies: Vec<_> = mock.backend().journal().into_iter().map(|entry| entry.body.clone()).collect();
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "the same request every time");
    assert!((Duration::from_secs(4)..Duration::from_secs(20)).contains(&clock.elapsed()), "{:?}", clock.elapsed());
}

#[tokio::test]
async fn pending_is_understood_in_every_form() {
    for oddity in
        [Oddity::EmptyBody, Oddity::NoContent, Oddity::PendingInside, Oddity::PartlyPending, Oddity::GatewayTimeout]
    {
        let mock = MockPlacer::new();
        mock.fake().oddities(TRENDS, [oddity]);
        mock.fake().oddities("reports.visits.hours", [oddity]);
        let all = mock.aggregate_footfall(week_at_all()).await.unwrap();
        assert!(all.failures.is_empty() && all.by_venue.iter().all(|footfall| footfall.rows.len() == 7), "{oddity:?}");
        let movement = mock.movement(MovementRequest::new(venue(0))).await.unwrap();
        assert_eq!(movement.hourly.len(), 24, "{oddity:?}");
    }
    let mock = MockPlacer::new();
    mock.backend().script(TRENDS, [Fault::NotReady, Fault::NotReady]);
    assert_eq!(mock.footfall(week_at(0)).await.unwrap().cost.polls, 3);
}

#[tokio::test]
async fn a_call_that_runs_out_of_time_can_be_continued() {
    let mock = MockPlacer::builder().polls(4).client(|client| client.timeout(Duration::from_secs(5))).build().unwrap();
    let error = mock.footfall(week_at(0)).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Pending, true));
    assert!(error.hint().is_some() && error.retry_after().is_some(), "{error:?}");
    let mut calls = 1;
    while let Err(error) = mock.footfall(week_at(0)).await {
        assert_eq!(error.kind(), ErrorKind::Pending);
        calls += 1;
        assert!(calls < 5, "it never ends");
    }
    assert_eq!(mock.fake().used_quota(), 1, "the polls were free");
}

#[tokio::test]
async fn what_is_ready_is_kept_when_the_rest_is_not() {
    let mock = MockPlacer::builder().polls(0).client(|client| client.timeout(Duration::from_secs(30))).build().unwrap();
    mock.fake().oddities(TRENDS, [Oddity::PartlyPending; 50]);
    let all = mock.aggregate_footfall(week_at_all()).await.unwrap();
    assert_eq!((all.by_venue.len(), all.failures.len()), (5, 5));
    assert!(all.failures.iter().all(|failure| failure.error.kind() == ErrorKind::Pending), "{:?}", all.failures);
    let asked_again = mock.aggregate_footfall(week_at_all()).await.unwrap();
    assert!(asked_again.cost.cached >= 5);
    let last = mock.backend().journal().last().unwrap().json::<serde_json::Value>();
    assert!(last["apiIds"].as_array().unwrap().len() <= 5, "only what is missing is asked for: {last}");
}

#[tokio::test]
async fn nor_is_it_lost_when_the_answer_for_the_rest_is_empty() {
    for after in [Oddity::NoContent, Oddity::NoDataInside, Oddity::Refused(PlacerCode::BadRequest)] {
        let mock = MockPlacer::builder().polls(0).build().unwrap();
        mock.fake().oddities("reports.visits.metrics", [Oddity::PartlyPending, after, after]);
        let report = mock.client().reports().visits().metrics([0, 1, 2, 3].map(venue), last_days(7)).await.unwrap();
        let rest = report.without_data.len() + report.failures.len();
        assert_eq!((report.found.len(), rest), (2, 2), "{after:?}");
    }
}

#[tokio::test]
async fn a_wrong_address_is_not_searched_for_among_the_venues() {
    let mock = MockPlacer::builder().polls(0).build().unwrap();
    mock.backend().script("reports.visits.metrics", [Fault::Status(404); 20]);
    let report = mock.client().reports().visits().metrics([0, 1, 2, 3].map(venue), last_days(7)).await.unwrap();
    assert_eq!((report.failures.len(), mock.backend().count("reports.visits.metrics")), (4, 1));
}

#[tokio::test]
async fn how_often_is_asked_can_be_set() {
    let mut patient = PollPolicy::default();
    (patient.first, patient.max) = (Duration::from_secs(30), Duration::from_secs(60));
    let clock = VirtualClock::default();
    let mock =
        MockPlacer::builder().clock(Arc::new(clock.clone())).client(|client| client.poll(patient)).build().unwrap();
    // No average time is published for this report, so that the policy alone decides.
    mock.client()
        .reports()
        .visits()
        .trends_single(venue(0), last_days(7), Granularity::Day)
        .await
        .unwrap()
        .required()
        .unwrap();
    assert!(clock.elapsed() >= Duration::from_secs(24), "{:?}", clock.elapsed());
}

#[tokio::test]
async fn a_venue_without_data_has_no_rows_and_no_pattern() {
    let quiet = "venue:0000000000000000000000aa";
    let mock = MockPlacer::builder().venue(FakeVenue::new(quiet, "Quiet").standing(Standing::NoData)).build().unwrap();
    let footfall = mock.footfall(connectors_placer::FootfallRequest::new(id(quiet), last_days(7))).await.unwrap();
    assert!(footfall.rows.is_empty());
    let error = mock.movement(MovementRequest::new(id(quiet))).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::NotFound, "movement"));
    let without = MockPlacer::builder()
        .venue(FakeVenue::new(quiet, "Quiet").standing(Standing::NoData))
        .client(|client| client.no_content_retries(0))
        .build()
        .unwrap();
    without.movement(MovementRequest::new(id(quiet))).await.unwrap_err();
    assert_eq!(without.backend().count("reports.visits.hours") + 1, mock.backend().count("reports.visits.hours"));
}

#[tokio::test]
async fn entries_fail_one_by_one_with_their_own_code() {
    let standings = [
        (Standing::NotPermitted, ErrorKind::PermissionDenied, PlacerCode::PermissionDenied),
        (Standing::Undeliverable, ErrorKind::PermissionDenied, PlacerCode::UndeliverableEntity),
    ];
    for (standing, kind, code) in standings {
        let odd = "venue:0000000000000000000000bb";
        let mock = MockPlacer::builder().venue(FakeVenue::new(odd, "Odd").standing(standing)).build().unwrap();
        let request = AggregateRequest::new(vec![venue(0), id(odd), venue(1)], last_days(7));
        let all = mock.aggregate_footfall(request).await.unwrap();
        assert_eq!((all.by_venue.len(), all.failures.len()), (2, 1), "{standing:?}");
        let error = &all.failures[0].error;
        assert_eq!((error.kind(), error.placer_code(), error.is_retryable()), (kind, Some(code), false), "{error:?}");
        assert_eq!((error.attempts(), error.operation()), (2, TRENDS), "the poll and the answer");
        let error = mock.movement(MovementRequest::new(id(odd))).await.unwrap_err();
        assert_eq!((error.kind(), error.placer_code()), (kind, Some(code)), "{error:?}");
    }
}

#[tokio::test]
async fn custom_places_are_asked_for_by_the_single_report_and_spoil_nothing() {
    let custom = "complex:0000000000000000000000cc";
    let mock =
        MockPlacer::builder().venue(FakeVenue::new(custom, "Our yard").standing(Standing::Custom)).build().unwrap();
    let all = |days| AggregateRequest::new(vec![venue(0), id(custom), venue(1)], last_days(days));
    let first = mock.aggregate_footfall(all(7)).await.unwrap();
    assert_eq!((first.by_venue.len(), first.failures.len()), (3, 0), "{:?}", first.failures);
    let refused =
        |mock: &MockPlacer| mock.backend().journal().iter().filter(|e| e.status.is_some_and(|s| s == 400)).count();
    assert_eq!(refused(&mock), 1);
    mock.aggregate_footfall(all(9)).await.unwrap();
    assert_eq!(refused(&mock), 1, "the second time, it is known");
}

#[tokio::test]
async fn a_flagged_place_costs_the_others_nothing() {
    let (mall, shop) = ("complex:0000000000000000000000dd", "venue:0000000000000000000000de");
    let flagged = |id| FakeVenue::new(id, "Thin").standing(Standing::Flagged);
    let mock = MockPlacer::builder().polls(0).venue(flagged(mall)).venue(flagged(shop)).build().unwrap();
    let request = AggregateRequest::new(vec![venue(0), id(mall), id(shop)], last_days(7));
    let all = mock.aggregate_footfall(request).await.unwrap();
    assert_eq!((all.by_venue.len(), all.failures.len()), (1, 2));
    assert_eq!(mock.backend().count(TRENDS), 1, "only what may be a custom place is asked for in another way");
}

#[tokio::test]
async fn no_data_at_all_is_no_data_for_each() {
    let mock = MockPlacer::builder().polls(0).build().unwrap();
    mock.fake().oddities(TRENDS, [Oddity::NoDataInside]);
    let all = mock.aggregate_footfall(week_at_all()).await.unwrap();
    assert!(all.failures.is_empty() && all.by_venue.iter().all(|footfall| footfall.rows.is_empty()), "{all:?}");
}

#[tokio::test]
async fn rows_never_mix_numbers_of_different_segments() {
    let mock = MockPlacer::builder().polls(0).build().unwrap();
    for fidelity in [Fidelity::PerDay, Fidelity::Estimate] {
        let asked = |segment| mock.footfall(week_at(0).fidelity(fidelity).segment(segment));
        let other = asked(VisitSegment::Under10Min).await.unwrap();
        assert_eq!(other.segment, Some(VisitSegment::Under10Min));
        assert!(
            other.rows.iter().all(|row| row.unique_visitors.is_none() && row.avg_dwell_minutes.is_none()),
            "{fidelity:?}: those of longer visits are not theirs: {other:?}"
        );
        let own = asked(VisitSegment::TenMinutesOrLonger).await.unwrap();
        assert!(own.rows.iter().all(|row| row.unique_visitors.is_some()), "{fidelity:?}: {own:?}");
    }
    let period = week_at(0).fidelity(Fidelity::WithPeriodTotals).segment(VisitSegment::Under10Min);
    let period = mock.footfall(period).await.unwrap().period.unwrap();
    assert_eq!((period.segment, period.visitors.is_some()), (Some(VisitSegment::TenMinutesOrLonger), true));
}

#[tokio::test]
async fn a_gateway_is_read_only() {
    let mock = MockPlacer::builder().contract(Contract::Gateway).build().unwrap();
    let path = format!("/venues/{}/movement", venue(0));
    assert!(mock.client().request(&Method::GET, &path).send_bytes().await.is_ok());
    let refused = mock.client().request(&Method::DELETE, &path).send_bytes().await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_deadline_beyond_all_time_is_none() {
    let mock = MockPlacer::builder().client(|client| client.timeout(Duration::MAX)).build().unwrap();
    assert_eq!(mock.footfall(week_at(0)).await.unwrap().rows.len(), 7);
}

#[tokio::test]
async fn an_exhausted_quota_is_not_asked_again() {
    let mock = MockPlacer::builder().poi_quota(2).build().unwrap();
    mock.aggregate_footfall(AggregateRequest::new(vec![venue(0), venue(1)], last_days(7))).await.unwrap();
    let error = mock.footfall(week_at(2)).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.placer_code(), error.attempts()),
        (ErrorKind::QuotaExhausted, Some(PlacerCode::LimitExceeded), 1)
    );
    let now = mock.backend().clock().now_utc();
    let renewed = now + error.retry_after().unwrap();
    assert_eq!(renewed.to_rfc3339(), "2026-03-08T00:00:00+00:00", "the Sunday after the mock's Monday");
    assert!(mock.footfall(week_at(0)).await.is_ok(), "places that were asked about before are still there");
}

#[tokio::test]
async fn a_small_place_has_no_uniques_by_day() {
    let mock = MockPlacer::new();
    let footfall = mock.footfall(week_at(9).fidelity(Fidelity::PerDay)).await.unwrap();
    assert_eq!(footfall.rows.len(), 7);
    assert!(
        footfall
            .rows
            .iter()
            .all(|row| row.visits > 0 && row.unique_visitors.is_none() && row.avg_dwell_minutes.is_none())
    );
}

#[tokio::test]
async fn documented_quotas_are_kept_without_a_429() {
    let mock = MockPlacer::builder().corner_stores(30).build().unwrap();
    mock.backend().latency(Duration::from_millis(120));
    let venues: Vec<_> = (1..=30).map(|n| id(&format!("venue:{n:024x}"))).collect();
    let all = mock
        .aggregate_footfall(AggregateRequest::new(venues, last_days(7)).fidelity(Fidelity::WithPeriodTotals))
        .await
        .unwrap();
    assert_eq!((all.by_venue.len(), all.failures.len(), all.cost.calls), (30, 0, 2 + 1 + 30));
    assert!(mock.backend().journal().iter().all(|entry| entry.status.is_none_or(|status| status != 429)));
}
