//! The account's own collections of places, and lists of places.

use connectors_core::ErrorKind;
use connectors_mock::placer::{CHAIN, FakeVenue, Standing, VENUES};
use connectors_mock::{Fault, MockPlacer};
use connectors_placer::{EntityType, PlacerCode, PlacerErrorExt, TagId};
use http::{HeaderName, HeaderValue, Method};
use serde_json::{Value, json};

use super::{id, venue};

#[tokio::test]
async fn every_place_is_accounted_for_once() {
    let mock = MockPlacer::new();
    let tags = mock.client().tags();
    let tag = tags.create("Spring").await.unwrap();
    let stranger = id("venue:0000000000000000000000ff");
    let places = [venue(0), stranger.clone(), id("nonsense"), venue(1), venue(0), id(CHAIN)];
    let change = tags.add(&tag, places).await.unwrap();
    assert_eq!(change.done, [venue(0), venue(1), id(CHAIN)], "each once, in order");
    let failed: Vec<_> =
        change.failures.iter().map(|f| (f.venue.as_str(), f.error.status().map(|s| s.as_u16()))).collect();
    assert_eq!(failed, [("nonsense", None), (stranger.as_str(), Some(207))]);
    let error = &change.failures[1].error;
    assert_eq!((error.placer_code(), error.operation()), (Some(PlacerCode::InvalidArguments), "tags.add"));

    let entities = mock.client().pois().entities(&tag.entity().unwrap()).await.unwrap();
    assert_eq!(entities.iter().map(|entity| &entity.api_id).collect::<Vec<_>>(), [&venue(0), &venue(1), &id(CHAIN)]);
    assert_eq!(entities[2].kind(), Some(EntityType::Chain));
    let poi = mock.client().pois().search().query("harbor point").await.unwrap().remove(0);
    assert_eq!(TagId::of(&poi.parent_tags[0].api_id).unwrap().as_str().strip_prefix("tag:"), Some(tag.as_str()));

    let removed = tags.remove(&TagId::of(&poi.parent_tags[0].api_id).unwrap(), [venue(1), venue(2)]).await.unwrap();
    assert_eq!(
        (removed.done, removed.failures.len(), removed.failures[0].venue.clone()),
        (vec![venue(1)], 1, venue(2))
    );
}

#[tokio::test]
async fn the_requests_are_as_odd_as_the_endpoint_wants_them() {
    let mock = MockPlacer::new();
    let tag = mock.client().tags().create("Spring").await.unwrap();
    mock.client().tags().remove(&tag, [venue(0)]).await.unwrap();
    let journal = mock.backend().journal();
    assert!(journal.iter().all(|entry| entry.path == "/v1/poi/tags/"), "{journal:?}");
    assert_eq!(journal[1].method, Method::DELETE);
    assert_eq!(journal[1].json::<Value>(), json!({"tagId": tag, "apiIds": [venue(0)]}));
}

#[tokio::test]
async fn many_places_go_in_several_requests_and_one_that_fails_spoils_only_its_own() {
    let mock = MockPlacer::builder().corner_stores(250).build().unwrap();
    let stores: Vec<_> = (1..=250).map(|n| id(&format!("venue:{n:024x}"))).collect();
    let tag = mock.client().tags().create("All").await.unwrap();
    // The second request and its repetitions fail.
    mock.backend().script("tags.add", [Fault::Slow(std::time::Duration::ZERO)]);
    mock.backend().script("tags.add", [Fault::Status(500); 9]);
    let change = mock.client().tags().add(&tag, stores.clone()).await.unwrap();
    assert_eq!((change.done.len(), change.failures.len()), (100, 150));
    let again: Vec<_> = change.failures.into_iter().map(|failure| failure.venue).collect();
    assert_eq!(again, stores[100..], "and in order");
    mock.backend().calm();
    assert!(mock.client().tags().add(&tag, again).await.unwrap().is_complete());
    assert_eq!(mock.client().pois().entities(&tag.entity().unwrap()).await.unwrap().len(), 250);
}

#[tokio::test]
async fn collections_are_checked() {
    let mock = MockPlacer::new();
    let tags = mock.client().tags();
    let field = |error: connectors_core::Error| error.field().map(str::to_owned);
    assert_eq!(field(tags.create(" ").await.unwrap_err()).as_deref(), Some("tagName"));
    assert_eq!(field(tags.create("x".repeat(151)).await.unwrap_err()).as_deref(), Some("tagName"));
    let odd = TagId::new("spring").unwrap();
    assert_eq!(field(tags.add(&odd, [venue(0)]).await.unwrap_err()).as_deref(), Some("tagId"));
    let unknown = TagId::new("0123456789abcdef01234567").unwrap();
    assert!(tags.add(&unknown, []).await.unwrap().is_complete(), "nothing to do");
    assert!(mock.backend().journal().is_empty());
    let error = tags.add(&unknown, [venue(0)]).await.unwrap_err();
    assert_eq!((error.kind(), error.status().map(|s| s.as_u16())), (ErrorKind::InvalidRequest, Some(400)));
    let error = mock.client().pois().entities(&unknown.entity().unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    mock.backend().script("tags.create", [Fault::ResetAfter]);
    let lost = tags.create("Spring").await.unwrap_err();
    assert!(lost.maybe_applied() && mock.backend().count("tags.create") == 1, "never sent twice");
}

#[tokio::test]
async fn lists_take_options_and_leave_out_what_reports_would_fail_on() {
    let odd = |n: u32, standing| {
        FakeVenue::new(format!("venue:{n:024x}"), format!("{n} Odd Market")).at(&VENUES[0]).standing(standing)
    };
    let mock = MockPlacer::builder()
        .venue(odd(1, Standing::Flagged))
        .venue(odd(2, Standing::NotPermitted))
        .venue(odd(3, Standing::Normal))
        .build()
        .unwrap();
    let pois = mock.client().pois();
    let search = || pois.search().query("odd market").include_flagged();
    assert_eq!(search().await.unwrap().len(), 3);
    assert_eq!(search().only_reportable().await.unwrap().len(), 1);
    let all = search().only_reportable().page_size(1).all().collect_all().await.unwrap();
    assert_eq!(all.len(), 1, "a page without any is not the last one");

    let header = |value| (HeaderName::from_static("x-tenant"), HeaderValue::from_static(value));
    let (name, value) = header("north");
    let stores = pois.entities(&id(CHAIN)).include_regional_chains().header(name.clone(), value).send().await.unwrap();
    assert_eq!(stores.meta().attempts, 1);
    let last = mock.backend().journal().last().cloned().unwrap();
    assert_eq!(last.headers[&name], "north");
    assert_eq!(last.query.as_deref(), Some("includeRegionalChains=true"));
    let regional: Vec<_> = stores.iter().filter(|e| e.kind() == Some(EntityType::Chain)).collect();
    assert!(!regional.is_empty() && regional.iter().all(|chain| chain.region_code.is_some()));
    assert_eq!(stores.iter().filter(|entity| !entity.is_reportable()).count(), 1);
    assert_eq!(pois.entities(&id("market")).await.unwrap_err().field(), Some("venueId"));
}
