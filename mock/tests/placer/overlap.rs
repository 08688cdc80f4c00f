//! What two venues have in common.

use connectors_core::{DateRange, ErrorKind};
use connectors_mock::MockPlacer;
use connectors_mock::placer::{Dialect, FakeVenue, Standing};
use connectors_placer::{CbgGranularity, TrafficShare, VenueId};

use super::{id, last_days, venue};

/// Two parks and squares in New York, and a mall in Los Angeles.
fn venues() -> [VenueId; 3] {
    [venue(1), venue(2), venue(7)]
}

fn weeks() -> DateRange {
    last_days(35)
}

#[tokio::test]
async fn areas_of_one_town_overlap_and_those_of_two_do_not() {
    let [union, bryant, sunset] = venues();
    let mut both = Vec::new();
    for dialect in [Dialect::Observed, Dialect::Documented] {
        let mock = MockPlacer::builder().dialect(dialect).build().unwrap();
        let analytics = mock.client().analytics();
        let near = analytics.overlap(union.clone(), bryant.clone(), weeks()).await.unwrap();
        let shared = near.area.as_ref().unwrap();
        assert!((shared.area_square_miles() - near.shared_square_miles).abs() < 1e-9);
        assert!(near.shared_square_miles < near.one_square_miles.min(near.other_square_miles));
        let expected = near.shared_square_miles / near.one_square_miles * 100.0;
        assert!((near.share_of_one - expected).abs() < 1e-9 && near.similarity < near.share_of_one);
        assert!(near.mixed_segments, "a plaza counts all visits, a park those of ten minutes or more");
        assert!(serde_json::to_value(&near).unwrap()["area"]["coordinates"].is_array());

        let back = analytics.overlap(bryant.clone(), union.clone(), weeks()).await.unwrap();
        assert!((back.shared_square_miles - near.shared_square_miles).abs() < 1e-6);
        assert_eq!((near.cost.calls, back.cost.calls), (2, 0), "kept");

        let far = analytics.overlap(union.clone(), sunset.clone(), weeks()).await.unwrap();
        assert_eq!((far.shared_square_miles, far.similarity, &far.area), (0.0, 0.0, &None));
        both.push(near.shared_square_miles);
    }
    assert!((both[0] - both[1]).abs() < 1e-9, "{both:?}");
}

#[tokio::test]
async fn origins_of_one_town_are_alike_and_those_of_two_are_not() {
    let [union, bryant, sunset] = venues();
    let mock = MockPlacer::new();
    let analytics = mock.client().analytics();
    let near = analytics.cbg_overlap(union.clone(), bryant, weeks()).await.unwrap();
    assert!((30.0..100.0).contains(&near.similarity), "{}", near.similarity);
    assert!(near.share_of_one >= near.similarity && near.share_of_other >= near.similarity);
    assert!(near.rows.iter().all(|row| row.cbg.county() == "36061" && row.one_visits > 0.0 && row.other_visits > 0.0));
    let total: f64 = near.rows.iter().map(|row| row.one_share).sum();
    assert!((total - near.share_of_one).abs() < 1e-6);
    let sent: serde_json::Value = mock.backend().journal()[0].json();
    assert_eq!((&sent["granularity"], &sent["trafficVolPct"]), (&"month".into(), &100.into()));

    let far = analytics.cbg_overlap(union.clone(), sunset.clone(), weeks()).await.unwrap();
    assert_eq!((far.rows.len(), far.similarity), (0, 0.0));
    let weekly = analytics.cbg_overlap(union, sunset, last_days(10)).traffic_share(TrafficShare::SeventyPercent);
    weekly.await.unwrap();
    let sent: serde_json::Value = mock.backend().journal().last().unwrap().json();
    assert_eq!((&sent["granularity"], &sent["trafficVolPct"]), (&"week".into(), &70.into()));
}

#[tokio::test]
async fn estimates_are_what_is_spent() {
    let [union, bryant, sunset] = venues();
    let mock = MockPlacer::new();
    let analytics = mock.client().analytics();
    let first = || analytics.overlap(union.clone(), bryant.clone(), weeks());
    let second = || analytics.overlap(union.clone(), sunset.clone(), weeks());
    let homes = || analytics.cbg_overlap(union.clone(), bryant.clone(), weeks());
    let other = || analytics.cbg_overlap(union.clone(), sunset.clone(), weeks());
    let mut spent = 0;
    for (question, calls, places) in [(0, 2, 2), (1, 1, 1), (2, 1, 2), (3, 1, 1), (0, 0, 0)] {
        let (estimate, cost) = match question {
            0 => (first().estimate().await, first().await.map(|answer| answer.cost)),
            1 => (second().estimate().await, second().await.map(|answer| answer.cost)),
            2 => (homes().estimate().await, homes().await.map(|answer| answer.cost)),
            _ => (other().estimate().await, other().await.map(|answer| answer.cost)),
        };
        let (estimate, cost) = (estimate.unwrap(), cost.unwrap());
        assert_eq!((estimate.calls, estimate.places, cost.calls), (calls, places, calls), "{question}");
        assert_eq!(mock.fake().used_quota() - spent, u64::from(calls), "{question}");
        spent = mock.fake().used_quota();
    }
}

#[tokio::test]
async fn what_cannot_be_compared_is_refused_for_free_or_named() {
    let quiet = FakeVenue::new("venue:0000000000000000000000ab", "Quiet").standing(Standing::NoData);
    let mock = MockPlacer::builder().venue(quiet).build().unwrap();
    let analytics = mock.client().analytics();
    let refused = [
        (analytics.overlap(venue(0), venue(0), weeks()).await.map(drop), "other"),
        (analytics.overlap(venue(0), venue(1), weeks()).traffic_share(20).await.map(drop), "trafficVolPct"),
        (analytics.overlap(venue(0), id("nonsense"), weeks()).await.map(drop), "venueId"),
        (analytics.cbg_overlap(venue(0), venue(1), last_days(7)).await.map(drop), "endDate"),
        (
            analytics.cbg_overlap(venue(0), venue(1), weeks()).granularity(CbgGranularity::Year).await.map(drop),
            "endDate",
        ),
        (analytics.overlap(venue(0), venue(1), weeks()).within_miles(0).estimate().await.map(drop), "withinDistance"),
    ];
    for (outcome, field) in refused {
        let error = outcome.unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some(field)), "{error:?}");
    }
    assert!(mock.backend().journal().is_empty());
    let quiet = id("venue:0000000000000000000000ab");
    let none = analytics.overlap(venue(0), quiet.clone(), weeks()).await.unwrap_err();
    assert_eq!(none.kind(), ErrorKind::NotFound);
    assert!(none.message().contains(quiet.as_str()), "{none:?}");
    assert_eq!(analytics.cbg_overlap(quiet, venue(0), weeks()).await.unwrap_err().kind(), ErrorKind::NotFound);
}
