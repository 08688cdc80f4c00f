//! Collections and places of one's own, and reports that have to agree with each other.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, TimeDelta};
use connectors_core::{DateRange, ErrorKind};
use connectors_mock::MockPlacer;
use connectors_placer::{
    CustomPoiArea, CustomPoiUpdate, Granularity, NewCustomPoi, PlacerErrorExt, Point, TagId, VenueId,
    latest_complete_day,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::{cases, kind, run};

const INVALID: Option<ErrorKind> = Some(ErrorKind::InvalidRequest);
const NOT_FOUND: Option<ErrorKind> = Some(ErrorKind::NotFound);

#[derive(Debug, Clone)]
enum Step {
    Tag { name: u8 },
    Add { tag: u8, places: Vec<u8> },
    Remove { tag: u8, places: Vec<u8> },
    Make { name: u8, area: u8, tag: Option<u8> },
    Rename { poi: u8 },
    Delete { poi: u8 },
}

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (0..3_u8).prop_map(|name| Step::Tag { name }),
        4 => (0..4_u8, vec(0..9_u8, 1..5)).prop_map(|(tag, places)| Step::Add { tag, places }),
        3 => (0..4_u8, vec(0..9_u8, 1..5)).prop_map(|(tag, places)| Step::Remove { tag, places }),
        3 => (0..3_u8, 0..3_u8, proptest::option::of(0..4_u8))
            .prop_map(|(name, area, tag)| Step::Make { name, area, tag }),
        1 => (0..4_u8).prop_map(|poi| Step::Rename { poi }),
        2 => (0..4_u8).prop_map(|poi| Step::Delete { poi }),
    ]
}

struct Poi {
    id: VenueId,
    name: String,
    area: u8,
}

struct Model {
    mock: MockPlacer,
    tags: Vec<(TagId, Vec<VenueId>)>,
    pois: Vec<Poi>,
    gone: Vec<VenueId>,
    renamed: u32,
}

fn venue(number: u8) -> VenueId {
    let known = MockPlacer::venue_ids().get(usize::from(number)).filter(|_| number < 7).cloned();
    known.unwrap_or_else(|| VenueId::new(format!("venue:{:024x}", 0xff_0000 + u32::from(number))).unwrap())
}

fn is_known(number: u8) -> bool {
    number < 7
}

impl Model {
    fn tag(&self, number: u8) -> (Option<usize>, TagId) {
        let at = usize::from(number) % (self.tags.len() + 1);
        match self.tags.get(at) {
            Some((id, _)) => (Some(at), id.clone()),
            None => (None, TagId::new("0123456789abcdef01234567").unwrap()),
        }
    }

    fn poi(&self, number: u8) -> (Option<usize>, VenueId) {
        let at = usize::from(number) % (self.pois.len() + 1);
        let unknown = || VenueId::new("complex:0123456789abcdef01234567").unwrap();
        match self.pois.get(at) {
            Some(poi) => (Some(at), poi.id.clone()),
            None => (None, self.gone.last().cloned().unwrap_or_else(unknown)),
        }
    }

    async fn step(&mut self, step: &Step) {
        let client = self.mock.client().clone();
        let (tags, pois) = (client.tags(), client.custom_pois());
        match step {
            Step::Tag { name } => {
                let id = tags.create(format!("Tag {name}")).await.unwrap();
                assert!(self.tags.iter().all(|(other, _)| *other != id), "a new id");
                self.tags.push((id, Vec::new()));
            }
            Step::Add { tag, places } => {
                let (at, id) = self.tag(*tag);
                let changed = tags.add(&id, places.iter().map(|place| venue(*place))).await;
                let Some(at) = at else { return assert_eq!(kind(&changed), INVALID) };
                let changed = changed.unwrap();
                let once: Vec<u8> = each_once(places);
                let (good, bad): (Vec<u8>, Vec<u8>) = once.into_iter().partition(|place| is_known(*place));
                assert_eq!(changed.done, good.iter().map(|place| venue(*place)).collect::<Vec<_>>());
                let failed: Vec<_> = changed.failures.iter().map(|failure| failure.venue.clone()).collect();
                assert_eq!(failed, bad.into_iter().map(venue).collect::<Vec<_>>());
                for place in good.into_iter().map(venue) {
                    if !self.tags[at].1.contains(&place) {
                        self.tags[at].1.push(place);
                    }
                }
            }
            Step::Remove { tag, places } => {
                let (at, id) = self.tag(*tag);
                let changed = tags.remove(&id, places.iter().map(|place| venue(*place))).await;
                let Some(at) = at else { return assert_eq!(kind(&changed), INVALID) };
                let changed = changed.unwrap();
                let once: Vec<_> = each_once(places).into_iter().map(venue).collect();
                let members = &mut self.tags[at].1;
                let (good, bad): (Vec<_>, Vec<_>) = once.into_iter().partition(|place| members.contains(place));
                assert_eq!(changed.done, good);
                assert_eq!(changed.failures.into_iter().map(|failure| failure.venue).collect::<Vec<_>>(), bad);
                members.retain(|member| !good.contains(member));
            }
            Step::Make { name, area, tag } => {
                let name = format!("Place {name}");
                let mut new = NewCustomPoi::new(&name, "Plaza", circle(*area));
                let tag = tag.map(|tag| self.tag(tag));
                if let Some((_, id)) = &tag {
                    new = new.tag(id.clone());
                }
                let made = pois.create(new).await;
                if let Some((None, _)) = tag {
                    return assert_eq!(kind(&made), INVALID);
                }
                if let Some(equal) = self.pois.iter().find(|poi| poi.name == name && poi.area == *area) {
                    let refused = made.unwrap_err();
                    assert_eq!((refused.kind(), refused.existing_poi().as_ref()), (INVALID.unwrap(), Some(&equal.id)));
                    return;
                }
                let id = made.unwrap().api_id;
                assert!(self.pois.iter().all(|poi| poi.id != id) && !self.gone.contains(&id), "a new id");
                if let Some((Some(at), _)) = tag {
                    self.tags[at].1.push(id.clone());
                }
                self.pois.push(Poi { id, name, area: *area });
            }
            Step::Rename { poi } => {
                let (at, id) = self.poi(*poi);
                self.renamed += 1;
                let name = format!("Renamed {}", self.renamed);
                let renamed = pois.update(&id, CustomPoiUpdate::new().name(&name)).await;
                match at {
                    None => assert_eq!(kind(&renamed), NOT_FOUND),
                    Some(at) => {
                        renamed.unwrap();
                        self.pois[at].name = name;
                    }
                }
            }
            Step::Delete { poi } => {
                let (at, id) = self.poi(*poi);
                let deleted = pois.delete(&id).await;
                let Some(at) = at else { return assert_eq!(kind(&deleted), NOT_FOUND) };
                deleted.unwrap();
                self.pois.remove(at);
                for (_, members) in &mut self.tags {
                    members.retain(|member| *member != id);
                }
                self.gone.push(id);
            }
        }
    }

    async fn check(&self) {
        let client = self.mock.client();
        for (tag, members) in &self.tags {
            let entities = client.pois().entities(&tag.entity().unwrap()).await.unwrap();
            assert_eq!(entities.into_iter().map(|entity| entity.api_id).collect::<Vec<_>>(), *members);
        }
        for poi in &self.pois {
            let read = client.custom_pois().get(&poi.id).await.unwrap();
            let found = client.pois().search().query(&poi.name).await.unwrap();
            assert!(found.iter().any(|found| found.api_id == poi.id), "{read:?}");
        }
        for id in &self.gone {
            assert_eq!(kind(&client.custom_pois().get(id).await), NOT_FOUND);
        }
    }
}

fn each_once(numbers: &[u8]) -> Vec<u8> {
    let mut seen = BTreeSet::new();
    numbers.iter().copied().filter(|number| seen.insert(*number)).collect()
}

fn circle(area: u8) -> CustomPoiArea {
    CustomPoiArea::circle(Point::new(42.3554 + f64::from(area) / 100.0, -71.0466), 0.1)
}

/// A day that reports know, so many days before the last of them.
fn day(mock: &MockPlacer, back: u32) -> NaiveDate {
    latest_complete_day(mock.backend().clock().now_utc().date_naive()) - TimeDelta::days(back.into())
}

async fn daily(mock: &MockPlacer, venues: &[VenueId], days: DateRange) -> Vec<Vec<(NaiveDate, u64)>> {
    let trends = mock.client().reports().visits().trends(venues.iter().cloned(), days, Granularity::Day).await.unwrap();
    assert!(trends.failures.is_empty());
    assert_eq!(trends.found.iter().map(|trend| &trend.venue).collect::<Vec<_>>(), venues.iter().collect::<Vec<_>>());
    trends.found.iter().map(|trend| trend.points.iter().map(|point| (point.date, point.visits)).collect()).collect()
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn collections_hold_what_was_put_into_them(steps in vec(steps(), 1..30)) {
        run(async {
            let mock = MockPlacer::new();
            let mut model = Model { mock, tags: Vec::new(), pois: Vec::new(), gone: Vec::new(), renamed: 0 };
            for step in &steps {
                model.step(step).await;
            }
            model.check().await;
        });
    }

    #[test]
    fn reports_agree_with_each_other(
        seed in 0..8_u64, back in 1..60_u32, length in 2..35_u32, cut in 1..34_u32, first in 0..6_u8, count in 1..5_u8,
    ) {
        run(async {
            let mock = MockPlacer::builder().seed(seed).build().unwrap();
            let venues: Vec<_> = (first..first + count).filter(|n| *n < 7).map(venue).collect();
            let (start, end) = (day(&mock, back + length - 1), day(&mock, back));
            let whole = DateRange::new(start, end).unwrap();
            let visits = mock.client().reports().visits();
            let all = daily(&mock, &venues, whole).await;

            let split = start + TimeDelta::days(i64::from(cut % (length - 1)));
            let (head, tail) =
                (DateRange::new(start, split).unwrap(), DateRange::new(split + TimeDelta::days(1), end).unwrap());
            let parts = daily(&mock, &venues, head).await.into_iter().zip(daily(&mock, &venues, tail).await);
            assert_eq!(parts.map(|(head, tail)| [head, tail].concat()).collect::<Vec<_>>(), all, "split at {split}");

            let backwards: Vec<_> = venues.iter().rev().cloned().collect();
            let mut reversed = daily(&mock, &backwards, whole).await;
            reversed.reverse();
            assert_eq!(reversed, all, "in whatever order");

            let metrics = visits.metrics(venues.clone(), whole).await.unwrap();
            for ((venue, points), metrics) in venues.iter().zip(&all).zip(&metrics.found) {
                let total: u64 = points.iter().map(|(_, visits)| visits).sum();
                assert_eq!((&metrics.venue, metrics.visits), (venue, total));
                assert_eq!(daily(&mock, std::slice::from_ref(venue), whole).await[0], *points, "alone");
                for (date, visits) in points {
                    assert_eq!(mock.fake().visits(venue.as_str(), *date), Some(*visits));
                }
                let hours = visits.hours(venue.clone(), whole).await.unwrap().required().unwrap();
                assert_eq!(hours.hours.iter().sum::<u64>(), total);
                let days = visits.days(venue.clone(), whole).await.unwrap().required().unwrap();
                let mut by_weekday = [0; 7];
                for (date, visits) in points {
                    by_weekday[date.weekday().num_days_from_monday() as usize] += visits;
                }
                assert_eq!(days.days.to_vec(), by_weekday);
                let weekly = visits.trends([venue.clone()], whole, Granularity::Week).await.unwrap();
                assert_eq!(weekly.found[0].points.iter().map(|point| point.visits).sum::<u64>(), total, "by week");
            }

            // What was answered counts, what is still being computed does not.
            let journal = mock.backend().journal();
            let answered = journal.iter().filter(|entry| entry.status.is_some_and(|status| status.as_u16() != 202));
            assert_eq!(mock.fake().used_quota(), answered.count() as u64);
            assert_eq!(mock.fake().queried_places(), venues.len());
        });
    }
}
