//! One bad place does not spoil the others, and no reason is lost.

use std::collections::BTreeMap;
use std::time::Duration;

use connectors_core::testing::VirtualClock;
use connectors_core::{CachePolicy, DateRange, ErrorKind};
use connectors_mock::placer::{FakeVenue, Oddity, Standing};
use connectors_mock::{MockPlacer, MockPlacerBuilder};
use connectors_placer::{
    BulkReport, NearbyRadius, NoData, PlacerCode, PlacerErrorExt, PlacerService, VenueId, VisitMetrics,
};

use super::{id, last_days, monday, venue};

const METRICS: &str = "reports.visits.metrics";
const HOURS: &str = "reports.visits.hours";

/// So many places of which these are odd.
fn places(count: usize, odd: &[(usize, Standing)]) -> (MockPlacerBuilder, Vec<VenueId>) {
    let odd: BTreeMap<usize, Standing> = odd.iter().copied().collect();
    let ids: Vec<_> = (0..count).map(|n| format!("venue:{n:020x}beef")).collect();
    let mut builder = MockPlacer::builder().polls(0).refuses_whole();
    for (n, text) in ids.iter().enumerate() {
        let standing = odd.get(&n).copied().unwrap_or_default();
        builder = builder.venue(FakeVenue::new(text.clone(), format!("Place {n}")).standing(standing));
    }
    (builder, ids.iter().map(|text| id(text)).collect())
}

async fn metrics(mock: &MockPlacer, venues: &[VenueId]) -> BulkReport<VisitMetrics> {
    mock.client().reports().visits().metrics(venues.to_vec(), last_days(7)).await.unwrap()
}

/// Each place once, in one of the lists.
fn assert_complete(report: &BulkReport<VisitMetrics>, venues: &[VenueId]) {
    let found = report.found.iter().map(|metrics| &metrics.venue);
    let without = report.without_data.iter().map(|(venue, _)| venue);
    let mut all: Vec<_> = found.chain(without).chain(report.failures.iter().map(|failure| &failure.venue)).collect();
    all.sort_unstable_by_key(|venue| venue.as_str());
    let mut expected: Vec<_> = venues.iter().collect();
    expected.sort_unstable_by_key(|venue| venue.as_str());
    assert_eq!(all, expected);
}

#[tokio::test]
async fn the_bad_ones_are_found_whatever_their_number_and_place() {
    use Standing::{NotPermitted, Restricted, Undeliverable};
    for odd in [
        vec![(0, NotPermitted)],
        vec![(99, Restricted)],
        vec![(41, Undeliverable), (42, NotPermitted)],
        vec![(3, NotPermitted), (50, NotPermitted), (51, Restricted), (97, Undeliverable)],
        (0..100).map(|n| (n, NotPermitted)).collect(),
    ] {
        let (builder, venues) = places(100, &odd);
        let mock = builder.build().unwrap();
        let report = metrics(&mock, &venues).await;
        assert_complete(&report, &venues);
        assert_eq!(report.failures.len(), odd.len(), "{odd:?}");
        for failure in &report.failures {
            assert_eq!(failure.error.kind(), ErrorKind::PermissionDenied);
            let (n, _) = venues.iter().enumerate().find(|(_, venue)| **venue == failure.venue).unwrap();
            assert!(odd.iter().any(|(odd, _)| *odd == n), "{n}");
        }
        if odd.len() == 1 {
            let requests = mock.backend().count(METRICS);
            assert!(requests <= 1 + 7 + 7, "{requests} for one among a hundred");
        }
        let sent = mock.backend().count(METRICS);
        let good: Vec<_> = report.found.iter().map(|metrics| metrics.venue.clone()).collect();
        assert_eq!(metrics(&mock, &good).await.found.len(), good.len());
        assert_eq!(mock.backend().count(METRICS), sent, "what succeeded is cached");
    }
}

#[tokio::test]
async fn each_has_its_own_code() {
    let odd = [(2, Standing::NotPermitted), (3, Standing::Undeliverable), (5, Standing::Restricted)];
    let (builder, mut venues) = places(8, &odd);
    venues.push(id("venue:0000000000000000000fffff"));
    let mock = builder.build().unwrap();
    let report = metrics(&mock, &venues).await;
    assert_complete(&report, &venues);
    let codes: Vec<_> = report.failures.iter().map(|failure| failure.error.placer_code().unwrap()).collect();
    let expected = [
        PlacerCode::PermissionDenied,
        PlacerCode::UndeliverableEntity,
        PlacerCode::RestrictedArea,
        PlacerCode::NotFound,
    ];
    assert_eq!(codes, expected);
}

#[tokio::test]
async fn days_that_are_too_late_cost_two_more_calls_and_no_more() {
    let (builder, venues) = places(100, &[]);
    let mock = builder.build().unwrap();
    let late = DateRange::new(monday().pred_opt().unwrap(), monday()).unwrap();
    let report = mock.client().reports().visits().metrics(venues.clone(), late).await.unwrap();
    assert_complete(&report, &venues);
    assert_eq!((report.failures.len(), mock.backend().count(METRICS)), (100, 3));
    assert_eq!(report.failures[0].error.placer_code(), Some(PlacerCode::InvalidArguments));
}

#[tokio::test]
async fn custom_places_are_told_from_days_that_are_too_late() {
    let custom: Vec<_> = [1, 6, 13].map(|n| (n, Standing::Custom)).to_vec();
    let (builder, venues) = places(20, &custom);
    let mock = builder.build().unwrap();
    let report =
        mock.client().reports().visits().trends(venues.clone(), last_days(7), connectors_placer::Granularity::Day);
    let report = report.await.unwrap();
    assert_eq!((report.found.len(), report.failures.len()), (17, 3));
    let failed: Vec<_> = report.failures.iter().map(|failure| failure.venue.clone()).collect();
    assert_eq!(failed, [1, 6, 13].map(|n: usize| venues[n].clone()));
}

#[tokio::test]
async fn refusals_that_are_nobodys_fault_are_not_taken_apart() {
    for code in [PlacerCode::BadRequest, PlacerCode::Unauthorized, PlacerCode::UnauthorizedDataSource] {
        let (builder, venues) = places(10, &[]);
        let mock = builder.build().unwrap();
        mock.fake().oddities(METRICS, [Oddity::Refused(code)]);
        let report = metrics(&mock, &venues).await;
        assert_complete(&report, &venues);
        assert_eq!((report.failures.len(), mock.backend().count(METRICS)), (10, 1), "{code:?}");
    }
}

#[tokio::test]
async fn a_flagged_place_is_no_data_and_not_paid_for_again() {
    let thin = "venue:0000000000000000000000aa";
    let clock = VirtualClock::default();
    let mock = MockPlacer::builder()
        .polls(0)
        .clock(std::sync::Arc::new(clock.clone()))
        .venue(FakeVenue::new(thin, "Thin").standing(Standing::Flagged))
        .build()
        .unwrap();
    let hours = || mock.client().reports().visits().hours(id(thin), last_days(7));
    assert_eq!(hours().await.unwrap().no_data(), Some(&NoData::Flagged), "by Placer's words");
    assert_eq!(mock.backend().count(HOURS), 1);
    assert_eq!(hours().await.unwrap().no_data(), Some(&NoData::Flagged));
    let days = mock.client().reports().visits().days(id(thin), last_days(7)).await.unwrap();
    assert_eq!(days.no_data(), Some(&NoData::Flagged), "nor is there another report");
    assert_eq!(mock.backend().journal().len(), 1);
    hours().cache(CachePolicy::Refresh).await.unwrap();
    hours().skip_validation().cache(CachePolicy::Bypass).await.unwrap();
    assert_eq!(mock.backend().count(HOURS), 3, "whoever insists is not stopped");
    hours().nearby_radius(NearbyRadius::R250).await.unwrap();
    assert_eq!(mock.backend().count(HOURS), 4, "its surroundings are another matter");
    clock.advance(Duration::from_secs(25 * 3600));
    hours().await.unwrap();
    assert_eq!(mock.backend().count(HOURS), 5, "it may not be so for ever");
    let error = mock.footfall(connectors_placer::FootfallRequest::new(id(thin), last_days(7))).await.unwrap_err();
    assert!(error.message().contains("flagged"), "{error}");
}

#[tokio::test]
async fn a_search_tells_what_is_flagged() {
    let thin = "venue:0000000000000000000000aa";
    let mock = MockPlacer::builder().venue(FakeVenue::new(thin, "Thin").standing(Standing::Flagged)).build().unwrap();
    let found = mock.client().pois().search().query("Thin").include_flagged().await.unwrap();
    assert_eq!(found[0].is_flagged, Some(true));
    let bulk = mock.client().reports().visits().metrics([venue(0), id(thin)], last_days(7)).await.unwrap();
    assert_eq!((bulk.found.len(), bulk.without_data), (1, vec![(id(thin), NoData::Flagged)]));
    let sent = mock.backend().journal().into_iter().filter(|entry| entry.operation == Some(METRICS));
    assert!(sent.clone().count() > 0);
    for entry in sent {
        assert!(!String::from_utf8_lossy(&entry.body).contains(thin), "it was not asked about");
    }
    mock.client().clear_cache();
    let bulk = mock.client().reports().visits().metrics([id(thin)], last_days(7)).await.unwrap();
    assert_eq!(bulk.without_data.len(), 1, "Placer says so itself");
}
