//! What answers cost: foretold, and told.

use std::sync::Arc;
use std::time::Duration;

use connectors_core::testing::VirtualClock;
use connectors_core::{CachePolicy, ErrorKind};
use connectors_mock::placer::{FakeVenue, Oddity, Standing};
use connectors_mock::{Fault, MockPlacer};
use connectors_placer::{
    AggregateRequest, Estimate, Fidelity, FootfallRequest, MovementRequest, PlacerService, VenueId,
};

use super::{BOTH, builder, id, last_days, venue, week_at, week_at_all};

const FIDELITIES: [Fidelity; 4] =
    [Fidelity::VisitsOnly, Fidelity::WithPeriodTotals, Fidelity::Estimate, Fidelity::PerDay];

/// What the fake has counted.
pub struct Counted(u64, usize);

impl Counted {
    pub fn by(mock: &MockPlacer) -> Self {
        Self(mock.fake().used_quota(), mock.fake().queried_places())
    }

    /// Whether it was foretold what was counted since.
    pub fn assert_foretold(&self, estimate: Estimate, mock: &MockPlacer, what: &str) {
        let since = Self::by(mock);
        assert_eq!(u64::from(estimate.calls), since.0 - self.0, "calls of {what}");
        assert_eq!(usize::try_from(estimate.places).unwrap(), since.1 - self.1, "places of {what}");
    }
}

async fn assert_foretold(mock: &MockPlacer, request: AggregateRequest, what: &str) {
    let (estimate, before) = (mock.client().estimate(&request).await.unwrap(), Counted::by(mock));
    let answer = mock.aggregate_footfall(request).await.unwrap();
    before.assert_foretold(estimate, mock, what);
    assert_eq!(answer.cost.calls, estimate.calls, "{what}");
}

fn stores(count: usize) -> Vec<VenueId> {
    (1..=count).map(|n| id(&format!("venue:{n:024x}"))).collect()
}

#[tokio::test]
async fn an_estimate_is_what_is_counted_then() {
    for fidelity in FIDELITIES {
        let mock = MockPlacer::builder().corner_stores(110).build().unwrap();
        let request = |venues: &[VenueId]| AggregateRequest::new(venues.to_vec(), last_days(2)).fidelity(fidelity);
        let all = stores(110);
        assert_foretold(&mock, request(&all[..25]), &format!("{fidelity:?}, cold")).await;
        assert_foretold(&mock, request(&all[10..]), &format!("{fidelity:?}, half of it cached")).await;
        let nothing = mock.client().estimate(&request(&all)).await.unwrap();
        assert_eq!(nothing, Estimate::default(), "{fidelity:?}, cached");
        let fresh = mock.client().estimate(&request(&all).cache(CachePolicy::Refresh)).await.unwrap();
        assert!(fresh.calls > 0 && fresh.places == 110 && fresh.duration > Duration::ZERO);

        let one = FootfallRequest::new(venue(3), last_days(7)).fidelity(fidelity);
        let (estimate, before) = (mock.client().estimate(&one).await.unwrap(), Counted::by(&mock));
        mock.footfall(one).await.unwrap();
        before.assert_foretold(estimate, &mock, &format!("{fidelity:?} of one venue"));
    }
    let mock = MockPlacer::new();
    let request = MovementRequest::new(venue(0));
    let (estimate, before) = (mock.client().estimate(&request).await.unwrap(), Counted::by(&mock));
    mock.movement(request.clone()).await.unwrap();
    before.assert_foretold(estimate, &mock, "movement");
    assert_eq!(mock.client().estimate(&request).await.unwrap(), Estimate::default());
}

#[tokio::test]
async fn what_is_known_of_the_days_makes_an_estimate_exact() {
    let quiet = FakeVenue::new("venue:0000000000000000000000aa", "Quiet").standing(Standing::NoData);
    let custom = FakeVenue::new("complex:0000000000000000000000bb", "Ours").standing(Standing::Custom);
    let mock = MockPlacer::builder().venue(quiet).venue(custom).build().unwrap();
    let venues = ["venue:0000000000000000000000aa", "complex:0000000000000000000000bb"].map(id);
    mock.aggregate_footfall(AggregateRequest::new(venues.to_vec(), last_days(7))).await.unwrap();
    let request = AggregateRequest::new(venues.to_vec(), last_days(7)).fidelity(Fidelity::PerDay);
    let estimate = mock.client().estimate(&request).await.unwrap();
    assert_eq!((estimate.calls, estimate.places), (14, 1), "nothing more is asked about a place without data");
    assert_eq!(mock.aggregate_footfall(request).await.unwrap().cost.calls, 14);
}

#[tokio::test]
async fn both_contracts_can_tell() {
    for contract in BOTH {
        let mock = builder(contract).build().unwrap();
        let estimate = mock.client().estimate(&week_at_all()).await.unwrap();
        let answer = mock.aggregate_footfall(week_at_all()).await.unwrap();
        assert_eq!((estimate.calls, estimate.places), (answer.cost.calls, 10));
        let movement = MovementRequest::new(venue(0));
        assert_eq!(mock.client().estimate(&movement).await.unwrap().calls, 1);
        mock.movement(movement.clone()).await.unwrap();
        assert_eq!(mock.client().estimate(&movement).await.unwrap().calls, 0);
    }
    let mock = MockPlacer::new();
    let refused = mock.client().estimate(&FootfallRequest::new(id("nonsense"), last_days(7))).await.unwrap_err();
    assert_eq!(refused.field(), Some("venueId"));
    assert_eq!(mock.fake().used_quota(), 0, "an estimate asks for nothing");
}

#[tokio::test]
async fn an_estimated_time_is_about_right() {
    let clock = VirtualClock::default();
    let mock = MockPlacer::builder().clock(Arc::new(clock.clone())).corner_stores(50).build().unwrap();
    let request = AggregateRequest::new(stores(50), last_days(7)).fidelity(Fidelity::PerDay);
    let estimate = mock.client().estimate(&request).await.unwrap();
    mock.aggregate_footfall(request).await.unwrap();
    let (took, told) = (clock.elapsed().as_secs_f64(), estimate.duration.as_secs_f64());
    assert!((0.3..3.0).contains(&(told / took)), "{told} s foretold, {took} s taken");
}

#[tokio::test]
async fn the_cost_is_what_the_provider_counts_whatever_happens() {
    let trends = "reports.visits.trends";
    for oddities in [
        vec![Oddity::GatewayTimeout, Oddity::EmptyBody],
        vec![Oddity::PendingInside],
        vec![Oddity::NoContent],
        vec![Oddity::PartlyPending],
    ] {
        let mock = MockPlacer::new();
        mock.fake().oddities(trends, oddities.clone());
        let cost = mock.aggregate_footfall(week_at_all()).await.unwrap().cost;
        assert_eq!(u64::from(cost.calls), mock.fake().used_quota(), "{oddities:?}: {cost:?}");
    }
    let mock = MockPlacer::new();
    mock.backend().script(trends, [Fault::Status(500), Fault::Throttle(None)]);
    assert_eq!(mock.footfall(week_at(0)).await.unwrap().cost.calls, 1);
}

#[tokio::test]
async fn days_that_fail_leave_the_others_as_they_are() {
    let mock = MockPlacer::builder().polls(0).build().unwrap();
    mock.backend().script("reports.visits.dwell_time", [Fault::Status(400)]);
    let request = week_at(0).fidelity(Fidelity::PerDay);
    let footfall = mock.footfall(request.clone()).await.unwrap();
    assert_eq!((footfall.rows.len(), footfall.failed_days.len()), (7, 1));
    let failed = &footfall.failed_days[0];
    for row in &footfall.rows {
        assert!(row.unique_visitors.is_some(), "the other report of the day did not fail");
        assert_eq!(row.avg_dwell_minutes.is_none(), row.date == failed.date, "{row:?}");
    }
    let json = serde_json::to_value(&footfall).unwrap();
    assert_eq!(json["failedDays"][0]["date"], serde_json::json!(failed.date));
    let again = mock.footfall(request).await.unwrap();
    assert_eq!((again.cost.calls, again.failed_days.len()), (1, 0), "only what failed is asked for again");

    let mock = MockPlacer::builder().polls(0).build().unwrap();
    mock.backend().script("reports.visits.dwell_time", [(); 7].map(|()| Fault::Status(400)));
    mock.backend().script("reports.visits.metrics", [(); 7].map(|()| Fault::Status(400)));
    let failed = mock.footfall(week_at(0).fidelity(Fidelity::PerDay)).await.unwrap_err();
    assert_eq!(failed.kind(), ErrorKind::InvalidRequest);
}

#[tokio::test]
async fn an_answer_of_many_reports_has_one_deadline() {
    let limit = Duration::from_secs(90);
    let clock = VirtualClock::default();
    let mock = MockPlacer::builder().clock(Arc::new(clock.clone())).corner_stores(25).polls(1000).build().unwrap();
    let request = AggregateRequest::new(stores(25), last_days(7)).fidelity(Fidelity::PerDay).timeout(limit);
    let answer = mock.aggregate_footfall(request).await.unwrap();
    assert!(answer.failures.iter().all(|failure| failure.error.kind() == ErrorKind::Pending));
    assert!(clock.elapsed() <= limit, "{:?}", clock.elapsed());

    let clock = VirtualClock::default();
    let mock = MockPlacer::builder().clock(Arc::new(clock.clone())).corner_stores(25).polls(8).build().unwrap();
    let request = |limit| AggregateRequest::new(stores(25), last_days(7)).fidelity(Fidelity::PerDay).timeout(limit);
    let some = mock.aggregate_footfall(request(limit)).await.unwrap();
    assert!(clock.elapsed() <= limit, "{:?}", clock.elapsed());
    assert_eq!(some.failures.len(), 25, "no day was done in time: {:?}", some.failures.first());
    let all = mock.aggregate_footfall(request(limit * 60)).await.unwrap();
    assert!(all.failures.is_empty() && all.by_venue.iter().all(|footfall| footfall.failed_days.is_empty()));
}
