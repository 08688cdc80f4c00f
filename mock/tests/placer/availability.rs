use connectors_core::{DateRange, ErrorKind};
use connectors_mock::MockPlacer;
use connectors_placer::{
    AvailabilityPolicy, Fidelity, FootfallRequest, PlacerCode, PlacerErrorExt, PlacerService, latest_complete_day,
};

use super::{monday, venue};

fn days(start: &str, end: &str) -> DateRange {
    DateRange::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
}

#[tokio::test]
async fn shifting_back_finds_the_months_that_are_there() {
    let mock = MockPlacer::builder().lag_days(40).build().unwrap();
    let request = |max_months| {
        let february = days("2026-02-01", "2026-02-28");
        FootfallRequest::new(venue(0), february).availability(AvailabilityPolicy::ShiftBack { max_months })
    };
    let error = mock.footfall(request(1)).await.unwrap_err();
    assert_eq!((error.kind(), error.placer_code()), (ErrorKind::InvalidRequest, Some(PlacerCode::InvalidArguments)));
    let footfall = mock.footfall(request(3)).await.unwrap();
    assert_eq!(footfall.effective_range, days("2025-12-01", "2025-12-28"));
    assert_eq!((footfall.rows.len(), footfall.cost.calls), (28, 3), "two refusals and the answer");
}

#[tokio::test]
async fn a_longer_lag_than_expected_is_placers_refusal() {
    let mock = MockPlacer::builder().lag_days(10).build().unwrap();
    let range = days("2026-02-01", "2026-02-28");
    let error = mock.footfall(FootfallRequest::new(venue(0), range)).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status().map(|s| s.as_u16()), error.attempts()),
        (ErrorKind::InvalidRequest, Some(400), 1)
    );
    assert_eq!(mock.fake().used_quota(), 1, "a refusal counts");
}

#[tokio::test]
async fn reports_of_one_day_can_end_on_the_next() {
    for (single, expected) in [(true, "2026-02-26"), (false, "2026-02-27")] {
        let mock = MockPlacer::builder().lag_days(3).client(|client| client.single_day_ranges(single)).build().unwrap();
        let day = DateRange::single(latest_complete_day(monday()));
        mock.footfall(FootfallRequest::new(venue(0), day).fidelity(Fidelity::PerDay)).await.unwrap();
        let asked: Vec<serde_json::Value> = mock.backend().journal().bodies("reports.visits.dwell_time");
        assert_eq!(
            (asked[0]["startDate"].as_str(), asked[0]["endDate"].as_str()),
            (Some("2026-02-26"), Some(expected))
        );
    }
}
