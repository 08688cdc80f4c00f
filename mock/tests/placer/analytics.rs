//! What is made of several reports, and of rows.

use std::sync::Arc;
use std::time::Duration;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use connectors_core::testing::VirtualClock;
use connectors_core::{CachePolicy, DateRange, ErrorKind};
use connectors_mock::placer::{FakeVenue, Standing};
use connectors_mock::{Fault, MockPlacer};
use connectors_placer::{
    Against, AggregateRequest, AlertRule, Contract, Dataset, Estimate, Fidelity, MovementRequest, Part, PlacerService,
    ProfilePart, Quality, Trailing, VenueId, compare, last_full_month, last_full_weeks, latest_complete_day,
};
use serde::Serialize;

use super::cost::Counted;
use super::{BOTH, builder, id, last_days, monday, venue};

const QUIET: &str = "venue:0000000000000000000000aa";

fn latest() -> NaiveDate {
    latest_complete_day(monday())
}

fn weeks(count: u32) -> DateRange {
    last_full_weeks(count, latest()).unwrap()
}

/// The visits that the fake knows of.
fn visits(mock: &MockPlacer, venue: &VenueId, range: DateRange) -> u64 {
    range.days().filter_map(|day| mock.fake().visits(venue.as_str(), day)).sum()
}

#[tokio::test]
async fn a_week_has_a_cell_for_every_hour() {
    let mock = MockPlacer::new();
    let week = mock.client().analytics().week_pattern(venue(3), weeks(4)).await.unwrap();
    assert_eq!((week.rows.len(), week.cost.calls, week.failures.len()), (168, 7, 0));
    assert!(week.rows.iter().all(|row| row.days == 4));
    let total: u64 = week.rows.iter().map(|row| row.visits).sum();
    assert_eq!(total, visits(&mock, &venue(3), weeks(4)), "each visit is in one cell");
    let matrix = week.matrix();
    assert!(matrix[5].iter().sum::<f64>() > matrix[0].iter().sum::<f64>(), "a mall is fuller on Saturday");
    let busiest = week.busiest().unwrap();
    assert!(matches!(busiest.weekday, Weekday::Sat | Weekday::Sun) && busiest.score.unwrap() > 1.0, "{busiest:?}");
    assert!(week.rows.iter().filter(|row| !row.open).all(|row| row.level.is_none()));
    assert_eq!(week.weekdays.len(), 7);

    let days = mock.client().analytics().day_of_week(venue(3), weeks(4)).await.unwrap();
    assert_eq!((days.rows.len(), days.cost.calls, days.busiest().unwrap().weekday), (7, 1, Weekday::Sat));
    for day in &days.rows {
        let of_hours: u64 = week.rows.iter().filter(|row| row.weekday == day.weekday).map(|row| row.visits).sum();
        assert_eq!(of_hours, day.visits, "{day:?}");
    }
    let weekend = DateRange::new("2026-02-21".parse().unwrap(), "2026-02-22".parse().unwrap()).unwrap();
    let two = mock.client().analytics().week_pattern(venue(3), weekend).await.unwrap();
    assert_eq!((two.rows.len(), two.cost.calls), (48, 2), "weekdays that do not occur are not asked for");
}

#[tokio::test]
async fn a_weekday_that_fails_does_not_fail_the_week() {
    let mock = MockPlacer::builder().polls(0).build().unwrap();
    mock.backend().script("reports.visits.hours", [Fault::Status(400)]);
    let week = mock.client().analytics().week_pattern(venue(0), weeks(2)).await.unwrap();
    assert_eq!((week.rows.len(), week.failures.len()), (144, 1));
    let again = mock.client().analytics().week_pattern(venue(0), weeks(2)).await.unwrap();
    assert_eq!((again.rows.len(), again.cost.calls), (168, 1));

    let quiet = FakeVenue::new(QUIET, "Quiet").standing(Standing::NoData);
    let mock = MockPlacer::builder().venue(quiet).build().unwrap();
    let analytics = mock.client().analytics();
    assert_eq!(analytics.week_pattern(id(QUIET), weeks(1)).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(analytics.day_of_week(id(QUIET), weeks(1)).await.unwrap_err().kind(), ErrorKind::NotFound);
    let unknown = id("venue:0000000000000000000000ff");
    assert_eq!(analytics.week_pattern(unknown, weeks(1)).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn movement_tells_each_hour() {
    let mock = MockPlacer::new();
    let movement = mock.movement(MovementRequest::new(venue(0)).range(weeks(4))).await.unwrap();
    assert_eq!(movement.hours.len(), 24);
    assert!(movement.hours.iter().all(|hour| hour.open == (8..20).contains(&hour.hour)), "by its opening hours");
    assert_eq!(movement.surge.most_come, Some(12), "for lunch: {:?}", movement.hourly);
    assert!(!movement.peak_hours.is_empty() && !movement.quiet_hours.is_empty(), "{movement:?}");
    let total: u64 = movement.hours.iter().map(|hour| hour.visits).sum();
    assert_eq!(total, visits(&mock, &venue(0), weeks(4)));
}

#[tokio::test]
async fn changes_are_those_of_the_same_weekdays() {
    for contract in BOTH {
        let mock = builder(contract).build().unwrap();
        let analytics = mock.client().analytics();
        let venues = [venue(0), venue(3), venue(0)];
        let year = analytics.year_over_year(venues.clone(), weeks(2)).await.unwrap();
        assert_eq!(year.previous.start(), weeks(2).start() - Days::new(364));
        assert_eq!((year.venues.len(), year.days.len(), year.failures.len()), (2, 28, 0), "each venue once");
        for (row, venue) in year.venues.iter().zip([venue(0), venue(3)]) {
            assert_eq!(row.visits, visits(&mock, &venue, weeks(2)), "{contract:?}");
            assert_eq!(row.previous_visits, visits(&mock, &venue, year.previous), "{contract:?}");
        }
        assert!(year.days.iter().all(|day| day.date.weekday() == day.previous_date.weekday()));
        assert_eq!((year.total.days, year.total.missing), (28, 0));
        assert_eq!(year.total.visits, year.venues.iter().map(|row| row.visits).sum::<u64>());
        assert_eq!(year.cost.calls, if contract == Contract::Native { 1 } else { 2 }, "one question for both years");

        let week = analytics.week_over_week(venues.clone(), weeks(1)).await.unwrap();
        assert_eq!(week.previous.end(), weeks(1).start() - Days::new(1));
        let unknown = id("venue:0000000000000000000000ff");
        let some = analytics.week_over_week([venue(0), unknown.clone()], weeks(1)).await.unwrap();
        assert_eq!((some.venues.len(), &some.failures[0].venue, some.total.days), (1, &unknown, 7));
    }
}

#[tokio::test]
async fn days_that_are_not_there_are_told_instead_of_counted_as_zero() {
    let mock = MockPlacer::new();
    let to_today = DateRange::last_days(7, monday()).unwrap();
    let clamped = mock.client().analytics().week_over_week([venue(0)], to_today).await.unwrap();
    assert_eq!((clamped.current.end(), clamped.total.days, clamped.total.missing), (latest(), 3, 0));

    let quiet = FakeVenue::new(QUIET, "Quiet").standing(Standing::NoData);
    let mock = MockPlacer::builder().venue(quiet).build().unwrap();
    let both = mock.client().analytics().week_over_week([venue(0), id(QUIET)], weeks(1)).await.unwrap();
    assert_eq!((both.total.days, both.total.missing), (7, 7));
    assert_eq!((both.venues[1].days, both.venues[1].missing, both.venues[1].change_percent), (0, 7, None));

    let january = last_full_month("2026-01-31".parse().unwrap()).unwrap();
    let long_ago = Against::Range(DateRange::last_days(31, "2023-01-31".parse().unwrap()).unwrap());
    let far = mock.client().analytics().compare([venue(0)], january, long_ago).await.unwrap();
    assert_eq!((far.cost.calls, far.total.days), (2, 31), "years between them are not asked for");
    assert!(far.total.change.is_some());
}

#[tokio::test]
async fn kinds_of_visits_that_differ_are_not_added_up_in_silence() {
    let mock = MockPlacer::new();
    let analytics = mock.client().analytics();
    let mixed = analytics.week_over_week([venue(0), venue(1)], weeks(1)).await.unwrap();
    assert!(mixed.total.mixed_segments && mixed.total.change_percent.is_some(), "like with like, but not one thing");
    assert!(mixed.venues.iter().all(|row| !row.mixed_segments));
    let same = analytics.week_over_week([venue(0), venue(1)], weeks(1));
    let same = same.segment(connectors_placer::VisitSegment::AllVisits).await.unwrap();
    assert!(!same.total.mixed_segments && same.total.segment.is_some());
}

#[tokio::test]
async fn windows_reach_back_before_the_range() {
    let mock = MockPlacer::new();
    let analytics = mock.client().analytics();
    let trailing = analytics.trailing([venue(0)], weeks(1), Trailing::new(28)).await.unwrap();
    assert_eq!((trailing.rows.len(), trailing.cost.calls), (7, 1));
    for row in &trailing.rows {
        let window = DateRange::last_days(28, row.date).unwrap();
        assert_eq!((row.visits, row.days), (visits(&mock, &venue(0), window), 28));
    }
    let body = mock.backend().journal()[0].json::<serde_json::Value>();
    assert_eq!(body["startDate"], serde_json::json!(weeks(1).start() - Days::new(27)), "no day more than it takes");
}

#[tokio::test]
async fn alerts_are_about_the_latest_day() {
    for contract in BOTH {
        let quiet = FakeVenue::new(QUIET, "Quiet").standing(Standing::NoData);
        let mock = builder(contract).venue(quiet).build().unwrap();
        let report =
            mock.client().analytics().alerts([venue(0), venue(3), id(QUIET)], AlertRule::new(0.0)).await.unwrap();
        assert_eq!((report.date, report.alerts.len()), (latest(), 2), "anything differs by zero percent or more");
        assert_eq!(report.not_judged, [id(QUIET)]);
        let recent = DateRange::last_days(7, latest()).unwrap();
        let before = DateRange::last_days(28, recent.start() - Days::new(1)).unwrap();
        for alert in &report.alerts {
            let daily = |range: DateRange| {
                f64::from(u32::try_from(visits(&mock, &alert.venue, range)).unwrap())
                    / f64::from(u32::try_from(range.len()).unwrap())
            };
            assert!((alert.average - daily(recent)).abs() < 1e-6 && (alert.baseline - daily(before)).abs() < 1e-6);
        }
        assert!(mock.client().analytics().alerts([venue(0)], AlertRule::new(900.0)).await.unwrap().alerts.is_empty());
    }
}

#[tokio::test]
async fn the_latest_day_is_found_out_once_a_day() {
    for contract in BOTH {
        let clock = VirtualClock::default();
        let mock = builder(contract).clock(Arc::new(clock.clone())).polls(0).build().unwrap();
        let ask = async || mock.client().analytics().latest_available(venue(0)).await.unwrap();
        let found = ask().await;
        assert_eq!((found.date, found.cost.calls), (Some(latest()), 1));
        clock.advance(Duration::from_secs(2 * 3600));
        let again = ask().await;
        assert_eq!((again.date, again.cost.calls, again.cost.cached), (found.date, 0, 1));
        clock.advance(Duration::from_secs(24 * 3600));
        let tomorrow = ask().await;
        assert_eq!((tomorrow.date, tomorrow.cost.calls), (Some(latest() + Days::new(1)), 1));
    }
    let mock = MockPlacer::builder().lag_days(12).build().unwrap();
    let request = || mock.client().analytics().latest_available(venue(0));
    let found = request().await.unwrap();
    assert_eq!((found.date, found.cost.calls), (Some(monday() - Days::new(13)), 3), "two refusals");
    assert_eq!(u64::from(found.cost.calls), mock.fake().used_quota());
    let never = MockPlacer::builder().lag_days(400).build().unwrap();
    let never = never.client().analytics().latest_available(venue(0)).probes(2).await.unwrap();
    assert_eq!((never.date, never.cost.calls), (None, 2));
    let unknown = mock.client().analytics().latest_available(id("venue:0000000000000000000000ff")).await.unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_profile_has_many_parts() {
    let mock = MockPlacer::new();
    let profile = mock.client().analytics().profile(venue(3), weeks(4)).await.unwrap();
    assert_eq!((profile.cost.calls, profile.failures().len()), (7, 0), "{:?}", profile.failures());
    let row = profile.row();
    assert_eq!((row.visits, row.peak_weekday), (Some(visits(&mock, &venue(3), weeks(4))), Some(Weekday::Sat)));
    assert!(row.visitors < row.visits && row.avg_dwell_minutes >= row.median_dwell_minutes, "{row:?}");
    assert!(row.returning_percent.is_some_and(|percent| (1.0..99.0).contains(&percent)), "{row:?}");
    assert!(row.trade_area_radius_miles.is_some_and(|miles| miles > 0.5), "{row:?}");
    assert!(row.median_age.is_some_and(|years| (15.0..80.0).contains(&years)), "{row:?}");
    assert!(row.population.is_some() && row.peak_hours.is_some() && row.failed.is_empty(), "{row:?}");
}

#[tokio::test]
async fn a_part_of_a_profile_that_is_missing_loses_nothing_else() {
    let place = FakeVenue::new(QUIET, "Nobody's").standing(Standing::WithoutDemographics);
    let mock = MockPlacer::builder().polls(0).venue(place).build().unwrap();
    mock.backend().script("reports.visits.dwell_time", [Fault::Status(400)]);
    let request = mock.client().analytics().profile(id(QUIET), weeks(4)).dataset(Dataset::Census);
    let profile = request.await.unwrap();
    let failed: Vec<_> = profile.failures().into_iter().map(|(part, error)| (part, error.kind())).collect();
    let expected =
        [(ProfilePart::Dwell, ErrorKind::InvalidRequest), (ProfilePart::Demographics, ErrorKind::PermissionDenied)];
    assert_eq!(failed, expected);
    let hint = profile.demographics.error().and_then(|error| error.hint()).unwrap_or_default().to_owned();
    assert!(hint.contains("census"), "it says what to ask Placer for: {hint}");
    assert!(profile.visits.found().is_some() && profile.row().median_age.is_none());
    assert_eq!(profile.row().failed, "dwell, demographics");
    let json = serde_json::to_value(&profile).unwrap();
    assert!(json["dwell"]["error"].is_string() && json["visits"]["visits"].is_number(), "{json}");
    let places = ["visits", "movement", "loyalty", "tradeArea"].map(|part| &json[part]["venueId"]);
    assert!(places.into_iter().all(|place| *place == QUIET), "one name for one thing: {json}");

    let some = mock.client().analytics().profile(id(QUIET), weeks(4)).parts([ProfilePart::Visits, ProfilePart::Dwell]);
    assert_eq!(some.estimate().await.unwrap().calls, 1, "the visits are here");
    let some = some.await.unwrap();
    assert!(matches!(some.loyalty, Part::NotAsked) && some.dwell.found().is_some());
    let unknown = mock.client().analytics().profile(id("venue:0000000000000000000000ff"), weeks(4)).await;
    assert_eq!(unknown.unwrap_err().kind(), ErrorKind::NotFound, "nothing at all");
}

#[tokio::test]
async fn what_a_gateway_cannot_do_is_told_before() {
    let mock = builder(Contract::Gateway).build().unwrap();
    let analytics = mock.client().analytics();
    assert_eq!(analytics.week_pattern(venue(0), weeks(1)).await.unwrap_err().kind(), ErrorKind::Unsupported);
    assert_eq!(analytics.day_of_week(venue(0), weeks(1)).estimate().await.unwrap_err().kind(), ErrorKind::Unsupported);
    assert_eq!(analytics.profile(venue(0), weeks(1)).await.unwrap_err().kind(), ErrorKind::Unsupported);
    assert!(mock.backend().journal().is_empty());
    let future = DateRange::single(monday() + Days::new(3));
    assert_eq!(analytics.week_over_week([venue(0)], future).await.unwrap_err().field(), Some("range"));
}

/// Awaits a question twice: what it foretells is what is counted, and then nothing.
macro_rules! assert_foretold {
    ($mock:expr, $question:expr) => {{
        let question = $question;
        let before = Counted::by(&$mock);
        let estimate = question.estimate().await.unwrap();
        assert!(estimate.calls > 0, "{question:?}");
        question.clone().await.unwrap();
        before.assert_foretold(estimate, &$mock, &format!("{question:?}"));
        assert_eq!(question.estimate().await.unwrap(), Estimate::default(), "{question:?}");
        let fresh = question.clone().cache(CachePolicy::Refresh);
        let (before, estimate) = ($mock.fake().used_quota(), fresh.estimate().await.unwrap());
        fresh.await.unwrap();
        assert_eq!(u64::from(estimate.calls), $mock.fake().used_quota() - before, "{question:?}");
    }};
}

#[tokio::test]
async fn each_question_foretells_its_cost() {
    let mock = MockPlacer::builder().corner_stores(30).build().unwrap();
    let analytics = mock.client().analytics();
    let stores: Vec<_> = (1..=30).map(|n| id(&format!("venue:{n:024x}"))).collect();
    assert_foretold!(mock, analytics.week_pattern(venue(0), weeks(2)));
    assert_foretold!(mock, analytics.day_of_week(venue(1), weeks(2)));
    assert_foretold!(mock, analytics.profile(venue(2), weeks(2)));
    assert_foretold!(mock, analytics.latest_available(venue(3)));
    assert_foretold!(mock, analytics.week_over_week(stores[..8].to_vec(), weeks(1)));
    assert_foretold!(mock, analytics.year_over_year([venue(4)], weeks(1)));
    assert_foretold!(mock, analytics.trailing([venue(5)], weeks(2), Trailing::new(7)));
    assert_foretold!(mock, analytics.alerts([venue(6), venue(7)], AlertRule::new(10.0)));
    let half = analytics.week_over_week(stores, weeks(1));
    assert_eq!(half.estimate().await.unwrap().calls, 2, "22 of 30 are missing");
    assert_eq!(half.await.unwrap().cost.calls, 2);
    let begun = analytics.profile(venue(1), weeks(2));
    assert_eq!(begun.estimate().await.unwrap().calls, 6, "its weekdays are here");
}

/// The rows as CSV: their header, and how many lines follow.
fn csv<T: Serialize>(rows: &[T]) -> (String, usize) {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.serialize(row).unwrap();
    }
    let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
    let mut lines = text.lines();
    (lines.next().unwrap_or_default().to_owned(), lines.count())
}

#[tokio::test]
async fn all_rows_are_tables() {
    let mock = MockPlacer::new();
    let (client, analytics) = (mock.client(), mock.client().analytics());
    let request = AggregateRequest::new(vec![venue(0), venue(3)], last_days(2)).fidelity(Fidelity::PerDay);
    let all = client.aggregate_footfall(request).await.unwrap();
    let header = "venueId,date,visits,uniqueVisitors,avgDwellTime,panelVisits,segment,quality";
    assert_eq!(csv(&all.by_venue[0].rows), (header.to_owned(), 2));
    assert_eq!(csv(&all.rows), ("date,visits,uniqueVisitorsUpperBound,avgDwellTime,venues".to_owned(), 2));
    let movement = client.movement(MovementRequest::new(venue(0))).await.unwrap();
    assert_eq!(csv(&movement.hours), ("venueId,hour,visits,share,open,score,level,intensity".to_owned(), 24));
    assert_eq!(csv(&movement.dayparts).0, "name,score,level");
    let week = analytics.week_pattern(venue(0), weeks(1)).await.unwrap();
    assert_eq!(csv(&week.rows), ("venueId,weekday,hour,visits,days,average,open,score,level".to_owned(), 168));
    let days = analytics.day_of_week(venue(0), weeks(1)).await.unwrap();
    assert_eq!(csv(&days.rows), ("venueId,weekday,visits,days,average,score,level".to_owned(), 7));
    let compared = analytics.week_over_week([venue(0)], weeks(1)).await.unwrap();
    let rows = [compared.venues.clone(), vec![compared.total.clone()]].concat();
    let header = "venueId,visits,previousVisits,change,changePercent,days,missing,mixedSegments,segment";
    assert_eq!(csv(&rows), (header.to_owned(), 2));
    let header = "venueId,date,previousDate,visits,previousVisits,change,changePercent";
    assert_eq!(csv(&compared.days), (header.to_owned(), 7));
    let trailing = analytics.trailing([venue(0)], weeks(1), Trailing::new(7)).await.unwrap();
    assert_eq!(csv(&trailing.rows), ("venueId,date,window,days,visits,average,mixedSegments".to_owned(), 7));
    let alerts = analytics.alerts([venue(0)], AlertRule::new(0.0)).await.unwrap();
    assert_eq!(csv(&alerts.alerts), ("venueId,date,average,baseline,changePercent,direction".to_owned(), 1));
    let (header, lines) = csv(&[analytics.profile(venue(0), weeks(1)).await.unwrap().row()]);
    assert!(header.starts_with("venueId,start,end,visits,visitors,panelVisits,peakWeekday,peakHours,avgDwellTime"));
    assert_eq!((header.split(',').count(), lines), (19, 1));
    assert_eq!(csv(&[client.estimate(&MovementRequest::new(venue(1))).await.unwrap()]).0, "calls,places,seconds");
}

#[tokio::test]
async fn rows_that_are_there_already_can_be_compared() {
    let mock = MockPlacer::new();
    let request = AggregateRequest::new(vec![venue(0), venue(3)], last_days(14));
    let rows: Vec<_> = mock
        .aggregate_footfall(request)
        .await
        .unwrap()
        .by_venue
        .into_iter()
        .flat_map(|footfall| footfall.rows)
        .collect();
    let asked = mock.fake().used_quota();
    let found = compare(&rows, last_days(7), Against::WeekBefore.counterpart(last_days(7)).unwrap());
    assert_eq!((found.total.days, found.venues.len()), (14, 2));
    assert_eq!(Trailing::new(7).of(&rows).len(), 16);
    assert_eq!(mock.fake().used_quota(), asked, "nothing is asked for");
    let kept: Vec<connectors_placer::FootfallDay> =
        serde_json::from_str(&serde_json::to_string(&rows).unwrap()).unwrap();
    assert_eq!((kept == rows, kept[0].quality), (true, Quality::Reported));
}
