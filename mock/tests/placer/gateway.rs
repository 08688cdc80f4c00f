//! What gateways have, in the variants that they are found in.

use std::time::Duration;

use connectors_core::testing::VirtualClock;
use connectors_core::{DateRange, ErrorKind};
use connectors_mock::placer::{Dialect, FakeVenue, Standing};
use connectors_mock::{Fault, MockPlacer, MockPlacerBuilder};
use connectors_placer::{Contract, FootfallRequest, GatewayDates, MovementRequest, PlacerService};

use super::{id, last_days, monday, venue, week_at};

fn by_range() -> MockPlacerBuilder {
    MockPlacer::builder().contract(Contract::Gateway)
}

fn by_day() -> MockPlacerBuilder {
    by_range().gateway_dates(GatewayDates::SingleDay)
}

fn queries(mock: &MockPlacer) -> Vec<String> {
    mock.backend().journal().into_iter().map(|entry| entry.query.clone().unwrap_or_default()).collect()
}

#[tokio::test]
async fn days_are_asked_for_one_by_one_or_all_at_once() {
    let mock = by_range().build().unwrap();
    mock.footfall(week_at(0)).await.unwrap();
    assert_eq!(queries(&mock), ["start=2026-02-20&end=2026-02-26"]);

    let mock = by_day().build().unwrap();
    mock.backend().latency(Duration::from_millis(100));
    let estimate = mock.client().estimate(&week_at(0)).await.unwrap();
    let footfall = mock.footfall(week_at(0)).await.unwrap();
    assert_eq!((estimate.calls, estimate.places), (7, 1));
    assert_eq!((footfall.rows.len(), footfall.cost.calls), (7, 7));
    let mut asked = queries(&mock);
    asked.sort();
    assert_eq!((asked.len(), asked[0].as_str(), asked[6].as_str()), (7, "date=2026-02-20", "date=2026-02-26"));
    let longer = FootfallRequest::new(venue(0), last_days(9));
    let longer = mock.footfall(longer).await.unwrap();
    assert_eq!((longer.rows.len(), longer.cost.calls, longer.cost.cached), (9, 2, 7), "known days are not asked for");
    assert!(longer.rows.windows(2).all(|pair| pair[0].date < pair[1].date));
}

#[tokio::test]
async fn a_venue_that_is_not_known_is_not_asked_about_for_a_year() {
    let mock = by_day().client(|client| client.concurrency(4)).build().unwrap();
    let unknown = FootfallRequest::new(id("harbor-tacos"), last_days(365));
    assert_eq!(mock.footfall(unknown).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(mock.backend().journal().len(), 4);
    let quiet = FakeVenue::new("quiet", "Quiet").standing(Standing::NoData);
    let mock = by_day().venue(quiet).build().unwrap();
    assert!(mock.footfall(FootfallRequest::new(id("quiet"), last_days(7))).await.unwrap().rows.is_empty());
}

#[tokio::test]
async fn one_failing_day_fails_the_question_and_the_others_are_kept() {
    let mock = by_day().client(|client| client.retry(connectors_core::RetryPolicy::never())).build().unwrap();
    mock.backend().script("venues.footfall", [Fault::Status(500)]);
    assert_eq!(mock.footfall(week_at(0)).await.unwrap_err().kind(), ErrorKind::Server);
    let again = mock.footfall(week_at(0)).await.unwrap();
    assert_eq!((again.rows.len(), again.cost.calls + again.cost.cached), (7, 7));
}

#[tokio::test]
async fn that_there_is_nothing_is_not_kept_for_long() {
    let clock = VirtualClock::default();
    let quiet = FakeVenue::new("quiet", "Quiet").standing(Standing::NoData);
    let mock = by_range().clock(std::sync::Arc::new(clock.clone())).venue(quiet).build().unwrap();
    for (minutes, asked) in [(0, 1), (4, 1), (2, 2)] {
        clock.advance(Duration::from_secs(minutes * 60));
        assert!(mock.footfall(FootfallRequest::new(id("quiet"), last_days(7))).await.unwrap().rows.is_empty());
        mock.footfall(week_at(0)).await.unwrap();
        assert_eq!(mock.backend().count("venues.footfall"), asked + 1, "those with visits are kept");
    }
}

#[tokio::test]
async fn extras_are_told_through_the_handle() {
    for dialect in [Dialect::Observed, Dialect::Documented] {
        let mock = by_day().dialect(dialect).build().unwrap();
        let gateway = mock.client().gateway();
        let days = gateway.footfall(&venue(0), last_days(3)).await.unwrap();
        assert_eq!((days.len(), days[0].venue_name.as_deref()), (3, Some("Harbor Point Market")));
        for day in &days {
            let hours = day.hourly.unwrap();
            assert_eq!(Some(day.visits), mock.fake().visits(venue(0).as_str(), day.date));
            assert_eq!(hours.iter().sum::<u64>(), day.visits);
            assert_eq!(hours[usize::from(day.peak_hour.unwrap())], hours.into_iter().max().unwrap());
        }
        let movement = gateway.movement(&venue(0), Some(days[0].date)).await.unwrap();
        assert!(movement.date == Some(days[0].date) && movement.average_visit_minutes.is_some(), "{movement:?}");
        let people = gateway.demographics(&venue(0)).await.unwrap();
        for groups in [&people.age_groups, &people.gender_split, &people.visit_frequency] {
            let all: f64 = groups.iter().map(|group| group.share).sum();
            assert!((99.5..=100.5).contains(&all) && groups.len() >= 2, "{groups:?}");
        }
        assert_eq!(gateway.health().await.unwrap().status.as_deref(), Some("ok"));
    }
}

#[tokio::test]
async fn a_gateway_that_is_asked_by_ranges_has_none_of_it() {
    let mock = by_range().build().unwrap();
    let gateway = mock.client().gateway();
    assert_eq!(gateway.footfall(&venue(0), last_days(7)).await.unwrap().len(), 7);
    assert_eq!(gateway.movement(&venue(0), None).await.unwrap().date, None);
    assert_eq!(gateway.movement(&venue(0), Some(monday())).await.unwrap_err().kind(), ErrorKind::Unsupported);
    assert_eq!(gateway.demographics(&venue(0)).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(gateway.health().await.unwrap_err().kind(), ErrorKind::NotFound);
    let future = DateRange::single(monday().succ_opt().unwrap());
    assert_eq!(gateway.footfall(&venue(0), future).await.unwrap_err().field(), Some("range"));
}

#[tokio::test]
async fn the_service_asks_for_the_pattern_of_a_day_where_there_is_one() {
    let mock = by_day().build().unwrap();
    let day = last_days(1);
    let movement = mock.movement(MovementRequest::new(venue(0)).range(day)).await.unwrap();
    assert_eq!((movement.range, queries(&mock)), (Some(day), vec!["date=2026-02-26".to_owned()]));
    let week = mock.movement(MovementRequest::new(venue(0)).range(last_days(7))).await.unwrap_err();
    assert_eq!(week.kind(), ErrorKind::Unsupported);
}

#[tokio::test]
async fn health_is_asked_before_the_key_where_there_is_one() {
    let mock = by_day().build().unwrap();
    assert!(mock.test_connection().await.unwrap().is_connected());
    assert_eq!((mock.backend().count("health"), mock.backend().journal().len()), (1, 2));
    mock.client().replace_api_key("wrong").unwrap();
    assert!(!mock.test_connection().await.unwrap().is_connected(), "health says nothing of the key");
    mock.backend().script("health", [Fault::Status(503); 20]);
    assert!(!mock.test_connection().await.unwrap().is_connected());
    let without = by_range().build().unwrap();
    without.test_connection().await.unwrap();
    assert_eq!(without.backend().count("health"), 0);
}

#[tokio::test]
async fn the_native_contract_has_no_gateway() {
    let mock = MockPlacer::new();
    let gateway = mock.client().gateway();
    let errors = [
        gateway.footfall(&venue(0), last_days(7)).await.unwrap_err(),
        gateway.movement(&venue(0), None).await.unwrap_err(),
        gateway.demographics(&venue(0)).await.unwrap_err(),
        gateway.health().await.unwrap_err(),
    ];
    assert!(errors.iter().all(|error| error.kind() == ErrorKind::Unsupported && error.attempts() == 0), "{errors:?}");
    assert!(mock.backend().journal().is_empty());
}
