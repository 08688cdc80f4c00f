//! One's own stores, and the stores of chains.

use std::collections::BTreeSet;

use connectors_core::{CachePolicy, ErrorKind};
use connectors_mock::placer::{CHAIN, FakeVenue, Standing, VENUES};
use connectors_mock::{Fault, MockPlacer};
use connectors_placer::{Contract, MatchStatus, Point, Prefer, Store};
use serde_json::Value;

use super::{builder, id, venue};

const SEARCH: &str = "pois.search";

/// A store as somebody's list would have it.
fn store(number: usize) -> Store {
    named(&format!("S{number}"), VENUES[number].name, number)
}

/// Another one at the address of this place.
fn named(own_id: &str, name: &str, number: usize) -> Store {
    let seed = VENUES[number];
    Store::new(own_id, name).address(seed.street).city(seed.city, seed.state_code).zip(seed.zip)
}

fn twin(id: &str, standing: Standing) -> FakeVenue {
    FakeVenue::new(id, VENUES[3].name).at(&VENUES[3]).standing(standing)
}

#[tokio::test]
async fn every_store_of_the_list_is_found_and_accounted_for_once() {
    let mock = MockPlacer::new();
    let stores: Vec<_> = (0..10).map(store).collect();
    let question = mock.client().analytics().match_stores(stores.clone());
    let estimate = question.estimate().await.unwrap();
    let matches = question.clone().await.unwrap();
    assert_eq!(matches.ids(), MockPlacer::venue_ids());
    assert!(matches.stores.iter().map(|found| &found.store).eq(&stores), "in order");
    let first = matches.stores[0].best.as_ref().unwrap();
    assert_eq!((first.confidence, first.reasons.street_number), (1.0, Some(1.0)));
    assert_eq!((estimate.calls, matches.cost.calls, mock.fake().used_quota()), (10, 10, 10));
    assert_eq!(estimate.places, 0, "to search is to ask about no place");
    assert_eq!(question.estimate().await.unwrap().calls, 0, "what is cached costs nothing");
    assert_eq!((question.clone().await.unwrap().cost.calls, mock.backend().count(SEARCH)), (0, 10));
    let fresh = question.cache(CachePolicy::Refresh);
    assert_eq!((fresh.estimate().await.unwrap().calls, fresh.await.unwrap().cost.calls), (10, 10));
}

#[tokio::test]
async fn equal_searches_are_made_once() {
    let mock = MockPlacer::builder().corner_stores(1).build().unwrap();
    let list = [store(0), Store::new("again", "Harbor Point Market #9"), Store::new("x", "Corner Store"), store(0)];
    let question = mock.client().analytics().match_stores(list).cache(CachePolicy::Bypass);
    assert_eq!(question.estimate().await.unwrap().calls, 2);
    let matches = question.await.unwrap();
    assert_eq!((mock.backend().count(SEARCH), matches.cost.calls), (2, 2));
    let status: Vec<_> = matches.stores.iter().map(|found| found.status).collect();
    let expected = [MatchStatus::Matched, MatchStatus::Ambiguous, MatchStatus::Ambiguous, MatchStatus::Matched];
    assert_eq!(status, expected, "a name alone is not enough");
    assert_eq!(matches.stores[1].shared_with, None);
    let again = mock.client().analytics().match_stores([store(0), named("copy", VENUES[0].name, 0)]).await.unwrap();
    assert_eq!(again.stores[1].shared_with.as_deref(), Some("S0"));
    assert_eq!(again.ids(), [venue(0)]);
}

#[tokio::test]
async fn venues_go_before_complexes_unless_told_otherwise() {
    let complex = "complex:0000000000000000000000aa";
    let mock = MockPlacer::builder().venue(twin(complex, Standing::Normal)).build().unwrap();
    let found = async |prefer| {
        let question = mock.client().analytics().match_stores([store(3)]).prefer(prefer);
        question.await.unwrap().stores.remove(0)
    };
    let one = found(Prefer::Venue).await;
    assert_eq!((one.status, one.matched(), one.runners_up.len()), (MatchStatus::Matched, Some(&venue(3)), 1));
    assert_eq!(found(Prefer::Complex).await.matched(), Some(&id(complex)));
    let neither = found(Prefer::Neither).await;
    assert_eq!((neither.status, neither.matched()), (MatchStatus::Ambiguous, None));
}

#[tokio::test]
async fn what_reports_would_fail_on_is_skipped_and_told() {
    let odd = "venue:0000000000000000000000aa";
    for standing in [Standing::Flagged, Standing::NotPermitted] {
        // Only the one that cannot be reported on, then one beside it.
        let place = FakeVenue::new(odd, "Odd Corner").at(&VENUES[0]).standing(standing);
        let wanted = || named("odd", "Odd Corner", 0);
        let mock = MockPlacer::builder().venue(place.clone()).build().unwrap();
        let found = mock.client().analytics().match_stores([wanted()]).await.unwrap().stores.remove(0);
        assert_eq!((found.status, found.best.is_none(), found.skipped.len()), (MatchStatus::NotFound, true, 1));
        assert_eq!(found.skipped[0].flagged, standing == Standing::Flagged);
        assert_eq!(found.skipped[0].permitted, standing != Standing::NotPermitted);
        assert_eq!(found.row().skipped_id, Some(id(odd)));

        let elsewhere = FakeVenue::new("venue:0000000000000000000000bb", "Odd Corner").at(&VENUES[1]);
        let mock = MockPlacer::builder().venue(place).venue(elsewhere).build().unwrap();
        let found = mock.client().analytics().match_stores([wanted()]).await.unwrap().stores.remove(0);
        assert_eq!(found.matched(), None, "another branch is not taken in its place: {found:?}");
    }
}

#[tokio::test]
async fn a_store_that_fails_does_not_fail_the_others() {
    let mock = MockPlacer::builder().client(|client| client.concurrency(1)).build().unwrap();
    mock.backend().script(SEARCH, [Fault::HtmlPage(404)]);
    let nowhere = Store::new("nowhere", "Plaza").location(Point::new(91.0, 0.0));
    let list = [store(0), Store::new("blank", "  "), store(1), nowhere];
    let question = mock.client().analytics().match_stores(list);
    assert_eq!(question.estimate().await.unwrap().calls, 2);
    let matches = question.await.unwrap();
    let status: Vec<_> = matches.stores.iter().map(|found| found.status).collect();
    assert_eq!(status, [MatchStatus::Failed, MatchStatus::Failed, MatchStatus::Matched, MatchStatus::Failed]);
    let fields: Vec<_> = matches.stores.iter().map(|found| found.error.as_ref().and_then(|e| e.field())).collect();
    assert_eq!(fields, [None, Some("name"), None, Some("location")]);
    let rows = serde_json::to_value(matches.rows()).unwrap();
    let ids: BTreeSet<_> = rows.as_array().unwrap().iter().map(|row| row["storeId"].as_str().unwrap()).collect();
    assert_eq!(ids, ["S0", "S1", "blank", "nowhere"].into());
    for row in rows.as_array().unwrap() {
        assert!(row.as_object().unwrap().values().all(|value| !value.is_object() && !value.is_array()), "{row}");
        assert_eq!(row["error"] == Value::Null, row["status"] != "failed");
    }
}

#[tokio::test]
async fn a_location_narrows_the_search_and_a_cut_one_is_told() {
    let mock = MockPlacer::builder().corner_stores(150).build().unwrap();
    let seed = VENUES[8];
    let there = Store::new("1", "Market").location(Point::new(seed.latitude, seed.longitude)).zip(seed.zip);
    let found = mock.client().analytics().match_stores([there, Store::new("2", "Corner Store")]).await.unwrap();
    assert_eq!(found.stores[0].searched, 1);
    assert_eq!(found.stores[0].best.as_ref().unwrap().api_id, venue(8));
    assert_eq!((found.stores[1].searched, found.stores[1].truncated, found.stores[1].runners_up.len()), (100, true, 3));
    let wide = mock.client().analytics().match_stores([store(0)]).radius(0.0).await.unwrap_err();
    assert_eq!(wide.field(), Some("radius"));
    let none = mock.client().analytics().match_stores([]).await.unwrap();
    assert!(none.stores.is_empty() && none.cost.calls == 0);
}

#[tokio::test]
async fn a_chain_is_expanded_once() {
    let flagged = FakeVenue::new("venue:0000000000000000000000aa", "Old Market").standing(Standing::Flagged);
    let mock = MockPlacer::builder().venue(flagged).build().unwrap();
    let analytics = mock.client().analytics();
    let question = analytics.expand(id(CHAIN));
    assert_eq!((question.estimate().await.unwrap().calls, question.estimate().await.unwrap().places), (1, 0));
    let chain = question.clone().await.unwrap();
    assert_eq!((chain.ids(), chain.flagged.len(), chain.cost.calls), (vec![venue(0), venue(8)], 1, 1));
    assert_eq!(question.estimate().await.unwrap().calls, 0);
    let again = question.clone().await.unwrap();
    assert_eq!((again.cost.calls, again.cost.cached, mock.backend().count("pois.entities")), (0, 1, 1));
    let regional = question.include_regional_chains().await.unwrap();
    assert_eq!((regional.stores.len(), regional.chains.is_empty()), (2, false));

    let client = mock.client();
    let tag = client.tags().create("Spring").await.unwrap();
    client.tags().add(&tag, [venue(0), venue(1)]).await.unwrap();
    let members = async || analytics.expand(tag.entity().unwrap()).await.unwrap().ids();
    assert_eq!(members().await, [venue(0), venue(1)]);
    client.tags().remove(&tag, [venue(0)]).await.unwrap();
    assert_eq!(members().await, [venue(1)], "a change of it is not hidden by the cache");
    assert_eq!(analytics.expand(venue(0)).await.unwrap_err().field(), Some("venueId"));
    assert_eq!(analytics.expand(id("market")).estimate().await.unwrap_err().field(), Some("venueId"));
}

#[tokio::test]
async fn a_gateway_neither_matches_nor_expands() {
    let mock = builder(Contract::Gateway).build().unwrap();
    let analytics = mock.client().analytics();
    let errors = [
        analytics.match_stores([store(0)]).await.unwrap_err(),
        analytics.match_stores([store(0)]).estimate().await.unwrap_err(),
        analytics.expand(id(CHAIN)).await.unwrap_err(),
        analytics.expand(id(CHAIN)).estimate().await.unwrap_err(),
    ];
    assert!(errors.iter().all(|error| error.kind() == ErrorKind::Unsupported), "{errors:?}");
    assert!(mock.backend().journal().is_empty());
}
