//! Every state that the fake can be brought into.

use std::sync::Arc;
use std::time::Duration;

use connectors_core::testing::VirtualClock;
use connectors_core::{ErrorKind, Result};
use connectors_mock::placer::{FakeVenue, Oddity, Standing};
use connectors_mock::{Fault, MockPlacer};
use connectors_placer::{Granularity, Outcome, PlacerCode, PlacerErrorExt, PlacerService};

use super::{id, last_days, venue, week_at};

const HOURS: &str = "reports.visits.hours";
const TRENDS: &str = "reports.visits.trends";
const DAY: Duration = Duration::from_secs(24 * 3600);

fn on_clock() -> (VirtualClock, connectors_mock::MockPlacerBuilder) {
    let clock = VirtualClock::default();
    (clock.clone(), MockPlacer::builder().clock(Arc::new(clock)).polls(0))
}

#[tokio::test]
async fn oddities_pass_or_end_as_they_should() {
    use Oddity::{
        EmptyBody, Forbidden, GatewayTimeout, NoContent, NoDataInside, PartlyPending, PartlyPendingInside, Pending,
        PendingInside, Refused,
    };
    let kinds = [
        (Pending, None),
        (EmptyBody, None),
        (NoContent, None),
        (NoDataInside, Some(ErrorKind::NotFound)),
        (PendingInside, None),
        (PartlyPending, None),
        (PartlyPendingInside, None),
        (GatewayTimeout, None),
        (Forbidden, Some(ErrorKind::Auth)),
        (Refused(PlacerCode::Unauthorized), Some(ErrorKind::PermissionDenied)),
        (Refused(PlacerCode::RestrictedArea), Some(ErrorKind::PermissionDenied)),
        (Refused(PlacerCode::InvalidArguments), Some(ErrorKind::InvalidRequest)),
        (Refused(PlacerCode::RateLimited), None),
        (Refused(PlacerCode::LimitExceeded), Some(ErrorKind::QuotaExhausted)),
        (Refused(PlacerCode::GeneralError), None),
        (Refused(PlacerCode::NotFound), Some(ErrorKind::NotFound)),
    ];
    for (oddity, expected) in kinds {
        let mock = MockPlacer::builder().polls(0).build().unwrap();
        mock.fake().oddities(HOURS, [oddity]);
        let report = mock.client().reports().visits().hours(venue(0), last_days(7)).await;
        let report = report.and_then(Outcome::required);
        assert_eq!(report.as_ref().err().map(connectors_core::Error::kind), expected, "{oddity:?}: {report:?}");
        if let (Err(error), Refused(code)) = (&report, oddity) {
            assert_eq!(error.placer_code(), Some(code), "{error:?}");
        }
    }
}

#[tokio::test]
async fn entries_that_are_pending_inside_a_success_are_waited_for() {
    for oddity in [Oddity::PartlyPending, Oddity::PartlyPendingInside, Oddity::PendingInside] {
        let mock = MockPlacer::builder().polls(0).build().unwrap();
        mock.fake().oddities(TRENDS, [oddity]);
        let trends = mock.client().reports().visits().trends([0, 1, 2].map(venue), last_days(7), Granularity::Day);
        assert_eq!(trends.await.unwrap().found.len(), 3, "{oddity:?}");
        let status = mock.backend().journal()[0].status.map(|status| status.as_u16());
        assert_eq!(status, Some(if oddity == Oddity::PartlyPending { 207 } else { 200 }));
    }
}

#[tokio::test]
async fn what_is_restricted_says_so() {
    let place = "venue:0000000000000000000000ee";
    let mock =
        MockPlacer::builder().venue(FakeVenue::new(place, "Base").standing(Standing::Restricted)).build().unwrap();
    let error = mock.client().reports().visits().hours(id(place), last_days(7)).await.unwrap_err();
    assert_eq!((error.kind(), error.placer_code()), (ErrorKind::PermissionDenied, Some(PlacerCode::RestrictedArea)));
}

#[tokio::test]
async fn a_gateway_that_gives_up_after_29_seconds_is_asked_again() {
    let (clock, builder) = on_clock();
    let mock = builder.build().unwrap();
    mock.fake().oddities(HOURS, [Oddity::GatewayTimeout; 2]);
    mock.backend().script(HOURS, [Fault::Slow(Duration::from_secs(29)); 2]);
    mock.client().reports().visits().hours(venue(0), last_days(7)).await.unwrap().required().unwrap();
    assert!(clock.elapsed() >= Duration::from_secs(58), "{:?}", clock.elapsed());
}

#[tokio::test]
async fn reports_can_take_the_time_that_placer_publishes() {
    let (clock, builder) = on_clock();
    let mock = builder.compute_times().build().unwrap();
    let visits = mock.client().reports().visits();
    let quick = visits.days(venue(0), last_days(7)).send().await.unwrap();
    assert_eq!(quick.meta().polls, 1, "it is there before the first wait is over");
    let before = clock.elapsed();
    let slow = visits.metrics([venue(0)], last_days(7)).send().await.unwrap();
    assert!((Duration::from_secs(10)..Duration::from_secs(20)).contains(&clock.elapsed().saturating_sub(before)));
    assert!(slow.meta().polls >= 2, "{:?}", slow.meta());
    let again = visits.metrics([venue(0)], last_days(7)).cache(connectors_core::CachePolicy::Refresh).send();
    assert_eq!(again.await.unwrap().meta().polls, 0, "the fake keeps what it has computed");
}

#[tokio::test]
async fn weekly_quotas_are_renewed_on_sunday() {
    let (clock, builder) = on_clock();
    let mock =
        builder.call_quota(2).poi_quota(1).client(|client| client.timeout(Duration::from_secs(20))).build().unwrap();
    let ask = async |number| mock.footfall(week_at(number).cache(connectors_core::CachePolicy::Bypass)).await;
    let usage = async || -> Result<(u64, u64)> {
        let usage = mock.client().account().usage_status().await?;
        Ok((usage.used_quota, usage.queried_pois))
    };
    ask(0).await.unwrap();
    let other = ask(1).await.unwrap_err();
    assert_eq!((other.kind(), other.placer_code()), (ErrorKind::QuotaExhausted, Some(PlacerCode::LimitExceeded)));
    ask(0).await.unwrap();
    let third = ask(0).await.unwrap_err();
    assert_eq!((third.kind(), third.placer_code()), (ErrorKind::RateLimited, Some(PlacerCode::RateLimited)));
    assert_eq!((usage().await.unwrap(), mock.fake().queried_places()), ((2, 1), 1));
    // From Monday to Saturday, and then to Sunday.
    clock.advance(DAY * 5);
    ask(0).await.unwrap_err();
    clock.advance(DAY);
    ask(1).await.unwrap();
    assert_eq!(usage().await.unwrap(), (1, 1));
}
