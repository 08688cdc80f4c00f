use connectors_core::DateRange;
use connectors_mock::MockPlacer;
use connectors_mock::placer::{FakeVenue, Profile};
use connectors_placer::{Filters, Granularity, VenueId};

use super::{id, last_days, venue};

fn november() -> DateRange {
    DateRange::new("2025-11-03".parse().unwrap(), "2025-11-30".parse().unwrap()).unwrap()
}

/// A place of each profile.
fn all_profiles() -> (MockPlacer, Vec<VenueId>) {
    let places = Profile::ALL.into_iter().enumerate();
    let places =
        places.map(|(n, profile)| FakeVenue::new(format!("venue:{n:024x}"), format!("{profile:?}")).profile(profile));
    let mock = places.fold(MockPlacer::builder().polls(0), connectors_mock::MockPlacerBuilder::venue).build().unwrap();
    let ids = (0..Profile::ALL.len()).map(|n| id(&format!("venue:{n:024x}"))).collect();
    (mock, ids)
}

#[tokio::test]
async fn reports_of_every_profile_agree_with_each_other() {
    let (mock, places) = all_profiles();
    let visits = mock.client().reports().visits();
    for place in places {
        let metrics = visits.metrics([place.clone()], november()).await.unwrap().found.remove(0);
        let trend = visits.trends([place.clone()], november(), Granularity::Week).await.unwrap().found.remove(0);
        let hours = visits.hours(place.clone(), november()).await.unwrap().required().unwrap();
        let days = visits.days(place.clone(), november()).await.unwrap().required().unwrap();
        let stays = visits.dwell_time(place.clone(), november()).await.unwrap().required().unwrap();
        let sums = [
            trend.points.iter().map(|point| point.visits).sum::<u64>(),
            hours.hours.iter().sum(),
            days.days.iter().sum(),
            stays.bins.iter().map(|bin| bin.visits).sum(),
        ];
        assert_eq!(sums, [metrics.visits; 4], "{place}");
    }
}

#[tokio::test]
async fn parts_of_the_day_add_up_to_the_day() {
    let mock = MockPlacer::builder().polls(0).build().unwrap();
    let visits = mock.client().reports().visits();
    let all = visits.hours(venue(1), last_days(14)).await.unwrap().required().unwrap();
    let mut seen = 0;
    for (from, to) in [(0, 6), (6, 12), (12, 24)] {
        let part = visits.hours(venue(1), last_days(14)).filters(Filters::new().hours(from, to));
        let part = part.await.unwrap().required().unwrap();
        let expected: Vec<u64> =
            (0..24).map(|hour| if (from..to).contains(&hour) { all.hours[usize::from(hour)] } else { 0 }).collect();
        assert_eq!(part.hours.to_vec(), expected);
        let metrics = visits.days(venue(1), last_days(14)).filters(Filters::new().hours(from, to));
        seen += metrics.await.unwrap().required().unwrap().days.iter().sum::<u64>();
    }
    assert_eq!(seen, all.hours.iter().sum::<u64>());
}

#[tokio::test]
async fn thanksgiving_empties_a_mall_and_black_friday_fills_it() {
    let (mock, places) = all_profiles();
    let trend = mock.client().reports().visits().trends([places[0].clone()], november(), Granularity::Day);
    let points = &trend.await.unwrap().found.remove(0).points;
    let on = |day: u32| points[day as usize - 3].visits;
    assert!(on(27) * 8 < on(20) && on(28) * 2 > on(21) * 3, "{points:?}");
}
