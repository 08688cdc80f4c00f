//! Places of the account's own making.

use std::sync::Arc;
use std::time::Duration;

use connectors_core::testing::VirtualClock;
use connectors_core::{ErrorKind, Result};
use connectors_mock::{Fault, MockPlacer};
use connectors_placer::{
    Contract, CustomPoiAddress, CustomPoiArea, CustomPoiState, CustomPoiStatus, CustomPoiUpdate, EntityType,
    Granularity, NewCustomPoi, PlacerErrorExt, PlacerService, Point, TagId,
};
use serde_json::{Value, json};

use super::{builder, id, last_days, venue};

const CREATE: &str = "custom_pois.create";
const GET: &str = "custom_pois.get";

fn seaport() -> CustomPoiArea {
    CustomPoiArea::circle(Point::new(42.3554, -71.0466), 0.1)
}

fn pier() -> NewCustomPoi {
    NewCustomPoi::new("Pier 4", "Plaza", seaport())
}

fn slow(polls: u32) -> MockPlacer {
    MockPlacer::builder().custom_poi_polls(polls).build().unwrap()
}

#[tokio::test]
async fn what_reports_know_of_a_custom_place() {
    let mock = MockPlacer::new();
    let (client, visits) = (mock.client(), mock.client().reports().visits());
    let poi = client.custom_pois().create(pier().address(CustomPoiAddress::new("4 Pier St", "Boston", "02210")));
    let made = poi.await.unwrap();
    assert_eq!((made.state, made.name.as_deref()), (CustomPoiState::Ready, Some("Pier 4")));
    assert_eq!(made.api_id.entity_type(), Some(EntityType::Complex));
    let single = visits.trends_single(made.api_id.clone(), last_days(7), Granularity::Day).await.unwrap();
    assert_eq!(single.required().unwrap().points.len(), 7);
    let bulk = visits.trends([made.api_id.clone()], last_days(7), Granularity::Day).await.unwrap();
    assert_eq!(bulk.failures.len(), 1, "the report of many venues does not take it");
    let footfall = mock.footfall(connectors_placer::FootfallRequest::new(made.api_id.clone(), last_days(7)));
    assert_eq!(footfall.await.unwrap().rows.len(), 7, "the service knows the way around");

    let found = client.pois().search().query("pier 4").near(42.355, -71.047, 0.5).await.unwrap().remove(0);
    let address = found.address.unwrap();
    assert_eq!((address.street_name.as_deref(), address.zip_code.as_deref()), (Some("Pier St"), Some("02210")));
    assert_eq!(found.category_info.unwrap().group.as_deref(), Some("Leisure"));
    let inside = client.pois().entities(&made.api_id).await.unwrap();
    assert_eq!(inside[0].api_id, venue(0), "what it covers are its parts");
    client.custom_pois().delete(&made.api_id).await.unwrap();
    assert_eq!(client.custom_pois().get(&made.api_id).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn exactly_one_area_goes_out_longitude_first() {
    let mock = MockPlacer::new();
    let corners = [Point::new(42.0, -71.0), Point::new(42.0, -71.001), Point::new(42.001, -71.0)];
    let made = mock.client().custom_pois().create(pier()).await.unwrap();
    mock.client()
        .custom_pois()
        .update(&made.api_id, CustomPoiUpdate::new().area(CustomPoiArea::polygon(corners)))
        .await
        .unwrap();
    let bodies: Vec<Value> = mock.backend().journal().bodies("*");
    let circle = json!({"name": "Pier 4", "subCategory": "Plaza", "centroid": [-71.0466, 42.3554], "radius": 0.1});
    assert_eq!(bodies[0], circle);
    assert_eq!(bodies[1], json!({"polygon": [[-71.0, 42.0], [-71.001, 42.0], [-71.0, 42.001], [-71.0, 42.0]]}));
}

#[tokio::test]
async fn what_cannot_be_is_refused_before_it_costs_anything() {
    let mock = MockPlacer::new();
    let pois = mock.client().custom_pois();
    let create = async |poi: NewCustomPoi| pois.create(poi).await.unwrap_err();
    let circle = |latitude, miles| CustomPoiArea::circle(Point::new(latitude, -71.0), miles);
    for (poi, field) in [
        (NewCustomPoi::new(" ", "Plaza", seaport()), "name"),
        (NewCustomPoi::new("Pier", "", seaport()), "subCategory"),
        (NewCustomPoi::new("Pier", "Plaza", circle(42.0, 0.3)), "radius"),
        (NewCustomPoi::new("Pier", "Plaza", circle(-142.0, 0.1)), "centroid"),
        (NewCustomPoi::new("Pier", "Plaza", CustomPoiArea::polygon([Point::new(1.0, 1.0)])), "polygon"),
        (pier().tag(TagId::new("nonsense").unwrap()), "tagId"),
    ] {
        let error = create(poi).await;
        assert_eq!((error.field(), error.operation(), error.attempts()), (Some(field), CREATE, 0));
        assert_eq!(error.existing_poi(), None);
    }
    let complex = id("complex:0123456789abcdef01234567");
    assert_eq!(pois.update(&complex, CustomPoiUpdate::new()).await.unwrap_err().field(), Some("update"));
    assert_eq!(pois.delete(&id("complex:1")).await.unwrap_err().field(), Some("venueId"));
    assert_eq!(pois.get(&id("complex:1")).await.unwrap_err().field(), Some("venueId"));
    assert!(mock.backend().journal().is_empty());
    let unknown = pois.create(NewCustomPoi::new("Pier", "Plazza", seaport())).await.unwrap_err();
    assert_eq!((unknown.kind(), unknown.existing_poi()), (ErrorKind::InvalidRequest, None));
}

#[tokio::test]
async fn a_place_that_takes_longer_keeps_its_id_and_is_made_once() {
    let clock = VirtualClock::default();
    let mock = MockPlacer::builder().custom_poi_polls(3).clock(Arc::new(clock.clone())).build().unwrap();
    let pois = mock.client().custom_pois();
    let made = pois.create(pier()).await.unwrap();
    assert_eq!(made.state, CustomPoiState::Creating);
    assert_eq!(pois.get(&made.api_id).await.unwrap(), CustomPoiStatus::Creating);
    let poi = pois.wait(&made.api_id, Duration::from_secs(120)).await.unwrap();
    assert_eq!((&poi.api_id, mock.backend().count(CREATE), mock.backend().count(GET)), (&made.api_id, 1, 4));
    assert!(clock.elapsed() > Duration::from_secs(6), "not hammered: {:?}", clock.elapsed());
    assert_eq!(mock.fake().used_quota(), 1, "only the last question counts, not the 202s");
}

#[tokio::test]
async fn waiting_ends_at_its_deadline_and_says_what_was_made() {
    let mock = slow(50);
    let pois = mock.client().custom_pois();
    let error = pois.create(pier()).and_wait(Duration::from_secs(60)).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable(), error.maybe_applied()), (ErrorKind::Pending, false, true));
    let id = error.existing_poi().unwrap();
    assert!(mock.backend().count(GET) < 20 && mock.backend().count(CREATE) == 1);
    let still = pois.wait(&id, Duration::from_secs(5)).await.unwrap_err();
    assert_eq!((still.kind(), still.operation()), (ErrorKind::Pending, GET));
    let poi = pois.wait(&id, Duration::from_secs(3600)).await.unwrap();
    assert_eq!((poi.api_id, mock.backend().count(CREATE)), (id, 1));
}

#[tokio::test]
async fn a_failed_creation_is_told_apart() {
    let mock = slow(2);
    mock.fake().fail_creations(1);
    let error = mock.client().custom_pois().create(pier()).and_wait(Duration::from_secs(60)).await.unwrap_err();
    assert_eq!((error.kind(), error.maybe_applied(), error.existing_poi()), (ErrorKind::NotFound, false, None));
    assert_eq!(error.hint(), Some("create it again"));
    let poi = mock.client().custom_pois().create(pier()).and_wait(Duration::from_secs(60)).await.unwrap();
    assert_eq!(poi.name.as_deref(), Some("Pier 4"));
}

#[tokio::test]
async fn an_equal_place_is_named_or_taken() {
    let mock = MockPlacer::new();
    let pois = mock.client().custom_pois();
    let first = pois.create(pier()).await.unwrap();
    let error = pois.create(pier()).await.unwrap_err();
    assert_eq!((error.kind(), error.existing_poi()), (ErrorKind::InvalidRequest, Some(first.api_id.clone())));
    let taken = pois.create(pier()).or_existing().await.unwrap();
    assert_eq!((taken.api_id, taken.state), (first.api_id.clone(), CustomPoiState::Existing));
    let poi = pois.create(pier()).or_existing().and_wait(Duration::from_secs(10)).await.unwrap();
    assert_eq!(poi.api_id, first.api_id);
    let other = pois.create(NewCustomPoi::new("Pier 5", "Plazza", seaport())).or_existing().await;
    assert_eq!(other.unwrap_err().kind(), ErrorKind::InvalidRequest, "another refusal stays one");
}

#[tokio::test]
async fn a_creation_is_never_repeated_blindly() {
    for fault in [Fault::ResetAfter, Fault::Status(500), Fault::Truncated] {
        let mock = MockPlacer::new();
        mock.backend().script(CREATE, [fault]);
        let error = mock.client().custom_pois().create(pier()).await.unwrap_err();
        assert!(error.maybe_applied() && mock.backend().count(CREATE) == 1, "{fault:?}: {error}");
        let found = mock.client().custom_pois().create(pier()).or_existing().await.unwrap();
        let made = fault != Fault::Status(500);
        assert_eq!(found.state == CustomPoiState::Existing, made, "{fault:?}");
    }
    let mock = MockPlacer::new();
    mock.backend().script(CREATE, [Fault::Refused, Fault::Throttle(None)]);
    mock.client().custom_pois().create(pier()).await.unwrap();
    assert_eq!(mock.client().pois().search().query("pier 4").await.unwrap().len(), 1, "what did not run is repeated");
}

#[tokio::test]
async fn a_change_makes_old_reports_forgotten() -> Result<()> {
    let mock = MockPlacer::new();
    let (pois, visits) = (mock.client().custom_pois(), mock.client().reports().visits());
    let made = pois.create(pier()).await?.api_id;
    let total = async || -> Result<u64> {
        let trend = visits.trends_single(made.clone(), last_days(7), Granularity::Day).await?.required()?;
        Ok(trend.points.iter().map(|point| point.visits).sum())
    };
    let before = total().await?;
    assert_eq!(total().await?, before);
    let changed =
        pois.update(&made, CustomPoiUpdate::new().area(CustomPoiArea::circle(Point::new(42.0, -71.0), 0.2))).await?;
    assert_eq!((changed.api_id, changed.state), (made.clone(), CustomPoiState::Ready));
    assert!(total().await? > before, "a larger area has more visits, and the cache does not say otherwise");
    pois.delete(&made).await?;
    assert_eq!(total().await.unwrap_err().kind(), ErrorKind::NotFound);
    Ok(())
}

#[tokio::test]
async fn deleting_what_a_lost_request_has_deleted_is_a_success() {
    let mock = MockPlacer::new();
    let made = mock.client().custom_pois().create(pier()).await.unwrap().api_id;
    mock.backend().script("custom_pois.delete", [Fault::ResetAfter]);
    mock.client().custom_pois().delete(&made).await.unwrap();
    assert_eq!(mock.backend().count("custom_pois.delete"), 2);
    assert_eq!(mock.client().custom_pois().delete(&made).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_gateway_makes_no_places() {
    let mock = builder(Contract::Gateway).build().unwrap();
    let (pois, tags) = (mock.client().custom_pois(), mock.client().tags());
    let tag = TagId::new("5f0c1de2a9b84c7d3e6f0a11").unwrap();
    let kinds = [
        pois.create(pier()).await.unwrap_err().kind(),
        pois.create(pier()).and_wait(Duration::from_secs(1)).await.unwrap_err().kind(),
        pois.get(&venue(0)).await.unwrap_err().kind(),
        pois.delete(&venue(0)).await.unwrap_err().kind(),
        tags.create("a").await.unwrap_err().kind(),
        tags.add(&tag, [venue(0)]).await.unwrap_err().kind(),
        mock.client().pois().entities(&venue(0)).await.unwrap_err().kind(),
    ];
    assert_eq!(kinds, [ErrorKind::Unsupported; 7]);
    assert!(mock.backend().journal().is_empty());
}
