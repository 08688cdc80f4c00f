//! What the fake holds: saved, loaded, begun with, begun anew.

use connectors_mock::placer::{FakeCustomPoi, FakeVenue, Oddity, PlacerSetup, Profile, Standing, VENUES};
use connectors_mock::{Fake, MockPlacer};
use connectors_placer::PlacerCode;

use super::{id, last_days, venue};
use crate::twins::{self, Twin};
use crate::walk::Walk;

const KIOSK: &str = "venue:00000000000000000000abcd";

impl Twin for MockPlacer {
    fn machine(&self) -> &dyn Fake {
        self.fake()
    }
}

#[expect(clippy::excessive_precision, reason = "the digits that a reader of numbers may get wrong are the point")]
fn setup() -> PlacerSetup {
    let kiosk = FakeVenue::new(KIOSK, "Kiosk").profile(Profile::Coffee).daily_visits(90).at(&VENUES[0]);
    // Coordinates of 17 digits: their shortest texts are not all read exactly.
    let pier = FakeCustomPoi::circle("Pier 4", [-71.046_600_000_000_013, 42.355_400_000_000_003], 0.1);
    let lot = [[-71.0, 42.0], [-71.001, 42.0], [-71.0, 42.001], [-71.0, 42.0]];
    PlacerSetup::new()
        .venue(kiosk)
        .venue(FakeVenue::new("venue:00000000000000000000abce", "Closed").standing(Standing::NoData))
        .corner_stores(12)
        .custom_poi(pier.sub_category("Plaza").city("Boston"))
        .custom_poi(FakeCustomPoi::polygon("Lot", lot))
        .tag("Ours", [KIOSK, VENUES[1].id])
}

fn mock(seed: u64) -> MockPlacer {
    MockPlacer::builder().seed(seed).initial(setup()).call_quota(100_000).custom_poi_polls(2).build().unwrap()
}

#[tokio::test]
async fn a_loaded_fake_goes_on_as_the_saved_one_would() {
    let heard = mock(7);
    let mut walk = Walk::new(heard.clone());
    walk.everywhere().await;
    let lived = || {
        let mock = mock(7);
        mock.fake().oddities("reports.visits.metrics", [Oddity::Refused(PlacerCode::LimitExceeded), Oddity::EmptyBody]);
        mock.fake().oddities("reports.visits.trends", [Oddity::PartlyPendingInside, Oddity::Pending]);
        mock.fake().fail_creations(1);
        mock
    };
    twins::assert_alike(heard.backend(), 8, lived);
}

#[tokio::test]
async fn what_was_said_to_be_there_is_there() {
    let mock = MockPlacer::builder().initial(setup()).build().unwrap();
    let (client, fake) = (mock.client(), mock.fake());
    let trends = client.reports().visits().trends([id(KIOSK)], last_days(7), connectors_placer::Granularity::Day);
    assert_eq!(trends.await.unwrap().found.len(), 1);
    let pier = client.pois().search().query("pier 4").await.unwrap().remove(0);
    assert_eq!(pier.category_info.unwrap().sub_category.as_deref(), Some("Plaza"));
    let kiosk = client.pois().search().query("kiosk").await.unwrap().remove(0);
    let tag = kiosk.parent_tags[0].api_id.clone();
    let members = client.pois().entities(&tag).await.unwrap();
    assert_eq!(members.iter().map(|member| &member.api_id).collect::<Vec<_>>(), [&id(KIOSK), &venue(1)]);

    fake.add(r#"{"corner_stores": 3}"#, mock.backend().clock().now_utc()).unwrap();
    let stores = client.pois().search().query("corner store").page_size(50).await.unwrap();
    assert_eq!(stores.len(), 15, "further ones");
}

#[test]
fn what_makes_no_sense_is_refused_as_a_whole() {
    let mock = mock(7);
    let poi = |rest: &str| format!(r#"{{"corner_stores": 2, "custom_pois": [{{"name": "A", {rest}}}]}}"#);
    let circle =
        |center: &str, miles: &str| format!(r#""area": {{"circle": {{"center": {center}, "miles": {miles}}}}}"#);
    let setups = [
        (r#"{"venues": [{"id": " ", "name": "A"}]}"#.to_owned(), "venues[0].id"),
        (format!(r#"{{"venues": [{{"id": "{KIOSK}", "name": "A"}}]}}"#), "venues[0].id"),
        (r#"{"venues": [{"id": "venue:00000000000000000000aaaa", "name": ""}]}"#.to_owned(), "venues[0].name"),
        (
            r#"{"venues": [{"id": "venue:00000000000000000000aaaa", "name": "A", "at": "x"}]}"#.to_owned(),
            "venues[0].at",
        ),
        (r#"{"venues": [{"name": "A"}]}"#.to_owned(), "venues[0]"),
        (poi(&circle("[-71.0, 42.0]", "3")), "custom_pois[0].area"),
        (poi(&circle("[-71.0, 142.0]", "0.1")), "custom_pois[0].area"),
        (poi(&format!(r#"{}, "sub_category": "Moon""#, circle("[-71.0, 42.0]", "0.1"))), "custom_pois[0].sub_category"),
        (poi(r#""area": {"polygon": [[0, 0], [1, 1], [0, 0]]}"#), "custom_pois[0].area"),
        (r#"{"tags": [{"name": ""}]}"#.to_owned(), "tags[0].name"),
        (r#"{"tags": [{"name": "A", "places": ["venue:9"]}]}"#.to_owned(), "tags[0].places[0]"),
        (r#"{"corner_stores": 1000001}"#.to_owned(), "corner_stores"),
        (r#"{"places": []}"#.to_owned(), "places"),
    ];
    let setups: Vec<_> = setups.iter().map(|(setup, field)| (setup.as_str(), *field)).collect();
    twins::assert_strict(mock.fake(), &setups, mock.backend().clock().now_utc());
    let error = MockPlacer::builder().venue(FakeVenue::new(VENUES[0].id, "Twice")).build().unwrap_err();
    assert_eq!(error.field(), Some("venues[0].id"), "{error}");
}

#[tokio::test]
async fn a_reset_fake_is_a_new_one() {
    let used = mock(7);
    let mut walk = Walk::new(used.clone());
    walk.everywhere().await;
    let now = used.backend().clock().now_utc();
    twins::assert_resets(&used, now, mock);
    used.fake().reset(Some(11), now).unwrap();
    let (day, other) = (now.date_naive() - chrono::Days::new(9), mock(11));
    assert_eq!(used.fake().visits(KIOSK, day), other.fake().visits(KIOSK, day), "the curves are those of the seed");
}
